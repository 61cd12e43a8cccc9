package node

import (
	"context"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/router"
)

// maxMissionPairs bounds an answer about what payments taught: nodes that failed are listed with all
// their channels.
const maxMissionPairs = 50_000

// MissionControl lists what payments taught, the least recent first. A node that failed as such is
// listed as failing any amount to and from each of its peers.
func (n *Node) MissionControl(context.Context) ([]router.Pair, error) {
	type ends struct{ from, to router.Node }
	var out []router.Pair
	at := make(map[ends]int)
	whole := make([]router.Pair, 0)
	for _, p := range n.routes.history.Pairs() {
		if p.All {
			whole = append(whole, p)
			continue
		}
		at[ends{p.From, p.To}] = len(out)
		out = append(out, p)
	}
	fail := func(e ends, p *router.Pair) {
		i, ok := at[e]
		switch {
		case !ok && len(out) < maxMissionPairs:
			at[e] = len(out)
			out = append(out, router.Pair{From: e.from, To: e.to, FailedAt: p.FailedAt})
		case ok && !out[i].FailedAt.After(p.FailedAt):
			out[i].Failed, out[i].FailedAt = 0, p.FailedAt
		}
	}
	for i := range whole {
		p := &whole[i]
		for _, c := range n.bitcoinChannels(p.From) {
			other := c.Nodes[0]
			if other == p.From {
				other = c.Nodes[1]
			}
			fail(ends{p.From, other}, p)
			fail(ends{other, p.From}, p)
		}
	}
	return out, nil
}

// ResetMissionControl forgets what payments taught.
func (n *Node) ResetMissionControl(context.Context) error {
	n.routes.history.Forget()
	return nil
}

// ImportMissionControl takes over what another node learnt; older than what is known here only if
// force says so.
func (n *Node) ImportMissionControl(_ context.Context, pairs []router.Pair, force bool) error {
	n.routes.history.Import(pairs, force, n.now())
	return nil
}

// MissionControlSettings tells how chances are estimated.
func (n *Node) MissionControlSettings(context.Context) (router.Settings, error) {
	return n.routes.history.Settings(), nil
}

// PairProbability estimates the chance that one node can forward an amount to another, over the
// largest channel between them that is known, and tells what is remembered of the two.
func (n *Node) PairProbability(_ context.Context, from, to PubKey, amount lnwire.MilliSatoshi) (float64, router.Pair, error) {
	var capacity lnwire.MilliSatoshi
	for _, c := range n.bitcoinChannels(router.Node(from)) {
		if c.Nodes[0] == router.Node(to) || c.Nodes[1] == router.Node(to) {
			capacity = max(capacity, c.Capacity)
		}
	}
	pair, _ := n.routes.history.Pair(router.Node(from), router.Node(to))
	return n.routes.history.Probability(router.Node(from), router.Node(to), amount, capacity, n.now()), pair, nil
}
