package chaintest_test

import (
	"testing"

	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/chain/chaintest"
)

// own is a transaction with a script that no other has.
func own(n byte) *wire.MsgTx {
	tx := pay(uint32(n))
	for i := range tx.TxOut {
		tx.TxOut[i].PkScript = append([]byte{0x00, 0x20, n, byte(i)}, make([]byte, 30)...)
	}
	return tx
}

func watchSpent(t *testing.T, f *chaintest.Fake, tx *wire.MsgTx, index uint32, hint int32) <-chan chain.SpendEvent {
	t.Helper()
	c, err := f.WatchSpent(t.Context(), wire.OutPoint{Hash: tx.TxHash(), Index: index}, tx.TxOut[index].PkScript, hint)
	require.NoError(t, err)
	return c
}

func TestOnlyBlocksThatMatterAreAskedFor(t *testing.T) {
	f := chaintest.NewFiltered(t)
	f.MineN(50)
	require.Zero(t, f.Asked(), "nothing is watched")
	tx := own(1)
	ahead := f.Best().Height + 1000 // so that nothing of the past is searched
	c, s := confirmed(t, f, tx, 3, ahead), watchSpent(t, f, tx, 1, ahead)
	f.MineN(50)
	at := f.Mine(tx)
	f.MineN(50)
	require.Equal(t, at, next(t, c).Height)
	require.Equal(t, 1, f.Asked(), "the block that has it")
	spender := f.Spend(wire.OutPoint{Hash: tx.TxHash(), Index: 1})
	require.Equal(t, spender, next(t, s).Tx)
	require.Equal(t, 2, f.Asked())

	// The past is searched in the same way.
	f.MineN(50)
	require.Equal(t, at, next(t, confirmed(t, f, tx, 1, 0)).Height)
	require.Equal(t, 3, f.Asked())
	require.Equal(t, spender, next(t, watchSpent(t, f, tx, 1, 0)).Tx)
	require.Equal(t, 5, f.Asked(), "the block that has it, too")
}

func TestScriptsThatNoFilterHasAreFoundInWholeBlocks(t *testing.T) {
	for _, script := range [][]byte{nil, {0x6a, 1, 2}} {
		f := chaintest.NewFiltered(t)
		tx := own(1)
		tx.TxOut[0].PkScript = script
		before := confirmed(t, f, tx, 1, f.Best().Height)
		f.MineN(3)
		at := f.Mine(tx)
		require.Equal(t, at, next(t, before).Height)
		require.Equal(t, at, next(t, confirmed(t, f, tx, 1, at)).Height)
	}
}

func TestAWatchThatComesWhileAFilterIsAskedForMissesNothing(t *testing.T) {
	f := chaintest.NewFiltered(t)
	confirmed(t, f, own(1), 1, f.Best().Height) // so that a filter is asked for
	tx := own(2)
	var late <-chan chain.ConfEvent
	f.OnFilter(func() { late = confirmed(t, f, tx, 1, f.Best().Height+1) })
	at := f.Mine(tx)
	require.Equal(t, at, next(t, late).Height)
}

func TestAFilterThatFailsIsAskedForAgain(t *testing.T) {
	f := chaintest.NewFiltered(t)
	tx := own(1)
	c := confirmed(t, f, tx, 1, f.Best().Height)
	f.SetAway(true)
	at := f.Mine(tx) + 1 // it isn't followed yet
	none(t, c)
	f.SetAway(false)
	require.Equal(t, at, next(t, c).Height)
}
