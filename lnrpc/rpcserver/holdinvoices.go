package rpcserver

import (
	"context"
	"errors"

	"github.com/lightningnetwork/lnd/lntypes"
	"google.golang.org/grpc"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/invoicesrpc"
)

// invoices serves invoicesrpc.
type invoices struct {
	invoicesrpc.UnimplementedInvoicesServer
	s *Server
}

// AddHoldInvoice is of invoicesrpc.InvoicesServer.
func (i *invoices) AddHoldInvoice(ctx context.Context, in *invoicesrpc.AddHoldInvoiceRequest) (*invoicesrpc.AddHoldInvoiceResp, error) {
	req, err := newInvoice(&lnrpc.Invoice{
		Memo: in.Memo, Value: in.Value, ValueMsat: in.ValueMsat, DescriptionHash: in.DescriptionHash,
		Expiry: in.Expiry, FallbackAddr: in.FallbackAddr, CltvExpiry: in.CltvExpiry, RouteHints: in.RouteHints,
		Private: in.Private,
	})
	if err != nil {
		return nil, err
	}
	h, err := hashBytes(in.Hash)
	if err != nil {
		return nil, err
	}
	req.Hash = &h
	inv, err := i.s.node().AddInvoice(ctx, req)
	if err != nil {
		return nil, err
	}
	return &invoicesrpc.AddHoldInvoiceResp{
		PaymentRequest: inv.PaymentRequest, AddIndex: inv.AddIndex, PaymentAddr: inv.PaymentAddr[:],
	}, nil
}

// SettleInvoice is of invoicesrpc.InvoicesServer.
func (i *invoices) SettleInvoice(ctx context.Context, in *invoicesrpc.SettleInvoiceMsg) (*invoicesrpc.SettleInvoiceResp, error) {
	preimage, err := lntypes.MakePreimage(in.Preimage)
	if err != nil {
		return nil, invalid("preimage has %d bytes, needs 32", len(in.Preimage))
	}
	if err := i.s.node().SettleInvoice(ctx, preimage); err != nil {
		return nil, notFound(err, "unable to locate invoice")
	}
	return &invoicesrpc.SettleInvoiceResp{}, nil
}

// CancelInvoice is of invoicesrpc.InvoicesServer.
func (i *invoices) CancelInvoice(ctx context.Context, in *invoicesrpc.CancelInvoiceMsg) (*invoicesrpc.CancelInvoiceResp, error) {
	h, err := hashBytes(in.PaymentHash)
	if err != nil {
		return nil, err
	}
	if err := i.s.node().CancelInvoice(ctx, h); err != nil {
		return nil, notFound(err, "unable to locate invoice")
	}
	return &invoicesrpc.CancelInvoiceResp{}, nil
}

// SubscribeSingleInvoice is of invoicesrpc.InvoicesServer.
func (i *invoices) SubscribeSingleInvoice(in *invoicesrpc.SubscribeSingleInvoiceRequest, to grpc.ServerStreamingServer[lnrpc.Invoice]) error {
	h, err := hashBytes(in.RHash)
	if err != nil {
		return err
	}
	for v, err := range i.s.node().SubscribeInvoice(to.Context(), h) {
		switch {
		case errors.Is(err, context.Canceled) && to.Context().Err() != nil:
			return nil // the caller left
		case err != nil:
			return notFound(err, "unable to locate invoice")
		}
		if err := to.Send(invoice(&v)); err != nil {
			return err
		}
	}
	return nil
}

// LookupInvoiceV2 is of invoicesrpc.InvoicesServer. Invoices are found by their payment hash.
func (i *invoices) LookupInvoiceV2(ctx context.Context, in *invoicesrpc.LookupInvoiceMsg) (*lnrpc.Invoice, error) {
	switch ref := in.InvoiceRef.(type) {
	case *invoicesrpc.LookupInvoiceMsg_PaymentHash:
		h, err := hashBytes(ref.PaymentHash)
		if err != nil {
			return nil, err
		}
		v, err := i.s.node().LookupInvoice(ctx, h)
		if err != nil {
			return nil, notFound(err, "unable to locate invoice")
		}
		return invoice(&v), nil
	case *invoicesrpc.LookupInvoiceMsg_PaymentAddr:
		return nil, unimplemented("looking for an invoice by its payment_addr")
	case *invoicesrpc.LookupInvoiceMsg_SetId:
		return nil, unimplemented("set_id, of AMP")
	}
	return nil, invalid("invoice ref must be set")
}
