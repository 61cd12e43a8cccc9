package router

import (
	"bytes"
	"math"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

var everything = Filter{Chain: testChain, Range: math.MaxUint32}

// filled has two channels 0-1-2 with three updates and two node announcements.
func filled(t testing.TB) (*Gossip, []person) {
	p := people(3)
	s := newTestGossip(GossipConfig{})
	s.confirmed(t, 1, p[0], p[1])
	s.confirmed(t, 2, p[1], p[2])
	for _, m := range []lnwire.Message{
		channelUpdate(t, 1, p[0], 0, testUnix), channelUpdate(t, 1, p[1], 1, testUnix+10),
		channelUpdate(t, 2, p[1], 0, testUnix+20),
		nodeAnnouncement(t, p[0], testUnix), nodeAnnouncement(t, p[2], testUnix+20),
	} {
		_, err := s.Receive(p[0].id, m, testNow)
		require.NoError(t, err)
	}
	return s, p
}

func types(ms []*RawMessage) (out []lnwire.MessageType) {
	for _, m := range ms {
		out = append(out, m.Type)
	}
	return out
}

const (
	ca = lnwire.MsgChannelAnnouncement
	cu = lnwire.MsgChannelUpdate
	na = lnwire.MsgNodeAnnouncement
)

func TestAttack28BacklogSendsAnnouncementThenUpdatesThenNodesInChunks(t *testing.T) {
	s, _ := filled(t)
	var all []*RawMessage
	var c Cursor
	for !c.Done() {
		chunk := s.Backlog(&c, everything, 1)
		require.LessOrEqual(t, len(chunk), 3)
		all = append(all, chunk...)
	}
	require.Equal(t, []lnwire.MessageType{ca, cu, cu, ca, cu, na, na}, types(all))
	c = Cursor{}
	require.Equal(t, []lnwire.MessageType{ca, cu, na}, types(s.Backlog(&c, Filter{testChain, testUnix + 20, 1}, 100)), "timestamp filter")
	c = Cursor{}
	require.Empty(t, s.Backlog(&c, Filter{chainhash.Hash{9}, 0, math.MaxUint32}, 100))
	require.True(t, c.Done())
}

func TestWhatOneNodeRelaysAnotherTakes(t *testing.T) {
	s, _ := filled(t)
	other := newTestGossip(GossipConfig{})
	var c Cursor
	for _, m := range s.Backlog(&c, everything, 100) {
		var wire bytes.Buffer
		_, err := lnwire.WriteMessage(&wire, m, 0)
		require.NoError(t, err)
		got, err := lnwire.ReadMessage(&wire, 0)
		require.NoError(t, err)
		check, err := other.Receive(Node{2}, got, testNow)
		require.NoError(t, err)
		if check != nil {
			require.NoError(t, other.Confirm(check, 1_000_000_000, testNow))
		}
	}
	require.Equal(t, s.Graph().Stats(), other.Graph().Stats())
}

func TestUnknownTLVsAreRelayedBitExact(t *testing.T) {
	s, p := filled(t)
	extra := []byte{0xfd, 0xd9, 0x03, 8, 0, 0, 0, 1, 0, 0, 0, 2, 0xfe, 0, 1, 0, 1, 2, 7, 8} // inbound fee, and one nobody knows
	sent := channelUpdate(t, 1, p[0], 0, testUnix+30, func(m *lnwire.ChannelUpdate1) { m.ExtraOpaqueData = extra })
	raw, err := rawUpdate(sent)
	require.NoError(t, err)
	got, err := (&RawMessage{cu, raw}).Parsed()
	require.NoError(t, err)
	seq := s.Seq()
	_, err = s.Receive(p[0].id, got, testNow)
	require.NoError(t, err)
	fresh := s.Fresh(Node{2}, everything, &seq, 10)
	require.Len(t, fresh, 1)
	require.Equal(t, raw, fresh[0].Payload)
}

func TestFreshSkipsTheSenderAndTheFilteredAndForgetsTheOldest(t *testing.T) {
	p := people(3)
	s := newTestGossip(GossipConfig{Feed: 4})
	seq := s.Seq()
	s.confirmed(t, 1, p[0], p[1])
	require.Empty(t, s.Fresh(Node{2}, everything, &seq, 10), "no announcement without an update")
	_, err := s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix), testNow)
	require.NoError(t, err)
	own, other, one := seq, seq, seq
	require.Empty(t, s.Fresh(p[0].id, everything, &own, 10), "the sender knows it")
	require.Equal(t, s.Seq(), own)
	require.Equal(t, []lnwire.MessageType{ca, cu}, types(s.Fresh(Node{2}, everything, &other, 10)))
	require.Empty(t, s.Fresh(Node{2}, everything, &other, 10))
	require.Equal(t, []lnwire.MessageType{ca}, types(s.Fresh(Node{2}, everything, &one, 1)), "in chunks")
	require.Equal(t, []lnwire.MessageType{cu}, types(s.Fresh(Node{2}, everything, &one, 1)))
	late := seq
	require.Empty(t, s.Fresh(Node{2}, Filter{testChain, testUnix + 1, 1000}, &late, 10))
	for i := range 8 {
		_, err := s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix+1+uint32(i)), testNow)
		require.NoError(t, err)
	}
	slow := seq
	require.Len(t, s.Fresh(Node{2}, everything, &slow, 100), 4, "the ring is bounded")
}

