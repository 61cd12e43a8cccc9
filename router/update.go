package router

import (
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
)

// update judges a channel_update (BOLT 7). Whatever is cheap comes before its
// signature.
func (s *Gossip) update(peer Node, m *lnwire.ChannelUpdate1, now uint32, relay bool) error {
	if err := s.knows(m.ChainHash); err != nil {
		return err
	}
	if err := timely(m.Timestamp, now); err != nil {
		return err
	}
	if !m.MessageFlags.HasMaxHtlc() {
		return refuse(Ignore, ErrNoHTLCMaximum, "channel %v", m.ShortChannelID)
	}
	if m.HtlcMaximumMsat < m.HtlcMinimumMsat {
		return refuse(Ignore, ErrHTLCMaximum, "channel %v: maximum %d, minimum %d",
			m.ShortChannelID, uint64(m.HtlcMaximumMsat), uint64(m.HtlcMinimumMsat))
	}
	author, err := s.expected(peer, m, now, relay)
	if err != nil {
		return err
	}
	if err := s.spend(peer, 1, now); err != nil {
		return err
	}
	raw, err := rawUpdate(m)
	if err != nil {
		return &Refusal{Warn, err}
	}
	if err := verify(raw[:sigSize], author, raw[sigSize:]); err != nil {
		return &Refusal{Disconnect, err}
	}
	return s.apply(peer, m, author, raw, now, relay && m.MessageFlags&dontForward == 0)
}

// ReceiveFromFailure takes the channel_update that came inside a payment's failure
// (BOLT 4). It changes our own view only: passing it on before it comes by gossip
// would tell the network who paid. A nil error is Attempt.Repaired.
func (s *Gossip) ReceiveFromFailure(reporter Node, m *lnwire.ChannelUpdate1, now time.Time) error {
	return s.update(reporter, m, uint32(max(0, now.Unix())), false)
}

// dontForward in message_flags keeps an update between the two peers (BOLT 7).
const dontForward lnwire.ChanUpdateMsgFlags = 2

func direction(m *lnwire.ChannelUpdate1) Direction {
	return Direction(m.ChannelFlags & lnwire.ChanUpdateDirection)
}

// expected returns who must have signed an update, or why it is of no use.
func (s *Gossip) expected(peer Node, m *lnwire.ChannelUpdate1, now uint32, relay bool) (Node, error) {
	g := s.g
	g.mu.RLock()
	defer g.mu.RUnlock()
	id := ChanID{m.ChainHash, m.ShortChannelID}
	at, ok := g.lookup(id)
	if stale := int64(m.Timestamp) < int64(now)-int64(StaleAfter/time.Second); stale && (!ok || g.chans[at].public) {
		return Node{}, refuse(Ignore, ErrStale, "timestamp %d, now %d", m.Timestamp, now)
	}
	if !ok && !relay {
		return Node{}, refuse(Ignore, ErrUnknownChannel, "%v", id)
	}
	if !ok {
		return Node{}, s.hold(peer, waitChan(id), waiter{peer: peer, msg: m, kind: uint8(direction(m)), size: 256 + len(m.ExtraOpaqueData)}, now)
	}
	c, d := &g.chans[at], direction(m)
	if err := c.newer(m, d); err != nil {
		return Node{}, err
	}
	if uint64(m.HtlcMaximumMsat) > c.capacity {
		return Node{}, refuse(Ignore, ErrHTLCMaximum, "channel %v: maximum %d, capacity %d", id, uint64(m.HtlcMaximumMsat), c.capacity)
	}
	b := c.bucket[d] // a look; apply takes
	if peer != s.self && !b.take(updateRate, 1, now) {
		return Node{}, refuse(Ignore, ErrRateLimit, "updates of channel %v direction %d", id, d)
	}
	return g.nodes[c.nodes[d]].key, nil
}

func (c *channel) newer(m *lnwire.ChannelUpdate1, d Direction) error {
	switch have := c.policy[d].Updated; {
	case !c.known[d] || m.Timestamp > have:
		return nil
	case m.Timestamp == have && c.told[d] < have: // known, but not from gossip
		return nil
	case m.Timestamp == have:
		return refuse(Ignore, ErrDuplicate, "update of %v with timestamp %d", m.ShortChannelID, have)
	default:
		return refuse(Ignore, ErrStale, "update of %v with timestamp %d, have %d", m.ShortChannelID, m.Timestamp, have)
	}
}

