package router

import (
	"slices"
	"sync"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
)

// SyncConfig says how much a Sync asks for. Zero fields take the defaults.
type SyncConfig struct {
	Chain   chainhash.Hash
	Listen  int           // peers that pass news on to us; default 8
	Chunk   int           // channels asked for in one query; default 500
	Replies int           // reply_channel_range of one peer in one run; default 10,000
	Timeout time.Duration // without a message from a peer that owes an answer; default 1 m
	Longest time.Duration // of one run, whatever the peer sends; default 1 h
	Again   time.Duration // after a run that ended well, and for news of a peer that we join; default 1 h
	Retry   time.Duration // until a peer that failed is asked again; default 10 m
}

// Sync learns what this node lacks, as a client of its peers (BOLT 7, "Query Messages" and "Initial
// Sync"). One peer at a time is asked which channels there are and then, some at a time, for those that
// are new to us; a few are asked to pass news on. What it returns is to be sent; gossip itself goes
// to Gossip.Receive. Peers that don't offer gossip_queries must not be told to it.
type Sync struct {
	s   *Gossip
	cfg SyncConfig

	mu     sync.Mutex
	peers  map[Node]*syncPeer
	run    *syncRun
	synced bool
	next   time.Time // of the next run
}

// Ask is a message for a peer.
type Ask struct {
	Peer Node
	Msg  lnwire.Message
}

type syncPeer struct {
	since     time.Time
	asked     time.Time // last run with it began
	failed    time.Time // last run with it ended so
	listening bool      // our filter was sent
}

// NewSync returns a client without peers.
func NewSync(s *Gossip, c SyncConfig) *Sync {
	number := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	span := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	number(&c.Listen, 8)
	number(&c.Chunk, 500)
	c.Chunk = min(c.Chunk, MaxQueryIDs)
	number(&c.Replies, 10_000)
	span(&c.Timeout, time.Minute)
	span(&c.Longest, time.Hour)
	span(&c.Again, time.Hour)
	span(&c.Retry, 10*time.Minute)
	return &Sync{s: s, cfg: c, peers: map[Node]*syncPeer{}}
}

// Synced says if a peer has told us all that it knew, once.
func (y *Sync) Synced() bool {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.synced
}

// Up begins with a peer that has just connected.
func (y *Sync) Up(peer Node, now time.Time) []Ask {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.drop(peer)
	y.peers[peer] = &syncPeer{since: now}
	return y.step(now)
}

// Down ends with one.
func (y *Sync) Down(peer Node, now time.Time) []Ask {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.drop(peer)
	return y.step(now)
}

func (y *Sync) drop(peer Node) {
	delete(y.peers, peer)
	if y.run != nil && y.run.peer == peer {
		y.run = nil
	}
}

// Heard notes that a peer sent gossip: it may belong to an answer.
func (y *Sync) Heard(peer Node, now time.Time) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.run != nil && y.run.peer == peer {
		y.run.heard = now
	}
}

// Tick is to be called every second or so: another peer takes over from one that is silent.
func (y *Sync) Tick(now time.Time) []Ask {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.step(now)
}

// step does what is due. The caller holds mu, as of all that follows.
func (y *Sync) step(now time.Time) []Ask {
	if r := y.run; r != nil && (now.Sub(r.heard) >= y.cfg.Timeout || now.Sub(r.began) >= y.cfg.Longest) {
		y.fail(now)
	}
	var asks []Ask
	if y.run == nil && (!y.synced || !now.Before(y.next)) {
		if peer, ok := y.choose(now); ok {
			asks = append(asks, y.begin(peer, now))
		}
	}
	return append(asks, y.listen(now)...)
}

// choose finds the peer that was asked least recently; of those that never were, the one that has been
// there longest.
func (y *Sync) choose(now time.Time) (best Node, ok bool) {
	for id, p := range y.peers {
		if !p.failed.IsZero() && now.Sub(p.failed) < y.cfg.Retry {
			continue
		}
		if !ok || p.before(id, y.peers[best], best) {
			best, ok = id, true
		}
	}
	return best, ok
}

func (p *syncPeer) before(id Node, q *syncPeer, other Node) bool {
	switch {
	case !p.asked.Equal(q.asked):
		return p.asked.Before(q.asked)
	case !p.since.Equal(q.since):
		return p.since.Before(q.since)
	}
	return slices.Compare(id[:], other[:]) < 0
}

// listen asks peers for news, until enough do. Who connects before the first run has ended waits
// for that, for a while: most news would be about channels that we don't know.
func (y *Sync) listen(now time.Time) (asks []Ask) {
	var waiting []Node
	count := 0
	for id, p := range y.peers {
		switch {
		case p.listening:
			count++
		case y.synced, !p.failed.IsZero(), now.Sub(p.since) >= y.cfg.Timeout:
			waiting = append(waiting, id)
		}
	}
	slices.SortFunc(waiting, func(a, b Node) int {
		if y.peers[a].before(a, y.peers[b], b) {
			return -1
		}
		return 1
	})
	for _, id := range waiting[:min(len(waiting), max(0, y.cfg.Listen-count))] {
		y.peers[id].listening = true
		asks = append(asks, Ask{id, y.news(now)})
	}
	return asks
}

// news is the filter that asks for what is new, and for what was missed while we asked.
func (y *Sync) news(now time.Time) *lnwire.GossipTimestampRange {
	first := uint32(max(0, now.Add(-y.cfg.Again).Unix()))
	return &lnwire.GossipTimestampRange{ChainHash: y.cfg.Chain, FirstTimestamp: first, TimestampRange: 1<<32 - 1 - first}
}

// fail ends the run; its peer is left alone for a while.
func (y *Sync) fail(now time.Time) {
	if p := y.peers[y.run.peer]; p != nil {
		p.failed = now
	}
	y.run = nil
}
