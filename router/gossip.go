package router

import (
	"sync"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
)

const (
	// StaleAfter is when a channel without news may be forgotten (BOLT 7, two weeks).
	StaleAfter = 14 * 24 * time.Hour
	// MaxAhead is how far in the future a timestamp may be.
	MaxAhead = 24 * time.Hour
)

// GossipConfig bounds the work and memory that peers can cause. Zero fields take
// the defaults.
type GossipConfig struct {
	// Chains are the assets that we follow, by chain_hash.
	Chains []chainhash.Hash
	// Self is our own node; its gossip is not rate limited.
	Self Node

	// A peer may cause PeerBurst signature checks at once and PeerRate a second.
	// Default 500,000 (one and a half mainnets) and 500.
	PeerBurst, PeerRate int
	Peers               int // with a budget of their own; default 1024
	Waiting             int // messages that wait for a channel_announcement; default 10,000
	WaitingBytes        int // default 4 MiB
	Rejected            int // refused channels that are remembered; default 10,000
	Feed                int // messages kept for Fresh; default 10,000
}

// Gossip decides which gossip is believed and what is passed on. It is safe for
// concurrent use; signatures are checked outside of all locks.
type Gossip struct {
	g       *Graph
	self    Node
	chainMu sync.RWMutex // of chains
	chains  map[chainhash.Hash]struct{}

	mu       sync.Mutex // taken after g.mu where both are held
	budget   budgets
	waiting  waiting
	rejected rejected
	feed     feed

	postponed map[ChanID]*FundingCheck
}

// NewGossip returns the gossip door of a graph.
func NewGossip(g *Graph, c GossipConfig) *Gossip {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&c.PeerBurst, 500_000)
	def(&c.PeerRate, 500)
	def(&c.Peers, 1024)
	def(&c.Waiting, 10_000)
	def(&c.WaitingBytes, 4<<20)
	def(&c.Rejected, 10_000)
	def(&c.Feed, 10_000)
	s := &Gossip{g: g, self: c.Self, chains: map[chainhash.Hash]struct{}{},
		budget:   budgets{rate: rate{float32(c.PeerBurst), float32(c.PeerRate)}, max: c.Peers, peers: map[Node]*bucket{}},
		waiting:  newWaiting(c.Waiting, c.WaitingBytes),
		rejected: rejected{ring: make([]ChanID, 0, c.Rejected), known: map[ChanID]struct{}{}},
		feed:     feed{ring: make([]fed, c.Feed)},

		postponed: map[ChanID]*FundingCheck{},
	}
	for _, h := range c.Chains {
		s.chains[h] = struct{}{}
	}
	return s
}

// FollowChain takes gossip of one more asset from now on.
func (s *Gossip) FollowChain(h chainhash.Hash) {
	s.chainMu.Lock()
	defer s.chainMu.Unlock()
	s.chains[h] = struct{}{}
}

// Follows reports whether gossip of an asset is taken.
func (s *Gossip) Follows(h chainhash.Hash) bool {
	s.chainMu.RLock()
	defer s.chainMu.RUnlock()
	_, ok := s.chains[h]
	return ok
}

// Graph is what the gossip builds.
func (s *Gossip) Graph() *Graph { return s.g }

// Receive judges a channel_announcement, channel_update or node_announcement from a
// peer. A nil error means it was taken, or, with a FundingCheck, that it will be once
// the caller confirms the funding output. An error is a Refusal.
func (s *Gossip) Receive(peer Node, msg lnwire.Message, now time.Time) (*FundingCheck, error) {
	unix := uint32(max(0, now.Unix()))
	switch m := msg.(type) {
	case *lnwire.ChannelAnnouncement1:
		return s.channel(peer, m, unix)
	case *lnwire.ChannelUpdate1:
		return nil, s.update(peer, m, unix, true)
	case *lnwire.NodeAnnouncement1:
		return nil, s.node(peer, m, unix)
	}
	return nil, refuse(Ignore, ErrNotGossip, "%T", msg)
}

// Gone forgets a peer's budget after a while without it. A peer that reconnects at
// once should keep it.
func (s *Gossip) Gone(peer Node) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.budget.peers, peer)
}

// spend takes n signature checks from the peer's budget.
func (s *Gossip) spend(peer Node, n float32, now uint32) error {
	if peer == s.self {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.budget.take(peer, n, now) {
		return refuse(Ignore, ErrRateLimit, "peer %v spent its budget", peer)
	}
	return nil
}

func (s *Gossip) knows(h chainhash.Hash) error {
	if !s.Follows(h) {
		return refuse(Ignore, ErrUnknownChain, "%v", h)
	}
	return nil
}

// timely checks a timestamp before anything that costs.
func timely(ts, now uint32) error {
	switch {
	case ts == 0:
		return refuse(Warn, ErrZeroTimestamp, "refused")
	case int64(ts) > int64(now)+int64(MaxAhead/time.Second):
		return refuse(Ignore, ErrFuture, "timestamp %d, now %d", ts, now)
	}
	return nil
}

// Prune forgets announced channels of which neither end had news for StaleAfter, at
// most limit of them, and returns them. Our own private channels stay.
func (s *Gossip) Prune(now time.Time, limit int) []ChanID {
	g := s.g
	g.mu.Lock()
	defer g.mu.Unlock()
	var gone []ChanID
	for at := range g.chans {
		c := &g.chans[at]
		if !c.used || !c.public || len(gone) >= limit {
			continue
		}
		last := max(c.added, c.policy[0].Updated, c.policy[1].Updated)
		own := g.nodes[c.nodes[0]].key == s.self || g.nodes[c.nodes[1]].key == s.self
		if !own && int64(last) < now.Unix()-int64(StaleAfter/time.Second) {
			gone = append(gone, g.view(uint32(at)).ID)
			g.remove(uint32(at))
		}
	}
	return gone
}
