package rpcserver

import (
	"context"
	"errors"
	"math"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// FeeReport is of lnrpc.LightningServer.
func (l *lightning) FeeReport(ctx context.Context, _ *lnrpc.FeeReportRequest) (*lnrpc.FeeReportResponse, error) {
	r, err := l.s.node().FeeReport(ctx)
	if err != nil {
		return nil, err
	}
	out := &lnrpc.FeeReportResponse{
		DayFeeSum:   uint64(r.Day.ToSatoshis()),
		WeekFeeSum:  uint64(r.Week.ToSatoshis()),
		MonthFeeSum: uint64(r.Month.ToSatoshis()),
	}
	for _, c := range r.Channels {
		out.ChannelFees = append(out.ChannelFees, &lnrpc.ChannelFeeReport{
			ChanId: c.SCID.ToUint64(), ChannelPoint: c.ChannelPoint.String(),
			BaseFeeMsat: int64(c.BaseFee), FeePerMil: int64(c.FeePPM), FeeRate: float64(c.FeePPM) / 1e6,
		})
	}
	return out, nil
}

// UpdateChannelPolicy is of lnrpc.LightningServer. A time_lock_delta of 0, which lnd
// refuses, leaves it as it was.
func (l *lightning) UpdateChannelPolicy(ctx context.Context, in *lnrpc.PolicyUpdateRequest) (*lnrpc.PolicyUpdateResponse, error) {
	req, err := policyUpdate(in)
	if err != nil {
		return nil, err
	}
	failed, err := l.s.node().UpdatePolicy(ctx, req)
	if errors.Is(err, node.ErrNotFound) && req.ChannelPoint != nil { // as in lnd no error of the call
		failed, err = []node.FailedPolicyUpdate{{ChannelPoint: *req.ChannelPoint, Reason: "not found", Err: err}}, nil
	}
	if err != nil {
		return nil, err
	}
	out := &lnrpc.PolicyUpdateResponse{}
	for _, f := range failed {
		out.FailedUpdates = append(out.FailedUpdates, &lnrpc.FailedUpdate{
			Outpoint: rpcOutPoint(f.ChannelPoint), Reason: updateFailure(f.Err), UpdateError: f.Reason,
		})
	}
	return out, nil
}

func updateFailure(err error) lnrpc.UpdateFailure {
	switch {
	case errors.Is(err, node.ErrNotFound):
		return lnrpc.UpdateFailure_UPDATE_FAILURE_NOT_FOUND
	case errors.Is(err, node.ErrInvalid):
		return lnrpc.UpdateFailure_UPDATE_FAILURE_INVALID_PARAMETER
	}
	return lnrpc.UpdateFailure_UPDATE_FAILURE_UNKNOWN
}

func policyUpdate(in *lnrpc.PolicyUpdateRequest) (req node.UpdatePolicy, err error) {
	switch scope := in.Scope.(type) {
	case *lnrpc.PolicyUpdateRequest_Global:
		if !scope.Global {
			return req, invalid("global must be true where it is given")
		}
	case *lnrpc.PolicyUpdateRequest_ChanPoint:
		point, err := outPoint(scope.ChanPoint)
		if err != nil {
			return req, err
		}
		req.ChannelPoint = &point
	default:
		return req, invalid("unknown scope: give global or chan_point")
	}
	ppm := in.FeeRatePpm
	switch {
	case in.FeeRate != 0 && in.FeeRatePpm != 0:
		return req, invalid("cannot set both FeeRate and FeeRatePpm at the same time")
	case math.IsNaN(in.FeeRate) || in.FeeRate < 0 || in.FeeRate > math.MaxUint32/1e6:
		return req, invalid("fee rate %v is out of range", in.FeeRate)
	case in.FeeRate != 0 && in.FeeRate < 1e-6:
		return req, invalid("fee rate of %v is too small, min fee rate is 1e-06", in.FeeRate)
	case in.FeeRate != 0:
		ppm = uint32(math.Round(in.FeeRate * 1e6))
	}
	switch {
	case in.BaseFeeMsat < 0 || in.BaseFeeMsat > math.MaxUint32:
		return req, invalid("base_fee_msat %d is out of range", in.BaseFeeMsat)
	case in.InboundFee != nil && (in.InboundFee.BaseFeeMsat != 0 || in.InboundFee.FeeRatePpm != 0):
		return req, unimplemented("inbound_fee")
	case in.CreateMissingEdge:
		return req, unimplemented("create_missing_edge")
	case in.TimeLockDelta != 0 && in.TimeLockDelta < 18:
		return req, invalid("time lock delta of %d is too small, minimum supported is 18", in.TimeLockDelta)
	case in.TimeLockDelta > 2016:
		return req, invalid("time lock delta of %d is too big, maximum supported is 2016", in.TimeLockDelta)
	case in.MaxHtlcMsat > maxSat*1000 || in.MinHtlcMsat > maxSat*1000:
		return req, invalid("an HTLC limit is above all the bitcoin there will be")
	}
	base := lnwire.MilliSatoshi(in.BaseFeeMsat)
	req.BaseFee, req.FeePPM = &base, &ppm
	if in.TimeLockDelta != 0 {
		d := uint16(in.TimeLockDelta)
		req.TimeLockDelta = &d
	}
	if in.MaxHtlcMsat != 0 {
		m := lnwire.MilliSatoshi(in.MaxHtlcMsat)
		req.MaxHTLC = &m
	}
	if in.MinHtlcMsatSpecified {
		m := lnwire.MilliSatoshi(in.MinHtlcMsat)
		req.MinHTLC = &m
	}
	return req, nil
}
