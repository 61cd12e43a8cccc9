package node

import (
	"context"
	"testing"

	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"
)

func TestABacklogOfBlocksComesFirst(t *testing.T) {
	n := newTestNet(t)
	n.chain.MineN(5)
	alice := n.node("alice")
	tip := n.chain.Best()
	first := func(after Block, count int) (got []Block, err error) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		for b, e := range alice.Blocks(ctx, &after) {
			if e != nil {
				return got, e
			}
			if got = append(got, b); len(got) == count {
				return got, nil
			}
		}
		return got, nil
	}
	_, hash, err := n.chain.BlockAt(t.Context(), tip.Height-3)
	require.NoError(t, err)
	begin := Block{Height: uint32(tip.Height - 3), Hash: hash}
	got, err := first(begin, 3)
	require.NoError(t, err)
	require.Equal(t, begin.Height+1, got[0].Height)
	require.Equal(t, Block{Height: uint32(tip.Height), Hash: tip.Hash}, got[2])

	for range maxBacklogs {
		alice.backlogs <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = alice.oldBlock(ctx, n.chain, 1)
	require.ErrorIs(t, err, context.Canceled, "it waits for its turn")
	for range maxBacklogs {
		<-alice.backlogs
	}

	begin.Hash[0]++ // it was replaced
	got, err = first(begin, 4)
	require.NoError(t, err)
	require.Equal(t, Block{Height: begin.Height, Hash: hash}, got[0])

	_, err = first(Block{Height: uint32(tip.Height + 1)}, 1)
	require.ErrorIs(t, err, ErrInvalid)
	n.chain.MineN(maxBacklog)
	n.eventually("alice is there", func() bool { return alice.height() > maxBacklog })
	_, err = first(Block{Height: 1}, 1)
	require.ErrorIs(t, err, ErrInvalid)
}

func TestConfirmationsAndSpendsAreFollowed(t *testing.T) {
	n := newTestNet(t)
	alice := n.node("alice")
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(wire.NewTxIn(&wire.OutPoint{Index: 5}, nil, nil))
	tx.AddTxOut(wire.NewTxOut(1000, []byte{0x51}))
	n.chain.Mine(tx)
	n.chain.MineN(1)
	var seen []bool
	for e, err := range alice.Confirmations(t.Context(), ConfWatch{Tx: tx.TxHash(), Script: []byte{0x51}, Depth: 2, Hint: 1}) {
		require.NoError(t, err)
		if seen = append(seen, e.Confirmed); len(seen) == 2 {
			break
		}
		n.chain.Reorg(2)
	}
	require.Equal(t, []bool{true, false}, seen)
	for _, bad := range []ConfWatch{{Script: []byte{1}}, {Script: []byte{1}, Depth: maxWatchDepth + 1}, {Depth: 1},
		{Depth: 1, Script: make([]byte, maxWatchScript+1)}, {Depth: 1, Script: []byte{0x6a, 0}}} {
		for _, err := range alice.Confirmations(t.Context(), bad) {
			require.ErrorIs(t, err, ErrInvalid)
		}
	}
}

func TestASpendIsFollowed(t *testing.T) {
	n := newTestNet(t)
	alice := n.node("alice")
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(wire.NewTxIn(&wire.OutPoint{Index: 5}, nil, nil))
	tx.AddTxOut(wire.NewTxOut(1000, []byte{0x51}))
	n.chain.Mine(tx)
	at := wire.OutPoint{Hash: tx.TxHash()}
	n.chain.Spend(at)
	var e SpendEvent
	for got, err := range alice.Spends(t.Context(), SpendWatch{Output: at, Script: []byte{0x51}}) {
		require.NoError(t, err)
		e = got
		break
	}
	require.True(t, e.Spent)
	require.Equal(t, at, e.Tx.TxIn[e.Input].PreviousOutPoint)
	for _, script := range [][]byte{nil, {0x6a}} {
		for _, err := range alice.Spends(t.Context(), SpendWatch{Output: at, Script: script}) {
			require.ErrorIs(t, err, ErrInvalid)
		}
	}
}
