package router

import (
	"errors"
	"math"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// link is a channel of a test graph, both directions with the same policy.
type link struct {
	id, a, b int
	capacity lnwire.MilliSatoshi
	p        Policy
}

// graphOf builds a graph of nodes named by number; HTLCMax is the capacity.
func graphOf(t testing.TB, links ...link) *Graph {
	g := NewGraph()
	for _, l := range links {
		if l.capacity == 0 {
			l.capacity = 1_000_000
		}
		if l.p.HTLCMax == 0 {
			l.p.HTLCMax = l.capacity
		}
		require.NoError(t, g.AddPrivate(cid(uint64(l.id)), nodeNo(l.a), nodeNo(l.b), l.capacity))
		for _, n := range []int{l.a, l.b} {
			require.NoError(t, g.SetPolicy(cid(uint64(l.id)), nodeNo(n), l.p))
		}
	}
	return g
}

func ask(from, to int, amount lnwire.MilliSatoshi) Query {
	return Query{Source: nodeNo(from), Target: nodeNo(to), Chain: testChain, Amount: amount, MaxFee: NoFeeLimit,
		Height: 1000, FinalCLTVDelta: 20, Now: testNow}
}

// path is a route's channels by number.
func path(r *Route) (ids []int) {
	if r == nil {
		return nil
	}
	for _, h := range r.Hops {
		ids = append(ids, int(h.Channel.SCID.BlockHeight))
	}
	return ids
}

func local(id, peer int, spendable lnwire.MilliSatoshi) LocalChannel {
	return LocalChannel{Channel: cid(uint64(id)), Peer: nodeNo(peer), Spendable: spendable}
}

// square is 0-1-3 over channels 1, 2 (cheap) and 0-2-3 over 3, 4 (dear).
func square(t testing.TB) *Graph {
	return graphOf(t, link{id: 1, a: 0, b: 1}, link{id: 2, a: 1, b: 3, p: Policy{FeeBase: 10, CLTVDelta: 40}},
		link{id: 3, a: 0, b: 2}, link{id: 4, a: 2, b: 3, p: Policy{FeeBase: 500, CLTVDelta: 10}})
}

func TestFeesAndExpiriesAccumulateBackwards(t *testing.T) {
	g := graphOf(t, link{id: 1, a: 0, b: 1, p: Policy{FeeBase: 7, CLTVDelta: 7}},
		link{id: 2, a: 1, b: 2, p: Policy{FeeBase: 100, FeeRate: 10_000, CLTVDelta: 40}},
		link{id: 3, a: 2, b: 3, p: Policy{FeeBase: 1, FeeRate: 1, CLTVDelta: 30}})
	r, err := g.FindRoute(ask(0, 3, 100_000))
	require.NoError(t, err)
	require.Equal(t, &Route{Source: nodeNo(0), Chain: testChain, Amount: 101_101, CLTV: 1090, Fees: 1101, Probability: r.Probability, Hops: []Hop{
		{Node: nodeNo(1), Channel: cid(1), Received: 101_101, Forward: 100_001, OutgoingCLTV: 1050, Fee: 1100, Capacity: 1_000_000},
		{Node: nodeNo(2), Channel: cid(2), Received: 100_001, Forward: 100_000, OutgoingCLTV: 1020, Fee: 1, Capacity: 1_000_000},
		{Node: nodeNo(3), Channel: cid(3), Received: 100_000, Forward: 100_000, OutgoingCLTV: 1020, Capacity: 1_000_000},
	}}, r)
	require.InDelta(t, math.Pow(prior(0.1), 3), r.Probability, 0.01)
	next, ok := r.Next(0)
	require.True(t, ok)
	require.Equal(t, cid(2), next)
	_, ok = r.Next(2)
	require.False(t, ok)
}

func TestQueryRestrictions(t *testing.T) {
	three := nodeNo(2)
	for name, c := range map[string]struct {
		edit func(*Query)
		want []int // nil: no route
		why  Reason
	}{
		"cheapest by default":               {want: []int{1, 2}},
		"ignored node":                      {edit: func(q *Query) { q.IgnoreNodes = map[Node]struct{}{nodeNo(1): {}} }, want: []int{3, 4}},
		"ignored channel":                   {edit: func(q *Query) { q.IgnoreChannels = map[DirectedChan]struct{}{{cid(2), nodeNo(1)}: {}} }, want: []int{3, 4}},
		"ignored in the other direction":    {edit: func(q *Query) { q.IgnoreChannels = map[DirectedChan]struct{}{{cid(2), nodeNo(3)}: {}} }, want: []int{1, 2}},
		"ignored own channel":               {edit: func(q *Query) { q.IgnoreChannels = map[DirectedChan]struct{}{{cid(1), nodeNo(0)}: {}} }, want: []int{3, 4}},
		"ignoring ourselves is no matter":   {edit: func(q *Query) { q.IgnoreNodes = map[Node]struct{}{nodeNo(0): {}} }, want: []int{1, 2}},
		"outgoing channel":                  {edit: func(q *Query) { q.OutgoingChannels = []ChanID{cid(3)} }, want: []int{3, 4}},
		"last hop":                          {edit: func(q *Query) { q.LastHop = &three }, want: []int{3, 4}},
		"last hop nobody knows":             {edit: func(q *Query) { q.LastHop = &Node{9} }, why: ReasonUnreachable},
		"local balance decides":             {edit: func(q *Query) { q.Local = []LocalChannel{local(1, 1, 5), local(3, 2, 5000)} }, want: []int{3, 4}},
		"only local channels leave us":      {edit: func(q *Query) { q.Local = []LocalChannel{local(3, 2, 5000)} }, want: []int{3, 4}},
		"a channel the graph does not know": {edit: func(q *Query) { q.Local = []LocalChannel{local(77, 1, 5000)} }, want: []int{77, 2}},
		"no local balance":                  {edit: func(q *Query) { q.Local = []LocalChannel{local(1, 1, 999)} }, why: ReasonLocalBalance},
		"no local channel":                  {edit: func(q *Query) { q.Local = []LocalChannel{} }, why: ReasonLocalBalance},
		"local balance without the fee":     {edit: func(q *Query) { q.Local = []LocalChannel{local(1, 1, 1009)} }, why: ReasonLocalBalance},
		"peer's minimum":                    {edit: func(q *Query) { q.Local = []LocalChannel{{cid(1), nodeNo(1), 5000, 2000}} }, why: ReasonMinimum},
		"fee limit kept":                    {edit: func(q *Query) { q.MaxFee = 10 }, want: []int{1, 2}},
		"fee limit":                         {edit: func(q *Query) { q.MaxFee = 9 }, why: ReasonFeeLimit},
		"CLTV limit chooses":                {edit: func(q *Query) { q.MaxCLTVDelta = 30 }, want: []int{3, 4}},
		"CLTV limit":                        {edit: func(q *Query) { q.MaxCLTVDelta = 29 }, why: ReasonCLTVLimit},
		"both limits":                       {edit: func(q *Query) { q.MaxCLTVDelta, q.MaxFee = 30, 499 }, why: ReasonFeeLimit},
		"hop limit":                         {edit: func(q *Query) { q.MaxHops = 1 }, why: ReasonHopLimit},
		"probability limit":                 {edit: func(q *Query) { q.MinProbability = 0.99 }, why: ReasonProbability},
		"unknown target":                    {edit: func(q *Query) { q.Target = Node{9} }, why: ReasonUnknownTarget},
		"another asset":                     {edit: func(q *Query) { q.Chain = chainhash.Hash{9} }, why: ReasonUnknownTarget},
		"amount too large":                  {edit: func(q *Query) { q.Amount = 1_000_001 }, why: ReasonCapacity},
		"amount beyond reason":              {edit: func(q *Query) { q.Amount = math.MaxUint64 }, why: ReasonInvalid},
		"no amount":                         {edit: func(q *Query) { q.Amount = 0 }, why: ReasonInvalid},
		"to ourselves without channels":     {edit: func(q *Query) { q.Target = q.Source }, why: ReasonInvalid},
		"final CLTV over the limit":         {edit: func(q *Query) { q.FinalCLTVDelta = 5000 }, why: ReasonCLTVLimit},
		"height near the end":               {edit: func(q *Query) { q.Height = math.MaxUint32 - 5 }, why: ReasonInvalid},
		"negative weights":                  {edit: func(q *Query) { q.Weights = &Weights{AttemptPPM: -1} }, why: ReasonInvalid},
		"weights that are not a number":     {edit: func(q *Query) { q.Weights = &Weights{RiskPerBillion: math.NaN()} }, why: ReasonInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			g, q := square(t), ask(0, 3, 1000)
			if c.edit != nil {
				c.edit(&q)
			}
			for range 2 { // the second uses the scratch of the first
				r, err := g.FindRoute(q)
				require.Equal(t, c.want, path(r), "%v", err)
				if c.want == nil {
					require.ErrorIs(t, err, ErrNoRoute)
					require.Equal(t, c.why, ReasonOf(err), "%v", err)
				}
			}
		})
	}
}

