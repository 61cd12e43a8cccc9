package router

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// searched is what one run of a query gives.
type searched struct {
	found   bool
	cost    float64
	goal    label
	settled int
}

// once runs a query, with the estimates of what is ahead or, as Dijkstra did, without.
func once(g *Graph, q Query, estimates bool) (r searched) {
	q = q.withDefaults()
	s := &search{scratch: new(scratch), g: g, q: &q, hist: q.History}
	if s.prepare() != nil {
		return r
	}
	if !estimates {
		clear(s.places)
		s.far = 0
	}
	r.found = s.run(q.Weights.mode())
	if r.found {
		r.cost, r.goal = s.costs[s.start].total, s.labels[s.start]
	}
	for _, c := range s.costs {
		if c.gen == s.gen && c.done {
			r.settled++
		}
	}
	return r
}

// anyHistory has learnt from attempts that ended anyhow, at any time of the last hours, and was told
// of more.
func anyHistory(rng *rand.Rand, g *Graph, attempts int) *History {
	h := NewHistory(g, 0)
	for range attempts {
		q := randomQuery(rng, g)
		q.History = h
		q.Now = testNow.Add(-time.Duration(rng.IntN(300)) * time.Minute)
		if r, err := g.FindRoute(q); err == nil {
			h.Report(Attempt{Route: r, Settled: rng.IntN(3) > 0, FailedAt: rng.IntN(len(r.Hops) + 1),
				Code: lnwire.CodeTemporaryChannelFailure, Now: q.Now})
		}
	}
	for range attempts / 4 {
		c := &g.chans[rng.IntN(len(g.chans))]
		d := rng.IntN(2)
		h.Import([]Pair{{From: g.nodes[c.nodes[d]].key, To: g.nodes[c.nodes[1-d]].key,
			Passed: lnwire.MilliSatoshi(rng.Uint64N(c.capacity)), PassedAt: testNow}}, false, testNow)
	}
	return h
}

// anyQuery has own channels, hints and limits, or not.
func anyQuery(rng *rand.Rand, g *Graph, h *History) Query {
	q := randomQuery(rng, g)
	q.Amount = lnwire.MilliSatoshi(1 + rng.Uint64N(1<<(4+rng.IntN(24))))
	q.History = h
	nodes := len(g.nodes)
	if rng.IntN(2) == 0 {
		for i := range 1 + rng.IntN(4) {
			q.Local = append(q.Local, local(5000+i, rng.IntN(nodes), q.Amount+lnwire.MilliSatoshi(rng.IntN(1<<20))))
		}
	}
	if rng.IntN(3) == 0 {
		stranger := Node{3, byte(rng.IntN(3))}
		p := Policy{FeeBase: uint32(rng.IntN(2000)), CLTVDelta: uint16(rng.IntN(100))}
		q.Hints = append(q.Hints, Hint{cid(6000), g.nodes[rng.IntN(nodes)].key, stranger, p},
			Hint{cid(6001), stranger, q.Target, p})
	}
	if rng.IntN(3) == 0 {
		q.MaxFee = lnwire.MilliSatoshi(rng.Uint64N(uint64(q.Amount)/10 + 10_000))
	}
	if rng.IntN(4) == 0 {
		q.MaxHops = 2 + rng.IntN(6)
	}
	if rng.IntN(4) == 0 {
		q.MaxCLTVDelta = uint32(100 + rng.IntN(600))
	}
	if rng.IntN(4) == 0 {
		q.Weights = &Weights{RiskPerBillion: float64(rng.IntN(100)), AttemptCost: float64(rng.IntN(1_000_000)), AttemptPPM: float64(rng.IntN(5000))}
	}
	return q
}

func TestEstimatesNeverChangeTheRoute(t *testing.T) {
	rng := seeded(t)
	var found, settled, blind int
	for round := range 150 {
		nodes := 5 + rng.IntN(400)
		g := randomGraph(rng, nodes, nodes*(1+rng.IntN(4)))
		if len(g.nodes) < 5 {
			continue
		}
		h := anyHistory(rng, g, rng.IntN(200))
		for i := range 20 {
			q := anyQuery(rng, g, h)
			if q.Source == q.Target {
				continue
			}
			got, want := once(g, q, true), once(g, q, false)
			name := fmt.Sprintf("round %d query %d", round, i)
			require.Equal(t, want.found, got.found, name)
			require.InEpsilon(t, 1+want.cost, 1+got.cost, 1e-9, name)
			require.Equal(t, want.goal.amt, got.goal.amt, name)
			require.Equal(t, want.goal.cltv, got.goal.cltv, name)
			if want.found {
				found++
				settled += got.settled
				blind += want.settled
			}
		}
	}
	require.Greater(t, found, 300)
	require.Less(t, settled, blind*3/4, "estimates spare work")
	t.Logf("%d routes, %d nodes settled, %d without estimates", found, settled, blind)
}
