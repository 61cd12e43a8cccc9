package router

import (
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
)

// UnknownReporter is Attempt.FailedAt when the error could not be decrypted.
const UnknownReporter = -1

// Attempt is how sending one HTLC along a route ended.
type Attempt struct {
	Route   *Route
	Settled bool
	// FailedAt is who reported the failure: 0 is ourselves, i is Route.Hops[i-1],
	// UnknownReporter if nobody can tell.
	FailedAt int
	Code     lnwire.FailCode // BOLT 4
	// Repaired: the failure carried a channel_update that the graph took, so the
	// pair gets another chance instead of blame.
	Repaired bool
	Now      time.Time
}

// Verdict is what an attempt means for its payment.
type Verdict struct {
	// Final: no other route can help, give up.
	Final bool
	// Reason is a few words for a person.
	Reason string
}

// Report learns from an attempt (BOLT 4, "Failure Messages") and says if another
// one makes sense.
func (h *History) Report(a Attempt) Verdict {
	if a.Route == nil || len(a.Route.Hops) == 0 {
		return Verdict{Final: true, Reason: "no route was tried"}
	}
	path := h.number(a.Route)
	h.mu.Lock()
	defer h.mu.Unlock()
	l := lesson{History: h, route: a.Route, path: path, now: a.Now.Unix()}
	l.name()
	switch hops := len(a.Route.Hops); {
	case a.Settled:
		l.passed(hops)
		return Verdict{Final: true, Reason: "paid"}
	case a.FailedAt < 0 || a.FailedAt > hops:
		for i := range hops { // anyone but our own channel, unless there is no other
			if i > 0 || hops == 1 {
				l.failed(i, false)
			}
		}
		return Verdict{Reason: "the failure could not be read"}
	case a.FailedAt == hops:
		l.passed(hops)
		return lastHop(a.Code)
	default:
		l.passed(a.FailedAt)
		return l.blame(a)
	}
}

// lesson is one attempt being learnt from. path[i] and path[i+1] are the ends of
// the channel to Hops[i].
type lesson struct {
	*History
	route *Route
	path  []uint32
	now   int64
}

// number gives the graph's numbers of a route's nodes, anyNode for others.
func (h *History) number(r *Route) []uint32 {
	h.g.mu.RLock()
	defer h.g.mu.RUnlock()
	path := make([]uint32, len(r.Hops)+1)
	for i := range path {
		var ok bool
		if path[i], ok = h.g.nodeNo[r.node(i)]; !ok {
			path[i] = anyNode
		}
	}
	return path
}

// node is the i-th node of a route; 0 is its source.
func (r *Route) node(i int) Node {
	if i == 0 {
		return r.Source
	}
	return r.Hops[i-1].Node
}

// name numbers the nodes that the graph does not know. When there are too many of
// them, all are forgotten: they are payees behind private channels.
func (l *lesson) name() {
	for i, n := range l.path {
		if n != anyNode {
			continue
		}
		l.path[i] = l.foreignNumber(l.route.node(i))
	}
}

// foreignNumber is that of a node that the graph does not know; the caller holds mu.
func (h *History) foreignNumber(key Node) uint32 {
	id, ok := h.foreign[key]
	if !ok {
		if len(h.foreign) >= h.max {
			h.forgetForeign()
		}
		h.foreignNo++
		id = foreignBit | h.foreignNo%(foreignBit-1)
		h.foreign[key] = id
	}
	return id
}

// passed remembers that the first n channels forwarded their amounts.
func (l *lesson) passed(n int) {
	for i := range n {
		m := l.entry(l.path[i], l.path[i+1])
		amt := uint64(l.route.Hops[i].Received)
		if fade(l.now-m.passedAt) < 0.5 || amt > m.passed {
			m.passed = amt
		}
		m.passedAt = l.now
		if m.failedAt != 0 && amt >= m.failed {
			m.failedAt, m.failed = 0, 0
		}
	}
}

// failed remembers that channel i did not forward its amount, or any amount.
func (l *lesson) failed(i int, any bool) {
	m := l.entry(l.path[i], l.path[i+1])
	amt := uint64(l.route.Hops[i].Received)
	if any {
		amt = 0
	}
	if m.failedAt == 0 || fade(l.now-m.failedAt) < 0.5 || amt < m.failed {
		m.failed = amt
	}
	m.failedAt = l.now
	if m.passed >= amt {
		m.passed, m.passedAt = 0, 0
	}
}

// failedNode remembers that a node forwards nothing at all.
func (l *lesson) failedNode(i int) {
	m := l.entry(l.path[i], anyNode)
	m.failed, m.failedAt = 0, l.now
}
