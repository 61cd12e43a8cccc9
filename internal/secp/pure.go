package secp

import (
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/ecdsa"
)

// compactBase is what a compact signature's first byte adds to the recovery id of an
// uncompressed key.
const compactBase = 27

func pureSign(key *btcec.PrivateKey, hash *[32]byte) (sig [Size]byte, id byte, err error) {
	c := ecdsa.SignCompact(key, hash[:], false)
	copy(sig[:], c[1:])
	return sig, c[0] - compactBase, nil
}

func pureVerify(pub *btcec.PublicKey, hash *[32]byte, sig *[Size]byte) bool {
	r, s, ok := scalars(sig)
	return ok && ecdsa.NewSignature(&r, &s).Verify(hash[:], pub)
}

func pureRecover(hash *[32]byte, sig *[Size]byte, id byte) (*btcec.PublicKey, error) {
	var c [1 + Size]byte
	c[0] = compactBase + id
	copy(c[1:], sig[:])
	pub, _, err := ecdsa.RecoverCompact(c[:], hash[:])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecover, err)
	}
	return pub, nil
}

func pureMul(k *btcec.ModNScalar, p, r *btcec.JacobianPoint) {
	btcec.ScalarMultNonConst(k, p, r)
}
