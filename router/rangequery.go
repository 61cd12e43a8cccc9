package router

import (
	"math"
	"slices"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
)

// maxRangeReply is how many channels one reply_channel_range names: with timestamps
// 16 bytes each, half a message.
const maxRangeReply = 2000

// RangeReply answers one query_channel_range in bounded messages. It holds eight
// bytes a channel, so the caller keeps one per peer at most.
type RangeReply struct {
	s          *Gossip
	chain      chainhash.Hash
	known      bool
	timestamps bool
	scids      []uint64 // ascending, not sent yet
	first      uint32   // block that the next reply starts at
	end        uint64   // block after the query's last
	done       bool
}

// ReplyChannelRange begins the answer to a peer's query_channel_range (BOLT 7). It
// refuses when the peer spent its budget.
func (s *Gossip) ReplyChannelRange(peer Node, q *lnwire.QueryChannelRange, now time.Time) (*RangeReply, error) {
	r := &RangeReply{s: s, chain: q.ChainHash, timestamps: q.WithTimestamps(),
		first: q.FirstBlockHeight, end: uint64(q.FirstBlockHeight) + uint64(q.NumBlocks)}
	r.end = min(r.end, math.MaxUint32+1)
	r.known = s.Follows(q.ChainHash)
	if err := s.spend(peer, 10, uint32(max(0, now.Unix()))); err != nil {
		return nil, err
	}
	g := s.g
	g.mu.RLock()
	defer g.mu.RUnlock()
	chain, ok := g.chainNo[q.ChainHash]
	if !ok {
		return r, nil
	}
	for i := range g.chans {
		c := &g.chans[i]
		if block := c.scid >> 40; c.used && c.chain == chain && c.sendable() &&
			block >= uint64(q.FirstBlockHeight) && block < r.end {
			r.scids = append(r.scids, c.scid)
		}
	}
	slices.Sort(r.scids)
	return r, nil
}

// sendable says if a channel can be told to others: BOLT 7 wants no announcement
// without an update.
func (c *channel) sendable() bool {
	return c.public && (c.update[0] != nil || c.update[1] != nil)
}

// Next returns the next reply, nil after the last. The replies cover the query's
// blocks without gap, and one block is split only if it does not fit into one.
func (r *RangeReply) Next() *lnwire.ReplyChannelRange {
	if r.done {
		return nil
	}
	n := min(len(r.scids), maxRangeReply)
	for cut := n; n < len(r.scids) && cut > 0; cut-- {
		if r.scids[cut-1]>>40 != r.scids[n]>>40 {
			n = cut
			break
		}
	}
	m := &lnwire.ReplyChannelRange{ChainHash: r.chain, FirstBlockHeight: r.first, EncodingType: lnwire.EncodingSortedPlain}
	for _, id := range r.scids[:n] {
		m.ShortChanIDs = append(m.ShortChanIDs, lnwire.NewShortChanIDFromInt(id))
	}
	if r.timestamps {
		m.Timestamps = r.s.timestamps(r.chain, r.scids[:n])
	}
	last := r.scids[:n]
	r.scids = r.scids[n:]
	if len(r.scids) == 0 {
		r.done = true
		m.NumBlocks = uint32(min(r.end-uint64(r.first), math.MaxUint32))
		if r.known {
			m.Complete = 1
		}
		return m
	}
	through := uint32(last[n-1] >> 40)
	m.NumBlocks = through - r.first + 1
	if r.first = through; uint32(r.scids[0]>>40) != through {
		r.first++
	}
	return m
}

// timestamps of both directions, zero where there is no update.
func (s *Gossip) timestamps(chain chainhash.Hash, scids []uint64) lnwire.Timestamps {
	g := s.g
	g.mu.RLock()
	defer g.mu.RUnlock()
	no := g.chainNo[chain]
	t := make(lnwire.Timestamps, len(scids))
	for i, id := range scids {
		if at, ok := g.chanNo[chanKey{no, id}]; ok {
			told := g.chans[at].told
			t[i] = lnwire.ChanUpdateTimestamps{Timestamp1: told[0], Timestamp2: told[1]}
		}
	}
	return t
}

// Missing returns the channels of a peer's reply_channel_range that we should ask
// for: those that we neither know nor refused, and those with newer updates.
func (s *Gossip) Missing(m *lnwire.ReplyChannelRange) []lnwire.ShortChannelID {
	if s.knows(m.ChainHash) != nil {
		return nil
	}
	g := s.g
	g.mu.RLock()
	defer g.mu.RUnlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	var want []lnwire.ShortChannelID
	for i, id := range m.ShortChanIDs {
		key := ChanID{m.ChainHash, id}
		at, ok := g.lookup(key)
		switch {
		case s.rejected.has(key):
		case !ok || !g.chans[at].public:
			want = append(want, id)
		case i < len(m.Timestamps):
			told := g.chans[at].told
			if m.Timestamps[i].Timestamp1 > told[0] || m.Timestamps[i].Timestamp2 > told[1] {
				want = append(want, id)
			}
		}
	}
	return want
}
