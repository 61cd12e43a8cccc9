package channeldb

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"

	"github.com/nichework/nwnd/channeldb/internal/fault"
)

// testdata/v1.db.gz was written by the program of format 1, by fill, and is never written anew:
// every later program must open it.
const fixture = "testdata/v1.db.gz"

// fill is what the fixture holds: a tail behind a snapshot, a tail alone, one in the log that was
// carried, a large snapshot in parts, rows, and a stream that was forgotten.
func fill(db *DB) error {
	for i := range 40 {
		err := db.Append(
			Batch{Stream: "a", Facts: [][]byte{fmt.Appendf(nil, "a%d", i)}},
			Batch{Stream: "b", Facts: [][]byte{bytes.Repeat([]byte{byte(i)}, 500)}, Puts: []KV{{"rows", []byte{byte(i)}, fmt.Appendf(nil, "row %d", i)}}},
		)
		if err != nil {
			return err
		}
	}
	return errors.Join(
		db.Append(Batch{Stream: "a", Snapshot: bytes.Repeat([]byte("snapshot"), 4000)}),
		db.Append(Batch{Stream: "a", Facts: [][]byte{[]byte("after"), []byte("the snapshot")}}),
		db.Append(Batch{Stream: "c", Facts: [][]byte{[]byte("gone")}}),
		db.Append(Batch{Stream: "c", Forget: true}),
		db.Append(Batch{Puts: []KV{{"rows", []byte{3}, nil}, {"other", []byte("k"), []byte("v")}}}),
	)
}

// holds is all that a store tells, as text.
func holds(t *testing.T, db *DB) string {
	t.Helper()
	var b strings.Builder
	for _, s := range []Stream{"a", "b", "c"} {
		fmt.Fprintf(&b, "%s:\n", s)
		require.NoError(t, db.Replay(s, func(snapshot []byte) error {
			fmt.Fprintf(&b, " snapshot %x\n", snapshot)
			return nil
		}, func(fact []byte) error {
			fmt.Fprintf(&b, " fact %x\n", fact)
			return nil
		}))
	}
	for _, bucket := range []string{"rows", "other", "more"} {
		require.NoError(t, db.Scan(bucket, nil, false, func(k, v []byte) bool {
			fmt.Fprintf(&b, "%s %x = %s\n", bucket, k, v)
			return true
		}))
	}
	return b.String()
}

// old unpacks the fixture into a new directory.
func old(t *testing.T) string {
	t.Helper()
	f, err := os.Open(fixture)
	require.NoError(t, err)
	defer f.Close()
	r, err := gzip.NewReader(f)
	require.NoError(t, err)
	file, err := io.ReadAll(r)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "nwnd.db")
	require.NoError(t, os.WriteFile(path, file, 0o600))
	return path
}

// expected is what the fixture holds, from a store that was filled just now.
func expected(t *testing.T) string {
	db := openSmall(t, filepath.Join(t.TempDir(), "nwnd.db"), fault.Plan{})
	require.NoError(t, fill(db))
	defer db.Close()
	return holds(t, db)
}

func TestAStoreOfTheFirstFormatOpens(t *testing.T) {
	db := openSmall(t, old(t), fault.Plan{})
	require.Equal(t, expected(t), holds(t, db))
	require.NoError(t, db.Append(Batch{Stream: "a", Facts: [][]byte{[]byte("more")}}))
	require.NoError(t, db.Close())
}

// future is a format two steps ahead: the first moves a bucket's rows, the second changes one.
func future() *formats {
	return &formats{ours: 3, steps: map[uint32]func(*bolt.Tx) error{
		1: func(tx *bolt.Tx) error {
			from := tx.Bucket([]byte(kvPrefix + "other"))
			to, err := tx.CreateBucket([]byte(kvPrefix + "more"))
			if err != nil {
				return err
			}
			err = from.ForEach(to.Put)
			return errors.Join(err, to.SetSequence(from.Sequence()), tx.DeleteBucket([]byte(kvPrefix+"other")))
		},
		2: func(tx *bolt.Tx) error {
			return tx.Bucket([]byte(kvPrefix+"more")).Put([]byte("k"), []byte("v3"))
		},
	}}
}

func options(f *formats) Options {
	return Options{Program: "nwnd v3", tuning: &smallTuning, formats: f, Faults: &fault.Plan{NoSync: true}}.withDefaults()
}

// upgraded is what the fixture holds in the future format.
func upgraded(t *testing.T) string {
	return strings.Replace(expected(t), "other 6b = v\n", "more 6b = v3\n", 1)
}

