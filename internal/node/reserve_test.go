package node

import (
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/wallet"
)

// LDK issue 4592: reserves for closing channels with anchors were counted too low. Two openings at
// once, of which either alone would leave the reserve of both, don't go through together; nor does
// one count for nothing because it isn't announced, or because a peer asked for it.
func TestAttack11ChannelsBeingOpenedCountForTheReserve(t *testing.T) {
	const capacity = 100_000
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	n.connect(alice, bob)
	open := func(private bool) error {
		for _, err := range alice.OpenChannel(t.Context(), OpenChannel{Peer: bob.key(), Capacity: capacity, Private: private}) {
			return err
		}
		return nil
	}
	alice.wallet.funds = capacity + anchorReserve - 1
	err := open(false)
	require.ErrorIs(t, err, wallet.ErrReserve)
	require.ErrorIs(t, err, ErrInsufficientFunds)
	require.ErrorContains(t, err, "reserved wallet balance invalidated")
	require.Empty(t, n.chain.Published())

	alice.wallet.funds = 2*capacity + 2*anchorReserve - 1
	require.NoError(t, open(true))
	require.ErrorIs(t, open(true), wallet.ErrReserve, "the other isn't confirmed")
	alice.wallet.funds++
	mallory := n.stranger("mallory", alice)
	mallory.pending(capacity)
	require.ErrorIs(t, open(true), wallet.ErrReserve, "a peer opens one meanwhile")
	alice.wallet.funds += anchorReserve
	require.NoError(t, open(true))
}

func TestTheReserveGrowsWithTheChannelsUpToItsMost(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	require.Zero(t, alice.reserved())
	n.open(alice, bob, 100_000, 0)
	for _, node := range []*testNode{alice, bob} {
		require.Equal(t, btcutil.Amount(10_000), node.reserved())
		b, err := node.WalletBalance(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, btcutil.Amount(10_000), b.AnchorReserve)
	}
	for more, want := range map[uint32]btcutil.Amount{0: 10_000, 1: 20_000, 9: 100_000, 10: 100_000, 1<<32 - 1: 100_000} {
		got, err := alice.RequiredReserve(t.Context(), more)
		require.NoError(t, err)
		require.Equal(t, want, got, more)
	}
	alice.restart()
	<-alice.Started()
	require.Equal(t, btcutil.Amount(10_000), alice.reserved())
}
