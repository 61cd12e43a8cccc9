package onion

import "encoding/binary"

// appendBigSize appends n in BOLT 1's variable-length form.
func appendBigSize(out []byte, n uint64) []byte {
	switch {
	case n < 0xfd:
		return append(out, byte(n))
	case n <= 0xffff:
		return binary.BigEndian.AppendUint16(append(out, 0xfd), uint16(n))
	case n <= 0xffff_ffff:
		return binary.BigEndian.AppendUint32(append(out, 0xfe), uint32(n))
	default:
		return binary.BigEndian.AppendUint64(append(out, 0xff), n)
	}
}

// readBigSize reads a BigSize from the front of in; size is the bytes it took,
// 0 when in is too short or the number is not in its shortest form.
func readBigSize(in []byte) (n uint64, size int) {
	if len(in) == 0 {
		return 0, 0
	}
	var least uint64
	switch in[0] {
	case 0xfd:
		size, least = 3, 0xfd
	case 0xfe:
		size, least = 5, 0x1_0000
	case 0xff:
		size, least = 9, 0x1_0000_0000
	default:
		return uint64(in[0]), 1
	}
	if len(in) < size {
		return 0, 0
	}
	for _, b := range in[1:size] {
		n = n<<8 | uint64(b)
	}
	if n < least {
		return 0, 0
	}
	return n, size
}

// appendRecord appends type, length and value.
func appendRecord(out []byte, typ uint64, value []byte) []byte {
	out = appendBigSize(out, typ)
	out = appendBigSize(out, uint64(len(value)))
	return append(out, value...)
}

func bigEndian(n uint64) []byte {
	return binary.BigEndian.AppendUint64(nil, n)
}

// truncated is n without its leading zero bytes (BOLT 1, tu32 and tu64).
func truncated(n uint64) []byte {
	out := bigEndian(n)
	for len(out) > 0 && out[0] == 0 {
		out = out[1:]
	}
	return out
}

// readTruncated reads a truncated integer of at most max bytes.
func readTruncated(in []byte, max int) (n uint64, ok bool) {
	if len(in) > max || len(in) > 0 && in[0] == 0 {
		return 0, false
	}
	for _, b := range in {
		n = n<<8 | uint64(b)
	}
	return n, true
}