func TestAnUpgradeKeepsACopyAndLosesNothing(t *testing.T) {
	path := old(t)
	db, err := Open(path, options(future()))
	require.NoError(t, err)
	require.Equal(t, upgraded(t), holds(t, db))
	require.NoError(t, db.Append(Batch{Stream: "a", Facts: [][]byte{[]byte("more")}}))
	require.NoError(t, db.Close())

	// The program of before says what it would need, and touches nothing.
	_, err = Open(path, options(&current))
	require.ErrorIs(t, err, ErrNewer)
	require.ErrorContains(t, err, "it needs nwnd v3 or later")

	// The copy is the store as it was.
	kept := Kept(path, 1)
	require.Equal(t, path+".v1.bak", kept)
	info, err := os.Stat(kept)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	was := openSmall(t, kept, fault.Plan{})
	require.Equal(t, expected(t), holds(t, was))
	require.NoError(t, was.Close())

	// A second start is an ordinary one: the copy stays that of the upgrade.
	before, err := os.ReadFile(kept)
	require.NoError(t, err)
	db, err = Open(path, options(future()))
	require.NoError(t, err)
	require.NoError(t, db.Close())
	after, err := os.ReadFile(kept)
	require.NoError(t, err)
	require.True(t, bytes.Equal(before, after))
}

// A crash at any point leaves a store that opens in the new format with all that was in it: while
// the copy is written, behind it, and at each point of the transaction that upgrades.
func TestAnUpgradeThatIsInterruptedGoesOn(t *testing.T) {
	first := old(t)
	before, err := os.ReadFile(first)
	require.NoError(t, err)
	b, err := openFile(first, options(future()))
	require.NoError(t, err)
	after, err := os.ReadFile(first)
	require.NoError(t, err)
	require.NoError(t, b.Close())
	copied, err := os.ReadFile(Kept(first, 1))
	require.NoError(t, err)

	want, asOld := upgraded(t), expected(t)
	opens := func(t *testing.T, file, half, whole []byte) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "nwnd.db")
		require.NoError(t, os.WriteFile(path, file, 0o600))
		if half != nil {
			require.NoError(t, os.WriteFile(Kept(path, 1)+".new", half, 0o600))
		}
		if whole != nil {
			require.NoError(t, os.WriteFile(Kept(path, 1), whole, 0o600))
		}
		db, err := Open(path, options(future()))
		require.NoError(t, err)
		require.Equal(t, want, holds(t, db))
		checkIndex(t, db)
		require.NoError(t, db.Close())
		kept := openSmall(t, Kept(path, 1), fault.Plan{})
		require.Equal(t, asOld, holds(t, kept), "the copy is whole")
		require.NoError(t, kept.Close())
		_, err = os.Stat(Kept(path, 1) + ".new")
		require.ErrorIs(t, err, os.ErrNotExist)
	}
	t.Run("while the copy is written", func(t *testing.T) {
		for _, n := range []int{0, 1, page, len(copied) / 2, len(copied) - 1, len(copied)} {
			opens(t, before, copied[:n], nil)
		}
	})
	t.Run("behind the copy", func(t *testing.T) { opens(t, before, nil, copied) })
	t.Run("with the copy of an earlier time", func(t *testing.T) { opens(t, before, nil, []byte("old")) })
	t.Run("in the transaction", func(t *testing.T) {
		r := rand.New(rand.NewPCG(seed(t), 0))
		files, committed := disk{before: before, after: after}.images(r)
		done := 0
		for i, file := range files {
			opens(t, file, nil, copied)
			if committed[i] {
				done++
			}
		}
		require.Equal(t, 1, done, "one of them was complete")
	})
}

// What fails leaves the store as it was, for the program of before.
func TestAnUpgradeThatFailsChangesNothing(t *testing.T) {
	check := func(t *testing.T, path string, f *formats, want string) {
		t.Helper()
		_, err := Open(path, options(f))
		require.ErrorContains(t, err, want)
		db := openSmall(t, path, fault.Plan{})
		require.Equal(t, expected(t), holds(t, db))
		require.NoError(t, db.Close())
		_, err = os.Stat(Kept(path, 1) + ".new")
		require.ErrorIs(t, err, os.ErrNotExist)
	}
	t.Run("a step", func(t *testing.T) {
		f := future()
		f.steps[2] = func(*bolt.Tx) error { return errors.New("no room") }
		check(t, old(t), f, "upgrade from format 2: no room")
	})
	t.Run("a step that panics", func(t *testing.T) {
		f := future()
		f.steps[2] = func(tx *bolt.Tx) error { return tx.Bucket([]byte("none")).Put(nil, nil) }
		check(t, old(t), f, "channeldb")
	})
	t.Run("a step that is missing", func(t *testing.T) {
		f := future()
		delete(f.steps, 2)
		check(t, old(t), f, "no upgrade from format 2")
	})
	t.Run("the copy", func(t *testing.T) {
		path := old(t)
		require.NoError(t, os.MkdirAll(filepath.Join(Kept(path, 1), "in the way"), 0o700))
		check(t, path, future(), "copy before the upgrade")
	})
}
