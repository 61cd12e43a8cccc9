package backup

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/stretchr/testify/require"
)

// hexBytes are written in hexadecimal.
type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

// fromLnd is what lnd v0.21.1's own package chanbackup wrote of random channels, one of each
// kind, and what was in them.
type fromLnd struct {
	Pub    hexBytes // the key that they are packed for
	Multi  hexBytes
	Packed []hexBytes // Single, packed one by one
	Single []struct {
		Version   Version
		CloseTx   bool
		Initiator bool
		Point     string
		SCID      uint64
		Peer      hexBytes
		Addresses []string
		Capacity  int64
		Delays    [2]uint16
		Local     [numKeys][2]uint32
		Remote    [numKeys]hexBytes
		RootPub   hexBytes
		Root      [2]uint32
		Lease     uint32
		Plain     hexBytes
	}
}

func lnd(t testing.TB) (v fromLnd, key Key) {
	raw, err := os.ReadFile("testdata/lnd.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &v))
	require.Len(t, v.Single, 8)
	pub, err := btcec.ParsePubKey(v.Pub)
	require.NoError(t, err)
	return v, NewKey(pub)
}

func TestWhatLndWroteIsRead(t *testing.T) {
	v, _ := lnd(t)
	for _, want := range v.Single {
		s, size, err := DecodeSingle(want.Plain)
		require.NoError(t, err, want.Version)
		require.Equal(t, len(want.Plain), size)
		require.Equal(t, want.Version, s.Version)
		require.Equal(t, want.Initiator, s.Initiator)
		require.Equal(t, want.Point, s.Point.String())
		require.Equal(t, want.SCID, s.SCID.ToUint64())
		require.Equal(t, []byte(want.Peer), s.Peer.SerializeCompressed())
		require.EqualValues(t, want.Capacity, s.Capacity)
		require.Equal(t, want.Delays, [2]uint16{s.LocalDelay, s.RemoteDelay})
		require.Len(t, s.Addresses, len(want.Addresses))
		for i, a := range want.Addresses {
			require.Equal(t, a, s.Addresses[i].String())
		}
		for i := range want.Local {
			require.Equal(t, want.Local[i], [2]uint32{s.Local[i].Family, s.Local[i].Index})
			require.Equal(t, []byte(want.Remote[i]), s.Remote[i].SerializeCompressed())
		}
		require.Equal(t, want.Root, [2]uint32{s.Root.Family, s.Root.Index})
		require.Equal(t, len(want.RootPub) > 0, s.RootKey != nil)
		if s.RootKey != nil {
			require.Equal(t, []byte(want.RootPub), s.RootKey.SerializeCompressed())
		}
		require.Equal(t, want.Lease, s.LeaseExpiry)
		require.Equal(t, want.CloseTx, s.CloseTx != nil)
	}
}

func TestWhatIsWrittenIsWhatLndWrites(t *testing.T) {
	v, _ := lnd(t)
	for _, want := range v.Single {
		s, _, err := DecodeSingle(want.Plain)
		require.NoError(t, err)
		got, err := s.Encode()
		require.NoError(t, err)
		require.Equal(t, []byte(want.Plain), got, want.Version)
	}
}

func TestWhatLndPackedIsUnpacked(t *testing.T) {
	v, key := lnd(t)
	m, err := key.UnpackMulti(v.Multi)
	require.NoError(t, err)
	require.Len(t, m, len(v.Single))
	for i, packed := range v.Packed {
		s, err := key.UnpackSingle(packed)
		require.NoError(t, err)
		require.Equal(t, s, m[i])
		plain, err := s.Encode()
		require.NoError(t, err)
		require.Equal(t, []byte(v.Single[i].Plain), plain)
	}
	again, err := key.PackMulti(m)
	require.NoError(t, err)
	require.Len(t, again, len(v.Multi))
	require.NotEqual(t, []byte(v.Multi), again, "the nonce must not repeat")
	same, err := key.UnpackMulti(again)
	require.NoError(t, err)
	require.Equal(t, m, same)
}
