package bitcoin

import (
	"bytes"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
)

// Spent is a transaction that spends a channel's funding output, judged.
type Spent struct {
	Ending adjudicator.Ending
	Number uint64 // the commitment's, 0 for an ending without one
	Tx     *wire.MsgTx
	TxID   chainhash.Hash

	// Outputs are those of Tx that were recognised, in order; none for an ending that is
	// no commitment. Others counts the rest: 0 when all that Tx pays is accounted for.
	Outputs []Output
	Others  int

	ch     *Channel
	holder htlc.Side
	point  *btcec.PublicKey // the commitment's per_commitment_point, if known
	secret [32]byte         // behind it, for Revoked
	keys   *bolt3.Keys      // nil without point
	sigs   map[uint32]int   // output to place in LocalSigs, for Local
}

// Output is one output of a commitment. Kind and "holder" are BOLT 3's local view.
type Output struct {
	Index  uint32
	Value  htlc.Sat
	Kind   bolt3.Kind
	Script []byte // the witness script
	HTLC   HTLC   // for kind HTLC

	full *htlc.HTLC // where all of it is known
}

// Classify says which state of the channel a transaction settles. The newest commitments
// are compared whole; older and unknown ones are known by their number and by scripts
// that only this channel's keys give. It fails if the transaction does not spend the
// funding output, or if what is stored can't be read.
func Classify(ch *Channel, tx *wire.MsgTx) (*Spent, error) {
	if !spends(tx, ch.Params.Outpoint) {
		return nil, fmt.Errorf("%w: %v does not spend the funding output %v",
			ErrChannel, tx.TxHash(), ch.Params.Outpoint)
	}
	s := &Spent{Tx: tx, TxID: tx.TxHash(), ch: ch}
	n, ok := bolt3.Number(ch.Params, tx)
	if !ok {
		// Of a restored channel no scripts are known; but we signed it, and never sign more
		// than commitments and closes.
		if ch.restored() || ch.agreed(tx, s.TxID) {
			s.Ending = adjudicator.Cooperative
		}
		return s, nil
	}
	if done, err := s.newest(n); done || err != nil {
		return s, err
	}
	if err := s.other(n); err != nil {
		return nil, err
	}
	return s, nil
}

func spends(tx *wire.MsgTx, o wire.OutPoint) bool {
	for _, in := range tx.TxIn {
		if in.PreviousOutPoint == o {
			return true
		}
	}
	return false
}

// newest compares with the commitments that may be published.
func (s *Spent) newest(n uint64) (bool, error) {
	try := func(com *htlc.Commitment, as adjudicator.Ending) (bool, error) {
		if com == nil || com.Number != n {
			return false, nil
		}
		built, err := bolt3.Build(s.ch.Params, com)
		if err != nil {
			return false, fmt.Errorf("%w: %v commitment %d: %w", ErrChannel, com.Holder, n, err)
		}
		if built.MsgTx.TxHash() != s.TxID {
			return false, nil
		}
		s.Ending, s.Number, s.holder, s.point = as, n, com.Holder, com.Point
		s.keys = bolt3.DeriveKeys(s.ch.Params, com.Holder, com.Point)
		return true, s.whole(built)
	}
	if done, err := try(s.ch.Local, adjudicator.Local); done || err != nil {
		return done, err
	}
	for i, com := range s.ch.Remote {
		as := adjudicator.Remote
		if i > 0 {
			as = adjudicator.RemoteNext
		}
		if done, err := try(com, as); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

// whole takes over the outputs of a commitment that is known entirely.
func (s *Spent) whole(built *bolt3.Tx) error {
	s.sigs = make(map[uint32]int)
	for i := range built.Outputs {
		o := &built.Outputs[i]
		out := Output{Index: uint32(i), Value: o.Value, Kind: o.Kind, Script: o.Script, full: o.HTLC}
		if o.Kind == bolt3.HTLC {
			out.HTLC = htlcOf(o.HTLC)
			s.sigs[out.Index] = 1 + len(s.sigs) // the first signature is the commitment's
		}
		s.Outputs = append(s.Outputs, out)
	}
	if have, want := len(s.ch.LocalSigs), 1+len(s.sigs); s.Ending == adjudicator.Local && have != want {
		return fmt.Errorf("%w: our commitment %d has %d signatures of the peer, needs %d",
			ErrChannel, s.Number, have, want)
	}
	return nil
}

// agreed reports whether a transaction is the cooperative close that is known, or pays
// nobody but the two scripts that were agreed, each at most once.
func (ch *Channel) agreed(tx *wire.MsgTx, txid chainhash.Hash) bool {
	if len(ch.CloseTx) > 0 {
		known := wire.NewMsgTx(2)
		if known.Deserialize(bytes.NewReader(ch.CloseTx)) == nil && known.TxHash() == txid {
			return true
		}
	}
	var paid [2]bool
	for _, out := range tx.TxOut {
		side := -1
		for i, script := range ch.Closing {
			if len(script) > 0 && !paid[i] && bytes.Equal(out.PkScript, script) {
				side = i
				break
			}
		}
		if side < 0 {
			return false
		}
		paid[side] = true
	}
	return len(tx.TxOut) > 0
}

// IsCommitment reports whether a transaction has the form of a commitment of the channel: its
// number is in the sequence and the locktime (BOLT 3, "Commitment Transaction"). A cooperative
// close never has.
func IsCommitment(p *htlc.Params, tx *wire.MsgTx) bool {
	_, ok := bolt3.Number(p, tx)
	return ok
}
