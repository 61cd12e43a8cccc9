package tor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"

	"github.com/lightningnetwork/lnd/healthcheck"
	"github.com/lightningnetwork/lnd/tor"
)

// Service is an onion service that leads to this node, made over Tor's control port. It
// lasts as long as the connection to that.
type Service struct {
	Control  string // host:port of the control port
	Password string // "": by Tor's cookie
	TargetIP string // where Tor finds this node; "": on its own machine
	KeyFile  string // the service's key, so that its address stays
	Port     int    // that others dial
	Targets  []int  // ports that we listen at

	control *tor.Controller
	busy    chan struct{} // capacity 1: the controller is for one caller at a time
}

// Start creates the service and tells its address.
func (s *Service) Start(ctx context.Context) (net.Addr, error) {
	s.control = tor.NewController(s.Control, s.TargetIP, s.Password)
	s.busy = make(chan struct{}, 1)
	addr, err := alone(ctx, s, func() (*tor.OnionAddr, error) {
		if err := s.control.Start(); err != nil {
			return nil, err
		}
		return s.create()
	})
	if err != nil {
		return nil, fmt.Errorf("tor: onion service by the control port at %s: %w", s.Control, err)
	}
	return &tor.OnionAddr{OnionService: addr.OnionService, Port: addr.Port}, nil // without the key
}

func (s *Service) create() (*tor.OnionAddr, error) {
	return s.control.AddOnion(tor.AddOnionConfig{VirtualPort: s.Port, TargetPorts: s.Targets, Store: keyFile(s.KeyFile)})
}

// Check tells whether Tor still has the service. It makes it anew when Tor came back.
func (s *Service) Check(ctx context.Context) error {
	_, err := alone(ctx, s, func() (struct{}, error) {
		return struct{}{}, healthcheck.CheckTorServiceStatus(s.control, func() error {
			_, err := s.create()
			return err
		})
	})
	return err
}

// Stop takes the service back. Should Tor not answer, it ends with our process.
func (s *Service) Stop(ctx context.Context) error {
	_, err := alone(ctx, s, func() (struct{}, error) { return struct{}{}, s.control.Stop() })
	return err
}

// alone has the controller to itself; a call that outlives its context keeps it until it ends.
func alone[T any](ctx context.Context, s *Service, call func() (T, error)) (T, error) {
	select {
	case s.busy <- struct{}{}:
	case <-ctx.Done():
		var none T
		return none, fmt.Errorf("tor: the control port doesn't answer: %w", context.Cause(ctx))
	}
	return within(ctx, func() (T, error) {
		defer func() { <-s.busy }()
		return call()
	})
}

// keyFile is where the service's key is kept, for its owner alone.
type keyFile string

var _ tor.OnionStore = keyFile("")

// PrivateKey is of tor.OnionStore.
func (f keyFile) PrivateKey() ([]byte, error) {
	info, err := os.Stat(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, tor.ErrNoPrivateKey
	}
	if err != nil {
		return nil, err
	}
	if mode := info.Mode(); mode.Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("tor: others can read the key in %s, its mode is %04o; chmod 600 it", f, mode.Perm())
	}
	key, err := os.ReadFile(string(f))
	if err != nil {
		return nil, err
	}
	key = bytes.TrimSpace(key)
	if !bytes.HasPrefix(key, []byte(tor.V3KeyParam+":")) {
		return nil, fmt.Errorf("tor: %s holds no %s key; move it away and a new one is made, with a new address",
			f, tor.V3KeyParam)
	}
	return key, nil
}

// StorePrivateKey is of tor.OnionStore. The file is whole or as it was.
func (f keyFile) StorePrivateKey(key []byte) error {
	if old, err := f.PrivateKey(); err == nil && bytes.Equal(old, key) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(string(f)), 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(string(f)), ".onion-*") // 0600
	if err != nil {
		return err
	}
	_, err = temp.Write(key)
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), string(f))
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}

// DeletePrivateKey is of tor.OnionStore.
func (f keyFile) DeletePrivateKey() error { return os.Remove(string(f)) }
