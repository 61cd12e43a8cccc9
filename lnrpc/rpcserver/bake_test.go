package rpcserver

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc"
)

func TestABakedMacaroonPermitsWhatWasAskedFor(t *testing.T) {
	w := up(t)
	w.node.info.IdentityKey, _ = point(1)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	for _, c := range []struct {
		entity, action string
		info, balance  codes.Code
	}{
		{"info", "read", codes.OK, codes.PermissionDenied},
		{"uri", "/lnrpc.Lightning/GetInfo", codes.OK, codes.PermissionDenied},
		{"uri", "/lnrpc.Lightning/ListPeers", codes.PermissionDenied, codes.PermissionDenied},
	} {
		m, err := l.BakeMacaroon(ctx, &lnrpc.BakeMacaroonRequest{
			Permissions: []*lnrpc.MacaroonPermission{{Entity: c.entity, Action: c.action}}})
		require.NoError(t, err)
		as := w.dial(t, m.Macaroon)
		require.Equal(t, c.info, status.Code(getInfo(t, as)), "%v", c)
		_, err = lnrpc.NewLightningClient(as).WalletBalance(ctx, &lnrpc.WalletBalanceRequest{})
		require.Equal(t, c.balance, status.Code(err), "%v", c)
		_, err = lnrpc.NewLightningClient(as).BakeMacaroon(ctx, &lnrpc.BakeMacaroonRequest{})
		require.Equal(t, codes.PermissionDenied, status.Code(err), "it must not bake more: %v", c)
	}
}

func TestMacaroonsThatAreNotBaked(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	one := []*lnrpc.MacaroonPermission{{Entity: "info", Action: "read"}}
	for code, all := range map[codes.Code][]*lnrpc.BakeMacaroonRequest{
		codes.InvalidArgument: {
			{},
			{Permissions: []*lnrpc.MacaroonPermission{{Entity: "nothing", Action: "read"}}},
			{Permissions: []*lnrpc.MacaroonPermission{{Entity: "info", Action: "dance"}}},
			{Permissions: []*lnrpc.MacaroonPermission{{Entity: "uri", Action: "/no/Method"}}},
			{Permissions: make([]*lnrpc.MacaroonPermission, maxPermissions+1)},
		},
	} {
		for _, in := range all {
			_, err := l.BakeMacaroon(ctx, in)
			require.Equal(t, code, status.Code(err), "%v", in)
		}
	}
	open := serve(t, true, func(c *Config) { c.Macaroons = nil })
	open.Unlocked()
	open.Activate(open.node)
	_, err := lnrpc.NewLightningClient(open.dial(t, "")).BakeMacaroon(ctx, &lnrpc.BakeMacaroonRequest{Permissions: one})
	require.ErrorContains(t, err, "macaroon authentication disabled")
}

type fakeLogs struct{ set string }

func (f *fakeLogs) Subsystems() []string { return []string{"NODE", "RPCS"} }

func (f *fakeLogs) Levels() []string { return []string{"NODE=" + f.set, "RPCS=" + f.set} }

func (f *fakeLogs) SetLevels(spec string) error {
	if spec == "bad" {
		return errors.New("no such level")
	}
	f.set = spec
	return nil
}

func TestDebugLevel(t *testing.T) {
	logs := &fakeLogs{}
	w := serve(t, true, func(c *Config) { c.Logs = logs })
	w.Unlocked()
	w.Activate(w.node)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	r, err := l.DebugLevel(ctx, &lnrpc.DebugLevelRequest{Show: true})
	require.NoError(t, err)
	require.Equal(t, "NODE RPCS", r.SubSystems)
	r, err = l.DebugLevel(ctx, &lnrpc.DebugLevelRequest{LevelSpec: "debug"})
	require.NoError(t, err)
	require.Equal(t, "NODE=debug, RPCS=debug", r.SubSystems)
	require.Equal(t, "debug", logs.set)
	for _, bad := range []string{"bad", string(make([]byte, maxLevelSpec+1))} {
		_, err = l.DebugLevel(ctx, &lnrpc.DebugLevelRequest{LevelSpec: bad})
		require.Equal(t, codes.InvalidArgument, status.Code(err))
	}
	_, err = lnrpc.NewLightningClient(up(t).admin(t)).DebugLevel(ctx, &lnrpc.DebugLevelRequest{Show: true})
	require.Equal(t, codes.Unimplemented, status.Code(err), "without a log whose levels can change")
}
