package node

import (
	"sort"
	"time"
)

// clockSlack is how far the clock may have been set back without a row being missed that was
// made meanwhile: rows are in the order in which they were made, and otherwise so are their times.
const clockSlack = 24 * time.Hour

// window narrows a walk over rows, by index, to those that were made in a time, a zero one is
// open. Rows are looked up by halves, so that a page from the middle of a million costs little.
type window struct {
	db            reader
	bucket        string
	after, before time.Time
	created       func(index uint64) (time.Time, error)
}

func (w *window) open() bool { return w.after.IsZero() && w.before.IsZero() }

// begin is the offset from which a walk has to begin, the caller's or one nearer to the window.
func (w *window) begin(offset uint64, reversed bool) (uint64, error) {
	switch {
	case !reversed && !w.after.IsZero():
		first, err := w.first(w.after.Add(-clockSlack))
		return max(offset, first-1), err
	case reversed && !w.before.IsZero():
		beyond, err := w.first(w.before.Add(clockSlack))
		if offset == 0 || beyond < offset {
			offset = beyond
		}
		return offset, err
	}
	return offset, nil
}

// ends reports whether no row behind the one that was made then can be in the window.
func (w *window) ends(made time.Time, reversed bool) bool {
	if reversed {
		return !w.after.IsZero() && made.Before(w.after.Add(-clockSlack))
	}
	return !w.before.IsZero() && made.After(w.before.Add(clockSlack))
}

// first is the index of the first row that was made then or later, or one more than the last.
func (w *window) first(then time.Time) (uint64, error) {
	last, err := lastIndex(w.db, w.bucket)
	if err != nil {
		return 1, err
	}
	var bad error
	i := sort.Search(int(last), func(i int) bool {
		index, there := uint64(0), false
		err := w.db.Scan(w.bucket, key64(uint64(i)+1), false, func(k, _ []byte) bool {
			index, there = beUint64(k), true
			return false
		})
		if err != nil || !there || bad != nil {
			bad = orElse(bad, err)
			return true
		}
		made, err := w.created(index)
		bad = orElse(bad, err)
		return err != nil || !made.Before(then)
	})
	return uint64(i) + 1, bad
}
