package rpcserver

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

func TestPoliciesThatDidNotChangeAreNamed(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	all := &lnrpc.PolicyUpdateRequest{Scope: &lnrpc.PolicyUpdateRequest_Global{Global: true}, TimeLockDelta: 80}
	one := &lnrpc.PolicyUpdateRequest{
		Scope: &lnrpc.PolicyUpdateRequest_ChanPoint{ChanPoint: channelPoint(aPoint)}, TimeLockDelta: 80,
	}
	wrong := fmt.Errorf("%w: too much", node.ErrInvalid)
	w.node.kept = []node.FailedPolicyUpdate{
		{ChannelPoint: aPoint, Reason: "too much", Err: wrong}, {Reason: "disk", Err: errors.New("disk")},
	}
	r, err := l.UpdateChannelPolicy(ctx, all)
	require.NoError(t, err)
	require.Equal(t, lnrpc.UpdateFailure_UPDATE_FAILURE_INVALID_PARAMETER, r.FailedUpdates[0].Reason)
	require.Equal(t, aPoint.Index, r.FailedUpdates[0].Outpoint.OutputIndex)
	require.Equal(t, lnrpc.UpdateFailure_UPDATE_FAILURE_UNKNOWN, r.FailedUpdates[1].Reason)
	require.Equal(t, "disk", r.FailedUpdates[1].UpdateError)

	w.node.kept, w.node.err = nil, fmt.Errorf("%w: no such channel", node.ErrNotFound)
	r, err = l.UpdateChannelPolicy(ctx, one)
	require.NoError(t, err, "as in lnd")
	require.Equal(t, lnrpc.UpdateFailure_UPDATE_FAILURE_NOT_FOUND, r.FailedUpdates[0].Reason)
	w.node.err = wrong
	_, err = l.UpdateChannelPolicy(ctx, one)
	require.Equal(t, codes.InvalidArgument, status.Code(err))
}
