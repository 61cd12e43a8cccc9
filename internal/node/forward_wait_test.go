package node

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/onion"
)

// awaiting is mallory - bob - carol, where bob was restarted while carol is away, and an HTLC
// to carol waits in him.
func awaiting(t *testing.T, clock *alarms) (n *testNet, mallory *stranger, bob, carol *testNode, inv Invoice) {
	n = newTestNet(t)
	bob, carol = n.node("bob", func(c *Config) { c.after = clock.after }), n.node("carol")
	n.open(bob, carol, 1_000_000, 0)
	mallory = n.stranger("mallory", bob)
	mallory.open(10_000_000, 1_000_000)
	n.eventually("bob knows what he asks on his channel", func() bool { return bob.policies.Update(bob.to(carol)) != nil })
	inv = carol.invoice(20_000 * sat)
	require.NoError(t, carol.stop())
	bob.restart()
	mallory.reconnected()
	r := mallory.relay(inv, carol, 20_000*sat)
	r.add.Onion, _ = mallory.wrap(r.add.Hash, onion.Hop{Node: bob.key(), Payload: r.via}, onion.Hop{Node: carol.key(), Payload: r.end})
	mallory.heard = nil
	mallory.step(r.add)
	mallory.pump("the HTLC waits", func() bool { return bob.awaits() == 1 })
	return n, mallory, bob, carol, inv
}

func (n *testNode) awaits() int {
	n.sw.waiting.mu.Lock()
	defer n.sw.waiting.mu.Unlock()
	return n.sw.waiting.count
}

// outcomeOf pumps until the stranger's HTLC is resolved.
func (s *stranger) outcomeOf() (out htlc.Result) {
	s.pump("HTLC is resolved", func() bool {
		for _, r := range s.heard {
			switch r.(type) {
			case htlc.Fulfilled, htlc.Failed:
				out = r
			}
		}
		return out != nil
	})
	return out
}

func TestForwardWaitsForItsNextPeerAfterAStart(t *testing.T) {
	var clock alarms
	n, mallory, bob, carol, inv := awaiting(t, &clock)
	before := bob.balance()
	carol.start()
	require.IsType(t, htlc.Fulfilled{}, mallory.outcomeOf())
	require.Equal(t, InvoiceSettled, carol.invoiceState(inv.Hash))
	mallory.pump("all is quiet", func() bool { return n.quiet(bob, carol) })
	require.Equal(t, before+DefaultPolicy.Fee(20_000*sat), bob.balance())
	require.Zero(t, bob.awaits())

	// Who was here and left is not waited for.
	require.NoError(t, carol.stop())
	n.eventually("bob knows", func() bool { return !bob.to(carol).channel().Connected() })
	r := mallory.relay(inv, carol, 20_000*sat)
	require.Equal(t, lnwire.CodeTemporaryChannelFailure, mallory.payVia(r, carol).code)
}

func TestForwardIsFailedBackWhenItsNextPeerStaysAway(t *testing.T) {
	var clock alarms
	n, mallory, bob, carol, _ := awaiting(t, &clock)
	before := bob.balance()
	require.Equal(t, 1, clock.fireAt(reconnectPatience))
	got := mallory.told(mallory.outcomeOf(), mallory.secret)
	require.Equal(t, lnwire.CodeTemporaryChannelFailure, got.code)
	require.Zero(t, got.hop)
	mallory.pump("all is quiet", func() bool { return n.quiet(bob) })
	require.Equal(t, before, bob.balance())

	// The time is over: others are failed at once.
	r := mallory.relay(Invoice{Hash: [32]byte{7}, CLTVExpiry: 80}, carol, 20_000*sat)
	require.Equal(t, lnwire.CodeTemporaryChannelFailure, mallory.payVia(r, carol).code)
}

