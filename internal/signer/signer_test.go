package signer_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/signer"
	"github.com/stretchr/testify/require"
)

func hash(seed, n uint64) [32]byte {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], seed)
	binary.BigEndian.PutUint64(b[8:], n)
	return sha256.Sum256(b[:])
}

// secrets are fixed by a seed.
func secrets(seed uint64) signer.Secrets {
	key := func(n uint64) *btcec.PrivateKey {
		h := hash(seed, n)
		k, _ := btcec.PrivKeyFromBytes(h[:])
		return k
	}
	return signer.Secrets{
		Funding: key(0), Revocation: key(1), Payment: key(2), Delayed: key(3), HTLC: key(4),
		Root: hash(seed, 5),
	}
}

// batch is a commitment's digests: one by the funding key, n by the tweaked HTLC key.
func batch(keys signer.Secrets, point *btcec.PublicKey, n int) []htlc.Digest {
	ds := []htlc.Digest{{Role: htlc.FundingKey, Pub: keys.Funding.PubKey(), Hash: hash(1, 0)}}
	pub := bolt3.TweakPub(keys.HTLC.PubKey(), point)
	for i := range n {
		ds = append(ds, htlc.Digest{Role: htlc.HTLCKey, Point: point, Pub: pub, Hash: hash(1, uint64(i+1))})
	}
	return ds
}

func TestSignAndVerify(t *testing.T) {
	for _, kind := range []signer.Kind{signer.ECDSA, signer.EIP2098} {
		for _, pool := range []*signer.Pool{nil, signer.NewPool(0), signer.NewPool(3)} {
			for _, n := range []int{0, 1, 5, 6, 7, 60} {
				mine, theirs := secrets(1), secrets(2)
				s, err := signer.New(mine, kind, pool)
				require.NoError(t, err)
				peer, err := signer.New(theirs, kind, pool)
				require.NoError(t, err)
				ds := batch(mine, peer.Point(7), n)
				sigs, err := s.Sign(ds)
				require.NoError(t, err)
				require.NoError(t, peer.Verify(ds, sigs))

				again, err := s.Sign(ds)
				require.NoError(t, err)
				require.Equal(t, sigs, again, "signatures are deterministic")

				sigs[n].RawBytes()[40] ^= 1
				err = peer.Verify(ds, sigs)
				require.ErrorIs(t, err, signer.ErrSignature)
				require.ErrorContains(t, err, fmt.Sprintf("number %d of %d", n, n+1))
			}
		}
	}
}

// The first bad signature is the one that is named, whichever goroutine finds one.
func TestVerifyNamesTheFirst(t *testing.T) {
	keys := secrets(1)
	s, err := signer.New(keys, signer.ECDSA, signer.NewPool(4))
	require.NoError(t, err)
	ds := batch(keys, s.Point(0), 99)
	sigs, err := s.Sign(ds)
	require.NoError(t, err)
	sigs[98].RawBytes()[0] ^= 1
	sigs[17].RawBytes()[0] ^= 1
	require.ErrorContains(t, s.Verify(ds, sigs), "number 17 of 100")
}

func TestKindsDontMix(t *testing.T) {
	keys := secrets(1)
	ec, err := signer.New(keys, signer.ECDSA, nil)
	require.NoError(t, err)
	evm, err := signer.New(keys, signer.EIP2098, nil)
	require.NoError(t, err)
	odd := 0
	for n := range 64 {
		ds := []htlc.Digest{{Role: htlc.FundingKey, Pub: keys.Funding.PubKey(), Hash: hash(2, uint64(n))}}
		sigs, err := evm.Sign(ds)
		require.NoError(t, err)
		if sigs[0].RawBytes()[32]&0x80 != 0 {
			odd++
			require.ErrorIs(t, ec.Verify(ds, sigs), signer.ErrSignature)
		}
		sigs[0].RawBytes()[32] ^= 0x80 // the other parity recovers another key
		require.ErrorIs(t, evm.Verify(ds, sigs), signer.ErrSignature)
	}
	require.Greater(t, odd, 8)
}