func TestMinimumOfAChannelStopsSmallAmounts(t *testing.T) {
	g := graphOf(t, link{id: 1, a: 0, b: 1}, link{id: 2, a: 1, b: 2, p: Policy{HTLCMin: 1000}})
	_, err := g.FindRoute(ask(0, 2, 999))
	require.Equal(t, ReasonMinimum, ReasonOf(err))
	_, err = g.FindRoute(ask(0, 2, 1000))
	require.NoError(t, err)
}

func TestDisconnectedTargetIsUnreachable(t *testing.T) {
	g := graphOf(t, link{id: 1, a: 0, b: 1}, link{id: 2, a: 2, b: 3})
	_, err := g.FindRoute(ask(0, 3, 1000))
	require.Equal(t, ReasonUnreachable, ReasonOf(err))
	require.Contains(t, err.Error(), "no path")
}

func TestRouteHintsReachAnUnannouncedPayee(t *testing.T) {
	g := square(t)
	payee, middle := Node{3, 1}, Node{3, 2}
	q := ask(0, 0, 1000)
	q.Target = payee
	_, err := g.FindRoute(q)
	require.Equal(t, ReasonUnknownTarget, ReasonOf(err))
	q.Hints = []Hint{
		{Channel: cid(90), From: nodeNo(3), To: middle, Policy: Policy{FeeBase: 5, CLTVDelta: 9}},
		{Channel: cid(91), From: middle, To: payee, Policy: Policy{FeeRate: 10_000, CLTVDelta: 3}},
		{Channel: cid(92), From: Node{3, 3}, To: payee}, // leads from nowhere
		{Channel: ChanID{chainhash.Hash{8}, scid(93)}, From: nodeNo(0), To: payee},
	}
	r, err := g.FindRoute(q)
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 90, 91}, path(r))
	require.Equal(t, lnwire.MilliSatoshi(1000+10+5+10), r.Amount)
	require.Equal(t, uint32(1000+20+3+9+40), r.CLTV)
	require.Equal(t, payee, r.Last().Node)

	q.IgnoreChannels = map[DirectedChan]struct{}{{cid(90), nodeNo(3)}: {}}
	_, err = g.FindRoute(q)
	require.ErrorIs(t, err, ErrNoRoute)
	q.Hints, q.IgnoreChannels = nil, nil
	_, err = g.FindRoute(q)
	require.Equal(t, ReasonUnknownTarget, ReasonOf(err), "hints are forgotten with their query")
}

