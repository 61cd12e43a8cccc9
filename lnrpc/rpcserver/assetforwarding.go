package rpcserver

import (
	"context"
	"math"
	"strings"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// assetForwarding serves nwnrpc.AssetForwarding.
type assetForwarding struct {
	nwnrpc.UnimplementedAssetForwardingServer
	s *Server
}

// UpdateAssetPolicy is of nwnrpc.AssetForwardingServer.
func (a *assetForwarding) UpdateAssetPolicy(ctx context.Context, in *nwnrpc.UpdateAssetPolicyRequest) (*nwnrpc.UpdateAssetPolicyResponse, error) {
	api, err := a.s.assetAPI()
	if err != nil {
		return nil, err
	}
	req, err := updateAssetPolicy(in)
	if err != nil {
		return nil, err
	}
	changed, failed, err := api.UpdateAssetPolicy(ctx, req)
	if err != nil {
		return nil, notFound(err, "unable to find channel")
	}
	out := &nwnrpc.UpdateAssetPolicyResponse{NumUpdated: uint32(changed)}
	for _, f := range failed {
		out.Failed = append(out.Failed, &nwnrpc.FailedAssetPolicy{ChannelId: channelIDText(f.ChannelPoint), Reason: text(f.Reason)})
	}
	return out, nil
}

func updateAssetPolicy(in *nwnrpc.UpdateAssetPolicyRequest) (req node.UpdateAssetPolicy, err error) {
	switch scope := in.Scope.(type) {
	case *nwnrpc.UpdateAssetPolicyRequest_Channel:
		var at wire.OutPoint
		at, err = tokenChannelPoint(scope.Channel)
		req.ChannelPoint = &at
	case *nwnrpc.UpdateAssetPolicyRequest_Symbol:
		req.Symbol, err = symbolOf(scope.Symbol)
	default:
		err = invalid("unknown scope: give channel or symbol")
	}
	if err != nil {
		return req, err
	}
	if in.TimeLockDelta != nil {
		ticks, err := evm.Ticks(*in.TimeLockDelta)
		if err != nil {
			return req, invalid("time_lock_delta of %d seconds is more than a channel_update can say", *in.TimeLockDelta)
		}
		req.TimeLockDelta = &ticks
	}
	for _, v := range []struct {
		name string
		from *uint64
		to   **lnwire.MilliSatoshi
		most uint64
	}{
		{"base_fee_milli", in.BaseFeeMilli, &req.BaseFee, math.MaxUint32}, {"min_htlc_milli", in.MinHtlcMilli, &req.MinHTLC, maxMilli},
		{"max_htlc_milli", in.MaxHtlcMilli, &req.MaxHTLC, maxMilli},
	} {
		if v.from == nil {
			continue
		}
		if *v.from > v.most {
			return req, invalid("%s is %d thousandths of a unit, at most %d", v.name, *v.from, v.most)
		}
		amount := lnwire.MilliSatoshi(*v.from)
		*v.to = &amount
	}
	if req.MaxHTLC != nil && *req.MaxHTLC == 0 {
		return req, invalid("max_htlc_milli must be above 0")
	}
	req.FeePPM = in.FeeRatePpm
	return req, nil
}

// AssetFeeReport is of nwnrpc.AssetForwardingServer.
func (a *assetForwarding) AssetFeeReport(ctx context.Context, in *nwnrpc.AssetFeeReportRequest) (*nwnrpc.AssetFeeReportResponse, error) {
	api, err := a.s.assetAPI()
	if err != nil {
		return nil, err
	}
	wanted, err := optionalSymbol(in.Symbol)
	if err != nil {
		return nil, err
	}
	r, err := api.AssetFeeReport(ctx)
	if err != nil {
		return nil, err
	}
	out := &nwnrpc.AssetFeeReportResponse{}
	of := func(a *node.Asset) bool { return wanted == "" || strings.EqualFold(a.Symbol, wanted) }
	for i := range r.Channels {
		if c := &r.Channels[i]; of(&c.Asset) {
			out.AssetChannelFees = append(out.AssetChannelFees, assetChannelFee(c))
		}
	}
	for i := range r.Earned {
		if e := &r.Earned[i]; of(&e.Asset) {
			out.AssetFeesEarned = append(out.AssetFeesEarned, &nwnrpc.AssetEarned{
				Asset: asset(&e.Asset), DayMilli: uint64(e.Day), WeekMilli: uint64(e.Week), MonthMilli: uint64(e.Month),
			})
		}
	}
	return out, nil
}

func assetChannelFee(c *node.AssetChannelFee) *nwnrpc.AssetChannelFee {
	out := &nwnrpc.AssetChannelFee{
		Asset: asset(&c.Asset), ChanId: c.SCID.ToUint64(), ChannelId: channelIDText(c.ChannelPoint), RemotePubkey: hexKey(c.Peer),
		PeerAlias: text(c.PeerAlias), Ours: &nwnrpc.AssetPolicy{
			BaseFeeMilli: uint64(c.Ours.BaseFee), FeeRatePpm: c.Ours.FeePPM, TimeLockDelta: uint32(c.Ours.CLTVDelta) * evm.Tick,
			MinHtlcMilli: uint64(c.Ours.MinHTLC), MaxHtlcMilli: uint64(c.Ours.MaxHTLC),
		},
	}
	if p := c.Theirs; p != nil {
		out.Theirs = &nwnrpc.AssetPolicy{
			BaseFeeMilli: uint64(p.BaseFee), FeeRatePpm: p.FeePPM, TimeLockDelta: uint32(p.TimeLockDelta) * evm.Tick,
			MinHtlcMilli: uint64(p.MinHTLC), MaxHtlcMilli: uint64(p.MaxHTLC), Disabled: p.Disabled,
		}
	}
	return out
}
