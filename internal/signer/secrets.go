package signer

import (
	"errors"
	"log/slog"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/nichework/nwnd/htlc"
)

// Secrets are one side's of one channel: BOLT 3, "Key Derivation". Root is the shachain
// seed of the per-commitment secrets. They print as a placeholder.
type Secrets struct {
	Funding    *btcec.PrivateKey
	Revocation *btcec.PrivateKey
	Payment    *btcec.PrivateKey
	Delayed    *btcec.PrivateKey
	HTLC       *btcec.PrivateKey
	Root       [32]byte
}

// ErrSecrets says that a key is missing or zero.
var ErrSecrets = errors.New("signer: a secret is missing or zero")

func (s *Secrets) check() error {
	for _, k := range []*btcec.PrivateKey{s.Funding, s.Revocation, s.Payment, s.Delayed, s.HTLC} {
		if k == nil || k.Key.IsZero() {
			return ErrSecrets
		}
	}
	return nil
}

// FillTerms puts the public keys where the channel's parameters want them.
func (s *Secrets) FillTerms(t *htlc.Terms) {
	t.Funding = s.Funding.PubKey()
	t.Revocation = s.Revocation.PubKey()
	t.Payment = s.Payment.PubKey()
	t.Delayed = s.Delayed.PubKey()
	t.HTLC = s.HTLC.PubKey()
}

const hidden = "signer: secrets"

// String hides the secrets.
func (Secrets) String() string { return hidden }

// GoString hides the secrets.
func (Secrets) GoString() string { return hidden }

// LogValue hides the secrets.
func (Secrets) LogValue() slog.Value { return slog.StringValue(hidden) }

// String hides the secrets.
func (*Signer) String() string { return hidden }

// GoString hides the secrets.
func (*Signer) GoString() string { return hidden }

// LogValue hides the secrets.
func (*Signer) LogValue() slog.Value { return slog.StringValue(hidden) }
