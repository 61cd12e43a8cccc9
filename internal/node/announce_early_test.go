package node

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// A peer whose view of the chain is ahead sends its announcement_signatures before we would
// send ours. It gets ours all the same, once we are there: else its half would never be done.
func TestSignaturesOfAPeerAheadOfUsAreAnswered(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	n.connect(alice, bob)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for u, err := range alice.OpenChannel(ctx, OpenChannel{Peer: bob.key(), Capacity: 1_000_000}) {
		require.NoError(t, err)
		if !u.Open {
			n.chain.MineN(1)
		}
	}
	n.eventually("the channel is open", func() bool { return alice.usable() && bob.usable() })
	ours, theirs := alice.sw.channels()[0], bob.sw.channels()[0]
	early, err := bob.announcer.signatures(theirs)
	require.NoError(t, err)
	answer, err := alice.announcer.receive(ctx, ours, early)
	require.NoError(t, err)
	require.Nil(t, answer, "not deep enough to be announced yet")

	n.chain.MineN(announceDepth)
	n.eventually("both have announced it", func() bool {
		return alice.announcer.finished(ours.id) != nil && bob.announcer.finished(theirs.id) != nil
	})
}