func TestPrivateChannelsAreNeverRelayed(t *testing.T) {
	p := people(2)
	s := newTestGossip(GossipConfig{Self: p[0].id})
	require.NoError(t, s.Graph().AddPrivate(cid(1), p[1].id, p[0].id, 1_000_000_000))
	alias := lnwire.ShortChannelID{BlockHeight: 16_000_000}
	require.NoError(t, s.Graph().AddAlias(cid(1), alias))
	seq := s.Seq()
	m := channelUpdate(t, 1, p[1], 1, testUnix, func(m *lnwire.ChannelUpdate1) { m.ShortChannelID = alias })
	_, err := s.Receive(p[1].id, m, testNow)
	require.NoError(t, err)
	c, ok := s.Graph().Channel(cid(1))
	require.True(t, ok)
	require.NotNil(t, c.Policies[1], "but their updates are taken")
	require.Empty(t, s.Fresh(Node{2}, everything, &seq, 10))
	var cur Cursor
	require.Empty(t, s.Backlog(&cur, everything, 10))
	r, err := s.ReplyChannelRange(Node{2}, &lnwire.QueryChannelRange{ChainHash: testChain, NumBlocks: 100}, testNow)
	require.NoError(t, err)
	require.Empty(t, r.Next().ShortChanIDs)

	// Announced later, it takes what it had along.
	_, err = s.Receive(p[1].id, channelUpdate(t, 1, p[1], 1, testUnix+1), testNow)
	require.NoError(t, err)
	s.confirmed(t, 1, p[0], p[1])
	require.Equal(t, []lnwire.MessageType{ca, cu}, types(s.Fresh(Node{2}, everything, &seq, 10)))
	require.True(t, s.Graph().RemoveChannel(ChanID{testChain, alias}))
	require.Zero(t, s.Graph().Stats())
}

