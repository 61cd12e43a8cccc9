package eip712

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/nichework/nwnd/htlc"
)

// LockSize is the length of one packed lock: hash (32), amount (16), expiry (6), side (1),
// kind (1), zeros (8).
const LockSize = 64

// sideOf is 0 for A, the opener, and 1 for B.
func sideOf(p *htlc.Params, s htlc.Side) byte {
	if s == p.Opener {
		return 0
	}
	return 1
}

// Locks packs a commitment's HTLCs as the contract takes them: ordered by the side that
// the preimage pays, then by id. What is too small for the chain to pay has no lock.
func (f Format) Locks(p *htlc.Params, s *htlc.Commitment) []byte {
	packed, _ := f.locks(p, s)
	return packed
}

// locks also sums what is locked.
func (f *Format) locks(p *htlc.Params, s *htlc.Commitment) (packed []byte, locked amount) {
	sorted := slices.Clone(s.HTLCs)
	slices.SortFunc(sorted, func(a, b *htlc.HTLC) int {
		return cmp.Or(
			cmp.Compare(sideOf(p, a.Offerer.Other()), sideOf(p, b.Offerer.Other())),
			cmp.Compare(a.ID, b.ID),
		)
	})
	packed = make([]byte, 0, LockSize*len(sorted))
	for _, h := range sorted {
		value := f.units(h.Amount)
		if value.zero() {
			continue
		}
		locked = locked.add(value)
		packed = append(packed, h.Hash[:]...)
		packed = binary.BigEndian.AppendUint64(packed, value.hi)
		packed = binary.BigEndian.AppendUint64(packed, value.lo)
		packed = append(packed, 0, 0) // the upper bytes of 48 bits
		packed = binary.BigEndian.AppendUint32(packed, h.Expiry)
		packed = append(packed, sideOf(p, h.Offerer.Other()), kindHTLC)
		packed = append(packed, make([]byte, 8)...)
	}
	return packed, locked
}

// kindHTLC is a lock that the preimage of a SHA-256 hash opens.
const kindHTLC = 0
