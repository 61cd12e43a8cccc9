package rpcserver

import (
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/enforce"
	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

func aSweep(path bitcoin.Path) node.Sweep {
	return node.Sweep{
		Outpoint: wire.OutPoint{Hash: chainhash.Hash{7}, Index: 2}, Channel: aPoint, Amount: 330, Path: path, What: "our anchor",
		Txid: chainhash.Hash{5}, Rate: 2500, Fee: 40, Budget: 165, Attempts: 3, Deadline: 90, Matures: 80,
		State: enforce.SweepRefused, Note: "the mempool is full",
	}
}

func TestSweepsOfChannelsArePending(t *testing.T) {
	w := up(t)
	conn, ctx := w.admin(t), within(t)
	w.node.sweeps = []node.Sweep{aSweep(bitcoin.Anchor)}
	got, err := walletrpc.NewWalletKitClient(conn).PendingSweeps(ctx, &walletrpc.PendingSweepsRequest{})
	require.NoError(t, err)
	want := &walletrpc.PendingSweep{
		Outpoint: rpcOutPoint(wire.OutPoint{Hash: chainhash.Hash{7}, Index: 2}), WitnessType: walletrpc.WitnessType_COMMITMENT_ANCHOR,
		AmountSat: 330, SatPerVbyte: 10, BroadcastAttempts: 3, Budget: 165, DeadlineHeight: 90, MaturityHeight: 80,
	}
	require.True(t, proto.Equal(want, got.PendingSweeps[0]), "want %v\ngot  %v", want, got.PendingSweeps[0])

	own, err := nwnrpc.NewNodeClient(conn).Sweeps(ctx, &nwnrpc.SweepsRequest{})
	require.NoError(t, err)
	full := &nwnrpc.Sweep{
		Outpoint: chainhash.Hash{7}.String() + ":2", ChannelPoint: aPoint.String(), AmountSat: 330, What: "our anchor",
		Txid: chainhash.Hash{5}.String(), SatPerKw: 2500, FeeSat: 40, BudgetSat: 165, Attempts: 3, DeadlineHeight: 90, MaturityHeight: 80,
		State: nwnrpc.SweepState_SWEEP_REFUSED, Note: "the mempool is full",
	}
	require.True(t, proto.Equal(full, own.Sweeps[0]), "want %v\ngot  %v", full, own.Sweeps[0])
}

func TestEveryPathHasAWitnessType(t *testing.T) {
	for p := bitcoin.ToLocal; p <= bitcoin.RevokedStage; p++ {
		for _, incoming := range []bool{false, true} {
			require.NotEqual(t, walletrpc.WitnessType_UNKNOWN_WITNESS, witnessType(p, incoming), "%v", p)
		}
	}
	require.Equal(t, walletrpc.WitnessType_HTLC_OFFERED_REVOKE, witnessType(bitcoin.RevokedHTLC, false))
	require.Equal(t, walletrpc.WitnessType_HTLC_ACCEPTED_REVOKE, witnessType(bitcoin.RevokedHTLC, true))
}

func TestBumpFeeOfASweepReplacesIt(t *testing.T) {
	w := up(t)
	k, ctx := walletrpc.NewWalletKitClient(w.admin(t)), within(t)
	w.node.sweeps = []node.Sweep{aSweep(bitcoin.ToLocal)}
	w.node.bump.Attempts = 1
	r, err := k.BumpFee(ctx, &walletrpc.BumpFeeRequest{Outpoint: someCoin(), SatPerVbyte: 20})
	require.NoError(t, err)
	require.Equal(t, "Successfully registered rbf-tx with sweeper", r.Status)
	require.Equal(t, w.node.sweeps[0].Outpoint, w.node.gotBump.Coin)
}

func TestBumpForceCloseFeeBumpsTheAnchor(t *testing.T) {
	w := up(t)
	k, ctx := walletrpc.NewWalletKitClient(w.admin(t)), within(t)
	other := aSweep(bitcoin.Anchor)
	other.Channel.Index++
	w.node.sweeps = []node.Sweep{other, aSweep(bitcoin.ToRemote), aSweep(bitcoin.Anchor)}
	w.node.sweeps[2].Outpoint.Index = 9
	w.node.pending.Forced = []node.ForceClose{{PendingChannel: node.PendingChannel{ChannelPoint: aPoint}}}
	in := &walletrpc.BumpForceCloseFeeRequest{ChanPoint: channelPoint(aPoint), StartingFeerate: 20, Budget: 3000}
	r, err := k.BumpForceCloseFee(ctx, in)
	require.NoError(t, err)
	require.Contains(t, r.Status, "anchor-cpfp")
	require.Equal(t, node.BumpFee{
		Coin: w.node.sweeps[2].Outpoint, Fee: node.FeeRate{SatPerVByte: 20}, Budget: 3000,
	}, w.node.gotBump)

	w.node.sweeps = w.node.sweeps[:2]
	_, err = k.BumpForceCloseFee(ctx, in)
	require.ErrorContains(t, err, "unable to find pending anchor outputs")
	w.node.pending.Forced[0].Height = 5
	_, err = k.BumpForceCloseFee(ctx, in)
	require.ErrorContains(t, err, "channel not found", "its commitment is in a block")
	require.Equal(t, codes.NotFound, status.Code(err))
	for code, bad := range map[codes.Code]*walletrpc.BumpForceCloseFeeRequest{
		codes.InvalidArgument: {}, codes.Unimplemented: {ChanPoint: channelPoint(aPoint), DeadlineDelta: 6},
	} {
		_, err = k.BumpForceCloseFee(ctx, bad)
		require.Equal(t, code, status.Code(err))
	}
}

// What took outputs of channels is found where each of them is told of: in channels that are
// no more, in those on chain, at the sweeper. What was replaced isn't in the wallet.
func TestListSweepsFindsThoseOfAllChannels(t *testing.T) {
	w := up(t)
	var ids []chainhash.Hash
	for i := range uint32(4) {
		tx := someTransaction(i)
		tx.Height = int32(100 - i)
		w.node.txs = append(w.node.txs, tx)
		ids = append(ids, tx.Tx.TxHash())
	}
	w.node.txs[3].Height = 0
	replaced := chainhash.Hash{4}
	w.node.closed = []node.ClosedChannel{{Resolutions: []node.Resolution{
		{State: node.CoinTaken, Spend: ids[0]}, {State: node.CoinLost, Spend: ids[2]},
	}}}
	w.node.pending.Forced = []node.ForceClose{{Coins: []node.ChainCoin{
		{State: node.CoinTaken, Spend: ids[1]}, {State: node.CoinSweeping, Spend: ids[3]}, {State: node.CoinLost, Spend: ids[2]},
	}}}
	w.node.sweeps = []node.Sweep{{Txid: ids[3]}, {Txid: replaced}, {}}
	k, ctx := walletrpc.NewWalletKitClient(w.admin(t)), within(t)
	for from, want := range map[int32][]chainhash.Hash{0: {ids[1], ids[0], ids[3]}, 100: {ids[0], ids[3]}, -1: {ids[3]}} {
		got, err := k.ListSweeps(ctx, &walletrpc.ListSweepsRequest{StartHeight: from})
		require.NoError(t, err)
		var text []string
		for _, id := range want {
			text = append(text, id.String())
		}
		require.Equal(t, text, got.GetTransactionIds().TransactionIds)
	}
}
