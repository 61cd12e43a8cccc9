package rpcserver

import (
	"context"
	"io"
	"iter"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/invoicesrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// fakeHold is what a fakeNode knows of hold invoices.
type fakeHold struct {
	settled  []lntypes.Preimage
	canceled []lntypes.Hash
	states   []node.InvoiceState
}

func (f *fakeNode) SettleInvoice(_ context.Context, p lntypes.Preimage) error {
	f.settled = append(f.settled, p)
	return f.err
}

func (f *fakeNode) CancelInvoice(_ context.Context, h lntypes.Hash) error {
	f.canceled = append(f.canceled, h)
	return f.err
}

func (f *fakeNode) SubscribeInvoice(_ context.Context, h lntypes.Hash) iter.Seq2[node.Invoice, error] {
	return func(yield func(node.Invoice, error) bool) {
		for _, s := range f.states {
			if !yield(node.Invoice{Hash: h, State: s}, nil) {
				return
			}
		}
		if f.err != nil {
			yield(node.Invoice{}, f.err)
		}
	}
}

func TestHoldInvoices(t *testing.T) {
	w := up(t)
	c, ctx := invoicesrpc.NewInvoicesClient(w.admin(t)), within(t)
	w.node.invoice = node.Invoice{PaymentRequest: "lnbcrt1", AddIndex: 3, PaymentAddr: [32]byte{2}}
	hash, preimage := lntypes.Hash{5}, lntypes.Preimage{6}
	added, err := c.AddHoldInvoice(ctx, &invoicesrpc.AddHoldInvoiceRequest{Hash: hash[:], ValueMsat: 1500, Memo: "tea",
		Expiry: 60, CltvExpiry: 40})
	require.NoError(t, err)
	require.Equal(t, "lnbcrt1", added.PaymentRequest)
	require.EqualValues(t, 3, added.AddIndex)
	require.EqualValues(t, 2, added.PaymentAddr[0])
	require.Equal(t, hash, *w.node.gotInvoice.Hash)
	require.EqualValues(t, 1500, w.node.gotInvoice.Amount)
	require.Equal(t, time.Minute, w.node.gotInvoice.Expiry)
	require.EqualValues(t, 40, w.node.gotInvoice.CLTVExpiry)

	_, err = c.SettleInvoice(ctx, &invoicesrpc.SettleInvoiceMsg{Preimage: preimage[:]})
	require.NoError(t, err)
	_, err = c.CancelInvoice(ctx, &invoicesrpc.CancelInvoiceMsg{PaymentHash: hash[:]})
	require.NoError(t, err)
	require.Equal(t, []lntypes.Preimage{preimage}, w.node.settled)
	require.Equal(t, []lntypes.Hash{hash}, w.node.canceled)

	w.node.states = []node.InvoiceState{node.InvoiceOpen, node.InvoiceAccepted}
	s, err := c.SubscribeSingleInvoice(ctx, &invoicesrpc.SubscribeSingleInvoiceRequest{RHash: hash[:]})
	require.NoError(t, err)
	for _, want := range []lnrpc.Invoice_InvoiceState{lnrpc.Invoice_OPEN, lnrpc.Invoice_ACCEPTED} {
		v, err := s.Recv()
		require.NoError(t, err)
		require.Equal(t, want, v.State)
		require.Empty(t, v.RPreimage)
	}
	_, err = s.Recv()
	require.ErrorIs(t, err, io.EOF)

	_, err = c.AddHoldInvoice(ctx, &invoicesrpc.AddHoldInvoiceRequest{Hash: []byte{1}})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	_, err = c.SettleInvoice(ctx, &invoicesrpc.SettleInvoiceMsg{Preimage: []byte{1}})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	_, err = c.CancelInvoice(ctx, &invoicesrpc.CancelInvoiceMsg{})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
	w.node.err = node.ErrNotFound
	_, err = c.SettleInvoice(ctx, &invoicesrpc.SettleInvoiceMsg{Preimage: preimage[:]})
	require.Equal(t, codes.NotFound, status.Code(err))
	_, err = c.CancelInvoice(ctx, &invoicesrpc.CancelInvoiceMsg{PaymentHash: hash[:]})
	require.Equal(t, codes.NotFound, status.Code(err))
}

func TestKeysendAndShardsReachTheNode(t *testing.T) {
	preimage, hash := make([]byte, 32), make([]byte, 32)
	_, key := point(1)
	req, err := sendPayment(&routerrpc.SendPaymentRequest{Dest: key[:], PaymentHash: hash, Amt: 5,
		MaxShardSizeMsat: 7, DestCustomRecords: map[uint64][]byte{node.KeysendRecord: preimage}})
	require.NoError(t, err)
	require.EqualValues(t, 7, req.MaxShardSize)
	require.Equal(t, preimage, req.CustomRecords[node.KeysendRecord])
}
