package node

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
)

// AddInvoice issues an invoice.
func (n *Node) AddInvoice(ctx context.Context, req AddInvoice) (Invoice, error) {
	if req.Private {
		req.RouteHints = append(slices.Clone(req.RouteHints), n.ownHints(req.Amount)...)
	}
	v, err := n.invoices.Add(ctx, req)
	if err == nil {
		n.invoices.news.tell(invoiceNews{hash: v.Hash, added: true})
	}
	return v, err
}

// LookupInvoice finds one by its payment hash.
func (n *Node) LookupInvoice(_ context.Context, hash lntypes.Hash) (Invoice, error) {
	return n.invoices.Lookup(hash)
}

// SettleInvoice gives the preimage of a hold invoice.
func (n *Node) SettleInvoice(ctx context.Context, preimage lntypes.Preimage) error {
	return n.invoices.Settle(ctx, preimage)
}

// CancelInvoice cancels an invoice that isn't settled, and fails what is held for it.
func (n *Node) CancelInvoice(ctx context.Context, hash lntypes.Hash) error {
	return n.invoices.Cancel(ctx, hash)
}

const defaultInvoicePage = 100

// ListInvoices gives a page. Rows are read until the page is full, and outside the time that
// is asked for hardly any; with PendingOnly as many as it takes to find the pending ones.
func (n *Node) ListInvoices(ctx context.Context, req ListInvoices) (InvoicePage, error) {
	return n.invoices.page(ctx, req)
}

func (s *Invoices) page(ctx context.Context, req ListInvoices) (InvoicePage, error) {
	var page InvoicePage
	var bad error
	most := req.Max
	if most == 0 {
		most = defaultInvoicePage
	}
	most = min(most, maxPage)
	w := window{s.db, bucketInvoices, req.After, req.Before, s.created}
	offset, err := w.begin(req.Offset, req.Reversed)
	if err != nil {
		return InvoicePage{}, err
	}
	err = scanPage(s.db, bucketInvoices, offset, req.Reversed, func(index uint64) bool {
		var v *Invoice
		if v, bad = s.byIndex(index); bad != nil || w.ends(v.Created, req.Reversed) {
			return false
		}
		if !inWindow(v.Created, req.After, req.Before) || req.PendingOnly && v.State != InvoiceOpen && v.State != InvoiceAccepted {
			return ctx.Err() == nil
		}
		page.Invoices = append(page.Invoices, *v)
		return uint64(len(page.Invoices)) < most && ctx.Err() == nil
	})
	if err = errors.Join(err, bad, ctx.Err()); err != nil {
		return InvoicePage{}, err
	}
	if req.Reversed {
		reverse(page.Invoices)
	}
	if k := len(page.Invoices); k > 0 {
		page.FirstOffset, page.LastOffset = page.Invoices[0].AddIndex, page.Invoices[k-1].AddIndex
	}
	return page, nil
}

// created is when an invoice was made.
func (s *Invoices) created(index uint64) (time.Time, error) {
	said, err := s.db.Get(bucketInvoices, key64(index))
	if err != nil {
		return time.Time{}, err
	}
	v, err := decodeInvoice(index, said)
	if err != nil {
		return time.Time{}, err
	}
	return v.Created, nil
}

func (s *Invoices) byIndex(index uint64) (*Invoice, error) {
	key := key64(index)
	said, err := s.db.Get(bucketInvoices, key)
	if err != nil {
		return nil, err
	}
	v, err := readInvoice(s.db, key, said)
	if err == nil {
		s.expire(v)
	}
	return v, err
}
