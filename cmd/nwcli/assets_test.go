package main

import (
	"context"
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func TestAssetsCommands(t *testing.T) {
	b, f := startWithAssets(t)
	_, out, _ := b.run(t, "", "assets", "list")
	require.Contains(t, out, "SYMBOL")
	require.Regexp(t, `MILES +Miles\[2J +dev +2 +1 +0xTOK +0xADJ`, out)
	require.Regexp(t, `ETH .* the chain's coin`, out)
	require.NotContains(t, out, "\x1b")

	code, out, errs := b.run(t, "", "assets", "add", "dev", "0xTOK", "0xADJ", "--symbol=MILES")
	require.Zero(t, code, errs)
	require.Regexp(t, `channels count in +0.01 MILES`, out)
	add := f.got.(*nwnrpc.AddAssetRequest)
	require.Equal(t, "MILES/dev/0xTOK/0xADJ", strings.Join([]string{add.Symbol, add.Chain, add.Token, add.Adjudicator}, "/"))
	_, _, _ = b.run(t, "", "assets", "add", "dev", "coin", "0xADJ")
	require.Empty(t, f.got.(*nwnrpc.AddAssetRequest).Token)
	require.False(t, f.got.(*nwnrpc.AddAssetRequest).AllowUnusual)
	_, _, _ = b.run(t, "", "assets", "add", "dev", "0xTOK", "0xADJ", "--allow-unusual")
	require.True(t, f.got.(*nwnrpc.AddAssetRequest).AllowUnusual)
	_, _, _ = b.run(t, "", "assets", "remove", "MILES")
	require.Equal(t, "MILES", f.got.(*nwnrpc.RemoveAssetRequest).Symbol)

	_, out, _ = b.run(t, "", "assets", "balances", "MILES")
	require.Regexp(t, `ASSET +ON CHAIN +IN CHANNELS`, out)
	require.Regexp(t, `MILES +1,234.56 +12.5 +0.5 +0 +0 +0.01 +0 +0.07`, out)
	_, out, _ = b.run(t, "", "assets", "balances", "--get=assets.0.local_milli")
	require.Equal(t, "1250000\n", out)
}

// An unusual token is shown with what is done about it.
func TestUnusualAssetIsShown(t *testing.T) {
	require.Equal(t, "allowed", unusualText(&nwnrpc.Asset{UnusualAllowed: true}))
	require.Equal(t, "allowed; 9 of 10 arrived", unusualText(&nwnrpc.Asset{UnusualAllowed: true, Unusual: "9 of 10 arrived"}))
	require.Equal(t, "nothing is deposited: 9 of 10 arrived", unusualText(&nwnrpc.Asset{Unusual: "9 of 10 arrived"}))
}

// What can't be closed for want of gas is said before all else, with what to do.
func TestGasThatIsWantingAlarms(t *testing.T) {
	b, f := startWithAssets(t)
	b.pending = &lnrpc.PendingChannelsResponse{}
	for coin, args := range map[string][]string{"ETH": {"assets", "chains"}, "coins": {"funds"}} { // funds has no balance of ETH here
		want := "chain dev: 0.01 COIN for gas, closing every channel may take 0.02 COIN: send at least 0.01 COIN to 0xGAS"
		code, out, errs := b.run(t, "", args...)
		require.Zero(t, code, errs)
		require.True(t, strings.HasPrefix(out, "ALERT"), out)
		require.Contains(t, out, strings.ReplaceAll(want, "COIN", coin))
	}
	require.Equal(t, "0.000001 ETH", coinsNeeded(big.NewInt(1), "ETH"))
	f.gasNeeded = "10000000000000005"
	for _, args := range [][]string{{"assets", "chains"}, {"funds"}} {
		_, out, _ := b.run(t, "", args...)
		require.NotContains(t, out, "ALERT")
		require.Contains(t, out, "0.01 ")
	}
}

func TestFundsListEveryToken(t *testing.T) {
	b, f := startWithAssets(t)
	b.pending = &lnrpc.PendingChannelsResponse{}
	_, out, _ := b.run(t, "", "funds")
	for _, want := range []string{
		`WHERE +WHAT +MILES +CAN BE SPENT`, `on chain +in our account +1,234.56 +now`, `owed by the adjudicator +0.07`,
		`channel 16400007x312x9 +ours +12 +over Lightning, now`, `reserve +0.5 +on chain, by closing`, `on its way out +0.03 `,
		`together +1,247.16\n`, `and if it arrives +on its way in +0.02`, `dev +0xGAS +0.01 coins`,
	} {
		require.Regexp(t, want, out)
	}
	f.channel = func(ch *nwnrpc.TokenChannel) {
		ch.State, ch.ChanId, ch.Reason, ch.Ending, ch.Next = nwnrpc.TokenChannelState_TOKEN_CHANNEL_FORCED, 0, "it failed", "our commitment", "settled tomorrow"
		ch.LimboMilli, ch.UndecidedHtlcs, ch.Deadline = 700_000, 2, 1_700_000_000
	}
	_, out, _ = b.run(t, "", "funds")
	require.Regexp(t, `why +stopped: it failed; settles our commitment; 2 HTLCs not decided; can be contested until .*; settled tomorrow`, out)
	require.Regexp(t, `on chain +7 +once it is settled`, out)
	require.Regexp(t, `together +1,241.63\n`, out)

	_, out, _ = b.run(t, "", "funds", "--json")
	var all map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &all))
	for _, name := range []string{"wallet", "channels", "pending", "chains", "assets", "token_channels"} {
		require.Contains(t, all, name)
	}
}

