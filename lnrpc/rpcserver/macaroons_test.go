package rpcserver

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"gopkg.in/macaroon-bakery.v2/bakery"
	"gopkg.in/macaroon.v2"

	"github.com/nichework/nwnd/lnrpc"
)

const patience, tick = 2 * time.Minute, 5 * time.Millisecond

// caveat adds a condition to a macaroon, as its holder may.
func caveat(t *testing.T, mac, condition string) string {
	t.Helper()
	raw, err := hex.DecodeString(mac)
	require.NoError(t, err)
	var m macaroon.Macaroon
	require.NoError(t, m.UnmarshalBinary(raw))
	require.NoError(t, m.AddFirstPartyCaveat([]byte(condition)))
	raw, err = m.MarshalBinary()
	require.NoError(t, err)
	return hex.EncodeToString(raw)
}

func TestWhoMayCall(t *testing.T) {
	w := up(t)
	w.node.info.IdentityKey, _ = point(1)
	bake := func(ops []bakery.Op) string {
		b, err := w.keeper.Bake(context.Background(), ops)
		require.NoError(t, err)
		return hex.EncodeToString(b)
	}
	other, err := OpenKeeper(filepath.Join(t.TempDir(), "key"))
	require.NoError(t, err)
	foreign, err := other.Bake(context.Background(), AdminOps())
	require.NoError(t, err)
	admin := bake(AdminOps())

	info := func(c *grpc.ClientConn) error { return getInfo(t, c) }
	stop := func(c *grpc.ClientConn) error {
		_, err := lnrpc.NewLightningClient(c).StopDaemon(within(t), &lnrpc.StopRequest{})
		return err
	}
	invoice := func(c *grpc.ClientConn) error {
		_, err := lnrpc.NewLightningClient(c).AddInvoice(within(t), &lnrpc.Invoice{})
		return err
	}
	soon := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	past := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	for _, c := range []struct {
		name, mac string
		call      func(*grpc.ClientConn) error
		code      codes.Code
		text      string
	}{
		{"none", "", info, codes.Unauthenticated, "expected 1 macaroon, got 0"},
		{"not hex", "zz", info, codes.Unauthenticated, "not hex"},
		{"garbage", "00ff", info, codes.Unauthenticated, "malformed"},
		{"too long", string(make([]byte, 0)) + fmt.Sprintf("%05000d", 0), info, codes.Unauthenticated, "5000 characters"},
		{"another node's", hex.EncodeToString(foreign), info, codes.Unauthenticated, "verification failed"},
		{"admin", admin, info, codes.OK, ""},
		{"admin again, now looked up", admin, info, codes.OK, ""},
		{"readonly reads", bake(ReadOnlyOps()), info, codes.OK, ""},
		{"readonly stops", bake(ReadOnlyOps()), stop, codes.PermissionDenied, "permission denied"},
		{"invoice invoices", bake(InvoiceOps()), invoice, codes.OK, ""},
		{"invoice reads", bake(InvoiceOps()), info, codes.PermissionDenied, "permission denied"},
		{"in time", caveat(t, admin, "time-before "+soon), info, codes.OK, ""},
		{"expired", caveat(t, admin, "time-before "+past), info, codes.Unauthenticated, "expired"},
		{"from here", caveat(t, admin, "ipaddr 127.0.0.1"), info, codes.OK, ""},
		{"from there", caveat(t, admin, "ipaddr 10.0.0.1"), info, codes.Unauthenticated, "different IP"},
		{"unknown caveat", caveat(t, admin, "moon full"), info, codes.Unauthenticated, "moon"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.call(w.dial(t, c.mac))
			require.Equal(t, c.code, status.Code(err), "%v", err)
			if c.text != "" {
				require.ErrorContains(t, err, c.text)
			}
		})
	}
	c := w.dial(t, "")
	_, err = lnrpc.NewLightningClient(c).GetInfo(twoMacaroons(within(t)), &lnrpc.GetInfoRequest{})
	require.Equal(t, codes.Unauthenticated, status.Code(err))
}

func TestOnlyGoodMacaroonsAreRemembered(t *testing.T) {
	k, err := OpenKeeper(filepath.Join(t.TempDir(), "key"))
	require.NoError(t, err)
	ctx := context.Background()
	const method = "/lnrpc.Lightning/GetInfo"
	for i := range maxSeen + 10 {
		ops := append(ReadOnlyOps(), op("extra", fmt.Sprint(i)))
		b, err := k.Bake(ctx, ops)
		require.NoError(t, err)
		require.NoError(t, k.Check(ctx, hex.EncodeToString(b), method))
		require.LessOrEqual(t, len(k.seen), maxSeen)
	}
	before := len(k.seen)
	require.Error(t, k.Check(ctx, "00", method))
	b, err := k.Bake(ctx, AdminOps())
	require.NoError(t, err)
	future := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	require.NoError(t, k.Check(ctx, caveat(t, hex.EncodeToString(b), "time-before "+future), method))
	require.Len(t, k.seen, before, "neither a bad one nor one with a condition")
	require.Error(t, k.Check(ctx, hex.EncodeToString(b), "/lnrpc.Lightning/NoSuch"), "unlisted methods are refused")
}

func TestEveryMethodHasPermissions(t *testing.T) {
	w := serve(t, true, nil)
	needs := permissions()
	for service, info := range w.grpc.GetServiceInfo() {
		for _, m := range info.Methods {
			name := "/" + service + "/" + m.Name
			_, ok := needs[name]
			open := service == "lnrpc.State" || service == "lnrpc.WalletUnlocker"
			require.Equal(t, !open, ok, name)
		}
	}
}

func TestFilesOfSecretsAreTheOwnersOnly(t *testing.T) {
	dir := t.TempDir()
	key := filepath.Join(dir, "sub", "key")
	k, err := OpenKeeper(key)
	require.NoError(t, err)
	mac := filepath.Join(dir, "admin.macaroon")
	require.NoError(t, os.WriteFile(mac, []byte("of an older root key"), 0o644))
	require.NoError(t, k.WriteFile(context.Background(), mac, AdminOps()))
	for _, f := range []string{key, mac} {
		info, err := os.Stat(f)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), f)
	}
	was, err := os.ReadFile(mac)
	require.NoError(t, err)

	again, err := OpenKeeper(key)
	require.NoError(t, err)
	require.NoError(t, again.WriteFile(context.Background(), mac, AdminOps()))
	is, err := os.ReadFile(mac)
	require.NoError(t, err)
	require.Equal(t, was, is, "a good macaroon stays")
	require.NoError(t, again.Check(context.Background(), hex.EncodeToString(is), "/lnrpc.Lightning/GetInfo"))

	require.NoError(t, os.WriteFile(key, []byte("short"), 0o600))
	_, err = OpenKeeper(key)
	require.ErrorContains(t, err, "has 5 bytes, needs 32")
}
