package eip712

import (
	"errors"
	"fmt"

	"github.com/nichework/nwnd/htlc"
)

// sums are what a state accounts for: deposits and withdrawals of A and B in base units, and what is
// left of them.
type sums struct {
	acc, out [2]amount
	total    amount
	left     htlc.MilliSat // the same as total
}

// sums adds up a channel's money. Totals are by htlc.Side.
func (f *Format) sums(p *htlc.Params, deposited, withdrawn [2]htlc.Sat) (s sums, err error) {
	if f.Decimals > MaxDecimals {
		return s, fmt.Errorf("eip712: token has %d decimals, at most %d", f.Decimals, MaxDecimals)
	}
	if p.Terms[0].Funding == nil || p.Terms[1].Funding == nil {
		return s, errors.New("eip712: a funding key is missing")
	}
	in, err := sum(deposited)
	if err != nil {
		return s, fmt.Errorf("eip712: deposits of %w", err)
	}
	out, err := sum(withdrawn)
	if err != nil {
		return s, fmt.Errorf("eip712: withdrawals of %w", err)
	}
	if out >= in {
		return s, fmt.Errorf("eip712: %d units were withdrawn of %d: out of range", out, in)
	}
	for i, side := range [...]htlc.Side{p.Opener, p.Opener.Other()} {
		s.acc[i], s.out[i] = f.whole(deposited[side]), f.whole(withdrawn[side])
	}
	s.left = htlc.MilliSat(in-out) * 1000
	s.total = f.units(s.left)
	return s, nil
}

// sum adds two totals that together are within htlc.MaxCapacity.
func sum(of [2]htlc.Sat) (htlc.Sat, error) {
	for _, n := range of {
		if n < 0 || n > htlc.MaxCapacity {
			return 0, fmt.Errorf("%d units: out of range", int64(n))
		}
	}
	if of[0] > htlc.MaxCapacity-of[1] {
		return 0, fmt.Errorf("%d and %d units: out of range", int64(of[0]), int64(of[1]))
	}
	return of[0] + of[1], nil
}

// whole is an amount of whole units.
func (f *Format) whole(n htlc.Sat) amount { return f.units(htlc.MilliSat(n) * 1000) }

// put appends accA, accB, outA and outB.
func (s *sums) put(w words) words {
	return w.amount(s.acc[0]).amount(s.acc[1]).amount(s.out[0]).amount(s.out[1])
}

// conserved refuses a ledger that isn't exactly what is left: what is missing would silently go to
// the opener.
func (s *sums) conserved(balance [2]htlc.MilliSat, hs []*htlc.HTLC) error {
	left := s.left
	for _, m := range balance {
		if m > left {
			return fmt.Errorf("eip712: ledger exceeds the capacity of %d thousandths", uint64(s.left))
		}
		left -= m
	}
	for _, h := range hs {
		if h.Amount > left {
			return fmt.Errorf("eip712: ledger exceeds the capacity of %d thousandths", uint64(s.left))
		}
		left -= h.Amount
	}
	if left != 0 {
		return fmt.Errorf("eip712: ledger is %d short of the capacity of %d thousandths",
			uint64(left), uint64(s.left))
	}
	return nil
}
