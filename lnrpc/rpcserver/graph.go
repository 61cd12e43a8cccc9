package rpcserver

import (
	"context"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// DescribeGraph is of lnrpc.LightningServer.
func (l *lightning) DescribeGraph(ctx context.Context, in *lnrpc.ChannelGraphRequest) (*lnrpc.ChannelGraph, error) {
	if in.IncludeAuthProof {
		return nil, unimplemented("include_auth_proof")
	}
	out := &lnrpc.ChannelGraph{}
	err := l.s.node().DescribeGraph(ctx, in.IncludeUnannounced,
		func(n node.GraphNode) error {
			out.Nodes = append(out.Nodes, graphNode(&n))
			return ctx.Err()
		},
		func(e node.GraphEdge) error {
			out.Edges = append(out.Edges, graphEdge(&e))
			return ctx.Err()
		})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// GetNodeInfo is of lnrpc.LightningServer.
func (l *lightning) GetNodeInfo(ctx context.Context, in *lnrpc.NodeInfoRequest) (*lnrpc.NodeInfo, error) {
	if in.IncludeAuthProof {
		return nil, unimplemented("include_auth_proof")
	}
	key, err := keyHex(in.PubKey)
	if err != nil {
		return nil, err
	}
	n, err := l.s.node().NodeInfo(ctx, key, in.IncludeChannels)
	if err != nil {
		return nil, notFound(err, "unable to find node")
	}
	out := &lnrpc.NodeInfo{
		Node: graphNode(&n.Node), NumChannels: uint32(n.NumChannels), TotalCapacity: int64(n.TotalCapacity),
	}
	if in.IncludeChannels {
		for i := range n.Channels {
			out.Channels = append(out.Channels, graphEdge(&n.Channels[i]))
		}
	}
	return out, nil
}

func graphNode(n *node.GraphNode) *lnrpc.LightningNode {
	out := &lnrpc.LightningNode{
		PubKey: hexKey(n.Key), Alias: n.Alias, Color: color(n.Color),
		LastUpdate: uint32(unix(n.LastUpdate)), Features: features(n.Features),
	}
	for _, a := range n.Addresses {
		out.Addresses = append(out.Addresses, &lnrpc.NodeAddress{Network: a.Network(), Addr: a.String()})
	}
	return out
}

func graphEdge(e *node.GraphEdge) *lnrpc.ChannelEdge {
	out := &lnrpc.ChannelEdge{
		ChannelId: e.SCID.ToUint64(), ChanPoint: e.ChannelPoint.String(),
		Node1Pub: hexKey(e.Node1), Node2Pub: hexKey(e.Node2), Capacity: int64(e.Capacity),
		Node1Policy: policy(e.Policy1), Node2Policy: policy(e.Policy2),
	}
	for _, p := range []*node.Policy{e.Policy1, e.Policy2} {
		if p != nil {
			out.LastUpdate = max(out.LastUpdate, uint32(unix(p.LastUpdate)))
		}
	}
	return out
}

func policy(p *node.Policy) *lnrpc.RoutingPolicy {
	if p == nil {
		return nil
	}
	return &lnrpc.RoutingPolicy{
		TimeLockDelta: uint32(p.TimeLockDelta), MinHtlc: int64(p.MinHTLC), MaxHtlcMsat: uint64(p.MaxHTLC),
		FeeBaseMsat: int64(p.BaseFee), FeeRateMilliMsat: int64(p.FeePPM), Disabled: p.Disabled,
		LastUpdate: uint32(unix(p.LastUpdate)),
	}
}
