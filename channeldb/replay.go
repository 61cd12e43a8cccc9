package channeldb

import (
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// Streams lists the streams that have a snapshot or facts, in the order of their names.
func (db *DB) Streams() ([]Stream, error) {
	var names []Stream
	err := db.viewIndex(func(*bolt.Tx) error {
		for s, st := range db.index.streams {
			if !st.empty() {
				names = append(names, s)
			}
		}
		return nil
	})
	slices.Sort(names)
	return names, err
}

// Replay gives a stream back to its owner: its snapshot, unless it has none, then every fact
// since in the order of appending. The slices are the owner's. It reads the tail as it is when it
// begins; ErrChanged says that a snapshot replaced it meanwhile. The first error of a callback ends it.
func (db *DB) Replay(s Stream, snapshot, fact func([]byte) error) error {
	var (
		life uint64
		tail []entry
		last []byte
	)
	err := db.viewIndex(func(tx *bolt.Tx) (err error) {
		st := db.index.streams[s]
		if st == nil {
			return nil
		}
		life, tail = st.life, slices.Clone(st.tail)
		if st.base > 0 && !st.ended {
			last, err = readSnapshot(tx.Bucket(snapshotBucket), s, st.base)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("channeldb: replay %x: %w", string(s), err)
	}
	if last != nil {
		if err := snapshot(last); err != nil {
			return err
		}
	}
	for len(tail) > 0 {
		page, n, err := db.readTail(s, life, tail)
		if err != nil {
			return fmt.Errorf("channeldb: replay %x: %w", string(s), err)
		}
		tail = tail[n:]
		for _, e := range page {
			if err := eachFact(e, fact); err != nil {
				return err
			}
		}
	}
	return nil
}

// readTail copies the first entries of tail, n of them, at most a page.
func (db *DB) readTail(s Stream, life uint64, tail []entry) (page [][]byte, n int, err error) {
	err = db.viewIndex(func(tx *bolt.Tx) error {
		st := db.index.streams[s]
		if st == nil || st.life != life {
			return ErrChanged
		}
		log, aside := tx.Bucket(logBucket), tx.Bucket(carriedBucket)
		for size := 0; n < len(tail) && n < pageRows && size < pageBytes; n++ {
			e := tail[n]
			get := func(seq uint64) []byte { return log.Get(seqKey(seq)) }
			if e.seq < db.index.head {
				get = func(seq uint64) []byte { return aside.Get(carriedKey(s, seq)) }
			}
			raw, err := readEntry(e, get)
			if err != nil {
				return err
			}
			page = append(page, raw)
			size += len(raw)
		}
		return nil
	})
	return page, n, err
}

// readEntry puts an entry's rows together.
func readEntry(e entry, get func(seq uint64) []byte) ([]byte, error) {
	raw := make([]byte, 0, e.size)
	for i := uint32(0); i < e.rows; i++ {
		seq := e.seq + uint64(i)
		more, part, err := readRow(seq, get(seq))
		if err != nil {
			return nil, err
		}
		if more != e.rows-1-i {
			return nil, fmt.Errorf("%w: row %d says %d follow, want %d", ErrCorrupt, seq, more, e.rows-1-i)
		}
		raw = append(raw, part...)
	}
	return raw, nil
}
