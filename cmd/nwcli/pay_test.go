package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// part is an attempt of an amount in satoshis over two hops.
func part(sat int64, s lnrpc.HTLCAttempt_HTLCStatus, f *lnrpc.Failure) *lnrpc.HTLCAttempt {
	return &lnrpc.HTLCAttempt{Status: s, Failure: f, AttemptTimeNs: 1, ResolveTimeNs: 5_000_001, Route: &lnrpc.Route{
		TotalAmtMsat: sat*1000 + 7, TotalFeesMsat: 7,
		Hops: []*lnrpc.Hop{{PubKey: key}, {PubKey: strings.Repeat("03", 33)}}}}
}

func (f *fake) QueryRoutes(_ context.Context, in *lnrpc.QueryRoutesRequest) (*lnrpc.QueryRoutesResponse, error) {
	f.routed = in
	if f.asked == 0 {
		return nil, status.Error(codes.NotFound, "unable to find a path to destination")
	}
	return &lnrpc.QueryRoutesResponse{SuccessProb: 0.5, Routes: []*lnrpc.Route{{
		TotalAmtMsat: 5_001_000, TotalFeesMsat: 1000, TotalTimeLock: 305, Hops: []*lnrpc.Hop{
			{PubKey: key, ChanId: 105 << 40, AmtToForwardMsat: 5_000_000, FeeMsat: 1000, Expiry: 265},
			{PubKey: strings.Repeat("03", 33), ChanId: 106 << 40, AmtToForwardMsat: 5_000_000, Expiry: 265},
		}}}}, nil
}

func (f *fake) QueryProbability(_ context.Context, in *routerrpc.QueryProbabilityRequest) (*routerrpc.QueryProbabilityResponse, error) {
	return &routerrpc.QueryProbabilityResponse{Probability: 0.25}, nil
}

func (f *fake) TrackPaymentV2(in *routerrpc.TrackPaymentRequest, to grpc.ServerStreamingServer[lnrpc.Payment]) error {
	if in.PaymentHash[0] != 0xab {
		return status.Error(codes.NotFound, "payment isn't initiated")
	}
	p := &lnrpc.Payment{Status: lnrpc.Payment_IN_FLIGHT, ValueMsat: 9_000_000, PaymentHash: fmt.Sprintf("%x", in.PaymentHash),
		Htlcs: []*lnrpc.HTLCAttempt{part(9000, lnrpc.HTLCAttempt_IN_FLIGHT, nil)}}
	if err := to.Send(p); err != nil {
		return err
	}
	p.Status, p.Htlcs[0].Status = lnrpc.Payment_SUCCEEDED, lnrpc.HTLCAttempt_SUCCEEDED
	return to.Send(p)
}

func (f *fake) ListPayments(_ context.Context, in *lnrpc.ListPaymentsRequest) (*lnrpc.ListPaymentsResponse, error) {
	f.listed = append(f.listed, in)
	out := &lnrpc.ListPaymentsResponse{}
	for i := in.IndexOffset + 1; i <= 1200 && uint64(len(out.Payments)) < in.MaxPayments; i++ {
		out.Payments = append(out.Payments, &lnrpc.Payment{PaymentIndex: i, ValueMsat: 1000, Status: lnrpc.Payment_FAILED,
			PaymentHash: fmt.Sprintf("%064x", i)})
		out.LastIndexOffset = i
	}
	return out, nil
}

