package bolt3_test

import (
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/input"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/stretchr/testify/require"
)

// BOLT 3, Appendix E.
func TestAppendixE(t *testing.T) {
	base := privKey(t, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
	secret := privKey(t, "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100")
	point := secret.PubKey()
	pub := func(k *btcec.PublicKey) string { return hex.EncodeToString(k.SerializeCompressed()) }
	priv := func(k *btcec.PrivateKey) string { return hex.EncodeToString(k.Serialize()) }

	require.Equal(t, "036d6caac248af96f6afa7f904f550253a0f3ef3f5aa2fe6838a95b216691468e2", pub(base.PubKey()))
	require.Equal(t, "025f7117a78150fe2ef97db7cfc83bd57b2e2c0d0dd25eaf467a4a1c2a45ce1486", pub(point))
	require.Equal(t, "0235f2dbfaa89b57ec7b055afe29849ef7ddfeb1cefdb9ebdc43f5494984db29e5",
		pub(bolt3.TweakPub(base.PubKey(), point)))
	require.Equal(t, "cbced912d3b21bf196a766651e436aff192362621ce317704ea2f75d87e7be0f",
		priv(bolt3.TweakPriv(base, point)))
	require.Equal(t, "02916e326636d19c33f13e8c0c3a03dd157f332f3e99c317c141dd865eb01f8ff0",
		pub(bolt3.RevocationPub(base.PubKey(), point)))
	require.Equal(t, "d09ffff62ddb2297ab000cc85bcb4283fdeb6aa052affbc9dddcf33b61078110",
		priv(bolt3.RevocationPriv(base, secret)))
}

func randomKey(r *rand.Rand) *btcec.PrivateKey {
	var b [32]byte
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	key, _ := btcec.PrivKeyFromBytes(b[:])
	return key
}

func TestKeysAreAsLndDerivesThem(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		base, secret := randomKey(r), randomKey(r)
		point := secret.PubKey()
		require.True(t, input.TweakPubKey(base.PubKey(), point).IsEqual(bolt3.TweakPub(base.PubKey(), point)))
		require.True(t, bolt3.TweakPriv(base, point).PubKey().IsEqual(bolt3.TweakPub(base.PubKey(), point)))
		want := input.DeriveRevocationPubkey(base.PubKey(), point)
		require.True(t, want.IsEqual(bolt3.RevocationPub(base.PubKey(), point)))
		require.True(t, want.IsEqual(bolt3.RevocationPriv(base, secret).PubKey()))
	}
}

// Keys that are derived together are those derived one by one.
func TestDeriveKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	p, _, _ := channel(t)
	for _, holder := range []htlc.Side{htlc.Local, htlc.Remote} {
		mine, other := p.Terms[holder], p.Terms[holder.Other()]
		point := randomKey(r).PubKey()
		k := bolt3.DeriveKeys(p, holder, point)
		require.True(t, k.Delayed.IsEqual(bolt3.TweakPub(mine.Delayed, point)))
		require.True(t, k.HolderHTLC.IsEqual(bolt3.TweakPub(mine.HTLC, point)))
		require.True(t, k.OtherHTLC.IsEqual(bolt3.TweakPub(other.HTLC, point)))
		require.True(t, k.Revocation.IsEqual(bolt3.RevocationPub(other.Revocation, point)))
		require.True(t, k.ToRemote.IsEqual(other.Payment))
	}
}
