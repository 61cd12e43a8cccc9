package router

import (
	"math"

	"github.com/lightningnetwork/lnd/lnwire"
)

// scratch is the memory of one query, used again by later ones.
type scratch struct {
	costs   []cost  // by node
	labels  []label // by node
	extraAt []int32 // by node: first of its extras, plus one; all zero between queries
	extras  []extra
	foreign []Node   // nodes that only this query knows, numbered after the graph's
	places  []place  // by node: what the survey found; all zero between queries
	sights  []uint32 // where it found something
	passAt  []int32  // by node: first of its passes, plus one; all zero between queries
	passes  []pass
	queue   queue
	gen     uint32
	stops   stops
	looks   int // at channels, of this query
}

// stops counts what a run did not take up, by the reason.
type stops [reasons]int

// cost is what most looks at a label need, kept apart so that it stays in cache:
// the price of the best way known from a node to the target.
type cost struct {
	total float64
	gen   uint32 // of the run that wrote this; older is no way known
	done  bool   // no better way will come
}

// label is that way.
type label struct {
	amt  uint64 // of the HTLC that must reach this node
	cltv uint32 // its expiry, minus Query.Height
	next uint32 // the node after it
	via  uint32 // channel to next: place*2+direction, or isExtra plus index of extras
	nl   float32
	hops uint8
}

const isExtra = 1 << 31

// extra is a channel of this query only: a hint, or one of the source's own.
type extra struct {
	edge
	to    uint32
	next  int32 // in the list of to, plus one
	id    ChanID
	local bool
}

// mode is what one run of a query minimises, and which limits it drops so that a
// failure can be explained.
type mode struct {
	perFee, perBlock, perHop   float64
	risk, attempt, ppm         float64
	anyFee, anyCLTV, anyHops   bool
	anyLocal, anyAmount, anyNL bool
}

func (w Weights) mode() mode {
	return mode{perFee: 1, risk: w.RiskPerBillion / 1e9, attempt: w.AttemptCost, ppm: w.AttemptPPM / 1e6}
}

// search is one query against one state of the graph; g.mu and the history's lock
// are held for reading throughout.
type search struct {
	*scratch
	g        *Graph
	q        *Query
	hist     *History
	now      int64
	nodes    uint32 // of the graph
	chain    uint16
	known    bool // chain has channels in the graph
	src, dst uint32
	start    uint32  // stands for the source as the route's beginning, so that rings work
	last     int64   // number of Query.LastHop, -1 if any will do
	far      float32 // risk ahead of the nodes that the survey did not see
	perRisk  float64 // what a unit of it costs at least, in this run
	avoid    map[uint32]struct{}
	skip     map[uint32]struct{}
	maxNL    float32
}

func (s *scratch) reset(size int) {
	if len(s.labels) < size {
		s.costs = append(s.costs, make([]cost, size-len(s.costs))...)
		s.labels = append(s.labels, make([]label, size-len(s.labels))...)
		s.extraAt = append(s.extraAt, make([]int32, size-len(s.extraAt))...)
		s.places = append(s.places, make([]place, size-len(s.places))...)
		s.passAt = append(s.passAt, make([]int32, size-len(s.passAt))...)
	}
}

// release readies the scratch for the next query.
func (s *scratch) release() {
	for _, e := range s.extras {
		s.extraAt[e.to] = 0
	}
	for _, n := range s.sights {
		s.places[n] = place{}
	}
	for _, p := range s.passes {
		s.passAt[p.from] = 0
	}
	s.looks = 0
	clear(s.extras)
	s.sights, s.passes = s.sights[:0], s.passes[:0]
	s.extras, s.foreign, s.queue = s.extras[:0], s.foreign[:0], s.queue[:0]
}

// run searches from the target back to the source and says if it got there.
func (s *search) run(m mode) bool {
	s.gen++
	if s.gen == 0 { // labels of 2^32 runs ago would look new
		clear(s.costs)
		s.gen = 1
	}
	s.queue = s.queue[:0]
	s.stops = stops{}
	s.perRisk = m.attempt + m.ppm*float64(s.q.Amount)
	if m.anyNL {
		s.perRisk = 0 // a risk beyond the limit is charged as the limit
	}
	s.costs[s.dst] = cost{gen: s.gen}
	s.labels[s.dst] = label{amt: uint64(s.q.Amount), cltv: s.q.FinalCLTVDelta}
	s.queue.push(0, s.dst)
	for len(s.queue) > 0 {
		top := s.queue.pop()
		c := &s.costs[top.node]
		if c.done {
			continue
		}
		c.done = true
		if top.node == s.start {
			return true
		}
		if s.tired() {
			return false
		}
		s.expand(&m, top.node, c.total)
	}
	return false
}

// tired says if the query has looked at as many channels as it may.
func (s *search) tired() bool { return s.looks >= s.g.limits.Looks }

// expand offers the way through v to every node that has a channel to v.
func (s *search) expand(m *mode, v uint32, total float64) {
	l := &s.labels[v]
	if int(l.hops) >= s.q.MaxHops && !m.anyHops || l.hops == math.MaxUint8 {
		s.stops[ReasonHopLimit]++
		return
	}
	if v < s.nodes && s.known {
		list := s.g.in[v]
		s.looks += len(list)
		for i := range list {
			e := &list[i]
			if e.chain == s.chain {
				s.relax(m, e, v, e.ch, total, l, false)
			}
		}
	}
	for i := s.extraAt[v]; i > 0; i = s.extras[i-1].next {
		x := &s.extras[i-1]
		s.looks++
		s.relax(m, &x.edge, v, isExtra|uint32(i-1), total, l, x.local)
	}
}

