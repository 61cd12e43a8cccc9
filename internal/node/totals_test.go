package node

import (
	"testing"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

func TestTotalsOfAChannelOutliveARestart(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	n.open(alice, bob, 1_000_000, 200_000)
	for _, p := range []struct {
		from, to *testNode
		amount   lnwire.MilliSatoshi
	}{{alice, bob, 30_000 * sat}, {bob, alice, 7_000 * sat}, {alice, bob, 1500}} {
		require.Equal(t, PaymentSucceeded, p.from.pay(p.to.invoice(p.amount).PaymentRequest).Status)
	}
	n.settled(alice, bob)
	check := func() {
		t.Helper()
		a, b := alice.describe(alice.sw.channels()[0]), bob.describe(bob.sw.channels()[0])
		require.Equal(t, 30_000*sat+1500, a.TotalSent)
		require.Equal(t, 7_000*sat, a.TotalReceived)
		require.Equal(t, a.TotalSent, b.TotalReceived)
		require.Equal(t, a.TotalReceived, b.TotalSent)
	}
	check()
	require.NoError(t, alice.stop())
	alice.start()
	n.eventually("alice is back", alice.usable)
	check()
}

func TestTotalsThatACrashForgotFitTheBalance(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	n.open(alice, bob, 1_000_000, 0)
	require.Equal(t, PaymentSucceeded, alice.pay(bob.invoice(30_000*sat).PaymentRequest).Status)
	n.settled(alice, bob)
	d := alice.sw.channels()[0]
	alice.totals.forget(d.id)
	sent, received := alice.totals.of(d.channel())
	require.Equal(t, 30_000*sat, sent)
	require.Zero(t, received)
}

func TestTotalsWithHTLCsInFlight(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	n.open(alice, bob, 1_000_000, 200_000)
	preimage := lntypes.Preimage{9}
	hash := preimage.Hash()
	inv, err := bob.AddInvoice(t.Context(), AddInvoice{Amount: 40_000 * sat, Hash: &hash})
	require.NoError(t, err)
	done := make(chan Payment, 1)
	payer := alice.Node
	go func() { done <- payWhileDying(t.Context(), payer, inv.PaymentRequest) }()
	n.eventually("it is held", func() bool { return bob.stands(inv.Hash) == InvoiceAccepted })
	for _, who := range []*testNode{alice, bob} {
		sent, received := who.totals.of(who.sw.channels()[0].channel())
		require.Zero(t, sent, who.name)
		require.Zero(t, received, who.name)
	}
	require.NoError(t, bob.CancelInvoice(t.Context(), inv.Hash))
	require.Equal(t, PaymentFailed, (<-done).Status)
	n.settled(alice, bob)
	sent, received := alice.totals.of(alice.sw.channels()[0].channel())
	require.Zero(t, sent)
	require.Zero(t, received)
}
