package channeldb

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/nichework/nwnd/channeldb/internal/fault"
)

// Options of Open. The zero value is what a node uses.
type Options struct {
	// Program goes into the file as what created or upgraded it: "nwnd v0.1.0".
	Program string

	// LockTimeout is how long Open waits for another process to let go of the file. 0 is 1 s.
	LockTimeout time.Duration

	// QueueBytes is how much may wait for the committer before callers wait. 0 is 64 MiB.
	QueueBytes int

	// GroupBytes bounds one transaction; a larger append is a group of its own. 0 is 8 MiB.
	GroupBytes int

	// Rising names buckets whose new keys come behind those that are there, or nearly so: their pages
	// are filled, not left half empty for rows that may come between.
	Rising []string

	// Faults makes commits fail; only channeldb/dbtest can make one.
	Faults *fault.Plan

	tuning  *tuning
	formats *formats
}

func (o Options) withDefaults() Options {
	if o.Program == "" {
		o.Program = "nwnd"
	}
	if o.LockTimeout <= 0 {
		o.LockTimeout = time.Second
	}
	if o.QueueBytes <= 0 {
		o.QueueBytes = 64 << 20
	}
	if o.GroupBytes <= 0 {
		o.GroupBytes = 8 << 20
	}
	if o.Faults == nil {
		o.Faults = &fault.Plan{}
	}
	if o.tuning == nil {
		o.tuning = &defaultTuning
	}
	if o.formats == nil {
		o.formats = &current
	}
	return o
}

// DB is an open store. All methods may be called from any goroutine.
type DB struct {
	path   string
	opt    Options
	bolt   *bolt.DB
	group  *committer
	counts counters
	closed atomic.Bool
	broken atomic.Bool // a commit failed: nobody reads or writes any more
	wedged atomic.Bool // and bbolt still holds its lock

	// disk is held for writing while a group is being committed: who holds it for reading
	// finds rows and index in agreement, and what it read before is durable.
	disk    sync.RWMutex
	durable atomic.Int64 // bbolt's id of the last transaction that is
	w       writer       // of the committer, between begin and commit

	index *index
}

// Open opens the store at path, or makes a new one if there is no file. ErrLocked, ErrNewer and
// ErrCorrupt say why it could not; the file is then as it was. A file of an older format is
// upgraded, after a copy of it was made beside it (Kept).
func Open(path string, opt Options) (*DB, error) {
	opt = opt.withDefaults()
	b, err := openFile(path, opt)
	if err != nil {
		return nil, err
	}
	db := &DB{path: path, opt: opt, bolt: b}
	if err := guard(func() error { return b.View(db.load) }); err != nil {
		return nil, errors.Join(fmt.Errorf("channeldb: open %s: %w", path, err), b.Close())
	}
	db.group = newCommitter(steps{db.begin, db.write, db.commit, db.idle}, opt.QueueBytes, opt.GroupBytes)
	go db.group.run()
	return db, nil
}

// Append writes all batches atomically and returns when they are durable. Appends of one caller
// are durable in their order. On ErrStopped it is unknown whether they are on disk. Append() without
// a batch returns when all that was queued before it is durable.
func (db *DB) Append(batches ...Batch) error {
	return <-db.AppendAsync(batches...)
}

// AppendAsync queues the batches now and tells the result later, exactly once; it waits only
// while the queue is full. The batches must not change before the result is there.
func (db *DB) AppendAsync(batches ...Batch) <-chan error {
	size, err := db.check(batches)
	if err != nil {
		refused := make(chan error, 1)
		refused <- err
		return refused
	}
	return db.group.enqueue(batches, size).done
}

func (db *DB) check(batches []Batch) (size int, err error) {
	for i := range batches {
		b := &batches[i]
		if err := b.check(); err != nil {
			return 0, err
		}
		for j := range b.Puts {
			if err := db.index.admit(b.Puts[j].Bucket); err != nil {
				return 0, err
			}
		}
		if size += b.size(); size > MaxAppend {
			return 0, fmt.Errorf("%w: append of more than %d bytes", ErrInvalid, MaxAppend)
		}
	}
	return size, nil
}

// NeedsSnapshot says whether the stream's tail has outgrown its snapshot, so that its owner
// should append a new one.
func (db *DB) NeedsSnapshot(s Stream) bool {
	return db.index.needsSnapshot(s)
}

// Done is closed when the store has stopped, by a failed write or by Close.
func (db *DB) Done() <-chan struct{} { return db.group.stopped }

// Err is nil while the store runs, then ErrStopped with its cause, or ErrClosed.
func (db *DB) Err() error { return db.group.failure() }

// Path is the file's path.
func (db *DB) Path() string { return db.path }

// Close makes durable what is queued, refuses everything after it and closes the file. The
// second call does nothing.
func (db *DB) Close() error {
	if db.closed.Swap(true) {
		return nil
	}
	db.group.close()
	db.disk.Lock()
	defer db.disk.Unlock()
	var err error
	if errors.Is(db.group.failure(), ErrClosed) {
		err = db.writeFreelist()
	}
	if db.wedged.Load() {
		return err
	}
	return errors.Join(err, guard(db.bolt.Close))
}

// writeFreelist spares the next Open the walk over all pages that it makes after a crash.
func (db *DB) writeFreelist() error {
	return guard(func() error {
		db.bolt.NoFreelistSync = false
		return db.bolt.Update(func(*bolt.Tx) error { return nil })
	})
}
