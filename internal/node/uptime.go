package node

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/peer"
)

// PeerEvent tells that a peer came or went.
type PeerEvent struct {
	Key    PubKey
	Online bool
}

// PeerError is what a peer complained of.
type PeerError struct {
	When time.Time
	Text string
}

// Of what a peer said the newest is kept, and its beginning.
const (
	maxPeerErrors = 10
	maxPeerText   = 256
)

// attendance is when peers came and went since the node's start: of those who are connected,
// and of those we have channels with. The zero value is ready.
type attendance struct {
	news subscribers[PeerEvent]

	mu sync.Mutex
	m  map[peer.ID]*attended
}

// attended is one peer's.
type attended struct {
	online  bool
	changed time.Time
	before  time.Duration // online up to changed
	flaps   int
	errors  []PeerError // oldest first
}

func (a *attendance) of(id peer.ID) *attended {
	if a.m == nil {
		a.m = make(map[peer.ID]*attended)
	}
	if a.m[id] == nil {
		a.m[id] = &attended{}
	}
	return a.m[id]
}

// up notes that a peer came.
func (a *attendance) up(id peer.ID, now time.Time) {
	a.mu.Lock()
	p := a.of(id)
	p.online, p.changed = true, now
	p.flaps++
	a.mu.Unlock()
	a.news.tell(PeerEvent{Key: PubKey(id), Online: true})
}

// down notes that a peer went; keep is whether it matters how often it does.
func (a *attendance) down(id peer.ID, now time.Time, keep bool) {
	a.mu.Lock()
	if p := a.of(id); keep {
		p.before, p.online, p.changed = p.online0(now), false, now
		p.flaps++
	} else {
		delete(a.m, id)
	}
	a.mu.Unlock()
	a.news.tell(PeerEvent{Key: PubKey(id)})
}

// online0 is how long the peer was online in all.
func (p *attended) online0(now time.Time) time.Duration {
	if p.online {
		return p.before + now.Sub(p.changed)
	}
	return p.before
}

// total is how long a peer was online since the node's start.
func (a *attendance) total(id peer.ID, now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p := a.m[id]; p != nil {
		return p.online0(now)
	}
	return 0
}

// said notes a peer's complaint.
func (a *attendance) said(id peer.ID, now time.Time, text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.m[id]
	if p == nil {
		return // it has gone
	}
	if len(p.errors) == maxPeerErrors {
		p.errors = append(p.errors[:0], p.errors[1:]...)
	}
	p.errors = append(p.errors, PeerError{When: now, Text: text[:min(len(text), maxPeerText)]})
}

// describe fills in what is known of a peer.
func (a *attendance) describe(v *Peer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p := a.m[peer.ID(v.Key)]; p != nil {
		v.Flaps, v.LastFlap = p.flaps, p.changed
		v.Errors = append(v.Errors, p.errors...)
	}
}

// SubscribePeers streams peers that come and go from now on. A reader that is too slow is
// told so by ErrBusy.
func (n *Node) SubscribePeers(ctx context.Context) iter.Seq2[PeerEvent, error] {
	return func(yield func(PeerEvent, error) bool) {
		ch, leave, err := n.events.peers.news.join()
		if err != nil {
			yield(PeerEvent{}, err)
			return
		}
		defer leave()
		left := false
		err = follow(ctx, n.ctx, ch, func(e PeerEvent) bool {
			left = !yield(e, nil)
			return !left
		})
		if err != nil && !left {
			yield(PeerEvent{}, err)
		}
	}
}

// age is how long we have watched a channel's peer, and how long of that it was there.
func (n *Node) age(d *driver) (monitored, up time.Duration) {
	now := n.now()
	id := peer.ID(d.channel().Params().Peer)
	monitored = max(now.Sub(d.born), 0)
	return monitored, min(max(n.events.peers.total(id, now)-d.before, 0), monitored)
}

// complained keeps what a peer said of an error or warned of.
func (n *Node) complained(p *peer.Peer, id lnwire.ChannelID, text string) {
	if id != (lnwire.ChannelID{}) {
		text = "chan_id=" + id.String() + ": " + text
	}
	n.events.peers.said(p.ID(), n.now(), text)
}
