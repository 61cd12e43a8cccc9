package rpcserver

import (
	"context"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

func (f *fakeNode) ListForwards(_ context.Context, r node.ListForwards) (node.ForwardPage, error) {
	f.gotForwards = r
	return f.forwards, f.err
}

func TestForwardingHistory(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	w.node.forwards = node.ForwardPage{Next: 8, Forwards: []node.Forward{{
		Time: time.Unix(5, 600), In: lnwire.NewShortChanIDFromInt(1), Out: lnwire.NewShortChanIDFromInt(2), InID: 3, OutID: 0,
		AmtIn: 5500, AmtOut: 4000, AliasIn: "a", AliasOut: "b",
	}}}
	got, err := l.ForwardingHistory(ctx, &lnrpc.ForwardingHistoryRequest{
		StartTime: 4, EndTime: 9, IndexOffset: 7, NumMaxEvents: 1, PeerAliasLookup: true,
		IncomingChanIds: []uint64{1}, OutgoingChanIds: []uint64{2},
	})
	require.NoError(t, err)
	require.Equal(t, node.ListForwards{
		After: time.Unix(4, 0), Before: time.Unix(9, 0), Offset: 7, Max: 1, Aliases: true,
		In: scids([]uint64{1}), Out: scids([]uint64{2}),
	}, w.node.gotForwards)
	want := &lnrpc.ForwardingHistoryResponse{LastOffsetIndex: 8, ForwardingEvents: []*lnrpc.ForwardingEvent{{
		Timestamp: 5, TimestampNs: 5_000_000_600, ChanIdIn: 1, ChanIdOut: 2, AmtIn: 5, AmtOut: 4, Fee: 1,
		AmtInMsat: 5500, AmtOutMsat: 4000, FeeMsat: 1500, PeerAliasIn: "a", PeerAliasOut: "b",
		IncomingHtlcId: proto.Uint64(3), OutgoingHtlcId: proto.Uint64(0),
	}}}
	require.True(t, proto.Equal(want, got), "want %v\ngot  %v", want, got)
	for _, bad := range []*lnrpc.ForwardingHistoryRequest{
		{StartTime: 1 << 50}, {EndTime: 1 << 50}, {IncomingChanIds: make([]uint64, maxChannelFilter+1)},
	} {
		_, err = l.ForwardingHistory(ctx, bad)
		require.Equal(t, codes.InvalidArgument, status.Code(err))
	}
}
