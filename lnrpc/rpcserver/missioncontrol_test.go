package rpcserver

import (
	"context"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
	paths "github.com/nichework/nwnd/router"
)

// fakeMission is what a fakeNode knows of pairs.
type fakeMission struct {
	pairs    []paths.Pair
	imported []paths.Pair
	forced   bool
	resets   int
	gotAmt   lnwire.MilliSatoshi
}

func (f *fakeNode) MissionControl(context.Context) ([]paths.Pair, error) { return f.pairs, f.err }

func (f *fakeNode) ResetMissionControl(context.Context) error { f.resets++; return f.err }

func (f *fakeNode) ImportMissionControl(_ context.Context, pairs []paths.Pair, force bool) error {
	f.imported, f.forced = pairs, force
	return f.err
}

func (f *fakeNode) MissionControlSettings(context.Context) (paths.Settings, error) {
	return paths.Settings{HalfLife: time.Hour, Small: 0.95, Large: 0.6, Pairs: 500}, f.err
}

func (f *fakeNode) PairProbability(_ context.Context, from, to node.PubKey, amount lnwire.MilliSatoshi) (float64, paths.Pair, error) {
	f.gotAmt = amount
	return 0.5, paths.Pair{From: paths.Node(from), To: paths.Node(to), Failed: 7000, FailedAt: time.Unix(9, 0)}, f.err
}

func TestMissionControlComesAndGoes(t *testing.T) {
	w := up(t)
	_, a := point(1)
	_, b := point(2)
	pair := paths.Pair{From: paths.Node(a), To: paths.Node(b), Failed: 5_500, Passed: 2_000, FailedAt: time.Unix(8, 0), PassedAt: time.Unix(9, 0)}
	w.node.pairs = []paths.Pair{pair, {From: paths.Node(b), To: paths.Node(a), FailedAt: time.Unix(8, 0)}}
	c, ctx := routerrpc.NewRouterClient(w.admin(t)), within(t)
	got, err := c.QueryMissionControl(ctx, &routerrpc.QueryMissionControlRequest{})
	require.NoError(t, err)
	want := &routerrpc.QueryMissionControlResponse{Pairs: []*routerrpc.PairHistory{
		{NodeFrom: a[:], NodeTo: b[:], History: &routerrpc.PairData{FailTime: 8, FailAmtSat: 5, FailAmtMsat: 5_500,
			SuccessTime: 9, SuccessAmtSat: 2, SuccessAmtMsat: 2_000}},
		{NodeFrom: b[:], NodeTo: a[:], History: &routerrpc.PairData{FailTime: 8}},
	}}
	require.True(t, proto.Equal(want, got), "want %v\ngot  %v", want, got)

	_, err = c.XImportMissionControl(ctx, &routerrpc.XImportMissionControlRequest{Pairs: got.Pairs, Force: true})
	require.NoError(t, err)
	require.True(t, w.node.forced)
	require.Equal(t, w.node.pairs, w.node.imported, "what was told can be taken in as it is")

	_, err = c.ResetMissionControl(ctx, &routerrpc.ResetMissionControlRequest{})
	require.NoError(t, err)
	require.Equal(t, 1, w.node.resets)

	p, err := c.QueryProbability(ctx, &routerrpc.QueryProbabilityRequest{FromNode: a[:], ToNode: b[:], AmtMsat: 44})
	require.NoError(t, err)
	require.Equal(t, 0.5, p.Probability)
	require.EqualValues(t, 44, w.node.gotAmt)
	require.EqualValues(t, 7000, p.History.FailAmtMsat)
	_, err = c.QueryProbability(ctx, &routerrpc.QueryProbabilityRequest{FromNode: a[:], ToNode: b[:], AmtMsat: -1})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
}

func TestImportsThatMakeNoSenseAreRefused(t *testing.T) {
	w := up(t)
	_, a := point(1)
	_, b := point(2)
	c, ctx := routerrpc.NewRouterClient(w.admin(t)), within(t)
	for name, pairs := range map[string][]*routerrpc.PairHistory{
		"none":        nil,
		"no key":      {{NodeFrom: a[:], History: &routerrpc.PairData{FailTime: 1}}},
		"one node":    {{NodeFrom: a[:], NodeTo: a[:], History: &routerrpc.PairData{FailTime: 1}}},
		"no history":  {{NodeFrom: a[:], NodeTo: b[:]}},
		"no time":     {{NodeFrom: a[:], NodeTo: b[:], History: &routerrpc.PairData{FailAmtSat: 1}}},
		"two amounts": {{NodeFrom: a[:], NodeTo: b[:], History: &routerrpc.PairData{FailTime: 1, FailAmtSat: 1, FailAmtMsat: 2000}}},
		"negative":    {{NodeFrom: a[:], NodeTo: b[:], History: &routerrpc.PairData{FailTime: 1, SuccessTime: -1}}},
		"amount":      {{NodeFrom: a[:], NodeTo: b[:], History: &routerrpc.PairData{SuccessTime: 1, SuccessAmtMsat: -5}}},
	} {
		_, err := c.XImportMissionControl(ctx, &routerrpc.XImportMissionControlRequest{Pairs: pairs})
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%s: %v", name, err)
	}
	require.Nil(t, w.node.imported)
}

// The settings can be read, and written as they were read; nothing else is taken in silence.
func TestMissionControlConfigIsWhatItIs(t *testing.T) {
	w := up(t)
	c, ctx := routerrpc.NewRouterClient(w.admin(t)), within(t)
	got, err := c.GetMissionControlConfig(ctx, &routerrpc.GetMissionControlConfigRequest{})
	require.NoError(t, err)
	require.EqualValues(t, 3600, got.Config.GetApriori().HalfLifeSeconds)
	require.EqualValues(t, 500, got.Config.MaximumPaymentResults)
	_, err = c.SetMissionControlConfig(ctx, &routerrpc.SetMissionControlConfigRequest{Config: got.Config})
	require.NoError(t, err)
	old := proto.Clone(got.Config).(*routerrpc.MissionControlConfig)
	old.EstimatorConfig = nil
	_, err = c.SetMissionControlConfig(ctx, &routerrpc.SetMissionControlConfigRequest{Config: old})
	require.NoError(t, err)
	for name, change := range map[string]func(*routerrpc.MissionControlConfig){
		"model":                          func(c *routerrpc.MissionControlConfig) { c.Model = routerrpc.MissionControlConfig_BIMODAL },
		"maximum_payment_results":        func(c *routerrpc.MissionControlConfig) { c.MaximumPaymentResults++ },
		"minimum_failure_relax_interval": func(c *routerrpc.MissionControlConfig) { c.MinimumFailureRelaxInterval++ },
		"half_life_seconds":              func(c *routerrpc.MissionControlConfig) { c.GetApriori().HalfLifeSeconds++ },
		"hop_probability":                func(c *routerrpc.MissionControlConfig) { c.GetApriori().HopProbability = 0.5 },
		"weight":                         func(c *routerrpc.MissionControlConfig) { c.GetApriori().Weight = 0.5 },
		"capacity_fraction":              func(c *routerrpc.MissionControlConfig) { c.GetApriori().CapacityFraction = 0.5 },
	} {
		other := proto.Clone(got.Config).(*routerrpc.MissionControlConfig)
		change(other)
		_, err = c.SetMissionControlConfig(ctx, &routerrpc.SetMissionControlConfigRequest{Config: other})
		require.Equal(t, codes.Unimplemented, status.Code(err), name)
		require.ErrorContains(t, err, name)
	}
	_, err = c.SetMissionControlConfig(ctx, &routerrpc.SetMissionControlConfigRequest{})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
}
