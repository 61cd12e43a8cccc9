package router

import (
	"bytes"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// FuzzReceive hands any message that lnwire decodes to every gossip door. Nothing
// panics, and nothing unsigned is believed.
func FuzzReceive(f *testing.F) {
	p := people(3)
	for _, m := range []lnwire.Message{
		announcement(f, 3, p[0], p[1]), channelUpdate(f, 1, p[0], 0, testUnix+1), channelUpdate(f, 1, p[1], 1, 0),
		nodeAnnouncement(f, p[0], 0), nodeAnnouncement(f, p[1], testUnix),
		&lnwire.QueryChannelRange{ChainHash: testChain, NumBlocks: 10},
		lnwire.NewQueryShortChanIDs(testChain, lnwire.EncodingSortedPlain, []lnwire.ShortChannelID{scid(1)}),
		&lnwire.ReplyChannelRange{ChainHash: testChain, ShortChanIDs: []lnwire.ShortChannelID{scid(9)}},
		&lnwire.GossipTimestampRange{ChainHash: testChain, TimestampRange: 1 << 31},
	} {
		var b bytes.Buffer
		_, err := lnwire.WriteMessage(&b, m, 0)
		require.NoError(f, err)
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := lnwire.ReadMessage(bytes.NewReader(b), 0)
		if err != nil {
			return
		}
		s, _ := filled(t)
		before := s.Graph().Stats().Channels
		check, err := s.Receive(Node{2}, m, testNow)
		_ = ReactionTo(err)
		if check != nil {
			require.NoError(t, s.Confirm(check, 1_000_000_000, testNow))
		} else {
			require.Equal(t, before, s.Graph().Stats().Channels)
		}
		fuzzQueries(t, s, m)
	})
}

func fuzzQueries(t *testing.T, s *Gossip, m lnwire.Message) {
	switch m := m.(type) {
	case *lnwire.QueryChannelRange:
		if r, err := s.ReplyChannelRange(Node{2}, m, testNow); err == nil {
			for n := 0; r.Next() != nil; n++ {
				require.Less(t, n, 3)
			}
		}
	case *lnwire.QueryShortChanIDs:
		if r, err := s.ReplyShortChanIDs(Node{2}, m, testNow); err == nil {
			for range MaxQueryIDs * 4 {
				if r.Next(100) == nil {
					return
				}
			}
			t.Fatal("the answer has no end")
		}
	case *lnwire.ReplyChannelRange:
		require.LessOrEqual(t, len(s.Missing(m)), len(m.ShortChanIDs))
	case *lnwire.GossipTimestampRange:
		var c Cursor
		for n := 0; !c.Done(); n++ {
			require.LessOrEqual(t, len(s.Backlog(&c, FilterOf(m), 1)), 3)
			require.Less(t, n, 100)
		}
	}
}

// FuzzGossipState runs a schedule of gossip messages with their fields and times
// taken from the fuzzer's bytes, correctly signed: the state that validation keeps
// (timestamps, buckets, waiting messages) never panics and keeps its bounds.
func FuzzGossipState(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 4, 1, 8, 2, 12, 3, 16, 4})
	f.Add([]byte{1, 1, 5, 1, 2, 0, 3, 9, 0, 0, 0, 0, 4, 4, 4, 4})
	f.Fuzz(func(t *testing.T, script []byte) {
		p := people(3)
		s := newTestGossip(GossipConfig{Waiting: 16, WaitingBytes: 4096, Feed: 8, Rejected: 2, Peers: 2})
		var checks []*FundingCheck
		var c Cursor
		var seq uint64
		for i := 0; i+1 < min(len(script), 64); i += 2 {
			op, x := script[i], uint32(script[i+1])
			n, ts := uint64(op>>3)%3, uint32(testUnix)+(x-128)*8000
			if x == 0 {
				ts = 0
			}
			a, b := p[n%2], p[n%2+1]
			switch op & 7 {
			case 0:
				if check, err := s.Receive(a.id, announcement(t, n, a, b), testNow); err == nil {
					checks = append(checks, check)
				}
			case 1, 2:
				_, _ = s.Receive(b.id, channelUpdate(t, n, []person{a, b}[op&1], Direction(op&1), ts), testNow)
			case 3:
				_, _ = s.Receive(a.id, nodeAnnouncement(t, a, ts), testNow)
			case 4, 5:
				if len(checks) > 0 {
					if op&1 == 0 || x > 200 {
						_ = s.Confirm(checks[0], lnwire.MilliSatoshi(x)*10_000_000, testNow)
					} else {
						s.Reject(checks[0])
					}
					checks = checks[1:]
				}
			case 6:
				s.Graph().RemoveChannel(cid(n))
				s.Prune(testNow.Add(StaleAfter), int(x))
			case 7:
				_ = s.Backlog(&c, everything, 1)
				_ = s.Fresh(a.id, everything, &seq, 2)
			}
			require.LessOrEqual(t, s.waiting.n, 16)
			require.GreaterOrEqual(t, s.waiting.bytes, 0)
			require.LessOrEqual(t, len(s.rejected.known), 2)
		}
	})
}
