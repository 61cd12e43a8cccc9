package node

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// Attack 44: a node that runs on an old copy of its database, whose newest commitment it has
// revoked since, finds out from its peer, publishes nothing, refuses to be made to, and gets its
// balance from what the peer publishes.
func TestAttack44NodeOnAnOldDatabaseIsNotPunished(t *testing.T) {
	n := newStrictNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	point := n.open(alice, bob, 5_000_000, 2_000_000).ChannelPoint
	alice.crash()
	old, err := os.ReadFile(alice.disk.Path())
	require.NoError(t, err)
	alice.start()
	n.eventually("both are there again", func() bool { return alice.usable() && bob.usable() })
	for range 3 {
		require.Equal(t, PaymentSucceeded, alice.pay(bob.invoice(10_000*sat).PaymentRequest).Status)
	}
	n.settled(alice, bob)
	want := alice.balance()
	alice.crash()
	require.NoError(t, os.WriteFile(alice.disk.Path(), old, 0o600))

	before := len(n.chain.Published())
	alice.start()
	<-alice.Started()
	d := alice.channelAt(point)
	n.eventually("alice has the proof", func() bool { return d.channel().Stale() })
	for _, err := range alice.CloseChannel(t.Context(), CloseChannel{ChannelPoint: point, Force: true}) {
		require.ErrorIs(t, err, ErrNotEnforceable)
		require.ErrorContains(t, err, "never publish")
	}
	n.eventually("bob publishes", func() bool { return len(n.chain.Published()) > before })
	n.blocksUntil("closed", 60, func() bool { _, ok := alice.closedAs(point); return ok }, alice, bob)
	v, _ := alice.closedAs(point)
	require.Equal(t, ClosedByPeer, v.Kind, "her old commitment would be hers, and bob would take it all")
	require.InDelta(t, float64(want.ToSatoshis()), float64(alice.takenOf(v)), 10_000, "less the commitment's fee")
}
