package channeldb_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
)

func TestRequestsBeyondALimitAreRefusedAndTheStoreGoesOn(t *testing.T) {
	db := open(t, newPath(t))
	fact := facts("x")
	long := channeldb.Stream(strings.Repeat("s", channeldb.MaxStream))
	put := func(bucket, key string) channeldb.Batch {
		return channeldb.Batch{Puts: []channeldb.KV{{Bucket: bucket, Key: []byte(key), Value: []byte{}}}}
	}
	good := []channeldb.Batch{
		{},
		{Stream: long, Facts: fact},
		{Stream: "s", Facts: [][]byte{make([]byte, channeldb.MaxAppend-8)}},
		{Stream: "s", Snapshot: make([]byte, channeldb.MaxAppend-1)},
		{Stream: "nobody", Forget: true},
		{Drops: []channeldb.Prefix{{Bucket: "nothing", Prefix: []byte("p")}}},
		put(strings.Repeat("b", channeldb.MaxBucket), strings.Repeat("k", channeldb.MaxKey)),
		{Puts: []channeldb.KV{{Bucket: "b", Key: []byte("absent")}}},
	}
	bad := []channeldb.Batch{
		{Facts: fact},
		{Snapshot: []byte{}},
		{Forget: true},
		{Stream: long + "s", Facts: fact},
		{Stream: "s", Facts: [][]byte{make([]byte, channeldb.MaxAppend)}},
		{Stream: "s", Snapshot: make([]byte, channeldb.MaxAppend)},
		put("", "k"),
		put("b", ""),
		put(strings.Repeat("b", channeldb.MaxBucket+1), "k"),
		put("b", strings.Repeat("k", channeldb.MaxKey+1)),
		{Drops: []channeldb.Prefix{{Bucket: "b"}}},
	}
	for i, b := range good {
		require.NoError(t, db.Append(b), "good %d", i)
	}
	for i, b := range bad {
		require.ErrorIs(t, db.Append(b), channeldb.ErrInvalid, "bad %d", i)
		require.ErrorIs(t, db.Append(good[1], b), channeldb.ErrInvalid, "bad %d", i)
	}
	_, got := replay(t, db, long)
	require.Len(t, got, 1, "a refused append leaves nothing")
	snapshot, _ := replay(t, db, "s")
	require.Len(t, snapshot, channeldb.MaxAppend-1)
}

func TestBucketsAreLimited(t *testing.T) {
	db := open(t, newPath(t))
	n := 0
	put := func() error {
		n++
		return db.Append(channeldb.Batch{Puts: []channeldb.KV{{Bucket: fmt.Sprint(n), Key: []byte("k"), Value: []byte("v")}}})
	}
	for range 256 {
		require.NoError(t, put())
	}
	require.ErrorIs(t, put(), channeldb.ErrInvalid)
}

func TestAnEmptySnapshotAndAnEmptyValueAreNotNone(t *testing.T) {
	path := newPath(t)
	db := open(t, path)
	require.NoError(t, db.Append(channeldb.Batch{Stream: "s", Snapshot: []byte{},
		Puts: []channeldb.KV{{Bucket: "b", Key: []byte("k"), Value: []byte{}}}}))
	for range 2 {
		called := false
		require.NoError(t, db.Replay("s", func(b []byte) error { called = true; return nil }, nil))
		require.True(t, called)
		v, err := db.Get("b", []byte("k"))
		require.NoError(t, err)
		require.NotNil(t, v)
		v, err = db.Get("b", []byte("none"))
		require.NoError(t, err)
		require.Nil(t, v)
		require.NoError(t, db.Close())
		db = open(t, path)
	}
}