// Attack 12 (CVE-2020-26895), as a peer would try it.
func TestAttack12HighSFromPeer(t *testing.T) {
	keys := secrets(1)
	s, err := signer.New(keys, signer.ECDSA, nil)
	require.NoError(t, err)
	ds := batch(keys, s.Point(0), 0)
	sigs, err := s.Sign(ds)
	require.NoError(t, err)
	var high btcec.ModNScalar
	high.SetByteSlice(sigs[0].RawBytes()[32:])
	high.Negate().PutBytesUnchecked(sigs[0].RawBytes()[32:])
	require.ErrorIs(t, s.Verify(ds, sigs), signer.ErrSignature)
}

func TestPointsAreOfSecrets(t *testing.T) {
	s, err := signer.New(secrets(1), signer.ECDSA, nil)
	require.NoError(t, err)
	for _, n := range []uint64{0, 1, 2, 3, 4, 0, 8, 12, 1 << 47, 1<<48 - 1} {
		secret := s.Secret(n)
		_, want := btcec.PrivKeyFromBytes(secret[:])
		require.True(t, want.IsEqual(s.Point(n)), "point %d", n)
	}
	require.Zero(t, s.Secret(1<<48))
}

func TestRefusals(t *testing.T) {
	keys := secrets(1)
	s, err := signer.New(keys, signer.ECDSA, nil)
	require.NoError(t, err)
	_, err = s.Sign([]htlc.Digest{{Role: 7}})
	require.ErrorIs(t, err, signer.ErrRole)
	_, err = s.Sign([]htlc.Digest{{Role: htlc.HTLCKey}})
	require.ErrorIs(t, err, signer.ErrRole)
	require.ErrorIs(t, s.Verify([]htlc.Digest{{}}, nil), signer.ErrBatch)
	require.ErrorIs(t, s.Verify([]htlc.Digest{{}}, make([]lnwire.Sig, 1)), signer.ErrRole)
	_, err = signer.New(keys, 9, nil)
	require.Error(t, err)
	keys.Delayed = nil
	_, err = signer.New(keys, signer.ECDSA, nil)
	require.ErrorIs(t, err, signer.ErrSecrets)
}

func TestSecretsDontPrint(t *testing.T) {
	keys := secrets(1)
	var b strings.Builder
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "keys", keys, "p", &keys)
	fmt.Fprintf(&b, "%v %+v %#v %s %v %x", keys, keys, keys, keys, &keys, keys)
	root := fmt.Sprintf("%x", keys.Root)
	require.NotContains(t, b.String(), root[:16])
	require.NotContains(t, b.String(), fmt.Sprint(keys.Root[:4])[1:])
}

// Many channels share a pool; it never has more goroutines than its size, and none is
// left behind.
func TestPoolIsShared(t *testing.T) {
	pool := signer.NewPool(2)
	var wg sync.WaitGroup
	for c := range uint64(8) {
		wg.Go(func() {
			keys := secrets(c)
			s, err := signer.New(keys, signer.ECDSA, pool)
			if err != nil {
				t.Error(err)
				return
			}
			for n := range uint64(5) {
				ds := batch(keys, s.Point(n), 40)
				sigs, err := s.Sign(ds)
				if err != nil {
					t.Error(err)
				}
				if err := s.Verify(ds, sigs); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.Zero(t, pool.Busy())
}

func BenchmarkSign484(b *testing.B)   { benchmark(b, true) }
func BenchmarkVerify484(b *testing.B) { benchmark(b, false) }

func benchmark(b *testing.B, sign bool) {
	keys := secrets(1)
	s, err := signer.New(keys, signer.ECDSA, signer.NewPool(0))
	if err != nil {
		b.Fatal(err)
	}
	ds := batch(keys, s.Point(0), 483)
	sigs, _ := s.Sign(ds)
	for b.Loop() {
		if sign {
			_, err = s.Sign(ds)
		} else {
			err = s.Verify(ds, sigs)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// A signer that gets into a log line or an error says nothing of its secrets.
func TestSignersPrintNoSecrets(t *testing.T) {
	keys := secrets(3)
	keys.Root = [32]byte{211, 212, 213, 214, 215}
	s, err := signer.New(keys, signer.ECDSA, nil)
	require.NoError(t, err)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "signer", s)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "signer", s)
	out := log.String() + fmt.Sprintf("%v %+v %#v", s, s, s)
	for _, leak := range []string{"211 212", "211,212", "d3d4d5", "0xd3, 0xd4", "d3 d4"} {
		require.NotContains(t, out, leak)
	}
}
