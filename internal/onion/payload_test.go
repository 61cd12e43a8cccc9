package onion

import (
	"encoding/hex"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// peelRaw is what a node makes of raw payload bytes, put into an onion whose
// HMACs are right. next is the HMAC after them, zero for the last node.
func peelRaw(t testing.TB, raw []byte, final bool) Result {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 7))
	key, session := randomKey(random), randomKey(random)
	keys, ephemeral, err := sharedSecrets(session, nodesOf(&trip{hops: []Hop{{Node: key.PubKey()}}}))
	require.NoError(t, err)
	secret := keys.Secrets[0]

	var packet [Size]byte
	copy(packet[keyAt:], ephemeral[:])
	body := packet[payloadsAt:macAt]
	copy(body, raw)
	if !final && len(raw) < len(body) {
		body[len(raw)] = 1 // the first byte of the next HMAC
	}
	newStream(deriveKey("rho", secret[:])).XORKeyStream(body, body)
	mac := authenticate(deriveKey("mu", secret[:]), body, make([]byte, 32))
	copy(packet[macAt:], mac[:])
	return NewPeeler(NewKey(key)).Process(&packet, [32]byte{})
}

func TestPayloadsThatAreRefused(t *testing.T) {
	const (
		amount  = "0201ff"
		expiry  = "040110"
		channel = "06080000000000000001"
		secret  = "0821" + "0000000000000000000000000000000000000000000000000000000000000000" + "05"
	)
	tests := []struct {
		name    string
		final   bool
		records string // without the length, unless whole
		whole   bool
		typ     uint64
		offset  uint16
		good    bool
	}{
		{name: "forward", records: amount + expiry + channel, good: true},
		{name: "final", records: amount + expiry + secret, final: true, good: true},
		{name: "final without payment data", records: amount + expiry, final: true, good: true},
		{name: "unknown odd", records: amount + expiry + channel + "1301aa", good: true},
		{name: "custom even", records: amount + expiry + "fe0001000000", final: true, good: true},

		{name: "old fixed size", records: "00", whole: true},
		{name: "reserved length", records: "0100", whole: true},
		{name: "length not shortest", records: "fd0005" + amount + "0000", whole: true},
		{name: "length beyond the onion", records: "fd0515", whole: true},
		{name: "length of 2^64-1 (onion bomb)", records: "ffffffffffffffffff", whole: true},
		{name: "length that leaves no HMAC", records: "fd04f8", whole: true},

		{name: "no amount", records: expiry + channel, typ: 2, offset: 1},
		{name: "no expiry", records: amount + channel, typ: 4, offset: 1},
		{name: "no channel", records: amount + expiry, typ: 6, offset: 1},
		{name: "channel at the end", records: amount + expiry + channel, final: true, typ: 6, offset: 7},
		{name: "payment data on the way", records: amount + expiry + channel + secret, typ: 8, offset: 17},
		{name: "metadata on the way", records: amount + expiry + channel + "1000", typ: 16, offset: 17},
		{name: "unknown even", records: amount + expiry + "0a00", final: true, typ: 10, offset: 7},
		{name: "descending", records: expiry + amount, final: true, typ: 2, offset: 4},
		{name: "twice", records: amount + amount, final: true, typ: 2, offset: 4},
		{name: "amount with a leading zero", records: "020200ff" + expiry, final: true, typ: 2, offset: 1},
		{name: "amount of nine bytes", records: "0209ffffffffffffffffff" + expiry, final: true, typ: 2, offset: 1},
		{name: "expiry of five bytes", records: amount + "04050100000000", final: true, typ: 4, offset: 4},
		{name: "short channel", records: amount + expiry + "0601aa", typ: 6, offset: 7},
		{name: "short payment data", records: amount + expiry + "080100", final: true, typ: 8, offset: 7},
		{name: "keysend of one byte", records: amount + expiry + "ff0000000146c6616c01aa", final: true, typ: typeKeysend, offset: 7},
		{name: "record beyond the payload", records: amount + expiry + "13ff", final: true, typ: 0x13, offset: 7},
		{name: "record of 2^32 bytes", records: amount + "13fe80000000", final: true, typ: 0x13, offset: 4},
		{name: "type cut short", records: amount + "fd01", final: true, offset: 4},
		{name: "length cut short", records: amount + "04", final: true, typ: 4, offset: 4},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			raw, err := hex.DecodeString(test.records)
			require.NoError(t, err)
			if !test.whole {
				raw = append(appendBigSize(nil, uint64(len(raw))), raw...)
			}
			got := peelRaw(t, raw, test.final)
			require.Zero(t, got.Malformed)
			require.NotZero(t, got.Secret, "the sender can be told")
			if test.good {
				require.NotNil(t, got.Payload, "%v", got.Failure)
				return
			}
			require.Nil(t, got.Payload)
			require.Equal(t, lnwire.NewInvalidOnionPayload(test.typ, test.offset), got.Failure)
			_, err = EncryptFailure(got.Secret, got.Failure)
			require.NoError(t, err)
		})
	}
}

