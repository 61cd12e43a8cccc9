package rpcserver

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"gopkg.in/macaroon-bakery.v2/bakery"
	"gopkg.in/macaroon-bakery.v2/bakery/checkers"
	"gopkg.in/macaroon.v2"
)

const (
	maxMacaroon = 4096 // bytes of hex
	maxSeen     = 1024 // pairs of macaroon and method that were found good
)

// Keeper makes and checks macaroons. Whoever may call is looked up,
// not computed, after the first time; only successes are remembered, so that nobody
// without a good macaroon can fill the memory.
type Keeper struct {
	bakery *bakery.Bakery
	roots  *rootKeys
	needs  map[string][]bakery.Op
	fresh  bool // root key 0 is new: older macaroons are worthless

	mu      sync.RWMutex
	seen    map[pair]struct{}
	deleted int // root keys; what was found good before the last is worth nothing
}

type pair struct{ mac, method string }

// OpenKeeper reads the root keys from a file that only its owner may read, or makes it.
func OpenKeeper(file string) (*Keeper, error) {
	roots, fresh, err := openRootKeys(file)
	if err != nil {
		return nil, err
	}
	checker := checkers.New(nil)
	checker.Register("ipaddr", checkers.StdNamespace, checkAddress)
	checker.Register("iprange", checkers.StdNamespace, checkRange)
	return &Keeper{
		bakery: bakery.New(bakery.BakeryParams{Location: "lnd", RootKeyStore: roots, Checker: checker}),
		roots:  roots, needs: permissions(), fresh: fresh, seen: map[pair]struct{}{},
	}, nil
}

// Bake makes a macaroon, in binary, with root key 0.
func (k *Keeper) Bake(ctx context.Context, ops []bakery.Op) ([]byte, error) {
	return k.bake(ctx, 0, ops)
}

func (k *Keeper) bake(ctx context.Context, root uint64, ops []bakery.Op) ([]byte, error) {
	m, err := k.bakery.Oven.NewMacaroon(context.WithValue(ctx, rootKeyOf{}, root), bakery.LatestVersion, nil, ops...)
	if err != nil {
		return nil, fmt.Errorf("rpcserver: macaroon: %w", err)
	}
	b, err := m.M().MarshalBinary()
	if err != nil {
		return nil, fmt.Errorf("rpcserver: macaroon: %w", err)
	}
	return b, nil
}

// WriteFile bakes a macaroon into a file, unless a good one is there.
func (k *Keeper) WriteFile(ctx context.Context, file string, ops []bakery.Op) error {
	if _, err := os.Stat(file); err == nil && !k.fresh {
		return nil
	}
	b, err := k.Bake(ctx, ops)
	if err != nil {
		return err
	}
	if err := writeSecret(file, b); err != nil {
		return fmt.Errorf("rpcserver: macaroon: %w", err)
	}
	return nil
}

// forget deletes a root key, and with it its macaroons; it tells whether there was one.
func (k *Keeper) forget(root uint64) (bool, error) {
	was, err := k.roots.remove(root)
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.seen)
	k.deleted++
	return was, err
}

// Check tells whether a macaroon, in hex, permits a call.
func (k *Keeper) Check(ctx context.Context, mac, method string) error {
	k.mu.RLock()
	_, ok := k.seen[pair{mac, method}]
	deleted := k.deleted
	k.mu.RUnlock()
	if ok {
		return nil
	}
	needs, ok := k.needs[method]
	if !ok {
		return status.Errorf(codes.PermissionDenied, "%s: unknown permissions required for method", method)
	}
	if len(mac) > maxMacaroon {
		return status.Errorf(codes.Unauthenticated, "macaroon has %d characters, may have %d", len(mac), maxMacaroon)
	}
	raw, err := hex.DecodeString(mac)
	if err != nil {
		return status.Error(codes.Unauthenticated, "macaroon is not hex")
	}
	lasting, err := k.allows(ctx, raw, needs, method)
	if err != nil || !lasting {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.deleted != deleted {
		return nil // perhaps its root key: it is checked again the next time
	}
	if len(k.seen) >= maxSeen {
		clear(k.seen)
	}
	k.seen[pair{mac, method}] = struct{}{}
	return nil
}

// allows tells whether a macaroon permits operations, or else one method by name, for the
// caller of ctx. What it says holds for good if lasting: there are no conditions.
func (k *Keeper) allows(ctx context.Context, raw []byte, ops []bakery.Op, method string) (lasting bool, err error) {
	var m macaroon.Macaroon
	if err := m.UnmarshalBinary(raw); err != nil {
		return false, status.Error(codes.Unauthenticated, "macaroon is malformed")
	}
	auth := k.bakery.Checker.Auth(macaroon.Slice{&m})
	_, err = auth.Allow(ctx, ops...)
	if err != nil { // it may be good for this method alone
		if _, only := auth.Allow(ctx, op(uriEntity, method)); only == nil {
			err = nil
		}
	}
	if err != nil {
		// Bakery gives every refusal this cause; with no more to say, it is the
		// operations that are lacking.
		if err.Error() == bakery.ErrPermissionDenied.Error() {
			return false, status.Error(codes.PermissionDenied, "permission denied")
		}
		return false, status.Error(codes.Unauthenticated, err.Error())
	}
	return len(m.Caveats()) == 0, nil // what a condition depends on may change
}

// checkAddress holds a macaroon to one address, as lnd's constraint does.
func checkAddress(ctx context.Context, _, want string) error {
	ip, err := callerIP(ctx)
	if err != nil {
		return err
	}
	if !ip.Equal(net.ParseIP(want)) {
		return errors.New("macaroon locked to different IP address")
	}
	return nil
}

// checkRange holds a macaroon to a network in CIDR form.
func checkRange(ctx context.Context, _, want string) error {
	ip, err := callerIP(ctx)
	if err != nil {
		return err
	}
	_, network, err := net.ParseCIDR(want)
	if err != nil {
		return fmt.Errorf("unable to parse macaroon IP range: %w", err)
	}
	if !network.Contains(ip) {
		return errors.New("macaroon locked to different IP range")
	}
	return nil
}

// callerIP is where a call comes from.
func callerIP(ctx context.Context) (net.IP, error) {
	ip := net.ParseIP(clientHost(ctx))
	if ip == nil {
		return nil, errors.New("unable to get peer info from context")
	}
	return ip, nil
}

// writeSecret writes a new file that only its owner may read, whole or not at all.
func writeSecret(file string, b []byte) error { return writeFile(file, b, 0o600) }

// writeFile writes a new file, whole or not at all.
func writeFile(file string, b []byte, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err = f.Write(b); err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return rename(f.Name(), file)
}

// rename moves a file within its directory, durably.
func rename(from, to string) error {
	if err := os.Rename(from, to); err != nil || runtime.GOOS == "windows" {
		return err
	}
	d, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
