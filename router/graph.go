package router

import (
	"fmt"
	"math"
	"sync"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
)

// Graph holds channels, their policies and node announcements. Any number of
// readers and route searches run beside one writer; a search sees one state of
// the graph from start to end.
//
// Nodes are numbered once and keep their number for the graph's life, so that
// searches work on arrays and not on keys. What a search reads of a channel (48
// bytes a direction) lies in one run of memory per node, ordered by the node that
// the direction ends at, because searches run backwards from the payee.
type Graph struct {
	mu sync.RWMutex

	chains  []chainhash.Hash
	chainNo map[chainhash.Hash]uint16

	nodes  []node
	nodeNo map[Node]uint32
	in     [][]edge // by node: the directions that end there

	chans  []channel
	free   []uint32 // unused places in chans
	chanNo map[chanKey]uint32

	byFunding map[wire.OutPoint]uint32 // channels whose output is known
	spent     map[uint32]struct{}      // places of those whose output was spent
	journal   journal

	limits  Limits
	scratch sync.Pool
}

// Limits bound what a graph holds.
type Limits struct {
	Nodes    int // numbered in the graph's life
	Channels int
	Chains   int
	Looks    int // at directions of channels, by one query; 0: as in DefaultLimits
}

// DefaultLimits leave twenty times the size of today's mainnet. A query may look at all channels of a
// full graph sixteen times over; one on mainnet looks at a few thousand.
var DefaultLimits = Limits{Nodes: 1 << 19, Channels: 1 << 20, Chains: 256, Looks: 1 << 25}

type node struct {
	key       Node
	timestamp uint32 // of raw
	raw       []byte // node_announcement payload, nil if none
}

// edge is one direction of a channel as searches read it: from sends to the node
// in whose list it stands.
type edge struct {
	from   uint32
	ch     uint32 // place in chans, times two, plus direction
	base   uint32
	rate   uint32
	min    uint64
	max    uint64  // 0 if it can't be used: disabled or no policy
	invCap float32 // 1/capacity
	delta  uint16
	chain  uint16
}

type chanKey struct {
	chain uint16
	scid  uint64
}

type channel struct {
	used     bool
	public   bool
	known    [2]bool // policy received
	chain    uint16
	nodes    [2]uint32
	at       [2]uint32 // by direction: place of its edge in in[end]
	scid     uint64
	capacity uint64
	added    uint32 // unix time
	spent    uint32 // height of the block that spent its output, else 0
	funding  wire.OutPoint
	policy   [2]Policy
	bucket   [2]bucket
	raw      []byte    // channel_announcement payload
	update   [2][]byte // channel_update payload to pass on, nil if none
	told     [2]uint32 // its timestamp
	aliases  []uint64
}

// NewGraph returns an empty graph with DefaultLimits.
func NewGraph() *Graph { return NewGraphLimited(DefaultLimits) }

// NewGraphLimited returns an empty graph that refuses to grow past limits.
func NewGraphLimited(l Limits) *Graph {
	l.Nodes, l.Channels = min(l.Nodes, math.MaxInt32), min(l.Channels, math.MaxInt32/2)
	l.Chains = min(l.Chains, math.MaxUint16)
	if l.Looks <= 0 {
		l.Looks = DefaultLimits.Looks
	}
	g := &Graph{
		chainNo: map[chainhash.Hash]uint16{},
		nodeNo:  map[Node]uint32{},
		chanNo:  map[chanKey]uint32{},
		limits:  l,

		byFunding: map[wire.OutPoint]uint32{},
		spent:     map[uint32]struct{}{},
	}
	g.scratch.New = func() any { return new(scratch) }
	return g
}

func scidInt(s lnwire.ShortChannelID) uint64 { return s.ToUint64() }

// lookup returns a channel's place. The caller holds mu.
func (g *Graph) lookup(id ChanID) (uint32, bool) {
	chain, ok := g.chainNo[id.Chain]
	if !ok {
		return 0, false
	}
	at, ok := g.chanNo[chanKey{chain, scidInt(id.SCID)}]
	return at, ok
}

// number returns a node's number, giving it one if it has none.
func (g *Graph) number(n Node) (uint32, error) {
	if i, ok := g.nodeNo[n]; ok {
		return i, nil
	}
	if len(g.nodes) >= g.limits.Nodes {
		return 0, fmt.Errorf("%w: %d nodes, limit %d", ErrFull, len(g.nodes), g.limits.Nodes)
	}
	i := uint32(len(g.nodes))
	g.nodes, g.in = append(g.nodes, node{key: n}), append(g.in, nil)
	g.nodeNo[n] = i
	return i, nil
}

func (g *Graph) chainNumber(h chainhash.Hash) (uint16, error) {
	if i, ok := g.chainNo[h]; ok {
		return i, nil
	}
	if len(g.chains) >= g.limits.Chains {
		return 0, fmt.Errorf("%w: %d chains, limit %d", ErrFull, len(g.chains), g.limits.Chains)
	}
	i := uint16(len(g.chains))
	g.chains = append(g.chains, h)
	g.chainNo[h] = i
	return i, nil
}

