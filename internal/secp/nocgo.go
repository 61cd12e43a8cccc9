//go:build !cgo

package secp

import "github.com/btcsuite/btcd/btcec/v2"

func sign(key *btcec.PrivateKey, hash *[32]byte) ([Size]byte, byte, error) {
	return pureSign(key, hash)
}

func verify(pub *btcec.PublicKey, hash *[32]byte, sig *[Size]byte) bool {
	return pureVerify(pub, hash, sig)
}

func recoverKey(hash *[32]byte, sig *[Size]byte, id byte) (*btcec.PublicKey, error) {
	return pureRecover(hash, sig, id)
}

func mul(k *btcec.ModNScalar, p, r *btcec.JacobianPoint) { pureMul(k, p, r) }
