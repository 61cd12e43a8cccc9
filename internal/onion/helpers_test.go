package onion

import (
	"math/rand/v2"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// randomKey is a private key from a seeded source.
func randomKey(random *rand.Rand) *btcec.PrivateKey {
	key, _ := btcec.PrivKeyFromBytes(randomBytes(random, 32))
	return key
}

func randomBytes(random *rand.Rand, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(random.Uint32())
	}
	return out
}

// trip is a route and everything about it.
type trip struct {
	hash    [32]byte
	session *btcec.PrivateKey
	keys    []*btcec.PrivateKey
	hops    []Hop
	packet  *[Size]byte
	secrets Keys
}

// newTrip is an onion over that many hops with ordinary payloads; change edits
// them before the onion is built.
func newTrip(t testing.TB, random *rand.Rand, hops int, change func([]Hop)) *trip {
	t.Helper()
	trip := &trip{
		hash:    [32]byte(randomBytes(random, 32)),
		session: randomKey(random),
	}
	for i := range hops {
		key := randomKey(random)
		hop := Hop{Node: key.PubKey(), Payload: Payload{
			Amount: lnwire.MilliSatoshi(1_000_000 - i),
			Expiry: uint32(800_000 - 40*i),
		}}
		if i < hops-1 {
			hop.Payload.Channel = lnwire.NewShortChanIDFromInt(random.Uint64() | 1)
		} else {
			hop.Payload.PaymentData = &PaymentData{
				Secret: [32]byte(randomBytes(random, 32)),
				Total:  2_000_000,
			}
		}
		trip.keys = append(trip.keys, key)
		trip.hops = append(trip.hops, hop)
	}
	if change != nil {
		change(trip.hops)
	}
	var err error
	trip.packet, trip.secrets, err = Build(trip.hops, trip.hash, trip.session)
	require.NoError(t, err)
	return trip
}

func seeded(t testing.TB) *rand.Rand {
	seed := rand.Uint64()
	t.Logf("seed %d: set it in place of rand.Uint64() to replay", seed)
	return rand.New(rand.NewPCG(seed, 0))
}
