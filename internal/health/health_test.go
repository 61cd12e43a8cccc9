package health

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

var quiet = slog.New(slog.DiscardHandler)

// scripted answers with errors in turn, then nil, and notes when it was asked.
type scripted struct {
	begin time.Time
	fail  []bool
	asked []time.Duration
}

func (s *scripted) run(context.Context) error {
	i := len(s.asked)
	s.asked = append(s.asked, time.Since(s.begin))
	if i < len(s.fail) && s.fail[i] {
		return errors.New("gone")
	}
	return nil
}

func check(run func(context.Context) error) Check {
	return Check{Name: "thing", Attempts: 3, Timeout: 5 * time.Second, Backoff: 20 * time.Second, Interval: time.Minute, Run: run}
}

func TestACheckFailsAfterItsAttemptsInARow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{begin: time.Now(), fail: []bool{false, true, true, false, true, true, true}}
		err := Watch(t.Context(), quiet, check(s.run))
		require.ErrorIs(t, err, ErrFailed)
		require.ErrorContains(t, err, "thing, 3 times: gone")
		var at []int
		for _, d := range s.asked {
			at = append(at, int(d/time.Second))
		}
		require.Equal(t, []int{60, 120, 140, 160, 220, 240, 260}, at, "an answer sets the count back")
	})
}

func TestACheckThatHangsFailsAndIsNotPiledUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var running atomic.Int32
		c := check(func(context.Context) error { running.Add(1); <-release; return nil })
		begin := time.Now()
		err := Watch(t.Context(), quiet, c)
		require.ErrorContains(t, err, "no answer within 5s")
		require.Equal(t, time.Minute+3*c.Timeout+2*c.Backoff, time.Since(begin))
		require.EqualValues(t, 1, running.Load(), "one attempt, however long it takes")
		close(release)
	})
}

func TestWatchEndsWithItsContextAndSkipsWhatIsOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		off := check(func(context.Context) error { t.Error("asked"); return nil })
		off.Attempts = 0
		s := &scripted{begin: time.Now()}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour-time.Second)
		defer cancel()
		require.NoError(t, Watch(ctx, quiet, off, check(s.run)))
		require.Equal(t, time.Hour-time.Second, time.Since(s.begin))
		require.Len(t, s.asked, 59)
		require.NoError(t, Watch(ctx, quiet, check(s.run)), "it has ended already")
	})
}

func TestTheDiskMustHaveRoom(t *testing.T) {
	share := func(is float64, err error) error {
		return diskShare("/data", 0.1, func(string) (float64, error) { return is, err })(t.Context())
	}
	require.NoError(t, share(0.1, nil))
	require.ErrorContains(t, share(0.099, nil), "9.9 % of the disk of /data are free")
	require.ErrorContains(t, share(0, errors.New("no such disk")), "no such disk")

	floor := func(is uint64, err error) error {
		return diskFloor("/data", func(string) (uint64, error) { return is, err })(t.Context())
	}
	require.NoError(t, floor(Floor, nil))
	require.ErrorContains(t, floor(Floor-1, nil), "67108863 bytes of the disk of /data are free, nwnd needs 67108864")
	require.ErrorContains(t, floor(0, errors.New("no such disk")), "no such disk")

	require.NoError(t, DiskShare(t.TempDir(), 0)(t.Context()))
	require.Error(t, DiskShare(t.TempDir(), 1.1)(t.Context()))
	require.NoError(t, DiskFloor(t.TempDir())(t.Context()))
	require.Error(t, DiskFloor("/nonexistent/dir")(t.Context()))
}
