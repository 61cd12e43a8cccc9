package secp

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/stretchr/testify/require"
)

// seeded gives the nth of a fixed row of 32-byte values.
func seeded(seed uint64, n int) [32]byte {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], seed)
	binary.BigEndian.PutUint64(b[8:], uint64(n))
	return sha256.Sum256(b[:])
}

func pair(seed uint64, n int) (*btcec.PrivateKey, [32]byte) {
	secret := seeded(seed, 2*n)
	key, _ := btcec.PrivKeyFromBytes(secret[:])
	return key, seeded(seed, 2*n+1)
}

// negateS turns a signature into its twin with the other S.
func negateS(sig [Size]byte) [Size]byte {
	var s btcec.ModNScalar
	s.SetByteSlice(sig[32:])
	s.Negate().PutBytesUnchecked(sig[32:])
	return sig
}

// The implementation in use and pure Go give the same bytes and accept the same.
func TestBothImplementationsAgree(t *testing.T) {
	for n := range 200 {
		key, hash := pair(1, n)
		sig, id, err := Sign(key, &hash)
		require.NoError(t, err)
		want, wantID, err := pureSign(key, &hash)
		require.NoError(t, err)
		require.Equal(t, want, sig)
		require.Equal(t, wantID, id)

		require.True(t, Verify(key.PubKey(), &hash, &sig))
		require.True(t, pureVerify(key.PubKey(), &hash, &sig))
		bad := hash
		bad[n%32] ^= 1
		require.False(t, Verify(key.PubKey(), &bad, &sig))
		require.False(t, pureVerify(key.PubKey(), &bad, &sig))

		pub, err := Recover(&hash, &sig, id)
		require.NoError(t, err)
		require.True(t, pub.IsEqual(key.PubKey()))
		pub, err = pureRecover(&hash, &sig, id)
		require.NoError(t, err)
		require.True(t, pub.IsEqual(key.PubKey()))
	}
}

// Attack 12 (CVE-2020-26895): the twin with a high S is a valid ECDSA signature that
// the network doesn't relay.
func TestAttack12HighS(t *testing.T) {
	key, hash := pair(2, 0)
	sig, id, err := Sign(key, &hash)
	require.NoError(t, err)
	high := negateS(sig)
	require.False(t, Verify(key.PubKey(), &hash, &high))
	require.False(t, pureVerify(key.PubKey(), &hash, &high))
	_, err = Recover(&hash, &high, id^1)
	require.ErrorIs(t, err, ErrRecover)
}

func TestSignaturesOutOfRange(t *testing.T) {
	key, hash := pair(3, 0)
	n, _ := hex.DecodeString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
	sig, id, err := Sign(key, &hash)
	require.NoError(t, err)
	for name, spoil := range map[string]func(*[Size]byte){
		"R zero":  func(s *[Size]byte) { clear(s[:32]) },
		"S zero":  func(s *[Size]byte) { clear(s[32:]) },
		"R order": func(s *[Size]byte) { copy(s[:], n) },
		"S order": func(s *[Size]byte) { copy(s[32:], n) },
		"all":     func(s *[Size]byte) { *s = [Size]byte{} },
	} {
		bad := sig
		spoil(&bad)
		require.False(t, Verify(key.PubKey(), &hash, &bad), name)
		require.False(t, pureVerify(key.PubKey(), &hash, &bad), name)
		_, err := Recover(&hash, &bad, id)
		require.ErrorIs(t, err, ErrRecover, name)
	}
	_, err = Recover(&hash, &sig, 4)
	require.ErrorIs(t, err, ErrRecover)
	_, _, err = Sign(new(btcec.PrivateKey), &hash)
	require.ErrorIs(t, err, ErrKey)
}

func TestMulIsTheGroups(t *testing.T) {
	for n := range 200 {
		key, h := pair(4, n)
		var p, got, want btcec.JacobianPoint
		key.PubKey().AsJacobian(&p)
		var k btcec.ModNScalar
		k.SetBytes(&h)
		if n < 3 {
			k.SetInt(uint32(n))
		}
		Mul(&k, &p, &got)
		pureMul(&k, &p, &want)
		got.ToAffine()
		want.ToAffine()
		require.True(t, got.X.Equals(&want.X) && got.Y.Equals(&want.Y), "k %v", k)
	}
}

// FuzzRecover holds that no bytes of a peer can panic, and that both implementations
// recover the same.
func FuzzRecover(f *testing.F) {
	key, hash := pair(5, 0)
	sig, id, err := Sign(key, &hash)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(hash[:], sig[:], id)
	f.Add(hash[:], sig[:], id^2)
	r := rand.New(rand.NewPCG(1, 2))
	for range 8 {
		junk := seeded(r.Uint64(), 1)
		f.Add(hash[:], append(junk[:], make([]byte, 32)...), byte(r.IntN(5)))
	}
	f.Fuzz(func(t *testing.T, h, s []byte, id byte) {
		var hash [32]byte
		var sig [Size]byte
		copy(hash[:], h)
		copy(sig[:], s)
		a, err := Recover(&hash, &sig, id)
		if err != nil {
			return
		}
		b, err := pureRecover(&hash, &sig, id)
		if err != nil || !a.IsEqual(b) {
			t.Fatalf("recovered %x and (%v) differ", a.SerializeCompressed(), err)
		}
		if !Verify(a, &hash, &sig) {
			t.Fatal("recovered key doesn't verify")
		}
	})
}

func BenchmarkSign(b *testing.B) {
	key, hash := pair(6, 0)
	for b.Loop() {
		if _, _, err := Sign(key, &hash); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	key, hash := pair(6, 0)
	sig, _, _ := Sign(key, &hash)
	for b.Loop() {
		if !Verify(key.PubKey(), &hash, &sig) {
			b.Fatal("bad")
		}
	}
}

func BenchmarkMul(b *testing.B) {
	key, hash := pair(6, 0)
	var p, r btcec.JacobianPoint
	key.PubKey().AsJacobian(&p)
	var k btcec.ModNScalar
	k.SetBytes(&hash)
	for b.Loop() {
		Mul(&k, &p, &r)
	}
}
