package node

import (
	"cmp"
	"slices"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/router"
)

// maxOwnHints is how many of our channels an invoice names, as in lnd; each takes 82 of its characters.
const maxOwnHints = 20

// ownHints are the channels that nobody knows of but their peers, over which this amount could come now, by
// how much could; or could in parts, if none is large enough for all of it. A channel is of use only if its
// peer can be found in the graph and has told what it asks for forwarding over it (BOLT 11, field r).
func (n *Node) ownHints(amount lnwire.MilliSatoshi) (hints [][]HopHint) {
	return n.hintsIn(nil, amount)
}

// hintsIn are those of channels in a token, or in bitcoin if it is nil.
func (n *Node) hintsIn(t *token, amount lnwire.MilliSatoshi) (hints [][]HopHint) {
	type candidate struct {
		hint HopHint
		room lnwire.MilliSatoshi
	}
	var found []candidate
	for _, d := range n.sw.live() {
		c := d.channel()
		if p := c.Params(); d.token != t || p.Announce || c.State() != htlc.Open || !c.Connected() {
			continue
		}
		peer := router.Node(c.Params().Peer)
		v, known := n.graph.Channel(router.ChanID{Chain: d.chain(n.chainHash()), SCID: c.SCID()})
		if !known || !n.public(peer) {
			continue
		}
		policy := v.PolicyOf(peer)
		if policy == nil || policy.Disabled {
			continue
		}
		found = append(found, candidate{
			hint: HopHint{Node: PubKey(peer), SCID: c.SCID(), BaseFee: policy.FeeBase, FeePPM: policy.FeeRate, CLTVDelta: policy.CLTVDelta},
			room: lnwire.MilliSatoshi(c.Receivable()),
		})
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(b.room, a.room) })
	whole := slices.ContainsFunc(found, func(c candidate) bool { return c.room >= amount })
	for _, c := range found {
		if len(hints) < maxOwnHints && c.room > 0 && (!whole || c.room >= amount) {
			hints = append(hints, []HopHint{c.hint})
		}
	}
	return hints
}

// public says whether a node has a channel that was announced.
func (n *Node) public(node router.Node) bool {
	return slices.ContainsFunc(n.graph.ChannelsOf(node), func(c router.Channel) bool { return c.Public })
}
