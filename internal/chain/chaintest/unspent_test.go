package chaintest_test

import (
	"testing"
	"time"

	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/chain/chaintest"
)

// That an output is unspent can be said when the past was searched, not before: whoever pays for a
// transaction that waits for a block must not do so for one that is in a block.
func TestUnspentIsSaidAfterTheSearchOnly(t *testing.T) {
	f := chaintest.NewFiltered(t)
	tx := own(1)
	out := wire.OutPoint{Hash: tx.TxHash()}
	require.False(t, f.Unspent(out), "nobody watches it")
	from := f.Mine(tx)
	f.MineN(3)
	held, begun := make(chan struct{}), make(chan struct{})
	f.OnFilter(func() { close(begun); <-held })
	events := watchSpent(t, f, tx, 0, from)
	<-begun
	require.False(t, f.Unspent(out), "it isn't known yet")
	close(held)
	require.Eventually(t, func() bool { return f.Unspent(out) }, wait, time.Millisecond)
	f.Spend(out)
	require.False(t, f.Unspent(out))
	require.True(t, next(t, events).Spent)
	f.Reorg(1)
	require.Eventually(t, func() bool { return f.Unspent(out) }, wait, time.Millisecond)
}
