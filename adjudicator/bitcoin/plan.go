package bitcoin

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/htlc"
)

// batchWeight bounds a batch's claims: small enough that one replaced transaction is not
// dear, and far below what nodes relay.
const batchWeight = 100_000

// Batches are claims that go into one transaction each, most urgent first, and those that
// don't go now.
type Batches struct {
	Ready      [][]*Claim
	Waiting    []*Claim // for a height or a preimage
	Uneconomic []*Claim // cost at least what they bring, at this rate
}

// Plan groups claims for the block after the tip. HTLC transactions go with others of their
// locktime, since the peer's signature is on it. Of the rest, what nobody else can take
// goes together, and so does what somebody might take first: one output that is spent from
// under a batch must not hold up what was safe. Anchors, which anyone may take and nobody
// gains by, go with what has time. Batches whose value is eaten up by what they share, the
// output and the header, are uneconomic as a whole: anchors alone always are.
func Plan(claims []*Claim, tip adjudicator.Height, rate htlc.FeeRate, dest []byte) Batches {
	var b Batches
	groups := make(map[group][]*Claim)
	var order []group
	for _, c := range sorted(claims) {
		switch {
		case !c.Ready(tip):
			b.Waiting = append(b.Waiting, c)
			continue
		case c.Cost(rate) >= c.Value:
			b.Uneconomic = append(b.Uneconomic, c)
			continue
		}
		g := groupOf(c)
		if groups[g] == nil {
			order = append(order, g)
		}
		groups[g] = append(groups[g], c)
	}
	for _, g := range order {
		for _, batch := range split(groups[g]) {
			if !g.staged && !worth(batch, rate, dest) {
				b.Uneconomic = append(b.Uneconomic, batch...)
				continue
			}
			b.Ready = append(b.Ready, batch)
		}
	}
	return b
}

// group is what claims must have in common.
type group struct {
	staged    bool
	lockTime  uint32 // of staged ones
	contested bool
}

func groupOf(c *Claim) group {
	if c.Path.Staged() {
		return group{staged: true, lockTime: c.LockTime}
	}
	return group{contested: c.Deadline != 0 && !c.Path.anyones()}
}

// sorted puts the earliest deadline first, those without one last, then by outpoint.
func sorted(claims []*Claim) []*Claim {
	out := slices.Clone(claims)
	slices.SortFunc(out, func(a, b *Claim) int {
		// 0 less 1 is the largest Height
		return cmp.Or(cmp.Compare(a.Deadline-1, b.Deadline-1),
			bytes.Compare(a.Out.Hash[:], b.Out.Hash[:]), cmp.Compare(a.Out.Index, b.Out.Index))
	})
	return out
}

// split cuts claims into batches of bounded weight.
func split(claims []*Claim) [][]*Claim {
	var out [][]*Claim
	weight := int64(0)
	for _, c := range claims {
		w := int64(c.Cost(1000)) // a satoshi for each weight unit
		if len(out) == 0 || weight+w > batchWeight {
			out, weight = append(out, nil), 0
		}
		out[len(out)-1] = append(out[len(out)-1], c)
		weight += w
	}
	return out
}

// worth reports whether what a batch brings after fees is above dust.
func worth(batch []*Claim, rate htlc.FeeRate, dest []byte) bool {
	value := -feeFor(rate, Overhead(len(batch), dest))
	for _, c := range batch {
		value += c.Value - c.Cost(rate)
	}
	return value >= Dust(dest)
}
