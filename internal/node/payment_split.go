package node

import (
	"errors"
	"math/bits"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/router"
)

const (
	defaultMaxParts = 16
	// minShard is the least a part is halved to: smaller ones cost more in fees and HTLCs
	// than they help.
	minShard = lnwire.MilliSatoshi(10_000_000)
)

// split prepares the largest part of what is left for which there is a route: all of it, or
// a half as often as needed. A part may cost its share of what may be spent on fees, so that
// none is sent whose rest is then too dear. The last part allowed must carry all that is left.
func (s *Payments) split(p *payment, out int, ignore *ignored) (*attempt, *driver, htlc.Add, error) {
	s.mu.Lock()
	left, fees := p.left()
	part := shard{amount: left, left: left}
	for _, a := range p.attempts {
		if a.Status == AttemptInFlight && len(a.Route.Hops) > 0 {
			part.flying = append(part.flying, flying{id: a.ID, by: a.Route.Hops[0].SCID, amount: a.Route.TotalAmount})
		}
	}
	s.mu.Unlock()
	if most := p.order.maxShard; most > 0 {
		part.amount = min(part.amount, most)
	}
	var first error
	for {
		if part.amount < left && out+1 >= int(p.order.maxParts) {
			if first == nil {
				first = router.ErrNoRoute
			}
			return nil, nil, htlc.Add{}, first
		}
		part.maxFee = share(fees, part.amount, left)
		a, d, add, err := s.routes.prepare(p, part, ignore)
		if err == nil {
			return a, d, add, nil
		}
		if first == nil {
			first = err
		}
		if !errors.Is(err, router.ErrNoRoute) || !smaller(err) || part.amount < 2*p.order.minShard() {
			return nil, nil, htlc.Add{}, first
		}
		part.amount = (part.amount + 1) / 2
	}
}

// minTokenShard is minShard where a unit may be worth more than a satoshi.
const minTokenShard = lnwire.MilliSatoshi(100_000)

func (o *order) minShard() lnwire.MilliSatoshi {
	if o.asset == (AssetID{}) {
		return minShard
	}
	return minTokenShard
}

// share is the part of a sum that falls on amount out of all.
func share(sum, amount, all lnwire.MilliSatoshi) lnwire.MilliSatoshi {
	if amount >= all {
		return sum
	}
	high, low := bits.Mul64(uint64(sum), uint64(amount))
	quotient, _ := bits.Div64(high, low, uint64(all)) // high < all, since amount < all
	return lnwire.MilliSatoshi(quotient)
}

// smaller reports whether a smaller part might find the way that a larger one didn't. Under
// a limit of fees or time the rest of the payment would not, and the part would be held until
// the recipient gives up on it.
func smaller(err error) bool {
	switch router.ReasonOf(err) {
	case router.ReasonCapacity, router.ReasonLocalBalance, router.ReasonProbability:
		return true
	}
	return false
}
