package node

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/router"
)

// UpdateAssetPolicy changes what is named, on one channel or on all in an asset, and tells the network.
func (n *Node) UpdateAssetPolicy(_ context.Context, req UpdateAssetPolicy) (changed int, failed []FailedPolicyUpdate, err error) {
	all, err := n.policyChannels(req)
	if err != nil {
		return 0, nil, err
	}
	for _, d := range all {
		err := d.token.checkDelta(req.TimeLockDelta)
		if err == nil {
			err = n.updatePolicy(d, req.UpdatePolicy)
		}
		if err != nil {
			failed = append(failed, FailedPolicyUpdate{ChannelPoint: d.channel().Params().Outpoint, Reason: err.Error(), Err: err})
			continue
		}
		changed++
	}
	return changed, failed, nil
}

// policyChannels are the channels that an update is for.
func (n *Node) policyChannels(req UpdateAssetPolicy) ([]*driver, error) {
	if at := req.ChannelPoint; at != nil {
		d, err := n.tokenAt(*at)
		switch {
		case err != nil:
			return nil, err
		case d.channel().State() >= htlc.Halted:
			return nil, fmt.Errorf("%w: channel %v is %v", ErrInvalid, d.id, d.channel().State())
		}
		return []*driver{d}, nil
	}
	t, err := n.tokens.named(req.Symbol)
	if err != nil {
		return nil, err
	}
	return n.sw.filter(func(d *driver) bool { return d.token == t && d.channel().State() < htlc.Halted }), nil
}

// checkDelta refuses a time lock delta in which an HTLC couldn't be taken on both chains, and one beyond what
// anybody would forward.
func (t *token) checkDelta(delta *uint16) error {
	least := t.policy().CLTVDelta
	if delta == nil || *delta >= least && *delta <= maxExpiryAhead {
		return nil
	}
	return fmt.Errorf("%w: time lock delta of %d seconds; on chain %s it may be %d to %d", ErrInvalid, uint32(*delta)*evm.Tick,
		t.chain.cfg.Name, uint32(least)*evm.Tick, maxExpiryAhead*evm.Tick)
}

// AssetFeeReport lists what this node and its peers ask on channels in assets.
func (n *Node) AssetFeeReport(context.Context) (AssetFeeReport, error) {
	var r AssetFeeReport
	for _, d := range n.sw.tokens() {
		if d.channel().State() == htlc.Open {
			r.Channels = append(r.Channels, n.assetChannelFee(d))
		}
	}
	slices.SortFunc(r.Channels, func(a, b AssetChannelFee) int {
		return bytes.Compare(a.ChannelPoint.Hash[:], b.ChannelPoint.Hash[:])
	})
	earned, err := n.sw.tokenHistory.earned(n.now())
	if err != nil {
		return AssetFeeReport{}, err
	}
	for id, sum := range earned {
		r.Earned = append(r.Earned, AssetEarned{Asset: n.asset(id), Earned: sum})
	}
	slices.SortFunc(r.Earned, func(a, b AssetEarned) int { return bytes.Compare(a.Asset.ID[:], b.Asset.ID[:]) })
	return r, nil
}

func (n *Node) assetChannelFee(d *driver) AssetChannelFee {
	c := d.channel()
	p := c.Params()
	v := AssetChannelFee{
		Asset: n.asset(d.token.ID), SCID: c.SCID(), ChannelPoint: p.Outpoint, Peer: PubKey(p.Peer), Ours: n.policies.Policy(d),
	}
	if edge, ok := n.graph.Channel(router.ChanID{Chain: d.token.hash(), SCID: v.SCID}); ok {
		v.Theirs = graphPolicy(edge.PolicyOf(p.Peer))
	}
	if node, ok := n.graph.Node(p.Peer); ok {
		v.PeerAlias = graphNode(node).Alias
	}
	return v
}