func TestRangeRepliesCoverTheQueryWithoutGap(t *testing.T) {
	s := newTestGossip(GossipConfig{})
	g := s.Graph()
	add := func(block uint32, n int) {
		for i := range n {
			id := ChanID{testChain, lnwire.ShortChannelID{BlockHeight: block, TxIndex: uint32(i)}}
			require.NoError(t, g.AddPrivate(id, nodeNo(1), nodeNo(2), 1000))
			at, _ := g.lookup(id)
			g.chans[at].public, g.chans[at].update[0] = true, []byte{1}
			g.chans[at].told[0] = block
		}
	}
	add(50, 1)
	for b := range uint32(30) {
		add(100+b, 150)
	}
	add(200, 2*maxRangeReply+5)
	add(300, 1)
	query := &lnwire.QueryChannelRange{ChainHash: testChain, FirstBlockHeight: 60, NumBlocks: 241, QueryOptions: lnwire.NewTimestampQueryOption()}
	r, err := s.ReplyChannelRange(Node{2}, query, testNow)
	require.NoError(t, err)
	total, next, done := 0, uint32(60), false
	for m := r.Next(); m != nil; m = r.Next() {
		require.False(t, done)
		if m.FirstBlockHeight != next {
			require.Equal(t, next-1, m.FirstBlockHeight, "only a block too full for one reply is split")
			require.Equal(t, uint32(200), m.FirstBlockHeight)
		}
		require.LessOrEqual(t, len(m.ShortChanIDs), maxRangeReply)
		require.Len(t, m.Timestamps, len(m.ShortChanIDs))
		for i, id := range m.ShortChanIDs {
			require.GreaterOrEqual(t, id.BlockHeight, m.FirstBlockHeight)
			require.LessOrEqual(t, id.BlockHeight, m.LastBlockHeight())
			require.Equal(t, id.BlockHeight, m.Timestamps[i].Timestamp1)
		}
		total += len(m.ShortChanIDs)
		next, done = m.LastBlockHeight()+1, m.Complete == 1
		var b bytes.Buffer
		_, err := lnwire.WriteMessage(&b, m, 0)
		require.NoError(t, err)
	}
	require.True(t, done)
	require.Equal(t, uint32(301), next)
	require.Equal(t, 30*150+2*maxRangeReply+6, total)

	for _, q := range []*lnwire.QueryChannelRange{
		{ChainHash: testChain, FirstBlockHeight: math.MaxUint32, NumBlocks: math.MaxUint32}, {ChainHash: testChain}, {ChainHash: chainhash.Hash{7}, NumBlocks: 5},
	} {
		r, err := s.ReplyChannelRange(Node{2}, q, testNow)
		require.NoError(t, err)
		m := r.Next()
		require.Empty(t, m.ShortChanIDs)
		require.Equal(t, q.ChainHash == testChain, m.Complete == 1)
		require.Nil(t, r.Next())
	}
}

func TestShortChanIDQueriesAreAnsweredToTheEnd(t *testing.T) {
	s, _ := filled(t)
	q := lnwire.NewQueryShortChanIDs(testChain, lnwire.EncodingSortedPlain, []lnwire.ShortChannelID{scid(1), scid(2), scid(77)})
	r, err := s.ReplyShortChanIDs(Node{2}, q, testNow)
	require.NoError(t, err)
	var got []lnwire.MessageType
	for chunk := r.Next(2); chunk != nil; chunk = r.Next(2) {
		require.LessOrEqual(t, len(chunk), 4)
		for _, m := range chunk {
			got = append(got, m.MsgType())
		}
	}
	require.Equal(t, []lnwire.MessageType{ca, cu, cu, ca, cu, na, na, lnwire.MsgReplyShortChanIDsEnd}, got)

	q.EncodingType = lnwire.EncodingSortedZlib
	_, err = s.ReplyShortChanIDs(Node{2}, q, testNow)
	require.ErrorIs(t, err, ErrQuery)
	q = lnwire.NewQueryShortChanIDs(testChain, lnwire.EncodingSortedPlain, make([]lnwire.ShortChannelID, MaxQueryIDs+1))
	_, err = s.ReplyShortChanIDs(Node{2}, q, testNow)
	require.ErrorIs(t, err, ErrQuery)
}

func TestMissingNamesUnknownAndOutdatedChannels(t *testing.T) {
	s, _ := filled(t)
	m := &lnwire.ReplyChannelRange{ChainHash: testChain, ShortChanIDs: []lnwire.ShortChannelID{scid(1), scid(2), scid(3), scid(4)}}
	require.Equal(t, []lnwire.ShortChannelID{scid(3), scid(4)}, s.Missing(m))
	m.Timestamps = lnwire.Timestamps{{Timestamp1: testUnix, Timestamp2: testUnix + 10}, {Timestamp2: 1}, {}, {}}
	s.Reject(&FundingCheck{ChainHash: testChain, SCID: scid(4)})
	require.Equal(t, []lnwire.ShortChannelID{scid(2), scid(3)}, s.Missing(m))
}

func TestUpdateWithDontForwardIsUsedButNotRelayed(t *testing.T) {
	s, p := filled(t)
	seq := s.Seq()
	m := channelUpdate(t, 1, p[0], 0, testUnix+30, func(m *lnwire.ChannelUpdate1) { m.MessageFlags |= dontForward; m.FeeRate = 5 })
	_, err := s.Receive(p[0].id, m, testNow)
	require.NoError(t, err)
	c, _ := s.Graph().Channel(cid(1))
	require.Equal(t, uint32(5), c.Policies[0].FeeRate)
	require.Empty(t, s.Fresh(Node{2}, everything, &seq, 10))
}

