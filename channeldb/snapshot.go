package channeldb

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"

	bolt "go.etcd.io/bbolt"
)

const (
	// partSize is the most one row holds of a snapshot: two such rows fill two pages of 4096
	// bytes, so that a new snapshot hardly rewrites its neighbours.
	partSize = 4000

	snapshotHead = 13 // kind, size u64, CRC-32C, before the bytes of part 0

	kindSnapshot  = 1
	kindTombstone = 2
)

// putSnapshot makes the stream's state up to now be the snapshot, or nothing if it has ended.
func (db *DB) putSnapshot(s Stream, snapshot []byte, ended bool) error {
	x := db.index
	st := x.streams[s]
	if st == nil || st.empty() {
		if ended {
			return nil // it never was
		}
		st = x.stream(s)
	}
	seq := x.next
	x.next++
	if _, err := db.openLog(); err != nil { // its sequence number moves on
		return err
	}
	if err := db.retire(s, st); err != nil {
		return err
	}
	rows, err := putParts(db.w.tx.Bucket(snapshotBucket), s, seq, snapshot, ended)
	if err != nil {
		return err
	}
	if st.ended { // and lived again: the new base stands for the old one too
		x.tombs = slices.DeleteFunc(x.tombs, func(t tombstone) bool { return t.stream == s })
	}
	*st = state{life: seq, base: seq, ended: ended, snapshotSize: len(snapshot), snapshotRows: rows}
	if ended {
		x.tombs = append(x.tombs, tombstone{s, seq})
	}
	return nil
}

func putParts(b *bolt.Bucket, s Stream, seq uint64, snapshot []byte, ended bool) (rows uint32, err error) {
	head := make([]byte, 0, snapshotHead+min(len(snapshot), partSize))
	kind := byte(kindSnapshot)
	if ended {
		kind = kindTombstone
	}
	head = append(head, kind)
	head = binary.BigEndian.AppendUint64(head, uint64(len(snapshot)))
	head = binary.BigEndian.AppendUint32(head, crc32.Checksum(snapshot, castagnoli))
	n := min(len(snapshot), partSize-snapshotHead)
	part, left := append(head, snapshot[:n]...), snapshot[n:]
	for {
		if err := b.Put(snapshotKey(s, seq, rows), part); err != nil {
			return 0, err
		}
		rows++
		if len(left) == 0 {
			return rows, nil
		}
		n := min(len(left), partSize)
		part, left = left[:n], left[n:]
	}
}

// retire deletes the stream's old snapshot and the carried part of its tail, in steps if they
// are long. What lies in the log is garbage from now on.
func (db *DB) retire(s Stream, st *state) error {
	x := db.index
	x.liveSize -= st.logged()
	if st.base > 0 {
		old := drop{
			bucket: string(snapshotBucket),
			from:   snapshotKey(s, st.base, 0),
			last:   snapshotKey(s, st.base, st.snapshotRows),
		}
		if err := db.addDrop(old); err != nil {
			return err
		}
	}
	if st.carried > 0 {
		aside := drop{bucket: string(carriedBucket), from: carriedKey(s, 0), last: carriedKey(s, x.next-1)}
		if err := db.addDrop(aside); err != nil {
			return err
		}
	}
	return nil
}

// snapshotInfo reads part 0 of a snapshot.
func snapshotInfo(part []byte) (kind byte, size int, sum uint32, data []byte, err error) {
	if len(part) < snapshotHead {
		return 0, 0, 0, nil, fmt.Errorf("%w: snapshot row of %d bytes", ErrCorrupt, len(part))
	}
	kind, n := part[0], binary.BigEndian.Uint64(part[1:])
	if kind != kindSnapshot && kind != kindTombstone || n > MaxAppend {
		return 0, 0, 0, nil, fmt.Errorf("%w: snapshot of kind %d with %d bytes", ErrCorrupt, kind, n)
	}
	return kind, int(n), binary.BigEndian.Uint32(part[9:]), part[snapshotHead:], nil
}

// readSnapshot returns a copy of the stream's snapshot.
func readSnapshot(b *bolt.Bucket, s Stream, seq uint64) ([]byte, error) {
	_, size, sum, data, err := snapshotInfo(b.Get(snapshotKey(s, seq, 0)))
	if err != nil {
		return nil, err
	}
	snapshot := append(make([]byte, 0, size), data...)
	for part := uint32(1); len(snapshot) < size; part++ {
		data := b.Get(snapshotKey(s, seq, part))
		if len(data) == 0 || len(data) > size-len(snapshot) {
			return nil, fmt.Errorf("%w: part %d of a snapshot of %d bytes has %d", ErrCorrupt, part, size, len(data))
		}
		snapshot = append(snapshot, data...)
	}
	if got := crc32.Checksum(snapshot, castagnoli); len(snapshot) != size || got != sum {
		return nil, fmt.Errorf("%w: snapshot has %d bytes and checksum %08x, want %d and %08x",
			ErrCorrupt, len(snapshot), got, size, sum)
	}
	return snapshot, nil
}