// hold keeps a message until what it speaks of is announced.
func (s *Gossip) hold(peer Node, key waitKey, w waiter, now uint32) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key.channel != (ChanID{}) && s.rejected.has(key.channel) {
		return refuse(Ignore, ErrRejected, "%v", key.channel)
	}
	if peer != s.self && !s.budget.take(peer, 1, now) {
		return refuse(Ignore, ErrRateLimit, "peer %v spent its budget", peer)
	}
	cause := ErrUnknownChannel
	if key.channel == (ChanID{}) {
		cause = ErrUnknownNode
	}
	if !s.waiting.add(key, w) {
		return refuse(Ignore, cause, "and too many wait already")
	}
	return refuse(Ignore, ErrWaiting, "(%w)", cause)
}

// apply stores a verified update, unless the graph changed meanwhile.
func (s *Gossip) apply(peer Node, m *lnwire.ChannelUpdate1, author Node, raw []byte, now uint32, relay bool) error {
	g := s.g
	g.mu.Lock()
	defer g.mu.Unlock()
	at, ok := g.lookup(ChanID{m.ChainHash, m.ShortChannelID})
	if !ok {
		return refuse(Ignore, ErrUnknownChannel, "%v", m.ShortChannelID)
	}
	c, d := &g.chans[at], direction(m)
	if g.nodes[c.nodes[d]].key != author {
		return refuse(Ignore, ErrConflict, "%v", m.ShortChannelID)
	}
	if err := c.newer(m, d); err != nil {
		return err
	}
	if peer != s.self && !c.bucket[d].take(updateRate, 1, now) {
		return refuse(Ignore, ErrRateLimit, "updates of channel %v direction %d", m.ShortChannelID, d)
	}
	g.setPolicy(at, d, policyOf(m))
	if !relay {
		return nil
	}
	first := c.update[0] == nil && c.update[1] == nil
	c.update[d], c.told[d] = raw, m.Timestamp
	if !c.public {
		return nil
	}
	g.touched(at)
	if first {
		s.publish(at, peer)
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.feed.add(peer, g.chains[c.chain], m.Timestamp, lnwire.MsgChannelUpdate, raw)
	return nil
}

// node judges a node_announcement (BOLT 7): only of nodes that have channels.
func (s *Gossip) node(peer Node, m *lnwire.NodeAnnouncement1, now uint32) error {
	if err := timely(m.Timestamp, now); err != nil {
		return err
	}
	key := Node(m.NodeID)
	if err := s.newerNode(peer, key, m, now); err != nil {
		return err
	}
	raw, err := rawNode(m)
	if err != nil {
		return &Refusal{Warn, err}
	}
	if err := s.spend(peer, 1, now); err != nil {
		return err
	}
	if err := verify(raw[:sigSize], key, raw[sigSize:]); err != nil {
		return &Refusal{Disconnect, err}
	}
	g := s.g
	g.mu.Lock()
	defer g.mu.Unlock()
	i, ok := g.nodeNo[key]
	if !ok || !g.announced(i) {
		return refuse(Ignore, ErrUnknownNode, "%v", key)
	}
	n := &g.nodes[i]
	if m.Timestamp <= n.timestamp {
		return refuse(Ignore, ErrDuplicate, "node %v with timestamp %d", key, m.Timestamp)
	}
	n.raw, n.timestamp = raw, m.Timestamp
	g.touchedNode(i)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.feed.addNode(peer, m.Timestamp, raw)
	return nil
}

func (s *Gossip) newerNode(peer, key Node, m *lnwire.NodeAnnouncement1, now uint32) error {
	g := s.g
	g.mu.RLock()
	defer g.mu.RUnlock()
	i, ok := g.nodeNo[key]
	if !ok || !g.announced(i) {
		return s.hold(peer, waitNode(key), waiter{peer: peer, msg: m,
			size: 256 + len(m.ExtraOpaqueData) + 32*len(m.Addresses)}, now)
	}
	switch have := g.nodes[i].timestamp; {
	case m.Timestamp == have:
		return refuse(Ignore, ErrDuplicate, "node %v with timestamp %d", key, have)
	case m.Timestamp < have:
		return refuse(Ignore, ErrStale, "node %v with timestamp %d, have %d", key, m.Timestamp, have)
	}
	return nil
}

// announced says if a node has a channel that the network knows.
func (g *Graph) announced(n uint32) bool {
	for _, e := range g.in[n] {
		if g.chans[e.ch>>1].public {
			return true
		}
	}
	return false
}
