package onion

import (
	"crypto/hmac"
	"crypto/sha256"

	"github.com/btcsuite/btcd/btcec/v2"
	"golang.org/x/crypto/chacha20"
)

// Sizes of an onion packet (BOLT 4, "Packet Structure").
const (
	// Size is the whole packet: version, ephemeral key, payloads, HMAC.
	Size = 1 + keySize + payloadsSize + macSize

	// MaxHops is the longest route that fits: 26 forwarding payloads of at
	// least 47 bytes and a final one of 37.
	MaxHops = 27

	keySize      = 33
	payloadsSize = 1300
	macSize      = 32

	keyAt      = 1
	payloadsAt = keyAt + keySize
	macAt      = payloadsAt + payloadsSize
)

// deriveKey is the key of the given kind (rho, mu, um, ammag, pad) under a
// secret (BOLT 4, "Key Generation").
func deriveKey(kind string, secret []byte) [32]byte {
	mac := hmac.New(sha256.New, []byte(kind))
	mac.Write(secret)
	return [32]byte(mac.Sum(nil))
}

// authenticate is HMAC-SHA256 over the parts in order.
func authenticate(key [32]byte, parts ...[]byte) [macSize]byte {
	mac := hmac.New(sha256.New, key[:])
	for _, part := range parts {
		mac.Write(part)
	}
	return [macSize]byte(mac.Sum(nil))
}

// newStream is the pseudo-random byte stream of a key: ChaCha20 with a nonce
// of zero (BOLT 4, "Pseudo Random Byte Stream").
func newStream(key [32]byte) *chacha20.Cipher {
	var nonce [chacha20.NonceSize]byte
	stream, err := chacha20.NewUnauthenticatedCipher(key[:], nonce[:])
	if err != nil {
		panic(err) // only for a wrong key or nonce size, both fixed above
	}
	return stream
}

// blinding is the factor by which a hop multiplies the ephemeral key.
func blinding(ephemeral [keySize]byte, secret [32]byte) btcec.ModNScalar {
	sum := sha256.Sum256(append(ephemeral[:], secret[:]...))
	var factor btcec.ModNScalar
	factor.SetBytes(&sum)
	return factor
}

// ReplayKey names the onion that was peeled with this shared secret: an HTLC
// whose key is already known is a replay and must not be forwarded or settled.
func ReplayKey(secret [32]byte) [16]byte {
	sum := sha256.Sum256(secret[:])
	return [16]byte(sum[:16])
}
