package chaintest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/chain/chaintest"
)

const wait = time.Minute

// each runs a test over a source of whole blocks and over one with filters: what is told is the same.
func each(t *testing.T, test func(t *testing.T, f *chaintest.Fake)) {
	t.Run("blocks", func(t *testing.T) { test(t, chaintest.New(t)) })
	t.Run("filters", func(t *testing.T) { test(t, chaintest.NewFiltered(t)) })
}

// next receives an event, or fails.
func next[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case e, ok := <-c:
		require.True(t, ok, "closed")
		return e
	case <-time.After(wait):
		require.FailNow(t, "no event")
		panic("unreachable")
	}
}

// closed waits until a channel is closed.
func closed[T any](t *testing.T, c <-chan T) {
	t.Helper()
	for deadline := time.After(wait); ; {
		select {
		case _, ok := <-c:
			if !ok {
				return
			}
		case <-deadline:
			require.FailNow(t, "not closed")
		}
	}
}

// none checks that there is no event now.
func none[T any](t *testing.T, c <-chan T) {
	t.Helper()
	select {
	case e := <-c:
		require.Failf(t, "unexpected event", "%v", e)
	default:
	}
}

// pay is a transaction that differs by n.
func pay(n uint32) *wire.MsgTx {
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(wire.NewTxIn(&wire.OutPoint{Hash: chainhash.Hash{1}, Index: n}, nil, nil))
	tx.AddTxOut(wire.NewTxOut(int64(n)+1000, []byte{0x51}))
	tx.AddTxOut(wire.NewTxOut(int64(n)+2000, []byte{0x52}))
	return tx
}

func confirmed(t *testing.T, f *chaintest.Fake, tx *wire.MsgTx, depth uint32, hint int32) <-chan chain.ConfEvent {
	t.Helper()
	c, err := f.WatchConfirmed(t.Context(), tx.TxHash(), tx.TxOut[0].PkScript, depth, hint)
	require.NoError(t, err)
	return c
}

func TestConfirmationAtDepth(t *testing.T) {
	each(t, func(t *testing.T, f *chaintest.Fake) {
		tx := pay(1)
		c1, c6 := confirmed(t, f, tx, 1, f.Best().Height), confirmed(t, f, tx, 6, f.Best().Height)
		at := f.Mine(pay(0), tx)
		e := next(t, c1)
		require.Equal(t, chain.ConfEvent{Confirmed: true, Tx: tx, Height: at, TxIndex: 2, BlockHash: f.Best().Hash}, e)
		f.MineN(4)
		none(t, c6)
		f.MineN(1)
		require.Equal(t, e, next(t, c6))
	})
}

func TestConfirmationBeforeTheWatch(t *testing.T) {
	each(t, func(t *testing.T, f *chaintest.Fake) {
		tx := pay(1)
		at := f.Mine(tx)
		f.MineN(20)
		require.Equal(t, at, next(t, confirmed(t, f, tx, 3, 0)).Height)
		require.Equal(t, at, next(t, confirmed(t, f, tx, 3, at)).Height)
		require.True(t, next(t, confirmed(t, f, tx, 21, at)).Confirmed)
		c := confirmed(t, f, tx, 22, at)
		f.MineN(1)
		require.True(t, next(t, c).Confirmed)
	})
}

func TestReorgIsSeenAsNegativeAndAgainPositive(t *testing.T) {
	for _, depth := range []int{1, 6} {
		f := chaintest.New(t)
		tx := pay(1)
		f.Mine(tx)
		f.MineN(depth - 1)
		c := confirmed(t, f, tx, uint32(depth), 0)
		first := next(t, c)
		require.True(t, first.Confirmed)

		f.Reorg(depth)
		lost := next(t, c)
		first.Confirmed = false
		require.Equal(t, first, lost)
		none(t, c)

		at := f.Mine(tx)
		f.MineN(depth - 1)
		again := next(t, c)
		require.True(t, again.Confirmed)
		require.Equal(t, at, again.Height)
		require.NotEqual(t, first.BlockHash, again.BlockHash)
	}
}

