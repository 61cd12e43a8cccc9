package rpcserver

import (
	"google.golang.org/grpc"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

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
