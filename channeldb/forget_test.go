package channeldb

import (
	"encoding/binary"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb/internal/fault"
)

// TestAStreamWithAMillionRecordsIsForgottenInSteps also kills the process in the middle.
func TestAStreamWithAMillionRecordsIsForgottenInSteps(t *testing.T) {
	const perAppend = 10_000
	records := 1_000_000
	if testing.Short() { // under the race detector
		records /= 10
	}
	path := filepath.Join(t.TempDir(), "nwnd.db")
	var db *DB
	var commits int
	var longest time.Duration
	var began time.Time
	var fail failing
	openIt := func() {
		var err error
		db, err = Open(path, Options{Faults: &fault.Plan{
			NoSync: true,
			Before: func(n uint64) error {
				began = time.Now()
				commits++
				return fail.before(n)
			},
			After: func(uint64) error {
				longest = max(longest, time.Since(began))
				return nil
			},
		}})
		require.NoError(t, err)
	}
	openIt()
	for i := 0; i < records; i += perAppend {
		big := Batch{Stream: "big", Puts: make([]KV, perAppend)}
		for j := range perAppend {
			record := binary.BigEndian.AppendUint64([]byte("big/"), uint64(i+j))
			big.Facts = append(big.Facts, make([]byte, 100))
			big.Puts[j] = KV{"records", record, []byte{1}}
		}
		require.NoError(t, db.Append(big))
	}
	require.NoError(t, db.Append(Batch{Stream: "other", Facts: [][]byte{[]byte("kept")},
		Puts: []KV{{"records", []byte("other"), []byte("kept")}}}))
	require.NoError(t, db.Append()) // nothing is under way now
	longest, commits = 0, 0
	require.NoError(t, db.Append(Batch{Stream: "big", Forget: true, Drops: []Prefix{{"records", []byte("big/")}}}))
	streams, err := db.Streams()
	require.NoError(t, err)
	require.Equal(t, []Stream{"other"}, streams, "forgotten at once")

	for range 10 {
		require.NoError(t, db.Append(Batch{}))
	}
	fail.Store(true)
	require.Error(t, db.Append(Batch{}))
	require.NoError(t, db.Close())
	half, largest := commits, db.Stats().MostTidied
	fail.Store(false)
	reopenAt := time.Now()
	openIt()
	t.Logf("reopened in %v", time.Since(reopenAt))
	for db.Stats().Drops > 0 || db.Stats().LogBytes > 1<<20 {
		require.NoError(t, db.Append(Batch{}))
	}
	largest = max(largest, db.Stats().MostTidied)
	t.Logf("%d commits before the crash, %d in all; at most %d rows, %v in one", half, commits, largest, longest)
	require.LessOrEqual(t, largest, defaultTuning.inlineRows+defaultTuning.dropRows+defaultTuning.trimRows+rowsOf(perAppend*101))
	n, err := db.Count("records")
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	streams, err = db.Streams()
	require.NoError(t, err)
	require.Equal(t, []Stream{"other"}, streams)
	require.NoError(t, db.Close())
}

func rowsOf(size int) int { return (size + rowSize - 1) / rowSize }
