package node

import (
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/chain"
)

// The peer's commitment may leave the mempool without ever being in a block. Once nodes have ours
// instead, it is ours that is paid for.
func TestOurCommitmentIsPaidForWhenThePeersHasLeftTheMempool(t *testing.T) {
	n, mallory, trudy, bob := betweenStrict(t)
	forwarded(t, n, mallory, trudy, lntypes.Preimage{1}, 20_000*sat)
	point := trudy.c.Params().Outpoint
	trudy.disconnect()
	theirs := trudy.commits(trudy.c)
	n.eventually("bob has seen the peer's", func() bool { return trudy.driver().channel().State() == htlc.Halted })
	n.chain.SetFee(20_000)
	mine := func() {
		height := n.chain.MineWithout(func(p *wire.MsgTx) bool { return takesOut(p, point) })
		n.eventually("the court is at the tip", func() bool { return bob.court.Height() >= adjudicator.Height(height) })
	}
	for range 3 {
		mine()
	}
	child := func(of *wire.MsgTx) bool {
		for _, p := range n.chain.Published() {
			for _, in := range p.TxIn {
				if in.PreviousOutPoint.Hash == of.TxHash() {
					return true
				}
			}
		}
		return false
	}
	n.eventually("the peer's is paid for", func() bool { return child(theirs) })
	n.chain.Evict()
	var ours *wire.MsgTx
	for range 6 {
		mine()
		for _, p := range n.chain.Published() {
			if takesOut(p, point) {
				ours = p
			}
		}
	}
	require.NotNil(t, ours)
	require.NotEqual(t, theirs.TxHash(), ours.TxHash())
	n.eventually("ours is paid for", func() bool { return child(ours) })
}

func takesOut(tx *wire.MsgTx, out wire.OutPoint) bool {
	for _, in := range tx.TxIn {
		if in.PreviousOutPoint == out {
			return true
		}
	}
	return false
}

// Each revoked output must be taken before the cheater may: after his own delay, not after ours.
func TestRevokedHTLCsAreTakenWithinTheCheatersDelay(t *testing.T) {
	n := newStrictNet(t)
	bob := n.node("bob")
	mallory, trudy := n.stranger("mallory", bob), n.stranger("trudy", bob)
	trudy.delay = 1000
	mallory.open(10_000_000, 1_000_000)
	trudy.open(10_000_000, 5_000_000)
	forwarded(t, n, mallory, trudy, lntypes.Preimage{1}, 20_000*sat)
	old := trudy.c
	for _, h := range trudy.locked() {
		trudy.step(htlc.Fail{ID: h.ID, Reason: make([]byte, 292)})
	}
	mallory.pump("it is failed", func() bool { trudy.drain(); return len(mallory.resolvedTo()) == 1 })
	trudy.pump("at rest", func() bool { n, _ := trudy.driver().channel().InFlight(); return n == 0 })
	trudy.disconnect()
	p := trudy.driver().channel().Params()
	require.NotEqual(t, p.Terms[htlc.Local].ToSelfDelay, p.Terms[htlc.Remote].ToSelfDelay)
	trudy.commits(old)
	n.block(bob)
	n.eventually("bob sees the breach", func() bool { v, ok := bob.forced(p.Outpoint); return ok && v.Ending == adjudicator.Revoked })
	v, _ := bob.forced(p.Outpoint)
	seen := 0
	for _, c := range v.Coins {
		if c.Deadline != 0 {
			seen++
			require.Equal(t, v.Height+uint32(p.Terms[htlc.Remote].ToSelfDelay), c.Deadline, c.What)
		}
	}
	require.Equal(t, 2, seen, "his balance and the HTLC")
}

// alerted reports whether a node has an alert of a kind.
func (n *testNode) alerted(kind AlertKind) bool {
	all, err := n.Alerts(n.net.t.Context())
	require.NoError(n.net.t, err)
	for _, a := range all {
		if a.Kind == kind {
			return true
		}
	}
	return false
}

// What a reorganisation undid is no reason for an alert any more.
func TestAlertOfAnUnknownSpendIsOverWhenOursIsInABlock(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	point := n.open(alice, bob, 1_000_000, 250_000).ChannelPoint
	n.chain.Spend(point)
	n.eventually("it is told", func() bool { return alice.alerted(AlertUnknown) })
	n.chain.Reorg(1)
	n.eventually("alice publishes hers", func() bool { return len(n.chain.Published()) > 0 })
	n.block(alice)
	n.eventually("it is in a block", func() bool {
		v, ok := alice.forced(point)
		return ok && v.Height != 0 && v.Ending != adjudicator.Unknown
	})
	n.eventually("it is over", func() bool { return !alice.alerted(AlertUnknown) })
}

