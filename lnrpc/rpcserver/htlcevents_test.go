package rpcserver

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// fakeRouter is what a fakeNode answers about routes and HTLCs.
type fakeRouter struct {
	htlcs     []node.HTLCEvent
	failed    []node.FailedForward
	gotFailed node.ListFailedForwards
	fakeMission
	fakeRoutes
}

func (f *fakeNode) FailedForwards(_ context.Context, r node.ListFailedForwards) ([]node.FailedForward, error) {
	f.gotFailed = r
	return f.failed, f.err
}

func (f *fakeNode) HTLCEvents(context.Context) iter.Seq2[node.HTLCEvent, error] {
	return all(f.htlcs, f.err)
}

func TestHTLCEventsAreLnds(t *testing.T) {
	w := up(t)
	at := time.Unix(3, 4)
	in, out := lnwire.NewShortChanIDFromInt(11), lnwire.NewShortChanIDFromInt(12)
	w.node.htlcs = []node.HTLCEvent{
		{Kind: node.HTLCSubscribed, Time: at},
		{Kind: node.HTLCForwarded, Role: node.HTLCForward, Time: at, In: in, Out: out, InID: 1, OutID: 2, ExpiryIn: 3,
			ExpiryOut: 4, AmtIn: 5, AmtOut: 6},
		{Kind: node.HTLCForwardFailed, Role: node.HTLCSend, Time: at, Out: out, OutID: 2},
		{Kind: node.HTLCSettled, Role: node.HTLCReceive, Time: at, In: in, InID: 1, Preimage: lntypes.Preimage{7}},
		{Kind: node.HTLCLinkFailed, Role: node.HTLCForward, Time: at, In: in, Out: out, AmtIn: 5,
			Failure: lnwire.CodeTemporaryChannelFailure, Detail: node.DetailInsufficientBalance, Why: "has 1, needs 2"},
		{Kind: node.HTLCLinkFailed, Role: node.HTLCReceive, Time: at, In: in,
			Failure: lnwire.CodeMPPTimeout, Detail: node.DetailMPPTimeout},
		{Kind: node.HTLCFinal, Time: at, In: in, InID: 1, Settled: true},
	}
	w.node.err = node.ErrBusy
	s, err := routerrpc.NewRouterClient(w.admin(t)).SubscribeHtlcEvents(within(t), &routerrpc.SubscribeHtlcEventsRequest{})
	require.NoError(t, err)
	const ns = 3_000_000_004
	for _, want := range []*routerrpc.HtlcEvent{
		{Event: &routerrpc.HtlcEvent_SubscribedEvent{SubscribedEvent: &routerrpc.SubscribedEvent{}}},
		{IncomingChannelId: 11, OutgoingChannelId: 12, IncomingHtlcId: 1, OutgoingHtlcId: 2, TimestampNs: ns,
			EventType: routerrpc.HtlcEvent_FORWARD, Event: &routerrpc.HtlcEvent_ForwardEvent{ForwardEvent: &routerrpc.ForwardEvent{
				Info: &routerrpc.HtlcInfo{IncomingTimelock: 3, OutgoingTimelock: 4, IncomingAmtMsat: 5, OutgoingAmtMsat: 6}}}},
		{OutgoingChannelId: 12, OutgoingHtlcId: 2, TimestampNs: ns, EventType: routerrpc.HtlcEvent_SEND,
			Event: &routerrpc.HtlcEvent_ForwardFailEvent{ForwardFailEvent: &routerrpc.ForwardFailEvent{}}},
		{IncomingChannelId: 11, IncomingHtlcId: 1, TimestampNs: ns, EventType: routerrpc.HtlcEvent_RECEIVE,
			Event: &routerrpc.HtlcEvent_SettleEvent{SettleEvent: &routerrpc.SettleEvent{Preimage: append([]byte{7}, make([]byte, 31)...)}}},
		{IncomingChannelId: 11, OutgoingChannelId: 12, TimestampNs: ns, EventType: routerrpc.HtlcEvent_FORWARD,
			Event: &routerrpc.HtlcEvent_LinkFailEvent{LinkFailEvent: &routerrpc.LinkFailEvent{
				Info: &routerrpc.HtlcInfo{IncomingAmtMsat: 5}, WireFailure: lnrpc.Failure_TEMPORARY_CHANNEL_FAILURE,
				FailureDetail: routerrpc.FailureDetail_INSUFFICIENT_BALANCE, FailureString: "has 1, needs 2"}}},
		{IncomingChannelId: 11, TimestampNs: ns, EventType: routerrpc.HtlcEvent_RECEIVE,
			Event: &routerrpc.HtlcEvent_LinkFailEvent{LinkFailEvent: &routerrpc.LinkFailEvent{
				Info: &routerrpc.HtlcInfo{}, WireFailure: lnrpc.Failure_MPP_TIMEOUT,
				FailureDetail: routerrpc.FailureDetail_MPP_INVOICE_TIMEOUT, FailureString: "the other parts didn't come in time"}}},
		{IncomingChannelId: 11, IncomingHtlcId: 1, TimestampNs: ns,
			Event: &routerrpc.HtlcEvent_FinalHtlcEvent{FinalHtlcEvent: &routerrpc.FinalHtlcEvent{Settled: true, Offchain: true}}},
	} {
		got, err := s.Recv()
		require.NoError(t, err)
		require.True(t, proto.Equal(want, got), "want %v\ngot  %v", want, got)
	}
	_, err = s.Recv()
	require.Equal(t, codes.ResourceExhausted, status.Code(err), "it read too slowly")
}

