package router

import (
	"iter"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
)

// readChunk is how many entries an iteration copies under one lock.
const readChunk = 256

// view copies a channel out. The caller holds mu.
func (g *Graph) view(at uint32) Channel {
	c := &g.chans[at]
	v := Channel{
		ID:       ChanID{g.chains[c.chain], lnwire.NewShortChanIDFromInt(c.scid)},
		Nodes:    [2]Node{g.nodes[c.nodes[0]].key, g.nodes[c.nodes[1]].key},
		Capacity: lnwire.MilliSatoshi(c.capacity),
		Public:   c.public,
		Funding:  c.funding,
	}
	for d := range v.Policies {
		if c.known[d] {
			p := c.policy[d]
			v.Policies[d] = &p
		}
	}
	return v
}

// ChannelAt returns the channel that others announced with this funding output.
func (g *Graph) ChannelAt(chain chainhash.Hash, funding wire.OutPoint) (Channel, bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	at, ok := g.byFunding[funding]
	if !ok || g.chains[g.chans[at].chain] != chain {
		return Channel{}, false
	}
	return g.view(at), true
}

// Channel returns a channel by its short channel id or an alias.
func (g *Graph) Channel(id ChanID) (Channel, bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	at, ok := g.lookup(id)
	if !ok {
		return Channel{}, false
	}
	return g.view(at), true
}

// Node returns what is known of a node that has channels.
func (g *Graph) Node(n Node) (NodeInfo, bool) {
	g.mu.RLock()
	i, ok := g.nodeNo[n]
	if !ok || len(g.in[i]) == 0 {
		g.mu.RUnlock()
		return NodeInfo{}, false
	}
	info, raw := g.nodeInfo(i)
	g.mu.RUnlock()
	return info.decode(raw), true
}

func (g *Graph) nodeInfo(i uint32) (NodeInfo, []byte) {
	info := NodeInfo{Key: g.nodes[i].key, Channels: len(g.in[i])}
	for _, e := range g.in[i] {
		info.Capacity += lnwire.MilliSatoshi(g.chans[e.ch>>1].capacity)
	}
	return info, g.nodes[i].raw
}

func (n NodeInfo) decode(raw []byte) NodeInfo {
	if raw == nil {
		return n
	}
	m, err := (&RawMessage{lnwire.MsgNodeAnnouncement, raw}).Parsed()
	if err == nil { // it decoded when it came
		n.Announcement, _ = m.(*lnwire.NodeAnnouncement1)
	}
	return n
}

// ChannelsOf returns every channel of a node.
func (g *Graph) ChannelsOf(n Node) []Channel {
	g.mu.RLock()
	defer g.mu.RUnlock()
	i, ok := g.nodeNo[n]
	if !ok {
		return nil
	}
	all := make([]Channel, 0, len(g.in[i]))
	for _, e := range g.in[i] {
		all = append(all, g.view(e.ch>>1))
	}
	return all
}

// Channels iterates over all channels. It holds no lock while the body runs, so
// channels that come or go meanwhile may or may not be seen.
func (g *Graph) Channels() iter.Seq[Channel] {
	return func(yield func(Channel) bool) {
		var chunk []Channel
		for at := 0; ; {
			chunk = chunk[:0]
			g.mu.RLock()
			for ; at < len(g.chans) && len(chunk) < readChunk; at++ {
				if g.chans[at].used {
					chunk = append(chunk, g.view(uint32(at)))
				}
			}
			done := at >= len(g.chans)
			g.mu.RUnlock()
			for _, c := range chunk {
				if !yield(c) {
					return
				}
			}
			if done {
				return
			}
		}
	}
}

// Nodes iterates over all nodes that have channels, as Channels does.
func (g *Graph) Nodes() iter.Seq[NodeInfo] {
	return func(yield func(NodeInfo) bool) {
		type pair struct {
			info NodeInfo
			raw  []byte
		}
		var chunk []pair
		for at := 0; ; {
			chunk = chunk[:0]
			g.mu.RLock()
			for ; at < len(g.nodes) && len(chunk) < readChunk; at++ {
				if len(g.in[at]) > 0 {
					info, raw := g.nodeInfo(uint32(at))
					chunk = append(chunk, pair{info, raw})
				}
			}
			done := at >= len(g.nodes)
			g.mu.RUnlock()
			for _, p := range chunk {
				if !yield(p.info.decode(p.raw)) {
					return
				}
			}
			if done {
				return
			}
		}
	}
}

// Stats counts what the graph holds; it walks all of it.
func (g *Graph) Stats() Stats {
	g.mu.RLock()
	defer g.mu.RUnlock()
	var s Stats
	for i := range g.nodes {
		if len(g.in[i]) == 0 {
			continue
		}
		s.Nodes++
		if g.nodes[i].raw != nil {
			s.Announced++
		}
		s.Bytes += len(g.nodes[i].raw)
	}
	for i := range g.chans {
		c := &g.chans[i]
		if !c.used {
			continue
		}
		s.Channels++
		if !c.public {
			s.Private++
		}
		for d := range c.known {
			if c.known[d] {
				s.Policies++
			}
			s.Bytes += len(c.update[d])
		}
		s.Bytes += len(c.raw)
		s.Capacity += lnwire.MilliSatoshi(c.capacity)
	}
	return s
}