// relax offers e.from the way over e to v, whose own way costs total. What most
// channels fail comes first.
func (s *search) relax(m *mode, e *edge, v, via uint32, total float64, l *label, local bool) {
	u := e.from
	own := u == s.src
	if own {
		if !local && s.q.Local != nil || !s.first(via) || s.same(via, l.via, v) {
			return
		}
		u = s.start
	} else if u == s.dst {
		return
	}
	to := &s.costs[u]
	seen := to.gen == s.gen
	if seen && to.done {
		return
	}
	if !s.fits(m, e, l.amt, local) || s.barred(e, v, via) {
		return
	}
	amt, cltv := l.amt, l.cltv
	if !own {
		amt += fee(e.base, e.rate, l.amt)
		cltv += uint32(e.delta)
	}
	if !s.within(m, amt, cltv) {
		return
	}
	total += m.perFee*float64(amt-l.amt) + m.perHop + float64(cltv-l.cltv)*(m.perBlock+m.risk*float64(l.amt))
	if s.worse(to, seen, total) {
		return
	}
	nl := s.surprise(e, v, l.amt, local)
	if l.nl+nl > s.maxNL {
		s.stops[ReasonProbability]++
		if !m.anyNL {
			return
		}
		nl = min(nl, s.maxNL)
	}
	total += float64(nl) * (m.attempt + m.ppm*float64(l.amt))
	rest := s.rest(u)
	if s.worse(to, seen, total) || s.late(total+rest) || !own && s.deadEnd(u, via) {
		return
	}
	*to = cost{total: total, gen: s.gen}
	s.labels[u] = label{amt: amt, cltv: cltv, next: v, via: via, nl: l.nl + nl, hops: l.hops + 1}
	s.queue.push(total+rest, u)
}

// worse says if a way at that price, or more, is of no use.
func (s *search) worse(to *cost, seen bool, total float64) bool {
	return seen && total >= to.total || s.late(total)
}

// late says if a route at that price, or more, is known already.
func (s *search) late(total float64) bool {
	goal := &s.costs[s.start]
	return goal.gen == s.gen && total >= goal.total
}

// deadEnd says if a node's only channel is the one that we look at.
func (s *search) deadEnd(u, via uint32) bool {
	return via&isExtra == 0 && len(s.g.in[u]) < 2 && s.extraAt[u] == 0
}

// fits says if a channel takes the amount.
func (s *search) fits(m *mode, e *edge, amt uint64, local bool) bool {
	switch {
	case amt <= e.max && amt >= e.min || m.anyAmount:
		return true
	case amt < e.min:
		s.stops[ReasonMinimum]++
	case local:
		s.stops[ReasonLocalBalance]++
		return m.anyLocal
	default:
		s.stops[ReasonCapacity]++
	}
	return false
}

// within says if the limits of the whole route still hold.
func (s *search) within(m *mode, amt uint64, cltv uint32) bool {
	switch {
	case amt > uint64(MaxAmount) || amt-uint64(s.q.Amount) > uint64(s.q.MaxFee) && !m.anyFee:
		s.stops[ReasonFeeLimit]++
	case cltv > s.q.MaxCLTVDelta && !m.anyCLTV:
		s.stops[ReasonCLTVLimit]++
	default:
		return true
	}
	return false
}

// barred says if the query excludes this channel here.
func (s *search) barred(e *edge, v, via uint32) bool {
	if s.last >= 0 && v == s.dst && int64(e.from) != s.last {
		return true
	}
	return len(s.avoid)+len(s.skip) > 0 && s.ignored(e.from, via)
}

// surprise is -ln of the chance that e forwards amt to v.
func (s *search) surprise(e *edge, v uint32, amt uint64, local bool) float32 {
	var ratio float32
	p := 1.0
	if !local {
		ratio = float32(amt) * e.invCap
		p = prior(float64(ratio))
	}
	if s.hist != nil && s.hist.marked(s.nodes, e.from, v) {
		if q := s.hist.adjust(p, s.histID(e.from), s.histID(v), amt, s.now); q != p {
			return float32(-math.Log(q))
		}
	}
	if local {
		return 0
	}
	return surprise(ratio)
}

// first says if the source may begin with this channel.
func (s *search) first(via uint32) bool {
	if len(s.q.OutgoingChannels) == 0 {
		return true
	}
	id := s.chanID(via)
	for _, c := range s.q.OutgoingChannels {
		if c == id {
			return true
		}
	}
	return false
}

// same says if a ring would leave over the channel that it comes home by.
func (s *search) same(out, home, v uint32) bool {
	return s.src == s.dst && v != s.dst && s.labels[v].next == s.dst && s.chanID(out) == s.chanID(home)
}

func (s *search) ignored(from, via uint32) bool {
	if _, ok := s.avoid[from]; ok && from != s.src {
		return true
	}
	if via&isExtra != 0 {
		x := &s.extras[via&^isExtra]
		_, ok := s.q.IgnoreChannels[DirectedChan{x.id, s.key(x.from)}]
		return ok
	}
	_, ok := s.skip[via]
	return ok
}

func (s *search) chanID(via uint32) ChanID {
	if via&isExtra != 0 {
		return s.extras[via&^isExtra].id
	}
	c := &s.g.chans[via>>1]
	return ChanID{s.g.chains[c.chain], lnwire.NewShortChanIDFromInt(c.scid)}
}

func (s *search) capacity(via uint32) uint64 {
	if via&isExtra == 0 {
		return s.g.chans[via>>1].capacity
	}
	if at, ok := s.g.lookup(s.extras[via&^isExtra].id); ok {
		return s.g.chans[at].capacity
	}
	return 0
}

func (s *search) key(i uint32) Node {
	if i < s.nodes {
		return s.g.nodes[i].key
	}
	return s.foreign[i-s.nodes]
}
