package router

import (
	"math"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// looked runs a query and returns how many channels it looked at and how long its queue was at most,
// rounded up by its growth.
func looked(t *testing.T, g *Graph, q Query) (route *Route, looks, queue int, err error) {
	t.Helper()
	full := q.withDefaults()
	s := &search{scratch: new(scratch), g: g, q: &full, hist: q.History}
	require.NoError(t, s.prepare())
	if s.run(full.Weights.mode()) {
		route = s.route()
	} else {
		route, err = s.rescue(s.stops)
	}
	looks, queue = s.looks, cap(s.queue)
	same, sameErr := g.FindRoute(q)
	require.Equal(t, route, same)
	require.Equal(t, err == nil, sameErr == nil)
	return route, looks, queue, err
}

// free is a policy that costs nothing.
var free = Policy{}

func TestStarOfFiftyThousandChannels(t *testing.T) {
	const leaves = 50_000
	links := make([]link, leaves)
	for i := range links {
		links[i] = link{id: i + 1, a: 0, b: i + 1, p: Policy{FeeBase: 10}}
	}
	g := graphOf(t, links...)
	r, looks, queue, err := looked(t, g, ask(1, leaves, 1000))
	require.NoError(t, err)
	require.Equal(t, []int{1, leaves}, path(r))
	require.LessOrEqual(t, looks, leaves+2)
	require.Less(t, queue, 100, "a leaf leads nowhere, so it is not queued")
}

func TestThousandsOfParallelChannels(t *testing.T) {
	const parallel = 5000
	var links []link
	for i := range parallel {
		links = append(links, link{id: 1 + i, a: 0, b: 1}, link{id: 10_001 + i, a: 1, b: 2, p: Policy{FeeBase: uint32(parallel - i)}})
	}
	g := graphOf(t, links...)
	r, looks, queue, err := looked(t, g, ask(0, 2, 1000))
	require.NoError(t, err)
	require.Equal(t, lnwire.MilliSatoshi(1), r.Fees, "the cheapest of all")
	require.LessOrEqual(t, looks, 3*parallel)
	require.LessOrEqual(t, queue, 4*parallel)
}

func TestLineThatIsTooLong(t *testing.T) {
	const length = 3000
	var links []link
	for i := range length {
		links = append(links, link{id: i + 1, a: i, b: i + 1, p: free})
	}
	g := graphOf(t, links...)
	q := ask(0, MaxHops, 1000)
	q.MinProbability = 1e-9
	r, _, _, err := looked(t, g, q)
	require.NoError(t, err)
	require.Len(t, r.Hops, MaxHops)

	q.Target = nodeNo(MaxHops + 1)
	_, looks, _, err := looked(t, g, q)
	require.Equal(t, ReasonHopLimit, ReasonOf(err))
	require.Less(t, looks, 20*2*length)

	q.Target = nodeNo(length)
	_, _, _, err = looked(t, g, q)
	require.ErrorIs(t, err, ErrNoRoute)
}

func TestDenseClique(t *testing.T) {
	const nodes = 300
	var links []link
	for a := range nodes {
		for b := range a {
			links = append(links, link{id: len(links) + 1, a: a, b: b, p: Policy{FeeBase: uint32(1 + (a*b)%997), FeeRate: uint32(a + b)}})
		}
	}
	g := graphOf(t, links...)
	for _, direct := range []bool{true, false} {
		q := ask(0, nodes-1, 1000)
		if !direct { // only through another
			q.Local = []LocalChannel{local(70_000, 1, 50_000)}
		}
		r, looks, queue, err := looked(t, g, q)
		require.NoError(t, err)
		require.LessOrEqual(t, looks, 2*len(links))
		require.LessOrEqual(t, queue, 4*len(links))
		require.Equal(t, !direct, len(r.Hops) > 1)
	}
}

func TestLoopsThatCostNothingEnd(t *testing.T) {
	const nodes = 50
	var links []link
	for i := range nodes { // rings of every width, all free, and nothing weighs anything
		for _, step := range []int{1, 2, 7} {
			links = append(links, link{id: len(links) + 1, a: i, b: (i + step) % nodes, p: free})
		}
	}
	g := graphOf(t, links...)
	q := ask(0, nodes/2, 1000)
	q.Weights = &Weights{}
	r, looks, _, err := looked(t, g, q)
	require.NoError(t, err)
	checkRoute(t, g, q.withDefaults(), r)
	require.LessOrEqual(t, looks, 2*len(links))
}

func TestFeesBeyondAllMoneyAreNoRoute(t *testing.T) {
	dear := Policy{FeeBase: math.MaxUint32, FeeRate: math.MaxUint32}
	var links []link
	for i := range 10 {
		links = append(links, link{id: i + 1, a: i, b: i + 1, capacity: MaxAmount, p: dear})
	}
	g := graphOf(t, links...)
	for _, amount := range []lnwire.MilliSatoshi{1, 1000, 1 << 32, 1 << 50, MaxAmount / 2} {
		q := ask(0, 10, amount)
		q.MinProbability = 1e-9
		_, _, _, err := looked(t, g, q)
		require.ErrorIs(t, err, ErrNoRoute, "%d: each hop asks 4,294 times the amount", uint64(amount))
	}
	q := ask(8, 10, 1000) // one dear hop can be paid
	r, err := g.FindRoute(q)
	require.NoError(t, err)
	require.Equal(t, dear.Fee(1000), r.Fees)
	q.MaxFee = r.Fees - 1
	_, err = g.FindRoute(q)
	require.Equal(t, ReasonFeeLimit, ReasonOf(err))
}

func TestExpiriesBeyondTheLimitAreNoRoute(t *testing.T) {
	slow := Policy{CLTVDelta: math.MaxUint16}
	var links []link
	for i := range MaxHops {
		links = append(links, link{id: i + 1, a: i, b: i + 1, p: slow})
	}
	g := graphOf(t, links...)
	q := ask(0, MaxHops, 1000)
	q.MinProbability, q.MaxCLTVDelta = 1e-9, 1<<31
	r, _, _, err := looked(t, g, q)
	require.NoError(t, err)
	require.Equal(t, q.Height+q.FinalCLTVDelta+(MaxHops-1)*math.MaxUint16, r.CLTV, "the source's own channel adds nothing")
	q.MaxCLTVDelta = 2016
	_, _, _, err = looked(t, g, q)
	require.Equal(t, ReasonCLTVLimit, ReasonOf(err))
}

func TestQueryGivesUpAfterItsLooks(t *testing.T) {
	const looks = 500
	g := NewGraphLimited(Limits{Nodes: 1000, Channels: 10_000, Chains: 1, Looks: looks})
	for a := range 60 {
		for b := range a {
			id := cid(uint64(100*a + b + 1))
			require.NoError(t, g.AddPrivate(id, nodeNo(a), nodeNo(b), 1_000_000))
			for _, n := range []int{a, b} {
				require.NoError(t, g.SetPolicy(id, nodeNo(n), Policy{HTLCMax: 1_000_000, FeeBase: 1}))
			}
		}
	}
	r, err := g.FindRoute(ask(0, 5, 1000))
	require.NoError(t, err)
	require.Len(t, r.Hops, 1)

	q := ask(0, 5, 1000)
	q.Local = []LocalChannel{local(70_000, 900, 50_000)} // leads nowhere
	_, got, _, err := looked(t, g, q)
	require.Equal(t, ReasonEffort, ReasonOf(err))
	require.ErrorContains(t, err, "gave up after looking at")
	require.Less(t, got, looks+100, "the node under way is looked at to its end")
	q.Local = []LocalChannel{local(70_001, 59, 50_000)}
	_, err = g.FindRoute(q)
	require.NoError(t, err, "the next query has its own")
}
