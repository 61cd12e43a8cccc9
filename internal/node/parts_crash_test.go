package node

import (
	"fmt"
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/router"
)

// The payer or the receiver of a payment in three parts, each over a channel of its own,
// dies at each of its commits in turn. The receiver gets all of it or nothing, and both know
// which.
func TestPartsDyingAtEveryCommitLosesNothing(t *testing.T) {
	for role, name := range []string{"payer", "receiver"} {
		for _, outcome := range []dbtest.Outcome{dbtest.Lost, dbtest.Kept} {
			t.Run(fmt.Sprintf("%s/outcome=%d", name, outcome), func(t *testing.T) {
				partsDying(t, role, outcome)
			})
		}
	}
}

func partsDying(t *testing.T, role int, outcome dbtest.Outcome) {
	var clock alarms
	n, alice, carol := strands(t, func(c *Config) { c.after = clock.after })
	victim := []*testNode{alice, carol}[role]
	const amount = 2_100_000 * sat
	for at := 0; ; at++ {
		a, c := alice.balance(), carol.balance()
		inv := carol.invoice(amount)
		victim.disk.FailAt(at, outcome)
		result := make(chan Payment, 1)
		payer := alice.Node // of this life
		alice.forgetRoutes()
		go func() { result <- payWhileDying(t.Context(), payer, inv.PaymentRequest) }()
		n.eventually("all is quiet, or the victim dead", func() bool {
			return victim.db.Err() != nil || len(result) > 0 && n.quiet(alice, carol)
		})
		died := victim.db.Err() != nil
		if died {
			victim.restart()
			n.eventually("channels are back", func() bool { return alice.usable() && carol.usable() })
			n.known(3, alice)
		} else {
			victim.disk.FailAt(-1_000_000, outcome)
		}
		// What was not sent before the crash may never be: then the parts time out.
		polls := 0
		n.eventually("all HTLCs ended", func() bool {
			if polls++; polls%25 == 0 { // not before the other parts could have come
				clock.fire()
			}
			return n.quiet(alice, carol) && len(result) > 0 && alice.idle()
		})
		paid := end(t, alice, carol, inv, <-result)
		n.settled(alice, carol)
		if paid {
			require.Equal(t, a-amount, alice.balance(), "commit %d", at)
			require.Equal(t, c+amount, carol.balance(), "commit %d", at)
			p, err := alice.track(inv.Hash)
			require.NoError(t, err)
			require.Zero(t, p.Fee)
			var sum lnwire.MilliSatoshi
			for _, a := range p.Attempts {
				require.NotEqual(t, AttemptInFlight, a.Status, "commit %d", at)
				if a.Status == AttemptSucceeded {
					sum += a.Route.TotalAmount
				}
			}
			require.Equal(t, amount, sum, "commit %d: never twice", at)
			giveBack(t, n, alice, carol)
		} else {
			require.Equal(t, a, alice.balance(), "commit %d", at)
			require.Equal(t, c, carol.balance(), "commit %d", at)
		}
		if !died {
			require.True(t, paid, "the payment without a crash failed")
			require.Greater(t, at, 3, "no commit was hit")
			t.Logf("%d commits hit", at)
			return
		}
	}
}

// forgetRoutes drops what payments taught, so that it doesn't keep the next from being tried.
func (n *testNode) forgetRoutes() {
	n.net.eventually("no payment is in flight", n.idle)
	n.routes.history = router.NewHistory(n.graph, 0)
}

// idle reports whether no payment is in flight.
func (n *testNode) idle() bool {
	n.payments.mu.Lock()
	defer n.payments.mu.Unlock()
	return len(n.payments.flight) == 0
}

// giveBack restores each channel to what it was: a tenth of it carol's.
func giveBack(t *testing.T, n *testNet, alice, carol *testNode) {
	for _, d := range carol.sw.channels() {
		c := d.channel()
		inv := alice.invoice(c.Balance(htlc.Local) - 100_000*sat)
		carol.forgetRoutes()
		p := carol.payWith(SendPayment{PaymentRequest: inv.PaymentRequest, OutgoingChans: []lnwire.ShortChannelID{c.SCID()}})
		require.Equal(t, PaymentSucceeded, p.Status, "%+v", p)
		n.settled(alice, carol)
	}
}
