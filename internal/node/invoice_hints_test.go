package node

import (
	"context"
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/router"
)

// openPrivate opens a channel that is not announced.
func (n *testNet) openPrivate(a, b *testNode, capacity, push btcutil.Amount) {
	ctx, cancel := context.WithTimeout(n.t.Context(), patience)
	defer cancel()
	n.connect(a, b)
	for u, err := range a.OpenChannel(ctx, OpenChannel{Peer: b.key(), Capacity: capacity, Push: push, Private: true}) {
		require.NoError(n.t, err)
		if !u.Open {
			n.chain.MineN(announceDepth)
		}
	}
}

// TestAPrivateInvoiceLeadsToItsNode that nobody finds in the graph.
func TestAPrivateInvoiceLeadsToItsNode(t *testing.T) {
	n := newTestNet(t)
	alice, bob, carol := n.node("alice"), n.node("bob"), n.node("carol")
	n.open(alice, bob, 1_000_000, 300_000)
	n.openPrivate(bob, carol, 1_000_000, 300_000)
	n.openPrivate(bob, carol, 2_000_000, 300_000)
	ask := func(amount lnwire.MilliSatoshi, private bool) Invoice {
		inv, err := carol.AddInvoice(t.Context(), AddInvoice{Amount: amount * sat, Private: private})
		require.NoError(t, err)
		return inv
	}
	n.eventually("hints for both channels", func() bool { return len(ask(1000, true).RouteHints) == 2 })
	hints := ask(1000, true).RouteHints
	require.Equal(t, PubKey(bob.self), hints[0][0].Node)
	policy := bob.policies.Policy(bob.to(carol))
	require.Equal(t, policy.FeePPM, hints[0][0].FeePPM)
	require.Equal(t, policy.CLTVDelta, hints[0][0].CLTVDelta)

	large := ask(1_200_000, true).RouteHints
	require.Len(t, large, 1, "only one channel has room for it")
	require.Equal(t, hints[0], large[0], "which is the first for a small one too")
	require.Len(t, ask(3_000_000, true).RouteHints, 2, "no channel has room for it: in parts")
	require.Empty(t, ask(1000, false).RouteHints)

	n.known(1, alice)
	_, known := alice.graph.Node(router.Node(carol.self))
	require.False(t, known)
	require.Equal(t, PaymentSucceeded, alice.pay(ask(1000, true).PaymentRequest).Status)
}

// TestAHintFromANodeThatNobodyFindsIsNotGiven: its peer has no announced channel either.
func TestAHintFromANodeThatNobodyFindsIsNotGiven(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	n.openPrivate(alice, bob, 1_000_000, 300_000)
	n.eventually("alice's policy", func() bool {
		c, ok := bob.graph.Channel(router.ChanID{Chain: bob.chainHash(), SCID: bob.to(alice).channel().SCID()})
		return ok && c.PolicyOf(alice.self) != nil
	})
	inv, err := bob.AddInvoice(t.Context(), AddInvoice{Amount: 1000, Private: true})
	require.NoError(t, err)
	require.Empty(t, inv.RouteHints)
}