// Each change of each part is one line where nothing can be redrawn.
func TestPayTellsOfEachPart(t *testing.T) {
	b := start(t)
	b.updates = []*lnrpc.Payment{
		{Status: lnrpc.Payment_IN_FLIGHT, Htlcs: []*lnrpc.HTLCAttempt{part(3000, lnrpc.HTLCAttempt_IN_FLIGHT, nil)}},
		{Status: lnrpc.Payment_IN_FLIGHT, Htlcs: []*lnrpc.HTLCAttempt{part(3000, lnrpc.HTLCAttempt_IN_FLIGHT, nil)}},
		{Status: lnrpc.Payment_IN_FLIGHT, Htlcs: []*lnrpc.HTLCAttempt{
			part(3000, lnrpc.HTLCAttempt_FAILED, &lnrpc.Failure{Code: lnrpc.Failure_TEMPORARY_CHANNEL_FAILURE, FailureSourceIndex: 1}),
			part(2000, lnrpc.HTLCAttempt_IN_FLIGHT, nil)}},
		{Status: lnrpc.Payment_SUCCEEDED, ValueMsat: 5_000_000, PaymentPreimage: "beef", Htlcs: []*lnrpc.HTLCAttempt{
			part(3000, lnrpc.HTLCAttempt_FAILED, &lnrpc.Failure{Code: lnrpc.Failure_TEMPORARY_CHANNEL_FAILURE, FailureSourceIndex: 1}),
			part(2000, lnrpc.HTLCAttempt_SUCCEEDED, nil)}},
	}
	code, out, errs := b.run(t, "", "pay", "-y", "lnbcrt1")
	require.Zero(t, code, errs)
	require.Equal(t, "part 1   3,000 sat over mallory to 0303030303030303…: on its way\n"+
		"part 1   3,000 sat over mallory to 0303030303030303…: failed at mallory: temporary channel failure\n"+
		"part 2   2,000 sat over mallory to 0303030303030303…: on its way\n"+
		"part 2   2,000 sat over mallory to 0303030303030303…: arrived\n", errs)
	require.Contains(t, out, "beef")

	_, out, errs = b.run(t, "", "pay", "-y", "--json", "lnbcrt1")
	require.Empty(t, errs)
	require.Contains(t, out, `"payment_preimage": "beef"`)
}

// On a terminal the lines of the parts stay in place, cut to its width, and are bounded.
func TestProgressIsRedrawnOnATerminal(t *testing.T) {
	var b bytes.Buffer
	p := progress{out: &b, redraws: true, width: 30, names: func(*lnrpc.Route) []string { return []string{"bob\x1b[2J", "carol"} }}
	pay := &lnrpc.Payment{Htlcs: []*lnrpc.HTLCAttempt{part(3000, lnrpc.HTLCAttempt_IN_FLIGHT, nil)}}
	p.show(pay)
	require.Equal(t, "part 1   3,000 sat over bob[…\n", b.String())
	p.show(pay)
	require.Equal(t, 1, strings.Count(b.String(), "\n"), "nothing new, nothing drawn")
	b.Reset()
	pay.Htlcs = append(pay.Htlcs, part(1, lnrpc.HTLCAttempt_SUCCEEDED, nil))
	p.show(pay)
	require.True(t, strings.HasPrefix(b.String(), "\x1b[1A\x1b[J"), "the line is replaced")
	for range 3 * maxLines {
		pay.Htlcs = append(pay.Htlcs, part(1, lnrpc.HTLCAttempt_IN_FLIGHT, nil))
	}
	b.Reset()
	p.show(pay)
	require.Equal(t, maxLines+1, strings.Count(b.String(), "\n"))
	require.Contains(t, b.String(), "… 42 before")
}

func TestPayShowsWhatItWillCost(t *testing.T) {
	b := start(t)
	code, _, errs := b.run(t, "no\n", "pay", "lnbcrt1")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "1 sat, if it goes over mallory to 0303030303030303…")
	require.EqualValues(t, 5_000_000, b.routed.AmtMsat)
	b.asked = 0
	_, _, errs = b.run(t, "no\n", "pay", "lnbcrt1", "--amount=7ksat")
	require.Contains(t, errs, "it may go in parts")
	require.Nil(t, b.paid)
}

func TestAnInvoiceThatExpiredIsNotAskedAbout(t *testing.T) {
	b := start(t)
	b.made0 = time.Now().Add(-2 * time.Hour)
	code, _, errs := b.run(t, "y\n", "pay", "lnbcrt1")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "the invoice expired 1h0m")
	require.Contains(t, errs, "ask its maker for a new one")
	require.Nil(t, b.paid)
}

// Ctrl-C leaves a payment to go on, and says how to look after it.
func TestCtrlCLeavesThePaymentToGoOn(t *testing.T) {
	onItsWay := []*lnrpc.Payment{{Status: lnrpc.Payment_IN_FLIGHT, Htlcs: []*lnrpc.HTLCAttempt{part(3000, lnrpc.HTLCAttempt_IN_FLIGHT, nil)}}}
	b := start(t)
	b.updates, b.hangs = onItsWay, func() {}
	var out, errs bytes.Buffer
	ctx, cancel := context.WithCancel(t.Context())
	a := &app{out: &out, errOut: &signalled{Writer: &errs, on: "part 1", do: cancel}}
	require.Equal(t, exitUnknown, a.run(ctx, []string{"--nwnddir=" + b.dir, "pay", "-y", "lnbcrt1"}))
	require.Contains(t, errs.String(), "goes on without this program: nwcli payments abababab")

	b = start(t)
	ctx, cancel = context.WithCancel(t.Context())
	b.updates, b.hangs = onItsWay, cancel // whether the update has come by then or not
	errs.Reset()
	a = &app{out: &out, errOut: &errs}
	require.Equal(t, exitUnknown, a.run(ctx, []string{"--nwnddir=" + b.dir, "pay", "-y", "--json", "lnbcrt1"}))
	require.Regexp(t, `"error":"interrupted; the payment (goes|may go) on .*"code":"OutcomeUnknown","exit":4`, errs.String())
	require.Empty(t, out.String())
}

