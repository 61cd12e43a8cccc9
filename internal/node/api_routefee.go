package node

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
)

// maxEstimatedFee is the most that a way may cost to be told, as in lnd: 1 BTC.
const maxEstimatedFee = lnwire.MilliSatoshi(100_000_000_000)

// RouteFee asks what a payment would cost: to a node by what is known of the network, or of an invoice by
// a probe.
type RouteFee struct {
	Destination    PubKey
	Amount         lnwire.MilliSatoshi
	PaymentRequest string        // instead of both
	Timeout        time.Duration // of a probe; 0: a minute
}

// RouteCost is the fee, and the height at which the first HTLC would expire. Reason is why an invoice
// could not be reached.
type RouteCost struct {
	Fee      lnwire.MilliSatoshi
	TimeLock uint32
	Reason   FailureReason
}

// EstimateRouteFee tells what a payment would cost.
func (n *Node) EstimateRouteFee(ctx context.Context, req RouteFee) (RouteCost, error) {
	if req.PaymentRequest != "" {
		return n.probe(ctx, req)
	}
	found, err := n.QueryRoutes(ctx, QueryRoutes{
		Destination: req.Destination, Amount: req.Amount, FeeLimit: maxEstimatedFee, UseMissionControl: true,
	})
	if err != nil {
		return RouteCost{}, err
	}
	route := &found[0].Route
	return RouteCost{Fee: route.TotalFees, TimeLock: route.TotalTimeLock}, nil
}

// probe pays an invoice under a hash that nobody knows the preimage of, so that it comes as far as
// its recipient and no further. It is kept among the payments, as one that failed.
func (n *Node) probe(ctx context.Context, req RouteFee) (RouteCost, error) {
	_, o, err := n.order(SendPayment{PaymentRequest: req.PaymentRequest, FeeLimit: maxEstimatedFee, Timeout: req.Timeout, MaxParts: 1})
	if err != nil {
		return RouteCost{}, err
	}
	var hash lntypes.Hash
	var secret [32]byte
	if _, err := rand.Read(hash[:]); err != nil {
		return RouteCost{}, err
	}
	if _, err := rand.Read(secret[:]); err != nil {
		return RouteCost{}, err
	}
	o.secret = &secret
	p, err := n.payments.Start(hash, "", o)
	if err != nil {
		return RouteCost{}, err
	}
	defer n.payments.cancel(p)
	var last Payment
	n.follow(ctx, n.payments, p, true, func(v Payment, e error) bool {
		last, err = v, e
		return e == nil
	})
	switch k := len(last.Attempts); {
	case err != nil:
		return RouteCost{}, err
	case last.FailureReason != FailureIncorrectDetails:
		return RouteCost{Reason: last.FailureReason}, nil
	case k == 0:
		return RouteCost{}, fmt.Errorf("node: the probe ended without an attempt")
	default:
		route := &last.Attempts[k-1].Route
		return RouteCost{Fee: route.TotalFees, TimeLock: route.TotalTimeLock}, nil
	}
}
