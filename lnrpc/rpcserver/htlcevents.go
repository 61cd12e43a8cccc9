package rpcserver

import (
	"google.golang.org/grpc"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// SubscribeHtlcEvents is of routerrpc.RouterServer. A caller that reads too slowly is cut off.
func (r *router) SubscribeHtlcEvents(_ *routerrpc.SubscribeHtlcEventsRequest, to grpc.ServerStreamingServer[routerrpc.HtlcEvent]) error {
	for e, err := range r.s.node().HTLCEvents(to.Context()) {
		if err != nil {
			return err
		}
		if err := to.Send(htlcEvent(&e)); err != nil {
			return err
		}
	}
	return nil
}

func htlcEvent(e *node.HTLCEvent) *routerrpc.HtlcEvent {
	if e.Kind == node.HTLCSubscribed {
		return &routerrpc.HtlcEvent{Event: &routerrpc.HtlcEvent_SubscribedEvent{SubscribedEvent: &routerrpc.SubscribedEvent{}}}
	}
	out := &routerrpc.HtlcEvent{
		IncomingChannelId: e.In.ToUint64(), OutgoingChannelId: e.Out.ToUint64(),
		IncomingHtlcId: e.InID, OutgoingHtlcId: e.OutID,
		TimestampNs: uint64(unixNano(e.Time)), EventType: routerrpc.HtlcEvent_EventType(e.Role),
	}
	info := &routerrpc.HtlcInfo{
		IncomingTimelock: e.ExpiryIn, OutgoingTimelock: e.ExpiryOut,
		IncomingAmtMsat: uint64(e.AmtIn), OutgoingAmtMsat: uint64(e.AmtOut),
	}
	switch e.Kind {
	case node.HTLCForwarded:
		out.Event = &routerrpc.HtlcEvent_ForwardEvent{ForwardEvent: &routerrpc.ForwardEvent{Info: info}}
	case node.HTLCForwardFailed:
		out.Event = &routerrpc.HtlcEvent_ForwardFailEvent{ForwardFailEvent: &routerrpc.ForwardFailEvent{}}
	case node.HTLCSettled:
		out.Event = &routerrpc.HtlcEvent_SettleEvent{SettleEvent: &routerrpc.SettleEvent{Preimage: e.Preimage[:]}}
	case node.HTLCFinal:
		out.Event = &routerrpc.HtlcEvent_FinalHtlcEvent{FinalHtlcEvent: &routerrpc.FinalHtlcEvent{Settled: e.Settled, Offchain: true}}
	case node.HTLCLinkFailed:
		out.Event = &routerrpc.HtlcEvent_LinkFailEvent{LinkFailEvent: &routerrpc.LinkFailEvent{
			Info: info, WireFailure: failureCodeOf(e.Failure), FailureDetail: routerrpc.FailureDetail(e.Detail),
			FailureString: words(e.Why, e.Detail.String(), e.Failure.String()),
		}}
	}
	return out
}

// words is the first that says something.
func words(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}
