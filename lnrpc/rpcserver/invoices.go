package rpcserver

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"google.golang.org/grpc"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// What an invoice may hold, as in lnd.
const (
	maxMemo   = 639             // bytes that BOLT 11 can carry
	maxExpiry = 365 * 24 * 3600 // seconds
)

// AddInvoice is of lnrpc.LightningServer.
func (l *lightning) AddInvoice(ctx context.Context, in *lnrpc.Invoice) (*lnrpc.AddInvoiceResponse, error) {
	req, err := newInvoice(in)
	if err != nil {
		return nil, err
	}
	inv, err := l.s.node().AddInvoice(ctx, req)
	if err != nil {
		return nil, err
	}
	return &lnrpc.AddInvoiceResponse{
		RHash: inv.Hash[:], PaymentRequest: inv.PaymentRequest, AddIndex: inv.AddIndex,
		PaymentAddr: inv.PaymentAddr[:],
	}, nil
}

func newInvoice(in *lnrpc.Invoice) (req node.AddInvoice, err error) {
	switch {
	case in.IsAmp:
		return req, unimplemented("is_amp")
	case in.IsBlinded || in.BlindedPathConfig != nil:
		return req, unimplemented("is_blinded")
	case len(in.Memo) > maxMemo:
		return req, invalid("memo too large: %d bytes (maxsize=%d)", len(in.Memo), maxMemo)
	case len(in.DescriptionHash) != 0 && len(in.DescriptionHash) != 32:
		return req, invalid("description hash is %d bytes, must be 32", len(in.DescriptionHash))
	case in.Expiry < 0 || in.Expiry > maxExpiry:
		return req, invalid("expiry of %d seconds is too large or negative (max=%d)", in.Expiry, maxExpiry)
	case in.CltvExpiry > 1<<16-1:
		return req, invalid("cltv_expiry %d is above 65535", in.CltvExpiry)
	}
	if req.Amount, err = msat(in.Value, in.ValueMsat); err != nil {
		return req, err
	}
	if len(in.RPreimage) > 0 {
		p, err := lntypes.MakePreimage(in.RPreimage)
		if err != nil {
			return req, invalid("payment preimage must be exactly 32 bytes, is instead %d", len(in.RPreimage))
		}
		req.Preimage = &p
	}
	if req.RouteHints, err = fromHints(in.RouteHints); err != nil {
		return req, err
	}
	req.Memo, req.DescriptionHash, req.FallbackAddress = in.Memo, in.DescriptionHash, in.FallbackAddr
	req.Expiry = time.Duration(in.Expiry) * time.Second
	req.CLTVExpiry, req.Private = in.CltvExpiry, in.Private
	return req, nil
}

// LookupInvoice is of lnrpc.LightningServer.
func (l *lightning) LookupInvoice(ctx context.Context, in *lnrpc.PaymentHash) (*lnrpc.Invoice, error) {
	raw := in.RHash
	if in.RHashStr != "" {
		var err error
		if raw, err = hex.DecodeString(in.RHashStr); err != nil {
			return nil, invalid("r_hash_str is not hex: %v", err)
		}
	}
	h, err := hashBytes(raw)
	if err != nil {
		return nil, err
	}
	inv, err := l.s.node().LookupInvoice(ctx, h)
	if err != nil {
		return nil, notFound(err, "unable to locate invoice")
	}
	return invoice(&inv), nil
}

// ListInvoices is of lnrpc.LightningServer.
func (l *lightning) ListInvoices(ctx context.Context, in *lnrpc.ListInvoiceRequest) (*lnrpc.ListInvoiceResponse, error) {
	req := node.ListInvoices{
		PendingOnly: in.PendingOnly, Offset: in.IndexOffset, Max: in.NumMaxInvoices, Reversed: in.Reversed,
	}
	if req.Max == 0 {
		req.Max = 100
	}
	var err error
	if req.After, req.Before, err = period(in.CreationDateStart, in.CreationDateEnd); err != nil {
		return nil, err
	}
	page, err := l.s.node().ListInvoices(ctx, req)
	if err != nil {
		return nil, err
	}
	out := &lnrpc.ListInvoiceResponse{
		FirstIndexOffset: page.FirstOffset, LastIndexOffset: page.LastOffset,
		Invoices: make([]*lnrpc.Invoice, len(page.Invoices)),
	}
	for i := range page.Invoices {
		out.Invoices[i] = invoice(&page.Invoices[i])
	}
	return out, nil
}

