package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"google.golang.org/grpc"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// payToken pays an invoice in an asset, of an amount of the caller's where the invoice has none.
func (a *app) payToken(ctx context.Context, c *client, invoice, amount string, most *limits) error {
	p, err := c.tokenPay.DecodeTokenInvoice(ctx, &nwnrpc.DecodeTokenInvoiceRequest{PaymentRequest: invoice})
	if err != nil {
		return err
	}
	if p.Asset == nil {
		return unknownAsset(p)
	}
	if end := time.Unix(p.Timestamp+p.Expiry, 0); time.Now().After(end) {
		return expired(end)
	}
	total, err := tokenPayAmount(p, amount)
	if err != nil {
		return err
	}
	req := &nwnrpc.PayTokenRequest{PaymentRequest: invoice, MaxParts: most.parts}
	if p.ValueMilli == 0 {
		req.ValueMilli = total
	}
	if req.TimeoutSeconds, err = most.seconds(); err != nil {
		return err
	}
	if req.FeeLimitMilli, err = tokenFeeLimit(most.fee, total, p.Asset); err != nil {
		return err
	}
	if !a.yes && !a.json {
		t := &table{tw: tabwriter.NewWriter(a.errOut, 0, 4, 2, ' ', 0)}
		tokenPayReq(t, p)
		if err := errors.Join(t.err, t.tw.Flush()); err != nil {
			return err
		}
	}
	if err := a.ask(ctx, "Pay %s and at most %s in fees?", milliText(total, p.Asset), milliText(req.FeeLimitMilli, p.Asset)); err != nil {
		return err
	}
	s, err := c.tokenPay.PayToken(ctx, req)
	if err != nil {
		return err
	}
	return a.followToken(ctx, c, s, p.PaymentHash)
}

// tokenPayAmount is what the invoice asks for, or what the caller chose where it doesn't.
func tokenPayAmount(p *nwnrpc.TokenPayReq, chosen string) (uint64, error) {
	switch {
	case p.ValueMilli != 0 && chosen != "":
		return 0, usage("the invoice asks for %s; leave --amount out", milliText(p.ValueMilli, p.Asset))
	case p.ValueMilli != 0:
		return p.ValueMilli, nil
	case chosen == "":
		return 0, usage("the invoice leaves the amount open: give --amount")
	}
	n, err := parseMilli(chosen, p.Asset, payPlaces(p.Asset))
	if err == nil && n == 0 {
		err = usage("--amount is nothing; give one above 0")
	}
	return n, err
}

// leastFee is what fees may come to without being asked, in thousandths of units: small payments go
// over nodes that take a unit each.
const leastFee = 5 * 1000

// tokenFeeLimit reads an amount or a percentage; without one it is a twentieth, or five units.
func tokenFeeLimit(s string, amount uint64, v *nwnrpc.Asset) (uint64, error) {
	if s == "" {
		return max(amount/20, leastFee), nil
	}
	p, ok := strings.CutSuffix(s, "%")
	if !ok {
		return parseMilli(s, v, unitPlaces(v)+milliPlaces)
	}
	n, err := strconv.ParseUint(strings.TrimSpace(p), 10, 8)
	if err != nil || n > 100 {
		return 0, usage("fee limit %q: a percentage is a whole number from 0 to 100", s)
	}
	part := new(big.Int).SetUint64(amount)
	part.Mul(part, new(big.Int).SetUint64(n))
	return part.Quo(part, big.NewInt(100)).Uint64(), nil
}

// followToken shows how a payment goes until it has ended. The payment is nwnd's: it goes on
// without us.
func (a *app) followToken(ctx context.Context, c *client, s grpc.ServerStreamingClient[nwnrpc.TokenPayment], hash string) error {
	began := time.Now()
	parts := progress{out: a.errOut, redraws: a.redraws, width: a.width}
	for updates := 0; ; updates++ {
		p, err := s.Recv()
		if err != nil && (ctx.Err() != nil || updates > 0 || errors.Is(err, io.EOF)) {
			return leftAlone(ctx, updates, hash, err)
		}
		if err != nil {
			return err
		}
		if !a.json {
			var lines []string
			for i, h := range p.Attempts {
				lines = append(lines, clean(fmt.Sprintf("part %-2d  %s", i+1, c.tokenAttempt(ctx, h, p.Asset))))
			}
			parts.tell(lines)
		}
		switch p.Status {
		case lnrpc.Payment_SUCCEEDED:
			return a.show(p, func(t *table) {
				t.row("paid", milliText(p.ValueMilli, p.Asset))
				t.row("fee", milliText(p.FeeMilli, p.Asset))
				t.row("took", time.Since(began).Round(time.Millisecond))
				t.row("hash", p.PaymentHash)
				t.row("preimage", p.Preimage)
			})
		case lnrpc.Payment_FAILED:
			if a.json {
				if err := a.show(p, nil); err != nil {
					return err
				}
			}
			return &fault{exitUnpaid, "PaymentFailed", "the payment failed: " + reason(p.FailureReason)}
		}
	}
}

