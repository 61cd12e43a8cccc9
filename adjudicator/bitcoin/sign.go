package bitcoin

import (
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
)

// The keys that sign on chain only, on top of htlc.FundingKey and htlc.HTLCKey.
const (
	DelayedKey    htlc.KeyRole = htlc.HTLCKey + 1 + iota // delayed_payment_basepoint, tweaked with Digest.Point
	PaymentKey                                           // payment_basepoint, as it is
	RevocationKey                                        // revocation_basepoint with Digest.Secret
)

// Digest is one thing to sign: an htlc.Digest whose role may be one of the above.
type Digest struct {
	htlc.Digest
	Secret *[32]byte     // the revoked commitment's, for RevocationKey
	Out    wire.OutPoint // the claim's: in a transaction for several channels it tells whose key signs
}

// Signer signs claims with this side's secrets of one channel.
type Signer interface {
	SignClaims(ds []Digest) ([]lnwire.Sig, error)
}

// ErrSigner says that a signer gave too few signatures, or one of another key.
var ErrSigner = errors.New("adjudicator: signer failed")

// maxSig is a signature's length in a witness at most: DER with a low S, and the hash
// type. The usual one is that or one byte less.
const maxSig = 72

// witness is a claim's witness with our signature; the peer's is in the claim.
func (c *Claim) witness(ours, peers []byte) wire.TxWitness {
	var preimage []byte
	if c.NeedsPreimage {
		preimage = make([]byte, len(htlc.Preimage{}))
		if c.Preimage != nil {
			copy(preimage, c.Preimage[:])
		}
	}
	switch c.Path {
	case ToLocal, StageOutput:
		return wire.TxWitness{ours, nil, c.Script}
	case RevokedToLocal, RevokedStage:
		return wire.TxWitness{ours, {1}, c.Script}
	case RevokedHTLC:
		return wire.TxWitness{ours, c.key.pub.SerializeCompressed(), c.Script}
	case StageTimeout, StageSuccess:
		return wire.TxWitness{nil, peers, ours, preimage, c.Script}
	case TimeoutHTLC, PreimageHTLC:
		return wire.TxWitness{ours, preimage, c.Script}
	case OtherAnchor:
		return wire.TxWitness{nil, c.Script}
	}
	return wire.TxWitness{ours, c.Script} // ToRemote, Anchor
}

// WitnessWeight is that of the claim's witness in weight units, signatures at their longest.
func (c *Claim) WitnessWeight() int64 {
	return int64(c.witness(make([]byte, maxSig), make([]byte, maxSig)).SerializeSize())
}

// sign fills in the witnesses of the first inputs, which are the claims'. Ours are
// SIGHASH_ALL: nobody can take a part of the transaction for another one.
func sign(tx *wire.MsgTx, claims []*Claim, fetch txscript.PrevOutputFetcher, signer Signer) error {
	hashes := txscript.NewTxSigHashes(tx, fetch)
	ds := make([]Digest, 0, len(claims))
	for i, c := range claims {
		if c.key.pub == nil {
			continue
		}
		h, err := txscript.CalcWitnessSigHash(c.Script, hashes, txscript.SigHashAll, tx, i, int64(c.Value))
		if err != nil {
			return fmt.Errorf("adjudicator: sighash of input %d: %w", i, err)
		}
		ds = append(ds, Digest{
			Digest: htlc.Digest{Role: c.key.role, Point: c.key.point, Pub: c.key.pub, Hash: [32]byte(h)},
			Secret: c.key.secret, Out: c.Out,
		})
	}
	sigs, err := signer.SignClaims(ds)
	if err != nil {
		return fmt.Errorf("adjudicator: sign: %w", err)
	}
	if len(sigs) != len(ds) {
		return fmt.Errorf("%w: %d signatures for %d digests", ErrSigner, len(sigs), len(ds))
	}
	for i, c := range claims {
		var ours, peers []byte
		if c.key.pub != nil {
			if ours, err = checked(&ds[0], &sigs[0]); err != nil {
				return fmt.Errorf("input %d: %w", i, err)
			}
			ds, sigs = ds[1:], sigs[1:]
		}
		if c.Path.Staged() {
			sig, err := c.peerSig.ToSignature()
			if err != nil {
				return fmt.Errorf("adjudicator: the peer's signature of HTLC %d: %w", c.HTLC.ID, err)
			}
			peers = append(sig.Serialize(), byte(bolt3.HTLCHashType))
		}
		tx.TxIn[i].Witness = c.witness(ours, peers)
	}
	return nil
}

// checked is a signature as script has it. One that doesn't verify would cost a deadline,
// so it is found here and not by the chain.
func checked(d *Digest, s *lnwire.Sig) ([]byte, error) {
	sig, err := s.ToSignature()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSigner, err)
	}
	if !sig.Verify(d.Hash[:], d.Pub) {
		return nil, fmt.Errorf("%w: signature of role %d is not of key %x", ErrSigner, d.Role, compressed(d.Pub))
	}
	return append(sig.Serialize(), byte(txscript.SigHashAll)), nil
}

func compressed(k *btcec.PublicKey) []byte { return k.SerializeCompressed() }
