package signer

import (
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
)

var _ bitcoin.Signer = (*Signer)(nil)

// SignClaims signs what takes outputs of a commitment, each digest with the key of its role: BOLT 3,
// "Key Derivation". It implements bitcoin.Signer; a signer of EVM chains refuses.
func (s *Signer) SignClaims(ds []bitcoin.Digest) ([]lnwire.Sig, error) {
	if s.kind != ECDSA {
		return nil, fmt.Errorf("%w: claims on bitcoin, with a signer of kind %d", ErrRole, s.kind)
	}
	return s.signEach(len(ds), func(i int) (*btcec.PrivateKey, *[32]byte, error) {
		key, err := s.claimKey(&ds[i])
		return key, &ds[i].Hash, err
	})
}

// claimKey is the private key for a claim's digest.
func (s *Signer) claimKey(d *bitcoin.Digest) (*btcec.PrivateKey, error) {
	switch {
	case d.Role == bitcoin.PaymentKey:
		return s.keys.Payment, nil
	case d.Role == bitcoin.DelayedKey && d.Point != nil:
		return bolt3.TweakPriv(s.keys.Delayed, d.Point), nil
	case d.Role == bitcoin.RevocationKey && d.Secret != nil:
		secret, _ := btcec.PrivKeyFromBytes(d.Secret[:])
		return bolt3.RevocationPriv(s.keys.Revocation, secret), nil
	case d.Role == htlc.HTLCKey && d.Point != nil:
		// An old commitment's, perhaps: it would drive out the keys that Sign keeps.
		return bolt3.TweakPriv(s.keys.HTLC, d.Point), nil
	case d.Role == htlc.FundingKey:
		return s.keys.Funding, nil
	}
	return nil, fmt.Errorf("%w: role %d", ErrRole, d.Role)
}
