package rpcserver

import (
	"context"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// ListPayments is of lnrpc.LightningServer.
func (l *lightning) ListPayments(ctx context.Context, in *lnrpc.ListPaymentsRequest) (*lnrpc.ListPaymentsResponse, error) {
	req := node.ListPayments{
		IncludeIncomplete: in.IncludeIncomplete, Offset: in.IndexOffset, Max: in.MaxPayments,
		Reversed: in.Reversed, CountTotal: in.CountTotalPayments,
	}
	var err error
	if req.After, req.Before, err = period(in.CreationDateStart, in.CreationDateEnd); err != nil {
		return nil, err
	}
	page, err := l.s.node().ListPayments(ctx, req)
	if err != nil {
		return nil, err
	}
	out := &lnrpc.ListPaymentsResponse{
		FirstIndexOffset: page.FirstOffset, LastIndexOffset: page.LastOffset, TotalNumPayments: page.Total,
		Payments: make([]*lnrpc.Payment, len(page.Payments)),
	}
	for i := range page.Payments {
		out.Payments[i] = payment(&page.Payments[i], !in.OmitHops)
	}
	return out, nil
}

var statusOf = [...]lnrpc.Payment_PaymentStatus{
	node.PaymentInitiated: lnrpc.Payment_IN_FLIGHT, // clients don't know INITIATED yet
	node.PaymentInFlight:  lnrpc.Payment_IN_FLIGHT,
	node.PaymentSucceeded: lnrpc.Payment_SUCCEEDED,
	node.PaymentFailed:    lnrpc.Payment_FAILED,
}

func payment(p *node.Payment, hops bool) *lnrpc.Payment {
	out := &lnrpc.Payment{
		PaymentHash:           p.Hash.String(),
		PaymentPreimage:       p.Preimage.String(),
		Value:                 int64(p.Amount.ToSatoshis()),
		ValueSat:              int64(p.Amount.ToSatoshis()),
		ValueMsat:             int64(p.Amount),
		CreationDate:          unix(p.Created),
		CreationTimeNs:        unixNano(p.Created),
		Fee:                   int64(p.Fee.ToSatoshis()),
		FeeSat:                int64(p.Fee.ToSatoshis()),
		FeeMsat:               int64(p.Fee),
		PaymentRequest:        p.PaymentRequest,
		Status:                statusOf[p.Status],
		PaymentIndex:          p.Index,
		FailureReason:         lnrpc.PaymentFailureReason(p.FailureReason),
		FirstHopCustomRecords: p.FirstHopCustomData,
		Htlcs:                 make([]*lnrpc.HTLCAttempt, len(p.Attempts)),
	}
	for i := range p.Attempts {
		out.Htlcs[i] = attempt(&p.Attempts[i], hops)
	}
	return out
}

func attempt(a *node.Attempt, hops bool) *lnrpc.HTLCAttempt {
	out := &lnrpc.HTLCAttempt{
		AttemptId:     a.ID,
		Status:        lnrpc.HTLCAttempt_HTLCStatus(a.Status),
		Route:         route(&a.Route, hops),
		AttemptTimeNs: unixNano(a.Sent),
		ResolveTimeNs: unixNano(a.Resolved),
	}
	if a.Status == node.AttemptSucceeded {
		out.Preimage = a.Preimage[:]
	}
	if a.Failure != nil {
		out.Failure = failure(a.Failure)
	}
	return out
}

func failure(f *node.AttemptFailure) *lnrpc.Failure {
	out := &lnrpc.Failure{FailureSourceIndex: f.SourceIndex}
	switch {
	case f.Message != nil:
		onionError(f.Message, out)
	case f.Internal != "":
		out.Code = lnrpc.Failure_INTERNAL_FAILURE
	default:
		out.Code = lnrpc.Failure_UNREADABLE_FAILURE
	}
	return out
}

// onionError tells what an error of BOLT 4 said.
func onionError(msg lnwire.FailureMessage, out *lnrpc.Failure) {
	out.Code = failureCodeOf(msg.Code())
	switch m := msg.(type) {
	case *lnwire.FailIncorrectDetails:
		out.Height = m.Height()
	case *lnwire.FailFinalIncorrectCltvExpiry:
		out.CltvExpiry = m.CltvExpiry
	case *lnwire.FailFinalIncorrectHtlcAmount:
		out.HtlcMsat = uint64(m.IncomingHTLCAmount)
	case *lnwire.FailExpiryTooSoon:
		out.ChannelUpdate = channelUpdate(&m.Update)
	case *lnwire.FailInvalidOnionVersion:
		out.OnionSha_256 = m.OnionSHA256[:]
	case *lnwire.FailInvalidOnionHmac:
		out.OnionSha_256 = m.OnionSHA256[:]
	case *lnwire.FailInvalidOnionKey:
		out.OnionSha_256 = m.OnionSHA256[:]
	case *lnwire.FailInvalidBlinding:
		out.OnionSha_256 = m.OnionSHA256[:]
	case *lnwire.FailAmountBelowMinimum:
		out.ChannelUpdate, out.HtlcMsat = channelUpdate(&m.Update), uint64(m.HtlcMsat)
	case *lnwire.FailFeeInsufficient:
		out.ChannelUpdate, out.HtlcMsat = channelUpdate(&m.Update), uint64(m.HtlcMsat)
	case *lnwire.FailIncorrectCltvExpiry:
		out.ChannelUpdate, out.CltvExpiry = channelUpdate(&m.Update), m.CltvExpiry
	case *lnwire.FailChannelDisabled:
		out.ChannelUpdate, out.Flags = channelUpdate(&m.Update), uint32(m.Flags)
	case *lnwire.FailTemporaryChannelFailure:
		out.ChannelUpdate = channelUpdate(m.Update)
	}
}

// failureCode numbers the errors of BOLT 4 as the API does.
var failureCode = map[lnwire.FailCode]lnrpc.Failure_FailureCode{
	lnwire.CodeIncorrectOrUnknownPaymentDetails: lnrpc.Failure_INCORRECT_OR_UNKNOWN_PAYMENT_DETAILS,
	lnwire.CodeIncorrectPaymentAmount:           lnrpc.Failure_INCORRECT_PAYMENT_AMOUNT,
	lnwire.CodeFinalIncorrectCltvExpiry:         lnrpc.Failure_FINAL_INCORRECT_CLTV_EXPIRY,
	lnwire.CodeFinalIncorrectHtlcAmount:         lnrpc.Failure_FINAL_INCORRECT_HTLC_AMOUNT,
	lnwire.CodeFinalExpiryTooSoon:               lnrpc.Failure_FINAL_EXPIRY_TOO_SOON,
	lnwire.CodeInvalidRealm:                     lnrpc.Failure_INVALID_REALM,
	lnwire.CodeExpiryTooSoon:                    lnrpc.Failure_EXPIRY_TOO_SOON,
	lnwire.CodeInvalidOnionVersion:              lnrpc.Failure_INVALID_ONION_VERSION,
	lnwire.CodeInvalidOnionHmac:                 lnrpc.Failure_INVALID_ONION_HMAC,
	lnwire.CodeInvalidOnionKey:                  lnrpc.Failure_INVALID_ONION_KEY,
	lnwire.CodeAmountBelowMinimum:               lnrpc.Failure_AMOUNT_BELOW_MINIMUM,
	lnwire.CodeFeeInsufficient:                  lnrpc.Failure_FEE_INSUFFICIENT,
	lnwire.CodeIncorrectCltvExpiry:              lnrpc.Failure_INCORRECT_CLTV_EXPIRY,
	lnwire.CodeChannelDisabled:                  lnrpc.Failure_CHANNEL_DISABLED,
	lnwire.CodeTemporaryChannelFailure:          lnrpc.Failure_TEMPORARY_CHANNEL_FAILURE,
	lnwire.CodeRequiredNodeFeatureMissing:       lnrpc.Failure_REQUIRED_NODE_FEATURE_MISSING,
	lnwire.CodeRequiredChannelFeatureMissing:    lnrpc.Failure_REQUIRED_CHANNEL_FEATURE_MISSING,
	lnwire.CodeUnknownNextPeer:                  lnrpc.Failure_UNKNOWN_NEXT_PEER,
	lnwire.CodeTemporaryNodeFailure:             lnrpc.Failure_TEMPORARY_NODE_FAILURE,
	lnwire.CodePermanentNodeFailure:             lnrpc.Failure_PERMANENT_NODE_FAILURE,
	lnwire.CodePermanentChannelFailure:          lnrpc.Failure_PERMANENT_CHANNEL_FAILURE,
	lnwire.CodeExpiryTooFar:                     lnrpc.Failure_EXPIRY_TOO_FAR,
	lnwire.CodeMPPTimeout:                       lnrpc.Failure_MPP_TIMEOUT,
	lnwire.CodeInvalidOnionPayload:              lnrpc.Failure_INVALID_ONION_PAYLOAD,
	lnwire.CodeInvalidBlinding:                  lnrpc.Failure_INVALID_ONION_BLINDING,
}

func channelUpdate(u *lnwire.ChannelUpdate1) *lnrpc.ChannelUpdate {
	if u == nil {
		return nil
	}
	return &lnrpc.ChannelUpdate{
		Signature:       u.Signature.RawBytes(),
		ChainHash:       u.ChainHash[:],
		ChanId:          u.ShortChannelID.ToUint64(),
		Timestamp:       u.Timestamp,
		MessageFlags:    uint32(u.MessageFlags),
		ChannelFlags:    uint32(u.ChannelFlags),
		TimeLockDelta:   uint32(u.TimeLockDelta),
		HtlcMinimumMsat: uint64(u.HtlcMinimumMsat),
		HtlcMaximumMsat: uint64(u.HtlcMaximumMsat),
		BaseFee:         u.BaseFee,
		FeeRate:         u.FeeRate,
		ExtraOpaqueData: u.ExtraOpaqueData,
	}
}
