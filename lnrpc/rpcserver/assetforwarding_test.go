package rpcserver

import (
	"math"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// What isn't named stays as it is, and times are whole ticks.
func TestPolicyOfAChannelInAnAssetIsChangedInWhatIsNamed(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewAssetForwardingClient(w.admin(t)), within(t)
	got, err := c.UpdateAssetPolicy(ctx, &nwnrpc.UpdateAssetPolicyRequest{
		Scope:        &nwnrpc.UpdateAssetPolicyRequest_Channel{Channel: tokenIDText},
		BaseFeeMilli: proto.Uint64(0), FeeRatePpm: proto.Uint32(7), TimeLockDelta: proto.Uint32(14_401), MaxHtlcMilli: proto.Uint64(9),
	})
	require.NoError(t, err)
	base, ppm, delta, most := lnwire.MilliSatoshi(0), uint32(7), uint16(25), lnwire.MilliSatoshi(9)
	require.Equal(t, node.UpdateAssetPolicy{UpdatePolicy: node.UpdatePolicy{
		ChannelPoint: &tokenPoint, BaseFee: &base, FeePPM: &ppm, TimeLockDelta: &delta, MaxHTLC: &most,
	}}, n.got)
	equal(t, &nwnrpc.UpdateAssetPolicyResponse{
		NumUpdated: 2, Failed: []*nwnrpc.FailedAssetPolicy{{ChannelId: tokenIDText, Reason: text("too\nmuch")}},
	}, got)

	of := &nwnrpc.UpdateAssetPolicyRequest_Symbol{Symbol: "MILES"}
	_, err = c.UpdateAssetPolicy(ctx, &nwnrpc.UpdateAssetPolicyRequest{Scope: of, MinHtlcMilli: proto.Uint64(0)})
	require.NoError(t, err)
	least := lnwire.MilliSatoshi(0)
	require.Equal(t, node.UpdateAssetPolicy{Symbol: "MILES", UpdatePolicy: node.UpdatePolicy{MinHTLC: &least}}, n.got)

	n.name = ""
	for _, in := range []*nwnrpc.UpdateAssetPolicyRequest{
		{}, {Scope: &nwnrpc.UpdateAssetPolicyRequest_Channel{Channel: "1"}}, {Scope: &nwnrpc.UpdateAssetPolicyRequest_Symbol{}},
		{Scope: of, BaseFeeMilli: proto.Uint64(1 << 32)}, {Scope: of, MinHtlcMilli: proto.Uint64(maxMilli + 1)},
		{Scope: of, MaxHtlcMilli: proto.Uint64(0)}, {Scope: of, TimeLockDelta: proto.Uint32(math.MaxUint32)},
	} {
		_, err := c.UpdateAssetPolicy(ctx, in)
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", in)
	}
	require.Empty(t, n.name)
	n.err = node.ErrNotFound
	_, err = c.UpdateAssetPolicy(ctx, &nwnrpc.UpdateAssetPolicyRequest{Scope: of})
	require.Equal(t, codes.NotFound, status.Code(err))
}

func TestFeesInAssetsAreReported(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewAssetForwardingClient(w.admin(t)), within(t)
	_, key := point(1)
	n.fees = node.AssetFeeReport{
		Channels: []node.AssetChannelFee{{
			Asset: miles, SCID: lnwire.NewShortChanIDFromInt(77), ChannelPoint: tokenPoint, Peer: key, PeerAlias: "bob",
			Ours:   node.ChannelPolicy{BaseFee: 1, FeePPM: 2, CLTVDelta: 3, MinHTLC: 4, MaxHTLC: 5},
			Theirs: &node.Policy{BaseFee: 6, FeePPM: 7, TimeLockDelta: 8, MinHTLC: 9, MaxHTLC: 10, Disabled: true},
		}, {Asset: node.Asset{Symbol: "ETH"}}},
		Earned: []node.AssetEarned{
			{Asset: node.Asset{Symbol: "ETH"}}, {Asset: miles, Earned: node.Earned{Day: 11, Week: 12, Month: 13}},
		},
	}
	got, err := c.AssetFeeReport(ctx, &nwnrpc.AssetFeeReportRequest{Symbol: "miles"})
	require.NoError(t, err)
	equal(t, &nwnrpc.AssetFeeReportResponse{
		AssetChannelFees: []*nwnrpc.AssetChannelFee{{
			Asset: milesMessage, ChanId: 77, ChannelId: tokenIDText, RemotePubkey: hexKey(key), PeerAlias: "bob",
			Ours: &nwnrpc.AssetPolicy{BaseFeeMilli: 1, FeeRatePpm: 2, TimeLockDelta: 1800, MinHtlcMilli: 4, MaxHtlcMilli: 5},
			Theirs: &nwnrpc.AssetPolicy{
				BaseFeeMilli: 6, FeeRatePpm: 7, TimeLockDelta: 4800, MinHtlcMilli: 9, MaxHtlcMilli: 10, Disabled: true,
			},
		}},
		AssetFeesEarned: []*nwnrpc.AssetEarned{{Asset: milesMessage, DayMilli: 11, WeekMilli: 12, MonthMilli: 13}},
	}, got)
	got, err = c.AssetFeeReport(ctx, &nwnrpc.AssetFeeReportRequest{})
	require.NoError(t, err)
	require.Len(t, got.AssetChannelFees, 2)
	require.Nil(t, got.AssetChannelFees[1].Theirs)
}

func TestForwardsInAssetsAreListed(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewAssetForwardingClient(w.admin(t)), within(t)
	f := node.Forward{
		Time: time.Unix(5, 6), In: lnwire.NewShortChanIDFromInt(1), Out: lnwire.NewShortChanIDFromInt(2), InID: 3, OutID: 4,
		AmtIn: 1005, AmtOut: 1000, AssetIn: miles.ID, AssetOut: miles.ID, AliasIn: "alice", AliasOut: "bob",
	}
	between := node.Forward{AmtIn: 1005, AmtOut: 1000, AssetOut: miles.ID}
	n.forwarded = node.AssetForwardPage{Forwards: []node.AssetForward{{Forward: f, From: miles, To: miles}, {Forward: between, To: miles}}, Next: 9}
	got, err := c.AssetForwards(ctx, &nwnrpc.AssetForwardsRequest{Symbol: "MILES", StartTime: 1, EndTime: 2, IndexOffset: 7, NumMaxEvents: 8})
	require.NoError(t, err)
	require.Equal(t, node.AssetForwards{Symbol: "MILES", ListForwards: node.ListForwards{
		After: time.Unix(1, 0), Before: time.Unix(2, 0), Offset: 7, Max: 8, Aliases: true,
	}}, n.got)
	require.EqualValues(t, 9, got.LastOffsetIndex)
	equal(t, &nwnrpc.AssetForward{
		TimestampNs: 5_000_000_006, ChanIdIn: 1, ChanIdOut: 2, IncomingHtlcId: 3, OutgoingHtlcId: 4, AssetIn: milesMessage, AssetOut: milesMessage,
		AmtInMilli: 1005, AmtOutMilli: 1000, FeeMilli: 5, PeerAliasIn: "alice", PeerAliasOut: "bob",
	}, got.AssetForwards[0])
	require.Nil(t, got.AssetForwards[1].AssetIn, "bitcoin")
	require.Zero(t, got.AssetForwards[1].FeeMilli)
	_, err = c.AssetForwards(ctx, &nwnrpc.AssetForwardsRequest{StartTime: math.MaxUint64})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
}
