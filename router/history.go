package router

import (
	"math"
	"sync"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
)

// HalfLife is how long it takes until a remembered failure or success counts half.
const HalfLife = time.Hour

// DefaultHistorySize is how many pairs of nodes a History remembers.
const DefaultHistorySize = 10_000

// afterSuccess is the chance of an amount that just went through.
const afterSuccess = 0.99

// History learns from payment attempts which pairs of nodes forward how much. It
// remembers, per pair and direction, the least amount that failed and the largest
// that passed; both fade with HalfLife. It belongs to one graph.
type History struct {
	mu          sync.RWMutex
	g           *Graph
	max         int
	entries     []memory
	index       map[uint64]int32
	oldest      int32 // list by last use, -1 is its end
	newest      int32
	marks       []uint8         // by node number: 1 has an entry as sender, 2 failed itself
	failedNodes int             // entries that are about a node
	foreign     map[Node]uint32 // numbers of nodes that the graph does not know
	foreignNo   uint32
	changed     map[int32]struct{} // places in entries; nil unless journaled
}

// memory of one pair.
type memory struct {
	key            uint64
	failed, passed uint64 // amounts; failed 0 is every amount
	failedAt       int64  // unix time, 0 never
	passedAt       int64
	excusedAt      int64 // when a new policy last excused a failure
	prev, next     int32
}

// anyNode as receiver stands for all channels of the sender.
const anyNode = math.MaxUint32

// foreignBit marks numbers of nodes that the graph does not know.
const foreignBit = 1 << 31

// NewHistory returns an empty memory for at most size pairs (0: DefaultHistorySize).
func NewHistory(g *Graph, size int) *History {
	if size <= 0 {
		size = DefaultHistorySize
	}
	return &History{g: g, max: size, index: map[uint64]int32{}, oldest: -1, newest: -1, foreign: map[Node]uint32{}}
}

// Len is how many pairs are remembered.
func (h *History) Len() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return len(h.index)
}

// Probability that from can forward amount to to over a channel of that capacity
// (0: not known), as searches see it.
func (h *History) Probability(from, to Node, amount, capacity lnwire.MilliSatoshi, now time.Time) float64 {
	var inv float32
	if capacity > 0 {
		inv = float32(1 / float64(capacity))
	}
	p := prior(float64(amount) * float64(inv))
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
	if !okf {
		f = anyNode
	}
	if !okt {
		t = anyNode
	}
	return h.adjust(p, f, t, uint64(amount), now.Unix())
}

// marked is the cheap test that lets most channels skip the map. The caller holds mu.
func (h *History) marked(nodes, from, to uint32) bool {
	if len(h.index) == 0 {
		return false
	}
	if from >= nodes || to >= nodes {
		return true
	}
	f, t := h.markOf(from), h.markOf(to)
	return f&isSender != 0 && t&isReceiver != 0 || (f|t)&isFailed != 0
}

func (h *History) markOf(n uint32) uint8 {
	if int(n) < len(h.marks) {
		return h.marks[n]
	}
	return 0
}

// Marks of a node: it is in the memory of a pair as either end, or on its own.
const (
	isSender = 1 << iota
	isReceiver
	isFailed
)

func pairKey(from, to uint32) uint64 { return uint64(from)<<32 | uint64(to) }

// adjust changes the prior p by what is remembered. The caller holds mu.
func (h *History) adjust(p float64, from, to uint32, amt uint64, now int64) float64 {
	if i, ok := h.index[pairKey(from, to)]; ok && to != anyNode {
		p = h.entries[i].adjust(p, amt, now)
	}
	if h.failedNodes == 0 {
		return p
	}
	for _, n := range [2]uint32{from, to} {
		if i, ok := h.index[pairKey(n, anyNode)]; ok && n != anyNode {
			p = h.entries[i].adjust(p, amt, now)
		}
	}
	return p
}

func (m *memory) adjust(p float64, amt uint64, now int64) float64 {
	if m.passedAt != 0 && amt <= m.passed {
		w := fade(now - m.passedAt)
		p = w*max(p, afterSuccess) + (1-w)*p
	}
	if m.failedAt != 0 {
		w := fade(now - m.failedAt)
		if amt >= m.failed {
			return (1 - w) * p
		}
		if amt > m.passed || m.passedAt == 0 { // less than what failed: as if that were the capacity
			p = w*min(p, prior(float64(amt)/float64(m.failed))) + (1-w)*p
		}
	}
	return p
}

// fade is the weight of a memory of that age in seconds.
func fade(age int64) float64 {
	if age <= 0 {
		return 1
	}
	return math.Exp2(-float64(age) / HalfLife.Seconds())
}

// histID is the number by which the history knows a node of this search.
func (s *search) histID(i uint32) uint32 {
	if i < s.nodes {
		return i
	}
	if n, ok := s.hist.foreign[s.foreign[i-s.nodes]]; ok {
		return n
	}
	return anyNode
}
