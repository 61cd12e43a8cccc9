package router

import (
	"errors"
	"math"

	"github.com/lightningnetwork/lnd/lnwire"
)

// FindRoute returns the route for which fees, lock time and the risk of failure,
// weighed by Query.Weights, cost least. Every error matches ErrNoRoute and says
// what stopped the search.
//
// It is A* from the target back (ahead.go), since what a hop must carry depends on
// the fees after it. One way is kept per node, so with a tight limit the
// cheapest way overall may hide the one that fits; then it searches again for what
// the limit is about (fees, time, hops) alone.
func (g *Graph) FindRoute(query Query) (*Route, error) {
	q := query.withDefaults()
	if err := q.check(); err != nil {
		return nil, err
	}
	g.mu.RLock()
	defer g.mu.RUnlock()
	if q.History != nil {
		q.History.mu.RLock()
		defer q.History.mu.RUnlock()
	}
	sc := g.scratch.Get().(*scratch)
	s := &search{scratch: sc, g: g, q: &q, hist: q.History}
	defer func() {
		sc.release()
		g.scratch.Put(sc)
	}()
	if err := s.prepare(); err != nil {
		return nil, err
	}
	if s.src == s.dst && q.LastHop == nil {
		if r := s.ring(); r != nil {
			return r, nil
		}
		_, err := s.rescue(stops{})
		return nil, err
	}
	if s.run(q.Weights.mode()) {
		return s.route(), nil
	}
	return s.rescue(s.stops)
}

func (q *Query) check() error {
	w := q.Weights
	switch {
	case q.Amount == 0:
		return noRoute(ReasonInvalid, "the amount is zero")
	case q.Amount > MaxAmount/2:
		return noRoute(ReasonInvalid, "amount %d msat is over %d", uint64(q.Amount), uint64(MaxAmount/2))
	case q.Source == q.Target && len(q.Local) == 0:
		return noRoute(ReasonInvalid, "a route to ourselves needs our own channels")
	case !(w.RiskPerBillion >= 0 && w.AttemptCost >= 0 && w.AttemptPPM >= 0):
		return noRoute(ReasonInvalid, "weights must not be negative: %+v", *w)
	case q.FinalCLTVDelta > q.MaxCLTVDelta:
		return noRoute(ReasonCLTVLimit, "the target asks a final CLTV delta of %d, limit %d", q.FinalCLTVDelta, q.MaxCLTVDelta)
	case q.Height > math.MaxUint32-q.MaxCLTVDelta:
		return noRoute(ReasonInvalid, "height %d plus %d is no expiry", q.Height, q.MaxCLTVDelta)
	}
	return nil
}

// prepare numbers what the query names.
func (s *search) prepare() error {
	q := s.q
	s.nodes = uint32(len(s.g.nodes))
	s.now = q.Now.Unix()
	s.maxNL = float32(-math.Log(q.MinProbability)) + 1e-6
	s.chain, s.known = s.g.chainNo[q.Chain]
	size := int(s.nodes) + len(q.Local) + 2*len(q.Hints) + 4
	s.reset(size)
	s.src, s.dst, s.last = s.index(q.Source), s.index(q.Target), -1
	if q.LastHop != nil {
		s.last = int64(s.index(*q.LastHop))
	}
	var most lnwire.MilliSatoshi
	for i := range q.Local {
		c := &q.Local[i]
		if c.Channel.Chain == q.Chain && c.Peer != q.Source {
			most = max(most, c.Spendable)
			s.addExtra(extra{edge: edge{from: s.src, min: uint64(c.HTLCMin), max: uint64(c.Spendable)},
				to: s.index(c.Peer), id: c.Channel, local: true})
		}
	}
	if q.Local != nil && most < q.Amount {
		return noRoute(ReasonLocalBalance, "insufficient local balance: no own channel can send %d msat, the best can send %d msat",
			uint64(q.Amount), uint64(most))
	}
	for i := range q.Hints {
		h := &q.Hints[i]
		p := &h.Policy
		e := edge{base: p.FeeBase, rate: p.FeeRate, delta: p.CLTVDelta, min: uint64(p.HTLCMin), max: uint64(p.HTLCMax)}
		if e.max == 0 {
			e.max = uint64(MaxAmount)
		}
		if h.Channel.Chain == q.Chain && h.From != h.To && !p.Disabled && h.From != q.Source {
			e.from = s.index(h.From)
			s.addExtra(extra{edge: e, to: s.index(h.To), id: h.Channel})
		}
	}
	s.foreign = append(s.foreign, q.Source)
	s.start = s.nodes + uint32(len(s.foreign)) - 1
	s.survey()
	s.avoid, s.skip = nil, nil
	for n := range q.IgnoreNodes {
		if s.avoid == nil {
			s.avoid = make(map[uint32]struct{}, len(q.IgnoreNodes))
		}
		s.avoid[s.find(n)] = struct{}{}
	}
	for c := range q.IgnoreChannels {
		if s.skip == nil {
			s.skip = make(map[uint32]struct{}, len(q.IgnoreChannels))
		}
		if at, ok := s.g.lookup(c.Channel); ok {
			d := uint32(0)
			if s.g.nodes[s.g.chans[at].nodes[1]].key == c.From {
				d = 1
			}
			s.skip[at<<1|d] = struct{}{}
		} else {
			s.skip[math.MaxUint32] = struct{}{} // may be a hint: compared by name
		}
	}
	if s.extraAt[s.dst] == 0 && (s.dst >= s.nodes || !s.hasChannels(s.dst)) {
		return noRoute(ReasonUnknownTarget, "unknown target: %v has no channel in this asset that we know of", q.Target)
	}
	return nil
}

