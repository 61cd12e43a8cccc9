package bolt3

import (
	"crypto/sha256"
	"hash"

	"github.com/btcsuite/btcd/txscript"
	"github.com/nichework/nwnd/htlc"
	"golang.org/x/crypto/ripemd160" //lint:ignore SA1019 bitcoin's OP_HASH160 is made of it
)

// htlcScripts makes the witness scripts of one commitment's HTLCs from what they share,
// into one buffer.
type htlcScripts struct {
	offered  [2][]byte // before and after the payment hash
	received [2][]byte
	tail     []byte // of a received HTLC, after cltv_expiry
	ripemd   hash.Hash
	buf      []byte
}

// newHTLCScripts prepares BOLT 3's "Offered HTLC Outputs" and "Received HTLC Outputs", as
// the holder sees them.
func newHTLCScripts(k *Keys) *htlcScripts {
	r := ripemd160.New()
	rev := sha256.Sum256(k.Revocation.SerializeCompressed())
	r.Write(rev[:])

	head := []byte{txscript.OP_DUP, txscript.OP_HASH160, txscript.OP_DATA_20}
	head = r.Sum(head)
	head = append(head, txscript.OP_EQUAL, txscript.OP_IF, txscript.OP_CHECKSIG, txscript.OP_ELSE)
	head = pushKey(head, k.OtherHTLC.SerializeCompressed())
	head = append(head, txscript.OP_SWAP, txscript.OP_SIZE, txscript.OP_DATA_1, 32, txscript.OP_EQUAL)

	multisig := append([]byte{txscript.OP_2, txscript.OP_SWAP, txscript.OP_DATA_33},
		k.HolderHTLC.SerializeCompressed()...)
	multisig = append(multisig, txscript.OP_2, txscript.OP_CHECKMULTISIG, txscript.OP_ELSE)
	end := []byte{txscript.OP_CHECKSIG, txscript.OP_ENDIF,
		txscript.OP_1, txscript.OP_CHECKSEQUENCEVERIFY, txscript.OP_DROP, txscript.OP_ENDIF}
	hash := []byte{txscript.OP_HASH160, txscript.OP_DATA_20}

	s := &htlcScripts{ripemd: r, buf: make([]byte, 0, 160)}
	s.offered[0] = join(head, []byte{txscript.OP_NOTIF, txscript.OP_DROP}, multisig, hash)
	s.offered[1] = join([]byte{txscript.OP_EQUALVERIFY}, end)
	s.received[0] = join(head, []byte{txscript.OP_IF}, hash)
	s.received[1] = join([]byte{txscript.OP_EQUALVERIFY}, multisig, []byte{txscript.OP_DROP})
	s.tail = join([]byte{txscript.OP_CHECKLOCKTIMEVERIFY, txscript.OP_DROP}, end)
	return s
}

// script makes one HTLC's witness script; the next call overwrites it.
func (s *htlcScripts) script(h *htlc.HTLC, holder htlc.Side) []byte {
	s.ripemd.Reset()
	s.ripemd.Write(h.Hash[:])
	if h.Offerer == holder {
		s.buf = append(s.buf[:0], s.offered[0]...)
		s.buf = s.ripemd.Sum(s.buf)
		s.buf = append(s.buf, s.offered[1]...)
		return s.buf
	}
	s.buf = append(s.buf[:0], s.received[0]...)
	s.buf = s.ripemd.Sum(s.buf)
	s.buf = append(s.buf, s.received[1]...)
	s.buf = pushInt(s.buf, h.Expiry)
	s.buf = append(s.buf, s.tail...)
	return s.buf
}

func join(parts ...[]byte) []byte {
	var out []byte
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}
