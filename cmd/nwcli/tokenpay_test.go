package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// milesPayment has an attempt that failed at its first hop and one in the state of the payment.
func milesPayment(s lnrpc.Payment_PaymentStatus) *nwnrpc.TokenPayment {
	last := &nwnrpc.TokenAttempt{ValueMilli: 1_250_000, Hops: []*nwnrpc.TokenHop{{PubKey: key}, {PubKey: strings.Repeat("03", 33)}}}
	if s == lnrpc.Payment_SUCCEEDED {
		last.Status = lnrpc.HTLCAttempt_SUCCEEDED
	}
	return &nwnrpc.TokenPayment{
		Asset: miles, PaymentHash: strings.Repeat("ab", 32), Preimage: "beef", ValueMilli: 1_250_000, FeeMilli: 1000, Status: s, PaymentIndex: 4,
		FailureReason: lnrpc.PaymentFailureReason_FAILURE_REASON_NO_ROUTE,
		Attempts: []*nwnrpc.TokenAttempt{{
			ValueMilli: 1_250_000, Status: lnrpc.HTLCAttempt_FAILED, FailureCode: lnrpc.Failure_TEMPORARY_CHANNEL_FAILURE, FailureSourceIndex: 1,
			Hops: []*nwnrpc.TokenHop{{PubKey: key}},
		}, last},
	}
}

func TestPayingAnInvoiceInAnAsset(t *testing.T) {
	b, f := startWithAssets(t)
	f.payment = []*nwnrpc.TokenPayment{milesPayment(lnrpc.Payment_IN_FLIGHT), milesPayment(lnrpc.Payment_SUCCEEDED)}
	code, out, errs := b.run(t, "y\n", "pay", "lightning:LNNW1", "--max-parts=2")
	require.Zero(t, code, errs)
	for _, want := range []string{
		"tea", "0xTOK on dev", "final delta  12 hours", "Pay 12.5 MILES and at most 0.625 MILES in fees?",
		"part 1   12.5 MILES straight to mallory: failed at mallory: temporary channel failure\n",
		"part 2   12.5 MILES over mallory to 0303030303030303…: on its way\n", "part 2   12.5 MILES over mallory to 0303030303030303…: arrived\n",
	} {
		require.Contains(t, errs, want)
	}
	require.Regexp(t, `fee +0.01 MILES`, out)
	require.Contains(t, out, "beef")
	in := f.got.(*nwnrpc.PayTokenRequest)
	require.Equal(t, []any{"LNNW1", uint64(0), uint64(62_500), int32(60), uint32(2)},
		[]any{in.PaymentRequest, in.ValueMilli, in.FeeLimitMilli, in.TimeoutSeconds, in.MaxParts})
	require.Nil(t, b.paid)

	f.payment = []*nwnrpc.TokenPayment{milesPayment(lnrpc.Payment_FAILED)}
	code, _, errs = b.run(t, "", "-y", "pay", "lnnw1", "--fee-limit=0.5MILES")
	require.Equal(t, exitUnpaid, code)
	require.Contains(t, errs, "no way to the recipient")
	require.EqualValues(t, 50_000, f.got.(*nwnrpc.PayTokenRequest).FeeLimitMilli)
	f.payment = f.payment[:0]
	code, _, errs = b.run(t, "", "-y", "pay", "lnnw1")
	require.Equal(t, exitUnknown, code)
	require.Contains(t, errs, "nwcli payments "+strings.Repeat("ab", 32))
}

func TestAmountsOfInvoicesInAssets(t *testing.T) {
	b, f := startWithAssets(t)
	f.payment = []*nwnrpc.TokenPayment{milesPayment(lnrpc.Payment_SUCCEEDED)}
	code, _, errs := b.run(t, "", "-y", "pay", "lnnw1", "--amount=5")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "asks for 12.5 MILES; leave --amount out")
	f.decoded.ValueMilli = 0
	for want, args := range map[string][]string{
		"give --amount": {}, "is nothing": {"--amount=0"}, "2 decimals": {"--amount=0.001"}, "in sat, not in MILES": {"--amount=5sat"},
		"1s to 24h": {"--amount=5", "--timeout=25h"}, "give --yes": {"--amount=5"},
	} {
		code, _, errs := b.run(t, "", append([]string{"pay", "lnnw1"}, args...)...)
		require.Equal(t, exitUsage, code)
		require.Contains(t, errs, want)
	}
	require.Nil(t, f.got)
	code, _, errs = b.run(t, "", "-y", "pay", "lnnw1", "--amount=5")
	require.Zero(t, code, errs)
	require.EqualValues(t, 500_000, f.got.(*nwnrpc.PayTokenRequest).ValueMilli)

	f.got = nil
	f.decoded.Timestamp = time.Now().Add(-2 * time.Hour).Unix()
	code, _, errs = b.run(t, "y\n", "pay", "lnnw1", "--amount=5")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "the invoice expired 1h0m")
	f.decoded.Asset = nil
	code, _, errs = b.run(t, "y\n", "pay", "lnnw1", "--amount=5")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "an asset that nwnd doesn't know, with id aaaa")
	code, out, errs := b.run(t, "", "decode", "lnnw1")
	require.Zero(t, code, errs)
	require.Contains(t, out, miles.Id)
	require.Contains(t, out, "HAS EXPIRED")
	require.Nil(t, f.got)
}

