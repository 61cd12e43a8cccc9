package rpcserver

import (
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc"
)

func TestChangingThePasswordOpensTheWallet(t *testing.T) {
	w := serve(t, true, nil)
	u, ctx := lnrpc.NewWalletUnlockerClient(w.dial(t, "")), within(t)
	right, another := []byte("correct horse"), []byte("battery staple")
	for code, all := range map[codes.Code][]*lnrpc.ChangePasswordRequest{
		codes.InvalidArgument: {{CurrentPassword: right, NewPassword: []byte("short")}, {CurrentPassword: right}},
		codes.Unimplemented: {
			{CurrentPassword: right, NewPassword: another, StatelessInit: true},
			{CurrentPassword: right, NewPassword: another, NewMacaroonRootKey: true},
		},
		codes.Unknown: {{CurrentPassword: another, NewPassword: another}},
	} {
		for _, in := range all {
			_, err := u.ChangePassword(ctx, in)
			require.Equal(t, code, status.Code(err), "%v: %v", in, err)
		}
	}
	r, err := u.ChangePassword(ctx, &lnrpc.ChangePasswordRequest{CurrentPassword: right, NewPassword: another})
	require.NoError(t, err)
	require.NotEmpty(t, r.AdminMacaroon)
	require.NoError(t, w.WaitUnlocked(ctx))
	_, err = u.ChangePassword(ctx, &lnrpc.ChangePasswordRequest{CurrentPassword: right, NewPassword: another})
	require.ErrorContains(t, err, "already unlocked")

	none := serve(t, false, nil)
	_, err = lnrpc.NewWalletUnlockerClient(none.dial(t, "")).ChangePassword(ctx,
		&lnrpc.ChangePasswordRequest{CurrentPassword: right, NewPassword: another})
	require.ErrorContains(t, err, "wallet not found")
}
