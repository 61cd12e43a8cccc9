package chaintest_test

import (
	"context"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/chain/chaintest"
)

func outpoint(n uint32) wire.OutPoint { return wire.OutPoint{Hash: chainhash.Hash{7}, Index: n} }

// spends is a transaction of some outputs; version tells those of the same apart.
func spends(version int32, outs ...wire.OutPoint) *wire.MsgTx {
	tx := wire.NewMsgTx(version)
	for _, out := range outs {
		tx.AddTxIn(wire.NewTxIn(&out, nil, nil))
	}
	tx.AddTxOut(wire.NewTxOut(1000, []byte{0x51}))
	return tx
}

func watchMempool(t *testing.T, f *chaintest.Fake, outs ...wire.OutPoint) *chain.MempoolWatch {
	t.Helper()
	w, err := f.WatchMempool(t.Context())
	require.NoError(t, err)
	for _, out := range outs {
		w.Add(out, nil)
	}
	return w
}

func TestMempoolTellsOfEverySpenderOfWhatIsWatched(t *testing.T) {
	f := chaintest.New(t)
	one, two := outpoint(1), outpoint(2)
	w := watchMempool(t, f, one, two, two)
	f.Relay(pay(1))
	none(t, w.Seen())
	both := spends(2, one, two)
	f.Relay(both)
	require.Same(t, both, next(t, w.Seen()))
	f.MineN(0)
	none(t, w.Seen())

	other := spends(3, one)
	require.NoError(t, f.Publish(t.Context(), other))
	require.Same(t, other, next(t, w.Seen()), "ours too: it may be a peer's idea that we publish")
	require.Equal(t, []*wire.MsgTx{other}, f.Published()[len(f.Published())-1:])
	f.Relay(both)
	require.Same(t, both, next(t, w.Seen()), "it is back")
	f.Evict()
	f.Relay(both)
	require.Same(t, both, next(t, w.Seen()), "it was gone meanwhile")
	w.Remove(one)
	w.Remove(two)
	f.Relay(spends(4, one, two))
	none(t, w.Seen())
}

func TestMempoolTellsOfWhatWasThereBefore(t *testing.T) {
	f := chaintest.New(t)
	tx := spends(2, outpoint(1))
	f.Relay(tx)
	w := watchMempool(t, f, outpoint(1))
	f.MineN(0)
	require.Same(t, tx, next(t, w.Seen()))
	w.Remove(outpoint(1))
	w.Add(outpoint(1), nil)
	f.MineN(0)
	require.Same(t, tx, next(t, w.Seen()), "watched anew")
}

// More than may wait are no loss: what the reader had no room for is told when it has.
func TestMempoolLosesNothingToASlowReader(t *testing.T) {
	const many = 5000 // more than the queue, and more than are asked for at one look
	f := chaintest.New(t)
	w := watchMempool(t, f)
	want := make(map[chainhash.Hash]bool, many)
	all := spends(1)
	for n := range uint32(many) {
		w.Add(outpoint(n), nil)
		all.AddTxIn(wire.NewTxIn(&wire.OutPoint{Hash: chainhash.Hash{7}, Index: n}, nil, nil))
	}
	f.Relay(all)
	require.Same(t, all, next(t, w.Seen()))
	f.Evict()
	for n := many - 300; n < many; n++ {
		tx := spends(2, outpoint(uint32(n)))
		want[tx.TxHash()] = true
		f.Relay(tx)
	}
	require.Len(t, f.Published(), 300)
	for range 10 {
		f.MineN(0)
		for len(w.Seen()) > 0 {
			delete(want, (<-w.Seen()).TxHash())
		}
	}
	require.Empty(t, want)
}

func TestMempoolWatchesEndAndAreFew(t *testing.T) {
	f := chaintest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	for range 16 {
		_, err := f.WatchMempool(ctx)
		require.NoError(t, err)
	}
	_, err := f.WatchMempool(t.Context())
	require.ErrorIs(t, err, chain.ErrTooManyWatches)
	cancel()
	require.Eventually(t, func() bool {
		_, err := f.WatchMempool(t.Context())
		return err == nil
	}, wait, 1)
}

func TestMempoolThatDoesNotAnswerIsAskedAgain(t *testing.T) {
	f := chaintest.New(t)
	w := watchMempool(t, f, outpoint(1))
	f.SetAway(true)
	tx := spends(2, outpoint(1))
	f.Relay(tx)
	none(t, w.Seen())
	f.SetAway(false)
	require.Same(t, tx, next(t, w.Seen()))
}
