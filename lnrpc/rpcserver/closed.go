package rpcserver

import (
	"context"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"google.golang.org/grpc"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// ClosedChannels is of lnrpc.LightningServer.
func (l *lightning) ClosedChannels(ctx context.Context, in *lnrpc.ClosedChannelsRequest) (*lnrpc.ClosedChannelsResponse, error) {
	all, err := l.s.node().ClosedChannels(ctx)
	if err != nil {
		return nil, err
	}
	wanted := map[node.CloseKind]bool{
		node.ClosedCooperatively: in.Cooperative, node.ClosedByUs: in.LocalForce, node.ClosedByPeer: in.RemoteForce,
		node.ClosedByBreach: in.Breach, node.NeverFunded: in.FundingCanceled, node.Abandoned: in.Abandoned,
	}
	some := false
	for _, w := range wanted {
		some = some || w
	}
	out := &lnrpc.ClosedChannelsResponse{}
	for i := range all {
		if !some || wanted[all[i].Kind] {
			out.Channels = append(out.Channels, closedChannel(&all[i]))
		}
	}
	return out, nil
}

func closedChannel(c *node.ClosedChannel) *lnrpc.ChannelCloseSummary {
	out := &lnrpc.ChannelCloseSummary{
		ChannelPoint: c.ChannelPoint.String(), ChanId: c.SCID.ToUint64(), ChainHash: c.Chain.String(),
		RemotePubkey: hexKey(c.Peer), Capacity: int64(c.Capacity), CloseHeight: c.Height,
		SettledBalance: int64(c.Settled), CloseType: lnrpc.ChannelCloseSummary_ClosureType(c.Kind),
	}
	if c.Txid != (chainhash.Hash{}) {
		out.ClosingTxHash = c.Txid.String()
	}
	if c.OpenerKnown {
		out.OpenInitiator = lnrpc.Initiator_INITIATOR_REMOTE
		if c.Initiator {
			out.OpenInitiator = lnrpc.Initiator_INITIATOR_LOCAL
		}
	}
	return out
}

// SubscribeChannelEvents is of lnrpc.LightningServer. A cooperative close, which leaves
// nothing to resolve, is told as closed and then as fully resolved.
func (l *lightning) SubscribeChannelEvents(_ *lnrpc.ChannelEventSubscription,
	to grpc.ServerStreamingServer[lnrpc.ChannelEventUpdate]) error {

	for e, err := range l.s.node().ChannelEvents(to.Context()) {
		if err != nil {
			return err
		}
		for _, u := range channelEvent(&e) {
			if err := to.Send(u); err != nil {
				return err
			}
		}
	}
	return nil
}

func channelEvent(e *node.ChannelEvent) []*lnrpc.ChannelEventUpdate {
	point := channelPoint(e.ChannelPoint)
	switch e.Kind {
	case node.ChannelPending:
		return []*lnrpc.ChannelEventUpdate{{
			Type: lnrpc.ChannelEventUpdate_PENDING_OPEN_CHANNEL,
			Channel: &lnrpc.ChannelEventUpdate_PendingOpenChannel{PendingOpenChannel: &lnrpc.PendingUpdate{
				Txid: e.ChannelPoint.Hash[:], OutputIndex: e.ChannelPoint.Index,
			}},
		}}
	case node.ChannelOpened:
		return []*lnrpc.ChannelEventUpdate{{
			Type:    lnrpc.ChannelEventUpdate_OPEN_CHANNEL,
			Channel: &lnrpc.ChannelEventUpdate_OpenChannel{OpenChannel: channel(&e.Channel, false)},
		}}
	case node.ChannelActive:
		return []*lnrpc.ChannelEventUpdate{{
			Type:    lnrpc.ChannelEventUpdate_ACTIVE_CHANNEL,
			Channel: &lnrpc.ChannelEventUpdate_ActiveChannel{ActiveChannel: point},
		}}
	case node.ChannelInactive:
		return []*lnrpc.ChannelEventUpdate{{
			Type:    lnrpc.ChannelEventUpdate_INACTIVE_CHANNEL,
			Channel: &lnrpc.ChannelEventUpdate_InactiveChannel{InactiveChannel: point},
		}}
	case node.ChannelUnfunded:
		return []*lnrpc.ChannelEventUpdate{{
			Type:    lnrpc.ChannelEventUpdate_CHANNEL_FUNDING_TIMEOUT,
			Channel: &lnrpc.ChannelEventUpdate_ChannelFundingTimeout{ChannelFundingTimeout: point},
		}}
	case node.ChannelClosed:
		return []*lnrpc.ChannelEventUpdate{{
			Type:    lnrpc.ChannelEventUpdate_CLOSED_CHANNEL,
			Channel: &lnrpc.ChannelEventUpdate_ClosedChannel{ClosedChannel: closedChannel(&e.Closed)},
		}, {
			Type:    lnrpc.ChannelEventUpdate_FULLY_RESOLVED_CHANNEL,
			Channel: &lnrpc.ChannelEventUpdate_FullyResolvedChannel{FullyResolvedChannel: point},
		}}
	}
	return nil
}
