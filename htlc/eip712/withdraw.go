package eip712

import (
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
)

// withdraw is the struct that both sides sign for the contract to have paid out so much in all.
func (f *Format) withdraw(p *htlc.Params, total [2]htlc.Sat) (words, error) {
	if f.Decimals > MaxDecimals {
		return nil, fmt.Errorf("eip712: token has %d decimals, at most %d", f.Decimals, MaxDecimals)
	}
	if _, err := sum(total); err != nil {
		return nil, fmt.Errorf("eip712: withdrawals of %w", err)
	}
	return newWords(withdrawType).bytes32(p.ID).
		amount(f.whole(total[p.Opener])).amount(f.whole(total[p.Opener.Other()])), nil
}

// WithdrawDigest is what both sides sign for the contract to have paid out so much in all, in units by
// htlc.Side.
func (f Format) WithdrawDigest(p *htlc.Params, total [2]htlc.Sat) (htlc.Digest, error) {
	w, err := f.withdraw(p, total)
	if err != nil {
		return htlc.Digest{}, err
	}
	return htlc.Digest{Role: htlc.FundingKey, Pub: p.Terms[htlc.Remote].Funding, Hash: f.digest(w)}, nil
}

// WithdrawCall gives what a call of the contract's withdraw is made of: the words id, totalA, totalB of
// 32 bytes each, then A's and B's signature of 64.
func (f Format) WithdrawCall(p *htlc.Params, w htlc.WithdrawDone) ([]byte, error) {
	of, err := f.withdraw(p, w.Total)
	if err != nil {
		return nil, err
	}
	return bothSigned(p, of, w.Sigs), nil
}

// bothSigned is a struct without its type, then A's and B's signature.
func bothSigned(p *htlc.Params, w words, sigs [2]lnwire.Sig) []byte {
	out := append([]byte(nil), w[32:]...)
	out = append(out, sigs[p.Opener].RawBytes()...)
	return append(out, sigs[p.Opener.Other()].RawBytes()...)
}
