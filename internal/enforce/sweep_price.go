package enforce

import (
	"context"
	"fmt"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/txscript"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/chain"
)

// item is a Want in a round, with its price.
type item struct {
	*Want
	row *swept

	ready  bool                // it may be taken now, for rate
	rider  bool                // it goes with others or not at all: the anchor of a commitment in a block
	rate   chain.SatPerKWeight // to pay now; of the package, where it has a Parent
	limit  chain.SatPerKWeight // the most to pay now, which a transaction's rate must not be above
	budget btcutil.Amount      // the same as an amount
	start  chain.SatPerKWeight // the estimate that its course begins with
	done   bool                // this round has a transaction for it
	state  SweepState
	note   string
}

// anyDest stands for a script of the wallet's, where its length is all that counts.
var anyDest = append([]byte{txscript.OP_1, txscript.OP_DATA_32}, make([]byte, 32)...)

// coinWeight is what a coin of the wallet's adds at most, in weight units.
const coinWeight = 4*(36+1+4) + 1 + 73 + 34

// weight is that of a transaction for this output alone, with a coin that pays if it can't.
func (it *item) weight() int64 {
	w := bitcoin.Overhead(1, anyDest) + it.Claim.Weight()
	if it.needsCoins() {
		w += coinWeight
	}
	return w
}

// needsCoins reports whether the wallet must pay: an HTLC transaction's outputs are fixed, and an
// anchor isn't worth what it is to pay.
func (it *item) needsCoins() bool { return it.Claim.Path.Staged() || it.Parent != nil }

// price sets what is to be paid now, or why nothing is.
func (r *round) price(ctx context.Context, it *item) error {
	c := it.Claim
	if !c.Ready(r.tip) {
		if c.NeedsPreimage && c.Preimage == nil {
			it.tell(SweepWaits, "waits for the preimage")
		} else {
			it.tell(SweepWaits, fmt.Sprintf("waits for block %d", c.Matures()))
		}
		return nil
	}
	deadline := it.Deadline
	it.rider = it.Parent == nil && (c.Path == bitcoin.Anchor || c.Path == bitcoin.OtherAnchor)
	if it.rider {
		deadline = 0
	}
	first := it.row.first
	if first == 0 {
		first = r.tip
	}
	course := courseOf(first, deadline)
	now, err := r.estimate(ctx, course.target(r.tip, deadline))
	if err != nil {
		return err
	}
	calm, err := r.estimate(ctx, calmTarget)
	if err != nil {
		return err
	}
	course.start = now
	if it.row.start > 0 {
		course.start = it.row.start
	}
	usual, worth := it.budgets(r.s.cfg.BudgetPercent, calm)
	course.base, course.whole = r.rateFor(it, usual), r.rateFor(it, worth)
	it.start = course.start
	it.set(r, &course, now, worth)
	return nil
}

// set decides by the course. What was published once goes on whatever the fees are.
func (it *item) set(r *round, c *course, now chain.SatPerKWeight, worth btcutil.Amount) {
	it.rate, it.limit = c.rate(r.tip, now), c.limit(r.tip)
	if ask := it.row.ask.Rate; ask > 0 {
		it.rate = min(max(it.rate, ask), it.limit)
	}
	if it.row.attempts > 0 && !it.rider { // what it paid for its commitment is past
		it.rate, it.limit = max(it.rate, it.row.rate), max(it.limit, it.row.rate)
	}
	it.budget = it.amountFor(it.limit)
	switch {
	case it.rider:
		it.rate = relayFloor
	case it.row.attempts > 0:
	case it.limit < relayFloor, c.last == 0 && r.rateFor(it, worth) < now:
		it.tell(SweepUneconomic, fmt.Sprintf("at %d sat/vbyte it costs more than it is worth; "+
			"it is taken when fees fall", perVByte(now)))
		return
	case it.Parent != nil && it.parentRate() >= it.rate:
		it.tell(SweepWaits, fmt.Sprintf("its commitment pays %d sat/vbyte by itself, which is enough at present",
			perVByte(it.parentRate())))
		return
	}
	it.ready = true
	it.tell(SweepWaits, "")
	if it.Parent != nil && int64(it.Parent.Fee) < (it.Parent.Weight+3)/4 {
		it.note = "its commitment pays less than nodes relay by itself: it gets through only where " +
			"nodes take both together"
	}
}

