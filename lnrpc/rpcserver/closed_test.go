package rpcserver

import (
	"context"
	"fmt"
	"io"
	"iter"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

func (f *fakeNode) ClosedChannels(context.Context) ([]node.ClosedChannel, error) {
	return f.closed, f.err
}

func (f *fakeNode) ChannelEvents(context.Context) iter.Seq2[node.ChannelEvent, error] {
	return all(f.events, f.err)
}

func aClosed() node.ClosedChannel {
	_, key := point(1)
	return node.ClosedChannel{
		Chain: chainhash.Hash{9}, ChannelPoint: aPoint, SCID: lnwire.NewShortChanIDFromInt(7), Peer: key, Capacity: 100,
		Settled: 60, Txid: chainhash.Hash{5}, Height: 120, Initiator: true, OpenerKnown: true,
	}
}

func TestClosedChannels(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	c := aClosed()
	w.node.closed = []node.ClosedChannel{c, {Kind: node.NeverFunded}, {Kind: node.ClosedByPeer}}
	got, err := l.ClosedChannels(ctx, &lnrpc.ClosedChannelsRequest{})
	require.NoError(t, err)
	require.Len(t, got.Channels, 3)
	want := &lnrpc.ChannelCloseSummary{
		ChannelPoint: aPoint.String(), ChanId: 7, ChainHash: chainhash.Hash{9}.String(), ClosingTxHash: chainhash.Hash{5}.String(),
		RemotePubkey: hexKey(c.Peer), Capacity: 100, CloseHeight: 120, SettledBalance: 60,
		OpenInitiator: lnrpc.Initiator_INITIATOR_LOCAL,
	}
	require.True(t, proto.Equal(want, got.Channels[0]), "want %v\ngot  %v", want, got.Channels[0])
	require.Empty(t, got.Channels[1].ClosingTxHash)
	require.Equal(t, lnrpc.Initiator_INITIATOR_UNKNOWN, got.Channels[1].OpenInitiator)
	for n, in := range map[int]*lnrpc.ClosedChannelsRequest{
		0: {Breach: true}, 1: {Cooperative: true}, 2: {FundingCanceled: true, RemoteForce: true},
	} {
		got, err := l.ClosedChannels(ctx, in)
		require.NoError(t, err)
		require.Len(t, got.Channels, n)
	}
}

func TestSubscribeChannelEvents(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	for k := node.ChannelPending; k <= node.ChannelUnfunded; k++ {
		w.node.events = append(w.node.events, node.ChannelEvent{
			Kind: k, ChannelPoint: aPoint, Channel: node.Channel{Capacity: 8}, Closed: aClosed(),
		})
	}
	s, err := l.SubscribeChannelEvents(ctx, &lnrpc.ChannelEventSubscription{})
	require.NoError(t, err)
	for _, kind := range []lnrpc.ChannelEventUpdate_UpdateType{
		lnrpc.ChannelEventUpdate_PENDING_OPEN_CHANNEL, lnrpc.ChannelEventUpdate_OPEN_CHANNEL,
		lnrpc.ChannelEventUpdate_ACTIVE_CHANNEL, lnrpc.ChannelEventUpdate_INACTIVE_CHANNEL,
		lnrpc.ChannelEventUpdate_CLOSED_CHANNEL, lnrpc.ChannelEventUpdate_FULLY_RESOLVED_CHANNEL,
		lnrpc.ChannelEventUpdate_CHANNEL_FUNDING_TIMEOUT,
	} {
		u, err := s.Recv()
		require.NoError(t, err)
		require.Equal(t, kind, u.Type)
		switch kind {
		case lnrpc.ChannelEventUpdate_OPEN_CHANNEL:
			require.EqualValues(t, 8, u.GetOpenChannel().Capacity)
		case lnrpc.ChannelEventUpdate_PENDING_OPEN_CHANNEL:
			require.Equal(t, aPoint.Hash[:], u.GetPendingOpenChannel().Txid)
		case lnrpc.ChannelEventUpdate_CLOSED_CHANNEL:
			require.EqualValues(t, 60, u.GetClosedChannel().SettledBalance)
		case lnrpc.ChannelEventUpdate_ACTIVE_CHANNEL:
			require.EqualValues(t, 4, u.GetActiveChannel().OutputIndex)
		}
	}
	_, err = s.Recv()
	require.Equal(t, io.EOF, err)

	w.node.events, w.node.err = nil, fmt.Errorf("%w: too slow", node.ErrBusy)
	s, err = l.SubscribeChannelEvents(ctx, &lnrpc.ChannelEventSubscription{})
	require.NoError(t, err)
	_, err = s.Recv()
	require.Equal(t, codes.ResourceExhausted, status.Code(err))
}
