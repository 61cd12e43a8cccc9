package channeldb

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// drop is a range of rows, both ends included, to be deleted in steps. It is in the file until it
// is done, so that a restart in the middle goes on with it.
type drop struct {
	bucket     string
	from, last []byte
	key        []byte // its row in bucket drops
}

// prefixDrop is the drop of all rows below a prefix.
func prefixDrop(p Prefix) drop {
	last := append([]byte{}, p.Prefix...)
	for len(last) < MaxKey {
		last = append(last, 0xff)
	}
	return drop{bucket: kvPrefix + p.Bucket, from: append([]byte{}, p.Prefix...), last: last}
}

// addDrop deletes a short range at once and notes a long one for later.
func (db *DB) addDrop(d drop) error {
	done, err := db.deleteSome(d, db.opt.tuning.inlineRows)
	if err != nil || done {
		return err
	}
	x := db.index
	if _, err := db.openLog(); err != nil {
		return err
	}
	d.key = seqKey(x.next)
	x.next++
	x.drops = append(x.drops, d)
	return db.w.tx.Bucket(dropBucket).Put(d.key, encodeDrop(d))
}

// advanceDrops takes the oldest drop one step further.
func (db *DB) advanceDrops() error {
	x := db.index
	if len(x.drops) == 0 {
		return nil
	}
	d := x.drops[0]
	done, err := db.deleteSome(d, db.opt.tuning.dropRows)
	if err != nil || !done {
		return err
	}
	x.drops = append(x.drops[:0:0], x.drops[1:]...)
	return db.w.tx.Bucket(dropBucket).Delete(d.key)
}

// deleteSome deletes up to limit rows of the drop and says whether none is left.
func (db *DB) deleteSome(d drop, limit int) (done bool, err error) {
	name, isKV := strings.CutPrefix(d.bucket, kvPrefix)
	if !isKV {
		n, done, err := deleteRange(db.w.tx.Bucket([]byte(d.bucket)), d.from, d.last, limit)
		db.w.deleted += n
		return done, err
	}
	t := db.openKV(name)
	if t == nil {
		return true, nil
	}
	n, done, err := deleteRange(t.b, d.from, d.last, limit)
	t.count -= uint64(n)
	db.w.deleted += n
	return done, err
}

// deleteRange deletes up to limit rows of [from, last] and says whether none is left.
func deleteRange(b *bolt.Bucket, from, last []byte, limit int) (n int, done bool, err error) {
	keys := make([][]byte, 0, min(limit, 64))
	c := b.Cursor()
	k, _ := c.Seek(from)
	for ; k != nil && bytes.Compare(k, last) <= 0; k, _ = c.Next() {
		if len(keys) == limit {
			break
		}
		keys = append(keys, k)
	}
	done = k == nil || bytes.Compare(k, last) > 0
	for _, k := range keys { // after the walk: deleting under a cursor makes it skip rows
		if err := b.Delete(k); err != nil {
			return 0, false, err
		}
	}
	return len(keys), done, nil
}

func encodeDrop(d drop) []byte {
	var b []byte
	for _, field := range [][]byte{[]byte(d.bucket), d.from, d.last} {
		b = append(binary.AppendUvarint(b, uint64(len(field))), field...)
	}
	return b
}

func decodeDrop(key, b []byte) (drop, error) {
	var fields [3][]byte
	rest := b
	for i := range fields {
		size, n := binary.Uvarint(rest)
		if n <= 0 || size > uint64(len(rest)-n) {
			return drop{}, fmt.Errorf("%w: drop %x of %d bytes", ErrCorrupt, key, len(b))
		}
		fields[i] = append([]byte{}, rest[n:n+int(size)]...)
		rest = rest[n+int(size):]
	}
	return drop{bucket: string(fields[0]), from: fields[1], last: fields[2], key: append([]byte{}, key...)}, nil
}
