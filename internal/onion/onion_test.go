package onion

import (
	"bytes"
	"crypto/sha256"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	sphinx "github.com/lightningnetwork/lightning-onion"
	"github.com/lightningnetwork/lnd/keychain"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

func TestEveryHopReadsItsPayload(t *testing.T) {
	random := seeded(t)
	for _, hops := range []int{1, 2, 3, 8, 20} {
		preimage := [32]byte(randomBytes(random, 32))
		trip := newTrip(t, random, hops, func(hops []Hop) {
			last := &hops[len(hops)-1].Payload
			last.Metadata = []byte{1, 2, 3}
			last.Keysend = &preimage
			last.Custom = []Record{{70001, []byte("x")}, {65536, []byte{}}}
		})
		packet := trip.packet
		for i, key := range trip.keys {
			got := NewPeeler(NewKey(key)).Process(packet, trip.hash)
			require.NotNil(t, got.Payload, "hop %d: %v", i, got.Failure)
			require.Equal(t, trip.secrets.Secrets[i], got.Secret)
			require.Equal(t, i == hops-1, got.Final())
			want := trip.hops[i].Payload
			if got.Final() {
				want.Custom = []Record{{65536, []byte{}}, {70001, []byte("x")}}
			}
			require.Equal(t, want, *got.Payload)
			packet = got.Next
		}
		rederived, err := Rederive(trip.session, nodesOf(trip))
		require.NoError(t, err)
		require.Equal(t, trip.secrets, rederived)
	}
}

func nodesOf(t *trip) (nodes []*btcec.PublicKey) {
	for _, hop := range t.hops {
		nodes = append(nodes, hop.Node)
	}
	return nodes
}

// lightning-onion, as used by lnd, is the oracle: it builds the same bytes and
// peels to the same bytes.
func TestSameAsLightningOnion(t *testing.T) {
	random := seeded(t)
	for range 20 {
		trip := newTrip(t, random, 1+random.IntN(10), nil)
		var path sphinx.PaymentPath
		for i, hop := range trip.hops {
			records, err := hop.Payload.encode()
			require.NoError(t, err)
			payload, err := sphinx.NewTLVHopPayload(records)
			require.NoError(t, err)
			path[i] = sphinx.OnionHop{NodePub: *hop.Node, HopPayload: payload}
		}
		theirs, err := sphinx.NewOnionPacket(&path, trip.session, trip.hash[:],
			sphinx.DeterministicPacketFiller)
		require.NoError(t, err)
		require.Equal(t, wire(t, theirs), trip.packet[:])

		packet := trip.packet
		for _, key := range trip.keys {
			router := sphinx.NewRouter(&sphinx.PrivKeyECDH{PrivKey: key}, sphinx.NewNoOpReplayLog())
			processed, err := router.ProcessOnionPacket(theirs, trip.hash[:], 0)
			require.NoError(t, err)
			ours := NewPeeler(&keychain.PrivKeyECDH{PrivKey: key}).Process(packet, trip.hash)
			require.NotNil(t, ours.Payload)
			if processed.Action == sphinx.ExitNode {
				require.True(t, ours.Final())
				break
			}
			theirs, packet = processed.NextPacket, ours.Next
			require.Equal(t, wire(t, theirs), packet[:])
		}
	}
}

func wire(t *testing.T, packet *sphinx.OnionPacket) []byte {
	var out bytes.Buffer
	require.NoError(t, packet.Encode(&out))
	return out.Bytes()
}

func TestBadOnionsAreNamed(t *testing.T) {
	random := seeded(t)
	trip := newTrip(t, random, 2, nil)
	peeler := NewPeeler(NewKey(trip.keys[0]))
	tests := []struct {
		name string
		bend func(packet *[Size]byte, hash *[32]byte)
		want lnwire.FailCode
	}{
		{"version", func(p *[Size]byte, _ *[32]byte) { p[0] = 1 }, lnwire.CodeInvalidOnionVersion},
		{"key not on the curve", func(p *[Size]byte, _ *[32]byte) { copy(p[2:], make([]byte, 32)) }, lnwire.CodeInvalidOnionKey},
		{"key without a sign", func(p *[Size]byte, _ *[32]byte) { p[1] = 0 }, lnwire.CodeInvalidOnionKey},
		{"hybrid key", func(p *[Size]byte, _ *[32]byte) { p[1] = 6 }, lnwire.CodeInvalidOnionKey},
		{"another key", func(p *[Size]byte, _ *[32]byte) { p[1] ^= 1 }, lnwire.CodeInvalidOnionHmac},
		{"payload bit", func(p *[Size]byte, _ *[32]byte) { p[700] ^= 1 }, lnwire.CodeInvalidOnionHmac},
		{"HMAC bit", func(p *[Size]byte, _ *[32]byte) { p[Size-1] ^= 1 }, lnwire.CodeInvalidOnionHmac},
		{"another payment", func(_ *[Size]byte, h *[32]byte) { h[0] ^= 1 }, lnwire.CodeInvalidOnionHmac},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			packet, hash := *trip.packet, trip.hash
			test.bend(&packet, &hash)
			require.Equal(t, Result{Malformed: test.want}, peeler.Process(&packet, hash))
			require.EqualValues(t, sha256.Sum256(packet[:]), BadOnionHash(&packet))
		})
	}
	require.Equal(t, lnwire.CodeInvalidOnionHmac,
		NewPeeler(NewKey(trip.keys[1])).Process(trip.packet, trip.hash).Malformed,
		"an onion for another node")
}

