package eip712

import (
	"errors"
	"fmt"

	"github.com/nichework/nwnd/htlc"
)

// Format writes the commitments of one adjudicator and one token. Each asset of a node has one.
type Format struct {
	ChainID  uint64
	Contract [20]byte
	Token    [20]byte // zero: the chain's coin
	Decimals uint8    // of the token, at most 24; fixed when the channel is opened
}

var (
	_ htlc.Format  = Format{}
	_ htlc.Locator = Format{}
	_ htlc.Vault   = Format{}
)

// minTime is the least expiry: below it a number is a block height.
const minTime = 500_000_000

// CheckExpiry refuses what isn't a unix time.
func (Format) CheckExpiry(expiry uint32) error {
	if expiry < minTime {
		return fmt.Errorf("%w: %d is a height, this chain counts seconds (from %d)",
			htlc.ErrExpiry, expiry, minTime)
	}
	return nil
}

// Fee is zero: gas is paid outside the channel.
func (Format) Fee(htlc.FeeRate, int) htlc.Sat { return 0 }

// Trimmed reports whether the chain can't pay any of the HTLC's amount.
func (f Format) Trimmed(h *htlc.HTLC, _ htlc.Side, _ htlc.Sat, _ htlc.FeeRate) bool {
	return f.units(h.Amount).zero()
}

// Digests gives the one digest of a commitment.
func (f Format) Digests(p *htlc.Params, s *htlc.Commitment) ([]htlc.Digest, error) {
	w, err := f.commitment(p, s)
	if err != nil {
		return nil, err
	}
	return []htlc.Digest{{
		Role: htlc.FundingKey, Pub: p.Terms[s.Holder.Other()].Funding, Hash: f.digest(w),
	}}, nil
}

// State gives what a call of the contract's close is made of: the words id, holder, n, toA,
// toB, accA, accB, outA, outB, rev, locked, locksHash of 32 bytes each.
func (f Format) State(p *htlc.Params, s *htlc.Commitment) ([]byte, error) {
	w, err := f.commitment(p, s)
	if err != nil {
		return nil, err
	}
	return w[32:], nil // all but the type
}

// commitment is the struct that both sides sign.
func (f *Format) commitment(p *htlc.Params, s *htlc.Commitment) (words, error) {
	if s.Point == nil {
		return nil, errors.New("eip712: commitment without per_commitment_point")
	}
	sums, err := f.sums(p, s.Deposited, s.Withdrawn)
	if err != nil {
		return nil, err
	}
	if err := sums.conserved(s.Balance, s.HTLCs); err != nil {
		return nil, err
	}
	packed, locked := f.locks(p, s)
	toB := f.units(s.Balance[p.Opener.Other()])
	toA := sums.total.sub(toB).sub(locked) // the remainder is the opener's
	return sums.put(newWords(commitmentType).
		bytes32(p.ID).number(uint64(sideOf(p, s.Holder))).number(s.Number).
		amount(toA).amount(toB)).
		address(Address(s.Point)).amount(locked).bytes32(keccak256(packed)), nil
}
