package oracle

import (
	"fmt"

	"github.com/nichework/nwnd/htlc"
)

// stats are what the schedules made, counted where it entered a signed commitment.
type stats struct {
	adds, fulfils, fails, fees int
	deposits, withdrawals      int
	awaited, grants            int // deposits that came too early, signatures on withdrawals
	commitments                int
	reconnects, midDance       int
	crashes                    int
	dust                       int // outputs that crossed a dust limit, HTLCs trimmed on one side only
	largest                    int // HTLCs in one commitment
	refused                    int
	signatures                 int
}

// updates is the sum of what BOLT 2 calls updates.
func (s *stats) updates() int {
	return s.adds + s.fulfils + s.fails + s.fees + s.deposits + s.withdrawals
}

func (s *stats) add(o *stats) {
	s.adds += o.adds
	s.fulfils += o.fulfils
	s.fails += o.fails
	s.fees += o.fees
	s.deposits += o.deposits
	s.withdrawals += o.withdrawals
	s.awaited += o.awaited
	s.grants += o.grants
	s.commitments += o.commitments
	s.reconnects += o.reconnects
	s.midDance += o.midDance
	s.crashes += o.crashes
	s.dust += o.dust
	s.refused += o.refused
	s.signatures += o.signatures
	s.largest = max(s.largest, o.largest)
}

// String is one line for people and for grep.
func (s *stats) String() string {
	return fmt.Sprintf("%d updates: %d adds, %d fulfils, %d fails, %d fee updates, %d deposits (%d waited for), %d withdrawals (%d signatures); %d commitments, "+
		"%d signatures equal, %d reconnects (%d in mid-dance), %d crashes, %d dust crossings, "+
		"%d adds refused, largest HTLC set %d",
		s.updates(), s.adds, s.fulfils, s.fails, s.fees, s.deposits, s.awaited, s.withdrawals, s.grants, s.commitments,
		s.signatures, s.reconnects, s.midDance, s.crashes, s.dust, s.refused, s.largest)
}

// count adds what a commitment brings. Each update enters two commitments; it is counted
// in the one that its sender signs.
func (l *ledger) count(old, s *state, from htlc.Side) {
	st := l.stats
	st.commitments++
	for _, u := range l.log[from][old.covers[from]:s.covers[from]] {
		switch u.kind {
		case "add":
			st.adds++
		case "fulfill":
			st.fulfils++
		case "fail":
			st.fails++
		case "fee":
			st.fees++
		case "deposit":
			st.deposits++
		case "withdraw":
			st.withdrawals++
		}
	}
	holder := from.Other()
	untrimmed := 0
	for k, h := range s.htlcs {
		here := l.format.Trimmed(h, holder, l.params.Terms[holder].DustLimit, s.rate)
		if !here {
			untrimmed++
		}
		there := l.format.Trimmed(h, from, l.params.Terms[from].DustLimit, s.rate)
		if _, known := old.htlcs[k]; !known && here != there {
			st.dust++
		}
	}
	for side := range s.balance {
		v := int64(s.balance[side].ToSatoshis())
		if htlc.Side(side) == l.params.Opener {
			v -= int64(l.format.Fee(s.rate, untrimmed))
		}
		s.hasMain[side] = v >= int64(l.params.Terms[holder].DustLimit)
		if s.number > 1 && s.hasMain[side] != old.hasMain[side] {
			st.dust++
		}
	}
	st.largest = max(st.largest, len(s.htlcs))
	st.signatures += 1 + untrimmed
}
