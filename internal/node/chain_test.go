package node

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/onion"
)

// An HTLC of ours that its peer neither pays nor fails must go on chain at its expiry. Until
// that is possible the channel says so, and carries nothing more.
func TestChannelHaltsWhenAnOutgoingHTLCExpires(t *testing.T) {
	n, mallory, trudy, bob := between(t)
	preimage := lntypes.Preimage{1}
	add := mallory.through(trudy, 10_000*sat, preimage.Hash())
	mallory.step(add)
	trudy.pump("trudy has it", func() bool { mallory.drain(); return len(trudy.locked()) == 1 })
	out := trudy.driver()
	trudy.disconnect()
	expiry := trudy.locked()[0].Expiry
	n.chain.MineN(int(expiry + timeoutGrace - 1 - n.heightNow()))
	bob.sync(out)
	require.Equal(t, htlc.Open, out.channel().State(), "its peer may still fail it")
	n.chain.Mine()
	n.eventually("channel is halted", func() bool { return out.channel().State() == htlc.Halted })
	require.Contains(t, out.channel().Halted(), "expired at block")
	pending, err := bob.PendingChannels(t.Context())
	require.NoError(t, err)
	require.Len(t, pending.Forced, 1)
	require.Contains(t, pending.Forced[0].Reason, "expired at block")
	got := mallory.told(mallory.offer(mallory.through(trudy, 10_000*sat, preimage.Hash())), mallory.secret)
	require.Equal(t, lnwire.CodeTemporaryChannelFailure, got.code)
	require.Equal(t, htlc.Open, mallory.driver().channel().State(), "where it came from goes on")
}

// sync waits until a driver has done what was asked of it so far, blocks included.
func (n *testNode) sync(d *driver) {
	n.net.t.Helper()
	done := make(chan struct{})
	n.checkExpiries(n.height())
	require.True(n.net.t, d.post(job{after: func() { close(done) }}))
	select {
	case <-done:
	case <-time.After(patience):
		n.net.t.Fatal("driver is stuck")
	}
}

// An HTLC that expired while the node was down is settled with its peer, who was there all the
// time; a channel is not given up for it.
func TestHTLCThatExpiredWhileTheNodeWasDownIsSettled(t *testing.T) {
	n, mallory, trudy, bob := between(t)
	preimage := lntypes.Preimage{1}
	mallory.step(mallory.through(trudy, 10_000*sat, preimage.Hash()))
	trudy.pump("trudy has it", func() bool { mallory.drain(); return len(trudy.locked()) == 1 })
	bob.crash()
	n.chain.MineN(300)
	bob.start()
	trudy.reconnected()
	mallory.reconnected()
	trudy.step(htlc.Fail{ID: 0, Reason: make([]byte, onion.MinFailure)})
	trudy.pump("mallory is told", func() bool { mallory.drain(); _, ok := mallory.resolvedTo()[0]; return ok })
	require.Equal(t, htlc.Open, trudy.driver().channel().State())
	require.Equal(t, htlc.Open, mallory.driver().channel().State())
}

// A preimage that the peer doesn't take must be used on chain in time.
func TestChannelHaltsWhenAPreimageIsNotTakenInTime(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	payer := n.stranger("payer", bob)
	payer.open(1_000_000, 0)
	inv := bob.invoice(10_000 * sat)
	h := payer.forInvoice(inv, 10_000*sat)
	h.add.Onion, _ = payer.wrap(h.add.Hash, onionHop(bob, h))
	payer.step(h.add)
	payer.pump("preimage is told", func() bool {
		return bob.invoiceState(inv.Hash) == InvoiceSettled
	})
	payer.disconnect()
	d := payer.driver()
	n.chain.MineN(int(h.add.Expiry - claimMargin - 1 - n.heightNow()))
	bob.sync(d)
	require.Equal(t, htlc.Open, d.channel().State())
	n.chain.Mine()
	n.eventually("channel is halted", func() bool { return d.channel().State() == htlc.Halted })
	require.Contains(t, d.channel().Halted(), "preimage")
}

