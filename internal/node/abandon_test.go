//go:build !nwnd_dev

package node

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestChannelsAreNotAbandoned(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	opened := n.open(alice, bob, 1_000_000, 250_000)
	require.ErrorIs(t, alice.AbandonChannel(t.Context(), opened.ChannelPoint), ErrUnimplemented)
	all, err := alice.ListChannels(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
}
