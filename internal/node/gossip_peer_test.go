package node

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/peer"
)

// Infinite inbox, lnd before 0.18.5: a peer's announcements wait for the chain, so what waits
// is bounded in bytes, however large each is.
func TestAttack29InfiniteInboxIsBoundedInBytes(t *testing.T) {
	gp := newGossipPeer(&gossiper{}, new(peer.Peer))
	large := gossipSize(&lnwire.ChannelUpdate1{ExtraOpaqueData: make([]byte, 60_000)})
	n := 0
	for gp.reserve(large) {
		n++
		require.LessOrEqual(t, gp.held, gossipBytes)
	}
	require.Equal(t, gossipBytes/large, n)

	gp.release(large)
	require.True(t, gp.reserve(large), "what was taken makes room")
	require.Len(t, gp.room, 1, "and whoever waits is woken")
}

// One message larger than the bound must not wait for ever.
func TestGossipLargerThanTheBoundStillPasses(t *testing.T) {
	gp := newGossipPeer(&gossiper{}, new(peer.Peer))
	require.True(t, gp.reserve(2*gossipBytes))
	require.False(t, gp.reserve(1))
}
