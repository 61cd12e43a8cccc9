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

	"github.com/nichework/nwnd/adjudicator/bitcoin"
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

func TestResolutionsAreNamedAsLndDoes(t *testing.T) {
	type kind = lnrpc.ResolutionType
	type end = lnrpc.ResolutionOutcome
	const (
		in, out, anchor, commit = lnrpc.ResolutionType_INCOMING_HTLC, lnrpc.ResolutionType_OUTGOING_HTLC,
			lnrpc.ResolutionType_ANCHOR, lnrpc.ResolutionType_COMMIT
		claimed, unclaimed, abandoned = lnrpc.ResolutionOutcome_CLAIMED, lnrpc.ResolutionOutcome_UNCLAIMED,
			lnrpc.ResolutionOutcome_ABANDONED
		first, timeout = lnrpc.ResolutionOutcome_FIRST_STAGE, lnrpc.ResolutionOutcome_TIMEOUT
	)
	for name, c := range map[string]struct {
		path     bitcoin.Path
		state    node.CoinState
		incoming bool
		kind     kind
		end      end
	}{
		"our anchor":                          {bitcoin.Anchor, node.CoinTaken, false, anchor, claimed},
		"our anchor, dear":                    {bitcoin.Anchor, node.CoinAbandoned, false, anchor, unclaimed},
		"our anchor, taken by someone":        {bitcoin.Anchor, node.CoinLost, false, anchor, unclaimed},
		"our balance":                         {bitcoin.ToLocal, node.CoinTaken, false, commit, claimed},
		"the cheater's balance":               {bitcoin.RevokedToLocal, node.CoinTaken, false, commit, claimed},
		"the cheater was faster":              {bitcoin.RevokedToLocal, node.CoinLost, false, commit, unclaimed},
		"timeout, first stage":                {bitcoin.StageTimeout, node.CoinTaken, false, out, first},
		"timeout, second stage":               {bitcoin.StageOutput, node.CoinTaken, false, out, timeout},
		"timeout, the peer's commitment":      {bitcoin.TimeoutHTLC, node.CoinTaken, false, out, timeout},
		"the peer had the preimage":           {bitcoin.TimeoutHTLC, node.CoinLost, false, out, claimed},
		"preimage, first stage":               {bitcoin.StageSuccess, node.CoinTaken, true, in, first},
		"preimage, second stage":              {bitcoin.StageOutput, node.CoinTaken, true, in, claimed},
		"preimage, the peer's commitment":     {bitcoin.PreimageHTLC, node.CoinTaken, true, in, claimed},
		"the peer's timeout":                  {bitcoin.PreimageHTLC, node.CoinLost, true, in, timeout},
		"not worth it":                        {bitcoin.PreimageHTLC, node.CoinAbandoned, true, in, abandoned},
		"HTLC of a cheater":                   {bitcoin.RevokedHTLC, node.CoinTaken, false, out, claimed},
		"HTLC of a cheater, second stage":     {bitcoin.RevokedStage, node.CoinTaken, true, in, claimed},
		"HTLC that a cheater got nonetheless": {bitcoin.RevokedHTLC, node.CoinLost, true, in, unclaimed},
	} {
		htlc := c.kind == in || c.kind == out
		got := resolution(&node.Resolution{Path: c.path, State: c.state, HTLC: htlc, Incoming: c.incoming, Amount: 5, Outpoint: aPoint})
		want := &lnrpc.Resolution{ResolutionType: c.kind, Outcome: c.end, Outpoint: rpcOutPoint(aPoint), AmountSat: 5}
		require.True(t, proto.Equal(want, got), "%s: want %v\ngot  %v", name, want, got)
	}
}

func TestForcedClosesAreSummarised(t *testing.T) {
	w := up(t)
	c := aClosed()
	c.Kind = node.ClosedByUs
	c.Resolutions = []node.Resolution{
		{Path: bitcoin.ToLocal, State: node.CoinTaken, Amount: 50, Spend: chainhash.Hash{6}},
		{Path: bitcoin.StageTimeout, State: node.CoinTaken, HTLC: true, Amount: 7},
		{Path: bitcoin.StageOutput, State: node.CoinTaken, HTLC: true, Amount: 7},
		{Path: bitcoin.Anchor, State: node.CoinTaken, Amount: 330},
	}
	theirs, cheat := aClosed(), aClosed()
	theirs.Kind, cheat.Kind = node.ClosedByPeer, node.ClosedByBreach
	w.node.closed = []node.ClosedChannel{c, theirs, cheat, {Kind: node.Abandoned}}
	got, err := lnrpc.NewLightningClient(w.admin(t)).ClosedChannels(within(t), &lnrpc.ClosedChannelsRequest{})
	require.NoError(t, err)
	for i, want := range []struct {
		kind lnrpc.ChannelCloseSummary_ClosureType
		by   lnrpc.Initiator
	}{
		{lnrpc.ChannelCloseSummary_LOCAL_FORCE_CLOSE, lnrpc.Initiator_INITIATOR_LOCAL},
		{lnrpc.ChannelCloseSummary_REMOTE_FORCE_CLOSE, lnrpc.Initiator_INITIATOR_REMOTE},
		{lnrpc.ChannelCloseSummary_BREACH_CLOSE, lnrpc.Initiator_INITIATOR_REMOTE},
		{lnrpc.ChannelCloseSummary_ABANDONED, lnrpc.Initiator_INITIATOR_UNKNOWN},
	} {
		require.Equal(t, want.kind, got.Channels[i].CloseType)
		require.Equal(t, want.by, got.Channels[i].CloseInitiator)
	}
	require.Len(t, got.Channels[0].Resolutions, 4)
	require.Equal(t, chainhash.Hash{6}.String(), got.Channels[0].Resolutions[0].SweepTxid)
	require.EqualValues(t, 57, got.Channels[0].TimeLockedBalance, "our balance and the HTLC, once")
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
