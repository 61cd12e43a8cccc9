package backup

import (
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"

	"github.com/btcsuite/btcd/btcec/v2"
	"golang.org/x/crypto/chacha20poly1305"
)

// MaxSize bounds what is unpacked, in bytes: a Multi of some 200,000 channels.
const MaxSize = 64 << 20

// Key encrypts what is packed. It prints as a placeholder.
type Key struct{ secret [32]byte }

// ErrKey says that something was packed with another key, or isn't whole.
var ErrKey = errors.New("backup: it was made with another seed, or was changed since")

// NewKey is lnd's choice: the SHA-256 of the public key at family 7
// (keychain.KeyFamilyBaseEncryption), index 0.
func NewKey(base *btcec.PublicKey) Key {
	return Key{sha256.Sum256(base.SerializeCompressed())}
}

// String hides the key.
func (Key) String() string { return "backup: key" }

// GoString hides the key.
func (Key) GoString() string { return "backup: key" }

// LogValue hides the key.
func (Key) LogValue() slog.Value { return slog.StringValue("backup: key") }

func (k Key) aead() (cipher.AEAD, error) { return chacha20poly1305.NewX(k.secret[:]) }

// seal is XChaCha20-Poly1305 behind a random nonce, which is authenticated too.
func (k Key) seal(plain []byte) ([]byte, error) {
	aead, err := k.aead()
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	return aead.Seal(nonce, nonce, plain, nonce), nil
}

func (k Key) open(packed []byte) ([]byte, error) {
	aead, err := k.aead()
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	size := aead.NonceSize()
	if len(packed) < size+aead.Overhead() || len(packed) > MaxSize {
		return nil, malformed("%d bytes, there may be %d to %d", len(packed), size+aead.Overhead(), MaxSize)
	}
	plain, err := aead.Open(nil, packed[:size], packed[size:], packed[:size])
	if err != nil {
		return nil, ErrKey
	}
	return plain, nil
}

// PackSingle encrypts the backup of one channel.
func (k Key) PackSingle(s *Single) ([]byte, error) {
	plain, err := s.Encode()
	if err != nil {
		return nil, err
	}
	return k.seal(plain)
}

// UnpackSingle is the reverse.
func (k Key) UnpackSingle(packed []byte) (*Single, error) {
	plain, err := k.open(packed)
	if err != nil {
		return nil, err
	}
	s, size, err := DecodeSingle(plain)
	if err == nil && size != len(plain) {
		err = malformed("%d bytes too many", len(plain)-size)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// PackMulti encrypts the backup of all channels.
func (k Key) PackMulti(m Multi) ([]byte, error) {
	plain, err := m.Encode()
	if err != nil {
		return nil, err
	}
	return k.seal(plain)
}

// UnpackMulti is the reverse.
func (k Key) UnpackMulti(packed []byte) (Multi, error) {
	plain, err := k.open(packed)
	if err != nil {
		return nil, err
	}
	return DecodeMulti(plain)
}