func TestKeysend(t *testing.T) {
	b := start(t)
	code, out, errs := b.run(t, "y\n", "keysend", key, "5ksat", "--message=thanks", "--fee-limit=1%")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "Pay 5,000 sat to mallory, who asked for nothing, and at most 50 sat in fees?")
	require.Contains(t, out, "beef")
	require.EqualValues(t, 5_000_000, b.paid.AmtMsat)
	require.Equal(t, key, fmt.Sprintf("%x", b.paid.Dest))
	hash := sha256.Sum256(b.paid.DestCustomRecords[keysendRecord])
	require.Equal(t, hash[:], b.paid.PaymentHash)
	require.Equal(t, "thanks", string(b.paid.DestCustomRecords[messageRecord]))
	first := b.paid.PaymentHash
	_, _, _ = b.run(t, "", "-y", "keysend", key, "5ksat")
	require.NotEqual(t, first, b.paid.PaymentHash)

	b.paid = nil
	for want, args := range map[string][]string{
		"give --yes":    {key, "5"},
		"66 hex digits": {"02ab", "5"},
		"is nothing":    {key, "0"},
		"may have 600":  {key, "1", "--message=" + strings.Repeat("x", 601)},
		"1s to 24h":     {key, "1", "--timeout=25h"},
	} {
		code, _, errs := b.run(t, "", append([]string{"keysend"}, args...)...)
		require.Equal(t, exitUsage, code)
		require.Contains(t, errs, want)
	}
	require.Nil(t, b.paid)
}

func TestOnePayment(t *testing.T) {
	b := start(t)
	hash := strings.Repeat("ab", 32)
	code, out, errs := b.run(t, "", "payments", hash)
	require.Zero(t, code, errs)
	require.Contains(t, out, "on its way")
	require.Contains(t, out, "9,000 sat over mallory to 0303030303030303…: on its way after 5ms")
	code, out, errs = b.run(t, "", "payments", hash, "--wait")
	require.Zero(t, code, errs)
	require.Contains(t, out, "paid")
	code, _, errs = b.run(t, "", "payments", strings.Repeat("cd", 32))
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "nwcli payments lists those that are")
	code, _, _ = b.run(t, "", "payments", "abc")
	require.Equal(t, exitUsage, code)
}

// A long list comes page by page; nobody is made to wait for, or hold, all of it.
func TestAllPaymentsComeInPages(t *testing.T) {
	b := start(t)
	code, out, errs := b.run(t, "", "payments", "--all")
	require.Zero(t, code, errs)
	require.Equal(t, 1201, strings.Count(out, "\n"), "a header and every payment")
	require.Len(t, b.listed, 3)
	for i, in := range b.listed {
		require.EqualValues(t, page, in.MaxPayments)
		require.EqualValues(t, page*i, in.IndexOffset)
		require.False(t, in.Reversed)
	}
	b.listed = nil
	code, _, _ = b.run(t, "", "payments", "--max=3", "--paid")
	require.Zero(t, code)
	require.Len(t, b.listed, 1)
	require.True(t, b.listed[0].Reversed)
	require.False(t, b.listed[0].IncludeIncomplete)
	code, _, _ = b.run(t, "", "payments", "--max=3", "--all")
	require.Equal(t, exitUsage, code)
}

func TestRoute(t *testing.T) {
	b := start(t)
	code, out, errs := b.run(t, "", "route", key, "5ksat")
	require.Zero(t, code, errs)
	for _, want := range []string{"5,001 sat", "1 sat", "25 %", "50 %", "block 305, 200 from now", "mallory"} {
		require.Contains(t, out, want)
	}
	for _, args := range [][]string{{"02", "5"}, {key, "0"}, {key, "five"}, {key}} {
		code, _, _ := b.run(t, "", append([]string{"route"}, args...)...)
		require.Equal(t, exitUsage, code, args)
	}
}
