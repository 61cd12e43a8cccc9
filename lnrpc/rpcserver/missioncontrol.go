package rpcserver

import (
	"context"
	"fmt"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/lnrpc/routerrpc"
	paths "github.com/nichework/nwnd/router"
)

// QueryMissionControl is of routerrpc.RouterServer.
func (r *router) QueryMissionControl(ctx context.Context, _ *routerrpc.QueryMissionControlRequest) (*routerrpc.QueryMissionControlResponse, error) {
	pairs, err := r.s.node().MissionControl(ctx)
	if err != nil {
		return nil, err
	}
	out := &routerrpc.QueryMissionControlResponse{Pairs: make([]*routerrpc.PairHistory, len(pairs))}
	for i := range pairs {
		p := &pairs[i]
		out.Pairs[i] = &routerrpc.PairHistory{NodeFrom: p.From[:], NodeTo: p.To[:], History: pairData(p)}
	}
	return out, nil
}

func pairData(p *paths.Pair) *routerrpc.PairData {
	return &routerrpc.PairData{
		FailTime: unix(p.FailedAt), FailAmtSat: int64(p.Failed.ToSatoshis()), FailAmtMsat: int64(p.Failed),
		SuccessTime: unix(p.PassedAt), SuccessAmtSat: int64(p.Passed.ToSatoshis()), SuccessAmtMsat: int64(p.Passed),
	}
}

// ResetMissionControl is of routerrpc.RouterServer.
func (r *router) ResetMissionControl(ctx context.Context, _ *routerrpc.ResetMissionControlRequest) (*routerrpc.ResetMissionControlResponse, error) {
	return &routerrpc.ResetMissionControlResponse{}, r.s.node().ResetMissionControl(ctx)
}

// XImportMissionControl is of routerrpc.RouterServer.
func (r *router) XImportMissionControl(ctx context.Context, in *routerrpc.XImportMissionControlRequest) (*routerrpc.XImportMissionControlResponse, error) {
	if len(in.Pairs) == 0 {
		return nil, invalid("at least one pair required for import")
	}
	pairs := make([]paths.Pair, len(in.Pairs))
	for i, p := range in.Pairs {
		var err error
		if pairs[i], err = fromPair(p); err != nil {
			return nil, err
		}
	}
	return &routerrpc.XImportMissionControlResponse{}, r.s.node().ImportMissionControl(ctx, pairs, in.Force)
}

func fromPair(in *routerrpc.PairHistory) (p paths.Pair, err error) {
	from, err := keyBytes(in.GetNodeFrom())
	if err != nil {
		return p, err
	}
	to, err := keyBytes(in.GetNodeTo())
	if err != nil {
		return p, err
	}
	p.From, p.To = paths.Node(from), paths.Node(to)
	h := in.GetHistory()
	switch {
	case from == to:
		return p, invalid("pair: %v -> %v: source and destination node must differ", p.From, p.To)
	case h.GetFailTime() <= 0 && h.GetSuccessTime() <= 0:
		return p, invalid("pair: %v -> %v: either success or failure result required", p.From, p.To)
	}
	if p.Failed, p.FailedAt, err = outcome(h.FailAmtSat, h.FailAmtMsat, h.FailTime); err != nil {
		return p, invalid("pair: %v -> %v: invalid failure: %v", p.From, p.To, err)
	}
	if p.Passed, p.PassedAt, err = outcome(h.SuccessAmtSat, h.SuccessAmtMsat, h.SuccessTime); err != nil {
		return p, invalid("pair: %v -> %v: invalid success: %v", p.From, p.To, err)
	}
	return p, nil
}

// outcome reads an amount that may be given in both units, and its time.
func outcome(sat, milli, at int64) (amount lnwire.MilliSatoshi, when time.Time, err error) {
	if at < 0 {
		return 0, when, fmt.Errorf("time %d is negative", at)
	}
	if sat != 0 && milli != 0 {
		if milli/1000 != sat {
			return 0, when, fmt.Errorf("msat: %d and sat: %d values not equal", milli, sat)
		}
		sat = 0
	}
	if amount, err = msat(sat, milli); err != nil || at == 0 {
		return amount, when, err
	}
	when, err = fromUnix(uint64(at))
	return amount, when, err
}

