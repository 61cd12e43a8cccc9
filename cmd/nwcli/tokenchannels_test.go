package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func TestOpeningAChannelInAnAsset(t *testing.T) {
	b, f := startWithAssets(t)
	code, out, errs := b.run(t, "y\n", "open", key, "250", "--asset=MILES", "--push=1.5", "--wait", "--private")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "The adjudicator 0xADJ may take 0 MILES of this account now and will be allowed 250 MILES, exactly what it "+
		"takes, by a signature (permit).")
	require.Contains(t, errs, "Open a channel of 250 MILES to 0202020202020202…, 1.5 MILES of it GIVEN to the peer?")
	require.Contains(t, out, chanID)
	require.Contains(t, out, "The channel is open, by the deposit in 0xIN")
	in := f.got.(*nwnrpc.OpenTokenChannelRequest)
	require.Equal(t, []any{"MILES", uint64(25_000), uint64(150), true}, []any{in.Symbol, in.CapacityUnits, in.PushUnits, in.Private})
	require.Nil(t, b.opened)

	f.allowed = &nwnrpc.Allowance{Token: "0xTOK", Spender: "0xADJ", Have: "30000", Need: "25000"}
	_, _, errs = b.run(t, "no\n", "open", key, "250MILES")
	require.Contains(t, errs, "may take 300 MILES of this account: nothing more is allowed it.")
	f.allowed = &nwnrpc.Allowance{Token: "0xTOK", Spender: "0xADJ", Have: "1", Need: "25000", NeedTransaction: true}
	_, _, errs = b.run(t, "no\n", "open", key, "250MILES")
	require.Contains(t, errs, "by a transaction of its own (approve)")
	f.allowed = &nwnrpc.Allowance{}
	_, _, errs = b.run(t, "no\n", "open", key, "0.5ETH")
	require.NotContains(t, errs, "adjudicator", "a chain's coin is sent, not allowed")

	f.got = nil
	for want, args := range map[string][]string{
		"confirm: give --yes":  {key, "250", "--asset=MILES"},
		"2 decimals":           {key, "0.001", "--asset=MILES"},
		"6 decimals":           {key, "0.0000001", "--asset=ETH"},
		"more than a channel":  {key, "99999999999999999999", "--asset=MILES"},
		"for bitcoin":          {key, "5", "--asset=MILES", "--conf-target=6"},
		"is no unit":           {key, "5Mile"},
		"66 hex digits":        {"02ab", "5", "--asset=MILES"},
		"no asset is called":   {key, "5", "--asset=XYZ"},
		"amount \"x\" is no n": {key, "5", "--asset=MILES", "--push=x"},
	} {
		code, _, errs := b.run(t, "", append([]string{"open"}, args...)...)
		require.NotZero(t, code, args)
		require.Contains(t, errs, want)
	}
	require.Nil(t, f.got)
	require.Nil(t, b.opened)
}

func TestClosingAChannelInAnAsset(t *testing.T) {
	b, f := startWithAssets(t)
	for _, name := range []string{chanID, "16400007x312x9", chanID[2:] + ":0"} {
		code, out, errs := b.run(t, "y\n", "close", name, "--wait")
		require.Zero(t, code, errs)
		require.Contains(t, errs, "Close the channel with 0202020202020202…, our 12.5 MILES to 0xPAYA?")
		require.Contains(t, out, "0xTX")
		require.Contains(t, out, "The channel is closed.")
		require.Equal(t, chanID, f.got.(*nwnrpc.CloseTokenChannelRequest).Channel)
	}
	code, _, errs := b.run(t, "y\n", "close", chanID, "--force")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "Our 12.5 MILES can be had 24 hours after our state is on chain")
	require.Contains(t, errs, "2 HTLCs of 0.05 MILES in it will be settled on chain.")
	require.Contains(t, errs, "The peer is online")
	require.True(t, f.got.(*nwnrpc.CloseTokenChannelRequest).Force)

	f.got = nil
	code, _, errs = b.run(t, "", "close", chanID)
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "give --yes")
	code, _, errs = b.run(t, "", "-y", "close", chanID, "--address=bcrt1q")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "pays to the address that was agreed")
	require.Nil(t, f.got)
	require.Nil(t, b.closed)
}

func TestMoneyIsAddedToAChannelAndTakenFromIt(t *testing.T) {
	b, f := startWithAssets(t)
	code, out, errs := b.run(t, "y\n", "deposit", "16400007x312x9", "12.5")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "exactly what it takes")
	require.Contains(t, errs, "Add 12.5 MILES to the channel with")
	require.Contains(t, out, "0xIN")
	in := f.got.(*nwnrpc.ChannelAmountRequest)
	require.Equal(t, chanID, in.Channel)
	require.EqualValues(t, 1250, in.Units)
	code, out, errs = b.run(t, "y\n", "withdraw", chanID, "5MILES")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "Take 5 MILES out of the channel")
	require.NotContains(t, errs, "adjudicator")
	require.Contains(t, out, "0xOUT")

	f.got = nil
	for _, args := range [][]string{{"16400007x312x9", "0.001"}, {"16400007x312x9", "5ETH"}, {"1x2x3", "5"}, {"16400007x312x9", "5"}} {
		for _, command := range []string{"deposit", "withdraw"} {
			code, _, _ := b.run(t, "", append([]string{command}, args...)...)
			require.NotZero(t, code, "%s %v", command, args)
		}
	}
	require.Nil(t, f.got)
}

