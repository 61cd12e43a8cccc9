package main

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// fakeOnChain is what a fake tells of channels on chain; nil is answered as by a daemon that can't tell.
type fakeOnChain struct {
	pending *lnrpc.PendingChannelsResponse
	onChain *nwnrpc.OnChainChannelsResponse
	alerts  *nwnrpc.AlertsResponse
	sweeps  *nwnrpc.SweepsResponse
	denied  error
	away    bool          // the peer of our channel, which then is one that we opened
	htlcs   []*lnrpc.HTLC // in our channel
}

// told is what was set, or that it isn't known.
func told[T any](v *T, denied error) (*T, error) {
	switch {
	case denied != nil:
		return nil, denied
	case v == nil:
		return nil, status.Error(codes.Unimplemented, "unknown method")
	}
	return v, nil
}

func (f *fake) OnChainChannels(context.Context, *nwnrpc.OnChainChannelsRequest) (*nwnrpc.OnChainChannelsResponse, error) {
	return told(f.onChain, f.denied)
}

func (f *fake) Alerts(context.Context, *nwnrpc.AlertsRequest) (*nwnrpc.AlertsResponse, error) {
	return told(f.alerts, f.denied)
}

func (f *fake) Sweeps(context.Context, *nwnrpc.SweepsRequest) (*nwnrpc.SweepsResponse, error) {
	return told(f.sweeps, f.denied)
}

var (
	forcedPoint = strings.Repeat("0d", 32) + ":1"
	commitment  = strings.Repeat("ee", 32)
	sweepTxid   = strings.Repeat("cc", 32) // of which ListUnspent has coins
)

// oneForced is a channel on chain in every state that its outputs can have.
func oneForced(b *bench) {
	b.pending = &lnrpc.PendingChannelsResponse{PendingForceClosingChannels: []*lnrpc.PendingChannelsResponse_ForceClosedChannel{{
		Channel:     &lnrpc.PendingChannelsResponse_PendingChannel{ChannelPoint: forcedPoint, LocalBalance: 70_000},
		ClosingTxid: commitment, LimboBalance: 90_000, BlocksTilMaturity: 134,
		PendingHtlcs: []*lnrpc.PendingHTLC{{Amount: 20_000, BlocksTilMaturity: 5}},
	}}}
	coin := func(i string, sat int64, what string) *nwnrpc.ChainCoin {
		return &nwnrpc.ChainCoin{Outpoint: commitment + ":" + i, AmountSat: sat, What: what}
	}
	balance, anchor, out := coin("0", 70_000, "our balance, after the delay"), coin("1", 330, "our anchor"), coin("2", 20_000, "HTLC that timed out")
	in, done, lost := coin("3", 5_000, "HTLC by preimage"), coin("4", 7_000, "HTLC, second stage"), coin("5", 9_000, "HTLC by preimage")
	balance.MaturityHeight, balance.Next = 1134, "can be taken from block 1134, in 134"
	anchor.Anchor, anchor.State, anchor.SpendingTxid = true, nwnrpc.CoinState_COIN_SWEEPING, sweepTxid
	out.State, out.SpendingTxid, out.Htlc, out.HtlcId, out.ExpiryHeight = nwnrpc.CoinState_COIN_SWEEPING, strings.Repeat("ab", 32), true, 4, 995
	in.Htlc, in.Incoming, in.ExpiryHeight, in.NeedsPreimage, in.Next = true, true, 1040, true, "ours if its preimage comes before block 1040"
	in.MaturityHeight = 1002
	done.State, done.Next = nwnrpc.CoinState_COIN_TAKEN, "done"
	lost.State = nwnrpc.CoinState_COIN_LOST
	b.onChain = &nwnrpc.OnChainChannelsResponse{BlockHeight: 1000, Channels: []*nwnrpc.OnChainChannel{{
		ChannelPoint: forcedPoint, Reason: "an HTLC\x1b expired", Ending: "our commitment", ClosingTxid: commitment, CloseHeight: 990,
		LimboBalance: 90_000, Coins: []*nwnrpc.ChainCoin{balance, anchor, out, in, done, lost},
	}}}
}

