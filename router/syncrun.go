package router

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
)

// syncRun is one peer being asked for all that it knows.
type syncRun struct {
	peer    Node
	began   time.Time
	heard   time.Time
	ranging bool // reply_channel_range is due; else reply_short_channel_ids_end
	replies int
	first   uint32 // of the last reply
	through uint32 // last block that the replies cover
	named   int    // channels that they named
	want    []lnwire.ShortChannelID
}

// everyBlock is what a run asks about.
const everyBlock = math.MaxUint32

func (y *Sync) begin(peer Node, now time.Time) Ask {
	y.peers[peer].asked = now
	y.run = &syncRun{peer: peer, began: now, heard: now, ranging: true}
	return Ask{peer, &lnwire.QueryChannelRange{ChainHash: y.cfg.Chain, NumBlocks: everyBlock,
		QueryOptions: lnwire.NewTimestampQueryOption()}}
}

// Receive takes a reply_channel_range or reply_short_channel_ids_end. One that nobody asked for, or that
// comes too late, is passed over. An error is a Refusal; the next peer is asked then.
func (y *Sync) Receive(peer Node, msg lnwire.Message, now time.Time) ([]Ask, error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	r := y.run
	if r == nil || r.peer != peer {
		return nil, nil
	}
	r.heard = now
	switch m := msg.(type) {
	case *lnwire.ReplyChannelRange:
		if !r.ranging {
			return nil, nil
		}
		if err := y.named(m, now); err != nil {
			y.fail(now)
			return y.step(now), err
		}
		if !r.last(m) {
			return nil, nil
		}
		r.ranging = false
		slices.SortFunc(r.want, func(a, b lnwire.ShortChannelID) int {
			return cmp.Compare(a.ToUint64(), b.ToUint64())
		})
		r.want = slices.Compact(r.want)
	case *lnwire.ReplyShortChanIDsEnd:
		if r.ranging || m.ChainHash != y.cfg.Chain {
			return nil, nil
		}
	default:
		return nil, refuse(Ignore, ErrNotGossip, "%T", msg)
	}
	return y.ask(now), nil
}

// ask asks for the next channels; when there are none, the run has ended well.
func (y *Sync) ask(now time.Time) []Ask {
	r := y.run
	if len(r.want) == 0 {
		y.run, y.synced, y.next = nil, true, now.Add(y.cfg.Again)
		return y.step(now)
	}
	n := min(len(r.want), y.cfg.Chunk)
	q := &lnwire.QueryShortChanIDs{ChainHash: y.cfg.Chain, EncodingType: lnwire.EncodingSortedPlain,
		ShortChanIDs: slices.Clone(r.want[:n])}
	r.want = r.want[n:]
	return []Ask{{r.peer, q}}
}

// named checks one reply and notes which of its channels we want.
func (y *Sync) named(m *lnwire.ReplyChannelRange, now time.Time) error {
	r := y.run
	limit := y.s.g.limits.Channels
	r.replies++
	r.named += len(m.ShortChanIDs)
	switch {
	case m.ChainHash != y.cfg.Chain:
		return refuse(Warn, ErrQuery, "reply about chain %v", m.ChainHash)
	case r.replies > y.cfg.Replies || r.named > limit:
		return refuse(Warn, ErrQuery, "%d replies with %d channels, limits %d and %d", r.replies, r.named, y.cfg.Replies, limit)
	case m.FirstBlockHeight < r.first || r.replies > 1 && m.LastBlockHeight() < r.through:
		return refuse(Warn, ErrQuery, "reply about blocks from %d to %d after one from %d to %d",
			m.FirstBlockHeight, m.LastBlockHeight(), r.first, r.through)
	case len(m.Timestamps) != 0 && len(m.Timestamps) != len(m.ShortChanIDs):
		return refuse(Warn, ErrQuery, "%d timestamps for %d channels", len(m.Timestamps), len(m.ShortChanIDs))
	}
	r.first, r.through = m.FirstBlockHeight, m.LastBlockHeight()
	r.want = append(r.want, y.s.Missing(fresh(m, now))...)
	return nil
}

// fresh leaves out the channels without news for StaleAfter: they would be refused, or pruned.
func fresh(m *lnwire.ReplyChannelRange, now time.Time) *lnwire.ReplyChannelRange {
	if len(m.Timestamps) == 0 {
		return m
	}
	oldest := now.Add(-StaleAfter).Unix()
	kept := &lnwire.ReplyChannelRange{ChainHash: m.ChainHash}
	for i, t := range m.Timestamps {
		if int64(max(t.Timestamp1, t.Timestamp2)) >= oldest {
			kept.ShortChanIDs = append(kept.ShortChanIDs, m.ShortChanIDs[i])
			kept.Timestamps = append(kept.Timestamps, t)
		}
	}
	return kept
}

// last says if no reply follows. Old peers repeat the query's blocks in each and mark the last.
func (r *syncRun) last(m *lnwire.ReplyChannelRange) bool {
	if m.FirstBlockHeight == 0 && m.NumBlocks == everyBlock {
		return m.Complete == 1
	}
	return m.LastBlockHeight() >= everyBlock-1
}
