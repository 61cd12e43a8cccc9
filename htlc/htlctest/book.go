package htlctest

import (
	"fmt"

	"github.com/nichework/nwnd/htlc"
)

// Book is a naive switch: it remembers of every HTLC what it was told, and objects when
// that can't be.
type Book struct {
	Offered  map[uint64]*htlc.HTLC    // outgoing, in flight
	Arrived  map[uint64]htlc.LockedIn // incoming, locked in and not decided
	Decided  map[uint64]htlc.Input    // incoming, decided; answered by Resolved
	Settled  map[uint64]bool          // outgoing outcomes, to be forgotten
	Sent     htlc.MilliSat            // fulfilled, outgoing
	Taken    htlc.MilliSat            // fulfilled, incoming
	Counts   map[string]int
	answered map[uint64]bool
}

func newBook() *Book {
	return &Book{
		Offered: make(map[uint64]*htlc.HTLC), Arrived: make(map[uint64]htlc.LockedIn),
		Decided: make(map[uint64]htlc.Input), Settled: make(map[uint64]bool),
		Counts: make(map[string]int), answered: make(map[uint64]bool),
	}
}

// take books a result. A repeated one, as after a crash, must say the same.
func (b *Book) take(r htlc.Result, again bool) error {
	b.Counts[fmt.Sprintf("%T", r)]++
	switch r := r.(type) {
	case htlc.LockedIn:
		id := r.HTLC.ID
		if _, seen := b.Arrived[id]; seen && !again {
			return fmt.Errorf("incoming HTLC %d locked in twice", id)
		}
		if r.HTLC.Onion == nil {
			return fmt.Errorf("incoming HTLC %d without its onion", id)
		}
		b.Arrived[id] = r
	case htlc.Fulfilled:
		if !opens(r.HTLC, r.Preimage) {
			return fmt.Errorf("outgoing HTLC %d fulfilled with another preimage", r.HTLC.ID)
		}
		return b.outcome(r.HTLC, true, again)
	case htlc.Failed:
		return b.outcome(r.HTLC, false, again)
	case htlc.Dropped:
		if b.Offered[r.HTLC.ID] == nil {
			return fmt.Errorf("HTLC %d dropped that was not offered", r.HTLC.ID)
		}
		delete(b.Offered, r.HTLC.ID)
	case htlc.Resolved:
		if b.Decided[r.ID] == nil {
			return fmt.Errorf("HTLC %d resolved that was not decided", r.ID)
		}
		b.answered[r.ID] = true
	}
	return nil
}

func (b *Book) outcome(h *htlc.HTLC, fulfilled, again bool) error {
	if was, seen := b.Settled[h.ID]; seen {
		if !again || was != fulfilled {
			return fmt.Errorf("outgoing HTLC %d has a second outcome", h.ID)
		}
		return nil
	}
	if b.Offered[h.ID] == nil {
		return fmt.Errorf("outgoing HTLC %d has an outcome, but isn't in flight", h.ID)
	}
	delete(b.Offered, h.ID)
	b.Settled[h.ID] = fulfilled
	if fulfilled {
		b.Sent += h.Amount
	}
	return nil
}
