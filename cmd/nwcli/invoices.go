package main

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/invoicesrpc"
)

func (a *app) invoice() *cobra.Command {
	var expiry time.Duration
	var private bool
	var hold, symbol string
	c := &cobra.Command{
		Use:     "invoice <amount|any> [memo]",
		Short:   "Make an invoice",
		Example: "  nwcli invoice 50ksat \"two teas\"\n  nwcli invoice 12.5 \"two teas\" --asset=MILES",
		Args:    cobra.RangeArgs(1, 2),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			if expiry < time.Second {
				return usage("--expiry is %v, it may be 1s or more, as in 90m", expiry)
			}
			req := &lnrpc.Invoice{Expiry: int64(expiry.Seconds()), Private: private}
			if len(args) == 2 {
				req.Memo = args[1]
			}
			v, err := c.assetFor(ctx, symbol, args[0])
			if err != nil {
				return err
			}
			if v != nil {
				return a.tokenInvoice(ctx, c, v, args[0], req, hold)
			}
			if args[0] != "any" {
				m, err := parseAmount(args[0])
				if err != nil {
					return err
				}
				if m == 0 {
					return usage("amount is nothing; any lets the payer choose")
				}
				req.ValueMsat = int64(m)
			}
			if hold != "" {
				return a.holdInvoice(ctx, c, req, hold)
			}
			r, err := c.AddInvoice(ctx, req)
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) {
				t.row("invoice", r.PaymentRequest)
				t.row("hash", hex.EncodeToString(r.RHash))
			})
		}),
	}
	c.Flags().DurationVar(&expiry, "expiry", 24*time.Hour, "how long it can be paid")
	c.Flags().BoolVar(&private, "private", false, "put in hints for private channels")
	assetFlag(c, &symbol, "`symbol` of the asset to be paid in (default: bitcoin)")
	c.Flags().StringVar(&hold, "hold", "", "payment `hash` of a preimage that comes later, with hold settle; new makes a preimage and shows it")
	return c
}

func (a *app) invoices() *cobra.Command {
	var most uint64
	var all, open bool
	var symbol string
	c := &cobra.Command{
		Use:     "invoices",
		Short:   "List invoices, the newest last",
		Example: "  nwcli invoices --open",
		Args:    cobra.NoArgs,
		RunE: a.wait(func(ctx context.Context, c *client, _ []string) error {
			if symbol != "" {
				return a.listTokenInvoices(ctx, c, symbol, most, all, open)
			}
			req := &lnrpc.ListInvoiceRequest{NumMaxInvoices: most, Reversed: true, PendingOnly: open}
			if all {
				req.Reversed, req.NumMaxInvoices = false, page
			}
			return a.paged(ctx, all, func(ctx context.Context, header bool) (bool, error) {
				l, err := c.ListInvoices(ctx, req)
				if err != nil {
					return false, err
				}
				req.IndexOffset = l.LastIndexOffset
				return len(l.Invoices) == page, a.show(l, func(t *table) { invoiceRows(t, l.Invoices, header) })
			})
		}),
	}
	c.Flags().Uint64Var(&most, "max", 50, "most invoices to list")
	c.Flags().BoolVar(&all, "all", false, "list every invoice, from the first")
	c.MarkFlagsMutuallyExclusive("max", "all")
	c.Flags().BoolVar(&open, "open", false, "only those that can still be paid")
	assetFlag(c, &symbol, "list those in the asset of that `symbol` (default: bitcoin)")
	return c
}

func invoiceRows(t *table, all []*lnrpc.Invoice, header bool) {
	if header {
		t.row("NUMBER", "STATE", "AMOUNT", "PAID", "MADE", "HASH", "MEMO")
	}
	for _, i := range all {
		t.row(i.AddIndex, invoiceState(i), orAny(i.ValueMsat), msat(i.AmtPaidMsat), ago(i.CreationDate),
			hex.EncodeToString(i.RHash), i.Memo)
	}
}

func orAny(m int64) string {
	if m == 0 {
		return "any"
	}
	return msat(m).String()
}

func invoiceState(i *lnrpc.Invoice) string { return strings.ToLower(i.State.String()) }