func TestOwnChannelGoesOutWithItsFirstUpdate(t *testing.T) {
	p := people(2)
	s := newTestGossip(GossipConfig{Self: p[0].id})
	require.NoError(t, s.Graph().AddPrivate(cid(1), p[0].id, p[1].id, 1_000_000_000))
	require.NoError(t, s.Graph().SetPolicy(cid(1), p[0].id, Policy{Updated: testUnix, HTLCMax: 1000}))
	seq := s.Seq()
	s.confirmed(t, 1, p[0], p[1])
	require.Empty(t, s.Fresh(Node{2}, everything, &seq, 10))
	_, err := s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix), testNow)
	require.NoError(t, err, "the policy was set by hand, its update is no duplicate")
	require.Equal(t, []lnwire.MessageType{ca, cu}, types(s.Fresh(Node{2}, everything, &seq, 10)))
}

func TestOldUpdateOfOurPrivateChannelIsTaken(t *testing.T) {
	p := people(2)
	s := newTestGossip(GossipConfig{Self: p[0].id})
	require.NoError(t, s.Graph().AddPrivate(cid(1), p[0].id, p[1].id, 1_000_000_000))
	_, err := s.Receive(p[1].id, channelUpdate(t, 1, p[1], 1, testUnix-100*86400), testNow)
	require.NoError(t, err, "nobody repeats it")
}

func TestUpdateFromAFailureIsNotPassedOnUntilGossipBringsIt(t *testing.T) {
	s, p := filled(t)
	seq := s.Seq()
	m := channelUpdate(t, 1, p[0], 0, testUnix+30, func(m *lnwire.ChannelUpdate1) { m.FeeRate = 5 })
	require.NoError(t, s.ReceiveFromFailure(p[1].id, m, testNow))
	c, _ := s.Graph().Channel(cid(1))
	require.Equal(t, uint32(5), c.Policies[0].FeeRate)
	require.Empty(t, s.Fresh(Node{2}, everything, &seq, 10))
	var cur Cursor
	require.Empty(t, s.Backlog(&cur, Filter{testChain, testUnix + 30, 1}, 10))

	_, err := s.Receive(p[0].id, m, testNow)
	require.NoError(t, err)
	require.Len(t, s.Fresh(Node{2}, everything, &seq, 10), 1)
	_, err = s.Receive(p[0].id, m, testNow)
	require.ErrorIs(t, err, ErrDuplicate)

	m = channelUpdate(t, 1, p[1], 0, testUnix+40)
	require.ErrorIs(t, s.ReceiveFromFailure(p[1].id, m, testNow), ErrBadSignature)
	m = channelUpdate(t, 99, p[1], 0, testUnix+40)
	require.ErrorIs(t, s.ReceiveFromFailure(p[1].id, m, testNow), ErrUnknownChannel)
	require.Zero(t, s.waiting.n)
}

func TestRawIsWhatTheWireCarries(t *testing.T) {
	p := people(2)
	for _, m := range []lnwire.Message{announcement(t, 1, p[0], p[1]), channelUpdate(t, 1, p[0], 0, testUnix), nodeAnnouncement(t, p[0], 1)} {
		raw, err := Raw(m)
		require.NoError(t, err)
		var a, b bytes.Buffer
		_, err = lnwire.WriteMessage(&a, m, 0)
		require.NoError(t, err)
		_, err = lnwire.WriteMessage(&b, raw, 0)
		require.NoError(t, err)
		require.Equal(t, a.Bytes(), b.Bytes())
		same, err := Raw(raw)
		require.NoError(t, err)
		require.Same(t, raw, same)
		var back RawMessage
		require.NoError(t, back.Decode(bytes.NewReader(raw.Payload), 0))
		require.Equal(t, raw.Payload, back.Payload)
	}
	_, err := Raw(&lnwire.Ping{})
	require.ErrorIs(t, err, ErrNotGossip)
	_, err = Raw(&lnwire.NodeAnnouncement1{})
	require.Error(t, err, "no feature vector")
	require.Error(t, new(RawMessage).Decode(bytes.NewReader(make([]byte, lnwire.MaxMsgBody+1)), 0))
}
