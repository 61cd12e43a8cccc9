package dbtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/channeldb/dbtest"
)

func fact(text string) channeldb.Batch {
	return channeldb.Batch{Stream: "s", Facts: [][]byte{[]byte(text)}}
}

func facts(t *testing.T, db *channeldb.DB) (all []string) {
	require.NoError(t, db.Replay("s", nil, func(b []byte) error { all = append(all, string(b)); return nil }))
	return all
}

func TestFailAtStopsTheStoreWithTheCommitLostOrKept(t *testing.T) {
	for outcome, want := range map[dbtest.Outcome][]string{
		dbtest.Lost: {"0", "1"},
		dbtest.Kept: {"0", "1", "2"},
	} {
		disk := dbtest.New(t)
		db := disk.Open()
		require.NoError(t, db.Append(fact("0")))
		disk.FailAt(1, outcome)
		require.NoError(t, db.Append(fact("1")))
		err := db.Append(fact("2"))
		require.ErrorIs(t, err, channeldb.ErrStopped)
		require.ErrorIs(t, err, dbtest.ErrInjected)
		require.ErrorIs(t, db.Append(fact("3")), channeldb.ErrStopped)
		require.Equal(t, 3, disk.Commits())

		db = disk.Open()
		require.Equal(t, want, facts(t, db))
		require.NoError(t, db.Append(fact("4")))
	}
}

func TestCrashLosesWhatIsNotAcknowledged(t *testing.T) {
	disk := dbtest.New(t)
	db := disk.Open()
	require.NoError(t, db.Append(fact("0")))
	disk.Crash()
	require.Error(t, db.Append(fact("1")))
	require.Equal(t, []string{"0"}, facts(t, disk.Open()))
}