// QueryProbability is of routerrpc.RouterServer.
func (r *router) QueryProbability(ctx context.Context, in *routerrpc.QueryProbabilityRequest) (*routerrpc.QueryProbabilityResponse, error) {
	from, err := keyBytes(in.FromNode)
	if err != nil {
		return nil, err
	}
	to, err := keyBytes(in.ToNode)
	if err != nil {
		return nil, err
	}
	amount, err := msat(0, in.AmtMsat)
	if err != nil {
		return nil, err
	}
	chance, pair, err := r.s.node().PairProbability(ctx, from, to, amount)
	if err != nil {
		return nil, err
	}
	return &routerrpc.QueryProbabilityResponse{Probability: chance, History: pairData(&pair)}, nil
}

// GetMissionControlConfig is of routerrpc.RouterServer.
func (r *router) GetMissionControlConfig(ctx context.Context, _ *routerrpc.GetMissionControlConfigRequest) (*routerrpc.GetMissionControlConfigResponse, error) {
	c, err := r.missionConfig(ctx)
	return &routerrpc.GetMissionControlConfigResponse{Config: c}, err
}

// missionConfig puts our estimate into lnd's words: what other channels of a node did doesn't count
// (weight 1), all of a channel's capacity may be liquid (capacity_fraction 1), and a failure stands
// against one of a larger amount until it counts half.
func (r *router) missionConfig(ctx context.Context) (*routerrpc.MissionControlConfig, error) {
	s, err := r.s.node().MissionControlSettings(ctx)
	if err != nil {
		return nil, err
	}
	half := uint64(s.HalfLife.Seconds())
	return &routerrpc.MissionControlConfig{
		HalfLifeSeconds: half, HopProbability: float32(s.Small), Weight: 1,
		MaximumPaymentResults: uint32(s.Pairs), MinimumFailureRelaxInterval: half,
		Model: routerrpc.MissionControlConfig_APRIORI,
		EstimatorConfig: &routerrpc.MissionControlConfig_Apriori{Apriori: &routerrpc.AprioriParameters{
			HalfLifeSeconds: half, HopProbability: s.Small, Weight: 1, CapacityFraction: 1,
		}},
	}, nil
}

// SetMissionControlConfig is of routerrpc.RouterServer. The estimate can't be changed, so it takes
// what is so already and names what isn't.
func (r *router) SetMissionControlConfig(ctx context.Context, in *routerrpc.SetMissionControlConfigRequest) (*routerrpc.SetMissionControlConfigResponse, error) {
	have, err := r.missionConfig(ctx)
	if err != nil {
		return nil, err
	}
	want := in.GetConfig()
	if want == nil {
		return nil, invalid("config is not set")
	}
	a, b := have.GetApriori(), want.GetApriori()
	if b == nil && want.Model == have.Model { // the fields of old clients
		b = &routerrpc.AprioriParameters{HalfLifeSeconds: want.GetHalfLifeSeconds(),
			HopProbability: float64(want.GetHopProbability()), Weight: float64(want.GetWeight()), CapacityFraction: 1}
	}
	switch {
	case want.Model != have.Model || b == nil:
		return nil, unimplemented("another model than " + have.Model.String())
	case want.MaximumPaymentResults != have.MaximumPaymentResults:
		return nil, unimplemented(fmt.Sprintf("maximum_payment_results other than %d", have.MaximumPaymentResults))
	case want.MinimumFailureRelaxInterval != have.MinimumFailureRelaxInterval:
		return nil, unimplemented(fmt.Sprintf("minimum_failure_relax_interval other than %d", have.MinimumFailureRelaxInterval))
	case b.HalfLifeSeconds != a.HalfLifeSeconds:
		return nil, unimplemented(fmt.Sprintf("half_life_seconds other than %d", a.HalfLifeSeconds))
	case float32(b.HopProbability) != float32(a.HopProbability):
		return nil, unimplemented(fmt.Sprintf("hop_probability other than %v", a.HopProbability))
	case b.Weight != a.Weight:
		return nil, unimplemented(fmt.Sprintf("weight other than %v", a.Weight))
	case b.CapacityFraction != a.CapacityFraction:
		return nil, unimplemented(fmt.Sprintf("capacity_fraction other than %v", a.CapacityFraction))
	}
	return &routerrpc.SetMissionControlConfigResponse{}, nil
}
