package channeldb

import (
	"fmt"
	"sync"
)

// snapshotFloor is the tail, in bytes, below which a snapshot is never worth writing.
const snapshotFloor = 64 << 10

// entry is one batch's facts in the log: rows consecutive sequence numbers from seq on.
type entry struct {
	seq  uint64
	rows uint32
	size uint32 // bytes of the rows, with their keys
}

// state is what memory knows of one stream.
type state struct {
	life uint64 // the tail is another one when this is

	base         uint64 // facts up to this seq are in the snapshot, or forgotten
	ended        bool   // base is a tombstone, there is no snapshot
	snapshotSize int
	snapshotRows uint32

	tail     []entry // the facts since base, in order
	carried  int     // how many of them, from the front, are in the carried bucket
	tailSize int
}

func (st *state) empty() bool { return len(st.tail) == 0 && (st.base == 0 || st.ended) }

// logged is the bytes of the tail that lie in the log.
func (st *state) logged() (n int) {
	for _, e := range st.tail[st.carried:] {
		n += int(e.size)
	}
	return n
}

// index is what memory knows of the file: where each stream's facts are, never the facts. The
// committer alone changes it, holding both DB.disk and mu; so either lock is enough to read it.
type index struct {
	mu      sync.Mutex
	streams map[Stream]*state
	buckets map[string]bool

	next     uint64 // seq of the next row
	head     uint64 // the log's first row has this seq or a later one
	logSize  int    // bytes of all rows in the log
	liveSize int    // bytes of those that belong to a tail

	drops []drop      // oldest first
	tombs []tombstone // oldest first
}

const tombSize = 128

// tombstone is a forgotten stream of which rows may be left.
type tombstone struct {
	stream Stream
	base   uint64
}

func newIndex() *index {
	return &index{streams: map[Stream]*state{}, buckets: map[string]bool{}, next: 1, head: 1}
}

// stream returns the stream's state, made if it is new.
func (x *index) stream(s Stream) *state {
	st := x.streams[s]
	if st == nil {
		st = &state{life: x.next}
		x.streams[s] = st
	}
	return st
}

// garbage is the bytes in the log that nobody needs. A tombstone goes when the head has passed
// it, so it counts like a row.
func (x *index) garbage() int { return x.logSize - x.liveSize + tombSize*len(x.tombs) }

func (x *index) needsSnapshot(s Stream) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	st := x.streams[s]
	return st != nil && st.tailSize > max(snapshotFloor, 2*st.snapshotSize)
}

// admit counts a bucket's name toward the limit of a file.
func (x *index) admit(bucket string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.buckets[bucket] && len(x.buckets) >= maxBuckets {
		return fmt.Errorf("%w: bucket %q is one more than %d", ErrInvalid, bucket, maxBuckets)
	}
	x.buckets[bucket] = true
	return nil
}