// The forwarder dies again while an HTLC waits in it: it waits again, and is paid once.
func TestWaitingForwardSurvivesASecondCrash(t *testing.T) {
	var clock alarms
	n, mallory, bob, carol, inv := awaiting(t, &clock)
	before := carol.balance()
	mallory.step(htlc.Disconnected{Reason: "crash"})
	bob.crash()
	bob.start()
	n.eventually("the HTLC waits again, though its payer is away", func() bool { return bob.awaits() == 1 })
	mallory.connectAnew()
	mallory.step(htlc.Connected{})
	mallory.pump("channel is up", func() bool { return mallory.driver() != nil && mallory.driver().channel().Connected() })
	require.Equal(t, 1, bob.awaits())
	carol.start()
	require.IsType(t, htlc.Fulfilled{}, mallory.outcomeOf())
	mallory.pump("all is quiet", func() bool { return n.quiet(bob, carol) })
	require.Equal(t, InvoiceSettled, carol.invoiceState(inv.Hash))
	require.Equal(t, before+20_000*sat, carol.balance())
	clock.fireAt(reconnectPatience)
	bob.restart()
	mallory.reconnected()
	n.settled(bob)
	require.Equal(t, before+20_000*sat, carol.balance())
}

// Blocks may come fast: what waits is failed back well before its own deadline, and long before that
// of the incoming HTLC.
func TestForwardWaitsNoLongerThanItsExpiryAllows(t *testing.T) {
	var clock alarms
	n, mallory, bob, carol, inv := awaiting(t, &clock)
	n.chain.MineN(int(inv.CLTVExpiry) - minExpiryAhead - waitMargin - 1)
	require.Equal(t, 1, bob.awaits())
	n.chain.Mine()
	got := mallory.told(mallory.outcomeOf(), mallory.secret)
	require.Equal(t, lnwire.CodeTemporaryChannelFailure, got.code)
	require.Zero(t, bob.awaits())
	require.Equal(t, htlc.Open, mallory.driver().channel().State())
	carol.start()
	mallory.pump("all is quiet", func() bool { return n.quiet(bob, carol) })
}

// What waits for a channel stays with its own when that stops meanwhile.
func TestWaitingForwardOfAStoppedChannelIsLeftToTheChain(t *testing.T) {
	var clock alarms
	n, mallory, bob, _, _ := awaiting(t, &clock)
	in := mallory.driver()
	in.post(job{in: htlc.Halt{Reason: "test"}})
	n.eventually("channel is halted", func() bool { return in.channel().State() == htlc.Halted })
	require.Equal(t, 1, clock.fireAt(reconnectPatience))
	bob.sync(in)
	require.Zero(t, bob.sw.circuits.len())
	require.Len(t, in.channel().HTLCs(), 1)
	failed, err := bob.FailedForwards(t.Context(), ListFailedForwards{})
	require.NoError(t, err)
	require.Empty(t, failed)
}

func TestWaitingForwardsAreBounded(t *testing.T) {
	n, _, bob, carol := chained(t)
	require.NoError(t, carol.stop())
	out := bob.to(carol)
	n.eventually("bob knows", func() bool { return !out.channel().Connected() })
	var w waitingForwards
	f := waitingForward{h: &htlc.HTLC{Expiry: 500}, r: onion.Result{Payload: &onion.Payload{Expiry: 400}}}
	require.False(t, w.hold(out, f, blockTimes(100)), "before the start")
	w.begin()
	for range maxWaiting {
		require.True(t, w.hold(out, f, blockTimes(100)))
	}
	require.False(t, w.hold(out, f, blockTimes(100)))
	require.Empty(t, w.late(func(*driver) times { return blockTimes(400 - minExpiryAhead - waitMargin - 1) }))
	require.Len(t, w.late(func(*driver) times { return blockTimes(400 - minExpiryAhead - waitMargin) }), maxWaiting)
	require.True(t, w.hold(out, f, blockTimes(100)))
	require.Len(t, w.connected(out), 1)
	require.False(t, w.hold(out, f, blockTimes(100)), "its peer was there")
	require.Empty(t, w.end())
	require.False(t, w.hold(out, f, blockTimes(100)), "after the end")
}
