package channeldb

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"

	"github.com/nichework/nwnd/channeldb/internal/fault"
)

// TestNobodyReadsWhatIsNotDurable: bbolt shows a transaction from the write of its meta page on, before
// the last sync. Should that sync fail, who has read it must not come away with it.
func TestNobodyReadsWhatIsNotDurable(t *testing.T) {
	inside, result := make(chan struct{}), make(chan error, 1)
	var db *DB
	db = openSmall(t, filepath.Join(t.TempDir(), "nwnd.db"), fault.Plan{After: func(uint64) error {
		go func() {
			result <- db.view(func(tx *bolt.Tx) error {
				require.Equal(t, "v", string(tx.Bucket([]byte("kv:b")).Get([]byte("k"))))
				close(inside)
				return nil
			})
		}()
		<-inside
		return errDisk
	}})
	require.ErrorIs(t, db.Append(Batch{Puts: []KV{{"b", []byte("k"), []byte("v")}}}), ErrStopped)
	require.ErrorIs(t, <-result, ErrStopped)
	require.NoError(t, db.Close())
}

// TestAReaderDoesNotWaitForACommitItDoesNotSee reads while a commit is held up before it writes.
func TestAReaderDoesNotWaitForACommitItDoesNotSee(t *testing.T) {
	begun, release := make(chan struct{}, 1), make(chan struct{})
	db := openSmall(t, filepath.Join(t.TempDir(), "nwnd.db"), fault.Plan{Before: func(uint64) error {
		begun <- struct{}{}
		<-release
		return nil
	}})
	done := db.AppendAsync(Batch{Puts: []KV{{"b", []byte("k"), []byte("v")}}})
	<-begun
	v, err := db.Get("b", []byte("k"))
	require.NoError(t, err)
	require.Nil(t, v)
	close(release)
	require.NoError(t, <-done)
	v, err = db.Get("b", []byte("k"))
	require.NoError(t, err)
	require.Equal(t, "v", string(v))
	require.NoError(t, db.Close())
}
