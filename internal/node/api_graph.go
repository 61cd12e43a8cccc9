package node

import (
	"context"
	"fmt"
	"github.com/nichework/nwnd/htlc/eip712"
	"net"
	"slices"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/router"
)

// inBitcoin says whether a channel of the graph is in bitcoin: lnd's clients take every amount for satoshis,
// and would pay over any channel they are told of.
func (n *Node) inBitcoin(c router.Channel) bool { return c.ID.Chain == n.chainHash() }

// bitcoinChannels are a node's channels in bitcoin.
func (n *Node) bitcoinChannels(key router.Node) []router.Channel {
	return slices.DeleteFunc(n.graph.ChannelsOf(key), func(c router.Channel) bool { return !n.inBitcoin(c) })
}

// DescribeGraph hands every node and every channel in bitcoin that is known to the caller, one at a time.
func (n *Node) DescribeGraph(ctx context.Context, private bool, node func(GraphNode) error, edge func(GraphEdge) error) error {
	for v := range n.graph.Nodes() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := node(graphNode(v)); err != nil {
			return err
		}
	}
	for c := range n.graph.Channels() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !n.inBitcoin(c) || !c.Public && !private {
			continue
		}
		if err := edge(n.graphEdge(c)); err != nil {
			return err
		}
	}
	return nil
}

// NodeInfo tells what is known of a node.
func (n *Node) NodeInfo(_ context.Context, key PubKey, withChannels bool) (NodeInfo, error) {
	v, ok := n.graph.Node(router.Node(key))
	if !ok {
		return NodeInfo{}, fmt.Errorf("%w: unable to find node %v", ErrNotFound, router.Node(key))
	}
	info := NodeInfo{Node: graphNode(v)}
	for _, c := range n.bitcoinChannels(router.Node(key)) {
		info.NumChannels++
		info.TotalCapacity += c.Capacity.ToSatoshis()
		if withChannels {
			info.Channels = append(info.Channels, n.graphEdge(c))
		}
	}
	return info, nil
}

func graphNode(v router.NodeInfo) GraphNode {
	g := GraphNode{Key: PubKey(v.Key)}
	if a := v.Announcement; a != nil {
		g.Alias, g.Color = printable([]byte(a.Alias.String())), [3]byte{a.RGBColor.R, a.RGBColor.G, a.RGBColor.B}
		g.Addresses, g.Features = nameable(a.Addresses), a.Features
		g.LastUpdate = time.Unix(int64(a.Timestamp), 0)
	}
	return g
}

// nameable leaves out host names that are none (BOLT 7, "The node_announcement Message": ASCII). lnwire
// takes any bytes for one, and a single string that is no UTF-8 spoils a whole answer of the API.
func nameable(all []net.Addr) []net.Addr {
	return slices.DeleteFunc(slices.Clone(all), func(a net.Addr) bool {
		name, ok := a.(*lnwire.DNSAddress)
		return ok && lnwire.ValidateDNSAddr(name.Hostname, name.Port) != nil
	})
}

func (n *Node) graphEdge(c router.Channel) GraphEdge {
	e := GraphEdge{
		SCID: c.ID.SCID, Node1: PubKey(c.Nodes[0]), Node2: PubKey(c.Nodes[1]), Capacity: c.Capacity.ToSatoshis(),
		Policy1: graphPolicy(c.Policies[0]), Policy2: graphPolicy(c.Policies[1]), ChannelPoint: c.Funding,
	}
	if d := n.sw.channelBySCID(c.ID.SCID); d != nil {
		e.ChannelPoint = d.channel().Params().Outpoint
	}
	return e
}

func graphPolicy(p *router.Policy) *Policy {
	if p == nil {
		return nil
	}
	return &Policy{
		TimeLockDelta: p.CLTVDelta, MinHTLC: p.HTLCMin, MaxHTLC: p.HTLCMax, BaseFee: lnwire.MilliSatoshi(p.FeeBase),
		FeePPM: p.FeeRate, Disabled: p.Disabled, LastUpdate: time.Unix(int64(p.Updated), 0),
	}
}

// QueryRoutes finds the best way.
func (n *Node) QueryRoutes(_ context.Context, req QueryRoutes) ([]RouteFound, error) {
	o := order{
		dest: req.Destination, amount: req.Amount, feeLimit: req.FeeLimit, finalDelta: req.FinalCLTVDelta,
		cltvLimit: req.CLTVLimit, hints: req.RouteHints, lastHop: req.LastHop, chans: req.OutgoingChans,
		timePref: req.TimePref,
	}
	if o.finalDelta == 0 {
		o.finalDelta = defaultFinalDelta
	}
	ignore := newIgnored()
	local, _ := n.routes.localChannels(ignore, o.chans)
	q := n.routes.query(&o, local)
	if req.Source != nil && *req.Source != PubKey(n.self) {
		q.Source, q.Local = router.Node(*req.Source), nil
	}
	if !req.UseMissionControl {
		q.History = nil
	}
	q.IgnoreNodes = make(map[router.Node]struct{})
	for _, k := range req.IgnoreNodes {
		q.IgnoreNodes[router.Node(k)] = struct{}{}
	}
	q.IgnoreChannels = n.between(req.IgnorePairs)
	for _, e := range req.IgnoreEdges {
		if c, ok := n.graph.Channel(router.ChanID{Chain: n.chainHash(), SCID: e.SCID}); ok {
			from := c.Nodes[0]
			if e.Reverse {
				from = c.Nodes[1]
			}
			q.IgnoreChannels[router.DirectedChan{Channel: c.ID, From: from}] = struct{}{}
		}
	}
	found, err := n.graph.FindRoute(q)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoRoute, err)
	}
	route := fromRouterRoute(found)
	if len(req.CustomRecords) > 0 {
		route.Hops[len(route.Hops)-1].CustomRecords = req.CustomRecords
	}
	return []RouteFound{{Route: route, Probability: found.Probability}}, nil
}

// between lists the channels from the first node of each pair to the second.
func (n *Node) between(pairs [][2]PubKey) map[router.DirectedChan]struct{} {
	all := make(map[router.DirectedChan]struct{})
	for _, pair := range pairs {
		for _, c := range n.bitcoinChannels(router.Node(pair[0])) {
			if c.Nodes[0] == router.Node(pair[1]) || c.Nodes[1] == router.Node(pair[1]) {
				all[router.DirectedChan{Channel: c.ID, From: router.Node(pair[0])}] = struct{}{}
			}
		}
	}
	return all
}

// features are what this node offers to peers (BOLT 9).
func (n *Node) features() *lnwire.RawFeatureVector {
	f := lnwire.NewRawFeatureVector(
		lnwire.DataLossProtectRequired, lnwire.UpfrontShutdownScriptOptional, lnwire.GossipQueriesOptional,
		lnwire.TLVOnionPayloadRequired, lnwire.StaticRemoteKeyRequired, lnwire.PaymentAddrRequired,
		lnwire.AnchorsZeroFeeHtlcTxRequired, lnwire.ShutdownAnySegwitOptional, lnwire.ExplicitChannelTypeOptional,
		lnwire.MPPOptional,
	)
	if n.wumbo() {
		f.Set(lnwire.WumboChannelsOptional)
	}
	if len(n.cfg.EVM) > 0 {
		f.Set(eip712.TokenChannelsOptional)
	}
	if n.cfg.AcceptKeysend {
		f.Set(lnwire.KeysendOptional)
	}
	return f
}
