package secp

import (
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
)

// Size is the length of a signature: R and S, 32 bytes each, big endian.
const Size = 64

// Errors of this package.
var (
	ErrKey     = errors.New("secp: private key is not in 1..n-1")
	ErrRecover = errors.New("secp: no public key can be recovered")
)

// Sign signs a digest. The second result is the recovery id, 0 to 3: bit 0 is the parity
// of R's y, bit 1 says that R's x exceeds the group order.
func Sign(key *btcec.PrivateKey, hash *[32]byte) (sig [Size]byte, id byte, err error) {
	if key.Key.IsZero() {
		return sig, 0, ErrKey
	}
	return sign(key, hash)
}

// Verify reports whether a signature is good and has a low S.
func Verify(pub *btcec.PublicKey, hash *[32]byte, sig *[Size]byte) bool {
	return verify(pub, hash, sig)
}

// Recover gives the key whose signature over hash this is. A high S is refused.
func Recover(hash *[32]byte, sig *[Size]byte, id byte) (*btcec.PublicKey, error) {
	if id > 3 {
		return nil, fmt.Errorf("%w: recovery id is %d, at most 3", ErrRecover, id)
	}
	if _, _, ok := scalars(sig); !ok {
		return nil, fmt.Errorf("%w: R or S out of range", ErrRecover)
	}
	return recoverKey(hash, sig, id)
}

// Mul sets r to k*p, in variable time: for public values only. p must be affine.
func Mul(k *btcec.ModNScalar, p, r *btcec.JacobianPoint) { mul(k, p, r) }

// scalars splits a signature; ok says that both are in 1..n-1 and S is in its lower half.
func scalars(sig *[Size]byte) (r, s btcec.ModNScalar, ok bool) {
	if r.SetByteSlice(sig[:32]) || s.SetByteSlice(sig[32:]) {
		return r, s, false
	}
	return r, s, !r.IsZero() && !s.IsZero() && !s.IsOverHalfOrder()
}
