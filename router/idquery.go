package router

import (
	"errors"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
)

// MaxQueryIDs is how many channels one query_short_channel_ids may name: what fits
// into a message without compression, which we refuse to undo (ATTACKS 32).
const MaxQueryIDs = 8000

// ErrQuery is the cause of a refused gossip query.
var ErrQuery = errors.New("router: gossip query is wrong")

// IDReply answers one query_short_channel_ids in bounded chunks.
type IDReply struct {
	s     *Gossip
	chain chainhash.Hash
	known bool
	ids   []lnwire.ShortChannelID // not looked up yet
	nodes []uint32                // announcements to send at the end, without repetition
	seen  map[uint32]struct{}
	done  bool
}

// ReplyShortChanIDs begins the answer to a peer's query_short_channel_ids (BOLT 7).
func (s *Gossip) ReplyShortChanIDs(peer Node, q *lnwire.QueryShortChanIDs, now time.Time) (*IDReply, error) {
	if q.EncodingType != lnwire.EncodingSortedPlain {
		return nil, refuse(Warn, ErrQuery, "encoding %d", q.EncodingType)
	}
	if len(q.ShortChanIDs) > MaxQueryIDs {
		return nil, refuse(Warn, ErrQuery, "%d channels, limit %d", len(q.ShortChanIDs), MaxQueryIDs)
	}
	if err := s.spend(peer, 1+float32(len(q.ShortChanIDs))/100, uint32(max(0, now.Unix()))); err != nil {
		return nil, err
	}
	known := s.Follows(q.ChainHash)
	return &IDReply{s: s, chain: q.ChainHash, known: known, ids: q.ShortChanIDs, seen: map[uint32]struct{}{}}, nil
}

// Next returns about limit messages of the answer; the last chunk ends with
// reply_short_channel_ids_end. Nothing comes after it.
func (r *IDReply) Next(limit int) []lnwire.Message {
	if r.done {
		return nil
	}
	g := r.s.g
	g.mu.RLock()
	defer g.mu.RUnlock()
	var out []lnwire.Message
	for len(out) < limit && len(r.ids) > 0 {
		at, ok := g.lookup(ChanID{r.chain, r.ids[0]})
		r.ids = r.ids[1:]
		if !ok || !g.chans[at].sendable() {
			continue
		}
		c := &g.chans[at]
		for _, m := range g.channelGossip(nil, c, c.chain, Filter{Range: 1<<32 - 1}) {
			out = append(out, m)
		}
		for _, n := range c.nodes {
			if _, again := r.seen[n]; !again {
				r.seen[n] = struct{}{}
				r.nodes = append(r.nodes, n)
			}
		}
	}
	for len(out) < limit && len(r.ids) == 0 && len(r.nodes) > 0 {
		if raw := g.nodes[r.nodes[0]].raw; raw != nil {
			out = append(out, &RawMessage{lnwire.MsgNodeAnnouncement, raw})
		}
		r.nodes = r.nodes[1:]
	}
	if len(r.ids) == 0 && len(r.nodes) == 0 && len(out) < max(1, limit) {
		end := lnwire.NewReplyShortChanIDsEnd()
		end.ChainHash = r.chain
		if r.known {
			end.Complete = 1
		}
		r.done = true
		out = append(out, end)
	}
	return out
}
