package node

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/htlc"
)

// A node dies at each of its commits in turn while a channel is opened. Coins that were
// published are in a channel that their owner knows, and that both can use in the end; coins
// that were not are in none.
func TestOpeningDyingAtEveryCommitLosesNoCoins(t *testing.T) {
	for _, opener := range []bool{true, false} {
		for _, outcome := range []dbtest.Outcome{dbtest.Lost, dbtest.Kept} {
			t.Run(fmt.Sprintf("opener=%v/outcome=%d", opener, outcome), func(t *testing.T) {
				for at, died := 0, true; died; at++ {
					died = openingDyingAt(t, opener, outcome, at)
				}
			})
		}
	}
}

func openingDyingAt(t *testing.T, opener bool, outcome dbtest.Outcome, at int) (died bool) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	n.connect(alice, bob)
	victim := bob
	if opener {
		victim = alice
	}
	victim.disk.FailAt(at, outcome)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	first := alice.Node
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for _, err := range first.OpenChannel(ctx, OpenChannel{Peer: bob.key(), Capacity: 100_000}) {
			if err != nil {
				return
			}
			n.chain.MineN(announceDepth)
		}
	}()
	n.eventually("channel is open, or the victim dead, or the opening over", func() bool {
		select {
		case <-ended:
			return true
		default:
			return victim.db.Err() != nil
		}
	})
	if died = victim.db.Err() != nil; died {
		victim.restart()
	} else {
		victim.disk.FailAt(-1_000_000, outcome)
	}
	n.eventually("both have started", func() bool { return alice.started() && bob.started() })
	if len(alice.sw.channels()) == 0 {
		require.Empty(t, n.chain.Published(), "commit %d: coins went into a channel that nobody knows", at)
		require.True(t, died)
		return true
	}
	d := alice.sw.channels()[0]
	n.eventually("funding is in the chain", func() bool {
		n.chain.Mine()
		return d.channel().SCID() != lnwire.ShortChannelID{}
	})
	_ = alice.ConnectPeer(ctx, ConnectPeer{Key: bob.key(), Host: bob.addr})
	n.eventually("both can use the channel", func() bool { return alice.usable() && bob.usable() })
	return died
}

// started reports whether a node has read its channels and listens.
func (n *testNode) started() bool {
	_, err := n.LookupInvoice(n.net.t.Context(), [32]byte{1})
	return err != nil && n.stopped() == nil
}

// A node dies at each of its commits in turn while a channel is closed: the close is
// published, whoever died, and both forget the channel.
func TestCloseDyingAtEveryCommitEnds(t *testing.T) {
	for _, closer := range []bool{true, false} {
		for _, outcome := range []dbtest.Outcome{dbtest.Lost, dbtest.Kept} {
			t.Run(fmt.Sprintf("closer=%v/outcome=%d", closer, outcome), func(t *testing.T) {
				for at, died := 0, true; died; at++ {
					died = closeDyingAt(t, closer, outcome, at)
				}
			})
		}
	}
}

func closeDyingAt(t *testing.T, closer bool, outcome dbtest.Outcome, at int) (died bool) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	u := n.open(alice, bob, 1_000_000, 300_000)
	victim := bob
	if closer {
		victim = alice
	}
	victim.disk.FailAt(at, outcome)
	_, _ = alice.beginClose(t.Context(), CloseChannel{ChannelPoint: u.ChannelPoint})
	closing := func(at *testNode) bool {
		all := at.sw.channels()
		return len(all) == 1 && all[0].channel().State() == htlc.Closing
	}
	n.eventually("both are closing, or the victim dead", func() bool {
		return closing(alice) && closing(bob) || victim.db.Err() != nil
	})
	if died = victim.db.Err() != nil; died {
		victim.restart()
		n.eventually("channel is read", func() bool { return len(victim.sw.channels()) == 1 })
		n.eventually("close goes on", func() bool {
			d := alice.sw.channels()[0]
			if d.channel().State() == htlc.Open && d.channel().Connected() { // it died before anything was said
				_, _ = alice.beginClose(t.Context(), CloseChannel{ChannelPoint: u.ChannelPoint})
			}
			return closing(alice) && closing(bob)
		})
	} else {
		victim.disk.FailAt(-1_000_000, outcome)
	}
	n.eventually("close is published", func() bool { n.chain.Mine(); return alice.sw.gone() && bob.sw.gone() })
	return died
}

func (s *Switch) gone() bool { return len(s.channels()) == 0 }

// Connections break at random moments while payments go both ways: each payment ends, what it
// says is so, and no money is made or lost.
func TestPaymentsWhileConnectionsBreak(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("NWND_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Logf("replay with NWND_SEED=%d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	n, alice, bob, carol := line(t)
	require.Equal(t, PaymentSucceeded, alice.pay(carol.invoice(400_000*sat).PaymentRequest).Status)
	n.settled(alice, bob, carol)
	total := alice.balance() + bob.balance() + carol.balance()
	before := carol.balance()

	const each = 30
	type made struct {
		p   Payment
		inv Invoice
		to  *testNode
	}
	results := make(chan made, 2*each)
	send := func(from, to *testNode, amount lnwire.MilliSatoshi) {
		inv := to.invoice(amount)
		go func() {
			last := made{inv: inv, to: to}
			for p, err := range from.SendPayment(t.Context(), SendPayment{PaymentRequest: inv.PaymentRequest, FeeLimit: 100 * sat}) {
				if err == nil {
					last.p = p
				}
			}
			results <- last
		}()
	}
	for range each {
		send(alice, carol, 1_000*sat)
		send(carol, alice, 2_000*sat)
	}
	for range 12 {
		pair := [][2]*testNode{{alice, bob}, {bob, carol}}[rng.IntN(2)]
		if p := pair[0].peers.Peer(peerID(pair[1])); p != nil {
			p.Disconnect(errTest)
		}
		n.eventually("it is back", func() bool {
			_ = pair[0].ConnectPeer(t.Context(), ConnectPeer{Key: pair[1].key(), Host: pair[1].addr})
			return pair[0].usable() && pair[1].usable()
		})
	}
	paid := map[*testNode]lnwire.MilliSatoshi{}
	for range 2 * each {
		r := <-results
		v, err := r.to.LookupInvoice(t.Context(), r.inv.Hash)
		require.NoError(t, err)
		require.Equal(t, r.p.Status == PaymentSucceeded, v.State == InvoiceSettled, "%+v", r.p)
		require.NotEqual(t, PaymentInFlight, r.p.Status)
		if r.p.Status == PaymentSucceeded {
			paid[r.to] += r.inv.Amount
			if r.to == alice {
				paid[carol] -= r.inv.Amount + r.p.Fee
			}
		}
	}
	n.settled(alice, bob, carol)
	require.Equal(t, total, alice.balance()+bob.balance()+carol.balance())
	require.EqualValues(t, int64(paid[carol]), int64(carol.balance())-int64(before))
}
