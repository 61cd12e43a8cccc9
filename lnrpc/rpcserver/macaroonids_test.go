package rpcserver

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc"
)

var readInfo = []*lnrpc.MacaroonPermission{{Entity: "info", Action: "read"}}

func TestADeletedRootKeyTakesItsMacaroonsWithIt(t *testing.T) {
	w := up(t)
	w.node.info.IdentityKey, _ = point(1)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	bake := func() string {
		m, err := l.BakeMacaroon(ctx, &lnrpc.BakeMacaroonRequest{Permissions: readInfo, RootKeyId: 7})
		require.NoError(t, err)
		return m.Macaroon
	}
	old := bake()
	same := w.dial(t, old)
	require.NoError(t, getInfo(t, same))
	require.NoError(t, getInfo(t, same), "now looked up")
	ids, err := l.ListMacaroonIDs(ctx, &lnrpc.ListMacaroonIDsRequest{})
	require.NoError(t, err)
	require.Equal(t, []uint64{0, 7}, ids.RootKeyIds)

	for _, was := range []bool{true, false} {
		r, err := l.DeleteMacaroonID(ctx, &lnrpc.DeleteMacaroonIDRequest{RootKeyId: 7})
		require.NoError(t, err)
		require.Equal(t, was, r.Deleted)
	}
	require.Equal(t, codes.Unauthenticated, status.Code(getInfo(t, same)))
	require.NoError(t, getInfo(t, w.dial(t, bake())), "the id may be used again")
	require.Equal(t, codes.Unauthenticated, status.Code(getInfo(t, same)), "with another key")

	_, err = l.DeleteMacaroonID(ctx, &lnrpc.DeleteMacaroonIDRequest{})
	require.ErrorContains(t, err, "the specified ID cannot be deleted")
}

func TestRootKeysOutliveARestart(t *testing.T) {
	file, ctx := filepath.Join(t.TempDir(), "key"), context.Background()
	k, err := OpenKeeper(file)
	require.NoError(t, err)
	const method = "/lnrpc.Lightning/GetInfo"
	macs := map[uint64]string{}
	for _, id := range []uint64{0, 3, 1 << 63} {
		b, err := k.bake(ctx, id, ReadOnlyOps())
		require.NoError(t, err)
		macs[id] = hex.EncodeToString(b)
	}
	was, err := k.forget(3)
	require.NoError(t, err)
	require.True(t, was)
	again, err := OpenKeeper(file)
	require.NoError(t, err)
	require.Equal(t, []uint64{0, 1 << 63}, again.roots.ids())
	require.NoError(t, again.Check(ctx, macs[0], method))
	require.NoError(t, again.Check(ctx, macs[1<<63], method))
	require.Error(t, again.Check(ctx, macs[3], method))
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestRootKeysAreBounded(t *testing.T) {
	k, err := OpenKeeper(filepath.Join(t.TempDir(), "key"))
	require.NoError(t, err)
	for id := range uint64(maxRootKeys) {
		k.roots.keys[id+1] = make([]byte, rootKeySize)
	}
	_, err = k.bake(context.Background(), maxRootKeys+1, ReadOnlyOps())
	require.ErrorContains(t, err, fmt.Sprintf("there are %d root keys already", maxRootKeys))
	_, err = k.bake(context.Background(), 5, ReadOnlyOps())
	require.NoError(t, err, "of a key that is there")
}

func TestAMacaroonIsHeldToItsNetwork(t *testing.T) {
	w := up(t)
	w.node.info.IdentityKey, _ = point(1)
	admin := w.bake(t)
	require.NoError(t, getInfo(t, w.dial(t, caveat(t, admin, "iprange 127.0.0.0/8"))))
	require.ErrorContains(t, getInfo(t, w.dial(t, caveat(t, admin, "iprange 10.0.0.0/8"))), "different IP range")
	require.ErrorContains(t, getInfo(t, w.dial(t, caveat(t, admin, "iprange here"))), "unable to parse")
}

func TestPermissionsAreToldAndChecked(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	list, err := l.ListPermissions(ctx, &lnrpc.ListPermissionsRequest{})
	require.NoError(t, err)
	require.Len(t, list.MethodPermissions, len(permissions()))
	require.Equal(t, "offchain", list.MethodPermissions["/routerrpc.Router/SendPaymentV2"].Permissions[0].Entity)

	raw, err := w.keeper.Bake(ctx, InvoiceOps())
	require.NoError(t, err)
	locked, err := hex.DecodeString(caveat(t, hex.EncodeToString(raw), "ipaddr 10.0.0.1"))
	require.NoError(t, err)
	for _, c := range []struct {
		in   *lnrpc.CheckMacPermRequest
		says string // "" is yes
	}{
		{&lnrpc.CheckMacPermRequest{Macaroon: raw, Permissions: []*lnrpc.MacaroonPermission{{Entity: "invoices", Action: "read"}}}, ""},
		{&lnrpc.CheckMacPermRequest{Macaroon: raw, Permissions: readInfo}, "permission denied"},
		{&lnrpc.CheckMacPermRequest{Macaroon: raw, FullMethod: "/lnrpc.Lightning/AddInvoice", CheckDefaultPermsFromFullMethod: true}, ""},
		{&lnrpc.CheckMacPermRequest{Macaroon: raw, FullMethod: "/lnrpc.Lightning/SendCoins", CheckDefaultPermsFromFullMethod: true}, "permission denied"},
		{&lnrpc.CheckMacPermRequest{Macaroon: raw, FullMethod: "/no/Such", CheckDefaultPermsFromFullMethod: true}, "no permissions found"},
		{&lnrpc.CheckMacPermRequest{Macaroon: raw, CheckDefaultPermsFromFullMethod: true}, "without providing"},
		{&lnrpc.CheckMacPermRequest{Macaroon: raw, Permissions: readInfo, FullMethod: "x", CheckDefaultPermsFromFullMethod: true}, "at the same time"},
		{&lnrpc.CheckMacPermRequest{Macaroon: raw}, "nothing to check"},
		{&lnrpc.CheckMacPermRequest{Macaroon: []byte{1}, Permissions: readInfo}, "malformed"},
		{&lnrpc.CheckMacPermRequest{Macaroon: make([]byte, maxMacaroon), Permissions: readInfo}, "4096 bytes"},
		{&lnrpc.CheckMacPermRequest{Macaroon: raw, Permissions: make([]*lnrpc.MacaroonPermission, maxPermissions+1)}, "101 entries"},
		{&lnrpc.CheckMacPermRequest{Macaroon: locked, Permissions: []*lnrpc.MacaroonPermission{{Entity: "invoices", Action: "read"}}}, "different IP"},
	} {
		r, err := l.CheckMacaroonPermissions(ctx, c.in)
		if c.says == "" {
			require.NoError(t, err)
			require.True(t, r.Valid)
			continue
		}
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", err)
		require.ErrorContains(t, err, c.says)
	}
}
