package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/router"
)

// The searches: between nodes and over amounts that are the same each time.
const (
	taught   = 3_000 // attempts that the history has learnt from, half of them failures
	searches = 2_000
	asked    = 500 // of them over gRPC
)

// pairs draws who pays whom how much: 1,000 sat to 1 million, evenly over the powers of two.
type pairs struct {
	rng   *rand.Rand
	chain chainhash.Hash
	nodes []router.Node
}

func (p *pairs) next(h *router.History, now time.Time) router.Query {
	q := router.Query{Chain: p.chain, MaxFee: router.NoFeeLimit, FinalCLTVDelta: 18, Now: now, History: h}
	q.Source, q.Target = p.nodes[p.rng.IntN(len(p.nodes))], p.nodes[p.rng.IntN(len(p.nodes))]
	q.Amount = lnwire.MilliSatoshi(1_000_000 + p.rng.Uint64N(1<<(20+p.rng.IntN(11))))
	return q
}

// memoryGraph holds a public network as a node does.
func memoryGraph(chain chainhash.Hash, channels []public) (*router.Graph, *pairs, error) {
	g := router.NewGraph()
	p := &pairs{rng: rand.New(rand.NewPCG(2024, 9)), chain: chain}
	seen := map[router.Node]bool{}
	for i := range channels {
		c := &channels[i]
		id := router.ChanID{Chain: chain, SCID: channelAt(i)}
		if err := g.AddPrivate(id, c.nodes[0], c.nodes[1], lnwire.MilliSatoshi(c.capacity*1000)); err != nil {
			return nil, nil, err
		}
		for d, policy := range c.policies {
			if policy == nil {
				continue
			}
			if err := g.SetPolicy(id, c.nodes[d], *policy); err != nil {
				return nil, nil, err
			}
		}
		for _, n := range c.nodes {
			if !seen[n] {
				seen[n] = true
				p.nodes = append(p.nodes, n)
			}
		}
	}
	return g, p, nil
}

// routes measures searches in memory: with no history, and with one of attempts that went
// either way.
func (r *runner) routes(g *router.Graph, p *pairs) error {
	now := time.Now()
	found, _ := r.search(g, p, nil, now)
	if len(found) == 0 {
		return fmt.Errorf("none of %d searches found a route", searches)
	}
	r.got.set("route_2024_prior_p50_ms", ms(found[len(found)/2]))
	h := router.NewHistory(g, 0)
	for i := range taught {
		route, err := g.FindRoute(p.next(h, now))
		if err != nil || len(route.Hops) < 2 {
			continue
		}
		a := router.Attempt{Route: route, Settled: i%2 == 0, Now: now}
		if !a.Settled {
			a.FailedAt, a.Code = 1+p.rng.IntN(len(route.Hops)-1), lnwire.CodeTemporaryChannelFailure
		}
		h.Report(a)
	}
	found, none := r.search(g, p, h, now)
	if len(found) == 0 {
		return fmt.Errorf("none of %d searches found a route", searches)
	}
	r.got.set("route_2024_p50_ms", ms(found[len(found)/2]))
	r.got.set("route_2024_p99_ms", ms(found[len(found)*99/100]))
	if len(none) > 0 {
		r.got.set("route_2024_none_p50_ms", ms(none[len(none)/2]))
	}
	r.say("%d searches with what %d pairs of nodes taught: %d found a route, p50 %.2f ms; p50 to know that there is none %.2f ms",
		searches, h.Len(), len(found), r.got["route_2024_p50_ms"], r.got["route_2024_none_p50_ms"])
	return nil
}

// search times searches, sorted: those that found a route, and those that found that there is none.
func (r *runner) search(g *router.Graph, p *pairs, h *router.History, now time.Time) (found, none []time.Duration) {
	for range searches {
		q := p.next(h, now)
		start := time.Now()
		if _, err := g.FindRoute(q); err == nil {
			found = append(found, time.Since(start))
		} else {
			none = append(none, time.Since(start))
		}
	}
	slices.SortFunc(found, cmp.Compare)
	slices.SortFunc(none, cmp.Compare)
	return found, none
}

// queryRoutes times the same searches through the API of a node.
func (r *runner) queryRoutes(ctx context.Context, n *daemon.Node, p *pairs) error {
	var found []time.Duration
	for range asked {
		q := p.next(nil, time.Time{})
		start := time.Now()
		_, err := n.Lightning().QueryRoutes(ctx, &lnrpc.QueryRoutesRequest{
			SourcePubKey: q.Source.String(), PubKey: q.Target.String(), AmtMsat: int64(q.Amount), UseMissionControl: true,
			FeeLimit: &lnrpc.FeeLimit{Limit: &lnrpc.FeeLimit_Percent{Percent: 100}},
		})
		if err == nil {
			found = append(found, time.Since(start))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if len(found) == 0 {
		return fmt.Errorf("none of %d QueryRoutes found a route", asked)
	}
	slices.SortFunc(found, cmp.Compare)
	r.got.set("queryroutes_2024_p50_ms", ms(found[len(found)/2]))
	r.say("%d of %d QueryRoutes found a route, p50 %.2f ms", len(found), asked, ms(found[len(found)/2]))
	return nil
}
