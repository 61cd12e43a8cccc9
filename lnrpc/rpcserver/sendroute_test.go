package rpcserver

import (
	"context"
	"iter"
	"math"
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
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// fakeRoutes is what a fakeNode does with routes.
type fakeRoutes struct {
	gotToRoute node.SendToRoute
	attempt    node.Attempt
	gotBuild   node.BuildRoute
	built      node.Route
	payments   []node.Payment
	gotFee     node.RouteFee
}

func (f *fakeNode) EstimateRouteFee(_ context.Context, r node.RouteFee) (node.RouteCost, error) {
	f.gotFee = r
	return node.RouteCost{Fee: 1001, TimeLock: 700, Reason: node.FailureNoRoute}, f.err
}

func (f *fakeNode) SendToRoute(_ context.Context, r node.SendToRoute) (node.Attempt, error) {
	f.gotToRoute = r
	return f.attempt, f.err
}

func (f *fakeNode) BuildRoute(_ context.Context, r node.BuildRoute) (node.Route, error) {
	f.gotBuild = r
	return f.built, f.err
}

func (f *fakeNode) TrackPayments(context.Context) iter.Seq2[node.Payment, error] {
	return all(f.payments, f.err)
}

// A route that was told can be sent as it is; what becomes of it is told with its failure.
func TestSendToRouteV2(t *testing.T) {
	w := up(t)
	_, a := point(1)
	_, b := point(2)
	addr := [32]byte{9}
	way := node.Route{TotalAmount: 1_237_566, TotalFees: 2_999, TotalTimeLock: 900, Hops: []node.Hop{
		{Node: a, SCID: lnwire.NewShortChanIDFromInt(11), Capacity: 5_000_000, AmountToForward: 1_234_567, Fee: 2_999, Expiry: 820,
			CustomRecords: map[uint64][]byte{65536: {1}}},
		{Node: b, SCID: lnwire.NewShortChanIDFromInt(12), Capacity: 9, AmountToForward: 1_234_567, Expiry: 820,
			PaymentAddr: &addr, TotalAmount: 2_000_000, Metadata: []byte{4}},
	}}
	update := &lnwire.ChannelUpdate1{ShortChannelID: lnwire.NewShortChanIDFromInt(77)}
	w.node.attempt = node.Attempt{ID: 4, Status: node.AttemptFailed, Route: way,
		Failure: &node.AttemptFailure{SourceIndex: 1, Message: lnwire.NewFeeInsufficient(55, *update)}}
	c, ctx := routerrpc.NewRouterClient(w.admin(t)), within(t)
	in := &routerrpc.SendToRouteRequest{PaymentHash: make([]byte, 32), Route: route(&way, true), SkipTempErr: true}
	got, err := c.SendToRouteV2(ctx, in)
	require.NoError(t, err)
	require.True(t, w.node.gotToRoute.SkipTempErr)
	sent := way
	sent.TotalFees = 0 // computed by the node, as each hop's is
	sent.Hops = append([]node.Hop(nil), way.Hops...)
	for i := range sent.Hops {
		sent.Hops[i].Fee, sent.Hops[i].Capacity = 0, 0
	}
	require.Equal(t, sent, w.node.gotToRoute.Route)
	require.Equal(t, lnrpc.HTLCAttempt_FAILED, got.Status)
	require.Equal(t, lnrpc.Failure_FEE_INSUFFICIENT, got.Failure.Code)
	require.EqualValues(t, 1, got.Failure.FailureSourceIndex)
	require.EqualValues(t, 55, got.Failure.HtlcMsat)
	require.EqualValues(t, 77, got.Failure.ChannelUpdate.ChanId)
	require.True(t, proto.Equal(in.Route, got.Route))

	for err, code := range map[error]codes.Code{
		node.ErrAlreadyPaid: codes.AlreadyExists, node.ErrInTransition: codes.AlreadyExists, node.ErrInvalid: codes.InvalidArgument,
		node.ErrPeerOffline: codes.FailedPrecondition, node.ErrInsufficientFunds: codes.FailedPrecondition,
	} {
		w.node.err = err
		_, err = c.SendToRouteV2(ctx, in)
		require.Equal(t, code, status.Code(err), "%v", err)
	}
	w.node.err = nil
	hash := make([]byte, 32)
	one := func(change func(*lnrpc.Hop)) *lnrpc.Route {
		h := &lnrpc.Hop{ChanId: 1, AmtToForward: 5}
		change(h)
		return &lnrpc.Route{TotalAmt: 5, Hops: []*lnrpc.Hop{h}}
	}
	for name, r := range map[string]struct {
		in   *routerrpc.SendToRouteRequest
		code codes.Code
	}{
		"no route":     {&routerrpc.SendToRouteRequest{PaymentHash: hash}, codes.InvalidArgument},
		"no hash":      {&routerrpc.SendToRouteRequest{Route: one(func(*lnrpc.Hop) {})}, codes.InvalidArgument},
		"no key":       {&routerrpc.SendToRouteRequest{PaymentHash: hash, Route: one(func(h *lnrpc.Hop) { h.PubKey = "02" })}, codes.InvalidArgument},
		"negative":     {&routerrpc.SendToRouteRequest{PaymentHash: hash, Route: one(func(h *lnrpc.Hop) { h.AmtToForwardMsat = -1 })}, codes.InvalidArgument},
		"short secret": {&routerrpc.SendToRouteRequest{PaymentHash: hash, Route: one(func(h *lnrpc.Hop) { h.MppRecord = &lnrpc.MPPRecord{} })}, codes.InvalidArgument},
		"endless":      {&routerrpc.SendToRouteRequest{PaymentHash: hash, Route: &lnrpc.Route{Hops: make([]*lnrpc.Hop, maxRouteHops+1)}}, codes.InvalidArgument},
		"amp":          {&routerrpc.SendToRouteRequest{PaymentHash: hash, Route: one(func(h *lnrpc.Hop) { h.AmpRecord = &lnrpc.AMPRecord{} })}, codes.Unimplemented},
		"blinded":      {&routerrpc.SendToRouteRequest{PaymentHash: hash, Route: one(func(h *lnrpc.Hop) { h.EncryptedData = hash })}, codes.Unimplemented},
		"first hop": {&routerrpc.SendToRouteRequest{PaymentHash: hash, Route: one(func(*lnrpc.Hop) {}),
			FirstHopCustomRecords: map[uint64][]byte{65536: {1}}}, codes.Unimplemented},
	} {
		_, err := c.SendToRouteV2(ctx, r.in)
		require.Equal(t, r.code, status.Code(err), "%s: %v", name, err)
	}
	_, err = c.SendToRouteV2(ctx, &routerrpc.SendToRouteRequest{PaymentHash: hash, Route: one(func(*lnrpc.Hop) {})})
	require.NoError(t, err)
	require.EqualValues(t, 5000, w.node.gotToRoute.Route.TotalAmount, "satoshis where there is nothing more exact")
}

func TestBuildRoute(t *testing.T) {
	w := up(t)
	_, a := point(1)
	_, b := point(2)
	w.node.built = node.Route{TotalAmount: 5, Hops: []node.Hop{{Node: a}, {Node: b}}}
	c, ctx := routerrpc.NewRouterClient(w.admin(t)), within(t)
	addr := append([]byte{1}, make([]byte, 31)...)
	got, err := c.BuildRoute(ctx, &routerrpc.BuildRouteRequest{AmtMsat: 5, FinalCltvDelta: 40, OutgoingChanId: 77,
		HopPubkeys: [][]byte{a[:], b[:]}, PaymentAddr: addr})
	require.NoError(t, err)
	require.Len(t, got.Route.Hops, 2)
	require.Equal(t, node.BuildRoute{Hops: []node.PubKey{a, b}, Amount: 5, FinalCLTVDelta: 40,
		OutgoingChan: lnwire.NewShortChanIDFromInt(77), PaymentAddr: &[32]byte{1}}, w.node.gotBuild)
	for name, in := range map[string]*routerrpc.BuildRouteRequest{
		"no hops":  {},
		"too many": {HopPubkeys: make([][]byte, maxRouteHops+1)},
		"no key":   {HopPubkeys: [][]byte{{2}}},
		"delta":    {HopPubkeys: [][]byte{a[:]}, FinalCltvDelta: -1},
		"amount":   {HopPubkeys: [][]byte{a[:]}, AmtMsat: -1},
		"secret":   {HopPubkeys: [][]byte{a[:]}, PaymentAddr: []byte{1}},
	} {
		_, err := c.BuildRoute(ctx, in)
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%s: %v", name, err)
	}
	w.node.err = node.ErrNoRoute
	_, err = c.BuildRoute(ctx, &routerrpc.BuildRouteRequest{HopPubkeys: [][]byte{a[:]}})
	require.Equal(t, codes.NotFound, status.Code(err))
}

func TestTrackPaymentsTellsOfAll(t *testing.T) {
	w := up(t)
	w.node.payments = []node.Payment{
		{Hash: lntypes.Hash{1}, Status: node.PaymentInFlight}, {Hash: lntypes.Hash{2}, Status: node.PaymentFailed},
		{Hash: lntypes.Hash{1}, Status: node.PaymentSucceeded},
	}
	c, ctx := routerrpc.NewRouterClient(w.admin(t)), within(t)
	s, err := c.TrackPayments(ctx, &routerrpc.TrackPaymentsRequest{})
	require.NoError(t, err)
	require.Len(t, received(t, s), 3)
	s, err = c.TrackPayments(ctx, &routerrpc.TrackPaymentsRequest{NoInflightUpdates: true})
	require.NoError(t, err)
	got := received(t, s)
	require.Len(t, got, 2)
	require.Equal(t, lnrpc.Payment_FAILED, got[0].Status)
}

func TestEstimateRouteFee(t *testing.T) {
	w := up(t)
	_, a := point(1)
	c, ctx := routerrpc.NewRouterClient(w.admin(t)), within(t)
	got, err := c.EstimateRouteFee(ctx, &routerrpc.RouteFeeRequest{Dest: a[:], AmtSat: 5})
	require.NoError(t, err)
	require.Equal(t, node.RouteFee{Destination: a, Amount: 5000}, w.node.gotFee)
	require.EqualValues(t, 1001, got.RoutingFeeMsat)
	require.EqualValues(t, 700, got.TimeLockDelay)
	require.Equal(t, lnrpc.PaymentFailureReason_FAILURE_REASON_NO_ROUTE, got.FailureReason)
	_, err = c.EstimateRouteFee(ctx, &routerrpc.RouteFeeRequest{PaymentRequest: "lnbcrt1", Timeout: 3})
	require.NoError(t, err)
	require.Equal(t, node.RouteFee{PaymentRequest: "lnbcrt1", Timeout: 3 * time.Second}, w.node.gotFee)
	for name, in := range map[string]*routerrpc.RouteFeeRequest{
		"nothing": {}, "both": {Dest: a[:], AmtSat: 5, PaymentRequest: "x"}, "no amount": {Dest: a[:]},
		"no key": {Dest: []byte{2}, AmtSat: 5}, "long": {PaymentRequest: string(make([]byte, maxPayReq+1))},
		"patience": {PaymentRequest: "x", Timeout: 1 << 31},
	} {
		_, err := c.EstimateRouteFee(ctx, in)
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%s: %v", name, err)
	}
}

// Every field of a route's query is honoured, or refused by name.
func TestQueryRoutesTakesAllFields(t *testing.T) {
	_, key := point(1)
	req, err := routeQuery(&lnrpc.QueryRoutesRequest{PubKey: hexKey(key), Amt: 1, TimePref: 0.5,
		IgnoredEdges:      []*lnrpc.EdgeLocator{{ChannelId: 7}, {ChannelId: 8, DirectionReverse: true}},
		DestCustomRecords: map[uint64][]byte{65536: {1}}, DestFeatures: []lnrpc.FeatureBit{lnrpc.FeatureBit_MPP_OPT}})
	require.NoError(t, err)
	require.Equal(t, []node.Edge{{SCID: lnwire.NewShortChanIDFromInt(7)}, {SCID: lnwire.NewShortChanIDFromInt(8), Reverse: true}}, req.IgnoreEdges)
	require.Equal(t, map[uint64][]byte{65536: {1}}, req.CustomRecords)
	require.Equal(t, 0.5, req.TimePref)
	for name, in := range map[string]*lnrpc.QueryRoutesRequest{
		"edges":    {IgnoredEdges: make([]*lnrpc.EdgeLocator, maxIgnored+1)},
		"record":   {DestCustomRecords: map[uint64][]byte{8: {1}}},
		"features": {DestFeatures: []lnrpc.FeatureBit{-1}},
		"pref":     {TimePref: math.NaN()},
	} {
		in.PubKey = hexKey(key)
		_, err := routeQuery(in)
		require.Equal(t, codes.InvalidArgument, status.Code(err), name)
	}
	_, err = routeQuery(&lnrpc.QueryRoutesRequest{PubKey: hexKey(key), BlindedPaymentPaths: []*lnrpc.BlindedPaymentPath{{}}})
	require.Equal(t, codes.Unimplemented, status.Code(err))
}