func (a *app) lookupInvoice() *cobra.Command {
	var wait bool
	c := &cobra.Command{
		Use:     "lookupinvoice <payment hash>",
		Short:   "Show one invoice",
		Example: "  nwcli lookupinvoice 5f0c…9a",
		Args:    cobra.ExactArgs(1),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			h, err := paymentHash(args[0])
			if err != nil {
				return err
			}
			i, err := c.invoiceNow(ctx, h, wait)
			if err != nil {
				return orToken(err, func() error {
					i, err := c.tokenInvoiceNow(ctx, h, wait)
					if err != nil {
						return err
					}
					return a.showTokenInvoice(i)
				})
			}
			return a.show(i, func(t *table) {
				t.row("state", invoiceState(i))
				t.row("amount", orAny(i.ValueMsat))
				t.row("paid", msat(i.AmtPaidMsat))
				if i.Memo != "" {
					t.row("memo", i.Memo)
				}
				if i.IsKeysend {
					t.row("keysend", "yes: nobody asked for it")
				}
				t.row("made", ago(i.CreationDate))
				if i.SettleDate != 0 {
					t.row("settled", ago(i.SettleDate))
				} else {
					t.row("expires", ago(i.CreationDate+i.Expiry))
				}
				if i.PaymentRequest != "" {
					t.row("invoice", i.PaymentRequest)
				}
				if m := messageOf(i); m != "" {
					t.row("message", m)
				}
				for _, h := range i.Htlcs {
					t.row("part", fmt.Sprintf("%s over %s, %s", msat(h.AmtMsat), scid(h.ChanId), strings.ToLower(h.State.String())))
				}
			})
		}),
	}
	c.Flags().BoolVar(&wait, "wait", false, "wait until it is paid, held or canceled")
	return c
}

// invoiceNow is an invoice, or what becomes of it.
func (c *client) invoiceNow(ctx context.Context, hash []byte, wait bool) (*lnrpc.Invoice, error) {
	if !wait {
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		return c.LookupInvoice(ctx, &lnrpc.PaymentHash{RHash: hash})
	}
	s, err := c.invoices.SubscribeSingleInvoice(ctx, &invoicesrpc.SubscribeSingleInvoiceRequest{RHash: hash})
	if err != nil {
		return nil, err
	}
	for {
		i, err := s.Recv()
		if err != nil {
			return nil, ended(err)
		}
		if i.State != lnrpc.Invoice_OPEN {
			return i, nil
		}
	}
}

// paymentHash reads hex, or base64 as it stands in JSON.
func paymentHash(s string) ([]byte, error) {
	if h, err := hex.DecodeString(s); err == nil && len(h) == 32 {
		return h, nil
	}
	if h, err := base64.StdEncoding.DecodeString(s); err == nil && len(h) == 32 {
		return h, nil
	}
	return nil, usage("%q is no payment hash: 64 hex digits", s)
}

func (a *app) decode() *cobra.Command {
	return &cobra.Command{
		Use:     "decode <invoice>",
		Short:   "Read an invoice",
		Example: "  nwcli decode lntb500u1…",
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			if isTokenInvoice(bare(args[0])) {
				return a.decodeToken(ctx, c, bare(args[0]))
			}
			p, err := c.DecodePayReq(ctx, &lnrpc.PayReqString{PayReq: bare(args[0])})
			if err != nil {
				return err
			}
			return a.show(p, func(t *table) { payReq(t, p) })
		}),
	}
}

// bare is an invoice without what wallets put before it.
func bare(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 10 && strings.EqualFold(s[:10], "lightning:") {
		return s[10:]
	}
	return s
}

func payReq(t *table, p *lnrpc.PayReq) {
	t.row("amount", orAny(p.NumMsat))
	t.row("to", p.Destination)
	if p.Description != "" {
		t.row("for", p.Description)
	}
	if p.DescriptionHash != "" {
		t.row("for, its hash", p.DescriptionHash)
	}
	t.row("hash", p.PaymentHash)
	left := time.Until(time.Unix(p.Timestamp+p.Expiry, 0)).Round(time.Second)
	if left > 0 {
		t.row("expires", fmt.Sprintf("%s, in %s", ago(p.Timestamp+p.Expiry), left))
	} else {
		t.row("expires", ago(p.Timestamp+p.Expiry)+": it HAS EXPIRED")
	}
	t.row("final delta", fmt.Sprintf("%d blocks", p.CltvExpiry))
	if len(p.RouteHints) > 0 {
		t.row("route hints", len(p.RouteHints))
	}
}
