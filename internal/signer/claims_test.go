package signer_test

import (
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/signer"
)

func parse32(t *testing.T, text string) (b [32]byte) {
	raw, err := hex.DecodeString(text)
	require.NoError(t, err)
	require.Len(t, raw, len(b))
	copy(b[:], raw)
	return b
}

func parsePub(t *testing.T, text string) *btcec.PublicKey {
	raw, err := hex.DecodeString(text)
	require.NoError(t, err)
	pub, err := btcec.ParsePubKey(raw)
	require.NoError(t, err)
	return pub
}

// BOLT 3, Appendix E, "Key Derivation Test Vectors": base_secret stands for every basepoint's.
func TestClaimsAreSignedWithAppendixEKeys(t *testing.T) {
	base := parse32(t, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
	secret := parse32(t, "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100")
	point := parsePub(t, "025f7117a78150fe2ef97db7cfc83bd57b2e2c0d0dd25eaf467a4a1c2a45ce1486")
	tweaked := parsePub(t, "0235f2dbfaa89b57ec7b055afe29849ef7ddfeb1cefdb9ebdc43f5494984db29e5")
	revocation := parsePub(t, "02916e326636d19c33f13e8c0c3a03dd157f332f3e99c317c141dd865eb01f8ff0")
	plain := parsePub(t, "036d6caac248af96f6afa7f904f550253a0f3ef3f5aa2fe6838a95b216691468e2")
	key, _ := btcec.PrivKeyFromBytes(base[:])
	other := secrets(4)

	for _, c := range []struct {
		name   string
		role   htlc.KeyRole
		pub    *btcec.PublicKey
		point  *btcec.PublicKey
		secret *[32]byte
		set    func(*signer.Secrets)
	}{
		{"funding", htlc.FundingKey, plain, nil, nil, func(s *signer.Secrets) { s.Funding = key }},
		{"htlc", htlc.HTLCKey, tweaked, point, nil, func(s *signer.Secrets) { s.HTLC = key }},
		{"delayed", bitcoin.DelayedKey, tweaked, point, nil, func(s *signer.Secrets) { s.Delayed = key }},
		{"payment", bitcoin.PaymentKey, plain, nil, nil, func(s *signer.Secrets) { s.Payment = key }},
		{"revocation", bitcoin.RevocationKey, revocation, nil, &secret, func(s *signer.Secrets) { s.Revocation = key }},
	} {
		t.Run(c.name, func(t *testing.T) {
			keys := other
			c.set(&keys)
			s, err := signer.New(keys, signer.ECDSA, nil)
			require.NoError(t, err)
			d := bitcoin.Digest{
				Digest: htlc.Digest{Role: c.role, Point: c.point, Pub: c.pub, Hash: hash(9, uint64(c.role))},
				Secret: c.secret,
			}
			sigs, err := s.SignClaims([]bitcoin.Digest{d})
			require.NoError(t, err)
			require.NoError(t, s.Verify([]htlc.Digest{d.Digest}, sigs))
		})
	}
}

// A commitment with many HTLCs is signed on all cores, each digest by its own key.
func TestManyClaimsOfManyKeys(t *testing.T) {
	keys := secrets(5)
	s, err := signer.New(keys, signer.ECDSA, signer.NewPool(2))
	require.NoError(t, err)
	var ds []bitcoin.Digest
	var plain []htlc.Digest
	for n := range uint64(100) {
		point := s.Point(n)
		secret := s.Secret(n)
		d := htlc.Digest{Role: htlc.HTLCKey, Point: point, Pub: bolt3.TweakPub(keys.HTLC.PubKey(), point)}
		if n%2 == 1 {
			d.Role, d.Point, d.Pub = bitcoin.RevocationKey, nil, bolt3.RevocationPub(keys.Revocation.PubKey(), point)
		}
		d.Hash = hash(6, n)
		plain = append(plain, d)
		ds = append(ds, bitcoin.Digest{Digest: d, Secret: &secret})
	}
	sigs, err := s.SignClaims(ds)
	require.NoError(t, err)
	require.NoError(t, s.Verify(plain, sigs))
}

// What lacks its key is refused, and the error tells no secret.
func TestClaimsWithoutTheirKeyAreRefused(t *testing.T) {
	keys := secrets(5)
	s, err := signer.New(keys, signer.ECDSA, nil)
	require.NoError(t, err)
	secret := s.Secret(3)
	for _, d := range []bitcoin.Digest{
		{Digest: htlc.Digest{Role: htlc.HTLCKey}},
		{Digest: htlc.Digest{Role: bitcoin.DelayedKey}},
		{Digest: htlc.Digest{Role: bitcoin.RevocationKey, Point: s.Point(1)}},
		{Digest: htlc.Digest{Role: bitcoin.RevocationKey + 1}, Secret: &secret},
	} {
		_, err := s.SignClaims([]bitcoin.Digest{d})
		require.ErrorIs(t, err, signer.ErrRole)
		require.NotContains(t, err.Error(), fmt.Sprintf("%x", secret[:4]))
	}
	evm, err := signer.New(keys, signer.EIP2098, nil)
	require.NoError(t, err)
	_, err = evm.SignClaims([]bitcoin.Digest{{Digest: htlc.Digest{Role: bitcoin.PaymentKey}}})
	require.ErrorIs(t, err, signer.ErrRole)
}
