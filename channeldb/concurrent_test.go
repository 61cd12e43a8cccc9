package channeldb_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
)

func TestConcurrentAppendsAreDurableInEachCallersOrderAndShareCommits(t *testing.T) {
	const writers, appends = 50, 40
	path := newPath(t)
	db := open(t, path)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			own := channeldb.Stream(fmt.Sprint("own ", w))
			for i := range appends {
				text := fmt.Sprintf("%d.%d", w, i)
				if err := db.Append(
					channeldb.Batch{Stream: own, Facts: facts(text)},
					channeldb.Batch{Stream: "shared", Facts: facts(text)},
				); err != nil {
					t.Error(err)
				}
			}
		})
	}
	// Others read at the same time, and see an append whole or not at all.
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			seen := 0
			for {
				select {
				case <-stop:
					return
				default:
				}
				n := 0
				if err := db.Replay("shared", nil, func([]byte) error { n++; return nil }); err != nil || n < seen {
					t.Errorf("%d facts after %d: %v", n, seen, err)
					return
				}
				seen = n
			}
		})
	}
	all.Wait()
	close(stop)
	readers.Wait()
	stats := db.Stats()
	t.Logf("%d appends in %d commits, the largest of %d batches", writers*appends, stats.Commits, stats.LargestGroup)
	require.Less(t, stats.Commits, uint64(writers*appends/5))
	require.NoError(t, db.Close())

	db = open(t, path)
	_, shared := replay(t, db, "shared")
	require.Len(t, shared, writers*appends)
	next := make([]int, writers)
	for _, text := range shared {
		var w, i int
		_, err := fmt.Sscanf(text, "%d.%d", &w, &i)
		require.NoError(t, err)
		require.Equal(t, next[w], i)
		next[w]++
	}
	for w := range writers {
		_, own := replay(t, db, channeldb.Stream(fmt.Sprint("own ", w)))
		require.Len(t, own, appends)
	}
}

// TestAPipelineKeepsItsOrder appends without waiting.
func TestAPipelineKeepsItsOrder(t *testing.T) {
	const appends = 500
	db := open(t, newPath(t))
	var results []<-chan error
	for i := range appends {
		results = append(results, db.AppendAsync(channeldb.Batch{Stream: "s", Facts: facts(fmt.Sprint(i))}))
	}
	for _, r := range results {
		require.NoError(t, <-r)
	}
	_, got := replay(t, db, "s")
	require.Len(t, got, appends)
	for i, text := range got {
		require.Equal(t, fmt.Sprint(i), text)
	}
	require.Less(t, db.Stats().Commits, uint64(appends/5))
}

// TestACallbackMayAppend: a reader holds nothing while it calls back.
func TestACallbackMayAppend(t *testing.T) {
	db := open(t, newPath(t))
	require.NoError(t, db.Append(channeldb.Batch{Stream: "s", Facts: facts("1", "2"),
		Puts: []channeldb.KV{{Bucket: "b", Key: []byte("k"), Value: []byte("v")}}}))
	require.NoError(t, db.Replay("s", nil, func(f []byte) error {
		return db.Append(channeldb.Batch{Stream: "t", Facts: [][]byte{f}})
	}))
	require.NoError(t, db.Scan("b", nil, false, func(k, v []byte) bool {
		return db.Append(channeldb.Batch{Stream: "t", Facts: [][]byte{v}}) == nil
	}))
	_, got := replay(t, db, "t")
	require.Equal(t, []string{"1", "2", "v"}, got)
}

func TestReplayEndsWhenASnapshotReplacesTheTail(t *testing.T) {
	db := open(t, newPath(t))
	for range 600 { // more than a page
		db.AppendAsync(channeldb.Batch{Stream: "s", Facts: facts("x")})
	}
	require.NoError(t, db.Append())
	n := 0
	err := db.Replay("s", nil, func([]byte) error {
		if n++; n == 1 {
			return db.Append(channeldb.Batch{Stream: "s", Snapshot: []byte("s")})
		}
		return nil
	})
	require.ErrorIs(t, err, channeldb.ErrChanged)
	require.Less(t, n, 600)
}

func TestCloseRefusesLaterCallsAndMayBeRepeated(t *testing.T) {
	db := open(t, newPath(t))
	require.NoError(t, db.Err())
	require.NoError(t, db.Close())
	require.NoError(t, db.Close())
	<-db.Done()
	require.ErrorIs(t, db.Err(), channeldb.ErrClosed)
	require.ErrorIs(t, db.Append(channeldb.Batch{}), channeldb.ErrClosed)
	_, err := db.Get("b", []byte("k"))
	require.ErrorIs(t, err, channeldb.ErrClosed)
}
