package rpcserver

import (
	"context"
	"io"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

func (f *fakeNode) SubscribeInvoices(_ context.Context, added, settled uint64) iter.Seq2[node.Invoice, error] {
	f.gotIndices = [2]uint64{added, settled}
	return all(f.invoices, f.err)
}

func TestSubscribeInvoices(t *testing.T) {
	w := up(t)
	l, ctx := lnrpc.NewLightningClient(w.admin(t)), within(t)
	w.node.invoices = []node.Invoice{{AddIndex: 5}, {AddIndex: 5, SettleIndex: 3, State: node.InvoiceSettled}}
	s, err := l.SubscribeInvoices(ctx, &lnrpc.InvoiceSubscription{AddIndex: 4, SettleIndex: 2})
	require.NoError(t, err)
	for _, want := range []lnrpc.Invoice_InvoiceState{lnrpc.Invoice_OPEN, lnrpc.Invoice_SETTLED} {
		v, err := s.Recv()
		require.NoError(t, err)
		require.Equal(t, want, v.State)
		require.EqualValues(t, 5, v.AddIndex)
	}
	_, err = s.Recv()
	require.Equal(t, io.EOF, err)
	require.Equal(t, [2]uint64{4, 2}, w.node.gotIndices)
	w.node.err = node.ErrBusy
	s, err = l.SubscribeInvoices(ctx, &lnrpc.InvoiceSubscription{})
	require.NoError(t, err)
	for err == nil {
		_, err = s.Recv()
	}
	require.Equal(t, codes.ResourceExhausted, status.Code(err))
}