// budgets are what is paid for it at most usually, and when all else fails. A cheater's
// outputs are worth all that they hold from the start.
func (it *item) budgets(percent uint32, calm chain.SatPerKWeight) (usual, worth btcutil.Amount) {
	c := it.Claim
	worth = btcutil.Amount(c.Value)
	switch {
	case it.Parent != nil:
		worth = btcutil.Amount(it.Parent.Saves)
	case it.rider:
	default:
		later := feeAt(calm, c.StageWeight())
		worth -= btcutil.Amount(bitcoin.Dust(anyDest)) + later
	}
	worth = max(worth, 0)
	usual = min(worth, btcutil.Amount(c.Value)*btcutil.Amount(percent)/100)
	switch {
	case it.Parent != nil:
		usual = worth * btcutil.Amount(percent) / 100
	case c.Path.Revoked():
		usual = worth
	}
	if ask := it.row.ask.Budget; ask > 0 {
		usual, worth = min(ask, worth), min(ask, worth)
	}
	return usual, worth
}

// rateFor is the highest rate at which a transaction for this output alone costs no more than
// an amount.
func (r *round) rateFor(it *item, amount btcutil.Amount) chain.SatPerKWeight {
	w := it.weight()
	if it.rider {
		w = it.Claim.Weight() // the rest is paid for by what it goes with
	}
	rate := int64(amount) * 1000 / w
	if p := it.Parent; p != nil {
		rate = min(rate, (int64(amount)+int64(p.Fee))*1000/(w+p.Weight))
	}
	return min(chain.SatPerKWeight(rate), r.s.cfg.MaxRate)
}

// amountFor is the fee of a transaction for this output alone, at a rate.
func (it *item) amountFor(rate chain.SatPerKWeight) btcutil.Amount {
	w := it.weight()
	if it.rider {
		w = it.Claim.Weight()
	}
	fee := feeAt(rate, w)
	if p := it.Parent; p != nil {
		fee = max(fee, feeAt(rate, w+p.Weight)-btcutil.Amount(p.Fee))
	}
	return fee
}

// parentRate is what its commitment pays by itself.
func (it *item) parentRate() chain.SatPerKWeight {
	return chain.SatPerKWeight(int64(it.Parent.Fee) * 1000 / max(it.Parent.Weight, 1))
}

// targets are the blocks that estimates are asked for: a few, so that there are few questions.
var targets = []uint32{1008, 504, 144, 72, 36, 24, 12, 6, 5, 4, 3, 2}

// estimate is the rate to be in one of so many blocks.
func (r *round) estimate(ctx context.Context, target uint32) (chain.SatPerKWeight, error) {
	nearest := uint32(1)
	for _, t := range targets {
		if t <= target {
			nearest = t
			break
		}
	}
	if rate, ok := r.estimates[nearest]; ok {
		return rate, nil
	}
	rate, err := r.s.cfg.Chain.EstimateFee(ctx, nearest)
	if err != nil {
		return 0, err
	}
	rate = min(max(rate, relayFloor), r.s.cfg.MaxRate)
	r.estimates[nearest] = rate
	return rate, nil
}

// feeAt is a rate times a weight, rounded up.
func feeAt(rate chain.SatPerKWeight, weight int64) btcutil.Amount {
	return btcutil.Amount((int64(rate)*weight + 999) / 1000)
}

func perVByte(rate chain.SatPerKWeight) int64 { return int64(rate) / 250 }

func feeRate(rate chain.SatPerKWeight) htlc.FeeRate { return htlc.FeeRate(rate) }
