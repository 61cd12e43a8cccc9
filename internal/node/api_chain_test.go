package node

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBlocksAreStreamed(t *testing.T) {
	n := newTestNet(t)
	alice := n.node("alice")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	begin := alice.height()
	var ended error
	for b, err := range alice.Blocks(ctx, nil) {
		if err != nil {
			ended = err
			continue
		}
		if b.Height >= begin+2 {
			require.Equal(t, n.chain.Best().Hash, b.Hash)
			cancel()
			continue
		}
		n.chain.MineN(1)
	}
	require.ErrorIs(t, ended, context.Canceled)
	require.NoError(t, alice.stop())
	for _, err := range alice.Blocks(t.Context(), nil) {
		if err != nil {
			require.ErrorIs(t, err, ErrStopped)
			return
		}
	}
	t.Fatal("the stream of a node that stopped ended without saying so")
}

func TestFeesAreEstimatedWithinAWeek(t *testing.T) {
	alice := newTestNet(t).node("alice")
	e, err := alice.EstimateFee(t.Context(), 6)
	require.NoError(t, err)
	require.NotZero(t, e.Rate)
	require.EqualValues(t, 253, e.Relayed)
	for _, target := range []uint32{0, maxConfTarget + 1} {
		_, err := alice.EstimateFee(t.Context(), target)
		require.ErrorIs(t, err, ErrInvalid)
	}
}

func TestAccountsOfTheWallet(t *testing.T) {
	alice := newTestNet(t).node("alice")
	all, err := alice.Accounts(t.Context())
	require.NoError(t, err)
	require.Equal(t, []Account{{Name: "default", Type: TaprootPubKey, External: alice.wallet.count}}, all)
}
