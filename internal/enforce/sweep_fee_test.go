package enforce_test

import (
	"fmt"
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/enforce"
)

// Fees rise 50-fold while we wait: what has a deadline follows them up to its budget, and pays all that
// it is worth in the end; what has none pays half of its value at most.
func TestFeesThatRiseFiftyfoldAreFollowedWithinTheBudget(t *testing.T) {
	b := newBench(t)
	b.add(0, 100_000)
	b.publishes(0, 1, 500)
	watchRates(b)
	preimage, balance := b.only(bitcoin.PreimageHTLC).Claim, b.only(bitcoin.ToRemote).Claim
	b.confirm()
	rate := chain.SatPerKWeight(1000)
	b.fee = func(uint32) chain.SatPerKWeight { return rate }
	for b.height+2 < 500 {
		b.round()
		s := b.sweep(preimage.Out)
		require.Equal(t, enforce.SweepPublished, s.State)
		require.GreaterOrEqual(t, s.Rate, min(rate, 125_000))
		require.LessOrEqual(t, s.Fee, s.Budget)
		if b.height+2+6 < 500 {
			require.LessOrEqual(t, s.Fee, btcutil.Amount(50_000))
		}
		if b.height == 440 {
			rate = 50_000
		}
		b.confirm()
	}
	b.round()
	p := b.spender(preimage.Out)
	require.GreaterOrEqual(t, p.fee, int64(99_000), "the last attempt pays all but what is dust")
	require.Len(t, p.tx.TxIn, 1)
	require.LessOrEqual(t, b.spender(balance.Out).fee, int64(balance.Value/2))
	require.Zero(t, b.refusals)
}

// What is not worth its fee is left alone, and taken when fees fall.
func TestNeverMoreThanItIsWorth(t *testing.T) {
	b := newBench(t)
	b.add(1, 3000)
	b.publishes(0, 1, 0)
	small := b.only(bitcoin.TimeoutHTLC).Claim
	for b.height < 502 {
		b.confirm()
	}
	rate := chain.SatPerKWeight(50_000)
	b.fee = func(uint32) chain.SatPerKWeight { return rate }
	b.round()
	require.Equal(t, enforce.SweepUneconomic, b.sweep(small.Out).State)
	require.Contains(t, b.sweep(small.Out).Note, "200 sat/vbyte")
	require.Nil(t, b.spender(small.Out))
	rate = 500
	b.block()
	require.NotNil(t, b.spender(small.Out))
	require.LessOrEqual(t, b.spender(small.Out).fee, int64(1500))
}

// An anchor of a commitment in a block is taken along, when fees are low enough for that. Alone it
// never is.
func TestAnchorsGoWithOthersOnly(t *testing.T) {
	for _, c := range []struct {
		rate  chain.SatPerKWeight
		other bool
		taken bool
	}{{253, true, true}, {253, false, false}, {5000, true, false}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			b := newBench(t)
			b.fee = func(uint32) chain.SatPerKWeight { return c.rate }
			tx := b.commitment(0)
			b.confirm(tx)
			_, claims := b.claims(1, tx, b.height)
			var anchor *bitcoin.Claim
			for _, claim := range claims {
				if claim.Path == bitcoin.Anchor {
					anchor = claim
					b.wants = append(b.wants, b.want(1, claim, 0))
				} else if c.other {
					b.wants = append(b.wants, b.want(1, claim, 0))
				}
			}
			b.confirm()
			b.round()
			require.Equal(t, c.taken, b.spender(anchor.Out) != nil)
			if !c.taken {
				require.Equal(t, enforce.SweepUneconomic, b.sweep(anchor.Out).State)
			}
		})
	}
}

// The anchor that raised a commitment at a high rate is a coin of 330 sat once that is in a block: it
// must not make what it goes with too dear.
func TestAnAnchorThatRaisedItsCommitmentIsSmallChange(t *testing.T) {
	b := newBench(t)
	b.add(0, 400_000)
	b.coin(400_000)
	tx := b.commitment(1)
	w := b.anchor(0, tx, 440)
	b.wants = []enforce.Want{w}
	rate := chain.SatPerKWeight(20_000)
	b.fee = func(uint32) chain.SatPerKWeight { return rate }
	require.NoError(t, b.accept(tx))
	b.round()
	require.GreaterOrEqual(t, b.sweep(w.Claim.Out).Rate, rate)
	clear(b.pool) // the child is lost
	for out := range b.purse {
		b.spent[out] = tx.TxHash() // and can't come back
	}
	b.wants = nil
	b.publishes(1, 0, 600)
	anchor := *w.Claim
	anchor.Confirmed = adjudicator.Height(b.height)
	b.confirm()
	b.round()
	b.wants = append(b.wants, b.want(0, &anchor, 0))
	b.confirm()
	rate = 40_000 // all is made anew
	b.round()
	balance := b.only(bitcoin.ToRemote).Claim.Out
	require.NotNil(t, b.spender(balance))
	require.Nil(t, b.spender(anchor.Out))
}

