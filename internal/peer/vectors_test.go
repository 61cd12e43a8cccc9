package peer

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"net"
	"os"
	"strconv"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/brontide"
	"github.com/lightningnetwork/lnd/keychain"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

func vectors(t *testing.T, file string, into any) {
	raw, err := os.ReadFile("testdata/" + file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, into))
}

func unhex(t *testing.T, s string) []byte {
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

// scripted is a connection whose other side says what a vector gives.
type scripted struct {
	net.Conn
	in, out bytes.Buffer
}

func (s *scripted) Read(b []byte) (int, error)  { return s.in.Read(b) }
func (s *scripted) Write(b []byte) (int, error) { return s.out.Write(b) }

// machine has the keys of BOLT 8's vectors: 32 equal bytes each.
func machine(initiator bool) *brontide.Machine {
	key := func(b byte) *btcec.PrivateKey {
		k, _ := btcec.PrivKeyFromBytes(bytes.Repeat([]byte{b}, 32))
		return k
	}
	static, ephemeral, remote := byte(0x21), byte(0x22), (*btcec.PublicKey)(nil)
	if initiator {
		static, ephemeral, remote = 0x11, 0x12, key(0x21).PubKey()
	}
	return brontide.NewBrontideMachine(initiator, &keychain.PrivKeyECDH{PrivKey: key(static)}, remote,
		brontide.EphemeralGenerator(func() (*btcec.PrivateKey, error) { return key(ephemeral), nil }))
}

// TestBOLT8Vectors are those of BOLT 8, appendix A: acts that are as they should be or wrong, and messages
// over two rotations of the keys.
func TestBOLT8Vectors(t *testing.T) {
	var all []struct {
		Role, Name, Error string
		Steps             []struct{ Input, Output string }
		Messages          map[string]string
	}
	vectors(t, "bolt8.json", &all)
	require.Len(t, all, 16)
	for _, v := range all {
		t.Run(v.Role+" "+v.Name, func(t *testing.T) {
			if v.Role == "message" {
				bolt8Messages(t, v.Messages)
				return
			}
			var conn scripted
			var want []byte
			for _, step := range v.Steps {
				conn.in.Write(unhex(t, step.Input))
				want = append(want, unhex(t, step.Output)...)
			}
			transport := newTransport(&conn, machine(v.Role == "initiator"))
			handshake := transport.respond
			if v.Role == "initiator" {
				_, remote := btcec.PrivKeyFromBytes(bytes.Repeat([]byte{0x21}, 32))
				transport.remote, handshake = remote, transport.initiate
			}
			_, err := handshake()
			require.Equal(t, want, conn.out.Bytes())
			if v.Error != "" {
				require.Error(t, err, v.Error)
				return
			}
			require.NoError(t, err)
			if v.Role == "responder" {
				require.Equal(t, "034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa",
					hex.EncodeToString(transport.Remote().SerializeCompressed()))
			}
		})
	}
}

func bolt8Messages(t *testing.T, want map[string]string) {
	here, there := net.Pipe()
	responded := make(chan *Transport, 1)
	go func() {
		defer close(responded)
		if r, err := newTransport(there, machine(false)).respond(); err == nil {
			responded <- r
		}
	}()
	initiator := newTransport(here, machine(true))
	_, initiator.remote = btcec.PrivKeyFromBytes(bytes.Repeat([]byte{0x21}, 32))
	sender, err := initiator.initiate()
	require.NoError(t, err)
	receiver := <-responded
	require.NotNil(t, receiver)

	var wire scripted
	sender.conn, receiver.conn = &wire, &wire
	sender.out.Reset(&wire)
	receiver.in.Reset(&wire.out)
	for i := range 1002 {
		require.NoError(t, sender.Write([]byte("hello")))
		require.NoError(t, sender.Flush())
		if expected, ok := want[strconv.Itoa(i)]; ok {
			require.Equal(t, expected, hex.EncodeToString(wire.out.Bytes()), i)
			delete(want, strconv.Itoa(i))
		}
		got, err := receiver.Read()
		require.NoError(t, err)
		require.Equal(t, "hello", string(got))
	}
	require.Empty(t, want)
}

// TestBOLT7Vectors are those of BOLT 7's gossip queries. Lists in zlib, which BOLT 7 has withdrawn, are left
// unread; what is plain is read and, where no part of it is unknown, written the same.
func TestBOLT7Vectors(t *testing.T) {
	var all []struct {
		Hex string
		Msg struct {
			Type            string
			FirstBlockNum   uint32
			NumberOfBlocks  uint32
			Complete        uint8
			ShortChannelIDs struct {
				Array    []string
				Encoding string
			}
			Timestamps struct{ Timestamps []map[string]uint32 }
			Checksums  any
		}
	}
	vectors(t, "bolt7.json", &all)
	require.Len(t, all, 10)
	read := 0
	for i, v := range all {
		raw := unhex(t, v.Hex)
		msg, err := decode(raw, func(lnwire.MessageType) bool { return false })
		require.NoError(t, err, i)
		if v.Msg.ShortChannelIDs.Encoding == "COMPRESSED_ZLIB" {
			require.Nil(t, msg, i)
			continue
		}
		read++
		var ids []string
		scids := func(list []lnwire.ShortChannelID) {
			for _, id := range list {
				ids = append(ids, id.AltString())
			}
		}
		switch m := msg.(type) {
		case *lnwire.QueryChannelRange:
			require.Equal(t, "QueryChannelRange", v.Msg.Type)
			require.Equal(t, v.Msg.FirstBlockNum, m.FirstBlockHeight)
			require.Equal(t, v.Msg.NumberOfBlocks, m.NumBlocks)
		case *lnwire.ReplyChannelRange:
			require.Equal(t, "ReplyChannelRange", v.Msg.Type)
			require.Equal(t, v.Msg.FirstBlockNum, m.FirstBlockHeight)
			require.Equal(t, v.Msg.NumberOfBlocks, m.NumBlocks)
			require.Equal(t, v.Msg.Complete, m.Complete)
			scids(m.ShortChanIDs)
			require.Len(t, m.Timestamps, len(v.Msg.Timestamps.Timestamps))
			for j, want := range v.Msg.Timestamps.Timestamps {
				require.Equal(t, want["timestamp1"], m.Timestamps[j].Timestamp1)
				require.Equal(t, want["timestamp2"], m.Timestamps[j].Timestamp2)
			}
		case *lnwire.QueryShortChanIDs:
			require.Equal(t, "QueryShortChannelIds", v.Msg.Type)
			scids(m.ShortChanIDs)
		default:
			t.Fatalf("vector %d is a %T", i, msg)
		}
		require.Equal(t, v.Msg.ShortChannelIDs.Array, ids, i)
		var again bytes.Buffer
		_, err = lnwire.WriteMessage(&again, msg, 0)
		require.NoError(t, err)
		if v.Msg.Checksums != nil { // which are not asked for, and lnwire leaves out
			v.Hex = v.Hex[:len(v.Hex)-2*(2+8*len(v.Msg.Timestamps.Timestamps))]
		}
		require.Equal(t, v.Hex, hex.EncodeToString(again.Bytes()), i)
	}
	require.Equal(t, 6, read)
}