// What is not at stake may wait: a peer that stays away with nothing in flight, an HTLC that
// came to us and that nobody paid, one whose preimage we have.
func TestOfflinePeerWithNothingAtStakeIsLeftAlone(t *testing.T) {
	n, mallory, trudy, bob := between(t)
	preimage := lntypes.Preimage{1}
	mallory.step(mallory.through(trudy, 10_000*sat, preimage.Hash()))
	trudy.pump("trudy has it", func() bool { mallory.drain(); return len(trudy.locked()) == 1 })
	// The preimage alone, without what would commit it.
	trudy.send(&lnwire.UpdateFulfillHTLC{ChanID: trudy.c.ID(), ID: 0, PaymentPreimage: preimage})
	mallory.pump("mallory is paid", func() bool { return len(mallory.resolvedTo()) == 1 })
	mallory.pump("and her HTLC gone", func() bool { return len(mallory.driver().channel().HTLCs()) == 0 })
	out := trudy.driver()
	trudy.disconnect()
	mallory.disconnect()
	n.chain.MineN(3000)
	bob.sync(out)
	require.Equal(t, htlc.Open, out.channel().State())
	require.Equal(t, htlc.Open, mallory.driver().channel().State())
}

// A reorganisation undoes the confirmation before the peer is ready: the channel is used only
// where it ends up, by its new name.
func TestFundingUndoneBeforeChannelReady(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob", func(c *Config) { c.MinConfs = 3 })
	mallory := n.stranger("mallory", bob)
	tx := mallory.pending(100_000)
	n.chain.Mine(tx)
	n.chain.MineN(1)
	n.chain.Reorg(2)
	bob.sync(mallory.driver())
	require.Zero(t, mallory.driver().channel().SCID())
	height := n.chain.Mine(tx)
	n.chain.MineN(2)
	n.eventually("funding is found", func() bool { return mallory.driver().channel().SCID() != lnwire.ShortChannelID{} })
	require.EqualValues(t, height, mallory.driver().channel().SCID().BlockHeight)
}

// A reorganisation moves an open channel: it works by its new name, is announced anew, and
// does so after a restart.
func TestOpenChannelThatMovesIsUsedByItsNewName(t *testing.T) {
	n := newTestNet(t)
	alice, bob, carol := n.node("alice"), n.node("bob"), n.node("carol")
	n.open(alice, bob, 1_000_000, 500_000)
	u := n.open(bob, carol, 1_000_000, 0)
	n.known(2, alice, bob, carol)
	old := bob.to(carol).channel().SCID()
	tx := n.minedTx(u.ChannelPoint)
	depth := int(n.heightNow() - old.BlockHeight + 1)
	n.chain.Reorg(depth)
	n.chain.Mine(tx)
	n.chain.MineN(announceDepth)
	moved := func() bool {
		return bob.to(carol).channel().SCID() != old && carol.to(bob).channel().SCID() == bob.to(carol).channel().SCID()
	}
	n.eventually("channel has moved", moved)
	now := bob.to(carol).channel().SCID()
	require.Greater(t, now.BlockHeight, old.BlockHeight)
	n.eventually("alice knows it", func() bool { return alice.knows(now) })
	require.Equal(t, PaymentSucceeded, alice.pay(carol.invoice(1_000*sat).PaymentRequest).Status)
	n.settled(alice, bob, carol)
	bob.restart()
	n.eventually("bob is back", bob.usable)
	n.eventually("carol is back", carol.usable)
	n.eventually("bob announces it again", func() bool { return bob.announcer.finished(bob.to(carol).id) != nil })
	require.Equal(t, now, bob.announcer.finished(bob.to(carol).id).ShortChannelID)
	require.Equal(t, now, bob.policies.Update(bob.to(carol)).ShortChannelID)
}

// minedTx finds what made an output.
func (n *testNet) minedTx(at wire.OutPoint) *wire.MsgTx {
	events, err := n.chain.WatchConfirmed(n.t.Context(), at.Hash, nil, 1, 0)
	require.NoError(n.t, err)
	return (<-events).Tx
}

