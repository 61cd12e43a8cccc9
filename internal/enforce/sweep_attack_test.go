package enforce_test

import (
	"slices"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/enforce"
)

// Attack 19 (LDK 0.1.6, #4154): an HTLC's preimage comes when the others are under way. Its claim goes
// out at once, and what was published before stays as it is.
func TestAttack19APreimageLearnedLaterIsAnotherClaim(t *testing.T) {
	b := newBench(t)
	for i := range 4 {
		b.add(i%2, 50_000)
	}
	b.publishes(0, 1, 530) // the acceptor has two to take by preimage, two that time out
	var late *enforce.Want
	for i := range b.wants {
		if b.wants[i].Claim.Path == bitcoin.PreimageHTLC {
			late = &b.wants[i]
		}
	}
	preimage := late.Claim.Preimage
	unknown := *late.Claim
	unknown.Preimage = nil
	late.Claim = &unknown
	b.block()
	require.Equal(t, enforce.SweepWaits, b.sweep(unknown.Out).State)
	require.Nil(t, b.spender(unknown.Out))
	before := poolIDs(b)
	require.NotEmpty(t, before)

	known := unknown
	known.Preimage = preimage
	late.Claim = &known
	b.round() // no block came
	require.NotNil(t, b.spender(unknown.Out))
	for _, id := range before {
		require.Contains(t, b.pool, id)
	}
	require.Zero(t, b.refusals)
}

// Attack 20 (Optech, 2022-05-04): of a revoked commitment's HTLCs, which are all in one
// batch, the cheater takes one. The rest are taken in the same round.
func TestAttack20OneHTLCOfARevokedBatchIsTaken(t *testing.T) {
	for _, mined := range []bool{false, true} {
		b := newBench(t)
		for range 8 {
			b.add(0, 50_000) // which the cheater takes by preimage
		}
		old := b.commitment(1)
		b.add(0, 60_000)
		b.confirm(old)
		_, claims := b.claims(0, old, b.height)
		var htlcs []wire.OutPoint
		for _, c := range claims {
			if c.Path == bitcoin.RevokedHTLC {
				b.wants = append(b.wants, b.want(0, c, b.height+30))
				htlcs = append(htlcs, c.Out)
			}
		}
		require.Len(t, htlcs, 8)
		b.round()
		require.Len(t, b.pool, 1, "one batch")
		taken := b.steal(htlcs[3], 40_000)
		if mined {
			b.confirm(taken)
		} else {
			b.confirm()
		}
		b.round()
		for i, out := range htlcs {
			if p := b.spender(out); i != 3 {
				require.NotNil(t, p, "HTLC %d waits for nothing", i)
			} else if !mined {
				require.Equal(t, taken, p.tx)
			}
		}
	}
}

// Attack 22 (CVE-2023-40231 to 40234): whoever has our transaction replaced, and withdraws
// what replaced it, gains nothing from one block to the next.
func TestAttack22RebroadcastEveryBlock(t *testing.T) {
	b := newBench(t)
	b.add(1, 80_000)
	b.publishes(0, 1, 560)
	for b.height < 502 {
		b.confirm()
	}
	timeout := b.only(bitcoin.TimeoutHTLC).Claim.Out
	for range 30 {
		b.round()
		require.NotNil(t, b.spender(timeout), "height %d", b.height)
		clear(b.pool) // replaced, and what replaced it was replaced too
		b.round()
		require.Nil(t, b.spender(timeout), "once for each block is enough")
		b.confirm()
	}
	require.GreaterOrEqual(t, len(b.offered), 30)
}

// Attack 23 (lnd replacement stalling): one output of a batch is taken from under it. The others
// are published again in the same round, each by itself, and stay apart: the next time it costs
// the attacker one transaction for each, and us nothing.
func TestAttack23ABatchIsSplitAtOnceWhenOneOutputIsTaken(t *testing.T) {
	b := newBench(t)
	for range 5 {
		b.add(0, 80_000)
	}
	b.publishes(0, 1, 600)
	b.confirm()
	b.round()
	var outs []wire.OutPoint
	for _, w := range b.wants {
		if w.Claim.Path == bitcoin.PreimageHTLC {
			outs = append(outs, w.Claim.Out)
		}
	}
	require.Len(t, outs, 5)
	batch := b.spender(outs[0])
	for _, out := range outs {
		require.Same(t, batch, b.spender(out), "far from the deadline they share one")
	}
	b.steal(outs[0], 30_000)
	b.block()
	seen := make(map[*pooled]bool)
	for _, out := range outs[1:] {
		p := b.spender(out)
		require.NotNil(t, p, "published in the round that finds the batch refused")
		require.False(t, seen[p], "each by itself")
		seen[p] = true
	}
	// They don't go together again when fees rise, nor after a restart.
	b.start()
	b.offered = nil
	for range 100 {
		b.block()
	}
	for _, tx := range b.offered {
		require.Len(t, tx.TxIn, 1)
	}
	for _, out := range outs[1:] {
		require.Greater(t, b.sweep(out).Attempts, uint32(3))
	}
	require.Equal(t, enforce.SweepRefused, b.sweep(outs[0]).State)
}