// tokenAttempt is an attempt in a line.
func (c *client) tokenAttempt(ctx context.Context, h *nwnrpc.TokenAttempt, v *nwnrpc.Asset) string {
	var names []string
	for _, hop := range h.Hops {
		names = append(names, c.name(ctx, hop.PubKey))
	}
	as := &lnrpc.HTLCAttempt{Status: h.Status}
	if h.FailureCode != lnrpc.Failure_RESERVED {
		as.Failure = &lnrpc.Failure{Code: h.FailureCode, FailureSourceIndex: h.FailureSourceIndex}
	}
	return fmt.Sprintf("%s %s: %s%s", milliText(h.ValueMilli, v), over(names), attemptState(as), failure(as, names))
}

func tokenPaymentState(p *nwnrpc.TokenPayment) string {
	return paymentState(&lnrpc.Payment{Status: p.Status})
}

// listTokenPayments lists those in an asset, as payments does those in bitcoin.
func (a *app) listTokenPayments(ctx context.Context, c *client, symbol string, most uint64, all, paidOnly bool) error {
	req := &nwnrpc.ListTokenPaymentsRequest{Symbol: symbol, Max: most, Reversed: true, IncludeIncomplete: !paidOnly}
	if all {
		req.Reversed, req.Max = false, page
	}
	return a.paged(ctx, all, func(ctx context.Context, header bool) (bool, error) {
		l, err := c.tokenPay.ListTokenPayments(ctx, req)
		if err != nil {
			return false, err
		}
		more := l.LastIndexOffset > req.IndexOffset
		req.IndexOffset = l.LastIndexOffset
		return more, a.show(l, func(t *table) { tokenPaymentRows(t, l.Payments, header) })
	})
}

func tokenPaymentRows(t *table, all []*nwnrpc.TokenPayment, header bool) {
	if header {
		t.row("NUMBER", "STATE", "AMOUNT", "FEE", "MADE", "ATTEMPTS", "HASH")
	}
	for _, p := range all {
		t.row(p.PaymentIndex, tokenPaymentState(p), milliText(p.ValueMilli, p.Asset), milliText(p.FeeMilli, p.Asset),
			ago(p.CreationTimeNs/1e9), len(p.Attempts), p.PaymentHash)
	}
}

// oneTokenPayment shows a payment and its attempts, now or at its end.
func (a *app) oneTokenPayment(ctx context.Context, c *client, hash []byte, wait bool) error {
	s, err := c.tokenPay.TrackTokenPayment(ctx, &nwnrpc.TrackTokenPaymentRequest{PaymentHash: hash})
	if err != nil {
		return err
	}
	if wait {
		return a.followToken(ctx, c, s, hex.EncodeToString(hash))
	}
	p, err := s.Recv()
	if err != nil {
		return ended(err)
	}
	return a.show(p, func(t *table) {
		t.row("state", tokenPaymentState(p))
		if p.Status == lnrpc.Payment_FAILED {
			t.row("why", reason(p.FailureReason))
		}
		t.row("amount", milliText(p.ValueMilli, p.Asset))
		t.row("fee", milliText(p.FeeMilli, p.Asset))
		t.row("made", ago(p.CreationTimeNs/1e9))
		t.row("hash", p.PaymentHash)
		if p.Status == lnrpc.Payment_SUCCEEDED {
			t.row("preimage", p.Preimage)
		}
		for _, h := range p.Attempts {
			t.row("part", c.tokenAttempt(ctx, h, p.Asset))
		}
	})
}
