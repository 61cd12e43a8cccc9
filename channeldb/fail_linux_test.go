package channeldb

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb/internal/fault"
)

// TestEveryCommitMayMeetAFailingDisk puts a device in place of the file, under bbolt's descriptor, at
// the i-th commit, for every i: /dev/full refuses writes for want of space, /dev/null takes them
// and refuses to sync. The store must stop, answer nobody with success, and be as before
// when it is opened again.
func TestEveryCommitMayMeetAFailingDisk(t *testing.T) {
	for device, cause := range map[string]error{"/dev/full": syscall.ENOSPC, "/dev/null": syscall.EINVAL} {
		met := map[bool]int{}
		for fail, done := 0, false; !done; fail++ {
			err := failingDisk(t, device, fail)
			met[errors.Is(err, cause)]++
			done = err == nil
		}
		t.Logf("%s: %d commits met %q, %d failed when they asked for the file's size", device, met[true], cause, met[false]-1)
		require.Greater(t, met[true], 5)
	}
}

// failingDisk runs the script and returns the error of the request that met the failing commit,
// nil if there are fewer commits.
func failingDisk(t *testing.T, device string, fail int) error {
	r := rand.New(rand.NewPCG(1, 0)) // the same requests each time
	path := filepath.Join(t.TempDir(), "nwnd.db")
	var file *os.File
	commits := 0
	db, err := Open(path, Options{tuning: &smallTuning, Faults: &fault.Plan{
		OpenFile: func(path string, flag int, mode os.FileMode) (f *os.File, err error) {
			file, err = os.OpenFile(path, flag, mode)
			return file, err
		},
		Before: func(uint64) error {
			if commits++; commits-1 == fail {
				d, err := os.OpenFile(device, os.O_RDWR, 0)
				if err != nil {
					return err
				}
				defer d.Close()
				return syscall.Dup3(int(d.Fd()), int(file.Fd()), 0)
			}
			return nil
		},
	}})
	require.NoError(t, err)
	want, s := newModel(), &script{r: r}
	for range 25 {
		request := s.request()
		if err = db.Append(request...); err != nil {
			break
		}
		want.apply(request...)
	}
	if err == nil {
		_ = db.Close() // a commit that only tidied may fail after the last request
		return nil
	}
	require.ErrorIs(t, err, ErrStopped)
	<-db.Done()
	require.Equal(t, err, db.Err())
	require.ErrorIs(t, db.Append(Batch{}), ErrStopped)
	_, readErr := db.Get("rows", []byte("00"))
	require.ErrorIs(t, readErr, ErrStopped)
	_, readErr = db.Streams()
	require.ErrorIs(t, readErr, ErrStopped)
	_ = db.Close() // which may complain about the device, but must end

	db = openSmall(t, path, fault.Plan{})
	require.Equal(t, want.String(), read(t, db, want.dropped).String())
	checkIndex(t, db)
	require.NoError(t, db.Close())
	return err
}
