package onion

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// hexBytes reads a hex string of a vector.
type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

type vectorHop struct {
	Node     hexBytes
	Key      hexBytes
	Payload  hexBytes
	Secret   hexBytes
	AmmagKey hexBytes `json:"ammag_key"`
	Reason   hexBytes
}

type vector struct {
	SessionKey     hexBytes `json:"session_key"`
	PaymentHash    hexBytes `json:"payment_hash"`
	Hops           []vectorHop
	Onion          hexBytes
	FailureMessage hexBytes `json:"failure_message"`
	UmKey          hexBytes `json:"um_key"`
}

func readVector(t *testing.T, name string) (v vector, session *btcec.PrivateKey, nodes []*btcec.PublicKey) {
	t.Helper()
	file, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(file, &v))
	session, _ = btcec.PrivKeyFromBytes(v.SessionKey)
	for _, hop := range v.Hops {
		node, err := btcec.ParsePubKey(hop.Node)
		require.NoError(t, err)
		nodes = append(nodes, node)
	}
	return v, session, nodes
}

// BOLT 4, bolt04/onion-test.json: the onion built, then peeled by each node.
func TestVectorOnion(t *testing.T) {
	v, session, nodes := readVector(t, "onion.json")
	hash := [32]byte(v.PaymentHash)
	var records [][]byte
	for _, hop := range v.Hops { // the vector's payloads have their length before them
		_, prefix := readBigSize(hop.Payload)
		records = append(records, hop.Payload[prefix:])
	}

	packet, keys, err := build(nodes, records, hash, session)
	require.NoError(t, err)
	require.Equal(t, hex.EncodeToString(v.Onion), hex.EncodeToString(packet[:]))

	for i, hop := range v.Hops {
		key, _ := btcec.PrivKeyFromBytes(hop.Key)
		got := NewPeeler(NewKey(key)).Process(packet, hash)
		require.NotNil(t, got.Payload, "hop %d: %v %v", i, got.Malformed, got.Failure)
		require.Equal(t, keys.Secrets[i], got.Secret, "hop %d", i)
		require.Equal(t, i == len(v.Hops)-1, got.Final(), "hop %d", i)

		want := []lnwire.MilliSatoshi{15000, 14000, 12500, 10000, 10000}
		require.Equal(t, want[i], got.Payload.Amount, "hop %d", i)
		if !got.Final() {
			require.EqualValues(t, i+1, got.Payload.Channel.ToUint64())
			packet = got.Next
		} else {
			require.EqualValues(t, 10000, got.Payload.PaymentData.Total)
		}
	}
}

// BOLT 4, bolt04/onion-error-test.json: the last node fails the HTLC, each
// node before it adds its layer, the sender reads it.
func TestVectorOnionError(t *testing.T) {
	v, session, nodes := readVector(t, "onion-error.json")
	keys, err := Rederive(session, nodes)
	require.NoError(t, err)

	last := len(nodes) - 1
	um := deriveKey("um", keys.Secrets[last][:])
	require.Equal(t, []byte(v.UmKey), um[:])

	var reason []byte
	for i := last; i >= 0; i-- {
		secret := keys.Secrets[i]
		require.Equal(t, []byte(v.Hops[i].Secret), secret[:], "hop %d", i)
		ammag := deriveKey("ammag", secret[:])
		require.Equal(t, []byte(v.Hops[i].AmmagKey), ammag[:], "hop %d", i)
		if i == last {
			reason, err = EncryptFailure(secret, &lnwire.FailTemporaryNodeFailure{})
		} else {
			reason, err = WrapFailure(secret, reason)
		}
		require.NoError(t, err)
		require.Equal(t, hex.EncodeToString(v.Hops[i].Reason),
			hex.EncodeToString(reason), "hop %d", i)
	}

	failure, err := keys.Decrypt(reason)
	require.NoError(t, err)
	require.Equal(t, Failure{
		Hop:     last,
		Code:    lnwire.CodeTemporaryNodeFailure,
		Message: &lnwire.FailTemporaryNodeFailure{},
	}, failure)
}
