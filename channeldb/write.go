package channeldb

import (
	"errors"
	"fmt"
	"math"

	bolt "go.etcd.io/bbolt"
)

// writer is one group on its way into one transaction.
type writer struct {
	tx      *bolt.Tx
	log     *bolt.Bucket // nil until something touches it
	kv      map[string]*table
	rows    int // written to the log
	deleted int // rows of whatever bucket, on behalf of earlier commits
	commits uint64
	payload int
	appends int
	buf     []byte // rows of the log; bbolt refers to it until the commit is done
	entry   []byte
}

// begin is a step of the committer: it takes the disk from the readers until commit.
func (db *DB) begin() error {
	db.disk.Lock()
	var err error
	err = guard(func() error {
		db.w.tx, err = db.bolt.Begin(true)
		return err
	})
	if err != nil {
		db.broken.Store(true)
		db.disk.Unlock()
		return err
	}
	w := &db.w
	w.log, w.kv, w.rows, w.deleted, w.payload, w.appends = nil, map[string]*table{}, 0, 0, 0, 0
	w.buf = w.buf[:0]
	return nil
}

// write is a step of the committer: it puts one request into the transaction.
func (db *DB) write(batches []Batch) error {
	db.index.mu.Lock()
	defer db.index.mu.Unlock()
	err := guard(func() error {
		for i := range batches {
			if err := db.put(&batches[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		db.abandon()
	}
	return err
}

// commit is a step of the committer: it tidies a little, syncs and gives the disk back.
func (db *DB) commit() error {
	w, n := &db.w, db.w.commits
	id := int64(w.tx.ID())
	err := guard(func() error {
		if err := db.tidy(); err != nil {
			return err
		}
		if w.log != nil {
			if err := w.log.SetSequence(db.index.next); err != nil {
				return err
			}
		}
		for _, t := range w.kv {
			if err := t.close(); err != nil {
				return err
			}
		}
		db.chooseFreelist()
		if before := db.opt.Faults.Before; before != nil {
			if err := before(n); err != nil {
				return err
			}
		}
		if err := w.tx.Commit(); err != nil {
			return err
		}
		if after := db.opt.Faults.After; after != nil {
			return after(n)
		}
		return nil
	})
	if err != nil {
		db.abandon()
		return err
	}
	db.durable.Store(id)
	w.commits++
	w.tx = nil
	db.counts.committed(w)
	db.disk.Unlock()
	return nil
}

// chooseFreelist decides whether the commit writes the free pages down. Usually not: the next Open
// after a crash finds them by walking the file. In a large file that would take long, so
// there they are written as long as they are few.
func (db *DB) chooseFreelist() {
	s := db.bolt.Stats()
	few := s.FreePageN+s.PendingPageN <= db.opt.tuning.listedPages
	db.bolt.NoFreelistSync = !few || db.w.tx.Size() < db.opt.tuning.listAbove
}

// abandon gives up after an error. From here readers are refused: what they would see may not be
// on disk.
func (db *DB) abandon() {
	db.broken.Store(true)
	// The error to report is the one that led here. A transaction that cannot even be
	// rolled back keeps bbolt's lock, so Close must not wait for it.
	if err := guard(db.w.tx.Rollback); errors.Is(err, ErrCorrupt) {
		db.wedged.Store(true)
	}
	db.disk.Unlock()
}

// put writes one batch.
func (db *DB) put(b *Batch) error {
	db.w.appends++
	db.w.payload += b.size()
	for i := range b.Puts {
		if err := db.putKV(&b.Puts[i]); err != nil {
			return err
		}
	}
	for i := range b.Drops {
		if err := db.addDrop(prefixDrop(b.Drops[i])); err != nil {
			return err
		}
	}
	switch {
	case b.Forget:
		return db.putSnapshot(b.Stream, nil, true)
	case b.Snapshot != nil:
		return db.putSnapshot(b.Stream, b.Snapshot, false)
	case len(b.Facts) > 0:
		return db.putFacts(b.Stream, b.Facts)
	}
	return nil
}

// putFacts appends one entry to the log.
func (db *DB) putFacts(s Stream, facts [][]byte) error {
	w, x := &db.w, db.index
	w.entry = appendEntry(w.entry[:0], s, facts)
	rows := (len(w.entry) + rowSize - 1) / rowSize
	if uint64(len(w.entry)) > math.MaxUint32 {
		return fmt.Errorf("%w: entry of %d bytes", ErrInvalid, len(w.entry))
	}
	log, err := db.openLog()
	if err != nil {
		return err
	}
	e := entry{seq: x.next, rows: uint32(rows)}
	for part, left := w.entry, rows; left > 0; left-- {
		at := len(w.buf)
		n := min(rowSize, len(part))
		w.buf = appendRow(w.buf, x.next, uint32(left-1), part[:n])
		row := w.buf[at:len(w.buf):len(w.buf)]
		if err := log.Put(seqKey(x.next), row); err != nil {
			return err
		}
		e.size += uint32(len(row) + keySize + rowCost)
		part = part[n:]
		x.next++
	}
	w.rows += rows
	st := x.stream(s)
	st.tail = append(st.tail, e)
	st.tailSize += int(e.size)
	x.logSize += int(e.size)
	x.liveSize += int(e.size)
	return nil
}

func (db *DB) openLog() (*bolt.Bucket, error) {
	if db.w.log == nil {
		db.w.log = db.w.tx.Bucket(logBucket)
		if db.w.log == nil {
			return nil, fmt.Errorf("%w: no bucket %q", ErrCorrupt, logBucket)
		}
		db.w.log.FillPercent = 1 // it grows at its end only
	}
	return db.w.log, nil
}
