package htlc

import (
	"crypto/sha256"
	"sort"
)

// entry is an HTLC and where it is in its life. It is small, so that a set of 966 is
// copied in about a microsecond; what is big is behind pointers and never changes.
type entry struct {
	*HTLC
	out       *outcome // nil until its removal is proposed, or its preimage known
	state     state
	overDust  bool // its arrival took the dust exposure over Params.MaxDust
	forgotten bool // the switch needs no outcome of it any more
	timedOut  bool // it ended on chain without a preimage

	// late is a preimage that became known when the removal as a failure was under way, or
	// done. It counts for the switch and on chain; what was signed stays as it is.
	late *Preimage
}

// outcome is how an HTLC ends.
type outcome struct {
	kind      outcomeKind
	preimage  Preimage
	reason    []byte
	code      uint16
	onionHash [32]byte
}

type outcomeKind uint8

const (
	fulfilled outcomeKind = iota + 1
	failed
	malformed
)

// fulfilled reports whether the HTLC's amount goes to its receiver.
func (e *entry) fulfilled() bool { return e.out != nil && e.out.kind == fulfilled }

// preimage is what opens the HTLC, if that is known.
func (e *entry) preimage() (Preimage, bool) {
	switch {
	case e.late != nil:
		return *e.late, true
	case e.fulfilled():
		return e.out.preimage, true
	}
	return Preimage{}, false
}

// known reports whether the preimage is.
func (e *entry) known() bool { return e.late != nil || e.fulfilled() }

// opens reports whether the preimage is the HTLC's.
func (h *HTLC) opens(p Preimage) bool { return sha256.Sum256(p[:]) == h.Hash }

// find is the entry of that id in a list sorted by id, or nil.
func find(list []entry, id uint64) *entry {
	i := sort.Search(len(list), func(i int) bool { return list[i].ID >= id })
	if i < len(list) && list[i].ID == id {
		return &list[i]
	}
	return nil
}

// ended reports whether an outgoing HTLC has an outcome for the switch.
func (e *entry) ended() bool { return e.known() || e.timedOut || e.state.dead() }

// result is what the switch is told of an outgoing HTLC's outcome. A known preimage is never
// followed by a failure (BOLT 5, "HTLC Output Handling").
func (e *entry) result() Result {
	if p, ok := e.preimage(); ok {
		return Fulfilled{HTLC: e.HTLC, Preimage: p}
	}
	if e.timedOut {
		return Failed{HTLC: e.HTLC, OnChain: true}
	}
	return Failed{
		HTLC: e.HTLC, Reason: e.out.reason,
		Code: e.out.code, OnionHash: e.out.onionHash,
	}
}
