package onion

import (
	"bytes"
	"crypto/hmac"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"
)

// Sizes of a failure blob (BOLT 4, "Returning Errors").
const (
	// MinFailure is the smallest blob a sender can read: HMAC, two
	// lengths, 256 bytes of message and padding.
	MinFailure = macSize + 2 + 2 + minMessage

	// MaxFailure is the largest blob we pass back. The largest in use
	// anywhere is under 1,100 bytes; a peer may send 65 kB.
	MaxFailure = 4096

	minMessage = 256
	maxMessage = 1024
)

// ErrUnreadable says that no hop of the route made a failure blob, so nobody
// can be blamed.
var ErrUnreadable = errors.New("onion: failure not readable with any key of the route")

// EncryptFailure makes the reason of update_fail_htlc at the node that refuses,
// under the secret of the HTLC's onion.
func EncryptFailure(secret [32]byte, failure lnwire.FailureMessage) ([]byte, error) {
	var message bytes.Buffer
	if err := lnwire.EncodeFailureMessage(&message, failure, 0); err != nil {
		return nil, fmt.Errorf("onion: encode %v: %w", failure.Code(), err)
	}
	return encryptMessage(secret, message.Bytes())
}

func encryptMessage(secret [32]byte, message []byte) ([]byte, error) {
	if len(message) > maxMessage {
		return nil, fmt.Errorf("onion: failure message of %d bytes, at "+
			"most %d", len(message), maxMessage)
	}
	pad := max(0, minMessage-len(message))
	blob := make([]byte, macSize, macSize+2+len(message)+2+pad)
	blob = binary.BigEndian.AppendUint16(blob, uint16(len(message)))
	blob = append(blob, message...)
	blob = binary.BigEndian.AppendUint16(blob, uint16(pad))
	blob = append(blob, make([]byte, pad)...)

	mac := authenticate(deriveKey("um", secret[:]), blob[macSize:])
	copy(blob, mac[:])
	newStream(deriveKey("ammag", secret[:])).XORKeyStream(blob, blob)
	return blob, nil
}

// WrapFailure adds this node's layer to the reason that the next node gave. A
// blob that nobody could read (BOLT 4's least size) or that is far too large
// is replaced by our own temporary_channel_failure, so that the sender learns
// where it went wrong and the bytes go no further.
func WrapFailure(secret [32]byte, reason []byte) ([]byte, error) {
	if len(reason) < MinFailure || len(reason) > MaxFailure {
		return EncryptFailure(secret, &lnwire.FailTemporaryChannelFailure{})
	}
	wrapped := make([]byte, len(reason))
	newStream(deriveKey("ammag", secret[:])).XORKeyStream(wrapped, reason)
	return wrapped, nil
}

// ConvertMalformed turns the next node's update_fail_malformed_htlc into the
// reason of our update_fail_htlc (BOLT 2: the node that offered the bad onion
// reports it). An error means the peer broke the protocol: no BADONION bit.
func ConvertMalformed(secret [32]byte, code lnwire.FailCode, onionHash [32]byte) ([]byte, error) {
	if code&lnwire.FlagBadOnion == 0 {
		return nil, fmt.Errorf("onion: malformed failure of code %#x "+
			"lacks the BADONION bit", uint16(code))
	}
	message := binary.BigEndian.AppendUint16(nil, uint16(code))
	return encryptMessage(secret, append(message, onionHash[:]...))
}

// Keys are the secrets shared with each node of a route, first node first.
type Keys struct {
	Secrets [][32]byte
}

// Rederive is the Keys of an onion built earlier, from what has to be kept
// about a payment in flight anyway: session key and nodes.
func Rederive(session *btcec.PrivateKey, nodes []*btcec.PublicKey) (Keys, error) {
	keys, _, err := sharedSecrets(session, nodes)
	return keys, err
}

// Failure is what a node of the route had to say.
type Failure struct {
	// Hop is the position in the route of the node that failed it; 0 is
	// the first node after the sender.
	Hop int

	// Code as sent, known to us or not. Its flags say what kind it is.
	Code lnwire.FailCode

	// Message is nil when the code is unknown or the message malformed.
	Message lnwire.FailureMessage
}

// Decrypt finds which node made a failure blob and reads it. All hops of the
// longest route are tried so that the time taken doesn't tell which.
func (k Keys) Decrypt(reason []byte) (Failure, error) {
	if len(reason) < macSize+4 || len(reason) > 1<<16 {
		return Failure{}, fmt.Errorf("%w: %d bytes", ErrUnreadable, len(reason))
	}
	var (
		blob  = bytes.Clone(reason)
		found = -1
		plain []byte
	)
	for i := range MaxHops {
		var secret [32]byte
		if i < len(k.Secrets) {
			secret = k.Secrets[i]
		}
		newStream(deriveKey("ammag", secret[:])).XORKeyStream(blob, blob)
		mac := authenticate(deriveKey("um", secret[:]), blob[macSize:])
		if hmac.Equal(mac[:], blob[:macSize]) && found < 0 && i < len(k.Secrets) {
			found, plain = i, bytes.Clone(blob[macSize:])
		}
	}
	if found < 0 {
		return Failure{}, ErrUnreadable
	}
	return readFailure(found, plain), nil
}

// readFailure reads an authenticated message. What is malformed in it is the
// fault of the node at hop, so that it is named all the same.
func readFailure(hop int, plain []byte) Failure {
	length := int(binary.BigEndian.Uint16(plain))
	message := plain[2:]
	if length < 2 || length > len(message) {
		return Failure{Hop: hop}
	}
	message = message[:length]
	failure := Failure{
		Hop:  hop,
		Code: lnwire.FailCode(binary.BigEndian.Uint16(message)),
	}
	decoded, err := lnwire.DecodeFailureMessage(bytes.NewReader(message), 0)
	if err == nil {
		failure.Message = decoded
	}
	return failure
}
