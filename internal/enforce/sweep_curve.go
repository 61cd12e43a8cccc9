package enforce

import (
	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/internal/chain"
)

const (
	// calmTarget is in how many blocks what has no deadline should be in one.
	calmTarget = 6
	// urgentBlocks is for how many blocks before a deadline the budget grows from its
	// usual share to all that the output is worth. A claim made late gets as many.
	urgentBlocks = 6
	// relayFloor is what nodes relay at least, 1 sat/vbyte rounded up; a replacement pays as much more.
	relayFloor = chain.SatPerKWeight(253)
)

// course is what is paid for one output over time, in rates.
//
// With a deadline D, the last tip that can still bring it about is D-2, when block D-1 is
// looked for. From the first tip to that the rate climbs from the estimate then to the
// usual budget, with the cube of the time that has passed: little while most of the time is
// left, as blocks are only slow, and much at the end. Over the last 6 blocks the rest of
// the output's worth is added in equal steps, so that the last attempt before the deadline pays
// all of it: who waits for us to give up must lose more than we do. What comes late has 6
// blocks for its climb all the same, since its first attempt most often does. The
// estimate for the blocks that are left is the least at any time.
//
// Without a deadline the rate is the estimate for 6 blocks, for 5 after one block, and so on
// to that for the next block, within the usual budget.
//
// A rate once published is not lowered.
type course struct {
	first, last adjudicator.Height // tips; last is 0 where there is no deadline
	start       chain.SatPerKWeight
	base, whole chain.SatPerKWeight // the usual budget, and all that it is worth
}

// courseOf sets a claim's time: from the tip when it was first made to its deadline.
func courseOf(first, deadline adjudicator.Height) course {
	c := course{first: first}
	if deadline != 0 {
		c.last = first + urgentBlocks
		if deadline > c.last+2 {
			c.last = deadline - 2
		}
	}
	return c
}

// target is for how many blocks to estimate at a tip.
func (c *course) target(tip, deadline adjudicator.Height) uint32 {
	left := adjudicator.Height(1)
	if deadline == 0 {
		if passed := max(tip, c.first) - c.first; passed < calmTarget {
			left = calmTarget - passed
		}
	} else if deadline > tip+1 {
		left = deadline - tip - 1
	}
	return uint32(left)
}

// limit is the most to pay at a tip.
func (c *course) limit(tip adjudicator.Height) chain.SatPerKWeight {
	return c.base + c.extra(tip)
}

// extra is what a deadline at hand adds to the budget.
func (c *course) extra(tip adjudicator.Height) chain.SatPerKWeight {
	if c.last == 0 || tip+urgentBlocks <= c.last || c.whole <= c.base {
		return 0
	}
	done := urgentBlocks - (max(c.last, tip) - tip)
	return (c.whole - c.base) * chain.SatPerKWeight(done) / urgentBlocks
}

// rate is what to pay at a tip, when the estimate for the time left is now.
func (c *course) rate(tip adjudicator.Height, now chain.SatPerKWeight) chain.SatPerKWeight {
	r := max(now, relayFloor)
	if c.last > c.first {
		passed := float64(min(max(tip, c.first), c.last)-c.first) / float64(c.last-c.first)
		climb := float64(max(c.base-c.start, 0)) * passed * passed * passed
		r = max(r, c.start+chain.SatPerKWeight(climb)+c.extra(tip))
	}
	return min(r, c.limit(tip))
}
