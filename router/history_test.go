package router

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

const tempFail = lnwire.CodeTemporaryChannelFailure

// line is 0-1-2-3 over channels 1, 2, 3, a route along it and an empty history.
func line(t testing.TB, amount lnwire.MilliSatoshi) (*Graph, *Route, *History) {
	g := graphOf(t, link{id: 1, a: 0, b: 1}, link{id: 2, a: 1, b: 2}, link{id: 3, a: 2, b: 3})
	r, err := g.FindRoute(ask(0, 3, amount))
	require.NoError(t, err)
	return g, r, NewHistory(g, 0)
}

func (h *History) chance(from, to int, amount lnwire.MilliSatoshi, after time.Duration) float64 {
	return h.Probability(nodeNo(from), nodeNo(to), amount, 1_000_000, testNow.Add(after))
}

func TestPriorFallsWithTheShareOfCapacity(t *testing.T) {
	_, _, h := line(t, 1000)
	require.InDelta(t, 0.95, h.chance(1, 2, 0, 0), 1e-6)
	require.InDelta(t, 0.775, h.chance(1, 2, 500_000, 0), 1e-6)
	require.InDelta(t, 0.60, h.chance(1, 2, 1_000_000, 0), 1e-6)
	require.InDelta(t, 0.95, h.Probability(nodeNo(1), Node{9}, 500, 0, testNow), 1e-6, "unknown capacity")
}

func TestFailureBlamesOneDirectionFromItsAmountUp(t *testing.T) {
	_, r, h := line(t, 10_000)
	v := h.Report(Attempt{Route: r, FailedAt: 1, Code: tempFail, Now: testNow})
	require.False(t, v.Final)
	require.Zero(t, h.chance(1, 2, 10_000, 0))
	require.Zero(t, h.chance(1, 2, 20_000, 0))
	require.InDelta(t, 0.95, h.chance(1, 2, 0, 0), 1e-3, "almost nothing still passes")
	require.Less(t, h.chance(1, 2, 9_999, 0), 0.61, "less than what failed is in doubt")
	require.Greater(t, h.chance(2, 1, 10_000, 0), 0.9, "not the other direction")
	require.Greater(t, h.chance(2, 3, 10_000, 0), 0.9, "not what comes after")
	require.Greater(t, h.chance(0, 1, 10_000, 0), 0.98, "what came before worked")
}

func TestFailureFadesByHalfEveryHour(t *testing.T) {
	_, r, h := line(t, 10_000)
	p := h.chance(1, 2, 10_000, 0)
	h.Report(Attempt{Route: r, FailedAt: 1, Code: tempFail, Now: testNow})
	require.InDelta(t, p/2, h.chance(1, 2, 10_000, time.Hour), 1e-6)
	require.InDelta(t, p*3/4, h.chance(1, 2, 10_000, 2*time.Hour), 1e-6)
	require.InDelta(t, p, h.chance(1, 2, 10_000, 48*time.Hour), 1e-6)
	require.Zero(t, h.chance(1, 2, 10_000, -time.Hour), "a clock that went back changes nothing")
}

func TestSuccessIsRememberedAndClearsFailure(t *testing.T) {
	_, r, h := line(t, 10_000)
	h.Report(Attempt{Route: r, FailedAt: 1, Code: tempFail, Now: testNow})
	v := h.Report(Attempt{Route: r, Settled: true, Now: testNow})
	require.True(t, v.Final)
	require.InDelta(t, afterSuccess, h.chance(1, 2, 10_000, 0), 1e-6)
	require.InDelta(t, afterSuccess, h.chance(2, 3, 10_000, 0), 1e-6)
	h.Report(Attempt{Route: r, FailedAt: 1, Code: tempFail, Now: testNow})
	require.Zero(t, h.chance(1, 2, 10_000, 0), "a later failure of as much clears success")
}

