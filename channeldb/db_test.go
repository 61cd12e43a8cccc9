package channeldb_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
)

// open opens the store at path and closes it with the test.
func open(t testing.TB, path string) *channeldb.DB {
	t.Helper()
	db, err := channeldb.Open(path, channeldb.Options{Program: "nwnd test"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func newPath(t testing.TB) string { return filepath.Join(t.TempDir(), "nwnd.db") }

// replay returns a stream's snapshot and facts as text.
func replay(t testing.TB, db *channeldb.DB, s channeldb.Stream) (snapshot string, facts []string) {
	t.Helper()
	require.NoError(t, db.Replay(s,
		func(b []byte) error { snapshot = string(b); return nil },
		func(b []byte) error { facts = append(facts, string(b)); return nil }))
	return snapshot, facts
}

func facts(text ...string) [][]byte {
	var b [][]byte
	for _, s := range text {
		b = append(b, []byte(s))
	}
	return b
}

func TestReplayGivesBackSnapshotAndFactsInOrder(t *testing.T) {
	path := newPath(t)
	db := open(t, path)
	require.NoError(t, db.Append(
		channeldb.Batch{Stream: "a", Facts: facts("1", "2")},
		channeldb.Batch{Stream: "ab", Facts: facts("x", "")},
	))
	require.NoError(t, db.Append(channeldb.Batch{Stream: "a", Facts: facts("3"), Snapshot: []byte("six")}))
	require.NoError(t, db.Append(channeldb.Batch{Stream: "a", Facts: facts("4", "5")}))
	check := func(db *channeldb.DB) {
		streams, err := db.Streams()
		require.NoError(t, err)
		require.Equal(t, []channeldb.Stream{"a", "ab"}, streams)
		snapshot, got := replay(t, db, "a")
		require.Equal(t, "six", snapshot)
		require.Equal(t, []string{"4", "5"}, got)
		snapshot, got = replay(t, db, "ab")
		require.Empty(t, snapshot)
		require.Equal(t, []string{"x", ""}, got)
	}
	check(db)
	require.NoError(t, db.Close())
	check(open(t, path))
}

func TestScanPagesBothWays(t *testing.T) {
	db := open(t, newPath(t))
	const rows = 700 // more than a page
	var puts []channeldb.KV
	for i := range rows {
		puts = append(puts, channeldb.KV{Bucket: "invoices", Key: fmt.Appendf(nil, "%04d", i), Value: []byte{}})
	}
	require.NoError(t, db.Append(channeldb.Batch{Puts: puts}))
	scan := func(from []byte, reverse bool) (keys []string) {
		require.NoError(t, db.Scan("invoices", from, reverse, func(k, _ []byte) bool {
			keys = append(keys, string(k))
			return true
		}))
		return keys
	}
	up, down := scan(nil, false), scan(nil, true)
	require.Len(t, up, rows)
	require.Len(t, down, rows)
	for i := range rows {
		require.Equal(t, fmt.Sprintf("%04d", i), up[i])
		require.Equal(t, up[i], down[rows-1-i])
	}
	require.Equal(t, up[300:], scan([]byte("0300"), false))
	require.Equal(t, up[300:], scan([]byte("0299x"), false))
	require.Equal(t, down[rows-301:], scan([]byte("0300"), true))
	require.Equal(t, down[rows-301:], scan([]byte("0300x"), true))
	require.Empty(t, scan([]byte("a"), false))
	require.Len(t, scan([]byte("a"), true), rows)
	require.Empty(t, scan([]byte("/"), true))
	require.Nil(t, db.Scan("none", nil, false, nil))

	n, err := db.Count("invoices")
	require.NoError(t, err)
	require.EqualValues(t, rows, n)
	last, err := db.LastKey("invoices")
	require.NoError(t, err)
	require.Equal(t, "0699", string(last))
}