// Who stops waiting for a channel in an asset is told where it can be seen.
func TestATokenChannelThatIsLeftAloneGoesOn(t *testing.T) {
	b, f := startWithAssets(t)
	f.hangs = true
	for text, args := range map[string][]string{
		"opening may go on: nwcli channels shows it": {"open", key, "5", "--asset=MILES"},
		"closing may go on: nwcli channels shows it": {"close", chanID},
	} {
		var out, errs bytes.Buffer
		ctx, cancel := context.WithCancel(t.Context())
		a := &app{out: &signalled{Writer: &out, on: "\n", do: cancel}, errOut: &errs}
		require.Equal(t, exitUnknown, a.run(ctx, append(args, "--nwnddir="+b.dir, "-y", "--wait")))
		require.Contains(t, errs.String(), text)
	}
}

func TestPointsCommands(t *testing.T) {
	b, f := startWithAssets(t)
	code, out, errs := b.run(t, "y\n", "points", "create", "dev", "0xADJ", "MILES", "Bob's Miles", "--decimals=1", "--members-only")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "Put the token MILES (Bob's Miles) of 1 decimal on dev? only members may hold them.")
	require.Contains(t, out, "0xTOK")
	made := f.got.(*nwnrpc.CreatePointsRequest)
	require.Equal(t, []any{"dev", "0xADJ", "MILES", "Bob's Miles", uint32(1), true},
		[]any{made.Chain, made.Adjudicator, made.Symbol, made.Name, made.Decimals, made.MembersOnly})

	code, _, errs = b.run(t, "y\n", "points", "issue", "MILES", "0xYOU", "500", "--reference=order 17")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "Issue 500 MILES to 0xYOU?")
	issued := f.got.(*nwnrpc.IssuePointsRequest)
	require.Equal(t, []string{"MILES", "0xYOU", "50000", "order 17"}, []string{issued.Symbol, issued.Address, issued.Amount, string(issued.Reference)})
	code, _, errs = b.run(t, "y\n", "points", "redeem", "MILES", "1.25", "--reference=0x0102")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "Burn 1.25 MILES of this account")
	require.Equal(t, []byte{1, 2}, f.got.(*nwnrpc.RedeemPointsRequest).Reference)
	for _, member := range []string{"add", "remove"} {
		code, _, errs = b.run(t, "", "points", "members", member, "MILES", "0xYOU")
		require.Zero(t, code, errs)
		require.Equal(t, member == "add", f.got.(*nwnrpc.SetMemberRequest).Member)
	}
	f.got = nil
	for want, args := range map[string][]string{
		"give --yes":     {"redeem", "MILES", "1"},
		"may have 32":    {"redeem", "MILES", "1", "--reference=" + zeros(33)},
		"64 hex digits":  {"issue", "MILES", "0xYOU", "1", "--reference=0x" + zeros(66)},
		"2 decimals":     {"issue", "MILES", "0xYOU", "0.001"},
		"no asset is ca": {"issue", "XYZ", "0xYOU", "1"},
	} {
		code, _, errs := b.run(t, "", append([]string{"points"}, args...)...)
		require.NotZero(t, code)
		require.Contains(t, errs, want)
	}
	require.Nil(t, f.got)
}

func TestMeterCommands(t *testing.T) {
	b, f := startWithAssets(t)
	f.price = &nwnrpc.Price{Symbol: "MILES", PerUnitMilli: 1, Unit: "MB", MinimumUnits: 500}
	_, out, _ := b.run(t, "", "meter", "price", key)
	require.Regexp(t, `price +0.00001 MILES for each MB`, out)
	require.Regexp(t, `least deposit +5 MILES`, out)
	code, out, errs := b.run(t, "", "meter", "setprice", "0.00002MILES", "MB", "--minimum=5")
	require.Zero(t, code, errs)
	require.Contains(t, out, "0.00002 MILES for each MB")
	set := f.got.(*nwnrpc.Price)
	require.Equal(t, []any{"MILES", uint64(2), "MB", uint64(500)}, []any{set.Symbol, set.PerUnitMilli, set.Unit, set.MinimumUnits})

	code, out, errs = b.run(t, "y\n", "meter", "establish", key, "50", "--asset=MILES", "--wait")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "exactly what it takes")
	require.Contains(t, errs, "Deposit 50 MILES with")
	require.Contains(t, out, "is open")
	require.EqualValues(t, 5000, f.got.(*nwnrpc.EstablishRequest).DepositUnits)
	code, out, errs = b.run(t, "y\n", "meter", "topup", key, "20MILES")
	require.Zero(t, code, errs)
	require.Contains(t, out, "0xUP")
	require.EqualValues(t, 2000, f.got.(*nwnrpc.TopUpRequest).Units)
	_, out, _ = b.run(t, "", "meter", "balance", key)
	require.Regexp(t, `1 MILES +3 MILES +`+chanID, out)
	_, out, _ = b.run(t, "", "meter", "book", key)
	require.Regexp(t, `4 MILES +1 MILES +2 MILES +`+chanID, out)
	code, out, errs = b.run(t, "y\n", "meter", "close", key, "MILES", "--wait")
	require.Zero(t, code, errs)
	require.Contains(t, out, "is closed")

	f.got = nil
	for want, args := range map[string][]string{
		"a price is in an asset": {"setprice", "5", "MB"},
		"a deposit is in an ass": {"establish", key, "5"},
		"66 hex digits":          {"balance", "02"},
		"give --yes":             {"topup", key, "5MILES"},
		"5 decimals":             {"setprice", "0.000001", "MB", "--asset=MILES"},
	} {
		code, _, errs := b.run(t, "", append([]string{"meter"}, args...)...)
		require.Equal(t, exitUsage, code)
		require.Contains(t, errs, want)
	}
	require.Nil(t, f.got)
}