// A cheater's outputs are worth all that they hold: the fee may be that, from the start.
func TestACheatersOutputsMayCostAllThatTheyHold(t *testing.T) {
	b := newBench(t)
	b.add(1, 60_000)
	old := b.commitment(1)
	b.add(0, 60_000)
	b.confirm(old)
	_, claims := b.claims(0, old, b.height)
	for _, c := range claims {
		if c.Path == bitcoin.RevokedHTLC {
			b.wants = append(b.wants, b.want(0, c, b.height+30))
		}
	}
	b.round()
	require.Len(t, b.wants, 1)
	out := b.wants[0].Claim.Out
	require.Greater(t, b.sweep(out).Budget, btcutil.Amount(59_000))
	for b.height+2 < 400+1+30 {
		b.confirm()
		b.round()
	}
	require.Greater(t, b.spender(out).fee, int64(59_000))
}

// What has different deadlines is not together: near one it could not be parted, since what
// replaces a batch must pay for all of it.
func TestClaimsOfDifferentDeadlinesAreApart(t *testing.T) {
	b := newBench(t)
	for range 4 {
		b.add(0, 150_000)
	}
	b.publishes(0, 1, 0)
	var outs []wire.OutPoint
	for i := range b.wants {
		if w := &b.wants[i]; w.Claim.Path == bitcoin.PreimageHTLC {
			w.Deadline = adjudicator.Height(450 + len(outs)/2)
			outs = append(outs, w.Claim.Out)
		}
	}
	b.confirm()
	for b.height < 448 {
		b.round()
		for _, out := range outs {
			require.Len(t, b.spender(out).tx.TxIn, 2, "those of one deadline")
		}
		b.confirm()
	}
	require.Zero(t, b.refusals)
}

// What an operator asks for is done in the next round, within what the output is worth.
func TestABumpIsDoneInTheNextRound(t *testing.T) {
	b := newBench(t)
	b.add(0, 200_000)
	b.publishes(0, 1, 900)
	out := b.only(bitcoin.PreimageHTLC).Claim.Out
	b.confirm()
	require.ErrorIs(t, b.sweeper.Bump(out, enforce.BumpRequest{Rate: 9000}), enforce.ErrNotSwept)
	b.round()
	require.ErrorIs(t, b.sweeper.Bump(wire.OutPoint{}, enforce.BumpRequest{Rate: 9000}), enforce.ErrNotSwept)
	require.Error(t, b.sweeper.Bump(out, enforce.BumpRequest{Rate: 900_000}))
	require.NoError(t, b.sweeper.Bump(out, enforce.BumpRequest{Rate: 9000}))
	b.round()
	require.EqualValues(t, 9000, b.sweep(out).Rate)
	txid, ok := b.sweeper.Spending(out)
	require.True(t, ok)
	require.Equal(t, b.spender(out).tx.TxHash(), txid)
	require.NoError(t, b.sweeper.Bump(out, enforce.BumpRequest{Rate: 100_000, Budget: 20_000}))
	b.start() // it comes with the next round, and was not yet
	b.round()
	require.EqualValues(t, 9000, b.sweep(out).Rate)
	require.NoError(t, b.sweeper.Bump(out, enforce.BumpRequest{Rate: 100_000, Budget: 20_000}))
	b.round()
	require.InDelta(t, 20_000, int64(b.sweep(out).Fee), 300)
	require.InDelta(t, 20_000, int64(b.sweep(out).Budget), 300)
	b.start()
	b.block()
	require.InDelta(t, 20_000, int64(b.sweep(out).Budget), 300, "it stays")
	require.EqualValues(t, 3, b.sweep(out).Attempts)
}

// One output of a batch that is to pay more than the others leaves it; it must pay for all of
// the batch then, as nodes ask of what replaces that (BIP 125), and the others follow.
func TestABumpedOutputLeavesItsBatchForAFeeThatReplacesIt(t *testing.T) {
	b := newBench(t)
	for range 6 {
		b.add(0, 150_000)
	}
	b.publishes(0, 1, 900)
	b.confirm()
	b.round()
	var outs []wire.OutPoint
	for _, w := range b.wants {
		if w.Claim.Path == bitcoin.PreimageHTLC {
			outs = append(outs, w.Claim.Out)
		}
	}
	before := b.spender(outs[0])
	require.Len(t, before.tx.TxIn, 6)
	require.NoError(t, b.sweeper.Bump(outs[2], enforce.BumpRequest{Rate: 3000}))
	b.round()
	require.Zero(t, b.refusals)
	require.Len(t, b.spender(outs[2]).tx.TxIn, 1)
	require.Greater(t, b.spender(outs[2]).fee, before.fee)
	for _, out := range []int{0, 1, 3, 4, 5} {
		require.Len(t, b.spender(outs[out]).tx.TxIn, 5)
	}

	// Where it can't pay for all, all of it is raised; where that can't be, it stays.
	before = b.spender(outs[0])
	require.NoError(t, b.sweeper.Bump(outs[0], enforce.BumpRequest{Rate: 3000, Budget: 2000}))
	b.round()
	require.Zero(t, b.refusals)
	require.Len(t, b.spender(outs[0]).tx.TxIn, 5)
	require.Greater(t, b.spender(outs[0]).fee, before.fee)
	for _, out := range outs[3:] {
		require.NoError(t, b.sweeper.Bump(out, enforce.BumpRequest{Budget: 10}))
	}
	before = b.spender(outs[0])
	require.NoError(t, b.sweeper.Bump(outs[1], enforce.BumpRequest{Rate: 9000, Budget: btcutil.Amount(before.fee)}))
	b.round()
	require.Zero(t, b.refusals)
	require.Same(t, before, b.spender(outs[1]))
	require.Equal(t, enforce.SweepPublished, b.sweep(outs[1]).State)
}
