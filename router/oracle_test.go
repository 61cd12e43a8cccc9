package router

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

func nodeNo(i int) Node {
	n := Node{2}
	binary.BigEndian.PutUint32(n[29:], uint32(i))
	return n
}

// randomGraph has nodes 0..n-1 by nodeNo and the given number of channels.
func randomGraph(rng *rand.Rand, nodes, channels int) *Graph {
	g := NewGraph()
	for i := 1; i <= channels; i++ {
		a, b := rng.IntN(nodes), rng.IntN(nodes)
		if a == b {
			continue
		}
		capacity := lnwire.MilliSatoshi(1 + rng.Uint64N(1<<(10+rng.IntN(24))))
		if err := g.AddPrivate(cid(uint64(i)), nodeNo(a), nodeNo(b), capacity); err != nil {
			panic(err)
		}
		for _, from := range []int{a, b} {
			if rng.IntN(10) == 0 {
				continue
			}
			p := Policy{Updated: testUnix, Disabled: rng.IntN(12) == 0, CLTVDelta: uint16(rng.IntN(150)),
				HTLCMax: capacity, FeeBase: uint32(rng.IntN(3000)), FeeRate: uint32(rng.IntN(5000))}
			if err := g.SetPolicy(cid(uint64(i)), nodeNo(from), p); err != nil {
				panic(err)
			}
		}
	}
	return g
}

// seeded prints how to run a random test again and gives its randomness.
func seeded(t *testing.T) *rand.Rand {
	seed := rand.Uint64()
	if s := os.Getenv("NWND_SEED"); s != "" {
		v, err := strconv.ParseUint(s, 10, 64)
		require.NoError(t, err)
		seed = v
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("replay: NWND_SEED=%d go test ./router -run '^%s$'", seed, t.Name())
		}
	})
	return rand.New(rand.NewPCG(seed, 0))
}

// cheapest is the oracle: Bellman-Ford from the target, over channels as readers
// see them, for the least amount that the source must send; 0 if there is no way.
func cheapest(g *Graph, q Query) lnwire.MilliSatoshi {
	need := map[Node]lnwire.MilliSatoshi{q.Target: q.Amount}
	best := lnwire.MilliSatoshi(0)
	for changed := true; changed; {
		changed = false
		for c := range g.Channels() {
			for d, p := range c.Policies {
				from, to := c.Nodes[d], c.Nodes[1-d]
				amt, ok := need[to]
				if p == nil || p.Disabled || !ok || amt > p.HTLCMax || amt > c.Capacity || amt < p.HTLCMin || to == q.Source || from == q.Target {
					continue
				}
				if from == q.Source {
					if best == 0 || amt < best {
						best, changed = amt, true
					}
					continue
				}
				sum := amt + lnwire.MilliSatoshi(p.FeeBase) + amt*lnwire.MilliSatoshi(p.FeeRate)/1_000_000
				if have, ok := need[from]; !ok || sum < have {
					need[from], changed = sum, true
				}
			}
		}
	}
	return best
}

// checkRoute walks a route forward and checks what every node on it would.
func checkRoute(t *testing.T, g *Graph, q Query, r *Route) {
	t.Helper()
	require.NotEmpty(t, r.Hops)
	amt, expiry, from := r.Amount, r.CLTV, q.Source
	require.Equal(t, r.Hops[0].Received, amt)
	seen := map[Node]bool{q.Source: q.Source != q.Target}
	for i, h := range r.Hops {
		c, ok := g.Channel(h.Channel)
		require.True(t, ok)
		require.ElementsMatch(t, c.Nodes[:], []Node{from, h.Node})
		require.False(t, seen[h.Node], "no node twice")
		seen[h.Node] = true
		p := c.PolicyOf(from)
		require.NotNil(t, p)
		require.False(t, p.Disabled)
		require.Equal(t, amt, h.Received)
		require.GreaterOrEqual(t, amt, p.HTLCMin)
		require.LessOrEqual(t, amt, p.HTLCMax)
		require.LessOrEqual(t, amt, c.Capacity)
		require.Equal(t, h.Received-h.Forward, h.Fee)
		if i+1 < len(r.Hops) {
			next, _ := g.Channel(r.Hops[i+1].Channel)
			np := next.PolicyOf(h.Node)
			require.GreaterOrEqual(t, h.Fee, np.Fee(h.Forward))
			require.GreaterOrEqual(t, expiry, h.OutgoingCLTV+uint32(np.CLTVDelta))
		}
		amt, expiry, from = h.Forward, h.OutgoingCLTV, h.Node
	}
	require.Equal(t, q.Target, from)
	require.Equal(t, q.Amount, amt)
	require.Equal(t, q.Height+q.FinalCLTVDelta, expiry)
	require.Equal(t, r.Amount-q.Amount, r.Fees)
	require.LessOrEqual(t, r.Fees, q.MaxFee)
	require.LessOrEqual(t, len(r.Hops), MaxHops)
}

func TestCheapestRouteEqualsBellmanFord(t *testing.T) {
	rng := seeded(t)
	found := 0
	for round := range 400 {
		g := randomGraph(rng, 4+rng.IntN(12), 3+rng.IntN(40))
		if len(g.nodes) < 2 {
			continue
		}
		q := Query{Source: nodeNo(rng.IntN(4)), Target: nodeNo(4 + rng.IntN(6)), Chain: testChain, MaxFee: NoFeeLimit,
			Amount: lnwire.MilliSatoshi(1 + rng.Uint64N(1<<(8+rng.IntN(24)))), MaxCLTVDelta: math.MaxUint32 / 2,
			Height: 800_000, FinalCLTVDelta: 18, MinProbability: 1e-9, Now: testNow, Weights: &Weights{}}
		want := cheapest(g, q)
		r, err := g.FindRoute(q)
		name := fmt.Sprintf("round %d", round)
		if want == 0 {
			require.ErrorIs(t, err, ErrNoRoute, name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, want, r.Amount, name)
		checkRoute(t, g, q, r)
		found++

		// With risk in the price the fee may be more, never less, and a fee limit that
		// the cheapest route keeps is always kept.
		q.Weights = nil
		q.MinProbability = 1e-9
		r, err = g.FindRoute(q)
		require.NoError(t, err, name)
		require.GreaterOrEqual(t, r.Amount, want, name)
		checkRoute(t, g, q, r)
		q.MaxFee = want - q.Amount
		r, err = g.FindRoute(q)
		require.NoError(t, err, name)
		checkRoute(t, g, q, r)
		if q.MaxFee > 0 {
			q.MaxFee--
			_, err = g.FindRoute(q)
			require.Equal(t, ReasonFeeLimit, ReasonOf(err), name)
		}
	}
	require.Greater(t, found, 50)
}
