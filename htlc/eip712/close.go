package eip712

import (
	"errors"
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
)

// ErrCloseFee says that a close asks for a fee: on an EVM chain the sender pays gas.
var ErrCloseFee = errors.New("eip712: a close carries no fee")

// coop is the struct that both sides sign to close.
func (f *Format) coop(p *htlc.Params, c *htlc.Close) (words, error) {
	sums, err := f.sums(p, c.Deposited, c.Withdrawn)
	if err != nil {
		return nil, err
	}
	if c.Fee != 0 {
		return nil, fmt.Errorf("%w: fee is %d", ErrCloseFee, int64(c.Fee))
	}
	if err := sums.conserved(c.Balance, nil); err != nil {
		return nil, err
	}
	b := f.units(c.Balance[p.Opener.Other()])
	return sums.put(newWords(coopType).bytes32(p.ID).amount(sums.total.sub(b)).amount(b)), nil
}

// CloseDigest is what both sides sign to close cooperatively.
func (f Format) CloseDigest(p *htlc.Params, c *htlc.Close) (htlc.Digest, error) {
	w, err := f.coop(p, c)
	if err != nil {
		return htlc.Digest{}, err
	}
	return htlc.Digest{Role: htlc.FundingKey, Pub: p.Terms[htlc.Remote].Funding, Hash: f.digest(w)}, nil
}

// CloseTx gives what a call of the contract's coop is made of: the words id, a, b, accA,
// accB, outA, outB of 32 bytes each, then A's and B's signature of 64.
func (f Format) CloseTx(p *htlc.Params, c *htlc.Close, sigs [2]lnwire.Sig) ([]byte, error) {
	w, err := f.coop(p, c)
	if err != nil {
		return nil, err
	}
	return bothSigned(p, w, sigs), nil
}

// CloseFee is zero.
func (Format) CloseFee(htlc.FeeRate, *htlc.Params, [2][]byte) htlc.Sat { return 0 }

// ErrScript says that a shutdown script carries no payout address.
var ErrScript = errors.New("eip712: shutdown script is not 0014 and an address")

// CheckScript takes an address in the form of a p2wpkh script. Nobody holds the zero
// address, so it is refused.
func (Format) CheckScript(script []byte) error {
	if len(script) != 22 || script[0] != 0 || script[1] != 20 || [20]byte(script[2:]) == [20]byte{} {
		return fmt.Errorf("%w: %x", ErrScript, script[:min(len(script), 42)])
	}
	return nil
}
