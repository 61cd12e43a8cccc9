package node

import (
	"context"
	"fmt"
	"slices"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/router"
)

// NetworkInfo sums up the public graph of bitcoin.
type NetworkInfo struct {
	Nodes, Channels  int
	MaxChannels      int // of one node
	Capacity         btcutil.Amount
	Smallest, Median btcutil.Amount // 0 without channels
	Largest          btcutil.Amount
}

// ChannelInfo finds a channel of the graph.
func (n *Node) ChannelInfo(_ context.Context, scid lnwire.ShortChannelID) (GraphEdge, error) {
	c, ok := n.graph.Channel(router.ChanID{Chain: n.chainHash(), SCID: scid})
	if !ok {
		return GraphEdge{}, fmt.Errorf("%w: no channel %v", ErrNotFound, scid)
	}
	return n.graphEdge(c), nil
}

// ChannelInfoAt finds a channel by its funding output.
func (n *Node) ChannelInfoAt(ctx context.Context, point wire.OutPoint) (GraphEdge, error) {
	if d := n.channelAt(point); d != nil {
		return n.ChannelInfo(ctx, d.channel().SCID())
	}
	c, ok := n.graph.ChannelAt(*n.cfg.Network.GenesisHash, point)
	if !ok {
		return GraphEdge{}, fmt.Errorf("%w: no channel has funding output %v", ErrNotFound, point)
	}
	return n.graphEdge(c), nil
}

// NetworkInfo walks the graph.
func (n *Node) NetworkInfo(ctx context.Context) (NetworkInfo, error) {
	var v NetworkInfo
	var sizes []btcutil.Amount
	of := make(map[router.Node]int)
	for c := range n.graph.Channels() {
		if err := ctx.Err(); err != nil {
			return v, err
		}
		if !c.Public || !n.inBitcoin(c) {
			continue
		}
		size := c.Capacity.ToSatoshis()
		sizes = append(sizes, size)
		v.Capacity += size
		of[c.Nodes[0]]++
		of[c.Nodes[1]]++
	}
	v.Nodes, v.Channels = len(of), len(sizes)
	for _, count := range of {
		v.MaxChannels = max(v.MaxChannels, count)
	}
	if k := len(sizes); k > 0 {
		slices.Sort(sizes)
		v.Smallest, v.Median, v.Largest = sizes[0], sizes[k/2], sizes[k-1]
		if k%2 == 0 {
			v.Median = (sizes[k/2-1] + sizes[k/2]) / 2
		}
	}
	return v, nil
}
