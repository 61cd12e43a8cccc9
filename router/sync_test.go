package router

import (
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// syncWorld is a client, and peers that know different things.
type syncWorld struct {
	t     testing.TB
	now   time.Time
	s     *Gossip
	y     *Sync
	peers map[Node]*Gossip // nil: it never answers
	sent  []Ask            // all that the client asked
}

func newSyncWorld(t testing.TB, c SyncConfig) *syncWorld {
	c.Chain = testChain
	s := newTestGossip(GossipConfig{})
	return &syncWorld{t: t, now: testNow, s: s, y: NewSync(s, c), peers: map[Node]*Gossip{}}
}

func (w *syncWorld) up(n int, knows *Gossip) Node {
	id := nodeNo(n)
	w.peers[id] = knows
	w.carry(w.y.Up(id, w.now))
	return id
}

func (w *syncWorld) wait(d time.Duration) {
	w.now = w.now.Add(d)
	w.carry(w.y.Tick(w.now))
}

// carry takes queries to peers and their answers back, until all is quiet.
func (w *syncWorld) carry(asks []Ask) {
	for ; len(asks) > 0; asks = asks[1:] {
		a := asks[0]
		w.sent = append(w.sent, a)
		server := w.peers[a.Peer]
		if server == nil {
			continue
		}
		switch q := a.Msg.(type) {
		case *lnwire.QueryChannelRange:
			r, err := server.ReplyChannelRange(Node{1}, q, w.now)
			require.NoError(w.t, err)
			for m := r.Next(); m != nil; m = r.Next() {
				asks = append(asks, w.reply(a.Peer, m)...)
			}
		case *lnwire.QueryShortChanIDs:
			r, err := server.ReplyShortChanIDs(Node{1}, q, w.now)
			require.NoError(w.t, err)
			for more := r.Next(3); len(more) > 0; more = r.Next(3) {
				for _, m := range more {
					asks = append(asks, w.reply(a.Peer, m)...)
				}
			}
		}
	}
}

// reply is what the shell does with a message.
func (w *syncWorld) reply(peer Node, m lnwire.Message) []Ask {
	switch m := m.(type) {
	case *RawMessage:
		msg, err := m.Parsed()
		require.NoError(w.t, err)
		w.y.Heard(peer, w.now)
		if check, err := w.s.Receive(peer, msg, w.now); err == nil && check != nil {
			check.Funding = outpointOf(uint64(check.SCID.BlockHeight)) // as known names it
			require.NoError(w.t, w.s.Confirm(check, 1_000_000_000, w.now))
		}
		return nil
	}
	asks, err := w.y.Receive(peer, m, w.now)
	require.NoError(w.t, err)
	return asks
}

// count is how many messages of each kind the client sent, and forgets them.
func (w *syncWorld) count() (ranges, ids, filters int) {
	for _, a := range w.sent {
		switch a.Msg.(type) {
		case *lnwire.QueryChannelRange:
			ranges++
		case *lnwire.QueryShortChanIDs:
			ids++
		case *lnwire.GossipTimestampRange:
			filters++
		}
	}
	w.sent = nil
	return ranges, ids, filters
}

// knowing is a peer's view with the channels from first to last.
func knowing(t testing.TB, first, last uint64) *Gossip {
	p, s := people(3), newTestGossip(GossipConfig{})
	for n := first; n <= last; n++ {
		s.known(t, n, p[n%2], p[n%2+1])
	}
	return s
}

func TestSyncFetchesWhatIsMissingAndThenListensToNews(t *testing.T) {
	w := newSyncWorld(t, SyncConfig{Chunk: 6})
	require.False(t, w.y.Synced())
	peer := w.up(1, knowing(t, 1, 20))
	require.True(t, w.y.Synced())
	sameGraph(t, w.peers[peer], w.s)

	filter, ok := w.sent[len(w.sent)-1].Msg.(*lnwire.GossipTimestampRange)
	require.True(t, ok)
	require.Equal(t, uint32(testUnix-3600), filter.FirstTimestamp, "an hour back")
	require.True(t, FilterOf(filter).wants(testUnix+86400*365))
	first := w.sent[0].Msg.(*lnwire.QueryChannelRange)
	require.True(t, first.WithTimestamps())
	for _, a := range w.sent {
		if q, ok := a.Msg.(*lnwire.QueryShortChanIDs); ok {
			require.LessOrEqual(t, len(q.ShortChanIDs), 6)
		}
	}
	ranges, ids, filters := w.count()
	require.Equal(t, []int{1, 4, 1}, []int{ranges, ids, filters})
}

func TestSyncAsksOnlyForWhatIsNew(t *testing.T) {
	w := newSyncWorld(t, SyncConfig{})
	server := knowing(t, 1, 5)
	w.up(1, server)
	w.count()
	p := people(3)
	_, err := server.Receive(p[1].id, channelUpdate(t, 1, p[1], 0, testUnix+50), testNow.Add(time.Minute))
	require.NoError(t, err)

	w.wait(time.Hour)
	require.Equal(t, []lnwire.ShortChannelID{scid(1)}, w.sent[1].Msg.(*lnwire.QueryShortChanIDs).ShortChanIDs)
	w.count()
	w.wait(time.Hour)
	ranges, ids, filters := w.count()
	require.Equal(t, []int{1, 0, 0}, []int{ranges, ids, filters})
}

func TestSyncLeavesStaleChannelsOut(t *testing.T) {
	w := newSyncWorld(t, SyncConfig{})
	server := knowing(t, 1, 5)
	w.now = testNow.Add(StaleAfter + time.Minute)
	w.up(1, server)
	_, ids, _ := w.count()
	require.Zero(t, ids)
	require.True(t, w.y.Synced())
}

func TestAnotherPeerTakesOverFromASilentOne(t *testing.T) {
	w := newSyncWorld(t, SyncConfig{})
	silent := w.up(1, nil)
	w.now = w.now.Add(time.Second)
	good := w.up(2, knowing(t, 1, 5))
	ranges, _, filters := w.count()
	require.Equal(t, []int{1, 0}, []int{ranges, filters}, "one peer is asked at a time")

	w.wait(58 * time.Second)
	require.Empty(t, w.sent)
	w.wait(time.Second)
	require.True(t, w.y.Synced())
	require.Equal(t, 5, w.s.Graph().Stats().Channels)
	require.Equal(t, good, w.sent[0].Peer)
	_, _, filters = w.count()
	require.Equal(t, 2, filters, "also the silent one may have news")

	late, err := w.y.Receive(silent, &lnwire.ReplyChannelRange{ChainHash: testChain, NumBlocks: everyBlock, Complete: 1}, w.now)
	require.NoError(t, err)
	require.Empty(t, late, "an answer that comes too late starts nothing")
}

func TestAnotherPeerTakesOverFromOneThatLeaves(t *testing.T) {
	w := newSyncWorld(t, SyncConfig{})
	gone := w.up(1, nil)
	w.up(2, knowing(t, 1, 5))
	require.False(t, w.y.Synced())
	w.carry(w.y.Down(gone, w.now))
	require.True(t, w.y.Synced())
}

func TestAttack33APeerThatTricklesIsLeftInTime(t *testing.T) {
	w := newSyncWorld(t, SyncConfig{Longest: 10 * time.Minute})
	slow := w.up(1, nil)
	w.up(2, knowing(t, 1, 5))
	for range 9 {
		w.wait(30 * time.Second)
		w.y.Heard(slow, w.now)
		require.False(t, w.y.Synced())
	}
	for range 12 {
		w.wait(30 * time.Second)
		w.y.Heard(slow, w.now)
	}
	require.True(t, w.y.Synced())
}

func TestPeerThatFailedIsAskedAgainLater(t *testing.T) {
	w := newSyncWorld(t, SyncConfig{})
	peer := w.up(1, nil)
	w.wait(time.Minute)
	w.count()
	w.peers[peer] = knowing(t, 1, 2)
	w.wait(9 * time.Minute)
	require.False(t, w.y.Synced())
	w.wait(time.Minute)
	require.True(t, w.y.Synced())
}

func TestAttack33PeersTakeTurns(t *testing.T) {
	w := newSyncWorld(t, SyncConfig{})
	w.up(1, knowing(t, 1, 2))
	second := w.up(2, knowing(t, 1, 5))
	require.Equal(t, 2, w.s.Graph().Stats().Channels)
	w.count()
	w.wait(time.Hour - time.Second)
	require.Empty(t, w.sent)
	w.wait(time.Second)
	require.Equal(t, second, w.sent[0].Peer)
	require.Equal(t, 5, w.s.Graph().Stats().Channels)
}

func TestFewPeersAreListenedTo(t *testing.T) {
	w := newSyncWorld(t, SyncConfig{Listen: 3})
	var ids []Node
	for i := range 6 {
		ids = append(ids, w.up(i+1, knowing(t, 1, 1)))
	}
	_, _, filters := w.count()
	require.Equal(t, 3, filters)
	w.carry(w.y.Down(ids[0], w.now))
	_, _, filters = w.count()
	require.Equal(t, 1, filters, "another takes its place")
	w.carry(w.y.Down(ids[5], w.now))
	w.wait(time.Minute)
	_, _, filters = w.count()
	require.Zero(t, filters)
}

func TestSyncRefusesAnswersWithoutEnd(t *testing.T) {
	reply := func(first, blocks uint32, n int) *lnwire.ReplyChannelRange {
		m := &lnwire.ReplyChannelRange{ChainHash: testChain, FirstBlockHeight: first, NumBlocks: blocks}
		for i := range n {
			m.ShortChanIDs = append(m.ShortChanIDs, scid(uint64(i+1)))
		}
		return m
	}
	for name, c := range map[string]struct {
		replies []*lnwire.ReplyChannelRange
		bad     bool // the last
	}{
		"too many replies":         {[]*lnwire.ReplyChannelRange{reply(0, 5, 1), reply(5, 5, 1), reply(10, 5, 1), reply(15, 5, 1)}, true},
		"too many channels":        {[]*lnwire.ReplyChannelRange{reply(0, 5, 6), reply(5, 5, 5)}, true},
		"blocks go back":           {[]*lnwire.ReplyChannelRange{reply(10, 5, 1), reply(5, 5, 1)}, true},
		"blocks repeat":            {[]*lnwire.ReplyChannelRange{reply(10, 5, 1), reply(10, 4, 1)}, true},
		"one block may be split":   {[]*lnwire.ReplyChannelRange{reply(10, 5, 1), reply(14, 4, 1)}, false},
		"another chain":            {[]*lnwire.ReplyChannelRange{{ChainHash: chainhash.Hash{9}}}, true},
		"timestamps without their": {[]*lnwire.ReplyChannelRange{{ChainHash: testChain, Timestamps: make(lnwire.Timestamps, 1)}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := NewGossip(NewGraphLimited(Limits{Nodes: 10, Channels: 10, Chains: 1}), GossipConfig{Chains: []chainhash.Hash{testChain}})
			y := NewSync(s, SyncConfig{Chain: testChain, Replies: 3})
			y.Up(nodeNo(1), testNow)
			y.Up(nodeNo(2), testNow)
			for i, m := range c.replies {
				asks, err := y.Receive(nodeNo(1), m, testNow)
				if i < len(c.replies)-1 || !c.bad {
					require.NoError(t, err)
					require.Empty(t, asks)
					continue
				}
				require.ErrorIs(t, err, ErrQuery)
				require.Equal(t, Warn, ReactionTo(err))
				require.Equal(t, nodeNo(2), asks[0].Peer, "the next one is asked")
			}
		})
	}
}

// lnd before 0.11 and others repeated the query's blocks in every reply.
func TestSyncUnderstandsOldReplies(t *testing.T) {
	w := newSyncWorld(t, SyncConfig{})
	peer := w.up(1, nil)
	old := func(n uint64, complete uint8) *lnwire.ReplyChannelRange {
		return &lnwire.ReplyChannelRange{ChainHash: testChain, NumBlocks: everyBlock, Complete: complete,
			ShortChanIDs: []lnwire.ShortChannelID{scid(n)}}
	}
	require.Empty(t, w.reply(peer, old(1, 0)))
	require.Empty(t, w.reply(peer, old(2, 0)))
	asks := w.reply(peer, old(2, 1))
	require.Equal(t, []lnwire.ShortChannelID{scid(1), scid(2)}, asks[0].Msg.(*lnwire.QueryShortChanIDs).ShortChanIDs)
	asks = w.reply(peer, &lnwire.ReplyShortChanIDsEnd{ChainHash: testChain, Complete: 1})
	require.Len(t, asks, 1)
	require.True(t, w.y.Synced())
}

func TestUnaskedRepliesAreIgnored(t *testing.T) {
	w := newSyncWorld(t, SyncConfig{})
	w.up(1, nil)
	require.Empty(t, w.reply(nodeNo(1), &lnwire.ReplyShortChanIDsEnd{ChainHash: testChain, Complete: 1}))
	require.Empty(t, w.reply(nodeNo(2), &lnwire.ReplyChannelRange{ChainHash: testChain, NumBlocks: everyBlock, Complete: 1}))
	require.False(t, w.y.Synced())
}
