package node

import (
	"encoding/binary"
	"fmt"
	"time"
)

// recordWriter writes the records of this package: fixed-width big-endian numbers and
// length-prefixed bytes, after a version byte.
type recordWriter struct{ b []byte }

func newRecord(version byte) *recordWriter { return &recordWriter{b: []byte{version}} }

func (w *recordWriter) u8(v uint8) *recordWriter { w.b = append(w.b, v); return w }
func (w *recordWriter) u32(v uint32) *recordWriter {
	w.b = binary.BigEndian.AppendUint32(w.b, v)
	return w
}
func (w *recordWriter) u64(v uint64) *recordWriter {
	w.b = binary.BigEndian.AppendUint64(w.b, v)
	return w
}
func (w *recordWriter) raw(v []byte) *recordWriter { w.b = append(w.b, v...); return w }

func (w *recordWriter) bytes(v []byte) *recordWriter {
	w.b = binary.AppendUvarint(w.b, uint64(len(v)))
	w.b = append(w.b, v...)
	return w
}

func (w *recordWriter) time(t time.Time) *recordWriter {
	if t.IsZero() {
		return w.u64(0)
	}
	return w.u64(uint64(t.UnixNano()))
}

func (w *recordWriter) flag(v bool) *recordWriter {
	if v {
		return w.u8(1)
	}
	return w.u8(0)
}

// recordReader reads them back. The first fault sticks; everything after reads as zero.
type recordReader struct {
	b   []byte
	err error
}

// openRecord checks the version byte; a newer one was written by a newer nwnd.
func openRecord(b []byte, version byte) *recordReader {
	r := &recordReader{b: b}
	if got := r.u8(); r.err == nil && got != version {
		r.err = fmt.Errorf("node: stored record has version %d, this nwnd reads %d", got, version)
	}
	return r
}

func (r *recordReader) take(n int) []byte {
	if r.err == nil && (n < 0 || n > len(r.b)) {
		r.err = fmt.Errorf("node: stored record is cut short: %d bytes left, needs %d", len(r.b), n)
	}
	if r.err != nil {
		return make([]byte, min(max(n, 0), 64))
	}
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

func (r *recordReader) u8() uint8   { return r.take(1)[0] }
func (r *recordReader) u32() uint32 { return binary.BigEndian.Uint32(r.take(4)) }
func (r *recordReader) u64() uint64 { return binary.BigEndian.Uint64(r.take(8)) }
func (r *recordReader) flag() bool  { return r.u8() == 1 }

func (r *recordReader) bytes() []byte {
	n, size := binary.Uvarint(r.b)
	if size <= 0 || n > uint64(len(r.b)) {
		if r.err == nil {
			r.err = fmt.Errorf("node: stored record has a bad length")
		}
		return nil
	}
	r.take(size)
	return r.take(int(n))
}

func (r *recordReader) array32() (a [32]byte) {
	copy(a[:], r.take(32))
	return a
}

func (r *recordReader) array33() (a [33]byte) {
	copy(a[:], r.take(33))
	return a
}

func (r *recordReader) time() time.Time {
	if n := r.u64(); n != 0 {
		return time.Unix(0, int64(n))
	}
	return time.Time{}
}

// done reports the first fault, or bytes that nothing claimed.
func (r *recordReader) done() error {
	if r.err == nil && len(r.b) != 0 {
		r.err = fmt.Errorf("node: stored record has %d bytes too many", len(r.b))
	}
	return r.err
}

func key64(v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v) }
