package node

import (
	"context"
	"sync"
	"time"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/onion"
)

const (
	// reconnectPatience is how long after this node's start an HTLC waits for a next peer
	// that hasn't connected since. Failed at once, it would teach the payer that a channel is
	// no good that is back a second later.
	reconnectPatience = 30 * time.Second
	// maxWaiting is how many HTLCs wait, in all; what comes beyond is failed at once.
	maxWaiting = 1000
	// waitMargin is how many blocks more than needed an outgoing HTLC must have left to wait.
	// The incoming one has the channel's time_lock_delta more.
	waitMargin = 3
)

// waitingForward is an HTLC whose next peer is not there yet. It is in its incoming channel
// alone: if the node dies, that channel brings it again.
type waitingForward struct {
	in   *driver
	h    *htlc.HTLC
	r    onion.Result
	mark []channeldb.KV
}

// waitingForwards are those, by the channel they wait for. Nothing waits before begin, nor
// after the patience has ended.
type waitingForwards struct {
	mu    sync.Mutex
	open  bool
	count int
	by    map[*driver][]waitingForward
	met   map[*driver]struct{} // channels whose peer was there since the start
}

func (w *waitingForwards) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open = true
	w.by, w.met = make(map[*driver][]waitingForward), make(map[*driver]struct{})
}

// hold keeps an HTLC until its next peer connects; false if it shall be decided now.
func (w *waitingForwards) hold(out *driver, f waitingForward, t times) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := out.channel()
	_, met := w.met[out]
	switch {
	case !w.open || met || c.State() != htlc.Open || c.Connected() || w.count >= maxWaiting,
		!f.mayWait(t):
		return false
	}
	w.by[out] = append(w.by[out], f)
	w.count++
	return true
}

func (f *waitingForward) mayWait(t times) bool {
	return min(f.r.Payload.Expiry, f.h.Expiry) > t.now+t.least+t.spare
}

// connected takes out what waited for a channel whose peer is there.
func (w *waitingForwards) connected(out *driver) []waitingForward {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.open {
		return nil
	}
	w.met[out] = struct{}{}
	all := w.by[out]
	delete(w.by, out)
	w.count -= len(all)
	return all
}

// late takes out what can't wait any longer on its chain.
func (w *waitingForwards) late(at func(*driver) times) (late []waitingForward) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for out, all := range w.by {
		var rest []waitingForward
		t := at(out)
		for _, f := range all {
			if f.mayWait(t) {
				rest = append(rest, f)
			} else {
				late = append(late, f)
			}
		}
		if w.by[out] = rest; len(rest) == 0 {
			delete(w.by, out)
		}
	}
	w.count -= len(late)
	return late
}

// end takes out all that waits, and lets nothing wait any more.
func (w *waitingForwards) end() (all []waitingForward) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, some := range w.by {
		all = append(all, some...)
	}
	w.open, w.count, w.by, w.met = false, 0, nil, nil
	return all
}

// decide goes on with what waited. A channel that was stopped meanwhile keeps its HTLCs.
func (s *Switch) decide(all []waitingForward) {
	for i := range all {
		f := &all[i]
		if stopped(f.in) {
			s.circuits.close(incomingKey{Chan: f.in.id, ID: f.h.ID})
			continue
		}
		s.offer(f.in, f.h, &f.r, f.mark, s.channelBySCID(f.r.Payload.Channel))
	}
}

// waitForPeers lets HTLCs wait for next peers from now on, for a time. It runs before the
// channels repeat what they have pending.
func (n *Node) waitForPeers() {
	n.sw.waiting.begin()
	after := n.cfg.after
	if after == nil {
		after = afterFunc
	}
	stop := after(reconnectPatience, func() {
		if all := n.sw.waiting.end(); len(all) > 0 {
			n.log.Info("next peers didn't come back in time", "waited", reconnectPatience, "htlcs", len(all))
			n.sw.decide(all)
		}
	})
	context.AfterFunc(n.ctx, func() { stop() })
}
