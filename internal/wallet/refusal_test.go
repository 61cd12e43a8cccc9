package wallet_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/wallet"
)

// Who publishes is told whether something else spends the same, in the mempool or in a block.
func TestARefusalTellsWhatStandsAgainstIt(t *testing.T) {
	r := newRig(t)
	r.fill(btc, btc/10, btc/10)
	at, out := r.foreign(20_000)
	coins, err := r.w.FeeCoins(at, btc/20, rate, 1)
	require.NoError(t, err)
	first := r.claim(at, out, coins, 5000)
	require.NoError(t, r.w.Publish(t.Context(), first, "first"))

	err = r.w.Publish(t.Context(), r.claim(at, out, coins, 4000), "pays less")
	require.ErrorIs(t, err, wallet.ErrRejected)
	require.ErrorIs(t, err, wallet.ErrConflict)

	r.mine(1)
	r.synced(r.w)
	coins, err = r.w.FeeCoins(at, btc/20, rate, 1)
	require.NoError(t, err)
	err = r.w.Publish(t.Context(), r.claim(at, out, coins, 9000), "too late")
	require.ErrorIs(t, err, wallet.ErrRejected)
	require.ErrorIs(t, err, wallet.ErrMissingInputs)
}
