package bolt3

import (
	"bytes"
	"fmt"

	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
)

// SpendFunding is the witness that spends the funding output with both sides' signatures.
func SpendFunding(p *htlc.Params, sigs [2]lnwire.Sig) (wire.TxWitness, error) {
	if err := checkKeys(p); err != nil {
		return nil, err
	}
	var der [2][]byte
	for side := range sigs {
		var err error
		if der[side], err = derSig(&sigs[side], txscript.SigHashAll); err != nil {
			return nil, fmt.Errorf("bolt3: %v signature: %w", htlc.Side(side), err)
		}
	}
	a, b := p.Terms[0].Funding, p.Terms[1].Funding
	if bytes.Compare(a.SerializeCompressed(), b.SerializeCompressed()) > 0 {
		der[0], der[1] = der[1], der[0]
	}
	return wire.TxWitness{nil, der[0], der[1], FundingWitness(a, b)}, nil
}

// SpendHTLC is the witness of an HTLC transaction: the other side's signature as it came
// in commitment_signed, the holder's (SIGHASH_ALL), and the preimage for an HTLC that the
// holder received, nil for one it offered.
func SpendHTLC(script []byte, other, holder lnwire.Sig, preimage []byte) (wire.TxWitness, error) {
	theirs, err := derSig(&other, HTLCHashType)
	if err != nil {
		return nil, fmt.Errorf("bolt3: the other side's signature: %w", err)
	}
	ours, err := derSig(&holder, txscript.SigHashAll)
	if err != nil {
		return nil, fmt.Errorf("bolt3: the holder's signature: %w", err)
	}
	return wire.TxWitness{nil, theirs, ours, preimage, script}, nil
}

// derSig is a signature as script has it: DER and the hash type.
func derSig(s *lnwire.Sig, hashType txscript.SigHashType) ([]byte, error) {
	sig, err := s.ToSignature()
	if err != nil {
		return nil, err
	}
	return append(sig.Serialize(), byte(hashType)), nil
}
