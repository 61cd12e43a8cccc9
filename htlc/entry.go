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

// result is what the switch is told of an outgoing HTLC's outcome.
func (e *entry) result() Result {
	if e.out.kind == fulfilled {
		return Fulfilled{HTLC: e.HTLC, Preimage: e.out.preimage}
	}
	return Failed{
		HTLC: e.HTLC, Reason: e.out.reason,
		Code: e.out.code, OnionHash: e.out.onionHash,
	}
}
