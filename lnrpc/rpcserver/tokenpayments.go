package rpcserver

import (
	"context"
	"errors"
	"iter"
	"strings"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// PayToken is of nwnrpc.TokenPaymentsServer. The payment goes on when the caller leaves.
func (t *tokenPayments) PayToken(in *nwnrpc.PayTokenRequest, to grpc.ServerStreamingServer[nwnrpc.TokenPayment]) error {
	api, err := t.s.assetAPI()
	if err != nil {
		return err
	}
	req, err := payToken(in)
	if err != nil {
		return err
	}
	if in.PaymentRequest == "" {
		if req.Asset, err = assetID(to.Context(), api, in.Symbol); err != nil {
			return err
		}
	}
	return followToken(api.PayToken(to.Context(), req), in.NoInflightUpdates, to)
}

// payToken reads a request, but for its asset; what is in the invoice is checked by the node.
func payToken(in *nwnrpc.PayTokenRequest) (req node.PayToken, err error) {
	switch {
	case in.TimeoutSeconds < 0 || time.Duration(in.TimeoutSeconds)*time.Second > maxTimeout:
		return req, invalid("timeout_seconds is %d, it may be 0 to %d", in.TimeoutSeconds, int(maxTimeout.Seconds()))
	case in.MaxParts > maxParts:
		return req, invalid("max_parts is %d, at most %d", in.MaxParts, maxParts)
	case len(in.PaymentRequest) > maxPayReq:
		return req, invalid("invoice has %d characters, it may have %d", len(in.PaymentRequest), maxPayReq)
	case in.PaymentRequest != "" && (in.Symbol != "" || len(in.Destination) > 0 || len(in.PaymentHash) > 0):
		return req, invalid("symbol, destination and payment_hash are the invoice's: leave them out")
	}
	if req.Amount, err = milli("value_milli", in.ValueMilli); err != nil {
		return req, err
	}
	if req.FeeLimit, err = milli("fee_limit_milli", in.FeeLimitMilli); err != nil {
		return req, err
	}
	if req.LastHop, err = optionalKey(in.LastHopPubkey); err != nil {
		return req, err
	}
	req.PaymentRequest, req.MaxParts, req.OutgoingChans = in.PaymentRequest, in.MaxParts, scids(in.OutgoingChanIds)
	req.CustomRecords, req.OnlyFinalUpdate = in.CustomRecords, in.NoInflightUpdates
	req.Timeout = time.Duration(in.TimeoutSeconds) * time.Second
	if req.Timeout == 0 {
		req.Timeout = defaultTimeout
	}
	if req.MaxParts == 0 {
		req.MaxParts = defaultParts
	}
	if in.PaymentRequest != "" {
		return req, nil
	}
	return req, payNode(in, &req)
}

// payNode reads who is paid without an invoice.
func payNode(in *nwnrpc.PayTokenRequest, req *node.PayToken) error {
	dest, err := keyBytes(in.Destination)
	if err != nil {
		return err
	}
	req.Destination = &dest
	if req.Hash, err = hashBytes(in.PaymentHash); err != nil {
		return err
	}
	if req.Amount == 0 {
		return invalid("value_milli must be set without an invoice")
	}
	return nil
}

// assetID finds an asset by what it is called here.
func assetID(ctx context.Context, api node.AssetAPI, symbol string) (id node.AssetID, err error) {
	if symbol, err = symbolOf(symbol); err != nil {
		return id, err
	}
	all, err := api.Assets(ctx)
	if err != nil {
		return id, err
	}
	for i := range all {
		if strings.EqualFold(all[i].Symbol, symbol) {
			return all[i].ID, nil
		}
	}
	return id, noAsset(symbol)
}

func noAsset(symbol string) error {
	return status.Errorf(codes.NotFound, "no asset is called %s", symbol)
}

// TrackTokenPayment is of nwnrpc.TokenPaymentsServer.
func (t *tokenPayments) TrackTokenPayment(in *nwnrpc.TrackTokenPaymentRequest, to grpc.ServerStreamingServer[nwnrpc.TokenPayment]) error {
	api, err := t.s.assetAPI()
	if err != nil {
		return err
	}
	h, err := hashBytes(in.PaymentHash)
	if err != nil {
		return err
	}
	return notFound(followToken(api.TrackTokenPayment(to.Context(), h), in.NoInflightUpdates, to), "payment isn't initiated")
}

func followToken(updates iter.Seq2[node.TokenPayment, error], finalOnly bool, to grpc.ServerStreamingServer[nwnrpc.TokenPayment]) error {
	for p, err := range updates {
		switch {
		case errors.Is(err, context.Canceled) && to.Context().Err() != nil:
			return nil // the caller left
		case err != nil:
			return err
		case finalOnly && p.Status != node.PaymentSucceeded && p.Status != node.PaymentFailed:
			continue
		}
		if err := to.Send(tokenPayment(&p)); err != nil {
			return err
		}
	}
	return nil
}

// ListTokenPayments is of nwnrpc.TokenPaymentsServer.
func (t *tokenPayments) ListTokenPayments(ctx context.Context, in *nwnrpc.ListTokenPaymentsRequest) (*nwnrpc.ListTokenPaymentsResponse, error) {
	api, err := t.s.assetAPI()
	if err != nil {
		return nil, err
	}
	wanted, err := optionalSymbol(in.Symbol)
	if err != nil {
		return nil, err
	}
	page, err := api.TokenPayments(ctx, node.ListPayments{
		IncludeIncomplete: in.IncludeIncomplete, Offset: in.IndexOffset, Max: in.Max, Reversed: in.Reversed,
	})
	if err != nil {
		return nil, err
	}
	out := &nwnrpc.ListTokenPaymentsResponse{}
	if n := len(page); n > 0 {
		out.FirstIndexOffset, out.LastIndexOffset = page[0].Index, page[n-1].Index
	}
	for i := range page {
		if wanted == "" || strings.EqualFold(page[i].Asset.Symbol, wanted) {
			out.Payments = append(out.Payments, tokenPayment(&page[i]))
		}
	}
	return out, nil
}

func tokenPayment(p *node.TokenPayment) *nwnrpc.TokenPayment {
	out := &nwnrpc.TokenPayment{
		Asset: asset(&p.Asset), PaymentHash: p.Hash.String(), ValueMilli: uint64(p.Amount), FeeMilli: uint64(p.Fee),
		Status: statusOf[p.Status], FailureReason: lnrpc.PaymentFailureReason(p.FailureReason),
		CreationTimeNs: unixNano(p.Created), PaymentIndex: p.Index, PaymentRequest: p.PaymentRequest,
	}
	if p.Preimage != (lntypes.Preimage{}) {
		out.Preimage = p.Preimage.String()
	}
	for i := range p.Attempts {
		out.Attempts = append(out.Attempts, tokenAttempt(&p.Attempts[i]))
	}
	return out
}

func tokenAttempt(a *node.Attempt) *nwnrpc.TokenAttempt {
	out := &nwnrpc.TokenAttempt{
		AttemptId: a.ID, Status: lnrpc.HTLCAttempt_HTLCStatus(a.Status), ValueMilli: uint64(a.Route.TotalAmount - a.Route.TotalFees),
		FeeMilli: uint64(a.Route.TotalFees), AttemptTimeNs: unixNano(a.Sent), ResolveTimeNs: unixNano(a.Resolved),
	}
	for _, h := range a.Route.Hops {
		out.Hops = append(out.Hops, &nwnrpc.TokenHop{
			PubKey: hexKey(h.Node), ChanId: h.SCID.ToUint64(), ValueMilli: uint64(h.AmountToForward), FeeMilli: uint64(h.Fee),
			Expiry: int64(h.Expiry),
		})
	}
	if a.Failure != nil {
		f := failure(a.Failure)
		out.FailureCode, out.FailureSourceIndex = f.Code, f.FailureSourceIndex
	}
	return out
}