func TestFailureCodesOfBOLT4(t *testing.T) {
	for name, c := range map[string]struct {
		code     lnwire.FailCode
		at       int
		repaired bool
		final    bool
		zero     [][2]int // pairs that carry nothing now
		whole    [][2]int // pairs not blamed
		all      bool     // even small amounts
	}{
		"temporary_channel_failure":            {code: tempFail, at: 2, zero: [][2]int{{2, 3}}, whole: [][2]int{{0, 1}, {1, 2}}},
		"permanent_channel_failure":            {code: lnwire.CodePermanentChannelFailure, at: 2, zero: [][2]int{{2, 3}}, all: true, whole: [][2]int{{1, 2}}},
		"unknown_next_peer":                    {code: lnwire.CodeUnknownNextPeer, at: 1, zero: [][2]int{{1, 2}}, all: true, whole: [][2]int{{2, 3}}},
		"temporary_node_failure":               {code: lnwire.CodeTemporaryNodeFailure, at: 2, zero: [][2]int{{2, 3}, {1, 2}, {2, 1}}, all: true, whole: [][2]int{{0, 1}}},
		"permanent_node_failure":               {code: lnwire.CodePermanentNodeFailure, at: 2, zero: [][2]int{{2, 3}, {1, 2}}, all: true},
		"our own node failed":                  {code: lnwire.CodeTemporaryNodeFailure, at: 0, final: true},
		"fee_insufficient, same policy":        {code: lnwire.CodeFeeInsufficient, at: 1, zero: [][2]int{{1, 2}}, all: true},
		"fee_insufficient, new policy":         {code: lnwire.CodeFeeInsufficient, at: 1, repaired: true, whole: [][2]int{{1, 2}}},
		"channel_disabled":                     {code: lnwire.CodeChannelDisabled, at: 1, zero: [][2]int{{1, 2}}, all: true},
		"expiry_too_far":                       {code: lnwire.CodeExpiryTooFar, at: 1, zero: [][2]int{{1, 2}}, all: true},
		"invalid_onion_hmac":                   {code: lnwire.CodeInvalidOnionHmac, at: 1, zero: [][2]int{{1, 2}}, all: true},
		"unknown code":                         {code: 4711 & 0xfff, at: 1, zero: [][2]int{{1, 2}}},
		"unreadable failure":                   {at: UnknownReporter, zero: [][2]int{{1, 2}, {2, 3}}, whole: [][2]int{{0, 1}}},
		"reporter beyond the route":            {at: 9, zero: [][2]int{{1, 2}, {2, 3}}},
		"own channel":                          {code: tempFail, at: 0, zero: [][2]int{{0, 1}}, whole: [][2]int{{1, 2}}},
		"incorrect_or_unknown_payment_details": {code: lnwire.CodeIncorrectOrUnknownPaymentDetails, at: 3, final: true, whole: [][2]int{{2, 3}}},
		"mpp_timeout":                          {code: lnwire.CodeMPPTimeout, at: 3, whole: [][2]int{{2, 3}}},
		"final_incorrect_cltv_expiry":          {code: lnwire.CodeFinalIncorrectCltvExpiry, at: 3},
		"final_expiry_too_soon":                {code: lnwire.CodeFinalExpiryTooSoon, at: 3, final: true},
		"recipient says something else":        {code: lnwire.CodeTemporaryNodeFailure, at: 3, final: true},
	} {
		t.Run(name, func(t *testing.T) {
			_, r, h := line(t, 10_000)
			v := h.Report(Attempt{Route: r, FailedAt: c.at, Code: c.code, Repaired: c.repaired, Now: testNow})
			require.Equal(t, c.final, v.Final)
			require.NotEmpty(t, v.Reason)
			for _, p := range c.zero {
				require.Zero(t, h.chance(p[0], p[1], 10_000, 0))
				require.Equal(t, c.all, h.chance(p[0], p[1], 1, 0) == 0)
			}
			for _, p := range c.whole {
				require.Greater(t, h.chance(p[0], p[1], 10_000, 0), 0.9)
			}
		})
	}
}

func TestNewPoliciesExcuseOnceAMinute(t *testing.T) {
	_, r, h := line(t, 10_000)
	fail := Attempt{Route: r, FailedAt: 1, Code: lnwire.CodeFeeInsufficient, Repaired: true, Now: testNow}
	h.Report(fail)
	require.Positive(t, h.chance(1, 2, 10_000, 0))
	h.Report(fail)
	require.Zero(t, h.chance(1, 2, 10_000, 0))
}

func TestReportOfNothingIsFinal(t *testing.T) {
	_, _, h := line(t, 1000)
	require.True(t, h.Report(Attempt{}).Final)
	require.True(t, h.Report(Attempt{Route: &Route{}}).Final)
}