func (f *fake) ChannelBalance(context.Context, *lnrpc.ChannelBalanceRequest) (*lnrpc.ChannelBalanceResponse, error) {
	return told(f.inChannels, nil)
}

func TestBalanceShowsAssets(t *testing.T) {
	b, f := startWithAssets(t)
	b.inChannels = &lnrpc.ChannelBalanceResponse{}
	_, out, _ := b.run(t, "", "balance")
	require.Regexp(t, `on chain, confirmed +[0-9,]+ sat`, out)
	require.Regexp(t, `MILES +1,234.56 +12.5 `, out)
	_, out, _ = b.run(t, "", "balance", "--get=assets.assets.0.on_chain")
	require.Equal(t, "123456\n", out)
	f.none = true
	code, out, errs := b.run(t, "", "balance")
	require.Zero(t, code, errs)
	require.NotContains(t, out, "MILES")
}

func TestChannelsOfBitcoinAndOfAssetsAreListed(t *testing.T) {
	b, f := startWithAssets(t)
	_, out, _ := b.run(t, "", "channels")
	require.Regexp(t, `105x1x1 .* 600,000 +400,000`, out)
	require.Regexp(t, `16400007x312x9 .* active +12.5 MILES +0.5 MILES +2 +`+chanID, out)
	require.NotContains(t, out, "\x1b")
	_, out, _ = b.run(t, "", "channels", "--get=channels.0.channel_point")
	require.Equal(t, strings.Repeat("0a", 32)+":1\n", out)
	_, out, _ = b.run(t, "", "channels", "--get=token_channels.0.channel_id")
	require.Equal(t, chanID+"\n", out)

	f.none = true
	code, out, errs := b.run(t, "", "channels")
	require.Zero(t, code, errs)
	require.NotContains(t, out, "MILES")
	for _, args := range [][]string{{"assets", "list"}, {"address", "--asset=MILES"}, {"send", "0xYOU", "1", "--asset=MILES"}} {
		code, _, errs = b.run(t, "", args...)
		require.Equal(t, exitFailed, code, args)
		require.Contains(t, errs, "no EVM chain is configured: see evm.chain")
	}
}

func TestAssetsAreSentOnChain(t *testing.T) {
	b, f := startWithAssets(t)
	_, out, _ := b.run(t, "", "address", "--asset=MILES")
	require.Equal(t, "0xME\n", out)
	code, out, errs := b.run(t, "y\n", "send", "0xYOU", "12.5", "--asset=MILES")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "Send 12.5 MILES to 0xYOU on dev?")
	require.Equal(t, "0xTX\n", out)
	sent := f.got.(*nwnrpc.SendAssetRequest)
	require.Equal(t, "MILES 0xYOU 1250", strings.Join([]string{sent.Symbol, sent.Address, sent.Amount}, " "))
	_, _, _ = b.run(t, "", "-y", "send", "0xYOU", "0.5ETH")
	require.Equal(t, "500000000000000000", f.got.(*nwnrpc.SendAssetRequest).Amount, "the symbol may follow the amount")
	_, _, _ = b.run(t, "", "-y", "send", "0xYOU", "all", "--asset=MILES")
	require.Equal(t, "123456", f.got.(*nwnrpc.SendAssetRequest).Amount)

	f.got = nil
	for want, args := range map[string][]string{
		"nothing for gas":                  {"all", "--asset=ETH"},
		"2 decimals":                       {"0.001", "--asset=MILES"},
		"is nothing":                       {"0", "--asset=MILES"},
		`no asset is called "mile"`:        {"5", "--asset=mile"},
		`"mile" is no unit`:                {"5mile"},
		"is in ETH, not in MILES":          {"5ETH", "--asset=MILES"},
		"are for bitcoin: leave them out":  {"5", "--asset=MILES", "--conf-target=2"},
		"confirm: give --yes":              {"5", "--asset=MILES"},
		"amount \"-5\" is below nothing":   {"--asset=MILES", "--", "-5"},
		"is no number: 12 and 12.5 are am": {"five", "--asset=MILES"},
	} {
		code, _, errs := b.run(t, "", append([]string{"send", "0xYOU"}, args...)...)
		require.NotZero(t, code)
		require.Contains(t, errs, want)
	}
	require.Nil(t, f.got)
	require.Nil(t, b.sent)
}
