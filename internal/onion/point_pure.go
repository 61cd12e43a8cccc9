//go:build !cgo || gofuzz

package onion

import "github.com/btcsuite/btcd/btcec/v2"

// point is a point of secp256k1 other than infinity, in affine coordinates.
// This form is pure Go.
type point struct {
	pub *btcec.PublicKey
}

// pointOf converts a key that was checked to be on the curve when parsed.
func pointOf(pub *btcec.PublicKey) point {
	return point{pub: pub}
}

// parsePoint reads a compressed point; ok is false when it is off the curve.
func parsePoint(compressed []byte) (p point, ok bool) {
	if len(compressed) != 33 {
		return point{}, false
	}
	pub, err := btcec.ParsePubKey(compressed)
	return point{pub: pub}, err == nil
}

// mul is scalar times p; ok is false for a scalar of zero.
func (p point) mul(scalar *btcec.ModNScalar) (product point, ok bool) {
	var in, out btcec.JacobianPoint
	p.pub.AsJacobian(&in)
	btcec.ScalarMultNonConst(scalar, &in, &out)
	if out.Z.IsZero() {
		return point{}, false
	}
	out.ToAffine()
	return point{pub: btcec.NewPublicKey(&out.X, &out.Y)}, true
}

// compress is the 33-byte form.
func (p point) compress() [33]byte {
	return [33]byte(p.pub.SerializeCompressed())
}
