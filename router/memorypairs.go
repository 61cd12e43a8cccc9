package router

import (
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
)

// Pair is what is remembered of one node forwarding to another, for people and other programs.
type Pair struct {
	From, To Node
	// All: From failed as a node, whoever it should have forwarded to; To is zero.
	All bool

	Failed, Passed     lnwire.MilliSatoshi // least amount that failed, 0 for any amount; largest that passed
	FailedAt, PassedAt time.Time           // zero: never
}

// Pairs are all that are remembered, the least recent first.
func (h *History) Pairs() []Pair {
	h.g.mu.RLock()
	defer h.g.mu.RUnlock()
	h.mu.RLock()
	defer h.mu.RUnlock()
	foreign := make(map[uint32]Node, len(h.foreign))
	for key, n := range h.foreign {
		foreign[n] = key
	}
	name := func(n uint32) (Node, bool) {
		if int(n) < len(h.g.nodes) {
			return h.g.nodes[n].key, true
		}
		key, ok := foreign[n]
		return key, ok
	}
	pairs := make([]Pair, 0, len(h.index))
	for i := h.oldest; i >= 0; i = h.entries[i].next {
		m := &h.entries[i]
		p := m.pair()
		var okf, okt bool
		p.From, okf = name(uint32(m.key >> 32))
		if p.All = uint32(m.key) == anyNode; p.All {
			okt = true
		} else {
			p.To, okt = name(uint32(m.key))
		}
		if okf && okt && m.last() > 0 {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// Pair is what is remembered of two nodes; false if nothing is.
func (h *History) Pair(from, to Node) (Pair, bool) {
	h.g.mu.RLock()
	f, okf := h.g.nodeNo[from]
	t, okt := h.g.nodeNo[to]
	h.g.mu.RUnlock()
	h.mu.RLock()
	defer h.mu.RUnlock()
	if !okf {
		f, okf = h.foreign[from]
	}
	if !okt {
		t, okt = h.foreign[to]
	}
	i, ok := h.index[pairKey(f, t)]
	if !ok || !okf || !okt {
		return Pair{From: from, To: to}, false
	}
	p := h.entries[i].pair()
	p.From, p.To = from, to
	return p, true
}

func (m *memory) pair() (p Pair) {
	if m.failedAt != 0 {
		p.Failed, p.FailedAt = lnwire.MilliSatoshi(m.failed), time.Unix(m.failedAt, 0)
	}
	if m.passedAt != 0 {
		p.Passed, p.PassedAt = lnwire.MilliSatoshi(m.passed), time.Unix(m.passedAt, 0)
	}
	return p
}

// Forget drops all that is remembered.
func (h *History) Forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.changed != nil {
		for i := range h.entries {
			h.changed[int32(i)] = struct{}{}
		}
	}
	h.entries, h.oldest, h.newest, h.failedNodes = nil, -1, -1, 0
	clear(h.index)
	clear(h.marks)
	clear(h.foreign)
}

// Import takes in what another history knows. A failure or success that is older than what is
// remembered of the same pair is passed over, unless force says that it counts all the same. Times
// after now count as now.
func (h *History) Import(pairs []Pair, force bool, now time.Time) {
	for _, p := range pairs {
		if p.All {
			continue
		}
		path := h.number(&Route{Source: p.From, Hops: []Hop{{Node: p.To}}})
		h.mu.Lock()
		for i, key := range [2]Node{p.From, p.To} {
			if path[i] == anyNode {
				path[i] = h.foreignNumber(key)
			}
		}
		h.entry(path[0], path[1]).take(p, force, now.Unix())
		h.mu.Unlock()
	}
}

// take overwrites a memory by what is told of the pair. Where both no longer fit together, the older
// one goes.
func (m *memory) take(p Pair, force bool, now int64) {
	at := func(t time.Time) int64 {
		if t.IsZero() {
			return 0
		}
		return max(0, min(t.Unix(), now))
	}
	if t := at(p.FailedAt); force || t > m.failedAt {
		m.failedAt, m.failed = t, uint64(p.Failed)
	}
	if t := at(p.PassedAt); force || t > m.passedAt {
		m.passedAt, m.passed = t, uint64(p.Passed)
	}
	switch {
	case m.failedAt == 0 || m.passedAt == 0 || m.passed < m.failed:
	case m.failedAt > m.passedAt:
		m.passed, m.passedAt = 0, 0
	default:
		m.failed, m.failedAt = 0, 0
	}
}

// Settings are how a History estimates, for people.
type Settings struct {
	HalfLife     time.Duration // of a memory
	Small, Large float64       // chance of a channel that nothing is known of: a small amount, all of its capacity
	Pairs        int           // remembered at most
}

// Settings tells how chances are estimated.
func (h *History) Settings() Settings {
	return Settings{HalfLife: HalfLife, Small: priorSmall, Large: priorFull, Pairs: h.max}
}
