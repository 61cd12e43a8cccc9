package bolt3

import (
	"bytes"
	"fmt"

	"github.com/btcsuite/btcd/wire"
	"github.com/nichework/nwnd/htlc"
)

// Output is one output of a commitment: its index is its place in Tx.Outputs.
type Output struct {
	Kind   Kind
	Value  htlc.Sat
	Script []byte     // the witness script
	HTLC   *htlc.HTLC // for kind HTLC
}

// Tx is a commitment transaction without its witness.
type Tx struct {
	MsgTx   *wire.MsgTx
	Outputs []Output
	Keys    *Keys
	Holder  htlc.Side
	delayed []byte
}

// Build makes a commitment's transaction.
func Build(p *htlc.Params, s *htlc.Commitment) (*Tx, error) {
	l, err := newLayout(p, s)
	if err != nil {
		return nil, err
	}
	lockTime, sequence := hideNumber(p, s.Number)
	tx := wire.NewMsgTx(txVersion)
	tx.LockTime = lockTime
	tx.AddTxIn(&wire.TxIn{PreviousOutPoint: p.Outpoint, Sequence: sequence})
	out := &Tx{MsgTx: tx, Keys: l.keys, Holder: s.Holder, delayed: l.delayed}
	for i := range l.outputs {
		o := &l.outputs[i]
		tx.AddTxOut(&wire.TxOut{Value: int64(o.value), PkScript: bytes.Clone(o.pk[:])})
		out.Outputs = append(out.Outputs, Output{
			Kind: o.kind, Value: o.value, Script: l.witnessScript(o), HTLC: o.htlc,
		})
	}
	return out, nil
}

func (l *layout) witnessScript(o *output) []byte {
	switch o.kind {
	case ToLocal:
		return l.delayed
	case ToRemote:
		return ToRemoteScript(l.keys.ToRemote)
	case LocalAnchor:
		return AnchorScript(l.keys.HolderFund)
	case RemoteAnchor:
		return AnchorScript(l.keys.OtherFund)
	default:
		return bytes.Clone(l.scripts.script(o.htlc, l.s.Holder))
	}
}

// HTLCTx is the second-stage transaction of the output at an index, without its witness:
// HTLC-timeout for what the holder offered, HTLC-success for what it received. It pays
// no fee. BOLT 3, "HTLC-Timeout and HTLC-Success Transactions".
func (t *Tx) HTLCTx(index int) (*wire.MsgTx, error) {
	if index < 0 || index >= len(t.Outputs) || t.Outputs[index].Kind != HTLC {
		return nil, fmt.Errorf("bolt3: output %d is not an HTLC", index)
	}
	o := &t.Outputs[index]
	tx := wire.NewMsgTx(txVersion)
	tx.LockTime = htlcLockTime(o.HTLC, t.Holder)
	tx.AddTxIn(&wire.TxIn{
		PreviousOutPoint: wire.OutPoint{Hash: t.MsgTx.TxHash(), Index: uint32(index)},
		Sequence:         htlcSequence,
	})
	pk := p2wsh(t.delayed)
	tx.AddTxOut(&wire.TxOut{Value: int64(o.Value), PkScript: pk[:]})
	return tx, nil
}

// HTLCTxs are the second-stage transactions in the order of commitment_signed.
func (t *Tx) HTLCTxs() []*wire.MsgTx {
	var txs []*wire.MsgTx
	for i := range t.Outputs {
		if tx, err := t.HTLCTx(i); err == nil {
			txs = append(txs, tx)
		}
	}
	return txs
}

// htlcSequence makes an HTLC transaction wait for one confirmation (option_anchors).
const htlcSequence = 1

func htlcLockTime(h *htlc.HTLC, holder htlc.Side) uint32 {
	if h.Offerer == holder {
		return h.Expiry
	}
	return 0
}
