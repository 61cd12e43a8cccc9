package channeldb

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
)

// After a crash bbolt finds the free pages by walking the whole tree, and where that meets
// damage it panics on a goroutine of its own, which nobody can recover. So such a file's tree is
// walked here first, with plain reads. Of a file that was closed only the list of buckets is: a small
// bucket lies in it and bbolt copies it to the heap, where a position that is wrong leads to whatever
// lies there. In the file's own memory it leads to other pages, or to a fault, which guard catches.
// The layout is bbolt's, version 2, in the machine's byte order:
//
//	page    id u64, flags u16, count u16, overflow u32, then elements
//	meta    magic, version, page size, flags u32; root, seq, freelist, pages, txid, sum u64
//	branch  pos, key size u32, child u64
//	leaf    flags, pos, key size, value size u32; pos counts from the element
const (
	pageHead    = 16
	bucketHead  = 16
	elementSize = 16

	branchPage = 1
	leafPage   = 2
	bucketLeaf = 1 // a leaf element whose value begins with the root of a bucket

	noFreelist = ^uint64(0)
	maxDepth   = 32
)

var native = binary.NativeEndian

// walker checks a tree of pages. Each page may be met once.
type walker struct {
	f        *os.File
	pageSize int
	pages    uint64 // the tree's pages have smaller ids
	seen     []byte // a bit per page
	list     bool   // only the list of buckets, not what is in them
}

// checkPages walks the tree that transaction txid made: its list of buckets if its free pages are in
// the file, else all of it.
func checkPages(path string, pageSize int, txid uint64) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	root, freelist, pages, err := readMeta(f, pageSize, txid)
	if err != nil {
		return err
	}
	w := &walker{f: f, pageSize: pageSize, pages: pages, seen: make([]byte, pages/8+1), list: freelist != noFreelist}
	_, err = w.walk(root, nil, nil, 0)
	return err
}

// readMeta reads the meta page that transaction txid wrote.
func readMeta(f *os.File, pageSize int, txid uint64) (root, freelist, pages uint64, err error) {
	meta := make([]byte, 64)
	for id := range int64(2) {
		if _, err := f.ReadAt(meta, id*int64(pageSize)+pageHead); err != nil {
			return 0, 0, 0, fmt.Errorf("%w: meta page %d: %w", ErrCorrupt, id, err)
		}
		if native.Uint64(meta[48:]) == txid {
			return native.Uint64(meta[16:]), native.Uint64(meta[32:]), native.Uint64(meta[40:]), nil
		}
	}
	return 0, 0, 0, fmt.Errorf("%w: no meta page of transaction %d", ErrCorrupt, txid)
}

// walk checks the tree below page id, whose keys are in [low, high), and returns the last.
func (w *walker) walk(id uint64, low, high []byte, depth int) (last []byte, err error) {
	p, err := w.read(id)
	if err != nil {
		return nil, err
	}
	flags, count := native.Uint16(p[8:]), int(native.Uint16(p[10:]))
	switch {
	case depth > maxDepth:
		return nil, fmt.Errorf("%w: page %d is %d pages below the root", ErrCorrupt, id, depth)
	case flags != branchPage && flags != leafPage:
		return nil, fmt.Errorf("%w: page %d has flags %x", ErrCorrupt, id, flags)
	case pageHead+count*elementSize > len(p), flags == branchPage && count == 0:
		return nil, fmt.Errorf("%w: page %d has %d elements", ErrCorrupt, id, count)
	}
	last = low
	for i := range count {
		e := p[pageHead+i*elementSize:]
		key, value, err := element(e, flags)
		if err != nil {
			return nil, fmt.Errorf("%w: page %d, element %d", err, id, i)
		}
		if order := bytes.Compare(key, last); order < 0 || order == 0 && i > 0 || high != nil && bytes.Compare(key, high) >= 0 {
			return nil, fmt.Errorf("%w: page %d, element %d is out of order", ErrCorrupt, id, i)
		}
		last = key
		switch {
		case flags == branchPage:
			below := high
			if i+1 < count {
				if below, _, err = element(e[elementSize:], flags); err != nil {
					return nil, fmt.Errorf("%w: page %d, element %d", err, id, i+1)
				}
			}
			last, err = w.walk(native.Uint64(e[8:]), key, below, depth+1)
		case native.Uint32(e)&bucketLeaf != 0:
			err = w.bucket(value, depth)
		}
		if err != nil {
			return nil, err
		}
	}
	return last, nil
}

