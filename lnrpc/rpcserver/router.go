package rpcserver

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"google.golang.org/grpc"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

const (
	defaultTimeout = time.Minute
	maxTimeout     = 24 * time.Hour
	defaultParts   = 16
	maxParts       = 1000
)

// router serves routerrpc.
type router struct {
	routerrpc.UnimplementedRouterServer
	s *Server
}

// SendPaymentV2 is of routerrpc.RouterServer. The payment goes on when the caller leaves.
func (r *router) SendPaymentV2(in *routerrpc.SendPaymentRequest, to grpc.ServerStreamingServer[lnrpc.Payment]) error {
	req, err := sendPayment(in)
	if err != nil {
		return err
	}
	return follow(r.s.node().SendPayment(to.Context(), req), in.NoInflightUpdates, to)
}

// TrackPaymentV2 is of routerrpc.RouterServer.
func (r *router) TrackPaymentV2(in *routerrpc.TrackPaymentRequest, to grpc.ServerStreamingServer[lnrpc.Payment]) error {
	h, err := hashBytes(in.PaymentHash)
	if err != nil {
		return err
	}
	return notFound(follow(r.s.node().TrackPayment(to.Context(), h), in.NoInflightUpdates, to),
		"payment isn't initiated")
}

// TrackPayments is of routerrpc.RouterServer.
func (r *router) TrackPayments(in *routerrpc.TrackPaymentsRequest, to grpc.ServerStreamingServer[lnrpc.Payment]) error {
	return follow(r.s.node().TrackPayments(to.Context()), in.NoInflightUpdates, to)
}

func follow(updates iter.Seq2[node.Payment, error], finalOnly bool, to grpc.ServerStreamingServer[lnrpc.Payment]) error {
	for p, err := range updates {
		switch {
		case errors.Is(err, context.Canceled) && to.Context().Err() != nil:
			return nil // the caller left
		case err != nil:
			return err
		case finalOnly && p.Status != node.PaymentSucceeded && p.Status != node.PaymentFailed:
			continue
		}
		if err := to.Send(payment(&p, true)); err != nil {
			return err
		}
	}
	return nil
}

// sendPayment reads a request; what is in the invoice is checked by the node.
func sendPayment(in *routerrpc.SendPaymentRequest) (req node.SendPayment, err error) {
	switch {
	case in.Amp:
		return req, unimplemented("amp")
	case len(in.FirstHopCustomRecords) > 0:
		return req, unimplemented("first_hop_custom_records")
	case in.TimePref < -1 || in.TimePref > 1 || in.TimePref != in.TimePref:
		return req, invalid("time preference out of range")
	case in.TimeoutSeconds < 0 || time.Duration(in.TimeoutSeconds)*time.Second > maxTimeout:
		return req, invalid("timeout_seconds is %d, it may be 0 to %d", in.TimeoutSeconds, int(maxTimeout.Seconds()))
	case in.CltvLimit < 0:
		return req, invalid("cltv_limit cannot be negative")
	case in.FinalCltvDelta < 0 || in.FinalCltvDelta > 1<<16-1:
		return req, invalid("final_cltv_delta %d is out of range", in.FinalCltvDelta)
	case in.MaxParts > maxParts:
		return req, invalid("requested max_parts (%d) exceeds the allowed upper limit of %d", in.MaxParts, maxParts)
	}
	req = node.SendPayment{
		PaymentRequest:  in.PaymentRequest,
		FinalCLTVDelta:  uint32(in.FinalCltvDelta),
		CLTVLimit:       uint32(in.CltvLimit),
		Timeout:         time.Duration(in.TimeoutSeconds) * time.Second,
		MaxParts:        in.MaxParts,
		OutgoingChans:   scids(in.OutgoingChanIds),
		AllowSelf:       in.AllowSelfPayment,
		TimePref:        in.TimePref,
		MaxShardSize:    lnwire.MilliSatoshi(in.MaxShardSizeMsat),
		CustomRecords:   in.DestCustomRecords,
		OnlyFinalUpdate: in.NoInflightUpdates,
		Cancelable:      in.Cancelable,
	}
	if req.Timeout == 0 {
		req.Timeout = defaultTimeout
	}
	if req.MaxParts == 0 {
		req.MaxParts = defaultParts
	}
	if req.Amount, err = msat(in.Amt, in.AmtMsat); err != nil {
		return req, err
	}
	if req.FeeLimit, err = msat(in.FeeLimitSat, in.FeeLimitMsat); err != nil {
		return req, err
	}
	if req.LastHop, err = optionalKey(in.LastHopPubkey); err != nil {
		return req, err
	}
	if req.RouteHints, err = fromHints(in.RouteHints); err != nil {
		return req, err
	}
	if req.Features, err = featureBits(in.DestFeatures); err != nil {
		return req, err
	}
	if in.PaymentRequest != "" {
		err = invoicePayment(in)
	} else {
		err = directPayment(in, &req)
	}
	return req, err
}

func invoicePayment(in *routerrpc.SendPaymentRequest) error {
	switch {
	case len(in.PaymentRequest) > maxPayReq:
		return invalid("invoice has %d characters, it may have %d", len(in.PaymentRequest), maxPayReq)
	case len(in.Dest) > 0:
		return invalid("dest and payment_request cannot appear together")
	case len(in.PaymentHash) > 0:
		return invalid("payment_hash and payment_request cannot appear together")
	case in.FinalCltvDelta != 0:
		return invalid("final_cltv_delta and payment_request cannot appear together")
	case len(in.PaymentAddr) > 0:
		return invalid("payment_addr and payment_request cannot appear together")
	}
	return nil
}

func directPayment(in *routerrpc.SendPaymentRequest, req *node.SendPayment) error {
	dest, err := keyBytes(in.Dest)
	if err != nil {
		return err
	}
	req.Destination = &dest
	if req.Hash, err = hashBytes(in.PaymentHash); err != nil {
		return err
	}
	if req.Amount == 0 {
		return invalid("amount must be specified")
	}
	if n := len(in.PaymentAddr); n != 0 {
		if n != 32 {
			return invalid("payment_addr has %d bytes, needs 32", n)
		}
		addr := [32]byte(in.PaymentAddr)
		req.PaymentAddr = &addr
	}
	return nil
}
