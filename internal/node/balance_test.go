package node

import (
	"testing"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/stretchr/testify/require"
)

// As in lnd an incoming HTLC counts as ours, an outgoing one as the peer's.
func TestBalanceOfHTLCsInFlight(t *testing.T) {
	n, alice, bob, carol := line(t)
	preimage := lntypes.Preimage{7}
	hash := preimage.Hash()
	inv, err := carol.AddInvoice(t.Context(), AddInvoice{Amount: 50_000 * sat, Hash: &hash})
	require.NoError(t, err)
	payer := alice.Node
	done := make(chan Payment, 1)
	go func() { done <- payWhileDying(t.Context(), payer, inv.PaymentRequest) }()
	n.eventually("the invoice is accepted", func() bool { return carol.stands(hash) == InvoiceAccepted })
	a, err := alice.ChannelBalance(t.Context())
	require.NoError(t, err)
	c, err := carol.ChannelBalance(t.Context())
	require.NoError(t, err)
	require.Zero(t, a.UnsettledLocal)
	require.Equal(t, 50_000*sat+DefaultPolicy.Fee(50_000*sat), a.UnsettledRemote)
	require.Equal(t, 50_000*sat, c.UnsettledLocal)
	require.Zero(t, c.UnsettledRemote)
	require.NoError(t, carol.SettleInvoice(t.Context(), preimage))
	require.Equal(t, PaymentSucceeded, (<-done).Status)
	n.settled(alice, bob, carol)
	require.Len(t, bob.forwarded(ListForwards{}), 1)
}
