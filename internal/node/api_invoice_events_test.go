package node

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"
)

// invoiceStream reads a subscription step by step. The first next joins it.
func invoiceStream(t *testing.T, n *testNode, added, settled uint64) (next func() Invoice) {
	step, stop := iter.Pull2(n.SubscribeInvoices(t.Context(), added, settled))
	t.Cleanup(stop)
	return func() Invoice {
		v, err, ok := step()
		require.True(t, ok)
		require.NoError(t, err)
		return v
	}
}

func TestInvoicesAreFollowed(t *testing.T) {
	n, alice, _, carol := line(t)
	first, second := carol.invoice(1_000*sat), carol.invoice(2_000*sat)
	require.Equal(t, PaymentSucceeded, alice.pay(first.PaymentRequest).Status)
	require.Equal(t, PaymentSucceeded, alice.pay(second.PaymentRequest).Status)
	n.settled(alice, carol)

	next := invoiceStream(t, carol, first.AddIndex, 0)
	require.Equal(t, second.Hash, next().Hash, "what was added since")
	third := carol.invoice(3_000 * sat)
	v := next()
	require.Equal(t, third.Hash, v.Hash)
	require.Equal(t, InvoiceOpen, v.State)
	require.Equal(t, PaymentSucceeded, alice.pay(third.PaymentRequest).Status)
	v = next()
	require.Equal(t, third.Hash, v.Hash)
	require.Equal(t, InvoiceSettled, v.State)

	next = invoiceStream(t, carol, 0, 1)
	require.Equal(t, second.Hash, next().Hash, "what was settled since")
	require.Equal(t, third.Hash, next().Hash)
	fourth := carol.invoice(4_000 * sat)
	require.Equal(t, fourth.Hash, next().Hash)
}

// What is told of the past isn't told again as news, though it was queued meanwhile.
func TestInvoicesAreToldOnce(t *testing.T) {
	carol := newTestNet(t).node("carol")
	carol.invoice(1000)
	second := carol.invoice(2000)
	next := invoiceStream(t, carol, 1, 0)
	require.Equal(t, second.Hash, next().Hash)
	carol.invoices.news.tell(invoiceNews{hash: second.Hash, added: true})
	carol.invoices.news.tell(invoiceNews{hash: second.Hash}) // it changed, but isn't settled
	third := carol.invoice(3000)
	require.Equal(t, third.Hash, next().Hash)
}

func TestSlowFollowerOfInvoicesIsCutOff(t *testing.T) {
	carol := newTestNet(t).node("carol")
	first := carol.invoice(1000)
	second := carol.invoice(1000)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told := 0
	for v, err := range carol.SubscribeInvoices(ctx, first.AddIndex, 0) {
		if err != nil {
			require.ErrorIs(t, err, ErrBusy)
			require.Equal(t, maxQueued+1, told)
			return
		}
		if told++; v.Hash == second.Hash { // it sits on the first while others come
			third := carol.invoice(1000)
			for range maxQueued {
				carol.invoices.news.tell(invoiceNews{hash: third.Hash, added: true})
			}
		}
	}
	t.Fatal("the subscription ended without saying why")
}
