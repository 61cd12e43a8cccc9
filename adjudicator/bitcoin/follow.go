package bitcoin

import (
	"bytes"
	"crypto/sha256"

	"github.com/btcsuite/btcd/wire"
	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
)

// Followed is what a transaction changed that spends outputs of a commitment.
type Followed struct {
	Taken     []wire.OutPoint // of the commitment: claims on them are void
	Preimages []Revealed      // to be used upstream at once, whether it confirms or not
	Claims    []*Claim        // on its outputs
}

// Revealed is a preimage that an input shows.
type Revealed struct {
	HTLC     HTLC
	Preimage htlc.Preimage
}

// Follow looks at a transaction that spends outputs of the commitment, by whomever: ours,
// a cheater's HTLC transaction, one with the preimage of an HTLC that we offered. At is the
// height of its block; before it has one, preimages and Taken are of use, Claims are not.
//
// A cheater may put many HTLC transactions into one and add inputs and outputs of its own,
// so every output that the revocation key opens is claimed, wherever it is.
func (s *Spent) Follow(tx *wire.MsgTx, at adjudicator.Height) Followed {
	var f Followed
	for _, in := range tx.TxIn {
		if in.PreviousOutPoint.Hash != s.TxID {
			continue
		}
		o := s.output(in.PreviousOutPoint.Index)
		if o == nil {
			continue
		}
		f.Taken = append(f.Taken, in.PreviousOutPoint)
		if o.Kind == bolt3.HTLC {
			if p, ok := preimageIn(in.Witness, o.HTLC.Hash160); ok {
				f.Preimages = append(f.Preimages, Revealed{o.HTLC, p})
			}
		}
	}
	staged := s.Ending == adjudicator.Local || s.Ending == adjudicator.Revoked
	if len(f.Taken) == 0 || !staged {
		return f
	}
	script := s.delayed()
	pk, txid := bolt3.PayToScript(script), tx.TxHash()
	for i, out := range tx.TxOut {
		if !bytes.Equal(out.PkScript, pk) {
			continue
		}
		c := &Claim{
			Path: StageOutput, Out: wire.OutPoint{Hash: txid, Index: uint32(i)},
			Value: htlc.Sat(out.Value), Script: script, Confirmed: at,
			Delay: s.keys.ToSelfDelay,
			key:   key{role: DelayedKey, point: s.point, pub: s.keys.Delayed},
		}
		if i < len(tx.TxIn) && tx.TxIn[i].PreviousOutPoint.Hash == s.TxID {
			if o := s.output(tx.TxIn[i].PreviousOutPoint.Index); o != nil {
				c.HTLC = o.HTLC
			}
		}
		if s.Ending == adjudicator.Revoked {
			c.Path, c.key = RevokedStage, s.revocation()
			c.Delay, c.Deadline = 0, at+adjudicator.Height(s.keys.ToSelfDelay)
		}
		f.Claims = append(f.Claims, c)
	}
	return f
}

// output is the recognised output at an index, or nil.
func (s *Spent) output(index uint32) *Output {
	for i := range s.Outputs {
		if s.Outputs[i].Index == index {
			return &s.Outputs[i]
		}
	}
	return nil
}

// preimageIn finds a preimage among a witness's items: every path that shows one has it as
// an item of its own.
func preimageIn(w wire.TxWitness, hash160 [20]byte) (p htlc.Preimage, ok bool) {
	for _, item := range w {
		if len(item) == len(p) && bolt3.PaymentHash160(sha256.Sum256(item)) == hash160 {
			copy(p[:], item)
			return p, true
		}
	}
	return p, false
}

// Reveals reports whether a witness shows the preimage of a payment hash's RIPEMD-160.
func Reveals(w wire.TxWitness, hash160 [20]byte) bool {
	_, ok := preimageIn(w, hash160)
	return ok
}
