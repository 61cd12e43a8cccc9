package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/invoicesrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// holdInvoice makes an invoice that is settled or canceled by hand.
func (a *app) holdInvoice(ctx context.Context, c *client, in *lnrpc.Invoice, hash string) error {
	h, preimage, err := holdHash(hash)
	if err != nil {
		return err
	}
	r, err := c.invoices.AddHoldInvoice(ctx, &invoicesrpc.AddHoldInvoiceRequest{
		Memo: in.Memo, Hash: h, ValueMsat: in.ValueMsat, Expiry: in.Expiry, Private: in.Private,
	})
	if err != nil {
		return err
	}
	if a.json && preimage != nil { // nwnd doesn't know it
		return a.showAll("invoice", r, "payment_hash", hex.EncodeToString(h), "preimage", hex.EncodeToString(preimage))
	}
	return a.show(r, func(t *table) {
		t.row("invoice", r.PaymentRequest)
		t.row("hash", hex.EncodeToString(h))
		holdRows(t, hash, preimage)
	})
}

// holdHash reads the hash of an invoice that is to be held; new makes a preimage.
func holdHash(s string) (hash, preimage []byte, err error) {
	if s != "new" {
		hash, err = paymentHash(s)
		return hash, nil, err
	}
	preimage = make([]byte, 32)
	if _, err := rand.Read(preimage); err != nil {
		return nil, nil, fmt.Errorf("preimage: %w", err)
	}
	sum := sha256.Sum256(preimage)
	return sum[:], preimage, nil
}

// holdRows say what is to be done about an invoice that is held, if it is.
func holdRows(t *table, hold string, preimage []byte) {
	if preimage != nil {
		t.row("preimage", hex.EncodeToString(preimage))
		t.row("keep it", "nwnd doesn't know the preimage")
	}
	if hold != "" {
		t.row("when paid", "nwcli hold settle <preimage>, or nwcli hold cancel <hash>")
	}
}

func (a *app) hold() *cobra.Command {
	c := &cobra.Command{
		Use:     "hold",
		Short:   "Settle or cancel an invoice made with --hold",
		Example: "  nwcli hold settle 77ab…01",
		Long: "A payment of an invoice made with invoice --hold is held until it is settled with the\n" +
			"preimage, or canceled. nwnd cancels it 14 blocks before it expires.",
	}
	c.AddCommand(a.holdSettle(), a.holdCancel())
	return c
}

func (a *app) holdSettle() *cobra.Command {
	return &cobra.Command{
		Use:     "settle <preimage>",
		Short:   "Take the payment that is held",
		Example: "  nwcli hold settle 77ab…01",
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			p, err := hex.DecodeString(args[0])
			if err != nil || len(p) != 32 {
				return usage("%q is no preimage: 64 hex digits", args[0])
			}
			r, err := c.invoices.SettleInvoice(ctx, &invoicesrpc.SettleInvoiceMsg{Preimage: p})
			hash := sha256.Sum256(p)
			settled := func(t *table) { t.row("settled", hex.EncodeToString(hash[:])) }
			if err != nil {
				return orToken(err, func() error {
					r, err := c.tokenPay.SettleTokenInvoice(ctx, &nwnrpc.SettleTokenInvoiceRequest{Preimage: p})
					if err != nil {
						return err
					}
					return a.show(r, settled)
				})
			}
			return a.show(r, settled)
		}),
	}
}

func (a *app) holdCancel() *cobra.Command {
	return &cobra.Command{
		Use:     "cancel <payment hash>",
		Short:   "Give back the payment that is held, or take none",
		Example: "  nwcli hold cancel 5f0c…9a",
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			h, err := paymentHash(args[0])
			if err != nil {
				return err
			}
			r, err := c.invoices.CancelInvoice(ctx, &invoicesrpc.CancelInvoiceMsg{PaymentHash: h})
			canceled := func(t *table) { t.row("canceled", hex.EncodeToString(h)) }
			if err != nil {
				return orToken(err, func() error {
					r, err := c.tokenPay.CancelTokenInvoice(ctx, &nwnrpc.CancelTokenInvoiceRequest{PaymentHash: h})
					if err != nil {
						return err
					}
					return a.show(r, canceled)
				})
			}
			return a.show(r, canceled)
		}),
	}
}
