package rpcserver

import (
	"context"
	"encoding/hex"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"google.golang.org/grpc"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// tokenPayments serves nwnrpc.TokenPayments.
type tokenPayments struct {
	nwnrpc.UnimplementedTokenPaymentsServer
	s *Server
}

// AddTokenInvoice is of nwnrpc.TokenPaymentsServer.
func (t *tokenPayments) AddTokenInvoice(ctx context.Context, in *nwnrpc.AddTokenInvoiceRequest) (*nwnrpc.TokenInvoice, error) {
	api, err := t.s.assetAPI()
	if err != nil {
		return nil, err
	}
	req, err := addTokenInvoice(in)
	if err != nil {
		return nil, err
	}
	made, err := api.AddTokenInvoice(ctx, req)
	if err != nil {
		return nil, err
	}
	return tokenInvoice(&made), nil
}

func addTokenInvoice(in *nwnrpc.AddTokenInvoiceRequest) (req node.AddTokenInvoice, err error) {
	switch {
	case len(in.Memo) > maxMemo:
		return req, invalid("memo has %d bytes, at most %d", len(in.Memo), maxMemo)
	case len(in.DescriptionHash) != 0 && len(in.DescriptionHash) != 32:
		return req, invalid("description_hash has %d bytes, needs 32", len(in.DescriptionHash))
	case in.Expiry < 0 || in.Expiry > maxExpiry:
		return req, invalid("expiry is %d seconds, it may be 0 to %d", in.Expiry, maxExpiry)
	case len(in.PaymentHash) != 0 && len(in.Preimage) != 0:
		return req, invalid("payment_hash, of an invoice that is held, and preimage exclude each other")
	}
	if req.Symbol, err = symbolOf(in.Symbol); err != nil {
		return req, err
	}
	if req.Amount, err = milli("value_milli", in.ValueMilli); err != nil {
		return req, err
	}
	if len(in.PaymentHash) != 0 {
		h, err := hashBytes(in.PaymentHash)
		if err != nil {
			return req, err
		}
		req.Hash = &h
	}
	if len(in.Preimage) != 0 {
		p, err := lntypes.MakePreimage(in.Preimage)
		if err != nil {
			return req, invalid("preimage has %d bytes, needs 32", len(in.Preimage))
		}
		req.Preimage = &p
	}
	req.Memo, req.DescriptionHash, req.Private = in.Memo, in.DescriptionHash, in.Private
	req.Expiry = time.Duration(in.Expiry) * time.Second
	return req, nil
}

// LookupTokenInvoice is of nwnrpc.TokenPaymentsServer.
func (t *tokenPayments) LookupTokenInvoice(ctx context.Context, in *nwnrpc.LookupTokenInvoiceRequest) (*nwnrpc.TokenInvoice, error) {
	api, err := t.s.assetAPI()
	if err != nil {
		return nil, err
	}
	h, err := hashBytes(in.PaymentHash)
	if err != nil {
		return nil, err
	}
	found, err := api.TokenInvoice(ctx, h)
	if err != nil {
		return nil, notFound(err, "unable to locate invoice")
	}
	return tokenInvoice(&found), nil
}

// ListTokenInvoices is of nwnrpc.TokenPaymentsServer.
func (t *tokenPayments) ListTokenInvoices(ctx context.Context, in *nwnrpc.ListTokenInvoicesRequest) (*nwnrpc.ListTokenInvoicesResponse, error) {
	api, err := t.s.assetAPI()
	if err != nil {
		return nil, err
	}
	wanted, err := optionalSymbol(in.Symbol)
	if err != nil {
		return nil, err
	}
	req := node.ListInvoices{PendingOnly: in.PendingOnly, Offset: in.IndexOffset, Max: in.Max, Reversed: in.Reversed}
	if req.Max == 0 {
		req.Max = 100
	}
	page, err := api.TokenInvoices(ctx, req)
	if err != nil {
		return nil, err
	}
	out := &nwnrpc.ListTokenInvoicesResponse{}
	if n := len(page); n > 0 {
		out.FirstIndexOffset, out.LastIndexOffset = page[0].AddIndex, page[n-1].AddIndex
	}
	for i := range page {
		if wanted == "" || strings.EqualFold(page[i].Asset.Symbol, wanted) {
			out.Invoices = append(out.Invoices, tokenInvoice(&page[i]))
		}
	}
	return out, nil
}

// SettleTokenInvoice is of nwnrpc.TokenPaymentsServer.
func (t *tokenPayments) SettleTokenInvoice(ctx context.Context, in *nwnrpc.SettleTokenInvoiceRequest) (*nwnrpc.SettleTokenInvoiceResponse, error) {
	api, err := t.s.assetAPI()
	if err != nil {
		return nil, err
	}
	p, err := lntypes.MakePreimage(in.Preimage)
	if err != nil {
		return nil, invalid("preimage has %d bytes, needs 32", len(in.Preimage))
	}
	return &nwnrpc.SettleTokenInvoiceResponse{}, notFound(api.SettleTokenInvoice(ctx, p), "unable to locate invoice")
}

// CancelTokenInvoice is of nwnrpc.TokenPaymentsServer.
func (t *tokenPayments) CancelTokenInvoice(ctx context.Context, in *nwnrpc.CancelTokenInvoiceRequest) (*nwnrpc.CancelTokenInvoiceResponse, error) {
	api, err := t.s.assetAPI()
	if err != nil {
		return nil, err
	}
	h, err := hashBytes(in.PaymentHash)
	if err != nil {
		return nil, err
	}
	return &nwnrpc.CancelTokenInvoiceResponse{}, notFound(api.CancelTokenInvoice(ctx, h), "unable to locate invoice")
}

// SubscribeTokenInvoice is of nwnrpc.TokenPaymentsServer.
func (t *tokenPayments) SubscribeTokenInvoice(in *nwnrpc.LookupTokenInvoiceRequest, to grpc.ServerStreamingServer[nwnrpc.TokenInvoice]) error {
	api, err := t.s.assetAPI()
	if err != nil {
		return err
	}
	h, err := hashBytes(in.PaymentHash)
	if err != nil {
		return err
	}
	for v, err := range api.SubscribeTokenInvoice(to.Context(), h) {
		switch {
		case errors.Is(err, context.Canceled) && to.Context().Err() != nil:
			return nil // the caller left
		case err != nil:
			return notFound(err, "unable to locate invoice")
		}
		if err := to.Send(tokenInvoice(&v)); err != nil {
			return err
		}
	}
	return nil
}

func tokenInvoice(i *node.TokenInvoice) *nwnrpc.TokenInvoice {
	out := &nwnrpc.TokenInvoice{
		Asset: asset(&i.Asset), PaymentRequest: i.PaymentRequest, PaymentHash: i.Hash.String(), Memo: text(i.Memo),
		ValueMilli: uint64(i.Amount), PaidMilli: uint64(i.AmountPaid), State: lnrpc.Invoice_InvoiceState(i.State),
		CreationDate: unix(i.Created), SettleDate: unix(i.Settled), Expiry: int64(i.Expiry.Seconds()),
		AddIndex: i.AddIndex, SettleIndex: i.SettleIndex, Private: i.Private, PaymentAddr: i.PaymentAddr[:],
	}
	if i.Preimage != (lntypes.Preimage{}) {
		out.Preimage = i.Preimage.String()
	}
	for _, h := range i.HTLCs {
		out.Parts = append(out.Parts, &nwnrpc.TokenInvoicePart{
			ChanId: h.SCID.ToUint64(), HtlcId: h.Index, AmountMilli: uint64(h.Amount), State: lnrpc.InvoiceHTLCState(h.State),
			AcceptTime: unix(h.Accepted), ResolveTime: unix(h.Resolved), Expiry: int64(h.Expiry),
		})
	}
	return out
}

// DecodeTokenInvoice is of nwnrpc.TokenPaymentsServer.
func (t *tokenPayments) DecodeTokenInvoice(ctx context.Context, in *nwnrpc.DecodeTokenInvoiceRequest) (*nwnrpc.TokenPayReq, error) {
	api, err := t.s.assetAPI()
	if err != nil {
		return nil, err
	}
	if len(in.PaymentRequest) > maxPayReq {
		return nil, invalid("invoice has %d characters, it may have %d", len(in.PaymentRequest), maxPayReq)
	}
	p, err := api.DecodeTokenInvoice(ctx, in.PaymentRequest)
	if err != nil {
		return nil, err
	}
	out := &nwnrpc.TokenPayReq{
		AssetId: hex.EncodeToString(p.ID[:]), Destination: hexKey(p.Destination), PaymentHash: p.Hash.String(),
		ValueMilli: uint64(p.Amount), Timestamp: p.Timestamp.Unix(), Expiry: int64(p.Expiry.Seconds()),
		Description: text(p.Description), DescriptionHash: hex.EncodeToString(p.DescriptionHash), FinalDelta: min(p.CLTVExpiry, math.MaxUint32) * evm.Tick,
		NumRouteHints: uint32(len(p.RouteHints)), PaymentAddr: p.PaymentAddr[:],
	}
	if p.Asset.Symbol != "" {
		out.Asset = asset(&p.Asset)
	}
	return out, nil
}
