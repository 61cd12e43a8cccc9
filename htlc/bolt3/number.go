package bolt3

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/btcsuite/btcd/wire"
	"github.com/nichework/nwnd/htlc"
)

// BOLT 3, "Commitment Transaction": the upper bytes of locktime and sequence.
const (
	lockTimeMark = 0x20 << 24
	sequenceMark = 0x80 << 24
	txVersion    = 2
)

// numberMask hides the commitment number from who doesn't know the channel: the lower 48
// bits of SHA256(opener's payment_basepoint || the other's).
func numberMask(p *htlc.Params) uint64 {
	var buf [66]byte
	copy(buf[:33], p.Terms[p.Opener].Payment.SerializeCompressed())
	copy(buf[33:], p.Terms[p.Opener.Other()].Payment.SerializeCompressed())
	h := sha256.Sum256(buf[:])
	return binary.BigEndian.Uint64(h[24:]) & maxNumber
}

// hideNumber gives the locktime and the sequence that carry a commitment number.
func hideNumber(p *htlc.Params, n uint64) (lockTime, sequence uint32) {
	n ^= numberMask(p)
	return lockTimeMark | uint32(n&0xffffff), sequenceMark | uint32(n>>24)
}

// Number reads the commitment number back from a transaction that spends the funding
// output; false if it can't be a commitment of this channel.
func Number(p *htlc.Params, tx *wire.MsgTx) (uint64, bool) {
	if len(tx.TxIn) != 1 || tx.TxIn[0].PreviousOutPoint != p.Outpoint {
		return 0, false
	}
	sequence := tx.TxIn[0].Sequence
	if tx.LockTime&0xff000000 != lockTimeMark || sequence&0xff000000 != sequenceMark {
		return 0, false
	}
	n := uint64(sequence&0xffffff)<<24 | uint64(tx.LockTime&0xffffff)
	return n ^ numberMask(p), true
}
