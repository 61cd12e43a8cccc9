package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// Amounts are in the asset, and times are times.
func TestPolicyShowsChannelsInAssets(t *testing.T) {
	b, f := startWithAssets(t)
	code, out, errs := b.run(t, "", "policy")
	require.Zero(t, code, errs)
	require.Contains(t, out, "105x1x1")
	require.Regexp(t, `16400007x312x9 +bob\[2J +0.05 MILES +1000 +2h40m +0.01 MILES +250 MILES +0.05 MILES \+ 1000 ppm, 2h40m\n`, out)
	require.Regexp(t, `16400007x312x10 +0202020202020202… .* unknown\n`, out)
	require.Regexp(t, `earned +1 MILES in a day, 1.5 MILES in a week, 12.3456 MILES in a month\n`, out)

	code, out, errs = b.run(t, "", "policy", "--json")
	require.Zero(t, code, errs)
	var all map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &all))
	require.Contains(t, all, "channel_fees")
	require.Contains(t, all, "asset_channel_fees")

	f.none = true
	code, out, errs = b.run(t, "", "policy")
	require.Zero(t, code, errs)
	require.NotContains(t, out, "MILES")
}

func TestPolicyOfAnAssetsChannelsIsSet(t *testing.T) {
	b, f := startWithAssets(t)
	for _, name := range []string{chanID, "16400007x312x9"} {
		code, out, errs := b.run(t, "", "policy", "set", name, "--base-fee=0.05", "--time-lock-delta=4h", "--max-htlc=12MILES")
		require.Zero(t, code, errs)
		require.Contains(t, out, "changed; channels: 1")
		require.True(t, proto.Equal(&nwnrpc.UpdateAssetPolicyRequest{
			Scope:        &nwnrpc.UpdateAssetPolicyRequest_Channel{Channel: chanID},
			BaseFeeMilli: proto.Uint64(5000), TimeLockDelta: proto.Uint32(14_400), MaxHtlcMilli: proto.Uint64(1_200_000),
		}, f.got.(proto.Message)), "%v", f.got)
	}
	code, _, errs := b.run(t, "", "policy", "set", "--asset=miles", "--fee-ppm=0", "--min-htlc=0.01")
	require.Zero(t, code, errs)
	require.True(t, proto.Equal(&nwnrpc.UpdateAssetPolicyRequest{
		Scope: &nwnrpc.UpdateAssetPolicyRequest_Symbol{Symbol: "MILES"}, FeeRatePpm: proto.Uint32(0), MinHtlcMilli: proto.Uint64(1000),
	}, f.got.(proto.Message)), "%v", f.got)
	require.Empty(t, b.policies, "bitcoin's stay as they are")

	code, _, errs = b.run(t, "", "policy", "set", "105x1x1", "--time-lock-delta=40")
	require.Zero(t, code, errs)
	require.EqualValues(t, 40, b.policies[0].TimeLockDelta)

	for want, args := range map[string][]string{
		"is no time":             {"--asset=MILES", "--time-lock-delta=40"},
		"is no number of blocks": {"105x1x1", "--time-lock-delta=4h"},
		"is in ETH, not in":      {"--asset=MILES", "--base-fee=1ETH"},
		"5 decimals":             {"--asset=MILES", "--base-fee=0.000001"},
		"name one channel":       {"105x1x1", "--asset=MILES"},
	} {
		code, _, errs := b.run(t, "", append([]string{"policy", "set"}, args...)...)
		require.Equal(t, exitUsage, code, args)
		require.Contains(t, errs, want)
	}
	code, _, errs = b.run(t, "", "policy", "set", "--asset=MILES", "--fee-ppm=666")
	require.NotZero(t, code)
	require.Contains(t, errs, "kept its policy: no")
}
