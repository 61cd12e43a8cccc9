package rpcserver

import (
	"context"
	"time"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// EstimateRouteFee is of routerrpc.RouterServer.
func (r *router) EstimateRouteFee(ctx context.Context, in *routerrpc.RouteFeeRequest) (*routerrpc.RouteFeeResponse, error) {
	req := node.RouteFee{PaymentRequest: in.PaymentRequest, Timeout: time.Duration(in.Timeout) * time.Second}
	var err error
	switch {
	case (len(in.Dest) > 0) == (in.PaymentRequest != ""):
		return nil, invalid("specify either a destination or an invoice")
	case len(in.PaymentRequest) > maxPayReq:
		return nil, invalid("invoice has %d characters, it may have %d", len(in.PaymentRequest), maxPayReq)
	case req.Timeout > maxTimeout:
		return nil, invalid("timeout is %d seconds, it may be 0 to %d", in.Timeout, int(maxTimeout.Seconds()))
	case in.PaymentRequest != "":
	case in.AmtSat <= 0:
		return nil, invalid("amount must be greater than 0")
	default:
		if req.Destination, err = keyBytes(in.Dest); err != nil {
			return nil, err
		}
		if req.Amount, err = msat(in.AmtSat, 0); err != nil {
			return nil, err
		}
	}
	c, err := r.s.node().EstimateRouteFee(ctx, req)
	if err != nil {
		return nil, err
	}
	return &routerrpc.RouteFeeResponse{
		RoutingFeeMsat: int64(c.Fee), TimeLockDelay: int64(c.TimeLock), FailureReason: lnrpc.PaymentFailureReason(c.Reason),
	}, nil
}