// SubscribeInvoices is of lnrpc.LightningServer.
func (l *lightning) SubscribeInvoices(in *lnrpc.InvoiceSubscription, to grpc.ServerStreamingServer[lnrpc.Invoice]) error {
	for v, err := range l.s.node().SubscribeInvoices(to.Context(), in.AddIndex, in.SettleIndex) {
		if err != nil {
			return err
		}
		if err := to.Send(invoice(&v)); err != nil {
			return err
		}
	}
	return nil
}

func invoice(i *node.Invoice) *lnrpc.Invoice {
	out := &lnrpc.Invoice{
		Memo:            i.Memo,
		RPreimage:       i.Preimage[:],
		RHash:           i.Hash[:],
		Value:           int64(i.Amount.ToSatoshis()),
		ValueMsat:       int64(i.Amount),
		Settled:         i.State == node.InvoiceSettled,
		CreationDate:    unix(i.Created),
		SettleDate:      unix(i.Settled),
		PaymentRequest:  i.PaymentRequest,
		DescriptionHash: i.DescriptionHash,
		Expiry:          int64(i.Expiry.Seconds()),
		FallbackAddr:    i.FallbackAddress,
		CltvExpiry:      i.CLTVExpiry,
		RouteHints:      hints(i.RouteHints),
		Private:         i.Private,
		AddIndex:        i.AddIndex,
		SettleIndex:     i.SettleIndex,
		AmtPaid:         int64(i.AmountPaid),
		AmtPaidSat:      int64(i.AmountPaid.ToSatoshis()),
		AmtPaidMsat:     int64(i.AmountPaid),
		State:           lnrpc.Invoice_InvoiceState(i.State),
		Features:        features(i.Features),
		IsKeysend:       i.Keysend,
		PaymentAddr:     i.PaymentAddr[:],
	}
	if i.Preimage == (lntypes.Preimage{}) { // of a hold invoice, not known yet
		out.RPreimage = nil
	}
	for _, h := range i.HTLCs {
		out.Htlcs = append(out.Htlcs, &lnrpc.InvoiceHTLC{
			ChanId: h.SCID.ToUint64(), HtlcIndex: h.Index, AmtMsat: uint64(h.Amount),
			AcceptHeight: int32(h.AcceptHeight), AcceptTime: unix(h.Accepted),
			ResolveTime: unix(h.Resolved), ExpiryHeight: int32(h.Expiry),
			State: lnrpc.InvoiceHTLCState(h.State), MppTotalAmtMsat: uint64(h.TotalAmount),
			CustomRecords: h.CustomRecords,
		})
	}
	return out
}

// DecodePayReq is of lnrpc.LightningServer.
func (l *lightning) DecodePayReq(ctx context.Context, in *lnrpc.PayReqString) (*lnrpc.PayReq, error) {
	if len(in.PayReq) > maxPayReq {
		return nil, invalid("invoice has %d characters, it may have %d", len(in.PayReq), maxPayReq)
	}
	p, err := l.s.node().DecodePayReq(ctx, in.PayReq)
	if err != nil {
		return nil, err
	}
	return &lnrpc.PayReq{
		Destination:     hexKey(p.Destination),
		PaymentHash:     p.Hash.String(),
		NumSatoshis:     int64(p.Amount.ToSatoshis()),
		NumMsat:         int64(p.Amount),
		Timestamp:       p.Timestamp.Unix(),
		Expiry:          int64(p.Expiry.Seconds()),
		Description:     p.Description,
		DescriptionHash: hex.EncodeToString(p.DescriptionHash),
		FallbackAddr:    p.FallbackAddress,
		CltvExpiry:      int64(p.CLTVExpiry),
		RouteHints:      hints(p.RouteHints),
		PaymentAddr:     p.PaymentAddr[:],
		Features:        features(p.Features),
	}, nil
}

// maxPayReq is the most characters of an invoice that are looked at.
const maxPayReq = 7092
