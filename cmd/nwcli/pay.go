package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// limits are what bounds a payment besides its amount.
type limits struct {
	fee     string
	timeout time.Duration
	parts   uint32
}

func (l *limits) flags(c *cobra.Command) {
	c.Flags().StringVar(&l.fee, "fee-limit", "", "most to pay in fees, an amount or a percentage (default: 5%, or up to all of 1000 sat)")
	c.Flags().DurationVar(&l.timeout, "timeout", time.Minute, "how long to try")
	c.Flags().Uint32Var(&l.parts, "max-parts", 0, "most parts to split it into (0: nwnd's default)")
}

// seconds is the time that a payment may take.
func (l *limits) seconds() (int32, error) {
	if l.timeout < time.Second || l.timeout > 24*time.Hour {
		return 0, usage("--timeout is %v, it may be 1s to 24h", l.timeout)
	}
	return int32(l.timeout.Seconds()), nil
}

// set puts them into a request for an amount.
func (l *limits) set(req *routerrpc.SendPaymentRequest, amount msat) (err error) {
	if req.TimeoutSeconds, err = l.seconds(); err != nil {
		return err
	}
	most, err := feeLimit(l.fee, amount)
	req.FeeLimitMsat, req.MaxParts = int64(most), l.parts
	return err
}

func (a *app) pay() *cobra.Command {
	var amount string
	var most limits
	c := &cobra.Command{
		Use:     "pay <invoice>",
		Short:   "Pay an invoice",
		Example: "  nwcli pay lntb500u1… --fee-limit=1%",
		Long: "Pay an invoice, of bitcoin or of an asset, which begins with lnnw. What it asks for and an estimate of the fee are shown and confirmed first, unless\n" +
			"--yes is given. Then each part is shown: its amount, the nodes that it goes over, how it ended.\n" +
			"Ctrl-C leaves a payment to go on; nwcli payments <hash> shows it.",
		Args: cobra.ExactArgs(1),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			if isTokenInvoice(bare(args[0])) {
				return a.payToken(ctx, c, bare(args[0]), amount, &most)
			}
			p, err := c.DecodePayReq(ctx, &lnrpc.PayReqString{PayReq: bare(args[0])})
			if err != nil {
				return err
			}
			if end := time.Unix(p.Timestamp+p.Expiry, 0); time.Now().After(end) {
				return expired(end)
			}
			total, err := payAmount(p.NumMsat, amount)
			if err != nil {
				return err
			}
			req := &routerrpc.SendPaymentRequest{PaymentRequest: bare(args[0])}
			if p.NumMsat == 0 {
				req.AmtMsat = int64(total)
			}
			if err := most.set(req, total); err != nil {
				return err
			}
			if !a.yes {
				if err := a.proposal(ctx, c, p, total); err != nil {
					return err
				}
			}
			if err := a.ask(ctx, "Pay %s and at most %s in fees?", total, msat(req.FeeLimitMsat)); err != nil {
				return err
			}
			return a.followPayment(ctx, c, req, p.PaymentHash)
		}),
	}
	c.Flags().StringVar(&amount, "amount", "", "amount, where the invoice leaves it open")
	most.flags(c)
	return c
}

func expired(end time.Time) error {
	return fmt.Errorf("the invoice expired %v ago, at %s: ask its maker for a new one", time.Since(end).Round(time.Second), ago(end.Unix()))
}

// proposal shows what is about to be paid, and what it will cost if all goes well.
func (a *app) proposal(ctx context.Context, c *client, p *lnrpc.PayReq, total msat) error {
	fee := "unknown: no single way is known that carries it; it may go in parts"
	r, err := c.QueryRoutes(ctx, &lnrpc.QueryRoutesRequest{
		PubKey: p.Destination, AmtMsat: int64(total), FinalCltvDelta: int32(p.CltvExpiry), UseMissionControl: true,
		RouteHints: p.RouteHints,
	})
	if err == nil && len(r.Routes) > 0 {
		best := r.Routes[0]
		fee = fmt.Sprintf("%s, if it goes %s", msat(best.TotalFeesMsat), c.over(ctx, best))
	}
	if a.json {
		return nil
	}
	t := &table{tw: tabwriter.NewWriter(a.errOut, 0, 4, 2, ' ', 0)}
	payReq(t, p)
	t.row("fee", fee)
	return errors.Join(t.err, t.tw.Flush())
}

// payAmount is what the invoice asks for, or what the caller chose where it doesn't.
func payAmount(asked int64, chosen string) (msat, error) {
	switch {
	case asked != 0 && chosen != "":
		return 0, usage("the invoice asks for %s; leave --amount out", msat(asked))
	case asked != 0:
		return msat(asked), nil
	case chosen == "":
		return 0, usage("the invoice leaves the amount open: give --amount")
	}
	m, err := parseAmount(chosen)
	if err == nil && m == 0 {
		err = usage("--amount is nothing; give one above 0")
	}
	return m, err
}

// feeLimit reads an amount or a percentage. Without one, small payments may cost as much
// again and others a twentieth, as lnd's client has it.
func feeLimit(s string, amount msat) (msat, error) {
	if s == "" {
		if amount <= 1_000_000 {
			return amount, nil
		}
		return amount / 20, nil
	}
	if p, ok := strings.CutSuffix(s, "%"); ok {
		n, err := strconv.ParseUint(strings.TrimSpace(p), 10, 8)
		if err != nil || n > 100 {
			return 0, usage("fee limit %q: a percentage is a whole number from 0 to 100", s)
		}
		return amount / 100 * msat(n), nil
	}
	return parseAmount(s)
}
