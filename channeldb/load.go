package channeldb

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// load builds the index from snapshots, tails and what is still to be dropped: never from history.
func (db *DB) load(tx *bolt.Tx) error {
	x := newIndex()
	db.index = x
	db.durable.Store(int64(tx.ID()))
	for _, name := range [][]byte{logBucket, carriedBucket, snapshotBucket, dropBucket} {
		if tx.Bucket(name) == nil {
			return fmt.Errorf("%w: no bucket %q", ErrCorrupt, name)
		}
	}
	x.next = max(1, tx.Bucket(logBucket).Sequence())
	steps := []func(*bolt.Tx) error{x.loadBuckets, x.loadSnapshots, x.loadCarried, x.loadLog, x.loadDrops}
	for _, step := range steps {
		if err := step(tx); err != nil {
			return err
		}
	}
	return nil
}

func (x *index) loadBuckets(tx *bolt.Tx) error {
	return tx.ForEach(func(name []byte, _ *bolt.Bucket) error {
		if kv, ok := strings.CutPrefix(string(name), kvPrefix); ok {
			x.buckets[kv] = true
		}
		return nil
	})
}

// loadSnapshots finds each stream's last snapshot or tombstone; older ones are being dropped.
func (x *index) loadSnapshots(tx *bolt.Tx) error {
	b := tx.Bucket(snapshotBucket)
	c := b.Cursor()
	var order ascending
	for k, _ := c.First(); k != nil; {
		s, _, _, err := splitKey(k)
		if err = errors.Join(err, order.next(k)); err != nil {
			return err
		}
		after := append(streamKey(s), "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"...)
		next, _ := c.Seek(after)
		var last []byte
		if next == nil {
			last, _ = c.Last()
		} else {
			last, _ = c.Prev()
		}
		_, seq, part, err := splitKey(last)
		if err != nil || len(part) != 4 {
			return fmt.Errorf("%w: snapshot key %x", ErrCorrupt, last)
		}
		kind, size, _, _, err := snapshotInfo(b.Get(snapshotKey(s, seq, 0)))
		if err != nil {
			return err
		}
		x.streams[s] = &state{life: seq, base: seq, ended: kind == kindTombstone, snapshotSize: size,
			snapshotRows: binary.BigEndian.Uint32(part) + 1}
		if kind == kindTombstone {
			x.tombs = append(x.tombs, tombstone{s, seq})
		}
		x.next = max(x.next, seq+1)
		if next != nil {
			next, _ = c.Seek(after)
		}
		k = next
	}
	slices.SortFunc(x.tombs, func(a, b tombstone) int { return cmp.Compare(a.base, b.base) })
	return nil
}

// loadCarried finds the tails that lie aside; rows that a snapshot replaced are being dropped.
func (x *index) loadCarried(tx *bolt.Tx) error {
	c := tx.Bucket(carriedBucket).Cursor()
	var order ascending
	for k, row := c.First(); k != nil; {
		s, seq, _, err := splitKey(k)
		if err = errors.Join(err, order.next(k)); err != nil {
			return err
		}
		if st := x.streams[s]; st != nil && seq <= st.base {
			k, row = c.Seek(carriedKey(s, st.base+1))
			continue
		}
		e := entry{seq: seq}
		for more := uint32(1); more > 0; k, row = c.Next() {
			if string(k) != string(carriedKey(s, seq+uint64(e.rows))) {
				return fmt.Errorf("%w: carried row %d of %q is missing", ErrCorrupt, seq+uint64(e.rows), s)
			}
			if more, err = e.grow(seq, row); err != nil {
				return err
			}
		}
		st := x.stream(s)
		st.tail = append(st.tail, e)
		st.carried++
		st.tailSize += int(e.size)
		x.next = max(x.next, seq+uint64(e.rows))
	}
	return nil
}

// grow adds the entry's next row and returns how many are to follow.
func (e *entry) grow(seq uint64, row []byte) (more uint32, err error) {
	more, _, err = readRow(seq+uint64(e.rows), row)
	e.rows++
	e.size += uint32(keySize + len(row) + rowCost)
	return more, err
}

func (x *index) loadLog(tx *bolt.Tx) error {
	c := tx.Bucket(logBucket).Cursor()
	var order ascending
	x.head = x.next
	for k, row := c.First(); k != nil; {
		if len(k) != keySize || len(row) < rowHead {
			return fmt.Errorf("%w: log row %x of %d bytes", ErrCorrupt, k, len(row))
		}
		e := entry{seq: binary.BigEndian.Uint64(k)}
		s, _, err := entryStream(row[rowHead:])
		if err = errors.Join(err, order.next(k)); err != nil {
			return err
		}
		x.head = min(x.head, e.seq)
		for more := uint32(1); more > 0; k, row = c.Next() {
			if len(k) != keySize || binary.BigEndian.Uint64(k) != e.seq+uint64(e.rows) {
				return fmt.Errorf("%w: log row %d is missing", ErrCorrupt, e.seq+uint64(e.rows))
			}
			if more, err = e.grow(e.seq, row); err != nil {
				return err
			}
		}
		x.logSize += int(e.size)
		x.next = max(x.next, e.seq+uint64(e.rows))
		if st := x.streams[s]; st != nil && e.seq <= st.base {
			continue
		}
		st := x.stream(s)
		st.tail = append(st.tail, e)
		st.tailSize += int(e.size)
		x.liveSize += int(e.size)
	}
	return nil
}

// ascending holds a walk to the order of keys: in a damaged file they may go round in circles.
type ascending struct{ last []byte }

func (a *ascending) next(key []byte) error {
	if a.last != nil && bytes.Compare(key, a.last) <= 0 {
		return fmt.Errorf("%w: key %x comes after %x", ErrCorrupt, key, a.last)
	}
	a.last = key
	return nil
}

func (x *index) loadDrops(tx *bolt.Tx) error {
	return tx.Bucket(dropBucket).ForEach(func(k, v []byte) error {
		d, err := decodeDrop(k, v)
		if err != nil {
			return err
		}
		x.drops = append(x.drops, d)
		if len(k) == keySize {
			x.next = max(x.next, binary.BigEndian.Uint64(k)+1)
		}
		return nil
	})
}
