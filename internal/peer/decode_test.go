package peer

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"net"
	"testing"

	"github.com/lightningnetwork/lnd/keychain"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

func encoded(t testing.TB, msg lnwire.Message) []byte {
	var out bytes.Buffer
	_, err := lnwire.WriteMessage(&out, msg, 0)
	require.NoError(t, err)
	return out.Bytes()
}

func typed(typ uint16, body ...byte) []byte {
	return append(binary.BigEndian.AppendUint16(nil, typ), body...)
}

func TestMessagesByType(t *testing.T) {
	understands := func(typ lnwire.MessageType) bool { return typ == 40002 || typ == 40003 }
	zlibReply := make([]byte, 32+4+4+1+2+1)
	zlibReply[len(zlibReply)-1] = 1
	zlibQuery := make([]byte, 32+2+1)
	zlibQuery[len(zlibQuery)-1] = 1

	tests := []struct {
		name string
		raw  []byte
		want string // "message", "ignored" or part of the error
	}{
		{"known", encoded(t, numbered(1)), "message"},
		{"known with more behind", append(encoded(t, numbered(1)), 7, 1, 0), "message"},
		{"unknown odd", typed(30001, 1, 2, 3), "ignored"},
		{"unknown even", typed(30000), "unknown message of even type 30000"},
		{"custom that we understand", typed(40002, 1), "message"},
		{"odd custom that we understand", typed(40003, 1), "message"},
		{"odd custom", typed(40001, 1), "ignored"},
		{"even custom", typed(40004, 1), "even type 40004"},
		{"empty", nil, "has no type"},
		{"half a type", []byte{1}, "has no type"},
		{"short channel message", typed(uint16(lnwire.MsgUpdateFee), 1), "message of type 134"},
		{"short announcement of another's", typed(uint16(lnwire.MsgChannelAnnouncement), 1), "ignored"},
		{"short signatures of our channel", typed(uint16(lnwire.MsgAnnounceSignatures), 1), "message of type 259"},
		{"zlib reply", typed(uint16(lnwire.MsgReplyChannelRange), zlibReply...), "ignored"},
		{"zlib query", typed(uint16(lnwire.MsgQueryShortChanIDs), zlibQuery...), "ignored"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			msg, err := decode(test.raw, understands)
			switch test.want {
			case "message":
				require.NoError(t, err)
				require.NotNil(t, msg)
			case "ignored":
				require.NoError(t, err)
				require.Nil(t, msg)
			default:
				require.ErrorContains(t, err, test.want)
			}
		})
	}
}

// lnd's reply_channel_range: 65 kB that decompress to 67 MB.
func TestAttack32ZlibInGossipQueriesIsNotDecompressed(t *testing.T) {
	ids := make([]byte, 1<<17) // that ascend, else they are no list
	for i := range len(ids) / 8 {
		binary.BigEndian.PutUint64(ids[8*i:], uint64(i+1)<<40)
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, err := z.Write(ids)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.Less(t, packed.Len(), 60_000)
	list := append(binary.BigEndian.AppendUint16(nil, uint16(packed.Len()+1)), 1)
	list = append(list, packed.Bytes()...)

	for typ, head := range map[lnwire.MessageType]int{lnwire.MsgQueryShortChanIDs: 32, lnwire.MsgReplyChannelRange: 32 + 4 + 4 + 1} {
		raw := typed(uint16(typ), append(make([]byte, head), list...)...)
		msg, err := decode(raw, func(lnwire.MessageType) bool { return true })
		require.NoError(t, err)
		require.Nil(t, msg, "%v must be ignored", typ)
	}
}

func TestUnknownOddIsIgnoredAndEvenDisconnects(t *testing.T) {
	n := newNode(t, nil).listen(t)
	raw := n.dialUp(t)
	for _, msg := range [][]byte{typed(30001), typed(40001), encoded(t, numbered(5))} {
		require.NoError(t, raw.Write(msg))
	}
	require.NoError(t, raw.Flush())
	require.Equal(t, numbered(5).FeePerKw, n.expect(t, "message").msg.(*lnwire.UpdateFee).FeePerKw)

	require.NoError(t, raw.Write(typed(30000)))
	require.NoError(t, raw.Flush())
	require.ErrorIs(t, n.expect(t, "down").err, ErrUnknownEven)
}

func TestSecondInitDisconnects(t *testing.T) {
	n := newNode(t, nil).listen(t)
	raw := n.dialUp(t)
	require.NoError(t, raw.send(initMessage(&n.cfg)))
	require.ErrorContains(t, n.expect(t, "down").err, "init twice")
}

func TestGarbageDisconnects(t *testing.T) {
	n := newNode(t, nil).listen(t)
	raw := n.dialUp(t)
	_, err := raw.conn.Write(make([]byte, 1000))
	require.NoError(t, err)
	n.expect(t, "down")

	require.NoError(t, n.dialUp(t).send(numbered(1)), "the node goes on")
	n.expect(t, "message")
}

// What a stranger sends before and instead of the handshake.
func FuzzFrontDoor(f *testing.F) {
	f.Add([]byte{})
	f.Add(make([]byte, 50))
	f.Add(bytes.Repeat([]byte{2}, 116))
	key := &keychain.PrivKeyECDH{PrivKey: randomKey(f)}
	f.Fuzz(func(t *testing.T, data []byte) {
		here, there := net.Pipe()
		go func() {
			_, _ = there.Write(data) // fails when the door shuts
			_ = there.Close()
		}()
		_, err := Respond(here, key)
		require.Error(t, err)
		_ = here.Close()
	})
}

// What a peer sends once it is in.
func FuzzDecode(f *testing.F) {
	f.Add(encoded(f, numbered(1)))
	f.Add(encoded(f, lnwire.NewPing(7)))
	f.Add(encoded(f, initMessage(&Config{Features: ourFeatures()})))
	f.Add(encoded(f, &lnwire.ChannelReestablish{}))
	for _, typ := range []uint16{1, 2, 16, 32, 33, 34, 35, 36, 38, 39, 40, 41, 128, 130, 131,
		132, 133, 135, 136, 256, 257, 258, 259, 261, 262, 263, 264, 265, 267, 269, 271, 513} {
		f.Add(typed(typ, make([]byte, 300)...))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 65535 {
			return
		}
		msg, err := decode(data, func(lnwire.MessageType) bool { return true })
		if err != nil {
			require.Nil(t, msg)
		}
	})
}
