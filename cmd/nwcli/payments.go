package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

func (a *app) payments() *cobra.Command {
	var most uint64
	var all, paidOnly, wait bool
	var symbol string
	c := &cobra.Command{
		Use:   "payments [payment hash]",
		Short: "List payments, the newest last, or show one",
		Long: "List the newest payments, or with --all every one. With a payment hash show that payment and each of\n" +
			"its attempts; --wait follows it to its end.",
		Example: "  nwcli payments --max=10\n  nwcli payments 3c58fe23b7a1d9e3ac9f4a5a30d5f9ad0b4f3f1d8a3a6c2c35a7c8d2a8f8f1ce --wait",
		Args:    cobra.MaximumNArgs(1),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			if len(args) == 1 {
				return a.anyPayment(ctx, c, args[0], wait)
			}
			if symbol != "" {
				return a.listTokenPayments(ctx, c, symbol, most, all, paidOnly)
			}
			req := &lnrpc.ListPaymentsRequest{MaxPayments: most, Reversed: true, IncludeIncomplete: !paidOnly}
			if all {
				req.Reversed, req.MaxPayments = false, page
			}
			return a.paged(ctx, all, func(ctx context.Context, header bool) (bool, error) {
				l, err := c.ListPayments(ctx, req)
				if err != nil {
					return false, err
				}
				req.IndexOffset = l.LastIndexOffset
				return len(l.Payments) == page, a.show(l, func(t *table) { paymentRows(t, l.Payments, header) })
			})
		}),
	}
	c.Flags().Uint64Var(&most, "max", 50, "most payments to list")
	c.Flags().BoolVar(&all, "all", false, "list every payment, from the first")
	c.Flags().BoolVar(&paidOnly, "paid", false, "only those that were paid")
	c.Flags().BoolVar(&wait, "wait", false, "with a payment hash: wait until it has ended")
	c.MarkFlagsMutuallyExclusive("max", "all")
	assetFlag(c, &symbol, "list those in the asset of that `symbol` (default: bitcoin)")
	return c
}

// anyPayment shows the payment of a hash, in whatever it is.
func (a *app) anyPayment(ctx context.Context, c *client, hash string, wait bool) error {
	h, err := paymentHash(hash)
	if err != nil {
		return err
	}
	return orToken(a.onePayment(ctx, c, h, wait), func() error { return a.oneTokenPayment(ctx, c, h, wait) })
}

func paymentRows(t *table, all []*lnrpc.Payment, header bool) {
	if header {
		t.row("NUMBER", "STATE", "AMOUNT", "FEE", "MADE", "ATTEMPTS", "HASH")
	}
	for _, p := range all {
		t.row(p.PaymentIndex, paymentState(p), msat(p.ValueMsat), msat(p.FeeMsat), ago(p.CreationTimeNs/1e9),
			len(p.Htlcs), p.PaymentHash)
	}
}

func paymentState(p *lnrpc.Payment) string {
	switch p.Status {
	case lnrpc.Payment_SUCCEEDED:
		return "paid"
	case lnrpc.Payment_FAILED:
		return "failed"
	}
	return "on its way"
}

// onePayment shows a payment and its attempts, now or at its end.
func (a *app) onePayment(ctx context.Context, c *client, h []byte, wait bool) error {
	s, err := c.router.TrackPaymentV2(ctx, &routerrpc.TrackPaymentRequest{PaymentHash: h})
	if err != nil {
		return err
	}
	if wait {
		return a.follow(ctx, c, s, hex.EncodeToString(h))
	}
	p, err := s.Recv()
	if err != nil {
		return ended(err)
	}
	return a.show(p, func(t *table) {
		t.row("state", paymentState(p))
		if p.Status == lnrpc.Payment_FAILED {
			t.row("why", reason(p.FailureReason))
		}
		t.row("amount", msat(p.ValueMsat))
		t.row("fee", msat(p.FeeMsat))
		t.row("made", ago(p.CreationTimeNs/1e9))
		t.row("hash", p.PaymentHash)
		if p.Status == lnrpc.Payment_SUCCEEDED {
			t.row("preimage", p.PaymentPreimage)
		}
		for _, h := range p.Htlcs {
			t.row("part", attempt(h, c.hopNames(ctx, h.Route)))
		}
	})
}

// attempt is an attempt in a line.
func attempt(h *lnrpc.HTLCAttempt, names []string) string {
	var took string
	if h.ResolveTimeNs > h.AttemptTimeNs {
		took = fmt.Sprintf(" after %v", time.Duration(h.ResolveTimeNs-h.AttemptTimeNs).Round(time.Millisecond))
	}
	amount := msat(h.Route.GetTotalAmtMsat() - h.Route.GetTotalFeesMsat())
	return strings.Join([]string{amount.String(), over(names) + ":", attemptState(h) + failure(h, names) + took}, " ")
}

// page is how many of a long list to ask for at once.
const page = 500

// paged shows a list page after page, as long as next says that there is more; header
// is set for the first.
func (a *app) paged(ctx context.Context, all bool, next func(ctx context.Context, header bool) (more bool, err error)) error {
	for header := true; ; header = false {
		one, cancel := context.WithTimeout(ctx, callTimeout)
		more, err := next(one, header)
		cancel()
		if err != nil || !more || !all {
			return err
		}
	}
}
