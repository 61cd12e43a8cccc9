package bitcoin

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
)

// History follows the peer's commitments and says which records to write. It holds the
// open ones, at most 966; the rest is in the store.
type History struct {
	next uint64 // the number of the commitment that is signed next
	open map[id]*Record
}

// NewHistory goes on behind what is stored: the open records of a channel whose next
// commitment to be signed for the peer has that number.
func NewHistory(next uint64, open []Record) (*History, error) {
	h := &History{next: next, open: make(map[id]*Record, len(open))}
	for _, r := range open {
		k := id{r.Offerer, r.ID}
		if !r.Open || r.From >= next || h.open[k] != nil {
			return nil, fmt.Errorf("%w: %v HTLC %d from commitment %d on is not open once before %d",
				ErrChannel, r.Offerer, r.ID, r.From, next)
		}
		h.open[k] = &r
	}
	return h, nil
}

// Signed takes a commitment that we are about to sign for the peer, and returns the
// records that must be durable before the signature leaves: new ones are open, those of
// HTLCs that are no longer in it are closed and replace the open ones of the same offerer
// and id. The same commitment again, as after a reconnection, changes nothing. HTLCs
// without an output have no record, and a commitment with the same HTLCs costs nothing.
func (h *History) Signed(p *htlc.Params, com *htlc.Commitment) ([]Record, error) {
	if com.Holder != htlc.Remote || com.Number != h.next && com.Number+1 != h.next {
		return nil, fmt.Errorf("%w: %v commitment %d signed, the peer's %d is next",
			ErrChannel, com.Holder, com.Number, h.next)
	}
	if com.Number+1 == h.next {
		return nil, nil
	}
	var changed []Record
	inside := 0
	for _, x := range com.HTLCs {
		if !hasOutput(p, com, x) {
			continue
		}
		inside++
		if k := idOf(x); h.open[k] == nil {
			r := &Record{HTLC: htlcOf(x), From: com.Number, Open: true}
			h.open[k] = r
			changed = append(changed, *r)
		}
	}
	if inside < len(h.open) {
		changed = h.close(p, com, changed)
	}
	h.next++
	slices.SortFunc(changed, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Offerer, b.Offerer), cmp.Compare(a.ID, b.ID))
	})
	return changed, nil
}

// close closes the records of the HTLCs that have no output in a commitment any more.
func (h *History) close(p *htlc.Params, com *htlc.Commitment, changed []Record) []Record {
	inside := make(map[id]bool, len(com.HTLCs))
	for _, x := range com.HTLCs {
		if hasOutput(p, com, x) {
			inside[idOf(x)] = true
		}
	}
	for k, r := range h.open {
		if !inside[k] {
			r.Open, r.To = false, com.Number-1
			changed = append(changed, *r)
			delete(h.open, k)
		}
	}
	return changed
}

// hasOutput reports whether an HTLC of a commitment has an output there.
func hasOutput(p *htlc.Params, com *htlc.Commitment, x *htlc.HTLC) bool {
	return !(bolt3.Format{}).Trimmed(x, com.Holder, p.Terms[com.Holder].DustLimit, com.FeeRate)
}

// OpenRecords are the open records that the peer's newest commitment must have, by what is
// known of it alone: they say that its HTLCs were in all commitments before, too, which does
// no harm. They serve where none were kept.
func OpenRecords(p *htlc.Params, com *htlc.Commitment) []Record {
	var all []Record
	for _, x := range com.HTLCs {
		if hasOutput(p, com, x) {
			all = append(all, Record{HTLC: htlcOf(x), Open: true})
		}
	}
	return all
}