// knows reports whether both policies of a channel are in a node's graph.
func (n *testNode) knows(scid lnwire.ShortChannelID) (found bool) {
	both := 0
	_ = n.DescribeGraph(n.net.t.Context(), true, func(GraphNode) error { return nil }, func(e GraphEdge) error {
		if e.SCID == scid && e.Policy1 != nil && e.Policy2 != nil {
			both++
		}
		return nil
	})
	return both > 0
}

// A private channel forwards after a restart, and its peer knows on what terms.
func TestPrivateChannelForwardsAfterARestart(t *testing.T) {
	n, mallory, bob, carol := chained(t)
	for _, d := range []*driver{mallory.driver(), bob.to(carol)} {
		n.eventually("bob has an update", func() bool { return bob.policies.Update(d) != nil })
	}
	bob.restart()
	mallory.reconnected()
	n.eventually("carol is back", carol.usable)
	require.NotNil(t, bob.policies.Update(mallory.driver()), "mallory's channel is private")
	r := mallory.relay(carol.invoice(0), carol, 20_000*sat)
	require.Nil(t, mallory.payVia(r, carol))
}

// lnd before 0.20 forgot a channel whose close had one confirmation (attack 21, #10331):
// nothing is final below six.
func TestAttack21ClosedChannelIsForgottenAtSixConfirmations(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	u := n.open(alice, bob, 1_000_000, 300_000)
	d := alice.to(bob)
	tx := alice.closes(u.ChannelPoint)
	for depth := range 5 {
		n.chain.Mine()
		n.deep(tx, depth+1)
	}
	alice.sync(d)
	require.Equal(t, htlc.Closing, d.channel().State(), "five deep")

	n.chain.Reorg(5)
	n.eventually("it is published again", func() bool { return n.publishes(tx) })
	for depth := range 5 {
		n.chain.Mine()
		n.deep(tx, depth+1)
	}
	alice.sync(d)
	require.Equal(t, htlc.Closing, d.channel().State(), "five deep again")
	require.Len(t, alice.sw.channels(), 1)
	n.chain.Mine()
	for _, at := range []*testNode{alice, bob} {
		n.eventually("channel is forgotten", func() bool { return len(at.sw.channels()) == 0 })
	}
	alice.restart()
	require.Empty(t, alice.sw.channels())
}

// deep waits until those who watch a transaction know that it is so deep.
func (n *testNet) deep(tx *wire.MsgTx, depth int) {
	n.t.Helper()
	for range 20 { // each watch is served in turn
		events, err := n.chain.WatchConfirmed(n.t.Context(), tx.TxHash(), nil, uint32(depth), 0)
		require.NoError(n.t, err)
		select {
		case e := <-events:
			require.True(n.t, e.Confirmed)
		case <-time.After(patience):
			n.t.Fatal("not so deep")
		}
	}
}

// closes closes a channel and returns the transaction that waits for a block.
func (n *testNode) closes(point wire.OutPoint) *wire.MsgTx {
	n.net.t.Helper()
	for u, err := range n.CloseChannel(n.net.t.Context(), CloseChannel{ChannelPoint: point, NoWait: true,
		Fee: FeeRate{SatPerVByte: 2}}) {
		require.NoError(n.net.t, err)
		for _, tx := range n.net.chain.Published() {
			if tx.TxHash() == u.Txid {
				return tx
			}
		}
		n.net.t.Fatalf("close %v is not published", u.Txid)
	}
	return nil
}

func (n *testNet) publishes(tx *wire.MsgTx) bool {
	for _, p := range n.chain.Published() {
		if p.TxHash() == tx.TxHash() {
			return true
		}
	}
	return false
}

