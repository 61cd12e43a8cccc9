package router

import (
	"bytes"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
)

// FundingCheck is a channel_announcement that is valid as far as one can tell
// without its chain. The caller looks for an unspent output at SCID that pays
// exactly Script (on chains with other ways to fund: what BitcoinKeys own), then
// calls Confirm with its amount, or Reject.
type FundingCheck struct {
	ChainHash   chainhash.Hash
	SCID        lnwire.ShortChannelID
	Script      []byte
	Nodes       [2]Node
	BitcoinKeys [2][33]byte
	Peer        Node // who sent it

	// Extra is what the announcement has behind the fields of BOLT 7: what an asset's chain needs to find
	// the channel.
	Extra []byte

	// Funding is the output that the caller found, if it wants to tell of its spend (Graph.Spend).
	Funding wire.OutPoint

	raw   []byte
	since time.Time // it was postponed first (PostponeAsset)
}

// ID names the channel.
func (c *FundingCheck) ID() ChanID { return ChanID{c.ChainHash, c.SCID} }

// Validate checks all of a channel_announcement that needs no chain: order of the
// nodes, features, keys and the four signatures (BOLT 7).
func Validate(m *lnwire.ChannelAnnouncement1) (*FundingCheck, error) {
	if bytes.Compare(m.NodeID1[:], m.NodeID2[:]) >= 0 {
		return nil, refuse(Warn, ErrNodeOrder, "channel %v: %x, %x", m.ShortChannelID, m.NodeID1, m.NodeID2)
	}
	raw, err := rawAnnouncement(m)
	if err != nil {
		return nil, &Refusal{Warn, err}
	}
	if err := knownFeatures(m.Features); err != nil {
		return nil, err
	}
	for i, key := range [4][33]byte{m.NodeID1, m.NodeID2, m.BitcoinKey1, m.BitcoinKey2} {
		if err := verify(raw[i*sigSize:(i+1)*sigSize], key, raw[4*sigSize:]); err != nil {
			return nil, &Refusal{Disconnect, err}
		}
	}
	return &FundingCheck{ChainHash: m.ChainHash, SCID: m.ShortChannelID,
		Script:      fundingScript(m.BitcoinKey1, m.BitcoinKey2),
		Nodes:       [2]Node{m.NodeID1, m.NodeID2},
		BitcoinKeys: [2][33]byte{m.BitcoinKey1, m.BitcoinKey2}, Extra: m.ExtraOpaqueData, raw: raw}, nil
}

// knownFeatures refuses required features that lnwire has no name for.
func knownFeatures(f *lnwire.RawFeatureVector) error {
	unknown := lnwire.NewFeatureVector(f, lnwire.Features).UnknownRequiredFeatures()
	if len(unknown) > 0 {
		return refuse(Ignore, ErrFeatures, "bits %v", unknown)
	}
	return nil
}

// channel takes a channel_announcement up to the question for its chain.
func (s *Gossip) channel(peer Node, m *lnwire.ChannelAnnouncement1, now uint32) (*FundingCheck, error) {
	if err := s.knows(m.ChainHash); err != nil {
		return nil, err
	}
	id := ChanID{m.ChainHash, m.ShortChannelID}
	if err := s.wanted(id, m.NodeID1, m.NodeID2); err != nil {
		return nil, err
	}
	if err := s.spend(peer, 4, now); err != nil {
		return nil, err
	}
	check, err := Validate(m)
	if err != nil {
		return nil, err
	}
	check.Peer = peer
	return check, nil
}

// wanted is the cheap test before signatures.
func (s *Gossip) wanted(id ChanID, a, b Node) error {
	s.g.mu.RLock()
	defer s.g.mu.RUnlock()
	if at, ok := s.g.lookup(id); ok {
		c := &s.g.chans[at]
		if s.g.nodes[c.nodes[0]].key != a || s.g.nodes[c.nodes[1]].key != b {
			return refuse(Ignore, ErrConflict, "%v", id)
		}
		if c.public {
			return refuse(Ignore, ErrDuplicate, "channel %v", id)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rejected.has(id) {
		return refuse(Ignore, ErrRejected, "%v", id)
	}
	if _, ok := s.postponed[id]; ok {
		return refuse(Ignore, ErrDuplicate, "channel %v waits for its block", id)
	}
	return nil
}

// Confirm adds the channel whose funding output of that capacity was found unspent,
// and then what waited for it.
func (s *Gossip) Confirm(c *FundingCheck, capacity lnwire.MilliSatoshi, now time.Time) error {
	unix := uint32(max(0, now.Unix()))
	if err := s.announce(c, capacity, unix); err != nil {
		return err
	}
	s.waited(unix, waitChan(c.ID()), waitNode(c.Nodes[0]), waitNode(c.Nodes[1]))
	return nil
}

// AddPrivate is Graph.AddPrivate, and takes what waited for the channel: the peer's channel_update may
// come before our own side of the channel is open.
func (s *Gossip) AddPrivate(id ChanID, a, b Node, capacity lnwire.MilliSatoshi, now time.Time) error {
	if err := s.g.AddPrivate(id, a, b, capacity); err != nil {
		return err
	}
	s.waited(uint32(max(0, now.Unix())), waitChan(id))
	return nil
}

// waited takes messages that waited for these.
func (s *Gossip) waited(now uint32, keys ...waitKey) {
	var held []waiter
	s.mu.Lock()
	for _, key := range keys {
		held = append(held, s.waiting.take(key)...)
	}
	s.mu.Unlock()
	for _, w := range held {
		switch m := w.msg.(type) { // a refusal now concerns nobody: who sent it may be gone
		case *lnwire.ChannelUpdate1:
			_ = s.update(w.peer, m, now, true)
		case *lnwire.NodeAnnouncement1:
			_ = s.node(w.peer, m, now)
		}
	}
}

func (s *Gossip) announce(c *FundingCheck, capacity lnwire.MilliSatoshi, now uint32) error {
	g := s.g
	g.mu.Lock()
	defer g.mu.Unlock()
	at, ok := g.lookup(c.ID())
	if !ok {
		var err error
		if at, err = g.insert(c.ID(), c.Nodes[0], c.Nodes[1], capacity, now); err != nil {
			return &Refusal{Ignore, err}
		}
	} else {
		ch := &g.chans[at]
		if g.nodes[ch.nodes[0]].key != c.Nodes[0] || g.nodes[ch.nodes[1]].key != c.Nodes[1] {
			return refuse(Ignore, ErrConflict, "%v", c.ID())
		}
		if ch.public {
			return refuse(Ignore, ErrDuplicate, "channel %v", c.ID())
		}
	}
	ch := &g.chans[at]
	ch.public, ch.raw, ch.added = true, c.raw, now
	g.setFunding(at, c.Funding)
	g.touched(at)
	// Updates that came while the channel was private go out with it.
	s.publish(at, c.Peer)
	return nil
}

// Reject remembers that a channel's funding output is missing, spent or wrong. It is
// for good: a chain that is only behind calls for Postpone.
func (s *Gossip) Reject(c *FundingCheck) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rejected.add(c.ID())
	s.waiting.take(waitChan(c.ID()))
}