// A force close of a channel whose funding is in no block yet is carried out when it is in one,
// whatever happens between.
func TestForceCloseBeforeTheFundingIsInABlockFollowsIt(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	n.connect(alice, bob)
	for u, err := range alice.OpenChannel(t.Context(), OpenChannel{Peer: bob.key(), Capacity: 1_000_000}) {
		require.NoError(t, err)
		require.False(t, u.Open)
		break
	}
	d := alice.sw.channels()[0]
	point := d.channel().Params().Outpoint
	_, err := alice.beginForced(t.Context(), d)
	require.NoError(t, err)
	alice.restart()
	n.eventually("it is there again", func() bool { _, ok := alice.forced(point); return ok })
	n.blocksUntil("our commitment is in a block", 12, func() bool {
		v, ok := alice.forced(point)
		return ok && v.Height != 0
	}, alice)
}

// What an HTLC's deadline makes us pay for a commitment is bounded by the HTLC, not by the
// channel's balance, which has no deadline. The usual rate is paid for the balance.
func TestDeadlineOfAnHTLCCostsNoMoreThanTheHTLC(t *testing.T) {
	for _, c := range []struct {
		amount      lnwire.MilliSatoshi
		balance     btcutil.Amount // of bob's, with the HTLC
		fee         chain.SatPerKWeight
		least, most btcutil.Amount
	}{
		{2_000 * sat, 5_000_000, 5_000, 1_000, 20_000},
		{200_000 * sat, 5_000_000, 5_000, 100_000, 200_000},
		{25_000 * sat, 40_000, 15_000, 21_000, 26_000}, // most of the balance
	} {
		t.Run(c.amount.String(), func(t *testing.T) {
			n := newStrictNet(t)
			bob := n.node("bob")
			mallory, trudy := n.stranger("mallory", bob), n.stranger("trudy", bob)
			mallory.open(10_000_000, 1_000_000)
			trudy.open(1_000_000+c.balance, c.balance)
			h := forwarded(t, n, mallory, trudy, lntypes.Preimage{1}, c.amount)
			point := trudy.c.Params().Outpoint
			trudy.disconnect()
			tx := bob.force(point)
			n.chain.SetFee(c.fee)
			paid := btcutil.Amount(0)
			for n.heightNow() < h.Expiry+uint32(DefaultPolicy.CLTVDelta) {
				height := n.chain.MineWithout(func(p *wire.MsgTx) bool { return takesOut(p, point) })
				n.eventually("the court is at the tip", func() bool { return bob.court.Height() >= adjudicator.Height(height) })
				for _, s := range must(bob.Sweeps(t.Context())) {
					if s.Outpoint.Hash == tx.TxHash() {
						paid = max(paid, s.Fee)
					}
				}
			}
			require.GreaterOrEqual(t, paid, c.least)
			require.LessOrEqual(t, paid, c.most)
			require.True(t, bob.alerted(AlertDeadline))
		})
	}
}

// A peer that fails the channel most often publishes its commitment, which pays us without a delay: ours
// comes two blocks later, if it doesn't.
func TestPeerThatFailedTheChannelMayPublishFirst(t *testing.T) {
	n, _, trudy, bob := betweenStrict(t)
	n.block(bob)
	trudy.send(&lnwire.Error{ChanID: trudy.c.ID(), Data: lnwire.ErrorData("enough")})
	n.eventually("the channel stops", func() bool { return trudy.driver().channel().State() == htlc.Halted })
	n.block(bob)
	require.Empty(t, n.chain.Published())
	n.blocksUntil("bob publishes", 10, func() bool { v, _ := bob.forced(trudy.c.Params().Outpoint); return v.Ending == adjudicator.Local }, bob)
}

// An HTLC has a deadline, however often the node starts: then nothing waits for the peer's commitment.
func TestPeerThatFailedTheChannelIsNotWaitedForWithHTLCs(t *testing.T) {
	n, mallory, trudy, bob := betweenStrict(t)
	forwarded(t, n, mallory, trudy, lntypes.Preimage{1}, 20_000*sat)
	n.block(bob)
	trudy.send(&lnwire.Error{ChanID: trudy.c.ID(), Data: lnwire.ErrorData("enough")})
	n.eventually("bob publishes", func() bool { return len(n.chain.Published()) == 1 })
}
