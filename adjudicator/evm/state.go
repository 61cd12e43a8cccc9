package evm

import (
	"crypto/sha256"
	"maps"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/htlc"
)

// Place is where an event happened.
type Place struct {
	Block uint64
	Time  uint64 // unix seconds of the block, 0 if it wasn't asked for
	Index uint64 // of the log in its block
	Tx    common.Hash
}

// After reports whether a place is behind another one on the same chain.
func (p Place) After(q Place) bool {
	return p.Block > q.Block || p.Block == q.Block && p.Index > q.Index
}

// How says by what a channel ended.
type How uint8

// The ways.
const (
	NotEnded How = iota
	BySettle
	ByPunish
	ByCoop
)

// State is a channel in the contract, as its events tell it up to some block. It is a value: Fold
// gives another one, and what a reorganisation undoes is folded anew from what is final.
type State struct {
	Phase     Phase
	Opened    Place     // of the first deposit
	Deposits  [2]Amount // gross, by side
	Withdrawn [2]Amount // gross, by side

	// The posted state, from Closing on.
	Closed   Place
	Holder   uint8
	N        uint64
	Rev      common.Address
	Deadline uint64    // of the contest period
	To       [2]Amount // by side, when it was posted, surplus included

	Claims  map[uint16][32]byte // preimages by the index of their lock
	Refunds map[uint16]bool
	Partly  bool      // settlePartial was called
	Paid    [2]Amount // by side, while closing and at the end
	Bounty  Amount    // that a tower got of a punishment

	End   Place
	How   How
	Last  Place // of the newest event
	Count uint64
}

// Fold is the state after an event. Events of other channels pass it by. The receiver stays as it is.
func (s State) Fold(id [32]byte, e Event, at Place) State {
	if ChannelOf(e) != id || s.Count > 0 && !at.After(s.Last) {
		return s
	}
	s.Last = at
	s.Count++
	switch e := e.(type) {
	case Deposited:
		if s.Phase == PhaseNone {
			s.Phase, s.Opened = PhaseOpen, at
		}
		s.Deposits[e.Side&1] = sum(s.Deposits[e.Side&1], e.Amount)
	case Withdrawn:
		s.Withdrawn = [2]Amount{e.TotalA, e.TotalB}
	case Closing:
		s.Phase, s.Closed = PhaseClosing, at
		s.Holder, s.N, s.Rev, s.Deadline = e.Holder, e.N, e.Rev, e.Deadline
		s.To = [2]Amount{e.ToA, e.ToB}
	case Resolved:
		s.resolved(e)
	case Settled:
		s.Paid = [2]Amount{sum(s.Paid[0], e.PaidA), sum(s.Paid[1], e.PaidB)}
		s.Partly = true
		if e.Ended {
			s.ended(BySettle, at)
		}
	case Punished:
		victim := 1 - s.Holder&1
		s.Paid[victim] = sum(s.Paid[victim], e.Paid)
		s.Bounty = e.Bounty
		s.ended(ByPunish, at)
	case Cooperated:
		s.Paid = [2]Amount{e.PaidA, e.PaidB}
		s.ended(ByCoop, at)
	}
	return s
}

func (s *State) ended(how How, at Place) { s.Phase, s.How, s.End = PhaseEnded, how, at }

// resolved notes decided locks in maps of its own, since states share them.
func (s *State) resolved(e Resolved) {
	if len(e.Claims) > 0 {
		claims := make(map[uint16][32]byte, len(s.Claims)+len(e.Claims))
		maps.Copy(claims, s.Claims)
		for _, c := range e.Claims {
			claims[c.Index] = c.Preimage
		}
		s.Claims = claims
	}
	if len(e.Refunds) > 0 {
		refunds := make(map[uint16]bool, len(s.Refunds)+len(e.Refunds))
		maps.Copy(refunds, s.Refunds)
		for _, i := range e.Refunds {
			refunds[i] = true
		}
		s.Refunds = refunds
	}
}

// Decided reports whether the lock at an index was claimed or refunded.
func (s *State) Decided(i int) bool {
	_, claimed := s.Claims[uint16(i)]
	return claimed || s.Refunds[uint16(i)]
}

// ChannelOf is the channel that an event is about, zero for none.
func ChannelOf(e Event) [32]byte {
	switch e := e.(type) {
	case Deposited:
		return e.ID
	case Withdrawn:
		return e.ID
	case Closing:
		return e.ID
	case Resolved:
		return e.ID
	case Settled:
		return e.ID
	case Punished:
		return e.ID
	case Cooperated:
		return e.ID
	}
	return [32]byte{}
}

func sum(a, b Amount) (c Amount) {
	c.Add(&a, &b)
	return c
}

func less(a, b Amount) bool { return a.Lt(&b) }

// minus is a-b, 0 if b is more.
func minus(a, b Amount) (c Amount) {
	if less(a, b) {
		return c
	}
	c.Sub(&a, &b)
	return c
}

// preimages are those that claims showed, by their hash.
func (s *State) preimages() map[[32]byte]htlc.Preimage {
	all := make(map[[32]byte]htlc.Preimage, len(s.Claims))
	for _, p := range s.Claims {
		all[sha256.Sum256(p[:])] = p
	}
	return all
}
