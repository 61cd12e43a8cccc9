package daemon

import (
	"context"
	"fmt"

	"github.com/nichework/nwnd/lnrpc/invoicesrpc"
)

// HoldInvoice makes an invoice whose HTLCs the node keeps until it is settled or cancelled. They
// expire so many blocks after they are sent, 0 leaves that to the node.
func (n *Node) HoldInvoice(ctx context.Context, hash [32]byte, sat int64, blocks uint64) (string, error) {
	resp, err := n.invoices().AddHoldInvoice(ctx, &invoicesrpc.AddHoldInvoiceRequest{Hash: hash[:], Value: sat, CltvExpiry: blocks})
	if err != nil {
		return "", fmt.Errorf("daemon: %s: hold invoice: %w", n.Name, err)
	}
	return resp.PaymentRequest, nil
}

// SettleHold lets the node claim the HTLCs it holds.
func (n *Node) SettleHold(ctx context.Context, preimage [32]byte) error {
	if _, err := n.invoices().SettleInvoice(ctx, &invoicesrpc.SettleInvoiceMsg{Preimage: preimage[:]}); err != nil {
		return fmt.Errorf("daemon: %s: settle: %w", n.Name, err)
	}
	return nil
}

// CancelHold makes the node fail the HTLCs it holds.
func (n *Node) CancelHold(ctx context.Context, hash [32]byte) error {
	if _, err := n.invoices().CancelInvoice(ctx, &invoicesrpc.CancelInvoiceMsg{PaymentHash: hash[:]}); err != nil {
		return fmt.Errorf("daemon: %s: cancel: %w", n.Name, err)
	}
	return nil
}

func (n *Node) invoices() invoicesrpc.InvoicesClient { return invoicesrpc.NewInvoicesClient(n.conn) }
