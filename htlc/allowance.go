package htlc

import (
	"fmt"
	"sort"
)

// What bounds the fee of a commitment (docs/adr/0013-fees-of-past-states.md).
const (
	allowanceShare         = 10    // one part in so many of the capacity
	slotRate       FeeRate = 5_000 // sat/kw at which all slots may be full
	minSlots               = 10    // each way, in a channel however small
)

// FeeAllowance is the most, in satoshi, that the fee of any commitment of a channel may come to:
// a tenth of its capacity, or what 10 HTLCs each way cost at 5,000 sat/kw. It is what an opener
// that mines gains by a revoked commitment, and what HTLCs that the other holds cost the opener.
func FeeAllowance(f Format, capacity Sat) Sat {
	return max(capacity/allowanceShare, f.Fee(slotRate, 2*minSlots))
}

// Slots is how many HTLCs each side may add for the fee to be within the allowance at 5,000 sat/kw
// with all of them there. It is what max_accepted_htlcs is at most: 10 to 483.
func Slots(f Format, capacity Sat) int {
	most := FeeAllowance(f, capacity)
	return sort.Search(MaxHTLCs, func(n int) bool { return f.Fee(slotRate, 2*(n+1)) > most })
}

// checkAllowance keeps the fee within the allowance at a rate, with so many outputs of our HTLCs
// and whatever the peer adds: what it may add is counted as if it were there, so that none of its
// HTLCs can be one too many.
func (c *Channel) checkAllowance(rate FeeRate, ours int) error {
	capacity := c.params.Capacity
	n := ours + min(int(c.params.Terms[Local].MaxAccepted), Slots(c.format, capacity))
	if fee, most := c.format.Fee(rate, n), FeeAllowance(c.format, capacity); fee > most {
		return fmt.Errorf("%w: %d sat at %d sat/kw with %d HTLCs, at most %d",
			ErrFeeAllowance, fee, rate, n, most)
	}
	return nil
}

// checkRaise is checkAllowance at a rate that the peer asks for, with our HTLCs that there are.
func (c *Channel) checkRaise(rate FeeRate) error {
	for _, holder := range [...]Side{Local, Remote} {
		t := c.totals(holder, &settled, rate)
		if err := c.checkAllowance(rate, t.outputs[Local]); err != nil {
			return err
		}
	}
	return nil
}

// bearsFullSlots reports whether the allowance bears a rate whatever both sides add.
func (c *Channel) bearsFullSlots(rate FeeRate) bool {
	capacity := c.params.Capacity
	return c.format.Fee(rate, 2*Slots(c.format, capacity)) <= FeeAllowance(c.format, capacity)
}

// slots are the HTLCs that this side accepts.
func (cfg *OpenConfig) slots() uint16 {
	return min(cfg.Terms.MaxAccepted, uint16(Slots(cfg.Format, cfg.Capacity)))
}

// checkFirstFee checks the fee rate of commitment 0 as checkAllowance does.
func (cfg *OpenConfig) checkFirstFee() error {
	n := int(cfg.slots())
	if fee, most := cfg.Format.Fee(cfg.FeeRate, n), FeeAllowance(cfg.Format, cfg.Capacity); fee > most {
		return fmt.Errorf("%w: %d sat at %d sat/kw with the %d HTLCs that are accepted, at most %d",
			ErrFeeAllowance, fee, cfg.FeeRate, n, most)
	}
	return nil
}
