package channeldb

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

var errDisk = errors.New("disk on fire")

// fakeDisk is a disk without a database: what is written becomes durable by commit. The
// failAt-th step fails; if kept, a failing commit has nevertheless reached the disk.
type fakeDisk struct {
	failAt  int
	kept    bool
	steps   int
	failed  bool
	after   int // steps after the failure
	open    []string
	durable []string
	groups  []int
	gate    chan struct{} // if not nil, commit waits for it
	onBegin func()
	idleFor int // empty groups to ask for
}

func (d *fakeDisk) step() error {
	if d.failed {
		d.after++
	}
	d.steps++
	if d.steps-1 == d.failAt {
		d.failed = true
		return errDisk
	}
	return nil
}

func (d *fakeDisk) committer(queueLimit, groupLimit int) *committer {
	return newCommitter(steps{
		begin: func() error {
			if d.onBegin != nil {
				d.onBegin()
			}
			d.open = nil
			return d.step()
		},
		write: func(b []Batch) error {
			for _, b := range b {
				d.open = append(d.open, string(b.Stream))
			}
			return d.step()
		},
		commit: func() error {
			if d.gate != nil {
				<-d.gate
			}
			err := d.step()
			if err == nil || d.kept {
				d.durable = append(d.durable, d.open...)
				d.groups = append(d.groups, len(d.open))
			}
			return err
		},
		idle: func() bool { d.idleFor--; return d.idleFor >= 0 },
	}, queueLimit, groupLimit)
}

func named(name string) []Batch { return []Batch{{Stream: Stream(name)}} }

// runWriters runs writers that append one after the other until an error, and returns what was
// acknowledged to each.
func runWriters(c *committer, writers, appends int) (acked [][]string, errs []error) {
	acked, errs = make([][]string, writers), make([]error, writers)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range appends {
				name := fmt.Sprintf("%d.%03d", w, i)
				if errs[w] = <-c.enqueue(named(name), 1).done; errs[w] != nil {
					return
				}
				acked[w] = append(acked[w], name)
			}
		})
	}
	all.Wait()
	return acked, errs
}

func TestEveryStepThatFailsStopsForGood(t *testing.T) {
	const writers, appends = 4, 6
	for _, kept := range []bool{false, true} {
		for i, done := 0, false; !done; i++ {
			synctest.Test(t, func(t *testing.T) {
				d := &fakeDisk{failAt: i, kept: kept}
				c := d.committer(1<<20, 1<<20)
				go c.run()
				acked, errs := runWriters(c, writers, appends)
				done = !d.failed // every step has had its turn
				c.close()
				require.Zero(t, d.after, "steps after the one that failed")
				for w := range writers {
					var durable []string
					for _, name := range d.durable {
						if strings.HasPrefix(name, fmt.Sprint(w, ".")) {
							durable = append(durable, name)
						}
					}
					require.GreaterOrEqual(t, len(durable), len(acked[w]))
					require.Equal(t, append([]string(nil), durable[:len(acked[w])]...), acked[w], "acknowledged in order, but not durable")
					require.LessOrEqual(t, len(durable), len(acked[w])+1)
					if len(acked[w]) < appends {
						require.ErrorIs(t, errs[w], ErrStopped)
						require.ErrorIs(t, errs[w], errDisk)
					}
				}
				if d.failed {
					require.ErrorIs(t, <-c.enqueue(named("late"), 1).done, ErrStopped)
					require.ErrorIs(t, c.failure(), errDisk)
				}
			})
		}
	}
}

func TestAGroupIsWhateverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &fakeDisk{failAt: -1, gate: make(chan struct{})}
		c := d.committer(1<<20, 1<<20)
		go c.run()
		var waiting []*request
		waiting = append(waiting, c.enqueue(named("first"), 1))
		synctest.Wait() // its commit is under way
		for i := range 100 {
			waiting = append(waiting, c.enqueue(named(fmt.Sprint(i)), 1))
		}
		close(d.gate)
		for _, r := range waiting {
			require.NoError(t, <-r.done)
		}
		c.close()
		require.Equal(t, []int{1, 100}, d.groups)
	})
}

func TestAGroupIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &fakeDisk{failAt: -1, gate: make(chan struct{})}
		c := d.committer(1<<20, 100)
		go c.run()
		var waiting []*request
		for _, size := range []int{1, 60, 40, 1, 500, 2} {
			waiting = append(waiting, c.enqueue(named("x"), size))
			synctest.Wait()
		}
		close(d.gate)
		for _, r := range waiting {
			require.NoError(t, <-r.done)
		}
		c.close()
		require.Equal(t, []int{1, 2, 1, 1, 1}, d.groups)
	})
}

func TestAFullQueueMakesCallersWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &fakeDisk{failAt: -1, gate: make(chan struct{})}
		c := d.committer(100, 1<<20)
		go c.run()
		first := c.enqueue(named("first"), 1)
		synctest.Wait()
		full := c.enqueue(named("full"), 100)
		entered := false
		var late *request
		go func() { late = c.enqueue(named("late"), 1); entered = true }()
		synctest.Wait()
		require.False(t, entered)
		requests, bytes := c.pending()
		require.Equal(t, 1, requests)
		require.Equal(t, 100, bytes)
		close(d.gate)
		require.NoError(t, <-first.done)
		require.NoError(t, <-full.done)
		synctest.Wait()
		require.True(t, entered)
		require.NoError(t, <-late.done)
		// One that is larger than the queue may wait in it alone.
		require.NoError(t, <-c.enqueue(named("large"), 1000).done)
		c.close()
	})
}

func TestAFailureReleasesThoseThatWaitForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &fakeDisk{failAt: 2, gate: make(chan struct{})}
		c := d.committer(100, 1<<20)
		go c.run()
		first := c.enqueue(named("first"), 1)
		synctest.Wait()
		full := c.enqueue(named("full"), 100)
		late := make(chan error)
		go func() { late <- <-c.enqueue(named("late"), 1).done }()
		synctest.Wait()
		close(d.gate)
		require.ErrorIs(t, <-first.done, errDisk)
		require.ErrorIs(t, <-full.done, errDisk)
		require.ErrorIs(t, <-late, errDisk)
		<-c.stopped
	})
}

func TestCloseCommitsWhatIsQueued(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &fakeDisk{failAt: -1, gate: make(chan struct{})}
		c := d.committer(1<<20, 1<<20)
		go c.run()
		first := c.enqueue(named("first"), 1)
		synctest.Wait()
		queued := c.enqueue(named("queued"), 1)
		go c.close()
		synctest.Wait()
		require.ErrorIs(t, <-c.enqueue(named("late"), 1).done, ErrClosed)
		close(d.gate)
		require.NoError(t, <-first.done)
		require.NoError(t, <-queued.done)
		<-c.stopped
		require.Equal(t, []string{"first", "queued"}, d.durable)
	})
}

func TestIdleWorkIsCommittedWhileNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &fakeDisk{failAt: -1, idleFor: 3}
		c := d.committer(1<<20, 1<<20)
		go c.run()
		synctest.Wait()
		require.Equal(t, []int{0, 0, 0}, d.groups)
		c.close()
	})
}