// Attack 23: an output is taken from under a batch after the estimate has fallen. What is left
// is not taken for less than before, so that the attacker must pay more each time.
func TestAttack23TheFeeNeverFalls(t *testing.T) {
	for _, restart := range []bool{false, true} {
		b := newBench(t)
		for range 4 {
			b.add(1, 90_000)
		}
		b.publishes(0, 1, 0)
		for b.height < 510 {
			b.confirm()
		}
		watchRates(b)
		b.fee = func(uint32) chain.SatPerKWeight { return 20_000 }
		b.round()
		var outs []wire.OutPoint
		for _, w := range b.wants {
			if w.Claim.Path == bitcoin.TimeoutHTLC {
				outs = append(outs, w.Claim.Out)
			}
		}
		b.fee = func(uint32) chain.SatPerKWeight { return 300 }
		for i := range 3 {
			b.confirm(b.steal(outs[i], 150_000))
			if restart {
				b.start()
			}
			b.round()
			for _, out := range outs[i+1:] {
				p := b.spender(out)
				require.NotNil(t, p)
				require.GreaterOrEqual(t, p.fee*1000/bitcoin.Weight(p.tx), int64(20_000))
				require.GreaterOrEqual(t, b.sweep(out).Rate, chain.SatPerKWeight(20_000))
			}
		}
	}
}

// Attack 24 (CVE-2021-31876): a commitment whose fee is too low is raised by its anchor, by as much as
// the curve asks of both together, further at each block.
func TestAttack24TheAnchorRaisesAStuckCommitment(t *testing.T) {
	b := newBench(t)
	b.add(0, 400_000)
	b.coin(400_000)
	tx := b.commitment(0)
	w := b.anchor(0, tx, 440)
	b.wants = []enforce.Want{w}
	b.fee = func(uint32) chain.SatPerKWeight { return 5000 }
	require.NoError(t, b.accept(tx))
	var last int64
	for b.height+2 < 440 {
		b.round()
		p := b.spender(w.Claim.Out)
		require.NotNil(t, p)
		both := (p.fee + int64(w.Parent.Fee)) * 1000 / (bitcoin.Weight(p.tx) + w.Parent.Weight)
		require.GreaterOrEqual(t, both, int64(5000)-5, "the estimate")
		require.GreaterOrEqual(t, p.fee, last)
		require.LessOrEqual(t, htlc.Sat(p.fee), w.Parent.Saves)
		last = p.fee
		require.Equal(t, enforce.SweepPublished, b.sweep(w.Claim.Out).State)
		b.confirm()
	}
	require.Greater(t, last, int64(100_000), "near the end about half of what is at stake, and more")
	require.Zero(t, b.refusals)
}

// Attack 24: where the commitment pays less than nodes relay, or is not in the mempool, its anchor is
// tried at each block all the same, and people are told.
func TestAttack24ACommitmentBelowTheRelayMinimumIsToldOf(t *testing.T) {
	b := newBench(t)
	b.add(0, 400_000)
	b.coin(400_000)
	tx := b.commitment(0)
	w := b.anchor(0, tx, 700)
	w.Parent.Fee = htlc.Sat(w.Parent.Weight / 5)
	b.wants = []enforce.Want{w}
	for range 3 {
		b.block()
		s := b.sweep(w.Claim.Out)
		require.Equal(t, enforce.SweepRefused, s.State)
		require.Contains(t, s.Note, "less than nodes relay")
	}
	require.GreaterOrEqual(t, len(b.offered), 3)
}

// Attack 25 (mass exit): what is most urgent gets the wallet's coins and goes out first.
func TestAttack25TheMostUrgentGoesFirst(t *testing.T) {
	b := newBench(t)
	for range 6 {
		b.add(0, 90_000)
	}
	b.coin(5000)
	b.coin(5000)
	tx := b.commitment(1) // the acceptor's own: HTLC-success needs coins
	b.confirm(tx)
	_, claims := b.claims(1, tx, b.height)
	var order []wire.OutPoint
	for _, c := range claims {
		if c.Path == bitcoin.StageSuccess {
			deadline := b.height + 8 - uint32(len(order))
			b.wants = append(b.wants, b.want(1, c, deadline))
			order = append([]wire.OutPoint{c.Out}, order...) // the last has the earliest
		}
	}
	require.Len(t, order, 6)
	b.confirm()
	b.round()
	require.Len(t, b.offered, 2, "there are coins for two")
	for i, tx := range b.offered {
		require.Equal(t, order[i], tx.TxIn[0].PreviousOutPoint)
	}
	require.Equal(t, enforce.SweepStuck, b.sweep(order[2]).State)
	require.Contains(t, b.sweep(order[2]).Note, "no coins")
	got := b.sweeper.Sweeps()
	require.True(t, slices.IsSortedFunc(got, func(a, b enforce.Sweep) int { return int(a.Deadline) - int(b.Deadline) }))
}

func poolIDs(b *bench) []chainhash.Hash {
	var ids []chainhash.Hash
	for id := range b.pool {
		ids = append(ids, id)
	}
	return ids
}

// anchor is the want of a side's anchor in an unconfirmed commitment.
func (b *bench) anchor(side int, tx *wire.MsgTx, deadline uint32) enforce.Want {
	params := b.w.Nodes[side].Channel.Params()
	if _, ok := b.outs[params.Outpoint]; !ok {
		b.fund(side)
	}
	_, claims := b.claims(side, tx, b.height+1)
	parent := &bitcoin.Parent{Weight: bitcoin.Weight(tx), Fee: params.Capacity, Saves: 400_000}
	for _, out := range tx.TxOut {
		parent.Fee -= htlc.Sat(out.Value)
	}
	for _, c := range claims {
		if c.Path == bitcoin.Anchor {
			w := b.want(side, c, deadline)
			w.Parent = parent
			return w
		}
	}
	b.require().FailNow("no anchor")
	return enforce.Want{}
}
