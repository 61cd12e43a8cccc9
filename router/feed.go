package router

import (
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
)

// Filter is what a peer wants to hear (BOLT 7, gossip_timestamp_filter).
type Filter struct {
	Chain        chainhash.Hash
	First, Range uint32
}

// FilterOf reads a peer's gossip_timestamp_filter.
func FilterOf(m *lnwire.GossipTimestampRange) Filter {
	return Filter{m.ChainHash, m.FirstTimestamp, m.TimestampRange}
}

func (f Filter) wants(ts uint32) bool {
	return ts >= f.First && uint64(ts) < uint64(f.First)+uint64(f.Range)
}

// feed is the ring of the latest accepted messages. Peers read it at their own pace
// by sequence number; one that falls behind misses what was overwritten, and costs
// no memory.
type feed struct {
	ring []fed
	next uint64 // sequence number of the next message
}

type fed struct {
	msg       *RawMessage
	from      Node // not sent back to this peer
	chain     chainhash.Hash
	anyChain  bool
	timestamp uint32
}

func (f *feed) add(from Node, chain chainhash.Hash, ts uint32, t lnwire.MessageType, raw []byte) {
	f.put(fed{&RawMessage{t, raw}, from, chain, false, ts})
}

func (f *feed) addNode(from Node, ts uint32, raw []byte) {
	f.put(fed{&RawMessage{lnwire.MsgNodeAnnouncement, raw}, from, chainhash.Hash{}, true, ts})
}

func (f *feed) put(m fed) {
	f.ring[f.next%uint64(len(f.ring))] = m
	f.next++
}

// publish feeds a channel_announcement with its updates, once it has any: BOLT 7
// wants no announcement without. The caller holds g.mu.
func (s *Gossip) publish(at uint32, from Node) {
	c := &s.g.chans[at]
	if c.raw == nil || c.update[0] == nil && c.update[1] == nil {
		return
	}
	chain := s.g.chains[c.chain]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.feed.add(from, chain, max(c.told[0], c.told[1]), lnwire.MsgChannelAnnouncement, c.raw)
	for d, u := range c.update {
		if u != nil {
			s.feed.add(from, chain, c.told[d], lnwire.MsgChannelUpdate, u)
		}
	}
}

// Seq is where Fresh starts for a peer that is interested from now on.
func (s *Gossip) Seq() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.feed.next
}

// Fresh returns at most limit messages accepted since *seq that the peer wants and did
// not send itself, and moves *seq on. No messages and *seq == Seq() means there is
// nothing now. A peer slower than the ring misses the oldest.
func (s *Gossip) Fresh(peer Node, f Filter, seq *uint64, limit int) []*RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	size := uint64(len(s.feed.ring))
	if s.feed.next > size {
		*seq = max(*seq, s.feed.next-size)
	}
	var out []*RawMessage
	for ; *seq < s.feed.next && len(out) < limit; *seq++ {
		m := &s.feed.ring[*seq%size]
		if m.from != peer && (m.anyChain || m.chain == f.Chain) && f.wants(m.timestamp) {
			out = append(out, m.msg)
		}
	}
	return out
}

// Cursor is a place in a backlog. The zero value is its start.
type Cursor struct {
	nodes bool // channels come first, as BOLT 7 wants
	at    int
	done  bool
}

// Done says if the backlog was sent to its end.
func (c *Cursor) Done() bool { return c.done }

// Backlog returns the next messages that a peer with that filter should get, about
// limit of them, and moves the cursor on. What changes behind the cursor meanwhile
// comes by Fresh, if Seq was taken before the first call. The work of one call is
// bounded too, so it may return nothing before Done.
func (s *Gossip) Backlog(c *Cursor, f Filter, limit int) []*RawMessage {
	g := s.g
	g.mu.RLock()
	defer g.mu.RUnlock()
	chain, ok := g.chainNo[f.Chain]
	if !ok {
		c.done = true
	}
	var out []*RawMessage
	for work := 0; !c.done && len(out) < limit && work < 4096; work++ {
		switch {
		case !c.nodes && c.at < len(g.chans):
			out = g.channelGossip(out, &g.chans[c.at], chain, f)
			c.at++
		case !c.nodes:
			c.nodes, c.at = true, 0
		case c.at < len(g.nodes):
			n := &g.nodes[c.at]
			if n.raw != nil && f.wants(n.timestamp) && g.inChain(uint32(c.at), chain) {
				out = append(out, &RawMessage{lnwire.MsgNodeAnnouncement, n.raw})
			}
			c.at++
		default:
			c.done = true
		}
	}
	return out
}

// channelGossip appends a channel's announcement and the updates that f wants.
func (g *Graph) channelGossip(out []*RawMessage, c *channel, chain uint16, f Filter) []*RawMessage {
	if !c.used || !c.public || c.chain != chain {
		return out
	}
	head := false
	for d, u := range c.update {
		if u == nil || !f.wants(c.told[d]) {
			continue
		}
		if !head {
			out, head = append(out, &RawMessage{lnwire.MsgChannelAnnouncement, c.raw}), true
		}
		out = append(out, &RawMessage{lnwire.MsgChannelUpdate, u})
	}
	return out
}

// inChain says if a node has an announced channel in that asset.
func (g *Graph) inChain(n uint32, chain uint16) bool {
	for _, e := range g.in[n] {
		if e.chain == chain && g.chans[e.ch>>1].public {
			return true
		}
	}
	return false
}