// insert puts a channel between a < b into the graph. The caller holds mu and has
// checked that id is not known.
func (g *Graph) insert(id ChanID, a, b Node, capacity lnwire.MilliSatoshi, added uint32) (uint32, error) {
	if capacity == 0 || capacity > MaxAmount {
		return 0, fmt.Errorf("%w: %d, limit %d", ErrCapacity, uint64(capacity), uint64(MaxAmount))
	}
	if len(g.chanNo) >= g.limits.Channels {
		return 0, fmt.Errorf("%w: %d channels, limit %d", ErrFull, len(g.chanNo), g.limits.Channels)
	}
	chain, err := g.chainNumber(id.Chain)
	if err != nil {
		return 0, err
	}
	na, err := g.number(a)
	if err != nil {
		return 0, err
	}
	nb, err := g.number(b)
	if err != nil {
		return 0, err
	}
	c := channel{used: true, chain: chain, nodes: [2]uint32{na, nb}, scid: scidInt(id.SCID),
		capacity: uint64(capacity), added: added}
	var at uint32
	if n := len(g.free); n > 0 {
		at, g.free = g.free[n-1], g.free[:n-1]
		g.chans[at] = c
	} else {
		at = uint32(len(g.chans))
		g.chans = append(g.chans, c)
	}
	g.chanNo[chanKey{chain, c.scid}] = at
	for d := range uint32(2) {
		end := c.nodes[1-d]
		g.chans[at].at[d] = uint32(len(g.in[end]))
		g.in[end] = append(g.in[end], edge{from: c.nodes[d], ch: at<<1 | d,
			invCap: float32(1 / float64(capacity)), chain: chain})
	}
	return at, nil
}

// setPolicy makes p the policy of one direction. The caller holds mu.
func (g *Graph) setPolicy(at uint32, d Direction, p Policy) {
	c := &g.chans[at]
	c.policy[d], c.known[d] = p, true
	e := &g.in[c.nodes[1-d]][c.at[d]]
	e.base, e.rate, e.delta, e.min = p.FeeBase, p.FeeRate, p.CLTVDelta, uint64(p.HTLCMin)
	e.max = min(uint64(p.HTLCMax), c.capacity)
	if p.Disabled || c.spent != 0 {
		e.max = 0
	}
}

// remove takes a channel out. The caller holds mu.
func (g *Graph) remove(at uint32) {
	c := &g.chans[at]
	g.touched(at)
	if c.funding != (wire.OutPoint{}) {
		delete(g.byFunding, c.funding)
	}
	delete(g.spent, at)
	for d := range uint32(2) {
		end, place := c.nodes[1-d], c.at[d]
		list := g.in[end]
		last := list[len(list)-1]
		list[place] = last
		g.in[end] = list[:len(list)-1]
		moved := &g.chans[last.ch>>1]
		moved.at[last.ch&1] = place
	}
	delete(g.chanNo, chanKey{c.chain, c.scid})
	for _, a := range c.aliases {
		delete(g.chanNo, chanKey{c.chain, a})
	}
	for _, n := range c.nodes {
		if len(g.in[n]) == 0 { // BOLT 7: forget nodes without channels
			if g.nodes[n].raw != nil {
				g.touchedNode(n)
			}
			g.in[n], g.nodes[n].raw, g.nodes[n].timestamp = nil, nil, 0
		}
	}
	*c = channel{}
	g.free = append(g.free, at)
}

// AddPrivate adds a channel of our own that is not announced, so that routes may
// use it and channel_updates for it are taken. It is a no-op if the channel is known.
func (g *Graph) AddPrivate(id ChanID, a, b Node, capacity lnwire.MilliSatoshi) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, ok := g.lookup(id); ok {
		return nil
	}
	if a == b {
		return fmt.Errorf("%w: both ends of %v are %v", ErrNodeOrder, id, a)
	}
	if DirectionFrom(a, b) == 1 {
		a, b = b, a
	}
	_, err := g.insert(id, a, b, capacity, 0)
	return err
}

// maxAliases of one channel; BOLT 2 lets a peer send several.
const maxAliases = 8

// AddAlias makes a channel known by another short channel id too (scid_alias).
func (g *Graph) AddAlias(id ChanID, alias lnwire.ShortChannelID) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	at, ok := g.lookup(id)
	if !ok {
		return fmt.Errorf("%w: %v", ErrUnknownChannel, id)
	}
	c := &g.chans[at]
	key := chanKey{c.chain, scidInt(alias)}
	if other, ok := g.chanNo[key]; ok {
		if other == at {
			return nil
		}
		return fmt.Errorf("%w: alias %v of %v", ErrConflict, alias, id)
	}
	if len(c.aliases) >= maxAliases {
		return fmt.Errorf("%w: channel %v has %d aliases, limit %d", ErrFull, id, len(c.aliases), maxAliases)
	}
	c.aliases = append(c.aliases, key.scid)
	g.chanNo[key] = at
	return nil
}

// RemoveChannel forgets a channel whose output was spent, and says if it was known.
func (g *Graph) RemoveChannel(id ChanID) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	at, ok := g.lookup(id)
	if ok {
		g.remove(at)
	}
	return ok
}

// SetPolicy sets what from asks on a channel without gossip: for our own private
// channels and for loaders. Gossip comes in through Gossip.Receive.
func (g *Graph) SetPolicy(id ChanID, from Node, p Policy) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	at, ok := g.lookup(id)
	if !ok {
		return fmt.Errorf("%w: %v", ErrUnknownChannel, id)
	}
	c := &g.chans[at]
	for d, n := range c.nodes {
		if g.nodes[n].key == from {
			g.setPolicy(at, Direction(d), p)
			return nil
		}
	}
	return fmt.Errorf("%w: %v is not an end of %v", ErrUnknownNode, from, id)
}