func TestRingPaysOurselves(t *testing.T) {
	g := square(t)
	q := ask(0, 0, 1000)
	q.Local = []LocalChannel{local(1, 1, 50_000), local(3, 2, 50_000)}
	r, err := g.FindRoute(q)
	require.NoError(t, err)
	require.Len(t, r.Hops, 4)
	require.Equal(t, nodeNo(0), r.Last().Node)
	home := nodeNo(1)
	q.LastHop = &home
	r, err = g.FindRoute(q)
	require.NoError(t, err)
	require.Equal(t, []int{3, 4, 2, 1}, path(r))
	checkRoute(t, g, q, r)

	// Out and home over the one channel is no ring.
	g = graphOf(t, link{id: 1, a: 0, b: 1})
	q.Local, q.LastHop = []LocalChannel{local(1, 1, 50_000)}, nil
	_, err = g.FindRoute(q)
	require.ErrorIs(t, err, ErrNoRoute)
}

func TestTwentyHopsIsTheMost(t *testing.T) {
	var line []link
	for i := range 21 {
		line = append(line, link{id: i + 1, a: i, b: i + 1})
	}
	g := graphOf(t, line...)
	q := ask(0, 20, 1)
	q.MinProbability = 1e-9
	r, err := g.FindRoute(q)
	require.NoError(t, err)
	require.Len(t, r.Hops, 20)
	q.Target = nodeNo(21)
	_, err = g.FindRoute(q)
	require.Equal(t, ReasonHopLimit, ReasonOf(err))
}