func (s *search) hasChannels(n uint32) bool {
	if s.known {
		for i := range s.g.in[n] {
			if s.g.in[n][i].chain == s.chain {
				return true
			}
		}
	}
	return false
}

// find returns a node's number, MaxUint32 if it has none.
func (s *search) find(n Node) uint32 {
	if i, ok := s.g.nodeNo[n]; ok {
		return i
	}
	for i, f := range s.foreign {
		if f == n {
			return s.nodes + uint32(i)
		}
	}
	return math.MaxUint32
}

// index returns a node's number, a temporary one if the graph does not know it.
func (s *search) index(n Node) uint32 {
	if i := s.find(n); i != math.MaxUint32 {
		return i
	}
	s.foreign = append(s.foreign, n)
	return s.nodes + uint32(len(s.foreign)) - 1
}

func (s *search) addExtra(x extra) {
	x.next = s.extraAt[x.to]
	s.extras = append(s.extras, x)
	s.extraAt[x.to] = int32(len(s.extras))
}

// maxRings bounds the searches for one ring.
const maxRings = 32

// ring finds the best way from the source back to itself. One way per node is not
// enough for that: a peer's best way home is its channel with us, over which the
// ring can't begin as well. So it searches once for each peer as the last hop.
func (s *search) ring() *Route {
	defer func(last int64) { s.last = last }(s.last)
	var best *Route
	least, tried := math.Inf(1), map[uint32]struct{}{}
	for _, x := range s.extras {
		if _, again := tried[x.to]; again || !x.local || len(tried) >= maxRings {
			continue
		}
		tried[x.to] = struct{}{}
		s.last = int64(x.to)
		if (s.run(s.q.Weights.mode()) || s.narrow(s.stops)) && s.costs[s.start].total < least {
			best, least = s.route(), s.costs[s.start].total
		}
	}
	return best
}

// narrow searches again for what a limit is about, where a limit was met. The way
// with the least fees also needs the least capacity.
func (s *search) narrow(met stops) bool {
	return met[ReasonFeeLimit]+met[ReasonCapacity]+met[ReasonLocalBalance] > 0 && s.run(mode{perFee: 1}) ||
		met[ReasonCLTVLimit] > 0 && s.run(mode{perBlock: 1}) ||
		met[ReasonHopLimit] > 0 && s.run(mode{perHop: 1}) ||
		met[ReasonProbability] > 0 && s.run(mode{attempt: 1})
}

