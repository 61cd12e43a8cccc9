package router

import "math"

// A search knows what each way costs from a node to the target. What is still ahead, from the
// source to that node, costs at least the risk of its hops if each were as sure as it can be. Ways
// are taken up in the order of both together (A*), so a search looks at the ways that can
// compete, not at everything that is nearer to the target than the source is.
//
// That is right as long as no node's estimate exceeds what a hop to it costs plus the estimate of
// the node before it: TestEstimatesNeverChangeTheRoute.

// The least risk of a hop, as -ln of its chance: of one that the history knows nothing good of, and
// of one over which such an amount has passed. The slack is for costs rounded to 32 bits.
var (
	freshHop  = float32(-math.Log(priorSmall)) * (1 - 1e-6)
	passedHop = float32(-math.Log(afterSuccess)) * (1 - 1e-6)
)

// surveyed is how many channels of peers a survey looks at; with more it looks at none of them.
const surveyed = 1 << 15

// place is what a survey found of a node.
type place struct {
	ahead float32 // least risk from the source to it, if seen
	peer  bool    // has a channel from the source
	seen  bool
}

// pass is a pair of nodes over which the query's amount has passed, as far as is known: a hint is
// taken for one too.
type pass struct {
	from, to uint32
	next     int32 // in the list of from, plus one
}

// survey estimates what is ahead of each node: exactly that for the nodes nearest to the source, which
// it marks, and s.far for all others.
func (s *search) survey() {
	s.listPasses()
	s.listPeers()
	if s.far = 0; len(s.sights) == 0 {
		return // there is no route
	}
	least, second, looks := float32(math.Inf(1)), freshHop, 0
	s.queue = s.queue[:0]
	for _, p := range s.sights {
		s.queue.push(float64(s.places[p].ahead), p)
		least = min(least, s.places[p].ahead)
		if p < s.nodes {
			looks += len(s.g.in[p])
		}
		if s.passAt[p] > 0 {
			second = passedHop
		}
	}
	s.far = least + freshHop
	all := looks <= surveyed
	if all {
		s.far += second
	}
	for len(s.queue) > 0 {
		if top := s.queue.pop(); float32(top.cost) <= s.places[top.node].ahead {
			s.surveyFrom(top.node, all)
		}
	}
}

// surveyFrom goes on from a node whose estimate is final.
func (s *search) surveyFrom(n uint32, all bool) {
	at := s.places[n]
	if all && at.peer && n < s.nodes {
		list := s.g.in[n]
		for i := range list {
			s.approach(list[i].from, at.ahead+freshHop)
		}
	}
	for i := s.passAt[n]; i > 0; i = s.passes[i-1].next {
		s.approach(s.passes[i-1].to, at.ahead+passedHop)
	}
}

// listPeers sights the nodes that the source has a channel with. The balance of its own channels
// is known: they are no risk.
func (s *search) listPeers() {
	if s.q.Local == nil && s.src < s.nodes {
		list := s.g.in[s.src]
		for i := range list {
			s.sight(list[i].from, freshHop).peer = true
		}
		for i := s.passAt[s.src]; i > 0; i = s.passes[i-1].next {
			s.sight(s.passes[i-1].to, passedHop).peer = true
		}
	}
	for i := range s.extras {
		if x := &s.extras[i]; x.local {
			s.sight(x.to, 0).peer = true
		}
	}
}

// listPasses finds what may be better than a prior.
func (s *search) listPasses() {
	for i := range s.extras {
		if x := &s.extras[i]; !x.local {
			s.addPass(x.from, x.to)
		}
	}
	if s.hist == nil {
		return
	}
	for i := range s.hist.entries {
		m := &s.hist.entries[i]
		from, to := uint32(m.key>>32), uint32(m.key)
		if m.passedAt != 0 && m.passed >= uint64(s.q.Amount) && from < s.nodes && to < s.nodes {
			s.addPass(from, to)
		}
	}
}

func (s *search) addPass(from, to uint32) {
	s.passes = append(s.passes, pass{from, to, s.passAt[from]})
	s.passAt[from] = int32(len(s.passes))
}

// sight marks a node, or takes a lower estimate for it.
func (s *search) sight(n uint32, ahead float32) *place {
	p := &s.places[n]
	if !p.seen {
		*p = place{ahead: ahead, seen: true}
		s.sights = append(s.sights, n)
	}
	p.ahead = min(p.ahead, ahead)
	return p
}

// approach goes on from a node of that estimate if anything may lead on.
func (s *search) approach(n uint32, ahead float32) {
	if p := &s.places[n]; ahead >= s.far || p.seen && ahead >= p.ahead {
		return
	}
	if p := s.sight(n, ahead); p.peer || s.passAt[n] > 0 {
		s.queue.push(float64(ahead), n)
	}
}

// rest is the least cost of what is ahead of a node.
func (s *search) rest(n uint32) float64 {
	if n == s.start {
		return 0
	}
	ahead := s.far
	if p := &s.places[n]; p.seen {
		ahead = min(ahead, p.ahead)
	}
	return float64(ahead) * s.perRisk
}