// bucket checks the tree of a bucket, or the page that lies in the value if it is small.
func (w *walker) bucket(value []byte, depth int) error {
	if len(value) < bucketHead {
		return fmt.Errorf("%w: bucket of %d bytes", ErrCorrupt, len(value))
	}
	root := native.Uint64(value)
	if root == 0 {
		return inline(value[bucketHead:])
	}
	if w.list {
		return nil
	}
	_, err := w.walk(root, nil, nil, depth+1)
	return err
}

// inline checks the page of a small bucket.
func inline(p []byte) error {
	if len(p) < pageHead || native.Uint16(p[8:]) != leafPage || pageHead+int(native.Uint16(p[10:]))*elementSize > len(p) {
		return fmt.Errorf("%w: bucket in a value of %d bytes", ErrCorrupt, len(p))
	}
	var last []byte
	for i := range int(native.Uint16(p[10:])) {
		e := p[pageHead+i*elementSize:]
		key, _, err := element(e, leafPage)
		if err != nil || native.Uint32(e)&bucketLeaf != 0 || i > 0 && bytes.Compare(key, last) <= 0 {
			return fmt.Errorf("%w: element %d of a bucket in a value", ErrCorrupt, i)
		}
		last = key
	}
	return nil
}

// element returns the key of an element, which begins at e, and the value if it is in a leaf.
func element(e []byte, flags uint16) (key, value []byte, err error) {
	pos, keySize, valueSize := native.Uint32(e), native.Uint32(e[4:]), uint32(0)
	if flags == leafPage {
		pos, keySize, valueSize = native.Uint32(e[4:]), native.Uint32(e[8:]), native.Uint32(e[12:])
	}
	at, mid := uint64(pos), uint64(pos)+uint64(keySize)
	end := mid + uint64(valueSize)
	if end > uint64(len(e)) {
		return nil, nil, fmt.Errorf("%w: element ends at %d of %d", ErrCorrupt, end, len(e))
	}
	return e[at:mid], e[mid:end], nil
}

// read returns a page with its overflow and marks it as seen.
func (w *walker) read(id uint64) ([]byte, error) {
	if id < 2 || id >= w.pages {
		return nil, fmt.Errorf("%w: page %d, of %d", ErrCorrupt, id, w.pages)
	}
	p := make([]byte, w.pageSize)
	if _, err := w.f.ReadAt(p, int64(id)*int64(w.pageSize)); err != nil {
		return nil, fmt.Errorf("%w: page %d: %w", ErrCorrupt, id, err)
	}
	n := uint64(native.Uint32(p[12:])) + 1
	if self := native.Uint64(p); self != id || n > w.pages-id {
		return nil, fmt.Errorf("%w: page %d says it is %d, with %d after it", ErrCorrupt, id, self, n-1)
	}
	for i := id; i < id+n; i++ {
		if w.seen[i/8]&(1<<(i%8)) != 0 {
			return nil, fmt.Errorf("%w: page %d is in two places", ErrCorrupt, i)
		}
		w.seen[i/8] |= 1 << (i % 8)
	}
	if n > 1 {
		p = make([]byte, n*uint64(w.pageSize))
		if _, err := w.f.ReadAt(p, int64(id)*int64(w.pageSize)); err != nil {
			return nil, fmt.Errorf("%w: page %d: %w", ErrCorrupt, id, err)
		}
	}
	return p, nil
}