func TestInvoicesInAssets(t *testing.T) {
	b, f := startWithAssets(t)
	code, out, errs := b.run(t, "", "invoice", "12.5", "two teas", "--asset=MILES", "--expiry=90m", "--private")
	require.Zero(t, code, errs)
	require.Regexp(t, `invoice +lnnw1`, out)
	in := f.got.(*nwnrpc.AddTokenInvoiceRequest)
	require.Equal(t, []any{"MILES", uint64(1_250_000), "two teas", int64(5400), true, 0},
		[]any{in.Symbol, in.ValueMilli, in.Memo, in.Expiry, in.Private, len(in.PaymentHash)})
	_, _, _ = b.run(t, "", "invoice", "any", "--asset=MILES")
	require.Zero(t, f.got.(*nwnrpc.AddTokenInvoiceRequest).ValueMilli)
	_, out, _ = b.run(t, "", "invoice", "0.000000001ETH", "--hold=new")
	require.Contains(t, out, "nwnd doesn't know the preimage")
	in = f.got.(*nwnrpc.AddTokenInvoiceRequest)
	require.EqualValues(t, 1, in.ValueMilli)
	require.Len(t, in.PaymentHash, 32)

	f.got = nil
	for want, args := range map[string][]string{
		"2 decimals": {"0.001", "--asset=MILES"}, "is nothing": {"0", "--asset=MILES"}, "9 decimals": {"0.0000000001", "--asset=ETH"},
		"is no unit": {"5Mile"}, "64 hex": {"5", "--asset=MILES", "--hold=zz"},
	} {
		code, _, errs := b.run(t, "", append([]string{"invoice"}, args...)...)
		require.Equal(t, exitUsage, code)
		require.Contains(t, errs, want)
	}
	require.Nil(t, f.got)
}

// A hash doesn't tell what was paid: what bitcoin's doesn't know is looked for among the assets'.
func TestWhatIsNotBitcoinsIsLookedForAmongTheAssets(t *testing.T) {
	b, f := startWithAssets(t)
	hash := strings.Repeat("ab", 32)
	_, out, _ := b.run(t, "", "lookupinvoice", hash)
	require.Regexp(t, `amount +12.5 MILES`, out)
	require.Contains(t, out, "12.5 MILES over 16400007x312x9, settled")
	b.missing = noInvoice
	_, out, _ = b.run(t, "", "lookupinvoice", hash, "--wait")
	require.Regexp(t, `state +accepted`, out)
	code, _, errs := b.run(t, "", "lookupinvoice", strings.Repeat("cd", 32))
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "unable to locate invoice: nwcli invoices lists them")

	f.payment = []*nwnrpc.TokenPayment{milesPayment(lnrpc.Payment_SUCCEEDED)}
	_, out, _ = b.run(t, "", "payments", strings.Repeat("cd", 32))
	require.Regexp(t, `amount +12.5 MILES`, out)
	code, _, errs = b.run(t, "", "payments", strings.Repeat("ef", 32))
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "nwcli payments lists those that are")
	_, out, _ = b.run(t, "", "payments", strings.Repeat("cd", 32), "--wait")
	require.Contains(t, out, "beef")

	code, _, errs = b.run(t, "", "hold", "settle", strings.Repeat("00", 32))
	require.Zero(t, code, errs)
	require.Equal(t, make([]byte, 32), f.got.(*nwnrpc.SettleTokenInvoiceRequest).Preimage)
	code, _, errs = b.run(t, "", "hold", "cancel", hash)
	require.Zero(t, code, errs)
	require.EqualValues(t, 0xab, f.got.(*nwnrpc.CancelTokenInvoiceRequest).PaymentHash[0])
	f.none = true
	code, _, errs = b.run(t, "", "hold", "cancel", hash)
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "unable to locate invoice", "not that there are no assets")
}

// A page of an asset's invoices may be short, or empty, and yet not be the last.
func TestListsOfAnAssetComeInPages(t *testing.T) {
	b, f := startWithAssets(t)
	code, out, errs := b.run(t, "", "invoices", "--asset=MILES", "--all")
	require.Zero(t, code, errs)
	require.Equal(t, 601, strings.Count(out, "\n"), "a header and every invoice in it")
	require.Equal(t, []uint64{0, 500, 1000, 1200}, f.pages)
	f.payment = []*nwnrpc.TokenPayment{milesPayment(lnrpc.Payment_SUCCEEDED)}
	_, out, _ = b.run(t, "", "payments", "--asset=MILES", "--paid", "--max=7")
	require.Regexp(t, `4 +paid +12.5 MILES +0.01 MILES`, out)
	in := f.got.(*nwnrpc.ListTokenPaymentsRequest)
	require.Equal(t, []any{"MILES", false, uint64(7), true}, []any{in.Symbol, in.IncludeIncomplete, in.Max, in.Reversed})
}
