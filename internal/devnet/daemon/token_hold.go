package daemon

import (
	"context"
	"fmt"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// HoldTokenInvoice makes an invoice over thousandths of an asset's unit, whose HTLCs the node keeps until it is
// settled or cancelled.
func (n *Node) HoldTokenInvoice(ctx context.Context, symbol string, hash [32]byte, milli uint64) (string, error) {
	inv, err := n.TokenPayments().AddTokenInvoice(ctx, &nwnrpc.AddTokenInvoiceRequest{
		Symbol: symbol, ValueMilli: milli, PaymentHash: hash[:],
	})
	if err != nil {
		return "", fmt.Errorf("daemon: %s: hold invoice in %s: %w", n.Name, symbol, err)
	}
	return inv.PaymentRequest, nil
}

// SettleTokenHold lets the node claim the HTLCs it holds for an invoice in an asset.
func (n *Node) SettleTokenHold(ctx context.Context, preimage [32]byte) error {
	if _, err := n.TokenPayments().SettleTokenInvoice(ctx, &nwnrpc.SettleTokenInvoiceRequest{Preimage: preimage[:]}); err != nil {
		return fmt.Errorf("daemon: %s: settle in an asset: %w", n.Name, err)
	}
	return nil
}

// CancelTokenHold makes the node fail the HTLCs it holds for an invoice in an asset.
func (n *Node) CancelTokenHold(ctx context.Context, hash [32]byte) error {
	if _, err := n.TokenPayments().CancelTokenInvoice(ctx, &nwnrpc.CancelTokenInvoiceRequest{PaymentHash: hash[:]}); err != nil {
		return fmt.Errorf("daemon: %s: cancel in an asset: %w", n.Name, err)
	}
	return nil
}

// LookupTokenInvoice is an invoice of the node's in an asset.
func (n *Node) LookupTokenInvoice(ctx context.Context, hash [32]byte) (*nwnrpc.TokenInvoice, error) {
	inv, err := n.TokenPayments().LookupTokenInvoice(ctx, &nwnrpc.LookupTokenInvoiceRequest{PaymentHash: hash[:]})
	if err != nil {
		return nil, fmt.Errorf("daemon: %s: look up an invoice in an asset: %w", n.Name, err)
	}
	return inv, nil
}

// BeginToken sets a payment in an asset going and returns when the node has taken it on, durably: it goes on without
// its caller, and TrackToken learns its end.
func (n *Node) BeginToken(ctx context.Context, request string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := n.TokenPayments().PayToken(ctx, &nwnrpc.PayTokenRequest{
		PaymentRequest: request, FeeLimitMilli: 1_000_000, TimeoutSeconds: 60, MaxParts: 1,
	})
	if err == nil {
		_, err = stream.Recv()
	}
	if err != nil {
		return fmt.Errorf("daemon: %s begins to pay in an asset: %w", n.Name, err)
	}
	return nil
}

// TrackToken is what a payment in an asset has come to: it waits until that is final.
func (n *Node) TrackToken(ctx context.Context, hash [32]byte) (*nwnrpc.TokenPayment, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := n.TokenPayments().TrackTokenPayment(ctx, &nwnrpc.TrackTokenPaymentRequest{PaymentHash: hash[:]})
	for err == nil {
		var p *nwnrpc.TokenPayment
		if p, err = stream.Recv(); err == nil && (p.Status == lnrpc.Payment_SUCCEEDED || p.Status == lnrpc.Payment_FAILED) {
			return p, nil
		}
	}
	return nil, fmt.Errorf("daemon: %s: payment %x in an asset: %w", n.Name, hash[:4], err)
}

// AwaitEVMHeight waits until the node has read a block of its first EVM chain.
func (n *Node) AwaitEVMHeight(ctx context.Context, height uint64) error {
	return n.Await(ctx, fmt.Sprintf("block %d of the EVM chain", height), func(ctx context.Context) error {
		list, err := n.Assets().ListChains(ctx, &nwnrpc.ListChainsRequest{})
		if err != nil {
			return err
		}
		if len(list.Chains) == 0 || list.Chains[0].BlockHeight < height {
			return fmt.Errorf("it is at %v", list.Chains)
		}
		return nil
	})
}
