package node

import (
	"sync"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
)

// job is one thing for a driver to do: an input for the channel, records that must be
// durable together with its facts, and what follows once they are.
type job struct {
	in    htlc.Input     // nil when only records are to be written
	puts  []channeldb.KV // written in the same transaction as the facts
	after func()         // runs on the driver's goroutine when all of it is durable
	peer  peerConn       // with htlc.Connected: where messages go from now on
}

// Bounds of the peer's messages that wait for one driver; its reader blocks beyond, which
// TCP turns into backpressure. A batch of 483 HTLCs and what commits it fits.
const (
	maxPeerJobs  = 1024
	maxPeerBytes = 2 << 20
)

// Bounds of the local jobs that are taken at once: their records are one append
// (channeldb.MaxAppend).
const (
	maxLocalJobs  = 4096
	maxLocalBytes = 4 << 20
)

// inbox is a driver's queue. Local jobs never block: HTLC limits bound what the switch
// can owe a channel. The peer's messages wait for room.
type inbox struct {
	mu     sync.Mutex
	room   sync.Cond
	local  []job
	remote []job
	bytes  int // of remote
	closed bool
	ready  chan struct{} // capacity 1
}

func newInbox() *inbox {
	b := &inbox{ready: make(chan struct{}, 1)}
	b.room.L = &b.mu
	return b
}

// post queues local jobs. It reports false when the driver has ended.
func (b *inbox) post(jobs ...job) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.local = append(b.local, jobs...)
	b.signal()
	return true
}

// receive queues what comes from the peer or tells of its connection, in order.
func (b *inbox) receive(j job) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	size := j.size()
	for len(b.remote) > 0 && (len(b.remote) >= maxPeerJobs || b.bytes+size > maxPeerBytes) && !b.closed {
		b.room.Wait()
	}
	if b.closed {
		return false
	}
	b.remote, b.bytes = append(b.remote, j), b.bytes+size
	b.signal()
	return true
}

// giveBack returns what was taken and not done; it is taken again first.
func (b *inbox) giveBack(jobs []job) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var local, remote []job
	for _, j := range jobs {
		switch j.in.(type) {
		case htlc.Recv, htlc.Connected, htlc.Disconnected:
			remote = append(remote, j)
			b.bytes += j.size()
		default:
			local = append(local, j)
		}
	}
	b.local, b.remote = append(local, b.local...), append(remote, b.remote...)
	b.signal()
}

func (b *inbox) signal() {
	select {
	case b.ready <- struct{}{}:
	default:
	}
}

// take empties the inbox as far as one append goes: local jobs first, which the channel
// answers one by one and never lets end a batch, then the peer's up to the next change of its
// connection, since what belongs to one connection must not be sent on another.
func (b *inbox) take() []job {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for n < len(b.remote) && (n == 0 || !changesConnection(b.remote[n].in)) {
		n++
		if changesConnection(b.remote[n-1].in) {
			break
		}
	}
	l := b.localBatch()
	batch := make([]job, 0, l+n)
	batch = append(append(batch, b.local[:l]...), b.remote[:n]...)
	for i := range b.remote[:n] {
		b.bytes -= b.remote[i].size()
	}
	b.local, b.remote = rest(b.local, l), rest(b.remote, n)
	if len(b.local)+len(b.remote) > 0 {
		b.signal()
	}
	b.room.Broadcast()
	return batch
}

// localBatch is how many local jobs are taken at once.
func (b *inbox) localBatch() int {
	bytes := 0
	for i := range b.local {
		if bytes += b.local[i].size(); i > 0 && (i == maxLocalJobs || bytes > maxLocalBytes) {
			return i
		}
	}
	return len(b.local)
}

// rest is what is behind the first n; what was taken is let go.
func rest(jobs []job, n int) []job {
	clear(jobs[:n])
	if n == len(jobs) {
		return nil
	}
	return jobs[n:]
}

func changesConnection(in htlc.Input) bool {
	switch in.(type) {
	case htlc.Connected, htlc.Disconnected:
		return true
	}
	return false
}

// close ends the queue; whoever waits for room gives up.
func (b *inbox) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.room.Broadcast()
}
