package signer

import (
	"errors"
	"fmt"
	"sync"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/shachain"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/secp"
)

// Kind is how signatures are written into their 64 bytes.
type Kind uint8

// The kinds. A signature of one kind is not one of the other.
const (
	ECDSA   Kind = iota // R and S: bitcoin
	EIP2098             // R, and S with y's parity in its top bit: EVM chains
)

// Errors of this package.
var (
	ErrSignature = errors.New("signer: bad signature")
	ErrBatch     = errors.New("signer: digests and signatures differ in number")
	ErrRole      = errors.New("signer: digest of an unknown role or without its key")
)

// Signer implements htlc.Signer. It is safe for use by several goroutines.
type Signer struct {
	keys Secrets
	kind Kind
	pool *Pool
	seed *shachain.RevocationProducer

	mu     sync.Mutex
	tweaks [2]tweaked // of the last two points
	points [4]indexed // of the last four numbers
}

// tweaked is the HTLC key for a per_commitment_point.
type tweaked struct {
	point *btcec.PublicKey
	key   *btcec.PrivateKey
}

type indexed struct {
	n     uint64
	point *btcec.PublicKey
}

var _ htlc.Signer = (*Signer)(nil)

// New makes a channel's signer. Pool is shared by all of them; nil means that every batch
// runs on its caller's goroutine.
func New(keys Secrets, kind Kind, pool *Pool) (*Signer, error) {
	if err := keys.check(); err != nil {
		return nil, err
	}
	if kind > EIP2098 {
		return nil, fmt.Errorf("signer: unknown kind of signature %d", kind)
	}
	return &Signer{
		keys: keys, kind: kind, pool: pool,
		seed: shachain.NewRevocationProducer(chainhash.Hash(keys.Root)),
	}, nil
}

// maxNumber is the last commitment number that shachain has a secret for.
const maxNumber = 1<<48 - 1

// Secret is the nth per-commitment secret: BOLT 3, "Per-commitment Secret Requirements".
// n counts from 0 and is at most 2^48-1; beyond, it gives zeros, which are no secret.
func (s *Signer) Secret(n uint64) [32]byte {
	if n > maxNumber {
		return [32]byte{}
	}
	h, err := s.seed.AtIndex(n)
	if err != nil {
		return [32]byte{}
	}
	return *h
}

// Point is the nth per_commitment_point.
func (s *Signer) Point(n uint64) *btcec.PublicKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	slot := &s.points[n%uint64(len(s.points))]
	if slot.point == nil || slot.n != n {
		secret := s.Secret(n)
		key, point := btcec.PrivKeyFromBytes(secret[:])
		key.Zero()
		*slot = indexed{n: n, point: point}
	}
	return slot.point
}

// Sign signs each digest with this side's key of its role.
func (s *Signer) Sign(ds []htlc.Digest) ([]lnwire.Sig, error) {
	keys := make([]*btcec.PrivateKey, len(ds))
	for i := range ds {
		if i > 0 && ds[i].Role == ds[i-1].Role && ds[i].Point == ds[i-1].Point {
			keys[i] = keys[i-1]
			continue
		}
		var err error
		if keys[i], err = s.key(&ds[i]); err != nil {
			return nil, fmt.Errorf("digest %d: %w", i, err)
		}
	}
	return s.signEach(len(ds), func(i int) (*btcec.PrivateKey, *[32]byte, error) { return keys[i], &ds[i].Hash, nil })
}

// signEach signs n hashes, each with its key, on all cores that are free.
func (s *Signer) signEach(n int, of func(i int) (*btcec.PrivateKey, *[32]byte, error)) ([]lnwire.Sig, error) {
	sigs := make([]lnwire.Sig, n)
	err := s.pool.each(n, func(i int) error {
		key, hash, err := of(i)
		if err != nil {
			return fmt.Errorf("digest %d: %w", i, err)
		}
		raw, id, err := secp.Sign(key, hash)
		if err != nil {
			return fmt.Errorf("signer: digest %d: %w", i, err)
		}
		sigs[i], err = s.kind.encode(&raw, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return sigs, nil
}

// key is the private key for a digest.
func (s *Signer) key(d *htlc.Digest) (*btcec.PrivateKey, error) {
	switch {
	case d.Role == htlc.FundingKey:
		return s.keys.Funding, nil
	case d.Role == htlc.HTLCKey && d.Point != nil:
		return s.tweak(d.Point), nil
	}
	return nil, fmt.Errorf("%w: role %d", ErrRole, d.Role)
}

// tweak keeps the keys of the last two points: each side's newest commitment.
func (s *Signer) tweak(point *btcec.PublicKey) *btcec.PrivateKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.tweaks {
		if t := &s.tweaks[i]; t.point != nil && (t.point == point || t.point.IsEqual(point)) {
			return t.key
		}
	}
	s.tweaks[1] = s.tweaks[0]
	s.tweaks[0] = tweaked{point: point, key: bolt3.TweakPriv(s.keys.HTLC, point)}
	return s.tweaks[0].key
}

// Verify checks each signature against its digest's Pub.
func (s *Signer) Verify(ds []htlc.Digest, sigs []lnwire.Sig) error {
	if len(ds) != len(sigs) {
		return fmt.Errorf("%w: %d digests, %d signatures", ErrBatch, len(ds), len(sigs))
	}
	return s.pool.each(len(ds), func(i int) error {
		if ds[i].Pub == nil {
			return fmt.Errorf("digest %d: %w", i, ErrRole)
		}
		if !s.kind.verify(&ds[i], &sigs[i]) {
			return fmt.Errorf("%w: number %d of %d", ErrSignature, i, len(ds))
		}
		return nil
	})
}