func TestFundsTellOfEachOutputOnChain(t *testing.T) {
	b := start(t)
	oneForced(b)
	code, got, errs := b.run(t, "", "funds")
	require.Zero(t, code, errs)
	for _, want := range []string{
		"stopped: an HTLC expired; our commitment is in block 990: " + commitment,
		"from block 1134, in 134 blocks, about 22 hours", "(330)", "counted above: cccccccccccccccc… brings it", "being taken", "(5,000)",
		"ours if its preimage comes before block 1040",
	} {
		require.Contains(t, got, want)
	}
	// 51,200 on chain, 600,000 in a channel, 70,000 and 20,000 to come
	require.Regexp(t, `together +741,200`, got)
	require.Regexp(t, `and if it arrives +on its way in +5,000`, got)
	require.NotContains(t, got, "9,000", "what is lost is no funds")
	require.NotContains(t, got, "7,000", "what was taken is in the wallet")
	require.NotContains(t, got, "\x1b")
	_, got, _ = b.run(t, "", "funds", "--get=on_chain.channels.0.coins.0.next")
	require.Equal(t, "can be taken from block 1134, in 134\n", got)
}

// A daemon that tells no more than lnd does is shown as far as that goes.
func TestFundsAndPendingFallBackToLndsAPI(t *testing.T) {
	b := start(t)
	oneForced(b)
	b.onChain = nil
	code, got, errs := b.run(t, "", "funds")
	require.Zero(t, code, errs)
	require.Regexp(t, `together +741,200`, got)
	require.Contains(t, got, "in 134 blocks")
	code, got, errs = b.run(t, "", "pendingchannels")
	require.Zero(t, code, errs)
	require.Contains(t, got, "on chain by "+commitment+", 90,000 sat to come, 1 HTLC")
}

func TestPendingChannelsListEachOutput(t *testing.T) {
	b := start(t)
	oneForced(b)
	code, got, errs := b.run(t, "", "pendingchannels")
	require.Zero(t, code, errs)
	lines := strings.Split(got, "\n")
	require.Contains(t, lines[1], "stopped: an HTLC expired; our commitment is in block 990: "+commitment)
	require.Contains(t, got, "of "+forcedPoint+":")
	for i, want := range []string{
		`:0 +70,000 +our balance, after the delay +waits +from block 1134, in 134 blocks, about 22 hours +-`, `:1 +330 +our anchor +being taken +being taken +cccc`,
		`:2 +20,000 +HTLC that timed out \(out, id 4, expires at 995\) +being taken`, `:3 +5,000 +HTLC by preimage \(in, id 0, expires at 1040\) +waits`,
		`:4 +7,000 .* taken +done`, `:5 +9,000 .* lost +lost`,
	} {
		require.Regexp(t, want, lines[5+i])
	}
	code, got, errs = b.run(t, "", "pendingchannels", "--get=total_limbo_balance")
	require.Zero(t, code, errs)
	require.Equal(t, "0\n", got, "JSON is the API's")
}

func TestWhyAChannelIsOnChain(t *testing.T) {
	for want, ch := range map[string]*nwnrpc.OnChainChannel{
		"stopped: a; our data is old, only the peer can close it":               {Reason: "a", Stale: true},
		"stopped: a; nothing is published":                                      {Reason: "a"},
		"our commitment waits for a block: t":                                   {ClosingTxid: "t"},
		"revoked commitment of the peer waits for a block: t":                   {ClosingTxid: "t", Ending: "revoked commitment of the peer"},
		"stopped: a; the peer's commitment is in block 5: t":                    {Reason: "a", ClosingTxid: "t", Ending: "the peer's commitment", CloseHeight: 5},
		"a newer commitment of the peer than we know is in block 5: t":          {ClosingTxid: "t", Ending: "a newer commitment of the peer than we know", CloseHeight: 5, Stale: true},
		"a transaction that isn't known is in block 5: t":                       {ClosingTxid: "t", Ending: "unknown", CloseHeight: 5},
		"stopped: our data is old; our data is old, only the peer can close it": {Reason: "our data is old", Stale: true},
	} {
		require.Equal(t, want, whyOnChain(ch))
	}
}

func TestBlocksAreTimeRoughly(t *testing.T) {
	for blocks, want := range map[uint32]string{
		1: "10 minutes", 11: "110 minutes", 12: "2 hours", 144: "24 hours", 287: "48 hours", 288: "2 days", 2016: "14 days",
	} {
		require.Equal(t, want, duration(blocks))
	}
	require.Empty(t, fromBlock(0, 100))
	require.Empty(t, fromBlock(101, 100), "the next block may hold it")
	require.Equal(t, "from block 102, in 2 blocks, about 20 minutes", fromBlock(102, 100))
	require.NotEmpty(t, duration(1<<32-1))
}