func TestReorgThatKeepsTheTransactionTellsBoth(t *testing.T) {
	each(t, func(t *testing.T, f *chaintest.Fake) {
		tx := pay(1)
		c := confirmed(t, f, tx, 1, 0)
		f.Mine(tx)
		first := next(t, c)
		// Unread until all has happened: the reader sees an end before the new beginning.
		f.Reorg(1)
		f.Mine(tx)
		require.Equal(t, first.BlockHash, next(t, c).BlockHash)
		require.Equal(t, f.Best().Hash, next(t, c).BlockHash)
	})
}

func TestReorgBeforeTheDepthTellsNothing(t *testing.T) {
	each(t, func(t *testing.T, f *chaintest.Fake) {
		tx := pay(1)
		c := confirmed(t, f, tx, 3, 0)
		f.Mine(tx)
		f.Reorg(1)
		f.MineN(3)
		none(t, c)
		at := f.Mine(tx)
		f.MineN(2)
		require.Equal(t, at, next(t, c).Height)
	})
}

func TestReorgDeeperThanAllBlocksKnown(t *testing.T) {
	each(t, func(t *testing.T, f *chaintest.Fake) {
		tx := pay(1)
		spent := wire.OutPoint{Hash: tx.TxHash()}
		f.Mine(tx)
		c := confirmed(t, f, tx, 1, 0)
		s, err := f.WatchSpent(t.Context(), spent, nil, 0)
		require.NoError(t, err)
		require.True(t, next(t, c).Confirmed)
		f.MineN(2000)
		spender := f.Spend(spent)
		require.True(t, next(t, s).Spent)

		f.Reorg(2050)
		require.False(t, next(t, c).Confirmed)
		require.False(t, next(t, s).Spent)
		at := f.Mine(tx, spender)
		require.Equal(t, at, next(t, c).Height)
		require.Equal(t, at, next(t, s).Height)
	})
}

func TestSpend(t *testing.T) {
	each(t, func(t *testing.T, f *chaintest.Fake) {
		tx := pay(1)
		f.Mine(tx)
		out := wire.OutPoint{Hash: tx.TxHash(), Index: 1}
		watch := func() <-chan chain.SpendEvent {
			c, err := f.WatchSpent(t.Context(), out, tx.TxOut[1].PkScript, 0)
			require.NoError(t, err)
			return c
		}
		before := watch()
		f.Spend(wire.OutPoint{Hash: tx.TxHash(), Index: 0})
		none(t, before)
		spender := f.Spend(out)
		e := next(t, before)
		require.Equal(t, chain.SpendEvent{
			Spent: true, Tx: spender, Height: f.Best().Height, BlockHash: f.Best().Hash}, e)
		require.Equal(t, e, next(t, watch()), "spent before the watch")

		f.Reorg(1)
		e.Spent = false
		require.Equal(t, e, next(t, before))
		f.Mine(spender)
		require.True(t, next(t, before).Spent)
	})
}

func TestBlocksGivesTheLatest(t *testing.T) {
	each(t, func(t *testing.T, f *chaintest.Fake) {
		ctx, cancel := context.WithCancel(t.Context())
		c := f.Blocks(ctx)
		require.Equal(t, f.Best(), next(t, c))
		for range 5 {
			f.MineN(10)
		}
		require.Equal(t, f.Best(), next(t, c), "a slow reader gets the latest")
		f.Reorg(3)
		require.Equal(t, f.Best(), next(t, c))
		require.False(t, f.Best().Time.IsZero())
		cancel()
		closed(t, c)
	})
}

