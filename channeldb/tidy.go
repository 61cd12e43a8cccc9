package channeldb

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// tuning bounds what one commit does for its predecessors, and how the file grows. Tests make
// it small.
type tuning struct {
	mapSize   int // bytes of address space at first; to map a larger file anew waits for readers
	growBytes int // bytes the file grows by, each time with a sync of its own

	listAbove   int64 // bytes of the file from which free pages are written down with each commit
	listedPages int   // if they are no more than this

	garbageFloor int // bytes of garbage in the log that are not worth a step
	trimRows     int // rows taken from the log's head, or twice what was appended
	carryBytes   int // bytes carried aside from the head
	inlineRows   int // rows that one batch may delete at once; more become a drop
	dropRows     int // rows deleted on behalf of a drop
	tombs        int // tombstones removed
}

var defaultTuning = tuning{
	mapSize:      512 << 20,
	growBytes:    4 << 20,
	listAbove:    64 << 20,
	listedPages:  1000, // two pages of 4096 bytes
	garbageFloor: 256 << 10,
	trimRows:     128,
	carryBytes:   128 << 10,
	inlineRows:   256,
	dropRows:     512,
	tombs:        64,
}

// tidy does a bounded part of the work that earlier commits left behind.
func (db *DB) tidy() error {
	x := db.index
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := db.advanceDrops(); err != nil {
		return err
	}
	if x.garbage() > db.allowance() {
		if err := db.trim(); err != nil {
			return err
		}
	}
	return db.removeTombstones()
}

// allowance is how much garbage may stay: the log is at most twice what is live, or 256 KiB more.
func (db *DB) allowance() int { return max(db.opt.tuning.garbageFloor, db.index.liveSize) }

// idle says whether tidying is worth a commit of its own while nobody waits. Garbage in the log
// rides on later appends unless a large stream was forgotten.
func (db *DB) idle() bool {
	x := db.index
	return len(x.drops) > 0 || x.garbage() > 2*db.allowance()
}

// trim moves the log's head forward: garbage is deleted, and the tail of a stream that lags is
// carried to a bucket of its own, once, so that no stream can hold the head back.
func (db *DB) trim() error {
	log, err := db.openLog()
	if err != nil {
		return err
	}
	x := db.index
	limit, carried := max(db.opt.tuning.trimRows, 2*db.w.rows), 0
	var dead [][]byte
	c := log.Cursor()
	for k, row := c.First(); k != nil && len(dead) < limit && carried < db.opt.tuning.carryBytes; {
		if len(k) != keySize {
			return fmt.Errorf("%w: log key %x", ErrCorrupt, k)
		}
		seq := binary.BigEndian.Uint64(k)
		more, part, err := readRow(seq, row)
		if err != nil {
			return err
		}
		s, _, err := entryStream(part)
		if err != nil {
			return err
		}
		live := x.isHead(s, seq)
		size := 0
		for last := seq + uint64(more); k != nil && binary.BigEndian.Uint64(k) <= last; k, row = c.Next() {
			if live {
				if err := db.carry(s, k, row); err != nil {
					return err
				}
				carried += len(row)
			}
			size += len(k) + len(row) + rowCost
			dead = append(dead, k)
		}
		x.logSize -= size
		x.head = seq + uint64(more) + 1
		if live {
			x.liveSize -= size
			x.streams[s].carried++
		}
	}
	db.w.deleted += len(dead)
	for _, k := range dead {
		if err := log.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

// isHead says whether the entry at the log's head belongs to its stream's tail.
func (x *index) isHead(s Stream, seq uint64) bool {
	st := x.streams[s]
	return st != nil && st.carried < len(st.tail) && st.tail[st.carried].seq == seq
}

// carry copies a row to the stream's own place.
func (db *DB) carry(s Stream, key, row []byte) error {
	b := db.w.tx.Bucket(carriedBucket)
	return b.Put(carriedKey(s, binary.BigEndian.Uint64(key)), append([]byte{}, row...))
}

// removeTombstones forgets the names of streams of which no row is left.
func (db *DB) removeTombstones() error {
	x := db.index
	for _, d := range x.drops {
		if !strings.HasPrefix(d.bucket, kvPrefix) {
			return nil
		}
	}
	n := 0
	for n < min(len(x.tombs), db.opt.tuning.tombs) && (x.logSize == 0 || x.head > x.tombs[n].base) {
		if err := db.removeTombstone(x.tombs[n]); err != nil {
			return err
		}
		n++
	}
	x.tombs = slices.Delete(x.tombs, 0, n)
	return nil
}

func (db *DB) removeTombstone(t tombstone) error {
	st := db.index.streams[t.stream]
	st.base, st.ended, st.snapshotRows = 0, false, 0
	if len(st.tail) == 0 {
		delete(db.index.streams, t.stream)
	}
	return db.w.tx.Bucket(snapshotBucket).Delete(snapshotKey(t.stream, t.base, 0))
}
