package enforce

import (
	"cmp"
	"slices"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/chain"
)

// lot is what goes into one transaction, the most urgent first.
type lot struct {
	items []*item
	rate  chain.SatPerKWeight
}

// company is what outputs must share to go together.
type company struct {
	alone    wire.OutPoint
	channel  lnwire.ChannelID
	deadline adjudicator.Height
	raced    bool
}

// companyOf keeps apart what might be spoiled. What a peer may take goes with that channel's only, of
// the same deadline, as a batch that has climbed toward one is too dear to be replaced in parts;
// and what the peer may take at once not with what it can't yet. What was in a batch that was
// refused goes alone. What nobody else can take goes with all of its kind.
func (r *round) companyOf(it *item) (c company) {
	switch {
	case it.row.alone, it.Parent != nil:
		c.alone = it.Claim.Out
	case it.rider, it.Claim.Deadline == 0 && !it.Claim.Path.Staged():
	default:
		c.channel, c.deadline = it.Channel, it.Deadline
		c.raced = it.Claim.Deadline != 0 && it.Claim.Deadline <= r.tip+1
	}
	return c
}

// lots puts together what may go together and asks for about the same rate, the most urgent
// first.
func (r *round) lots(rest []*item) []lot {
	groups := make(map[company][]*item)
	var order []company
	for _, it := range rest {
		c := r.companyOf(it)
		if groups[c] == nil {
			order = append(order, c)
		}
		groups[c] = append(groups[c], it)
	}
	var all []lot
	for _, c := range order {
		if c.alone != (wire.OutPoint{}) {
			all = append(all, r.levels(groups[c])...)
			continue
		}
		claims := make([]*bitcoin.Claim, len(groups[c]))
		for i, it := range groups[c] {
			claims[i] = it.Claim
		}
		plan := bitcoin.Plan(claims, r.tip, feeRate(relayFloor), anyDest)
		for _, batch := range plan.Ready {
			items := make([]*item, len(batch))
			for i, claim := range batch {
				items[i] = r.open[claim.Out]
			}
			all = append(all, r.levels(items)...)
		}
		for _, claim := range plan.Uneconomic {
			r.open[claim.Out].tell(SweepUneconomic, "too small for a transaction of its own")
		}
	}
	slices.SortStableFunc(all, func(a, b lot) int {
		x, y := a.items[0], b.items[0]
		// The dearest first: it is to pay for the transaction that it leaves.
		return cmp.Or(cmp.Compare(until(x.Deadline), until(y.Deadline)), cmp.Compare(b.rate, a.rate), byUrgency(x, y))
	})
	return all
}

// levels splits a batch so that no output pays above its limit, or much more than it asks for. Riders
// go with the first that they can afford, or not at all.
func (r *round) levels(items []*item) []lot {
	var riders, rest []*item
	for _, it := range items {
		if it.rider {
			riders = append(riders, it)
		} else {
			rest = append(rest, it)
		}
	}
	slices.SortStableFunc(rest, func(a, b *item) int { return int(b.rate - a.rate) })
	var all []lot
	for len(rest) > 0 {
		l := lot{rate: rest[0].rate}
		var later []*item
		for i, it := range rest {
			if i == 0 || it.limit >= l.rate && 2*it.rate >= l.rate {
				l.items = append(l.items, it)
			} else {
				later = append(later, it)
			}
		}
		all, rest = append(all, l), later
	}
	for _, it := range riders {
		if i := slices.IndexFunc(all, func(l lot) bool { return it.limit >= l.rate }); i >= 0 {
			all[i].items = append(all[i].items, it)
		} else {
			it.tell(SweepUneconomic, "worth taking together with something else only")
		}
	}
	for i := range all {
		slices.SortFunc(all[i].items, byUrgency)
	}
	return all
}

// limit is the highest rate that all of a lot can pay.
func (l *lot) limit() chain.SatPerKWeight {
	least := l.items[0].limit
	for _, it := range l.items {
		least = min(least, it.limit)
	}
	return least
}
