package channeldb

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"

	"github.com/nichework/nwnd/channeldb/internal/fault"
)

// made returns the path of a store with a fact, a snapshot and a row in it, closed.
func made(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "nwnd.db")
	db := openSmall(t, path, fault.Plan{})
	for range 20 {
		require.NoError(t, db.Append(
			Batch{Stream: "s", Facts: [][]byte{make([]byte, 3000)}},
			Batch{Stream: "t", Snapshot: make([]byte, 9000)},
			Batch{Puts: []KV{{"b", []byte("k"), []byte("v")}}}))
	}
	require.NoError(t, db.Close())
	return path
}

// change edits the file as a program of another version would.
func change(t *testing.T, path string, f func(*bolt.Tx) error) {
	b, err := bolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, b.Update(f))
	require.NoError(t, b.Close())
}

func TestOpenRefusesANewerFormatAndSaysWhatItNeeds(t *testing.T) {
	path := made(t)
	change(t, path, func(tx *bolt.Tx) error { return writeFormat(tx, format+1, "nwnd v9.9.9") })
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	_, err = Open(path, Options{})
	require.ErrorIs(t, err, ErrNewer)
	require.ErrorContains(t, err, "nwnd v9.9.9 or later")
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, bytes.Equal(before, after))
}

func TestUpgradeGoesStepByStepInOneTransaction(t *testing.T) {
	path := made(t)
	b, err := openWritable(path, Options{}.withDefaults())
	require.NoError(t, err)
	defer b.Close()
	var steps []int
	table := map[uint32]func(*bolt.Tx) error{
		1: func(*bolt.Tx) error { steps = append(steps, 1); return nil },
		2: func(tx *bolt.Tx) error { steps = append(steps, 2); return tx.Bucket(metaBucket).Put([]byte("x"), nil) },
	}
	to := func(ours uint32) error {
		return b.Update(func(tx *bolt.Tx) error { return formats{ours, table}.upgrade(tx, 1, "nwnd v3") })
	}
	require.Error(t, to(4), "no step from 3")
	require.NoError(t, b.View(func(tx *bolt.Tx) error {
		version, err := readFormat(tx, 9)
		require.EqualValues(t, 1, version, "nothing of a failed upgrade stays")
		return err
	}))
	steps = nil
	require.NoError(t, to(3))
	require.Equal(t, []int{1, 2}, steps)
	require.NoError(t, b.View(func(tx *bolt.Tx) error {
		version, err := readFormat(tx, 9)
		require.EqualValues(t, 3, version)
		require.Equal(t, "nwnd v3", string(tx.Bucket(metaBucket).Get(programKey)))
		return err
	}))
}

func TestOpenRefusesAFileInUse(t *testing.T) {
	path := made(t)
	db := openSmall(t, path, fault.Plan{})
	_, err := Open(path, Options{LockTimeout: time.Millisecond})
	require.ErrorIs(t, err, ErrLocked)
	require.ErrorContains(t, err, "another nwnd uses it")
	require.NoError(t, db.Close())
	require.NoError(t, openSmall(t, path, fault.Plan{}).Close())
}

func TestOpenLeavesADamagedFileAsItIs(t *testing.T) {
	good, err := os.ReadFile(made(t))
	require.NoError(t, err)
	zero := func(from, to int) []byte {
		b := bytes.Clone(good)
		clear(b[from:min(to, len(b))])
		return b
	}
	other := filepath.Join(t.TempDir(), "other.db")
	change(t, other, func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("theirs")); return err })
	foreign, err := os.ReadFile(other)
	require.NoError(t, err)
	for name, file := range map[string][]byte{
		"empty":           {},
		"short":           good[:100],
		"one page":        good[:page],
		"cut off":         good[:5*page],
		"text":            bytes.Repeat([]byte("not a store "), 5000),
		"no meta pages":   zero(0, 2*page),
		"no data":         zero(2*page, len(good)),
		"someone's bbolt": foreign,
	} {
		path := filepath.Join(t.TempDir(), "nwnd.db")
		require.NoError(t, os.WriteFile(path, file, 0o600))
		_, err := Open(path, Options{})
		require.ErrorIs(t, err, ErrCorrupt, name)
		after, readErr := os.ReadFile(path)
		require.NoError(t, readErr)
		require.True(t, bytes.Equal(file, after), name)
		t.Logf("%s: %v", name, err)
	}
}

func TestADamagedRowIsFoundWhenItIsRead(t *testing.T) {
	t.Run("log", func(t *testing.T) {
		path := made(t)
		change(t, path, func(tx *bolt.Tx) error {
			log := tx.Bucket(logBucket)
			k, v := log.Cursor().Last()
			v = bytes.Clone(v)
			v[len(v)/2] ^= 1
			return log.Put(bytes.Clone(k), v)
		})
		_, err := Open(path, Options{})
		require.ErrorIs(t, err, ErrCorrupt)
		require.ErrorContains(t, err, "checksum")
	})
	t.Run("log row missing", func(t *testing.T) {
		path := made(t)
		change(t, path, func(tx *bolt.Tx) error {
			k, _ := tx.Bucket(logBucket).Cursor().Last()
			return tx.Bucket(logBucket).Delete(k)
		})
		_, err := Open(path, Options{})
		require.ErrorIs(t, err, ErrCorrupt)
	})
	t.Run("snapshot", func(t *testing.T) {
		path := made(t)
		change(t, path, func(tx *bolt.Tx) error {
			b := tx.Bucket(snapshotBucket)
			k, v := b.Cursor().Last()
			v = bytes.Clone(v)
			v[len(v)/2] ^= 1
			return b.Put(bytes.Clone(k), v)
		})
		db := openSmall(t, path, fault.Plan{})
		require.ErrorIs(t, db.Replay("t", nil, nil), ErrCorrupt)
		require.NoError(t, db.Close())
	})
	t.Run("huge sizes", func(t *testing.T) { // allocate nothing on a damaged size's word
		path := made(t)
		change(t, path, func(tx *bolt.Tx) error {
			b := tx.Bucket(snapshotBucket)
			k, v := b.Cursor().First()
			v = bytes.Clone(v)
			binary.BigEndian.PutUint64(v[1:], 1<<40)
			return b.Put(bytes.Clone(k), v)
		})
		_, err := Open(path, Options{})
		require.ErrorIs(t, err, ErrCorrupt)
	})
}

// TestCreateIsWholeOrNotAtAll: what a crash while creating leaves is no store yet.
func TestCreateIsWholeOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nwnd.db")
	require.NoError(t, os.WriteFile(path+".new", nil, 0o600)) // died before a byte was written
	db := openSmall(t, path, fault.Plan{})
	require.NoError(t, db.Append(Batch{Stream: "s", Facts: [][]byte{{1}}}))
	require.NoError(t, db.Close())
	_, err := os.Stat(path + ".new")
	require.ErrorIs(t, err, os.ErrNotExist)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.EqualValues(t, 0o600, info.Mode().Perm())
	_, err = Open(filepath.Join(t.TempDir(), "none", "nwnd.db"), Options{})
	require.ErrorIs(t, err, os.ErrNotExist)
}
