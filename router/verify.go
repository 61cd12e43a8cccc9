package router

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/ecdsa"
)

// verify checks one 64-byte signature (r, s) by key over a message's signed part. A
// high s is refused, since libsecp256k1 refuses it at the next node.
func verify(sig []byte, key [33]byte, signed []byte) error {
	var r, s btcec.ModNScalar
	if len(sig) != sigSize || r.SetByteSlice(sig[:32]) || s.SetByteSlice(sig[32:]) || r.IsZero() || s.IsZero() || s.IsOverHalfOrder() {
		return fmt.Errorf("%w: not a signature in low-s form", ErrBadSignature)
	}
	pub, err := btcec.ParsePubKey(key[:])
	if err != nil {
		return fmt.Errorf("%w: %x: %w", ErrBadKey, key, err)
	}
	h := digest(signed)
	if !ecdsa.NewSignature(&r, &s).Verify(h[:], pub) {
		return fmt.Errorf("%w: not by %x", ErrBadSignature, key)
	}
	return nil
}

// fundingScript is the P2WSH output script of BOLT 3, "Funding Transaction Output":
// 2-of-2 multisig of the keys in ascending order.
func fundingScript(a, b [33]byte) []byte {
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	const op2, push33, checkMultisig = 0x52, 33, 0xae
	w := append([]byte{op2, push33}, a[:]...)
	w = append(append(w, push33), b[:]...)
	w = append(w, op2, checkMultisig)
	h := sha256.Sum256(w)
	return append([]byte{0, 32}, h[:]...)
}
