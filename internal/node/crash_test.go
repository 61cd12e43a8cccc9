package node

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb/dbtest"
)

// A node dies at each of its commits in turn, before it or just after it, while a payment
// goes through it. Whatever it was, the payment ends, and the money is what it would have
// been without a crash: paid once, or not at all.
func TestNodeDyingAtEveryCommitLosesNothing(t *testing.T) {
	for role, name := range []string{"payer", "forwarder", "receiver"} {
		for _, outcome := range []dbtest.Outcome{dbtest.Lost, dbtest.Kept} {
			t.Run(fmt.Sprintf("%s/outcome=%d", name, outcome), func(t *testing.T) {
				dyingAtEveryCommit(t, role, outcome)
			})
		}
	}
}

func dyingAtEveryCommit(t *testing.T, role int, outcome dbtest.Outcome) {
	n, alice, bob, carol := line(t)
	nodes := []*testNode{alice, bob, carol}
	victim := nodes[role]
	const amount = 1_000 * sat
	for at := 0; ; at++ {
		a, b, c := alice.balance(), bob.balance(), carol.balance()
		inv := carol.invoice(amount)
		victim.disk.FailAt(at, outcome)
		result := make(chan Payment, 1)
		payer := alice.Node // of this life
		// What earlier deaths taught about routes must not keep this payment from being tried.
		alice.forgetRoutes()
		go func() { result <- payWhileDying(t.Context(), payer, inv.PaymentRequest) }()
		n.eventually("all is quiet, or the victim dead", func() bool {
			return victim.db.Err() != nil || len(result) > 0 && n.quiet(nodes...)
		})
		died := victim.db.Err() != nil
		if died {
			victim.restart()
			n.eventually("channels are back", func() bool { return alice.usable() && bob.usable() && carol.usable() })
			n.known(2, alice)
		} else {
			victim.disk.FailAt(-1_000_000, outcome)
		}
		paid := end(t, alice, carol, inv, <-result)
		n.settled(nodes...)
		if paid {
			fee := DefaultPolicy.Fee(amount)
			require.Equal(t, a-amount-fee, alice.balance(), "commit %d", at)
			require.Equal(t, b+fee, bob.balance(), "commit %d", at)
			require.Equal(t, c+amount, carol.balance(), "commit %d", at)
		} else {
			require.Equal(t, a, alice.balance(), "commit %d", at)
			require.Equal(t, b, bob.balance(), "commit %d", at)
			require.Equal(t, c, carol.balance(), "commit %d", at)
		}
		if !died {
			require.True(t, paid, "the payment without a crash failed")
			require.Greater(t, at, 2, "no commit was hit")
			t.Logf("%d commits hit", at)
			return
		}
	}
}

// payWhileDying pays; the payer itself may stop in the middle.
func payWhileDying(ctx context.Context, payer *Node, request string) Payment {
	var last Payment
	for p, err := range payer.SendPayment(ctx, SendPayment{PaymentRequest: request, FeeLimit: 100 * sat}) {
		if err != nil {
			break
		}
		last = p
	}
	return last
}

// end is whether the payment was made, on which payer and receiver must agree.
func end(t *testing.T, payer, receiver *testNode, inv Invoice, first Payment) bool {
	p := first
	if p.Status != PaymentSucceeded && p.Status != PaymentFailed {
		var err error
		if p, err = payer.track(inv.Hash); err != nil {
			require.ErrorIs(t, err, ErrNotFound) // it died before anything was durable
		}
	}
	got, err := receiver.LookupInvoice(t.Context(), inv.Hash)
	require.NoError(t, err)
	require.Equal(t, p.Status == PaymentSucceeded, got.State == InvoiceSettled, "payer: %+v", p)
	return p.Status == PaymentSucceeded
}
