package bolt3

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/nichework/nwnd/htlc"
)

// HTLCHashType is what the peer signs HTLC transactions with, so that their holder can
// add inputs and outputs for the fee.
const HTLCHashType = txscript.SigHashSingle | txscript.SigHashAnyOneCanPay

// Digests gives the commitment's sighash and then that of each HTLC transaction, in the
// order of the commitment's outputs: BIP 143, without building the transactions.
func (Format) Digests(p *htlc.Params, s *htlc.Commitment) ([]htlc.Digest, error) {
	l, err := newLayout(p, s)
	if err != nil {
		return nil, err
	}
	ds := make([]htlc.Digest, 1, 1+l.htlcs)
	txid, sighash := l.hashes()
	ds[0] = htlc.Digest{Role: htlc.FundingKey, Pub: l.keys.OtherFund, Hash: sighash}
	if l.htlcs == 0 {
		return ds, nil
	}
	h := newHTLCHasher(l, txid)
	for i := range l.outputs {
		if o := &l.outputs[i]; o.kind == HTLC {
			ds = append(ds, htlc.Digest{
				Role: htlc.HTLCKey, Point: s.Point, Pub: l.keys.OtherHTLC, Hash: h.hash(o, uint32(i)),
			})
		}
	}
	return ds, nil
}

// outputSize is an output's: value, length, script.
const outputSize = 8 + 1 + len(pkScript{})

// hashes serialises the outputs once, for the txid and for the sighash.
func (l *layout) hashes() (txid, sighash [32]byte) {
	lockTime, sequence := hideNumber(l.p, l.s.Number)
	le := binary.LittleEndian
	tx := make([]byte, 0, 64+outputSize*len(l.outputs))
	tx = le.AppendUint32(tx, txVersion)
	tx = append(tx, 1)
	tx = appendOutpoint(tx, &l.p.Outpoint)
	tx = append(tx, 0)
	tx = le.AppendUint32(tx, sequence)
	tx = appendVarInt(tx, len(l.outputs))
	from := len(tx)
	for i := range l.outputs {
		o := &l.outputs[i]
		tx = le.AppendUint64(tx, uint64(o.value))
		tx = append(tx, byte(len(o.pk)))
		tx = append(tx, o.pk[:]...)
	}
	outputs := doubleSHA(tx[from:])
	tx = le.AppendUint32(tx, lockTime)
	txid = doubleSHA(tx)

	script := FundingWitness(l.keys.HolderFund, l.keys.OtherFund)
	var buf [256]byte
	prevouts := doubleSHA(appendOutpoint(buf[:0], &l.p.Outpoint))
	sequences := doubleSHA(le.AppendUint32(buf[:0], sequence))
	b := le.AppendUint32(buf[:0], txVersion)
	b = append(b, prevouts[:]...)
	b = append(b, sequences[:]...)
	b = appendOutpoint(b, &l.p.Outpoint)
	b = append(b, byte(len(script)))
	b = append(b, script...)
	b = le.AppendUint64(b, uint64(l.p.Capacity))
	b = le.AppendUint32(b, sequence)
	b = append(b, outputs[:]...)
	b = le.AppendUint32(b, lockTime)
	b = le.AppendUint32(b, uint32(txscript.SigHashAll))
	return txid, doubleSHA(b)
}

// htlcHasher holds what the HTLC transactions of one commitment share.
type htlcHasher struct {
	l      *layout
	txid   [32]byte
	output [outputSize]byte // all but the value
	buf    []byte
}

func newHTLCHasher(l *layout, txid [32]byte) *htlcHasher {
	h := &htlcHasher{l: l, txid: txid, buf: make([]byte, 0, 512)}
	pk := p2wsh(l.delayed)
	h.output[8] = byte(len(pk))
	copy(h.output[9:], pk[:])
	return h
}

func (h *htlcHasher) hash(o *output, index uint32) [32]byte {
	le := binary.LittleEndian
	script := h.l.scripts.script(o.htlc, h.l.s.Holder)
	le.PutUint64(h.output[:], uint64(o.value))
	outputs := doubleSHA(h.output[:])

	var zero [64]byte // hashPrevouts and hashSequence: ANYONECANPAY
	b := le.AppendUint32(h.buf[:0], txVersion)
	b = append(b, zero[:]...)
	b = append(b, h.txid[:]...)
	b = le.AppendUint32(b, index)
	b = append(b, byte(len(script))) // 136 or at most 143 bytes
	b = append(b, script...)
	b = le.AppendUint64(b, uint64(o.value))
	b = le.AppendUint32(b, htlcSequence)
	b = append(b, outputs[:]...)
	b = le.AppendUint32(b, htlcLockTime(o.htlc, h.l.s.Holder))
	b = le.AppendUint32(b, uint32(HTLCHashType))
	h.buf = b
	return doubleSHA(b)
}

func appendOutpoint(b []byte, o *wire.OutPoint) []byte {
	return binary.LittleEndian.AppendUint32(append(b, o.Hash[:]...), o.Index)
}

// appendVarInt serves lengths below 65,536.
func appendVarInt(b []byte, n int) []byte {
	if n < 0xfd {
		return append(b, byte(n))
	}
	return binary.LittleEndian.AppendUint16(append(b, 0xfd), uint16(n))
}

func doubleSHA(b []byte) [32]byte {
	h := sha256.Sum256(b)
	return sha256.Sum256(h[:])
}