// rescue finds a way that the limits, which the first run met, hid from it, or says why there is none.
func (s *search) rescue(met stops) (*Route, error) {
	free := mode{perFee: 1, anyFee: true, anyCLTV: true, anyHops: true, anyNL: true}
	possible := s.run(free)
	why := s.stops
	// Where not even the least amounts fit, none do; unless some channel wants more.
	if (possible || why[ReasonMinimum] > 0) && s.narrow(met) {
		return s.route(), nil
	}
	var err error
	if possible {
		err = s.dropLimits()
	} else {
		err = s.explainAmount(free, why)
	}
	if s.tired() { // what was found is no reason
		err = noRoute(ReasonEffort, "gave up after looking at %d channels, limit %d", s.looks, s.g.limits.Looks)
	}
	return nil, err
}

// dropLimits drops one limit after the other until there is a route.
func (s *search) dropLimits() error {
	q := s.q
	goal := &s.labels[s.start]
	switch {
	case s.run(mode{perFee: 1, anyFee: true}) && goal.amt-uint64(q.Amount) > uint64(q.MaxFee):
		return noRoute(ReasonFeeLimit, "fee limit: the cheapest route costs %d msat, limit %d msat",
			goal.amt-uint64(q.Amount), uint64(q.MaxFee))
	case s.run(mode{perBlock: 1, anyCLTV: true}):
		return noRoute(ReasonCLTVLimit, "CLTV limit: the shortest route locks for %d, limit %d", goal.cltv, q.MaxCLTVDelta)
	case s.run(mode{perHop: 1, anyHops: true}):
		return noRoute(ReasonHopLimit, "hop limit: the shortest route has %d hops, limit %d", goal.hops, q.MaxHops)
	case s.run(mode{attempt: 1, anyNL: true}):
		return noRoute(ReasonProbability, "every route failed lately; the best has a chance under %.1f %%", 100*q.MinProbability)
	}
	return noRoute(ReasonUnreachable, "no route keeps the limits on fee (%d msat), CLTV delta (%d), hops (%d) and risk together",
		uint64(q.MaxFee), q.MaxCLTVDelta, q.MaxHops)
}

// explainAmount is for when no limit of the query is to blame.
func (s *search) explainAmount(m mode, why stops) error {
	small := why[ReasonMinimum] > why[ReasonCapacity]
	m.anyLocal = true
	if why[ReasonLocalBalance] > 0 && s.run(m) {
		return noRoute(ReasonLocalBalance, "insufficient local balance: the cheapest route takes %d msat out of one channel",
			s.labels[s.start].amt)
	}
	m.anyAmount = true
	switch {
	case !s.run(m):
		return noRoute(ReasonUnreachable, "no path of channels leads to %v", s.q.Target)
	case small:
		return noRoute(ReasonMinimum, "%d msat is below the minimum of the channels on the way", uint64(s.q.Amount))
	}
	return noRoute(ReasonCapacity, "insufficient capacity: no path of enabled channels can carry %d msat", uint64(s.q.Amount))
}

// route reads the labels from the source on.
func (s *search) route() *Route {
	q, at := s.q, &s.labels[s.start]
	r := &Route{Source: q.Source, Chain: q.Chain, Amount: lnwire.MilliSatoshi(at.amt), CLTV: q.Height + at.cltv,
		Fees:        lnwire.MilliSatoshi(at.amt) - q.Amount,
		Probability: math.Exp(-float64(at.nl)), Hops: make([]Hop, 0, at.hops)}
	for at.hops > 0 {
		via, n := at.via, at.next
		at = &s.labels[n]
		h := Hop{Node: s.key(n), Channel: s.chanID(via), Received: lnwire.MilliSatoshi(at.amt),
			Forward: q.Amount, OutgoingCLTV: q.Height + q.FinalCLTVDelta, Capacity: lnwire.MilliSatoshi(s.capacity(via))}
		if at.hops > 0 {
			after := &s.labels[at.next]
			h.Forward, h.OutgoingCLTV = lnwire.MilliSatoshi(after.amt), q.Height+after.cltv
		}
		h.Fee = h.Received - h.Forward
		r.Hops = append(r.Hops, h)
	}
	return r
}

// ReasonOf returns why a search failed; ReasonInvalid for another error.
func ReasonOf(err error) Reason {
	var n *NoRouteError
	if errors.As(err, &n) {
		return n.Reason
	}
	return ReasonInvalid
}