func TestHistoryForgetsTheLeastRecentPairFirst(t *testing.T) {
	g, r, _ := line(t, 10_000)
	h := NewHistory(g, 3)
	h.Report(Attempt{Route: r, FailedAt: 0, Code: tempFail, Now: testNow})
	for i := range 1000 { // routes to strangers
		s := *r
		s.Hops = append([]Hop(nil), r.Hops...)
		s.Hops[2].Node = Node{3, byte(i), byte(i >> 8)}
		h.Report(Attempt{Route: &s, FailedAt: 2, Code: lnwire.CodeTemporaryNodeFailure, Now: testNow})
		require.LessOrEqual(t, h.Len(), 3)
		require.LessOrEqual(t, len(h.foreign), 3)
	}
	require.Equal(t, 1, h.failedNodes)
	h.Report(Attempt{Route: r, Settled: true, Now: testNow})
	require.Zero(t, h.failedNodes)
	require.InDelta(t, afterSuccess, h.chance(2, 3, 10_000, 0), 1e-6)
}

func TestStrangersBehindHintsAreRememberedToo(t *testing.T) {
	g, _, h := line(t, 1000)
	q := ask(0, 0, 1000)
	q.Target, q.History = Node{3, 7}, h
	q.Hints = []Hint{{Channel: cid(90), From: nodeNo(3), To: q.Target}}
	r, err := g.FindRoute(q)
	require.NoError(t, err)
	h.Report(Attempt{Route: r, FailedAt: 3, Code: tempFail, Now: testNow})
	_, err = g.FindRoute(q)
	require.Equal(t, ReasonProbability, ReasonOf(err))
	q.Now = testNow.Add(24 * time.Hour)
	_, err = g.FindRoute(q)
	require.NoError(t, err)
}

// A network in which every channel can carry a random part of its capacity: a
// payment finds its way past those that can't, or ends.
func TestRetriesFindAnotherRouteOrTerminate(t *testing.T) {
	rng := seeded(t)
	paid := 0
	for range 60 {
		g := randomGraph(rng, 12, 60)
		h := NewHistory(g, 0)
		carries := map[DirectedChan]lnwire.MilliSatoshi{}
		for c := range g.Channels() {
			for d := range 2 {
				carries[DirectedChan{c.ID, c.Nodes[d]}] = lnwire.MilliSatoshi(rng.Uint64N(uint64(c.Capacity) + 1))
			}
		}
		q := ask(rng.IntN(6), 6+rng.IntN(6), lnwire.MilliSatoshi(1+rng.Uint64N(1<<(8+rng.IntN(18)))))
		q.History = h
		tried := map[string]bool{}
		for attempts := 0; ; attempts++ {
			require.Less(t, attempts, 200, "a payment must end")
			r, err := g.FindRoute(q)
			if err != nil {
				require.ErrorIs(t, err, ErrNoRoute)
				break
			}
			checkRoute(t, g, q, r)
			key := ""
			for _, hop := range r.Hops {
				key += hop.Channel.String() + " "
			}
			require.False(t, tried[key], "no route twice")
			tried[key] = true
			a := Attempt{Route: r, Settled: true, Now: testNow}
			from := q.Source
			for i, hop := range r.Hops {
				if hop.Received > carries[DirectedChan{hop.Channel, from}] {
					a.Settled, a.FailedAt, a.Code = false, i, tempFail
					break
				}
				from = hop.Node
			}
			if h.Report(a).Final {
				paid++
				break
			}
		}
	}
	require.Greater(t, paid, 10)
}

func TestSearchesAndWritersRunTogether(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	g := randomGraph(rng, 50, 200)
	h := NewHistory(g, 50)
	done := make(chan struct{})
	for w := range 2 {
		go func() {
			defer func() { done <- struct{}{} }()
			rng := rand.New(rand.NewPCG(uint64(w), 9))
			for range 300 {
				q := ask(rng.IntN(50), rng.IntN(50), 1000)
				q.History = h
				if r, err := g.FindRoute(q); err == nil {
					h.Report(Attempt{Route: r, FailedAt: rng.IntN(len(r.Hops) + 1), Code: tempFail, Now: testNow})
				}
				h.Probability(q.Source, q.Target, 1000, 0, testNow)
			}
		}()
	}
	for i := range uint64(300) {
		_ = g.RemoveChannel(cid(i))
		require.NoError(t, g.AddPrivate(cid(1000+i), nodeNo(int(i)%50), nodeNo(int(i+1)%50), 1_000_000))
		_ = g.SetPolicy(cid(1000+i), nodeNo(int(i)%50), Policy{HTLCMax: 1_000_000})
		for range g.Channels() {
			break
		}
	}
	<-done
	<-done
}
