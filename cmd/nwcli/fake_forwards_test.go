package main

import (
	"context"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func (f *assetFake) UpdateAssetPolicy(_ context.Context, in *nwnrpc.UpdateAssetPolicyRequest) (*nwnrpc.UpdateAssetPolicyResponse, error) {
	f.got = in
	r := &nwnrpc.UpdateAssetPolicyResponse{NumUpdated: 1}
	if in.GetFeeRatePpm() == 666 {
		r.Failed = []*nwnrpc.FailedAssetPolicy{{ChannelId: chanID, Reason: "node: invalid request: no"}}
	}
	return r, f.refusal()
}

func (f *assetFake) AssetForwards(_ context.Context, in *nwnrpc.AssetForwardsRequest) (*nwnrpc.AssetForwardsResponse, error) {
	f.got = in
	return &nwnrpc.AssetForwardsResponse{LastOffsetIndex: 9, AssetForwards: []*nwnrpc.AssetForward{
		{
			ChanIdIn: tokenID, ChanIdOut: tokenID + 1, PeerAliasIn: "alice", PeerAliasOut: "bob", AssetIn: miles, AssetOut: miles,
			AmtInMilli: 1_250_000, AmtOutMilli: 1_240_000, FeeMilli: 10_000,
		},
		{ChanIdIn: 1, ChanIdOut: tokenID, AssetOut: miles, AmtInMilli: 1005, AmtOutMilli: 1_240_000},
	}}, f.refusal()
}

func (f *assetFake) AssetFeeReport(context.Context, *nwnrpc.AssetFeeReportRequest) (*nwnrpc.AssetFeeReportResponse, error) {
	ours := &nwnrpc.AssetPolicy{BaseFeeMilli: 5000, FeeRatePpm: 1000, TimeLockDelta: 9600, MinHtlcMilli: 1000, MaxHtlcMilli: 25_000_000}
	return &nwnrpc.AssetFeeReportResponse{
		AssetChannelFees: []*nwnrpc.AssetChannelFee{
			{Asset: miles, ChanId: tokenID, ChannelId: chanID, RemotePubkey: key, PeerAlias: "bob\x1b[2J", Ours: ours, Theirs: ours},
			{Asset: miles, ChanId: tokenID + 1, ChannelId: chanID, RemotePubkey: key, Ours: ours},
		},
		AssetFeesEarned: []*nwnrpc.AssetEarned{{Asset: miles, DayMilli: 100_000, WeekMilli: 150_000, MonthMilli: 1_234_560}},
	}, f.refusal()
}
