package rpcserver

import (
	"context"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// GetChanInfo is of lnrpc.LightningServer.
func (l *lightning) GetChanInfo(ctx context.Context, in *lnrpc.ChanInfoRequest) (*lnrpc.ChannelEdge, error) {
	var e node.GraphEdge
	var err error
	switch {
	case in.IncludeAuthProof:
		return nil, unimplemented("include_auth_proof")
	case in.ChanId != 0:
		e, err = l.s.node().ChannelInfo(ctx, lnwire.NewShortChanIDFromInt(in.ChanId))
	case in.ChanPoint != "":
		point, bad := wire.NewOutPointFromString(in.ChanPoint)
		if bad != nil {
			return nil, invalid("chan_point: %v", bad)
		}
		e, err = l.s.node().ChannelInfoAt(ctx, *point)
	default:
		return nil, invalid("specify either chan_id or chan_point")
	}
	if err != nil {
		return nil, notFound(err, "edge not found")
	}
	return graphEdge(&e), nil
}

// GetNetworkInfo is of lnrpc.LightningServer. The diameter, which takes a search from
// every node, is left out, as are zombies, which aren't kept.
func (l *lightning) GetNetworkInfo(ctx context.Context, _ *lnrpc.NetworkInfoRequest) (*lnrpc.NetworkInfo, error) {
	v, err := l.s.node().NetworkInfo(ctx)
	if err != nil {
		return nil, err
	}
	out := &lnrpc.NetworkInfo{
		MaxOutDegree: uint32(v.MaxChannels), NumNodes: uint32(v.Nodes), NumChannels: uint32(v.Channels),
		TotalNetworkCapacity: int64(v.Capacity), MinChannelSize: int64(v.Smallest),
		MaxChannelSize: int64(v.Largest), MedianChannelSizeSat: int64(v.Median),
	}
	if v.Channels > 0 {
		out.AvgOutDegree = float64(2*v.Channels) / float64(v.Nodes)
		out.AvgChannelSize = float64(v.Capacity) / float64(v.Channels)
	}
	return out, nil
}
