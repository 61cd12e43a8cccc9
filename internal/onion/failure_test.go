package onion

import (
	"math/rand/v2"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// travel wraps a reason on its way from a hop to the sender.
func travel(t *testing.T, keys Keys, from int, reason []byte) []byte {
	t.Helper()
	for i := from - 1; i >= 0; i-- {
		var err error
		reason, err = WrapFailure(keys.Secrets[i], reason)
		require.NoError(t, err)
	}
	return reason
}

func TestFailureNamesTheHop(t *testing.T) {
	random := seeded(t)
	for _, hops := range []int{1, 3, 20} {
		trip := newTrip(t, random, hops, nil)
		for hop := range hops {
			for _, failure := range []lnwire.FailureMessage{
				&lnwire.FailUnknownNextPeer{},
				lnwire.NewFailIncorrectDetails(1000, 99),
				lnwire.NewInvalidOnionPayload(typeKeysend, 3),
			} {
				reason, err := EncryptFailure(trip.secrets.Secrets[hop], failure)
				require.NoError(t, err)
				require.Len(t, reason, MinFailure)
				got, err := trip.secrets.Decrypt(travel(t, trip.secrets, hop, reason))
				require.NoError(t, err)
				require.Equal(t, Failure{hop, failure.Code(), failure}, got)
			}
		}
	}
}

func TestTamperedFailureBlamesNobody(t *testing.T) {
	trip := newTrip(t, seeded(t), 3, nil)
	reason, err := EncryptFailure(trip.secrets.Secrets[2], &lnwire.FailUnknownNextPeer{})
	require.NoError(t, err)
	reason[100] ^= 1
	_, err = trip.secrets.Decrypt(travel(t, trip.secrets, 2, reason))
	require.ErrorIs(t, err, ErrUnreadable)
}

// ATTACKS 35: blobs of any size come from peers. What is no failure is replaced
// by our own, so that the sender blames the link it came over.
func TestAttack35FailureOfAnySizeIsHandled(t *testing.T) {
	trip := newTrip(t, seeded(t), 2, nil)
	for _, size := range []int{0, 1, 31, 32, 36, MinFailure - 1, MaxFailure + 1, 65000} {
		wrapped, err := WrapFailure(trip.secrets.Secrets[0], make([]byte, size))
		require.NoError(t, err)
		require.Len(t, wrapped, MinFailure)
		got, err := trip.secrets.Decrypt(wrapped)
		require.NoError(t, err)
		require.Equal(t, 0, got.Hop)
		require.Equal(t, lnwire.CodeTemporaryChannelFailure, got.Code)
	}
	for _, size := range []int{MinFailure, 1064, MaxFailure} {
		wrapped, err := WrapFailure(trip.secrets.Secrets[0], make([]byte, size))
		require.NoError(t, err)
		require.Len(t, wrapped, size, "passed on as it is")
	}
	for _, size := range []int{0, 1, 32, 35, 36, 40, MinFailure, 65535, 70000} {
		_, err := trip.secrets.Decrypt(make([]byte, size))
		require.ErrorIs(t, err, ErrUnreadable, "size %d", size)
	}
}

func TestMalformedIsConverted(t *testing.T) {
	trip := newTrip(t, seeded(t), 2, nil)
	hash := BadOnionHash(trip.packet)
	reason, err := ConvertMalformed(trip.secrets.Secrets[0], lnwire.CodeInvalidOnionHmac, hash)
	require.NoError(t, err)
	got, err := trip.secrets.Decrypt(reason)
	require.NoError(t, err)
	require.Equal(t, Failure{0, lnwire.CodeInvalidOnionHmac,
		&lnwire.FailInvalidOnionHmac{OnionSHA256: hash}}, got)

	unknown := lnwire.FlagBadOnion | 0x77
	reason, err = ConvertMalformed(trip.secrets.Secrets[0], unknown, hash)
	require.NoError(t, err)
	got, err = trip.secrets.Decrypt(reason)
	require.NoError(t, err)
	require.Equal(t, Failure{Code: unknown}, got)

	_, err = ConvertMalformed(trip.secrets.Secrets[0], lnwire.CodeUnknownNextPeer, hash)
	require.ErrorContains(t, err, "lacks the BADONION bit")
}

func TestUnreadableMessageStillNamesTheHop(t *testing.T) {
	trip := newTrip(t, seeded(t), 2, nil)
	for name, message := range map[string][]byte{
		"empty":          {},
		"one byte":       {1},
		"unknown code":   {0x3f, 0xff, 1, 2},
		"cut short":      {0x40, 15, 1},
		"update missing": {0x10, 7, 0xff, 0xff},
	} {
		reason, err := encryptMessage(trip.secrets.Secrets[1], message)
		require.NoError(t, err)
		got, err := trip.secrets.Decrypt(travel(t, trip.secrets, 1, reason))
		require.NoError(t, err)
		require.Equal(t, 1, got.Hop, name)
		require.Nil(t, got.Message, name)
	}
	_, err := encryptMessage(trip.secrets.Secrets[1], make([]byte, maxMessage+1))
	require.ErrorContains(t, err, "at most 1024")
}

func FuzzFailure(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 1))
	trip := newTrip(f, random, 3, nil)
	f.Add([]byte{0x10, 7, 0, 0})
	f.Add([]byte{0x40, 15, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 9})
	f.Fuzz(func(t *testing.T, message []byte) {
		_, err := trip.secrets.Decrypt(message)
		require.ErrorIs(t, err, ErrUnreadable)
		if len(message) > maxMessage {
			return
		}
		reason, err := encryptMessage(trip.secrets.Secrets[0], message)
		require.NoError(t, err)
		got, err := trip.secrets.Decrypt(reason)
		require.NoError(t, err)
		require.Zero(t, got.Hop)
	})
}
