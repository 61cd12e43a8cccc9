package onion

import (
	"crypto/sha256"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/keychain"
)

// Key is a private key that does ECDH with libsecp256k1 where cgo is, which
// costs a third of the pure Go way. It serves onions and transport alike.
type Key struct {
	private *btcec.PrivateKey
}

var _ keychain.SingleKeyECDH = (*Key)(nil)

// NewKey wraps a private key.
func NewKey(private *btcec.PrivateKey) *Key {
	return &Key{private: private}
}

// PubKey is the public half.
func (k *Key) PubKey() *btcec.PublicKey {
	return k.private.PubKey()
}

// ECDH is the SHA-256 of the compressed product of the private key and pub.
func (k *Key) ECDH(pub *btcec.PublicKey) ([32]byte, error) {
	return k.ecdh(pointOf(pub))
}

func (k *Key) ecdh(p point) ([32]byte, error) {
	product, ok := p.mul(&k.private.Key)
	if !ok {
		return [32]byte{}, fmt.Errorf("onion: ecdh: no product")
	}
	compressed := product.compress()
	return sha256.Sum256(compressed[:]), nil
}
