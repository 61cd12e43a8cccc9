package channeldb

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// A reader copies one page of rows and lets go of the file before it calls back: a slow callback
// delays no commit, and one that appends cannot deadlock.
const (
	pageRows  = 256
	pageBytes = 1 << 20
)

// view runs f on rows that are durable when it returns. It waits for the committer only if
// bbolt lets it see a transaction whose last sync is still under way.
func (db *DB) view(f func(*bolt.Tx) error) error {
	if db.broken.Load() {
		return db.stopped()
	}
	var seen int
	err := guard(func() error {
		return db.bolt.View(func(tx *bolt.Tx) error {
			seen = tx.ID()
			return f(tx)
		})
	})
	if errors.Is(err, bolterrors.ErrDatabaseNotOpen) {
		return ErrClosed
	}
	if int64(seen) > db.durable.Load() {
		return errors.Join(err, db.still(func() error { return nil }))
	}
	return err
}

// stopped is why nobody reads any more.
func (db *DB) stopped() error {
	if err := db.group.failure(); err != nil {
		return err
	}
	return ErrStopped // the committer is about to say why
}

// viewIndex runs f on rows and index between two commits.
func (db *DB) viewIndex(f func(*bolt.Tx) error) error {
	return db.still(func() error { return db.view(f) })
}

// still runs f between two commits.
func (db *DB) still(f func() error) error {
	db.disk.RLock()
	defer db.disk.RUnlock()
	if db.broken.Load() {
		return db.stopped()
	}
	return f()
}

// Get returns a copy of a row's value, nil if there is none; an empty value is not nil.
func (db *DB) Get(bucket string, key []byte) (value []byte, err error) {
	err = db.view(func(tx *bolt.Tx) error {
		if b := tx.Bucket([]byte(kvPrefix + bucket)); b != nil {
			if v := b.Get(key); v != nil {
				value = append([]byte{}, v...)
			}
		}
		return nil
	})
	return value, err
}

// Count returns the bucket's number of rows, in constant time.
func (db *DB) Count(bucket string) (n uint64, err error) {
	err = db.view(func(tx *bolt.Tx) error {
		if b := tx.Bucket([]byte(kvPrefix + bucket)); b != nil {
			n = b.Sequence()
		}
		return nil
	})
	return n, err
}

// LastKey returns the bucket's greatest key, nil if it is empty.
func (db *DB) LastKey(bucket string) (key []byte, err error) {
	err = db.view(func(tx *bolt.Tx) error {
		if b := tx.Bucket([]byte(kvPrefix + bucket)); b != nil {
			if k, _ := b.Cursor().Last(); k != nil {
				key = append([]byte{}, k...)
			}
		}
		return nil
	})
	return key, err
}

// Scan calls fn with rows in the order of their keys until it returns false: from the first key
// >= from, or downward from the last key <= from. A nil from is the first or the last row. The
// slices are the caller's. Rows written while it runs may or may not be seen.
func (db *DB) Scan(bucket string, from []byte, reverse bool, fn func(k, v []byte) (more bool)) error {
	return db.scan(bucket, position{key: from, reverse: reverse, open: from == nil}, fn)
}

// ScanPrefix is Scan, upward, over the rows whose keys begin with prefix.
func (db *DB) ScanPrefix(bucket string, prefix []byte, fn func(k, v []byte) (more bool)) error {
	return db.Scan(bucket, prefix, false, func(k, v []byte) bool {
		return bytes.HasPrefix(k, prefix) && fn(k, v)
	})
}

func (db *DB) scan(bucket string, at position, fn func(k, v []byte) bool) error {
	var page []KV
	rows := 8 // then more: who wants one row should not pay for a page
	for {
		page = page[:0]
		err := db.view(func(tx *bolt.Tx) (err error) {
			if b := tx.Bucket([]byte(kvPrefix + bucket)); b != nil {
				page, err = at.read(b.Cursor(), page, rows)
			}
			return err
		})
		if err != nil {
			return err
		}
		for _, row := range page {
			if !fn(row.Key, row.Value) {
				return nil
			}
		}
		if len(page) == 0 {
			return nil
		}
		at = position{key: slices.Clone(page[len(page)-1].Key), reverse: at.reverse, after: true}
		rows = min(rows*4, pageRows)
	}
}

// position is where a scan goes on.
type position struct {
	key     []byte
	reverse bool
	open    bool // from the end of the bucket that the scan starts from
	after   bool // key itself was seen
}

// read appends copies of the next rows to page.
func (p position) read(c *bolt.Cursor, page []KV, rows int) ([]KV, error) {
	k, v := p.seek(c)
	last := p.key
	for size := 0; k != nil && len(page) < rows && size < pageBytes; {
		// In a damaged file keys may go round in circles.
		order := bytes.Compare(k, last)
		if p.reverse {
			order = -order
		}
		if last != nil && (order < 0 || order == 0 && (p.after || len(page) > 0)) {
			return nil, fmt.Errorf("%w: key %x comes after %x", ErrCorrupt, k, last)
		}
		last = k
		page = append(page, KV{Key: append([]byte{}, k...), Value: append([]byte{}, v...)})
		size += len(k) + len(v)
		if p.reverse {
			k, v = c.Prev()
		} else {
			k, v = c.Next()
		}
	}
	return page, nil
}

func (p position) seek(c *bolt.Cursor) (k, v []byte) {
	switch {
	case p.open && p.reverse:
		return c.Last()
	case p.open:
		return c.First()
	}
	k, v = c.Seek(p.key)
	same := k != nil && bytes.Equal(k, p.key)
	switch {
	case !p.reverse && same && p.after:
		return c.Next()
	case !p.reverse, same && !p.after:
		return k, v
	case k == nil:
		return c.Last()
	}
	return c.Prev()
}
