package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// tokenPrefix begins every invoice in an asset, and none of bitcoin's.
const tokenPrefix = "lnnw"

func isTokenInvoice(s string) bool {
	return len(s) >= len(tokenPrefix) && strings.EqualFold(s[:len(tokenPrefix)], tokenPrefix)
}

// tokenInvoice makes an invoice in an asset of an amount, or any.
func (a *app) tokenInvoice(ctx context.Context, c *client, v *nwnrpc.Asset, amount string, in *lnrpc.Invoice, hold string) error {
	req := &nwnrpc.AddTokenInvoiceRequest{Symbol: v.Symbol, Memo: in.Memo, Expiry: in.Expiry, Private: in.Private}
	if amount != "any" {
		var err error
		if req.ValueMilli, err = parseMilli(amount, v, payPlaces(v)); err != nil {
			return err
		}
		if req.ValueMilli == 0 {
			return usage("amount is nothing; any lets the payer choose")
		}
	}
	var preimage []byte
	if hold != "" {
		var err error
		if req.PaymentHash, preimage, err = holdHash(hold); err != nil {
			return err
		}
	}
	r, err := c.tokenPay.AddTokenInvoice(ctx, req)
	if err != nil {
		return err
	}
	if a.json && preimage != nil { // nwnd doesn't know it
		return a.showAll("invoice", r, "payment_hash", r.PaymentHash, "preimage", hex.EncodeToString(preimage))
	}
	return a.show(r, func(t *table) {
		t.row("invoice", r.PaymentRequest)
		t.row("hash", r.PaymentHash)
		holdRows(t, hold, preimage)
	})
}

func tokenInvoiceRows(t *table, all []*nwnrpc.TokenInvoice, header bool) {
	if header {
		t.row("NUMBER", "STATE", "AMOUNT", "PAID", "MADE", "HASH", "MEMO")
	}
	for _, i := range all {
		t.row(i.AddIndex, tokenInvoiceState(i), orAnyToken(i.ValueMilli, i.Asset), milliText(i.PaidMilli, i.Asset), ago(i.CreationDate),
			i.PaymentHash, i.Memo)
	}
}

func tokenInvoiceState(i *nwnrpc.TokenInvoice) string { return strings.ToLower(i.State.String()) }

func orAnyToken(n uint64, v *nwnrpc.Asset) string {
	if n == 0 {
		return "any amount of " + v.GetSymbol()
	}
	return milliText(n, v)
}

// listTokenInvoices lists those in an asset, as invoices does those of bitcoin.
func (a *app) listTokenInvoices(ctx context.Context, c *client, symbol string, most uint64, all, open bool) error {
	req := &nwnrpc.ListTokenInvoicesRequest{Symbol: symbol, Max: most, Reversed: true, PendingOnly: open}
	if all {
		req.Reversed, req.Max = false, page
	}
	return a.paged(ctx, all, func(ctx context.Context, header bool) (bool, error) {
		l, err := c.tokenPay.ListTokenInvoices(ctx, req)
		if err != nil {
			return false, err
		}
		more := l.LastIndexOffset > req.IndexOffset
		req.IndexOffset = l.LastIndexOffset
		return more, a.show(l, func(t *table) { tokenInvoiceRows(t, l.Invoices, header) })
	})
}

// tokenInvoiceNow is an invoice in an asset, or what becomes of it.
func (c *client) tokenInvoiceNow(ctx context.Context, hash []byte, wait bool) (*nwnrpc.TokenInvoice, error) {
	req := &nwnrpc.LookupTokenInvoiceRequest{PaymentHash: hash}
	if !wait {
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		return c.tokenPay.LookupTokenInvoice(ctx, req)
	}
	s, err := c.tokenPay.SubscribeTokenInvoice(ctx, req)
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

func (a *app) showTokenInvoice(i *nwnrpc.TokenInvoice) error {
	return a.show(i, func(t *table) {
		t.row("state", tokenInvoiceState(i))
		t.row("amount", orAnyToken(i.ValueMilli, i.Asset))
		t.row("paid", milliText(i.PaidMilli, i.Asset))
		if i.Memo != "" {
			t.row("memo", i.Memo)
		}
		t.row("made", ago(i.CreationDate))
		if i.SettleDate != 0 {
			t.row("settled", ago(i.SettleDate))
		} else {
			t.row("expires", ago(i.CreationDate+i.Expiry))
		}
		t.row("invoice", i.PaymentRequest)
		for _, p := range i.Parts {
			t.row("part", fmt.Sprintf("%s over %s, %s", milliText(p.AmountMilli, i.Asset), scid(p.ChanId), strings.ToLower(p.State.String())))
		}
	})
}

// orToken asks about bitcoin's first, and where that isn't found, about an asset's; if nothing is
// found there either, or there are no assets, the first error stands.
func orToken(bitcoin error, token func() error) error {
	if status.Code(bitcoin) != codes.NotFound {
		return bitcoin
	}
	if err := token(); !noAssets(err) && status.Code(err) != codes.NotFound {
		return err
	}
	return bitcoin
}

func (a *app) decodeToken(ctx context.Context, c *client, invoice string) error {
	p, err := c.tokenPay.DecodeTokenInvoice(ctx, &nwnrpc.DecodeTokenInvoiceRequest{PaymentRequest: invoice})
	if err != nil {
		return err
	}
	return a.show(p, func(t *table) { tokenPayReq(t, p) })
}

// unknownAsset is an invoice's asset that nobody told nwnd of.
func unknownAsset(p *nwnrpc.TokenPayReq) error {
	return errors.New("the invoice is in an asset that nwnd doesn't know, with id " + clean(p.AssetId) +
		": ask its maker which it is; nwcli assets add makes one known")
}

func tokenPayReq(t *table, p *nwnrpc.TokenPayReq) {
	switch {
	case p.Asset != nil:
		t.row("amount", orAnyToken(p.ValueMilli, p.Asset))
		t.row("token", fmt.Sprintf("%s on %s", tokenOrCoin(p.Asset.Token), p.Asset.Chain))
	default:
		t.row("amount", fmt.Sprintf("%d thousandths of a unit of an asset that nwnd doesn't know", p.ValueMilli))
		t.row("asset", p.AssetId)
	}
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
	t.row("final delta", seconds(uint32(min(p.FinalDelta, 1<<32-1))))
	if p.NumRouteHints > 0 {
		t.row("route hints", p.NumRouteHints)
	}
}
