package chaintest_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/chain/chaintest"
)

// memory keeps hints.
type memory struct {
	kept  map[string]chain.Hint
	saved int
	err   error
}

func (m *memory) LoadHints() (map[string]chain.Hint, error) { return m.kept, m.err }

func (m *memory) SaveHints(all map[string]chain.Hint) error {
	m.kept, m.saved = maps.Clone(all), m.saved+1
	return m.err
}

// kept mines until the end of a watch's search is noted.
func kept(t *testing.T, f *chaintest.Fake, m *memory) {
	t.Helper()
	require.Eventually(t, func() bool { f.MineN(40); return len(m.kept) > 0 }, wait, time.Millisecond)
}

func TestThePastIsSearchedOnce(t *testing.T) {
	f, m := chaintest.NewFiltered(t), &memory{}
	f.Reopen(t, m)
	tx := own(1)
	f.Mine(tx)
	f.MineN(49)
	watchSpent(t, f, tx, 0, f.Best().Height-49)
	from := f.Best().Height - 49
	kept(t, f, m)

	before := f.Filtered()
	f.Reopen(t, m)
	late := watchSpent(t, f, tx, 0, from)
	f.MineN(5)
	none(t, late)
	require.LessOrEqual(t, f.Filtered()-before, 20, "only what came since the last saving, and is new")

	// What comes is found, and found again after a restart.
	spent := f.Spend(wire.OutPoint{Hash: tx.TxHash()})
	at := f.Best().Height
	require.Equal(t, spent, next(t, late).Tx)
	require.Eventually(t, func() bool { // the search of before has ended too
		f.MineN(40)
		for _, h := range m.kept {
			if h.Height == at-1 {
				return true
			}
		}
		return false
	}, wait, time.Millisecond)
	before = f.Filtered()
	f.Reopen(t, m)
	require.Equal(t, spent, next(t, watchSpent(t, f, tx, 0, from)).Tx)
	require.LessOrEqual(t, f.Filtered()-before, 2, "the block before it is the hint")
}

func TestAHintOfAnotherChainCountsForNothing(t *testing.T) {
	f, m := chaintest.NewFiltered(t), &memory{}
	f.Reopen(t, m)
	tx := own(1)
	from := f.Best().Height
	confirmed(t, f, tx, 1, from)
	kept(t, f, m)
	f.Close()
	for _, h := range m.kept {
		require.Equal(t, f.Best().Height, h.Height)
	}

	f.Reorg(int(f.Best().Height-from) / 2) // nobody follows
	f.Mine(tx)
	f.MineN(60)
	f.Reopen(t, m)
	require.True(t, next(t, confirmed(t, f, tx, 1, from)).Confirmed)
}

// Whoever may ask for news of the chain can have anything watched: our own outputs, too late, or with
// a script that they don't have. What was not found so may be there all the same.
func TestWhatOthersSearchedForInVainIsSearchedForAgain(t *testing.T) {
	f, m := chaintest.NewFiltered(t), &memory{}
	f.Reopen(t, m)
	tx := own(1)
	from := f.Mine(tx)
	spent := f.Spend(wire.OutPoint{Hash: tx.TxHash()})
	f.MineN(5)
	watchSpent(t, f, tx, 0, f.Best().Height)
	confirmed(t, f, tx, 1, f.Best().Height)
	strange := own(2).TxOut[0].PkScript
	_, err := f.WatchSpent(t.Context(), wire.OutPoint{Hash: tx.TxHash()}, strange, 0)
	require.NoError(t, err)
	_, err = f.WatchConfirmed(t.Context(), tx.TxHash(), strange, 1, 0)
	require.NoError(t, err)
	require.Eventually(t, func() bool { f.MineN(40); return len(m.kept) == 4 }, wait, time.Millisecond)

	f.Reopen(t, m)
	require.Equal(t, spent, next(t, watchSpent(t, f, tx, 0, from)).Tx)
	require.Equal(t, from, next(t, confirmed(t, f, tx, 1, from)).Height)
	f.Reopen(t, m)
	watchSpent(t, f, tx, 0, f.Best().Height)
	f.MineN(40)
	f.Reopen(t, m)
	require.Equal(t, spent, next(t, watchSpent(t, f, tx, 0, from)).Tx, "who asks late replaces no better hint")
}

func TestHintsThatFailCostOnlyASearch(t *testing.T) {
	f, m := chaintest.NewFiltered(t), &memory{err: errors.New("disk")}
	f.Reopen(t, m)
	tx := own(1)
	at := f.Mine(tx)
	f.MineN(50)
	require.Equal(t, at, next(t, confirmed(t, f, tx, 1, 0)).Height)
	f.Reopen(t, m)
	require.Equal(t, at, next(t, confirmed(t, f, tx, 1, 0)).Height)
}

func TestHintsThatNobodyUsesAreForgotten(t *testing.T) {
	f, m := chaintest.NewFiltered(t), &memory{kept: map[string]chain.Hint{"old": {Height: 50}}}
	f.Reopen(t, m)
	f.MineN(1900)
	require.Contains(t, m.kept, "old")
	f.MineN(400)
	require.NotContains(t, m.kept, "old")
}
