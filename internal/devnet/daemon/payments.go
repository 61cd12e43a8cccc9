package daemon

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// Invoice makes an invoice over an amount in satoshi.
func (n *Node) Invoice(ctx context.Context, sat int64) (*lnrpc.AddInvoiceResponse, error) {
	inv, err := n.Lightning().AddInvoice(ctx, &lnrpc.Invoice{Value: sat, Expiry: 3600})
	if err != nil {
		return nil, fmt.Errorf("daemon: %s: invoice: %w", n.Name, err)
	}
	return inv, nil
}

// Pay sends a single-part payment and returns it in its final state, settled or
// failed; an error says only that the final state could not be learnt.
func (n *Node) Pay(ctx context.Context, payReq string) (*lnrpc.Payment, error) {
	end, err := n.Send(ctx, payReq)
	if err != nil {
		return nil, err
	}
	return end()
}

// Send is Pay in two steps: it returns when the request is on its way, and end waits for the
// payment's final state. The node may be killed in between, which is then an error of end.
func (n *Node) Send(ctx context.Context, payReq string) (end func() (*lnrpc.Payment, error), err error) {
	stream, err := n.Router().SendPaymentV2(ctx, singlePart(payReq, true))
	if err != nil {
		return nil, fmt.Errorf("daemon: %s pays: %w", n.Name, err)
	}
	return func() (*lnrpc.Payment, error) { return final(n.Name, stream) }, nil
}

// singlePart asks for a payment in one part, without looking for cheaper ways for long.
func singlePart(payReq string, finalOnly bool) *routerrpc.SendPaymentRequest {
	return &routerrpc.SendPaymentRequest{
		PaymentRequest:    payReq,
		TimeoutSeconds:    60,
		FeeLimitSat:       1000,
		MaxParts:          1,
		NoInflightUpdates: finalOnly,
	}
}

// Begin sets a payment going and returns when the node has taken it on, durably: it
// goes on without its caller, and Track learns its end.
func (n *Node) Begin(ctx context.Context, payReq string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := n.Router().SendPaymentV2(ctx, singlePart(payReq, false))
	if err == nil {
		_, err = stream.Recv()
	}
	if err != nil {
		return fmt.Errorf("daemon: %s begins a payment: %w", n.Name, err)
	}
	return nil
}

// Track returns a payment that was begun earlier, once it is final.
func (n *Node) Track(ctx context.Context, hash []byte) (*lnrpc.Payment, error) {
	stream, err := n.Router().TrackPaymentV2(ctx, &routerrpc.TrackPaymentRequest{
		PaymentHash: hash, NoInflightUpdates: true,
	})
	if err != nil {
		return nil, fmt.Errorf("daemon: %s tracks %x: %w", n.Name, hash, err)
	}
	return final(n.Name, stream)
}

// final reads a stream of a payment's states up to the last one.
func final(name string, stream interface {
	Recv() (*lnrpc.Payment, error)
}) (*lnrpc.Payment, error) {
	for {
		p, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			err = errors.New("the stream ended before the payment was final")
		}
		if err != nil {
			return nil, fmt.Errorf("daemon: %s: payment: %w", name, err)
		}
		if p.Status == lnrpc.Payment_SUCCEEDED || p.Status == lnrpc.Payment_FAILED {
			return p, nil
		}
	}
}

// PayOK is Pay where nothing but success will do.
func (n *Node) PayOK(ctx context.Context, payReq string) (*lnrpc.Payment, error) {
	p, err := n.Pay(ctx, payReq)
	if err != nil {
		return nil, err
	}
	if p.Status != lnrpc.Payment_SUCCEEDED {
		return nil, fmt.Errorf("daemon: %s: payment failed: %v", n.Name, p.FailureReason)
	}
	return p, nil
}

// LookupInvoice is the receiver's view of an invoice.
func (n *Node) LookupInvoice(ctx context.Context, hash []byte) (*lnrpc.Invoice, error) {
	inv, err := n.Lightning().LookupInvoice(ctx, &lnrpc.PaymentHash{RHash: hash})
	if err != nil {
		return nil, fmt.Errorf("daemon: %s: invoice %x: %w", n.Name, hash, err)
	}
	return inv, nil
}

// PayInParts pays in up to so many parts.
func (n *Node) PayInParts(ctx context.Context, payReq string, parts uint32) (*lnrpc.Payment, error) {
	req := singlePart(payReq, true)
	req.MaxParts = parts
	return n.send(ctx, req)
}

// keysendRecord is the type of the record that carries a keysend's preimage.
const keysendRecord = 5482373484

// Keysend pays a node that made no invoice.
func (n *Node) Keysend(ctx context.Context, to *Node, preimage [32]byte, sat int64) (*lnrpc.Payment, error) {
	hash := sha256.Sum256(preimage[:])
	return n.send(ctx, &routerrpc.SendPaymentRequest{
		Dest: to.KeyBytes(), Amt: sat, PaymentHash: hash[:], FinalCltvDelta: 80, TimeoutSeconds: 60,
		FeeLimitSat: 1000, NoInflightUpdates: true, DestFeatures: []lnrpc.FeatureBit{lnrpc.FeatureBit_TLV_ONION_OPT},
		DestCustomRecords: map[uint64][]byte{keysendRecord: preimage[:]},
	})
}

func (n *Node) send(ctx context.Context, req *routerrpc.SendPaymentRequest) (*lnrpc.Payment, error) {
	stream, err := n.Router().SendPaymentV2(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("daemon: %s pays: %w", n.Name, err)
	}
	p, err := final(n.Name, stream)
	if err == nil && p.Status != lnrpc.Payment_SUCCEEDED {
		err = fmt.Errorf("daemon: %s: payment is %v: %v", n.Name, p.Status, p.FailureReason)
	}
	return p, err
}
