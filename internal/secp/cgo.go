//go:build cgo

package secp

import (
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/ethereum/go-ethereum/crypto/secp256k1"
)

func sign(key *btcec.PrivateKey, hash *[32]byte) (sig [Size]byte, id byte, err error) {
	secret := key.Key.Bytes()
	s, err := secp256k1.Sign(hash[:], secret[:])
	clear(secret[:])
	if err != nil {
		return sig, 0, fmt.Errorf("secp: sign: %w", err)
	}
	copy(sig[:], s)
	return sig, s[Size], nil
}

// verify gives the key uncompressed, which spares libsecp256k1 a square root.
func verify(pub *btcec.PublicKey, hash *[32]byte, sig *[Size]byte) bool {
	return secp256k1.VerifySignature(pub.SerializeUncompressed(), hash[:], sig[:])
}

func recoverKey(hash *[32]byte, sig *[Size]byte, id byte) (*btcec.PublicKey, error) {
	var s [Size + 1]byte
	copy(s[:], sig[:])
	s[Size] = id
	raw, err := secp256k1.RecoverPubkey(hash[:], s[:])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecover, err)
	}
	return btcec.ParsePubKey(raw)
}

// mul multiplies by recovering a key: from a signature (r, s) over z one recovers
// (s*R - z*G)/r, so with R = p, s = k*r and z = 0 it is k*p, three times as fast as pure
// Go. The rare inputs that recovery can't express go the slow way.
func mul(k *btcec.ModNScalar, p, r *btcec.JacobianPoint) {
	var s [Size + 1]byte
	p.X.PutBytesUnchecked(s[:32])
	var x, sk btcec.ModNScalar
	if k.IsZero() || x.SetByteSlice(s[:32]) || x.IsZero() {
		pureMul(k, p, r)
		return
	}
	sk.Mul2(k, &x).PutBytesUnchecked(s[32:])
	if p.Y.IsOdd() {
		s[Size] = 1
	}
	var zero [32]byte
	raw, err := secp256k1.RecoverPubkey(zero[:], s[:])
	if err != nil || len(raw) != 65 {
		pureMul(k, p, r)
		return
	}
	r.X.SetByteSlice(raw[1:33])
	r.Y.SetByteSlice(raw[33:])
	r.Z.SetInt(1)
}
