package channeldb

import (
	"slices"

	bolt "go.etcd.io/bbolt"
)

// table is a kv bucket while a transaction writes it.
type table struct {
	b     *bolt.Bucket
	count uint64 // its number of rows, kept in the bucket's sequence number
}

// risingFill is how full a page is left whose rows come in order. Some of its rows may yet grow by
// a few bytes.
const risingFill = 0.95

// openKV returns the bucket's table in this transaction, nil if there is no such bucket.
func (db *DB) openKV(name string) *table {
	if t := db.w.kv[name]; t != nil {
		return t
	}
	b := db.w.tx.Bucket([]byte(kvPrefix + name))
	if b == nil {
		return nil
	}
	t := &table{b: b, count: b.Sequence()}
	db.w.kv[name] = t
	if slices.Contains(db.opt.Rising, name) {
		b.FillPercent = risingFill
	}
	return t
}

// putKV writes or deletes one row.
func (db *DB) putKV(kv *KV) error {
	t := db.openKV(kv.Bucket)
	if t == nil {
		if kv.Value == nil {
			return nil
		}
		b, err := db.w.tx.CreateBucket([]byte(kvPrefix + kv.Bucket))
		if err != nil {
			return err
		}
		t = &table{b: b}
		db.w.kv[kv.Bucket] = t
	}
	had := t.b.Get(kv.Key) != nil
	switch {
	case kv.Value != nil:
		if !had {
			t.count++
		}
		return t.b.Put(kv.Key, kv.Value)
	case had:
		t.count--
		return t.b.Delete(kv.Key)
	}
	return nil
}

// close writes the number of rows back.
func (t *table) close() error {
	if t.count == t.b.Sequence() {
		return nil
	}
	return t.b.SetSequence(t.count)
}
