package channeldb_test

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
)

// BenchmarkAppend is what a channel pays: writers that each wait for a fact of 1.5 kB, an add
// with its onion, before the next, with snapshots of 4 kB when they are due.
// NWND_BENCH_DIR puts the file on another disk than the temporary directory's.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) { benchmarkAppend(b, writers) })
	}
}

func benchmarkAppend(b *testing.B, writers int) {
	dir, err := os.MkdirTemp(os.Getenv("NWND_BENCH_DIR"), "channeldb")
	require.NoError(b, err)
	defer os.RemoveAll(dir)
	db := open(b, dir+"/nwnd.db")
	fact, snapshot := make([]byte, 1500), make([]byte, 4<<10)
	var left atomic.Int64
	left.Store(int64(b.N))
	before := db.Stats()
	b.ResetTimer()
	var all sync.WaitGroup
	for w := range writers {
		s := channeldb.Stream(fmt.Sprintf("%032d", w))
		all.Go(func() {
			for left.Add(-1) >= 0 {
				batch := channeldb.Batch{Stream: s, Facts: [][]byte{fact}}
				if db.NeedsSnapshot(s) {
					batch.Snapshot = snapshot
				}
				if err := db.Append(batch); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	after := db.Stats()
	n := float64(b.N)
	b.ReportMetric(float64(after.Commits-before.Commits)/n, "commits/op")
	b.ReportMetric(float64(after.BytesWritten-before.BytesWritten)/n, "disk-B/op")
	b.ReportMetric(n/b.Elapsed().Seconds(), "appends/s")
}
