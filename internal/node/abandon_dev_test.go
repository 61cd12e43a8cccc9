//go:build nwnd_dev

package node

import (
	"testing"

	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"
)

func TestAbandonedChannelIsForgotten(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	opened := n.open(alice, bob, 1_000_000, 250_000)
	require.ErrorIs(t, alice.AbandonChannel(t.Context(), wire.OutPoint{}), ErrNotFound)
	require.NoError(t, alice.AbandonChannel(t.Context(), opened.ChannelPoint))
	for i := range 2 {
		all, err := alice.ListChannels(t.Context())
		require.NoError(t, err)
		require.Empty(t, all)
		closed, err := alice.ClosedChannels(t.Context())
		require.NoError(t, err)
		require.Len(t, closed, 1)
		require.Equal(t, Abandoned, closed[0].Kind)
		require.Equal(t, opened.ChannelPoint, closed[0].ChannelPoint)
		if i == 0 {
			alice.restart()
		}
	}
}
