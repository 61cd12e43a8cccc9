package rpcserver

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// Whoever may only look sees routes, chances and events, and moves nothing; permissions are lnd's.
func TestReadOnlyMacaroonMovesNothing(t *testing.T) {
	w := up(t)
	raw, err := w.keeper.Bake(t.Context(), ReadOnlyOps())
	require.NoError(t, err)
	conn, ctx := w.dial(t, hex.EncodeToString(raw)), within(t)
	c := routerrpc.NewRouterClient(conn)
	_, a := point(1)

	stream, err := c.SubscribeHtlcEvents(ctx, &routerrpc.SubscribeHtlcEventsRequest{})
	require.NoError(t, err)
	_, ended := stream.Recv()
	all, err := c.TrackPayments(ctx, &routerrpc.TrackPaymentsRequest{})
	require.NoError(t, err)
	_, tracked := all.Recv()
	_, failed := nwnrpc.NewNodeClient(conn).FailedForwards(ctx, &nwnrpc.FailedForwardsRequest{})
	_, query := c.QueryMissionControl(ctx, &routerrpc.QueryMissionControlRequest{})
	_, config := c.GetMissionControlConfig(ctx, &routerrpc.GetMissionControlConfigRequest{})
	_, chance := c.QueryProbability(ctx, &routerrpc.QueryProbabilityRequest{FromNode: a[:], ToNode: a[:]})
	_, fee := c.EstimateRouteFee(ctx, &routerrpc.RouteFeeRequest{Dest: a[:], AmtSat: 1})
	_, build := c.BuildRoute(ctx, &routerrpc.BuildRouteRequest{HopPubkeys: [][]byte{a[:]}})
	for name, err := range map[string]error{"FailedForwards": failed, "QueryMissionControl": query, "GetMissionControlConfig": config,
		"QueryProbability": chance, "EstimateRouteFee": fee, "BuildRoute": build} {
		require.NoError(t, err, name)
	}
	for name, err := range map[string]error{"SubscribeHtlcEvents": ended, "TrackPayments": tracked} {
		require.ErrorContains(t, err, "EOF", name)
	}

	_, send := c.SendToRouteV2(ctx, &routerrpc.SendToRouteRequest{})
	_, reset := c.ResetMissionControl(ctx, &routerrpc.ResetMissionControlRequest{})
	_, imported := c.XImportMissionControl(ctx, &routerrpc.XImportMissionControlRequest{})
	_, set := c.SetMissionControlConfig(ctx, &routerrpc.SetMissionControlConfigRequest{})
	for name, err := range map[string]error{"SendToRouteV2": send, "ResetMissionControl": reset, "XImportMissionControl": imported,
		"SetMissionControlConfig": set} {
		require.ErrorContains(t, err, "permission denied", name)
	}
	require.Zero(t, w.node.resets)
}

// What isn't built says so, so that clients do without.
func TestInterceptorIsNotBuilt(t *testing.T) {
	w := up(t)
	err := w.admin(t).Invoke(within(t), "/routerrpc.Router/HtlcInterceptor", &routerrpc.SubscribeHtlcEventsRequest{}, &routerrpc.HtlcEvent{})
	require.Equal(t, codes.Unimplemented, status.Code(err))
}
