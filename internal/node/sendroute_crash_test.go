package node

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb/dbtest"
)

// The payer dies at each of its commits in turn while it sends two parts along routes of a caller's. In
// the end payer and receiver agree; who asks again pays what wasn't paid, and nothing twice.
func TestSendToRouteDyingAtEveryCommitPaysOnce(t *testing.T) {
	for _, outcome := range []dbtest.Outcome{dbtest.Lost, dbtest.Kept} {
		t.Run(fmt.Sprintf("outcome=%d", outcome), func(t *testing.T) {
			n, alice, carol := strands(t)
			for at, died := 0, true; died; at++ {
				died = partsDyingAt(t, n, alice, carol, outcome, at)
				require.True(t, died || at > 3, "no commit was hit")
				if !died {
					t.Logf("%d commits hit", at)
				}
			}
		})
	}
}

const crashPart = 10_000 * sat

// sendParts sends two parts over two channels, and returns what each call was told.
func sendParts(ctx context.Context, n *testNet, payer *Node, inv Invoice) (errs []error) {
	results := make(chan error, 2)
	for _, d := range payer.sw.channels()[:2] {
		addr, scid := inv.PaymentAddr, d.channel().SCID()
		go func() {
			expiry := n.heightNow() + uint32(inv.CLTVExpiry) + blockPadding
			a, err := payer.SendToRoute(ctx, SendToRoute{Hash: inv.Hash, SkipTempErr: true, Route: Route{
				TotalAmount: crashPart, TotalTimeLock: expiry, Hops: []Hop{{
					SCID: scid, AmountToForward: crashPart, Expiry: expiry, PaymentAddr: &addr, TotalAmount: 2 * crashPart}},
			}})
			if err == nil && a.Status != AttemptSucceeded {
				err = fmt.Errorf("attempt is %v: %+v", a.Status, a.Failure)
			}
			results <- err
		}()
	}
	return []error{<-results, <-results}
}

func partsDyingAt(t *testing.T, n *testNet, alice, carol *testNode, outcome dbtest.Outcome, at int) (died bool) {
	a, c := alice.balance(), carol.balance()
	inv := carol.invoice(2 * crashPart)
	alice.disk.FailAt(at, outcome)
	payer, ctx := alice.Node, t.Context()
	done := make(chan []error, 1)
	go func() { done <- sendParts(ctx, n, payer, inv) }()
	n.eventually("both calls ended and all is quiet, or the victim is dead", func() bool {
		return payer.db.Err() != nil || len(done) > 0 && n.quiet(alice, carol)
	})
	if died = payer.db.Err() != nil; died {
		alice.restart()
		n.eventually("channels are back", func() bool { return alice.usable() && carol.usable() })
	} else {
		alice.disk.FailAt(-1_000_000, outcome)
	}
	<-done
	// One part may be held at carol's for want of the other, which was lost: the payment is over or waits.
	for alice.status(inv) == PaymentInFlight {
		carol.giveUp(inv)
		n.eventually("it moves", func() bool { return alice.status(inv) != PaymentInFlight || carol.waiting(inv) > 0 })
	}
	carol.giveUp(inv)
	n.settled(alice, carol)
	got, err := carol.LookupInvoice(ctx, inv.Hash)
	require.NoError(t, err)
	paid := got.State == InvoiceSettled
	require.Equal(t, paid, alice.status(inv) == PaymentSucceeded, "commit %d", at)
	again := sendParts(ctx, n, alice.Node, inv)
	if paid {
		require.ErrorIs(t, again[0], ErrAlreadyPaid)
		require.ErrorIs(t, again[1], ErrAlreadyPaid)
	} else {
		require.NoError(t, errors.Join(again...), "commit %d", at)
	}
	n.settled(alice, carol)
	require.Equal(t, a-2*crashPart, alice.balance(), "commit %d", at)
	require.Equal(t, c+2*crashPart, carol.balance(), "commit %d", at)
	return died
}

// status is how a payment stands; failed if there is none.
func (n *testNode) status(inv Invoice) PaymentStatus {
	p, err := n.payments.find(inv.Hash)
	if err != nil {
		return PaymentFailed
	}
	return n.payments.copy(p).Status
}

// waiting counts the parts that wait for others.
func (n *testNode) waiting(inv Invoice) int {
	n.invoices.mu.Lock()
	defer n.invoices.mu.Unlock()
	return n.invoices.sets[inv.Hash].size()
}

// giveUp lets the parts that wait for others time out.
func (n *testNode) giveUp(inv Invoice) {
	n.invoices.mu.Lock()
	set := n.invoices.sets[inv.Hash]
	n.invoices.mu.Unlock()
	if set != nil {
		n.invoices.timeout(set)
	}
}
