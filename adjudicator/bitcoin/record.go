package bitcoin

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
)

// HTLC is what an HTLC's script and its place in the channel need.
type HTLC struct {
	Offerer htlc.Side
	ID      uint64
	Hash160 [20]byte // RIPEMD-160 of payment_hash
	Expiry  uint32   // cltv_expiry
}

func htlcOf(h *htlc.HTLC) HTLC {
	return HTLC{h.Offerer, h.ID, bolt3.PaymentHash160(h.Hash), h.Expiry}
}

// Record is an HTLC that has an output in the peer's commitments From to To, both
// included. It is all that must be kept to take that output from whichever of them is
// published after it was revoked: keys come from the revealed secret, amounts from the
// transaction. A state without HTLCs needs no record at all.
type Record struct {
	HTLC
	From uint64
	To   uint64 // meaningless while Open
	Open bool   // it is still in the newest
}

// covers reports whether the HTLC has an output in the peer's nth commitment.
func (r *Record) covers(n uint64) bool { return n >= r.From && (r.Open || n <= r.To) }

// ErrRecord says that a stored record can't be read.
var ErrRecord = errors.New("adjudicator: stored HTLC record is corrupt")

const (
	// recordFixed: expiry with the offerer in its top bit, and the hash.
	recordFixed = 4 + 20
	// MaxRecord bounds a record: 24 bytes, the id, From and its length, each below 2^48
	// but the id. One of a million states has about 32.
	MaxRecord = recordFixed + binary.MaxVarintLen64 + 7 + 7

	remoteOffered = 1 << 31
	heightLimit   = 500_000_000 // from here on an expiry is a time
	maxNumber     = 1<<48 - 1
)

// Append adds the record's encoding to b.
func (r *Record) Append(b []byte) ([]byte, error) {
	if r.Offerer > htlc.Remote || r.Expiry >= heightLimit || r.From > maxNumber ||
		!r.Open && (r.To < r.From || r.To > maxNumber) {
		return nil, fmt.Errorf("adjudicator: no record of %v HTLC %d: expiry %d, commitments %d to %d",
			r.Offerer, r.ID, r.Expiry, r.From, r.To)
	}
	word := r.Expiry
	if r.Offerer == htlc.Remote {
		word |= remoteOffered
	}
	b = binary.BigEndian.AppendUint32(b, word)
	b = append(b, r.Hash160[:]...)
	b = binary.AppendUvarint(b, r.ID)
	b = binary.AppendUvarint(b, r.From)
	if r.Open {
		return append(b, 0), nil
	}
	return binary.AppendUvarint(b, r.To-r.From+1), nil
}

// DecodeRecord reads one record, all of b. Each record has one encoding.
func DecodeRecord(b []byte) (Record, error) {
	var r Record
	if len(b) < recordFixed {
		return r, fmt.Errorf("%w: %d bytes, at least %d", ErrRecord, len(b), recordFixed+3)
	}
	word := binary.BigEndian.Uint32(b)
	r.Expiry = word &^ remoteOffered
	if word&remoteOffered != 0 {
		r.Offerer = htlc.Remote
	}
	copy(r.Hash160[:], b[4:])
	rest := b[recordFixed:]
	var span uint64
	for _, v := range []*uint64{&r.ID, &r.From, &span} {
		got, n := binary.Uvarint(rest)
		if n <= 0 || n > 1 && rest[n-1] == 0 {
			return r, fmt.Errorf("%w: bad number with %d bytes left", ErrRecord, len(rest))
		}
		*v, rest = got, rest[n:]
	}
	switch {
	case len(rest) > 0:
		return r, fmt.Errorf("%w: %d bytes left over", ErrRecord, len(rest))
	case r.Expiry >= heightLimit, r.From > maxNumber, span > maxNumber+1,
		span > 0 && r.From+span-1 > maxNumber:
		return r, fmt.Errorf("%w: expiry %d, %d commitments from %d", ErrRecord, r.Expiry, span, r.From)
	}
	if r.Open = span == 0; !r.Open {
		r.To = r.From + span - 1
	}
	return r, nil
}
