package channeldb_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/channeldb/dbtest"
)

// TestWhatAnUpdateCostsDoesNotDependOnHistory drives one channel through 60,000 updates of 1.5 kB, 90 MB,
// while others that once wrote a fact stay idle.
func TestWhatAnUpdateCostsDoesNotDependOnHistory(t *testing.T) {
	const rounds, updates, idle = 6, 10_000, 100
	disk := dbtest.New(t)
	db := disk.Open()
	for i := range idle {
		require.NoError(t, db.Append(channeldb.Batch{Stream: channeldb.Stream(fmt.Sprint("idle", i)), Facts: facts("waits")}))
	}
	fact, snapshot := make([]byte, 1500), make([]byte, 20_000)
	var perUpdate [rounds]float64
	snapshots := 0
	for round := range rounds {
		before := db.Stats()
		for range updates {
			b := channeldb.Batch{Stream: "busy", Facts: [][]byte{fact}}
			if db.NeedsSnapshot("busy") {
				b.Snapshot = snapshot
				snapshots++
			}
			require.NoError(t, db.Append(b))
		}
		s := db.Stats()
		perUpdate[round] = float64(s.BytesWritten-before.BytesWritten) / updates
		require.Less(t, s.LogBytes, 1<<20, "what a start reads")
		require.EqualValues(t, 2*(s.Commits-before.Commits), s.Syncs-before.Syncs)
	}
	t.Logf("bytes written per update of %d, in rounds of %d: %.0f; %d snapshots of %d",
		len(fact), updates, perUpdate, snapshots, len(snapshot))
	for _, n := range perUpdate {
		require.Less(t, n, 24_000.)
		require.InEpsilon(t, perUpdate[1], n, 0.05)
	}
	info, err := os.Stat(disk.Path())
	require.NoError(t, err)
	require.Less(t, info.Size(), int64(16<<20))

	// The idle ones were carried aside and are still whole, before and after a restart.
	require.Equal(t, idle, db.Stats().Carried)
	for range 2 {
		streams, err := db.Streams()
		require.NoError(t, err)
		require.Len(t, streams, idle+1)
		for i := range idle {
			_, got := replay(t, db, channeldb.Stream(fmt.Sprint("idle", i)))
			require.Equal(t, []string{"waits"}, got)
		}
		db = disk.Open()
	}
}

func TestNeedsSnapshotWhenTheTailOutgrowsIt(t *testing.T) {
	db := dbtest.New(t).Open()
	appendUntilNeeded := func() (n int) {
		for !db.NeedsSnapshot("s") {
			require.NoError(t, db.Append(channeldb.Batch{Stream: "s", Facts: [][]byte{make([]byte, 1000)}}))
			n++
		}
		return n
	}
	require.InDelta(t, 63, appendUntilNeeded(), 3) // 64 KiB
	require.NoError(t, db.Append(channeldb.Batch{Stream: "s", Snapshot: make([]byte, 100_000)}))
	require.InDelta(t, 192, appendUntilNeeded(), 8) // twice the snapshot
}
