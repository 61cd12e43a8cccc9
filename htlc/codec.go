package htlc

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"
)

// version is the first byte of every fact and snapshot; the oldest that is read is 1.
// Version 2 came with HTLCs that end on chain, version 3 with token channels.
const version = 3

// ErrCorrupt: a fact or a snapshot can't be read, or doesn't fit the channel.
var ErrCorrupt = errors.New("htlc: stored channel is corrupt")

// corrupt wraps ErrCorrupt.
func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrCorrupt, fmt.Sprintf(format, args...))
}

// encoder appends fields; numbers are varints, byte strings carry their length.
type encoder struct{ b []byte }

func (e *encoder) byte(v byte)    { e.b = append(e.b, v) }
func (e *encoder) uint(v uint64)  { e.b = binary.AppendUvarint(e.b, v) }
func (e *encoder) fixed(v []byte) { e.b = append(e.b, v...) }
func (e *encoder) bytes(v []byte) { e.uint(uint64(len(v))); e.fixed(v) }
func (e *encoder) key(k *btcec.PublicKey) {
	if k == nil {
		e.byte(0)
		return
	}
	e.fixed(k.SerializeCompressed())
}

func (e *encoder) bool(v bool) {
	if v {
		e.byte(1)
	} else {
		e.byte(0)
	}
}

func (e *encoder) sigs(sigs []lnwire.Sig) {
	e.uint(uint64(len(sigs)))
	for i := range sigs {
		e.fixed(sigs[i].RawBytes())
	}
}

// decoder reads what encoder wrote. The first error sticks; every length is checked
// against what is left before anything is allocated.
type decoder struct {
	b       []byte
	version byte
	err     error
}

// begin reads the version of what.
func (d *decoder) begin(what string) error {
	if d.version = d.byte(); d.version == 0 || d.version > version {
		return corrupt("%s of version %d, know 1 to %d", what, d.version, version)
	}
	return nil
}

func (d *decoder) fail(what string) {
	if d.err == nil {
		d.err = corrupt("%s with %d bytes left", what, len(d.b))
	}
}

func (d *decoder) take(n uint64) []byte {
	if d.err != nil || n > uint64(len(d.b)) {
		d.fail("field too short")
		return nil
	}
	v := d.b[:n:n]
	d.b = d.b[n:]
	return v
}

func (d *decoder) byte() byte {
	if v := d.take(1); v != nil {
		return v[0]
	}
	return 0
}

func (d *decoder) bool() bool { return d.byte() != 0 }

func (d *decoder) uint() uint64 {
	v, n := binary.Uvarint(d.b)
	if d.err != nil || n <= 0 {
		d.fail("bad number")
		return 0
	}
	d.b = d.b[n:]
	return v
}

// count is a number of items of at least size bytes each.
func (d *decoder) count(size int) int {
	n := d.uint()
	if n > uint64(len(d.b)/size) {
		d.fail("count too large")
		return 0
	}
	return int(n)
}

// bytes is a copy, nil if empty.
func (d *decoder) bytes() []byte { return append([]byte(nil), d.take(d.uint())...) }

func (d *decoder) fixed(to []byte) { copy(to, d.take(uint64(len(to)))) }

func (d *decoder) key() *btcec.PublicKey {
	first := d.byte()
	if first == 0 {
		return nil
	}
	raw := append([]byte{first}, d.take(32)...)
	if d.err != nil {
		return nil
	}
	k, err := btcec.ParsePubKey(raw)
	if err != nil {
		d.fail("bad public key")
	}
	return k
}

func (d *decoder) sigs() []lnwire.Sig {
	n := d.count(64)
	sigs := make([]lnwire.Sig, n)
	for i := range sigs {
		sigs[i], _ = lnwire.NewSigFromWireECDSA(d.take(64))
	}
	return sigs
}

// end reports the first error, or bytes left over.
func (d *decoder) end() error {
	if d.err == nil && len(d.b) > 0 {
		d.fail("trailing bytes")
	}
	return d.err
}

// htlc writes everything but the offerer. The onion is left out once nobody needs it.
func (e *encoder) htlc(h *HTLC, onion bool) {
	e.uint(h.ID)
	e.uint(uint64(h.Amount))
	e.fixed(h.Hash[:])
	e.uint(uint64(h.Expiry))
	e.bool(h.Ref != Ref{})
	if (h.Ref != Ref{}) {
		e.fixed(h.Ref.Chan[:])
		e.uint(h.Ref.ID)
	}
	onion = onion && h.Onion != nil
	e.bool(onion)
	if onion {
		e.fixed(h.Onion[:])
	}
}

func (d *decoder) htlc(offerer Side) *HTLC {
	h := &HTLC{Offerer: offerer, ID: d.uint(), Amount: MilliSat(d.uint())}
	d.fixed(h.Hash[:])
	h.Expiry = uint32(d.uint())
	if d.bool() {
		d.fixed(h.Ref.Chan[:])
		h.Ref.ID = d.uint()
	}
	if d.bool() {
		h.Onion = new([lnwire.OnionPacketSize]byte)
		d.fixed(h.Onion[:])
	}
	return h
}

func (e *encoder) outcome(o *outcome) {
	if o == nil {
		e.byte(0)
		return
	}
	e.byte(byte(o.kind))
	switch o.kind {
	case fulfilled:
		e.fixed(o.preimage[:])
	case failed:
		e.bytes(o.reason)
	case malformed:
		e.uint(uint64(o.code))
		e.fixed(o.onionHash[:])
	}
}

func (d *decoder) outcome() *outcome {
	o := &outcome{kind: outcomeKind(d.byte())}
	switch o.kind {
	case 0:
		return nil
	case fulfilled:
		d.fixed(o.preimage[:])
	case failed:
		o.reason = d.bytes()
	case malformed:
		o.code = uint16(d.uint())
		d.fixed(o.onionHash[:])
	default:
		d.fail("unknown outcome")
	}
	return o
}

// number is a decimal for a text.
func number(n uint64) string { return strconv.FormatUint(n, 10) }
