//go:build cgo && !gofuzz

package onion

import (
	"math/big"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/ethereum/go-ethereum/crypto/secp256k1"
)

// point is a point of secp256k1 other than infinity, in affine coordinates.
// This form multiplies with libsecp256k1, in constant time.
type point struct {
	x, y *big.Int
}

// pointOf converts a key that was checked to be on the curve when parsed.
func pointOf(pub *btcec.PublicKey) point {
	return point{x: pub.X(), y: pub.Y()}
}

// parsePoint reads a compressed point; ok is false when it is off the curve.
func parsePoint(compressed []byte) (p point, ok bool) {
	x, y := secp256k1.DecompressPubkey(compressed)
	return point{x: x, y: y}, x != nil
}

// mul is scalar times p; ok is false for a scalar of zero.
func (p point) mul(scalar *btcec.ModNScalar) (product point, ok bool) {
	bytes := scalar.Bytes()
	x, y := secp256k1.S256().ScalarMult(p.x, p.y, bytes[:])
	return point{x: x, y: y}, x != nil
}

// compress is the 33-byte form.
func (p point) compress() [33]byte {
	var out [33]byte
	out[0] = 2 + byte(p.y.Bit(0))
	p.x.FillBytes(out[1:])
	return out
}