// Either side may close; HTLCs in flight first go their way; the balances are exact; a
// restart publishes again.
func TestCooperativeClosePaysExactBalances(t *testing.T) {
	for _, by := range []string{"opener", "accepter"} {
		t.Run(by, func(t *testing.T) {
			n := newTestNet(t)
			alice, bob := n.node("alice"), n.node("bob")
			u := n.open(alice, bob, 1_000_000, 300_000)
			require.Equal(t, PaymentSucceeded, alice.pay(bob.invoice(12_345*sat+678).PaymentRequest).Status)
			n.settled(alice, bob)
			closer := alice
			if by == "accepter" {
				closer = bob
			}
			tx := closer.closes(u.ChannelPoint)
			n.eventually("both are closing", func() bool {
				return alice.to(bob).channel().State() == htlc.Closing && bob.to(alice).channel().State() == htlc.Closing
			})
			require.Len(t, n.chain.Published(), 1, "both published the same")
			var sum, bobs int64
			for _, out := range tx.TxOut {
				sum += out.Value
				if out.Value == 312_345 {
					bobs = out.Value
				}
			}
			require.Len(t, tx.TxOut, 2)
			require.EqualValues(t, 312_345, bobs, "the one who didn't open pays no fee")
			fee := 1_000_000 - sum
			require.Positive(t, fee)
			require.Less(t, fee, int64(2_000))

			n.chain.Reorg(0) // an empty block, and nothing waits any more
			closer.restart()
			n.eventually("it is published after a restart", func() bool { return n.publishes(tx) })
		})
	}
}

func TestCloseWaitsForHTLCs(t *testing.T) {
	n, mallory, trudy, bob := between(t)
	preimage := lntypes.Preimage{1}
	mallory.step(mallory.through(trudy, 10_000*sat, preimage.Hash()))
	trudy.pump("trudy has it", func() bool { mallory.drain(); return len(trudy.locked()) == 1 })
	d := trudy.driver()
	point := d.channel().Params().Outpoint
	_, err := bob.beginClose(t.Context(), CloseChannel{ChannelPoint: point})
	require.ErrorIs(t, err, ErrInvalid, "HTLCs are in flight, and the caller wouldn't wait")

	for range 2 { // asking again changes nothing, and harms nothing
		_, err = bob.beginClose(t.Context(), CloseChannel{ChannelPoint: point, NoWait: true})
		require.NoError(t, err)
		trudy.pump("channel is shutting down", func() bool { return d.channel().State() == htlc.ShuttingDown && trudy.c.State() == htlc.ShuttingDown })
	}
	_, err = bob.beginClose(t.Context(), CloseChannel{ChannelPoint: point, NoWait: true, Address: mallory.address()})
	require.ErrorIs(t, err, ErrInvalid)
	got := mallory.told(mallory.offer(mallory.through(trudy, 10_000*sat, preimage.Hash())), mallory.secret)
	require.Equal(t, lnwire.CodeTemporaryChannelFailure, got.code)

	trudy.step(htlc.Fulfill{ID: 0, Preimage: htlc.Preimage(preimage)})
	trudy.pump("channel is closing", func() bool { mallory.drain(); return d.channel().State() == htlc.Closing })
	tx, err := closingTx(d.channel())
	require.NoError(t, err)
	n.eventually("it is published", func() bool { return n.publishes(tx) })
	var values []int64
	for _, out := range tx.TxOut {
		values = append(values, out.Value)
	}
	require.Contains(t, values, int64(5_000_000-10_000), "bob, who didn't open it, less what he forwarded")
	mallory.pump("mallory is told", func() bool { return mallory.resolvedTo()[0] })
}

func (s *stranger) address() string {
	addr, err := s.wallet.NewAddress(s.t.Context(), 0)
	require.NoError(s.t, err)
	return addr.String()
}

// An operator who asks for what the protocol forbids is told so; the channel is no worse off.
func TestCloseToAnImpossibleAddressIsRefused(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	u := n.open(alice, bob, 1_000_000, 0)
	for _, address := range []string{"nonsense", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"} {
		_, err := alice.beginClose(t.Context(), CloseChannel{ChannelPoint: u.ChannelPoint, Address: address})
		require.ErrorIs(t, err, ErrInvalid)
	}
	// What slips through to the channel, as when the peer closes at the same time, is refused there.
	d := alice.to(bob)
	d.post(job{in: htlc.Shutdown{Script: []byte{0x51}}})
	alice.sync(d)
	require.Equal(t, htlc.Open, d.channel().State())
	require.Equal(t, PaymentSucceeded, alice.pay(bob.invoice(sat).PaymentRequest).Status)
}

