package onion

import (
	"crypto/hmac"
	"crypto/sha256"
	"runtime"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/keychain"
	"github.com/lightningnetwork/lnd/lnwire"
)

// Peeler takes the outermost layer off onions addressed to one node. It is
// safe for concurrent use.
type Peeler struct {
	key     keychain.SingleKeyECDH
	helpers chan struct{}
}

// NewPeeler peels with the node's key; give it a *Key for speed.
func NewPeeler(key keychain.SingleKeyECDH) *Peeler {
	return &Peeler{
		key:     key,
		helpers: make(chan struct{}, runtime.GOMAXPROCS(0)-1),
	}
}

// Result is what an onion said, or how to refuse its HTLC. Exactly one of
// Payload, Malformed and Failure is set.
type Result struct {
	// Secret is shared with the sender and encrypts failures back to it. It
	// is all that has to be kept for that. Zero when Malformed.
	Secret [32]byte

	// Payload for this node.
	Payload *Payload

	// Next is the onion for the next node, nil when this node is the last.
	Next *[Size]byte

	// Malformed: answer with update_fail_malformed_htlc of this code and
	// the SHA-256 of the onion (BadOnionHash).
	Malformed lnwire.FailCode

	// Failure: answer with update_fail_htlc of EncryptFailure(Secret, Failure).
	Failure lnwire.FailureMessage
}

// Final says that the payload is for the last node of the route.
func (r *Result) Final() bool {
	return r.Payload != nil && r.Next == nil
}

// BadOnionHash is the sha256_of_onion of update_fail_malformed_htlc.
func BadOnionHash(onion *[Size]byte) [32]byte {
	return sha256.Sum256(onion[:])
}

// Process peels the onion of an HTLC with this payment hash
// (BOLT 4, "Onion Decryption"). It never keeps a reference to its arguments.
func (p *Peeler) Process(onion *[Size]byte, paymentHash [32]byte) Result {
	if onion[0] != 0 {
		return Result{Malformed: lnwire.CodeInvalidOnionVersion}
	}
	ephemeral := [keySize]byte(onion[keyAt:])
	at, ok := parsePoint(ephemeral[:])
	if !ok {
		return Result{Malformed: lnwire.CodeInvalidOnionKey}
	}
	secret, err := p.ecdh(at, ephemeral)
	if err != nil {
		return Result{Malformed: lnwire.CodeInvalidOnionKey}
	}

	payloads := onion[payloadsAt:macAt]
	mac := authenticate(deriveKey("mu", secret[:]), payloads, paymentHash[:])
	if !hmac.Equal(mac[:], onion[macAt:]) {
		return Result{Malformed: lnwire.CodeInvalidOnionHmac}
	}

	// The bytes beyond the end decrypt zeroes: the filler that the sender
	// foresaw. Only as many are made as this hop's payload takes away.
	var plain [2 * payloadsSize]byte
	stream := newStream(deriveKey("rho", secret[:]))
	stream.XORKeyStream(plain[:payloadsSize], payloads)

	records, nextMAC, used, bad := splitPayload(plain[:payloadsSize])
	if bad != nil {
		return Result{Secret: secret, Failure: bad.failure()}
	}
	final := nextMAC == [macSize]byte{}
	base := used - macSize - len(records)
	payload, bad := parsePayload(records, base, final)
	if bad != nil {
		return Result{Secret: secret, Failure: bad.failure()}
	}
	if final {
		return Result{Secret: secret, Payload: payload}
	}

	factor := blinding(ephemeral, secret)
	nextPoint, ok := at.mul(&factor)
	if !ok {
		return Result{Malformed: lnwire.CodeInvalidOnionKey}
	}
	filler := plain[payloadsSize : payloadsSize+used]
	stream.XORKeyStream(filler, filler)

	next := new([Size]byte)
	nextKey := nextPoint.compress()
	copy(next[keyAt:], nextKey[:])
	copy(next[payloadsAt:], plain[used:used+payloadsSize])
	copy(next[macAt:], nextMAC[:])
	return Result{Secret: secret, Payload: payload, Next: next}
}

// ecdh takes the short way when the key is ours.
func (p *Peeler) ecdh(at point, compressed [keySize]byte) ([32]byte, error) {
	if fast, ok := p.key.(*Key); ok {
		return fast.ecdh(at)
	}
	pub, err := btcec.ParsePubKey(compressed[:])
	if err != nil {
		return [32]byte{}, err
	}
	return p.key.ECDH(pub)
}
