package channeldb

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"

	"github.com/nichework/nwnd/channeldb/internal/fault"
)

// TestAttack37DamageAnywhereIsAnErrorNotACrash damages a store, closed or crashed, page by page and then bit by
// bit. Each time it opens with what was there, or says that it is damaged and stays as it is.
func TestAttack37DamageAnywhereIsAnErrorNotACrash(t *testing.T) {
	r := rand.New(rand.NewPCG(seed(t), 0))
	for _, clean := range []bool{true, false} {
		file := someStore(t, r, clean)
		found := 0
		for at := 0; at < len(file); at += page {
			damaged := bytes.Clone(file)
			clear(damaged[at : at+page])
			found += openDamaged(t, damaged)
		}
		require.Greater(t, found, 10)
		t.Logf("clean %v: %d of %d pages were missed", clean, found, len(file)/page)
		flips := 0
		for range 100 {
			damaged := bytes.Clone(file)
			damaged[r.IntN(len(damaged))] ^= 1 << r.IntN(8)
			flips += openDamaged(t, damaged)
		}
		t.Logf("clean %v: %d of 100 flipped bits were found at once", clean, flips)
	}
}

// TestALargeFileIsNotWalkedAfterACrash, since its free pages are written down, unless they are many.
func TestALargeFileIsNotWalkedAfterACrash(t *testing.T) {
	for _, c := range []struct {
		listAbove   int64
		listedPages int
		walked      bool
	}{{0, 1000, false}, {1 << 40, 1000, true}, {0, 2, true}} {
		path := filepath.Join(t.TempDir(), "nwnd.db")
		tuning := smallTuning
		tuning.listAbove, tuning.listedPages = c.listAbove, c.listedPages
		db, err := Open(path, Options{tuning: &tuning, Faults: &fault.Plan{NoSync: true}})
		require.NoError(t, err)
		s := &script{r: rand.New(rand.NewPCG(1, 0))}
		for range 40 {
			require.NoError(t, db.Append(s.request()...))
		}
		f, err := os.Open(path)
		require.NoError(t, err)
		db.disk.RLock() // between two commits, as a crash would find it
		_, freelist, _, err := readMeta(f, page, uint64(db.durable.Load()))
		db.disk.RUnlock()
		require.NoError(t, err)
		require.Equal(t, c.walked, freelist == noFreelist, c)
		require.NoError(t, f.Close())
		require.NoError(t, db.Close())
	}
}

// someStore returns the file of a store after some requests.
func someStore(t *testing.T, r *rand.Rand, clean bool) []byte {
	path := filepath.Join(t.TempDir(), "nwnd.db")
	var fail failing
	db := openSmall(t, path, fault.Plan{Before: fail.before})
	s := &script{r: r}
	for range 40 {
		require.NoError(t, db.Append(s.request()...))
	}
	if !clean {
		fail.Store(true)
		require.Error(t, db.Append(Batch{}))
	}
	require.NoError(t, db.Close())
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	return file
}

// openDamaged uses the store in a damaged file and returns 1 if Open found it damaged.
func openDamaged(t *testing.T, file []byte) int {
	path := filepath.Join(t.TempDir(), "nwnd.db")
	require.NoError(t, os.WriteFile(path, file, 0o600))
	db, err := Open(path, Options{tuning: &smallTuning, Faults: &fault.Plan{NoSync: true}})
	if err != nil {
		require.True(t, errors.Is(err, ErrCorrupt) || errors.Is(err, ErrNewer), err)
		after, err := os.ReadFile(path)
		require.NoError(t, err)
		require.True(t, bytes.Equal(file, after))
		return 1
	}
	// What it does not find at once must end in an error or a result, never in a panic.
	streams, err := db.Streams()
	if err != nil {
		require.ErrorIs(t, err, ErrStopped) // by what it tidied on its own
	}
	ignore := func([]byte) error { return nil }
	for _, s := range streams {
		_ = db.Replay(s, ignore, ignore)
	}
	for _, bucket := range []string{"rows", "drops"} {
		_ = db.Scan(bucket, nil, false, func(k, v []byte) bool { return true })
	}
	for range 3 {
		_ = db.Append(Batch{Stream: "a", Facts: [][]byte{{1}}, Puts: []KV{{"rows", []byte("00"), []byte("x")}}})
	}
	_ = db.Close()
	return 0
}

// TestSmallBucketsOfAClosedFileAreChecked: bbolt copies them to the heap and trusts the positions in them.
func TestSmallBucketsOfAClosedFileAreChecked(t *testing.T) {
	file := someStore(t, rand.New(rand.NewPCG(1, 0)), true)
	for at, name := range map[int]string{4: "position", 8: "key size", 12: "value size"} {
		damaged := bytes.Clone(file)
		path := filepath.Join(t.TempDir(), "nwnd.db")
		require.NoError(t, os.WriteFile(path, damaged, 0o600))
		b, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
		require.NoError(t, err)
		var root struct{ id, freelist uint64 }
		require.NoError(t, b.View(func(tx *bolt.Tx) error {
			f, err := os.Open(path)
			require.NoError(t, err)
			defer f.Close()
			root.id, root.freelist, _, err = readMeta(f, page, uint64(tx.ID()))
			return err
		}))
		require.NoError(t, b.Close())
		require.NotEqual(t, noFreelist, root.freelist, "the file was closed")
		list, found := damaged[root.id*page:], 0
		for i := range int(native.Uint16(list[10:])) {
			_, value, err := element(list[pageHead+i*elementSize:], leafPage)
			require.NoError(t, err)
			if native.Uint64(value) == 0 && native.Uint16(value[bucketHead+10:]) > 0 {
				native.PutUint32(value[bucketHead+pageHead+at:], 1<<30)
				found++
			}
		}
		require.Positive(t, found)
		require.NoError(t, os.WriteFile(path, damaged, 0o600))
		_, err = Open(path, Options{tuning: &smallTuning, Faults: &fault.Plan{NoSync: true}})
		require.ErrorIs(t, err, ErrCorrupt, name)
	}
}
