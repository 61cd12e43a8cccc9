package chaintest_test

import (
	"testing"

	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/chain/chaintest"
)

// What must be undone and redone is kept for 144 blocks: so deep a watch may be, and a reorganisation of
// a hundred is like any other, right after a start too.
func TestAHundredBlocksAreUndoneAndRedone(t *testing.T) {
	each(t, func(t *testing.T, f *chaintest.Fake) { hundred(t, f, func() {}) })
	t.Run("after a start", func(t *testing.T) {
		f := chaintest.NewFiltered(t)
		hundred(t, f, func() { f.Reopen(t, nil) })
	})
}

func hundred(t *testing.T, f *chaintest.Fake, restart func()) {
	old, tx := pay(0), pay(1)
	hint := f.Best().Height
	oldAt := f.Mine(old)
	f.MineN(60)
	txAt := f.Mine(tx)
	spend := f.Spend(wire.OutPoint{Hash: tx.TxHash()})
	f.MineN(98) // the spend is 99 deep
	restart()
	deep := confirmed(t, f, old, 144, hint)
	shallow := confirmed(t, f, tx, 100, hint)
	spent := watchSpent(t, f, tx, 0, hint)
	require.Equal(t, oldAt, next(t, deep).Height, "144 deep, and more")
	require.Equal(t, txAt, next(t, shallow).Height)
	require.Equal(t, spend.TxHash(), next(t, spent).Tx.TxHash())

	f.Reorg(100)
	lost := next(t, shallow)
	require.False(t, lost.Confirmed)
	require.Equal(t, txAt, lost.Height)
	require.False(t, next(t, spent).Spent)
	none(t, deep)

	f.Mine(tx)
	f.MineN(98)
	none(t, shallow)
	f.Mine(spend)
	require.Equal(t, spend.TxHash(), next(t, spent).Tx.TxHash())
	require.True(t, next(t, shallow).Confirmed, "a hundred deep again")
	f.Reorg(144)
	require.False(t, next(t, spent).Spent)
	require.False(t, next(t, shallow).Confirmed)
}