func TestAttack34FeesNeverOverflow(t *testing.T) {
	require.Equal(t, uint64(MaxAmount), fee(math.MaxUint32, math.MaxUint32, uint64(MaxAmount)))
	require.Equal(t, uint64(MaxAmount/2)/1_000_000*5+fee(3, 5, uint64(MaxAmount/2)%1_000_000), fee(3, 5, uint64(MaxAmount/2)))
	g := graphOf(t, link{id: 1, a: 0, b: 1, capacity: MaxAmount},
		link{id: 2, a: 1, b: 2, capacity: MaxAmount, p: Policy{FeeBase: math.MaxUint32, FeeRate: math.MaxUint32}},
		link{id: 3, a: 2, b: 3, capacity: MaxAmount, p: Policy{FeeBase: math.MaxUint32, FeeRate: math.MaxUint32}})
	_, err := g.FindRoute(ask(0, 3, MaxAmount/2))
	require.ErrorIs(t, err, ErrNoRoute)
}

func TestRemovedChannelsLeaveTheGraphConsistent(t *testing.T) {
	rng := seeded(t)
	g := randomGraph(rng, 10, 60)
	var all []ChanID
	for c := range g.Channels() {
		all = append(all, c.ID)
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, id := range all {
		require.True(t, g.RemoveChannel(id))
		require.False(t, g.RemoveChannel(id))
		edges := 0
		for n, list := range g.in {
			for i, e := range list {
				c := &g.chans[e.ch>>1]
				d := e.ch & 1
				require.Equal(t, uint32(i), c.at[d])
				require.Equal(t, uint32(n), c.nodes[1-d])
				require.Equal(t, e.from, c.nodes[d])
				edges++
			}
		}
		require.Equal(t, 2*len(g.chanNo), edges)
	}
	require.Zero(t, g.Stats())
}

func TestAttack33GraphRefusesToGrowPastItsLimits(t *testing.T) {
	g := NewGraphLimited(Limits{Nodes: 3, Channels: 2, Chains: 1})
	require.NoError(t, g.AddPrivate(cid(1), nodeNo(0), nodeNo(1), 1))
	require.ErrorIs(t, g.AddPrivate(ChanID{chainhash.Hash{9}, scid(1)}, nodeNo(0), nodeNo(1), 1), ErrFull)
	require.NoError(t, g.AddPrivate(cid(2), nodeNo(0), nodeNo(2), 1))
	require.ErrorIs(t, g.AddPrivate(cid(3), nodeNo(0), nodeNo(2), 1), ErrFull)
	require.True(t, g.RemoveChannel(cid(1)))
	require.ErrorIs(t, g.AddPrivate(cid(3), nodeNo(0), nodeNo(4), 1), ErrFull)
	require.NoError(t, g.AddPrivate(cid(3), nodeNo(0), nodeNo(1), 1))
	require.ErrorIs(t, g.AddPrivate(cid(4), nodeNo(0), nodeNo(0), 1), ErrNodeOrder)
	require.True(t, g.RemoveChannel(cid(3)))
	require.ErrorIs(t, g.AddPrivate(cid(4), nodeNo(0), nodeNo(1), 0), ErrCapacity)
	for i := range uint64(maxAliases) {
		require.NoError(t, g.AddAlias(cid(2), scid(100+i)))
	}
	require.ErrorIs(t, g.AddAlias(cid(2), scid(99)), ErrFull)
}

func TestSearchDoesNotAllocatePerNode(t *testing.T) {
	g := square(t)
	q := ask(0, 3, 1000)
	_, _ = g.FindRoute(q)
	// The least of many runs: a collection, or the race detector, takes things out of a
	// sync.Pool at any time, and the search then makes them again.
	least := math.Inf(1)
	for range 100 {
		least = min(least, testing.AllocsPerRun(1, func() { _, _ = g.FindRoute(q) }))
	}
	require.LessOrEqual(t, least, 6.0)
}

func TestReasonOfForeignErrors(t *testing.T) {
	require.Equal(t, ReasonInvalid, ReasonOf(errors.New("x")))
	require.Equal(t, Ignore, ReactionTo(errors.New("x")))
}