func TestRoutesThatDoNotFitAreRefused(t *testing.T) {
	random := seeded(t)
	_, _, err := Build(nil, [32]byte{}, randomKey(random))
	require.ErrorContains(t, err, "route of 0 hops")
	_, _, err = Build(make([]Hop, MaxHops+1), [32]byte{}, randomKey(random))
	require.ErrorContains(t, err, "route of 28 hops")

	hop := Hop{Node: randomKey(random).PubKey()}
	hop.Payload.Metadata = make([]byte, 1300)
	_, _, err = Build([]Hop{hop}, [32]byte{}, randomKey(random))
	require.ErrorContains(t, err, "at most 1300 fit")

	hop.Payload = Payload{Custom: []Record{{Type: 65535}}}
	_, _, err = Build([]Hop{hop}, [32]byte{}, randomKey(random))
	require.ErrorContains(t, err, "first free is 65536")
	hop.Payload = Payload{Custom: []Record{{Type: 70000}, {Type: 70000}}}
	_, _, err = Build([]Hop{hop}, [32]byte{}, randomKey(random))
	require.ErrorContains(t, err, "type 70000 twice")
}

func TestLongestRoute(t *testing.T) {
	random := seeded(t)
	trip := newTrip(t, random, MaxHops, func(hops []Hop) {
		for i := range hops { // the least there is: 47 and 37 bytes
			hops[i].Payload = Payload{Channel: hops[i].Payload.Channel}
		}
		hops[0].Payload.Amount = 1
	})
	packet := trip.packet
	for i, key := range trip.keys {
		got := NewPeeler(NewKey(key)).Process(packet, trip.hash)
		require.NotNil(t, got.Payload, "hop %d: %v", i, got.Failure)
		packet = got.Next
	}
}

func TestKeyIsTheOrdinaryECDH(t *testing.T) {
	random := seeded(t)
	for range 50 {
		key, other := randomKey(random), randomKey(random).PubKey()
		want, err := (&keychain.PrivKeyECDH{PrivKey: key}).ECDH(other)
		require.NoError(t, err)
		got, err := NewKey(key).ECDH(other)
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.True(t, NewKey(key).PubKey().IsEqual(key.PubKey()))
	}
}

func TestBatchIsTheSameAsOneByOne(t *testing.T) {
	random := seeded(t)
	key := randomKey(random)
	peeler := NewPeeler(NewKey(key))
	jobs := make([]Job, 40)
	for i := range jobs {
		trip := newTrip(t, random, 2, func(hops []Hop) { hops[0].Node = key.PubKey() })
		if i%5 == 0 {
			trip.packet[99] ^= 1
		}
		jobs[i] = Job{trip.packet, trip.hash}
	}
	for _, n := range []int{0, 1, len(jobs)} {
		got := peeler.ProcessAll(jobs[:n])
		require.Len(t, got, n)
		for i, job := range jobs[:n] {
			require.Equal(t, peeler.Process(job.Onion, job.PaymentHash), got[i])
		}
	}
	require.Empty(t, peeler.helpers, "helpers have left")
	require.LessOrEqual(t, cap(peeler.helpers), 1024)
}

func TestReplayKeyNamesTheOnion(t *testing.T) {
	random := seeded(t)
	trip := newTrip(t, random, 2, nil)
	first, second := trip.secrets.Secrets[0], trip.secrets.Secrets[1]
	require.Equal(t, ReplayKey(first), ReplayKey(first))
	require.NotEqual(t, ReplayKey(first), ReplayKey(second))
}
