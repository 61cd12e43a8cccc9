package channeldb

import (
	"fmt"
	"runtime"
	"sync"
)

// steps are what the committer does with a group of requests; with them as functions it is
// tested without a database. They are called from its goroutine only, and after the first error
// never again.
type steps struct {
	begin  func() error
	write  func([]Batch) error
	commit func() error // all written since begin is durable when it returns nil
	idle   func() bool  // whether an empty group is worth committing while nobody waits
}

// request is one Append on its way through the committer.
type request struct {
	batches []Batch
	size    int
	done    chan error // buffered, gets exactly one value
}

// committer gathers the requests of all owners into groups. Invariants:
//   - a request is in exactly one group, groups are committed one after the other in the order
//     of enqueuing, so each caller's order is the order on disk;
//   - a group is whatever waits when the one before it is done: there is no timer, a lone caller
//     never waits for company;
//   - after a failed step nothing is begun, written or committed again.
type committer struct {
	steps      steps
	queueLimit int // bytes queued beyond which callers wait
	groupLimit int // bytes in one transaction

	mu      sync.Mutex
	work    sync.Cond // the committer waits here for requests
	room    sync.Cond // callers wait here for space in the queue
	queue   []*request
	bytes   int // of the queue
	closing bool
	err     error         // why it stopped; nil while it runs
	stopped chan struct{} // closed when err is set and no step will run again
}

func newCommitter(s steps, queueLimit, groupLimit int) *committer {
	c := &committer{steps: s, queueLimit: queueLimit, groupLimit: groupLimit, stopped: make(chan struct{})}
	c.work.L, c.room.L = &c.mu, &c.mu
	return c
}

// enqueue hands batches to the committer; it waits while the queue is full. The
// request completes through its done channel, with the error if it is refused.
func (c *committer) enqueue(batches []Batch, size int) *request {
	r := &request{batches: batches, size: size, done: make(chan error, 1)}
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.err == nil && !c.closing && len(c.queue) > 0 && c.bytes+size > c.queueLimit {
		c.room.Wait()
	}
	switch {
	case c.err != nil:
		r.done <- c.err
	case c.closing:
		r.done <- ErrClosed
	default:
		c.queue = append(c.queue, r)
		c.bytes += size
		c.work.Signal()
	}
	return r
}

// run commits groups until close or a failed step.
func (c *committer) run() {
	var group []*request
	for {
		var ok bool
		if group, ok = c.take(group[:0]); !ok {
			c.stop(ErrClosed)
			return
		}
		if err := c.commit(group); err != nil {
			err = fmt.Errorf("%w: %w", ErrStopped, err)
			c.stop(err)
			finish(group, err)
			return
		}
		finish(group, nil)
		// Let those it served come back first: otherwise they and those who came meanwhile
		// take turns in two half groups, each waiting for the other's sync.
		runtime.Gosched()
	}
}

// take waits for work and moves what waits, up to the group limit, into group.
func (c *committer) take(group []*request) ([]*request, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.queue) == 0 {
		if c.closing {
			return nil, false
		}
		if c.steps.idle() {
			return group, true
		}
		c.work.Wait()
	}
	n, size := 0, 0
	for n < len(c.queue) && (n == 0 || size+c.queue[n].size <= c.groupLimit) {
		size += c.queue[n].size
		n++
	}
	group = append(group, c.queue[:n]...)
	left := copy(c.queue, c.queue[n:])
	clear(c.queue[left:])
	c.queue = c.queue[:left]
	c.bytes -= size
	c.room.Broadcast()
	return group, true
}

func (c *committer) commit(group []*request) error {
	if err := c.steps.begin(); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	for _, r := range group {
		if err := c.steps.write(r.batches); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	if err := c.steps.commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// stop refuses everything that waits and everything to come.
func (c *committer) stop(err error) {
	c.mu.Lock()
	c.err = err
	waiting := c.queue
	c.queue, c.bytes = nil, 0
	c.work.Broadcast()
	c.room.Broadcast()
	c.mu.Unlock()
	close(c.stopped)
	finish(waiting, err)
}

// close lets what is queued become durable, refuses the rest and waits for the committer's end.
func (c *committer) close() {
	c.mu.Lock()
	c.closing = true
	c.work.Broadcast()
	c.room.Broadcast()
	c.mu.Unlock()
	<-c.stopped
}

// failure is why the committer stopped, nil while it runs.
func (c *committer) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// pending is how many requests and bytes wait.
func (c *committer) pending() (requests, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.queue), c.bytes
}

func finish(group []*request, err error) {
	for _, r := range group {
		r.done <- err
	}
}
