package node

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// An estimate costs nothing, and is what the payment then costs.
func TestRouteFeeIsWhatThePaymentCosts(t *testing.T) {
	n, alice, bob, carol := line(t)
	before := alice.balance()
	fee := DefaultPolicy.Fee(10_000 * sat)
	graph, err := alice.EstimateRouteFee(t.Context(), RouteFee{Destination: carol.self, Amount: 10_000 * sat})
	require.NoError(t, err)
	require.Equal(t, fee, graph.Fee)
	require.Greater(t, graph.TimeLock, n.heightNow()+80)

	inv := carol.invoice(10_000 * sat)
	probed, err := alice.EstimateRouteFee(t.Context(), RouteFee{PaymentRequest: inv.PaymentRequest})
	require.NoError(t, err)
	require.Equal(t, RouteCost{Fee: fee, TimeLock: n.heightNow() + blockPadding + 80 + uint32(inv.CLTVExpiry)}, probed)
	n.settled(alice, bob, carol)
	require.Equal(t, before, alice.balance())
	require.Equal(t, InvoiceOpen, carol.stands(inv.Hash))
	p := alice.pay(inv.PaymentRequest)
	require.Equal(t, PaymentSucceeded, p.Status)
	require.Equal(t, fee, p.Fee)

	n.settled(alice, bob, carol)
	got, err := alice.EstimateRouteFee(t.Context(), RouteFee{PaymentRequest: carol.invoice(5_000_000 * sat).PaymentRequest})
	require.NoError(t, err)
	require.Equal(t, FailureInsufficientBalance, got.Reason)
	_, err = alice.EstimateRouteFee(t.Context(), RouteFee{Destination: carol.self, Amount: 5_000_000 * sat})
	require.ErrorIs(t, err, ErrNoRoute)
	_, err = alice.EstimateRouteFee(t.Context(), RouteFee{PaymentRequest: "lnbcrt1"})
	require.ErrorIs(t, err, ErrInvalid)
}
