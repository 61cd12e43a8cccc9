package node

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/btcsuite/btcd/btcec/v2/ecdsa"
	"github.com/btcsuite/btcd/chaincfg/chainhash"

	"github.com/nichework/nwnd/router"
)

// messagePrefix keeps a signed message from being anything else that the key signs. Every
// implementation uses it.
const messagePrefix = "Lightning Signed Message:"

// SignMessage signs with the node's key, so that the key can be recovered from the
// signature, which is 104 characters of zbase32. singleHash is for those who hash once.
func (n *Node) SignMessage(_ context.Context, msg []byte, singleHash bool) (string, error) {
	if len(msg) == 0 {
		return "", fmt.Errorf("%w: need a message to sign", ErrInvalid)
	}
	text := append([]byte(messagePrefix), msg...)
	digest := chainhash.DoubleHashB(text)
	if singleHash {
		once := sha256.Sum256(text)
		digest = once[:]
	}
	return zbase32(ecdsa.SignCompact(n.cfg.Identity, digest, true)), nil
}

// VerifyMessage recovers the key that signed a message, hashed twice.
func (n *Node) VerifyMessage(_ context.Context, msg []byte, signature string) (Signed, error) {
	if len(msg) == 0 {
		return Signed{}, fmt.Errorf("%w: need a message to verify", ErrInvalid)
	}
	sig, err := fromZbase32(signature)
	if err != nil {
		return Signed{}, fmt.Errorf("%w: failed to decode signature: %w", ErrInvalid, err)
	}
	key, _, err := ecdsa.RecoverCompact(sig, chainhash.DoubleHashB(append([]byte(messagePrefix), msg...)))
	if err != nil {
		return Signed{}, nil // it is a signature of nothing
	}
	v := Signed{Key: PubKey(key.SerializeCompressed()), Found: true}
	_, v.Known = n.graph.Node(router.Node(v.Key))
	v.Known = v.Known || v.Key == n.self
	return v, nil
}

// zbase32Digits are the digits of zbase32, which has no padding.
const zbase32Digits = "ybndrfg8ejkmcpqxot1uwisza345h769"

func zbase32(b []byte) string {
	var out strings.Builder
	acc, bits := 0, 0
	for _, v := range b {
		acc, bits = (acc<<8|int(v))&0xfff, bits+8
		for bits >= 5 {
			bits -= 5
			out.WriteByte(zbase32Digits[acc>>bits&31])
		}
	}
	if bits > 0 {
		out.WriteByte(zbase32Digits[acc<<(5-bits)&31])
	}
	return out.String()
}

// signatureSize is a compact signature with its recovery code, in bytes; it fills its
// digits of zbase32 exactly.
const signatureSize = 65

func fromZbase32(s string) ([]byte, error) {
	if len(s)*5 != signatureSize*8 {
		return nil, fmt.Errorf("signature has %d characters, needs %d", len(s), signatureSize*8/5)
	}
	out := make([]byte, 0, signatureSize)
	acc, bits := 0, 0
	for i := range len(s) {
		v := strings.IndexByte(zbase32Digits, s[i])
		if v < 0 {
			return nil, fmt.Errorf("character %d is no digit of zbase32", i)
		}
		acc, bits = (acc<<5|v)&0xfff, bits+5
		if bits >= 8 {
			bits -= 8
			out = append(out, byte(acc>>bits))
		}
	}
	return out, nil
}