func TestForceCloseSaysWhatItCosts(t *testing.T) {
	b := start(t)
	b.htlcs = []*lnrpc.HTLC{{Amount: 700}}
	code, _, errs := b.run(t, "no\n", "close", "105x1x1", "--force")
	require.Equal(t, exitFailed, code)
	for _, want := range []string{
		"600,000 sat can be spent 144 blocks (about 24 hours) after", "fee of 2,000 sat is the peer's", "1 HTLC of 0 sat",
		"closing without --force is cheaper", "cancelled",
	} {
		require.Contains(t, errs, want)
	}
	code, _, errs = b.run(t, "", "close", "105x1x1", "--force")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "give --yes")
	for _, bad := range []string{"--sat-per-vbyte=2", "--conf-target=2", "--address=bcrt1q"} {
		code, _, errs = b.run(t, "", "-y", "close", "105x1x1", "--force", bad)
		require.Equal(t, exitUsage, code)
		require.Contains(t, errs, "as it is")
	}
	require.Nil(t, b.closed)
	b.away = true
	code, _, errs = b.run(t, "yes\n", "close", "105x1x1", "--force")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "The peer is away")
	require.Contains(t, errs, "is ours")
	require.True(t, b.closed.Force)
}

func TestAlertsComeFirst(t *testing.T) {
	b := start(t)
	b.alerts = &nwnrpc.AlertsResponse{}
	code, got, errs := b.run(t, "", "alerts")
	require.Zero(t, code, errs)
	require.Equal(t, "nothing is wrong\n", got)
	_, got, _ = b.run(t, "", "getinfo")
	require.NotContains(t, got, "ALERT")

	b.alerts.Alerts = []*nwnrpc.Alert{{Kind: "breach", ChannelPoint: forcedPoint, Since: 1_700_000_000, Text: "a peer cheats\x1b"}, {Kind: "reserve", Text: "few coins"}}
	_, got, _ = b.run(t, "", "getinfo")
	require.Regexp(t, `^ALERT +a peer cheats \(channel `+forcedPoint+`\)\nALERT +few coins\nkey `, got)
	_, got, _ = b.run(t, "", "alerts")
	require.Regexp(t, `breach +`+forcedPoint+` +a peer cheats\n`, got)
	_, got, _ = b.run(t, "", "alerts", "--get=alerts.1.kind")
	require.Equal(t, "reserve\n", got)

	b.alerts = nil
	_, got, _ = b.run(t, "", "getinfo")
	require.NotContains(t, got, "ALERT", "a daemon that has none")
	b.denied = status.Error(codes.PermissionDenied, "permission denied")
	code, got, _ = b.run(t, "", "getinfo")
	require.Zero(t, code)
	require.Contains(t, got, "unknown: permission denied")
}

func TestSweepsAreListedAndBumped(t *testing.T) {
	b := start(t)
	point := commitment + ":1"
	b.sweeps = &nwnrpc.SweepsResponse{Sweeps: []*nwnrpc.Sweep{{
		Outpoint: point, ChannelPoint: forcedPoint, AmountSat: 330, What: "our anchor", Txid: sweepTxid, SatPerKw: 2505, FeeSat: 1_400,
		BudgetSat: 50_000, Attempts: 3, DeadlineHeight: 1010,
		State: nwnrpc.SweepState_SWEEP_REFUSED, Note: "the mempool is full",
	}, {Outpoint: commitment + ":2"}}}
	code, got, errs := b.run(t, "", "sweeps")
	require.Zero(t, code, errs)
	require.Regexp(t, point+` +330 +our anchor +1,400 +50,000 +10.02 +3 +block 1010 +refused: the mempool is full +`+sweepTxid+` +`+forcedPoint, got)
	require.Regexp(t, `:2 .* - +waits +- +-\n`, got)

	code, got, errs = b.run(t, "y\n", "bumpfee", point, "--sat-per-vbyte=20")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "Take "+point+", 330 sat, our anchor, at a fee of 20 sat/vbyte?")
	require.Contains(t, got, "nwcli sweeps")
	require.EqualValues(t, 1, b.bumped.Outpoint.OutputIndex)
	_, _, errs = b.run(t, "n\n", "bumpfee", commitment+":7", "--sat-per-vbyte=20")
	require.Contains(t, errs, "fee of both transactions")
	_, got, _ = b.run(t, "", "__complete", "bumpfee", commitment)
	require.Contains(t, got, point+"\tour anchor, 330 sat")
}