// A write that fails stops the node, which says why, and nothing more leaves it.
func TestFailedWriteStopsTheNodeBeforeItSpeaks(t *testing.T) {
	for _, outcome := range []dbtest.Outcome{dbtest.Lost, dbtest.Kept} {
		n := newTestNet(t)
		bob := n.node("bob")
		payer := n.stranger("payer", bob)
		payer.open(1_000_000, 0)
		inv := bob.invoice(10_000 * sat)
		h := payer.forInvoice(inv, 10_000*sat)
		h.add.Onion, _ = payer.wrap(h.add.Hash, onionHop(bob, h))
		for len(payer.in) > 0 {
			<-payer.in
		}
		bob.disk.FailAt(0, outcome)
		payer.step(h.add)
		select {
		case err := <-bob.ended:
			require.Error(t, err)
			bob.ended <- err
		case <-time.After(patience):
			t.Fatal("bob goes on")
		}
		for len(payer.in) > 0 {
			m := <-payer.in
			require.False(t, m.MsgType() == lnwire.MsgRevokeAndAck || m.MsgType() == lnwire.MsgCommitSig, "%v", m.MsgType())
		}
		bob.disk.FailAt(-1_000_000, outcome)
		bob.start()
		payer.reconnected()
		payer.pump("HTLC is paid after the restart", func() bool { return len(payer.resolvedTo()) == 1 })
		require.True(t, payer.resolvedTo()[0])
	}
}

// New fees don't make the network believe that a channel can be used that can't.
func TestPolicyUpdateLeavesAHaltedChannelDisabled(t *testing.T) {
	n, _, bob, carol := chained(t)
	d := bob.to(carol)
	require.Zero(t, bob.policies.Update(d).ChannelFlags&lnwire.ChanUpdateDisabled)
	d.post(job{in: htlc.Halt{Reason: "test"}})
	disabled := func() bool { return bob.policies.Update(d).ChannelFlags&lnwire.ChanUpdateDisabled != 0 }
	n.eventually("channel is disabled", disabled)
	ppm := uint32(500)
	failed, err := bob.UpdatePolicy(t.Context(), UpdatePolicy{FeePPM: &ppm})
	require.NoError(t, err)
	require.Empty(t, failed)
	require.EqualValues(t, 500, bob.policies.Update(d).FeeRate)
	require.True(t, disabled())

	base := lnwire.MilliSatoshi(1 << 32) // would be told as 0
	failed, err = bob.UpdatePolicy(t.Context(), UpdatePolicy{BaseFee: &base})
	require.NoError(t, err)
	require.Len(t, failed, len(bob.sw.channels()))
	_, err = bob.openings.propose(t.Context(), OpenChannel{Peer: carol.key(), Capacity: 100_000, BaseFee: &base})
	require.ErrorIs(t, err, ErrInvalid)
}

// Whatever went on, a node that was closed leaves no goroutine behind.
func TestNoGoroutineOutlivesItsNode(t *testing.T) {
	before := nodeGoroutines()
	n, alice, bob, carol := line(t)
	require.Equal(t, PaymentSucceeded, alice.pay(carol.invoice(sat).PaymentRequest).Status)
	u := alice.to(bob).channel().Params().Outpoint
	alice.closes(u)
	mallory := n.stranger("mallory", bob)
	mallory.pending(100_000)
	mallory.tryOpen()
	for _, at := range []*testNode{alice, bob, carol} {
		require.NoError(t, at.stop())
	}
	mallory.m.Close()
	n.eventually("goroutines have ended", func() bool { return nodeGoroutines() <= before })
}

// nodeGoroutines counts the goroutines that run code of this package for a node.
func nodeGoroutines() (count int) {
	buf := make([]byte, 4<<20)
	for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(g, "internal/node.(*") && !strings.Contains(g, "testing.tRunner") {
			count++
		}
	}
	return count
}

func onionHop(to *testNode, h finalHTLC) onion.Hop {
	return onion.Hop{Node: to.key(), Payload: h.payload}
}

func (n *testNode) invoiceState(hash lntypes.Hash) InvoiceState {
	v, err := n.LookupInvoice(n.net.t.Context(), hash)
	require.NoError(n.net.t, err)
	return v.State
}
