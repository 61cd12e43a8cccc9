package htlctest

import (
	"crypto/sha256"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/shachain"

	"github.com/nichework/nwnd/htlc"
)

// Signer signs by hashing: a signature names the key and the digest, and everybody could
// make it. Its per-commitment secrets are real, since the channel checks them.
type Signer struct {
	secrets *shachain.RevocationProducer
	seed    string
	points  map[uint64]*btcec.PublicKey
}

var _ htlc.Signer = (*Signer)(nil)

// NewSigner is the signer of that seed.
func NewSigner(seed string) *Signer {
	root := chainhash.Hash(sha256.Sum256([]byte(seed)))
	return &Signer{
		secrets: shachain.NewRevocationProducer(root), seed: seed,
		points: make(map[uint64]*btcec.PublicKey),
	}
}

// Key is one of the signer's public keys, by name.
func (s *Signer) Key(name string) *btcec.PublicKey {
	secret := sha256.Sum256([]byte(s.seed + "/" + name))
	_, pub := btcec.PrivKeyFromBytes(secret[:])
	return pub
}

// Point is the nth per-commitment point.
func (s *Signer) Point(n uint64) *btcec.PublicKey {
	if p := s.points[n]; p != nil {
		return p
	}
	secret := s.Secret(n)
	_, pub := btcec.PrivKeyFromBytes(secret[:])
	s.points[n] = pub
	return pub
}

// Secret is the nth per-commitment secret.
func (s *Signer) Secret(n uint64) [32]byte {
	h, err := s.secrets.AtIndex(n)
	if err != nil {
		panic(err) // a test that counts beyond 2^48
	}
	return *h
}

// Sign signs with keys that only need a name.
func (s *Signer) Sign(ds []htlc.Digest) ([]lnwire.Sig, error) {
	sigs := make([]lnwire.Sig, len(ds))
	for i := range ds {
		sigs[i] = signature(&ds[i])
	}
	return sigs, nil
}

// Verify compares.
func (s *Signer) Verify(ds []htlc.Digest, sigs []lnwire.Sig) error {
	for i := range ds {
		if sigs[i] != signature(&ds[i]) {
			return fmt.Errorf("htlctest: signature %d of %d is wrong", i, len(ds))
		}
	}
	return nil
}

func signature(d *htlc.Digest) lnwire.Sig {
	var b [64]byte
	first := sha256.Sum256(append(d.Pub.SerializeCompressed(), d.Hash[:]...))
	second := sha256.Sum256(first[:])
	copy(b[:], first[:])
	copy(b[32:], second[:])
	sig, _ := lnwire.NewSigFromWireECDSA(b[:])
	return sig
}