// ATTACKS 27, onion bomb: what a payload claims must not be allocated.
func TestAttack27ClaimedLengthIsNotAllocated(t *testing.T) {
	raw := append([]byte{0xfd, 0x04, 0xd0, 0x13}, 0xfe, 0x7f, 0xff, 0xff, 0xff)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 100 {
		require.NotNil(t, peelRaw(t, raw, true).Failure)
	}
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(100<<20))
}

func TestPaymentDataTotalMayBeZero(t *testing.T) {
	raw, err := hex.DecodeString("28" + "020101" + "040101" + "0820" +
		"ab00000000000000000000000000000000000000000000000000000000000000")
	require.NoError(t, err)
	got := peelRaw(t, raw, true)
	require.NotNil(t, got.Payload)
	require.Zero(t, got.Payload.PaymentData.Total)
}

// BOLT 1's BigSize vectors that matter here: shortest form, cut short.
func TestBigSize(t *testing.T) {
	for _, n := range []uint64{0, 252, 253, 65535, 65536, 1<<32 - 1, 1 << 32, 1<<64 - 1} {
		encoded := appendBigSize(nil, n)
		got, size := readBigSize(append(encoded, 9))
		require.Equal(t, n, got)
		require.Equal(t, len(encoded), size)
		for cut := range encoded {
			_, size := readBigSize(encoded[:cut])
			require.Zero(t, size)
		}
	}
	for _, long := range []string{"fd00fc", "fe0000ffff", "ff00000000ffffffff"} {
		raw, err := hex.DecodeString(long)
		require.NoError(t, err)
		_, size := readBigSize(raw)
		require.Zero(t, size, long)
	}
}

func FuzzPayload(f *testing.F) {
	f.Add([]byte{}, true)
	f.Add([]byte{6, 2, 1, 255, 4, 1, 16}, true)
	f.Add([]byte{16, 2, 1, 255, 4, 1, 16, 6, 8, 0, 0, 0, 0, 0, 0, 0, 1}, false)
	f.Fuzz(func(t *testing.T, raw []byte, final bool) {
		got := peelRaw(t, raw, final)
		require.Zero(t, got.Malformed)
		require.NotEqual(t, got.Payload == nil, got.Failure == nil)
		if got.Payload == nil {
			return
		}
		// What was understood survives being written and read again.
		again, err := got.Payload.encode()
		require.NoError(t, err)
		parsed, bad := parsePayload(again, 0, got.Final())
		if got.Payload.Channel.ToUint64() == 0 && !got.Final() {
			return // block 0 can't be written; the switch knows no such channel
		}
		require.Nil(t, bad)
		require.Equal(t, got.Payload, parsed)
	})
}

func FuzzOnion(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 1))
	trip := newTrip(f, random, 2, nil)
	f.Add(trip.packet[:])
	peeler := NewPeeler(NewKey(trip.keys[0]))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var packet [Size]byte
		copy(packet[:], raw)
		got := peeler.Process(&packet, trip.hash)
		require.True(t, got.Payload != nil || got.Malformed != 0 || got.Failure != nil)
	})
}
