package rpcserver

import (
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func aCommitment() *wire.MsgTx {
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(wire.NewTxIn(&aPoint, nil, nil))
	tx.AddTxOut(wire.NewTxOut(1000, []byte{0x51}))
	return tx
}

func TestUnconfirmedForceCloseWaitsToClose(t *testing.T) {
	_, key := point(1)
	common := node.PendingChannel{ChannelPoint: aPoint, Peer: key, LocalBalance: 500}
	ours, theirs := aCommitment(), aCommitment()
	theirs.LockTime = 1
	for name, c := range map[string]struct {
		is          node.ForceClose
		flags, txid string
		limbo       int64
	}{
		"ours to publish": {node.ForceClose{Tx: ours},
			"ChanStatusCommitBroadcasted|ChanStatusLocalCloseInitiator", ours.TxHash().String(), 500},
		"ours, seen": {node.ForceClose{Tx: ours, Txid: ours.TxHash(), Ending: adjudicator.Local, Limbo: 470},
			"ChanStatusCommitBroadcasted|ChanStatusLocalCloseInitiator", ours.TxHash().String(), 470},
		"the peer's, seen": {node.ForceClose{Tx: theirs, Txid: theirs.TxHash(), Ending: adjudicator.Remote, Limbo: 480},
			"ChanStatusCommitBroadcasted|ChanStatusRemoteCloseInitiator", theirs.TxHash().String(), 480},
		"a breach, seen": {node.ForceClose{Tx: theirs, Txid: theirs.TxHash(), Ending: adjudicator.Revoked, Limbo: 1000},
			"ChanStatusCommitBroadcasted|ChanStatusRemoteCloseInitiator", theirs.TxHash().String(), 1000},
		"something unknown": {node.ForceClose{Tx: theirs, Txid: theirs.TxHash()},
			"ChanStatusCommitBroadcasted|ChanStatusRemoteCloseInitiator", theirs.TxHash().String(), 500},
		"ours, named and not seen": {
			node.ForceClose{Commitments: node.Commitments{Local: ours.TxHash()}, Tx: ours, Txid: ours.TxHash(), Limbo: 500},
			"ChanStatusCommitBroadcasted|ChanStatusLocalCloseInitiator", ours.TxHash().String(), 500},
		"our data is old":    {node.ForceClose{Stale: true}, "ChanStatusBorked|ChanStatusLocalDataLoss", "", 500},
		"nothing to publish": {node.ForceClose{Reason: "an HTLC expired"}, "ChanStatusBorked", "", 500},
	} {
		t.Run(name, func(t *testing.T) {
			w := up(t)
			c.is.PendingChannel = common
			w.node.pending.Forced = []node.ForceClose{c.is}
			got, err := lnrpc.NewLightningClient(w.admin(t)).PendingChannels(within(t), &lnrpc.PendingChannelsRequest{IncludeRawTx: true})
			require.NoError(t, err)
			require.Empty(t, got.PendingForceClosingChannels)
			one := got.WaitingCloseChannels[0]
			require.Equal(t, c.flags, one.Channel.ChanStatusFlags)
			require.Equal(t, c.txid, one.ClosingTxid)
			require.Equal(t, c.limbo, one.LimboBalance)
			require.Equal(t, c.limbo, got.TotalLimboBalance)
			require.Equal(t, c.txid != "", one.ClosingTxHex != "")
		})
	}
}

func TestConfirmedForceCloseIsShownAsLndDoes(t *testing.T) {
	w := up(t)
	_, key := point(1)
	txid := chainhash.Hash{8}
	out := func(i uint32) wire.OutPoint { return wire.OutPoint{Hash: txid, Index: i} }
	w.node.info.Height = 1000
	w.node.pending.Forced = []node.ForceClose{{
		PendingChannel: node.PendingChannel{ChannelPoint: aPoint, Peer: key, LocalBalance: 500, Initiator: true, Memo: "rent"},
		Ending:         adjudicator.Local, Txid: txid, Height: 990, Limbo: 900, Recovered: 330, Matures: 1134,
		Coins: []node.ChainCoin{
			{Outpoint: out(0), Path: bitcoin.ToLocal, Amount: 500, Matures: 1134},
			{Outpoint: out(1), Path: bitcoin.Anchor, Amount: 330, State: node.CoinTaken},
			{Outpoint: out(2), Path: bitcoin.StageTimeout, Amount: 100, HTLC: true, Expiry: 1040, Matures: 1041, Stage: 1},
			{Outpoint: out(3), Path: bitcoin.StageOutput, Amount: 200, HTLC: true, Incoming: true, Expiry: 980, Matures: 995, Stage: 2,
				State: node.CoinSweeping},
			{Outpoint: out(4), Path: bitcoin.StageOutput, HTLC: true, State: node.CoinTaken},
			{Outpoint: out(5), Path: bitcoin.StageSuccess, HTLC: true, State: node.CoinLost},
		},
	}}
	got, err := lnrpc.NewLightningClient(w.admin(t)).PendingChannels(within(t), &lnrpc.PendingChannelsRequest{})
	require.NoError(t, err)
	require.Empty(t, got.WaitingCloseChannels)
	require.EqualValues(t, 900, got.TotalLimboBalance)
	want := &lnrpc.PendingChannelsResponse_ForceClosedChannel{
		Channel: &lnrpc.PendingChannelsResponse_PendingChannel{
			ChannelPoint: aPoint.String(), RemoteNodePub: hexKey(key), LocalBalance: 500, Memo: "rent",
			Initiator: lnrpc.Initiator_INITIATOR_LOCAL, CommitmentType: lnrpc.CommitmentType_ANCHORS,
		},
		ClosingTxid: txid.String(), LimboBalance: 900, RecoveredBalance: 330, MaturityHeight: 1134, BlocksTilMaturity: 134,
		Anchor: lnrpc.PendingChannelsResponse_ForceClosedChannel_RECOVERED,
		PendingHtlcs: []*lnrpc.PendingHTLC{
			{Amount: 100, Outpoint: out(2).String(), MaturityHeight: 1040, BlocksTilMaturity: 40, Stage: 1},
			{Incoming: true, Amount: 200, Outpoint: out(3).String(), MaturityHeight: 995, BlocksTilMaturity: -5, Stage: 2},
		},
	}
	require.True(t, proto.Equal(want, got.PendingForceClosingChannels[0]), "want %v\ngot  %v", want, got.PendingForceClosingChannels[0])
}

func TestAnchorStates(t *testing.T) {
	for state, want := range map[node.CoinState]lnrpc.PendingChannelsResponse_ForceClosedChannel_AnchorState{
		node.CoinWaits:     lnrpc.PendingChannelsResponse_ForceClosedChannel_LIMBO,
		node.CoinSweeping:  lnrpc.PendingChannelsResponse_ForceClosedChannel_LIMBO,
		node.CoinTaken:     lnrpc.PendingChannelsResponse_ForceClosedChannel_RECOVERED,
		node.CoinLost:      lnrpc.PendingChannelsResponse_ForceClosedChannel_LOST,
		node.CoinAbandoned: lnrpc.PendingChannelsResponse_ForceClosedChannel_LOST,
	} {
		require.Equal(t, want, anchorState(state))
	}
}

// A channel that had stopped and that the peer closed as both had agreed has nothing to resolve.
func TestCooperativeEndOfAStoppedChannelWaits(t *testing.T) {
	w := up(t)
	w.node.pending.Forced = []node.ForceClose{{Ending: adjudicator.Cooperative, Txid: chainhash.Hash{8}, Height: 7}}
	got, err := lnrpc.NewLightningClient(w.admin(t)).PendingChannels(within(t), &lnrpc.PendingChannelsRequest{})
	require.NoError(t, err)
	require.Empty(t, got.PendingForceClosingChannels)
	require.EqualValues(t, 7, got.WaitingCloseChannels[0].CloseHeight)
	require.Equal(t, "ChanStatusCoopBroadcasted", got.WaitingCloseChannels[0].Channel.ChanStatusFlags)
}

func TestOnChainChannelsTellEverything(t *testing.T) {
	w := up(t)
	_, key := point(1)
	txid := chainhash.Hash{8}
	w.node.info.Height = 1000
	w.node.pending.Forced = []node.ForceClose{{
		PendingChannel: node.PendingChannel{ChannelPoint: aPoint, Peer: key, Capacity: 1000, LocalBalance: 500},
		Reason:         "an HTLC expired\xff", Ending: adjudicator.Revoked, Stale: true, Txid: txid, Height: 990, Limbo: 400, Recovered: 330,
		Matures: 1134,
		Coins: []node.ChainCoin{{
			Outpoint: wire.OutPoint{Hash: txid, Index: 2}, Amount: 100, What: "an HTLC", Next: "it is taken", State: node.CoinAbandoned,
			HTLC: true, Incoming: true, HTLCID: 4, Unknown: true, Expiry: 1040, Stage: 2, Matures: 1041, Deadline: 1050, Spend: chainhash.Hash{3}, SpentAt: 995,
		}, {Outpoint: wire.OutPoint{Hash: txid}, Stage: 1, Expiry: 5, Path: bitcoin.Anchor}},
	}, {PendingChannel: node.PendingChannel{LocalBalance: 70}, Tx: aCommitment()}}
	got, err := nwnrpc.NewNodeClient(w.admin(t)).OnChainChannels(within(t), &nwnrpc.OnChainChannelsRequest{})
	require.NoError(t, err)
	require.EqualValues(t, 1000, got.BlockHeight)
	want := &nwnrpc.OnChainChannel{
		ChannelPoint: aPoint.String(), RemotePubkey: hexKey(key), Capacity: 1000, Reason: "an HTLC expired?",
		Ending: "revoked commitment of the peer", Stale: true, ClosingTxid: txid.String(), CloseHeight: 990,
		LimboBalance: 400, RecoveredBalance: 330, MaturityHeight: 1134,
		Coins: []*nwnrpc.ChainCoin{{
			Outpoint: txid.String() + ":2", AmountSat: 100, What: "an HTLC", Next: "it is taken", State: nwnrpc.CoinState_COIN_ABANDONED,
			Htlc: true, Incoming: true, HtlcId: 4, ExpiryHeight: 1040, Stage: 2, MaturityHeight: 1041, DeadlineHeight: 1050, NeedsPreimage: true,
			SpendingTxid: chainhash.Hash{3}.String(), SpendHeight: 995,
		}, {Outpoint: txid.String() + ":0", Anchor: true}},
	}
	require.True(t, proto.Equal(want, got.Channels[0]), "want %v\ngot  %v", want, got.Channels[0])
	require.Empty(t, got.Channels[1].Ending, "nothing was seen")
	require.EqualValues(t, 70, got.Channels[1].LimboBalance)
	require.Equal(t, aCommitment().TxHash().String(), got.Channels[1].ClosingTxid)
}

func TestAlertsAreTold(t *testing.T) {
	w := up(t)
	w.node.alerts = []node.Alert{
		{Kind: node.AlertBreach, Channel: aPoint, Since: time.Unix(9, 0), Text: "a peer cheats"}, {Kind: node.AlertChainStale},
	}
	got, err := nwnrpc.NewNodeClient(w.admin(t)).Alerts(within(t), &nwnrpc.AlertsRequest{})
	require.NoError(t, err)
	want := &nwnrpc.AlertsResponse{Alerts: []*nwnrpc.Alert{
		{Kind: "breach", ChannelPoint: aPoint.String(), Since: 9, Text: "a peer cheats"}, {Kind: "chain_stale"},
	}}
	require.True(t, proto.Equal(want, got), "want %v\ngot  %v", want, got)
}

func TestAbandonChannel(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	got, err := l.AbandonChannel(ctx, &lnrpc.AbandonChannelRequest{ChannelPoint: channelPoint(aPoint), IKnowWhatIAmDoing: true})
	require.NoError(t, err)
	require.Contains(t, got.Status, aPoint.String()+" abandoned")
	require.Equal(t, aPoint, w.node.abandoned)

	w.node.abandoned = wire.OutPoint{}
	_, err = l.AbandonChannel(ctx, &lnrpc.AbandonChannelRequest{})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	_, err = l.AbandonChannel(ctx, &lnrpc.AbandonChannelRequest{ChannelPoint: channelPoint(aPoint), PendingFundingShimOnly: true})
	require.Equal(t, codes.FailedPrecondition, status.Code(err))
	require.Zero(t, w.node.abandoned)

	w.node.err = node.ErrUnimplemented
	_, err = l.AbandonChannel(ctx, &lnrpc.AbandonChannelRequest{ChannelPoint: channelPoint(aPoint), IKnowWhatIAmDoing: true})
	require.Equal(t, codes.Unimplemented, status.Code(err))
}