// Each detail that the node tells is lnd's of that name.
func TestFailureDetailsAreNumberedAsInLnd(t *testing.T) {
	for d, name := range map[node.FailureDetail]string{
		node.DetailNone: "NO_DETAIL", node.DetailNotEligible: "LINK_NOT_ELIGIBLE", node.DetailExceedsMax: "HTLC_EXCEEDS_MAX",
		node.DetailInsufficientBalance: "INSUFFICIENT_BALANCE", node.DetailIncompleteForward: "INCOMPLETE_FORWARD",
		node.DetailAddFailed: "HTLC_ADD_FAILED", node.DetailInvoiceCanceled: "INVOICE_CANCELED",
		node.DetailInvoiceExpiry: "INVOICE_EXPIRY_TOO_SOON", node.DetailInvoiceNotOpen: "INVOICE_NOT_OPEN",
		node.DetailMPPTimeout: "MPP_INVOICE_TIMEOUT", node.DetailAddressMismatch: "ADDRESS_MISMATCH",
		node.DetailTotalMismatch: "SET_TOTAL_MISMATCH", node.DetailTotalTooLow: "SET_TOTAL_TOO_LOW",
		node.DetailOverpaid: "SET_OVERPAID", node.DetailUnknownInvoice: "UNKNOWN_INVOICE",
		node.DetailInvalidKeysend: "INVALID_KEYSEND", node.DetailAlreadySettled: "INVOICE_ALREADY_SETTLED",
	} {
		require.Equal(t, name, routerrpc.FailureDetail(d).String())
	}
}

func TestFailedForwardsAreListedWithTheirReason(t *testing.T) {
	w := up(t)
	in, out := lnwire.NewShortChanIDFromInt(11), lnwire.NewShortChanIDFromInt(12)
	w.node.failed = []node.FailedForward{
		{Index: 9, Time: time.Unix(3, 4), In: in, Out: out, InID: 1, AmtIn: 7, AmtOut: 6,
			Failure: lnwire.CodeFeeInsufficient, Detail: node.DetailNone, Why: "7 came, the fee is 2"},
		{Index: 8, Time: time.Unix(3, 4), In: in, Out: out, InID: 1, OutID: 5, AmtOut: 6, Behind: true, Why: "behind us"},
	}
	c, ctx := nwnrpc.NewNodeClient(w.admin(t)), within(t)
	got, err := c.FailedForwards(ctx, &nwnrpc.FailedForwardsRequest{StartTime: 2, BeforeIndex: 10, Max: 3})
	require.NoError(t, err)
	require.Equal(t, node.ListFailedForwards{Before: 10, Max: 3, After: time.Unix(2, 0)}, w.node.gotFailed)
	want := &nwnrpc.FailedForwardsResponse{Forwards: []*nwnrpc.FailedForward{
		{Index: 9, TimestampNs: 3_000_000_004, ChanIdIn: 11, ChanIdOut: 12, IncomingHtlcId: 1, AmtInMsat: 7, AmtOutMsat: 6,
			WireFailure: lnrpc.Failure_FEE_INSUFFICIENT, FailureDetail: routerrpc.FailureDetail_NO_DETAIL, Reason: "7 came, the fee is 2"},
		{Index: 8, TimestampNs: 3_000_000_004, ChanIdIn: 11, ChanIdOut: 12, IncomingHtlcId: 1, OutgoingHtlcId: 5, AmtOutMsat: 6,
			FailedBehind: true, Reason: "behind us"},
	}}
	require.True(t, proto.Equal(want, got), "want %v\ngot  %v", want, got)
	_, err = c.FailedForwards(ctx, &nwnrpc.FailedForwardsRequest{StartTime: 1 << 50})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
}