func TestFundingOutput(t *testing.T) {
	each(t, func(t *testing.T, f *chaintest.Fake) {
		tx := pay(1)
		at := uint32(f.Mine(pay(0), tx))
		scid := func(block, tx uint32, out uint16) lnwire.ShortChannelID {
			return lnwire.ShortChannelID{BlockHeight: block, TxIndex: tx, TxPosition: out}
		}
		op, out, err := f.FundingOutput(t.Context(), scid(at, 2, 1))
		require.NoError(t, err)
		require.Equal(t, wire.OutPoint{Hash: tx.TxHash(), Index: 1}, op)
		require.Equal(t, tx.TxOut[1], out)

		f.Spend(wire.OutPoint{Hash: tx.TxHash(), Index: 0})
		for _, tc := range []struct {
			scid lnwire.ShortChannelID
			want error
		}{
			{scid(uint32(f.Best().Height)+1, 0, 0), chain.ErrUnknownBlock},
			{scid(at, 3, 0), chain.ErrNoSuchTx},
			{scid(at, 2, 2), chain.ErrNoSuchOutput},
			{scid(at, 2, 0), chain.ErrSpent},
			{scid(1<<24-1, 1<<24-1, 1<<16-1), chain.ErrUnknownBlock},
		} {
			_, _, err := f.FundingOutput(t.Context(), tc.scid)
			require.ErrorIs(t, err, tc.want)
			require.NotErrorIs(t, err, chain.ErrUnavailable)
		}
		f.SetAway(true)
		_, _, err = f.FundingOutput(t.Context(), scid(at, 2, 1))
		require.ErrorIs(t, err, chain.ErrUnavailable, "no answer is no refusal")
	})
}

func TestSourceThatWasAway(t *testing.T) {
	each(t, func(t *testing.T, f *chaintest.Fake) {
		tx := pay(1)
		c := confirmed(t, f, tx, 1, 0)
		height := f.Best().Height
		f.SetAway(true)
		f.Mine(tx)
		f.MineN(3)
		require.Equal(t, height, f.Best().Height)
		require.ErrorIs(t, f.Publish(t.Context(), tx), chain.ErrUnavailable)
		none(t, c)
		f.SetAway(false)
		require.Equal(t, height+1, next(t, c).Height)
		require.Equal(t, height+4, f.Best().Height)
	})
}

func TestFeesAreNeverZero(t *testing.T) {
	each(t, func(t *testing.T, f *chaintest.Fake) {
		for _, tc := range []struct{ says, want chain.SatPerKWeight }{
			{0, 1000}, {1, 253}, {5000, 5000}, {1 << 40, 125_000},
		} {
			f.SetFee(tc.says)
			got, err := f.EstimateFee(t.Context(), 6)
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
		}
		f.SetAway(true)
		got, err := f.EstimateFee(t.Context(), 6)
		require.NoError(t, err)
		require.EqualValues(t, 1000, got)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = f.EstimateFee(ctx, 6)
		require.ErrorIs(t, err, context.Canceled)
	})
}

func TestWatchesEndWithTheirContextAndTheChain(t *testing.T) {
	f := chaintest.NewWith(t, chain.Config{MaxWatches: 2})
	ctx, cancel := context.WithCancel(t.Context())
	watch := func(ctx context.Context, n uint32) (<-chan chain.ConfEvent, error) {
		return f.WatchConfirmed(ctx, pay(n).TxHash(), nil, 1, 0)
	}
	a, err := watch(ctx, 1)
	require.NoError(t, err)
	b, err := watch(t.Context(), 2)
	require.NoError(t, err)
	_, err = watch(t.Context(), 3)
	require.ErrorIs(t, err, chain.ErrTooManyWatches)
	_, err = f.WatchSpent(t.Context(), wire.OutPoint{}, nil, 0)
	require.ErrorIs(t, err, chain.ErrTooManyWatches)

	cancel()
	closed(t, a)
	require.Eventually(t, func() bool {
		_, err := watch(t.Context(), 4)
		return err == nil
	}, wait, time.Millisecond, "the place is never free again")
	blocks := f.Blocks(t.Context())
	f.Close()
	closed(t, b)
	closed(t, blocks)
	_, err = watch(t.Context(), 5)
	require.ErrorIs(t, err, chain.ErrClosed)
	closed(t, f.Blocks(t.Context()))
}

func TestPublish(t *testing.T) {
	each(t, func(t *testing.T, f *chaintest.Fake) {
		tx := pay(1)
		require.NoError(t, f.Publish(t.Context(), tx))
		require.NoError(t, f.Publish(t.Context(), tx), "known is a success")
		require.Len(t, f.Published(), 1)
		c := confirmed(t, f, tx, 1, 0)
		f.MineN(1)
		require.True(t, next(t, c).Confirmed)
		require.NoError(t, f.Publish(t.Context(), tx), "confirmed too")
		f.SetPublishError(chain.ErrFeeTooLow)
		require.True(t, errors.Is(f.Publish(t.Context(), pay(2)), chain.ErrFeeTooLow))
	})
}
