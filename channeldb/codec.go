package channeldb

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const (
	rowHead = 8 // of a log row: CRC-32C of seq and the rest of the row, then the rows to follow
	keySize = 8 // of a log row
	rowCost = 16

	// rowSize is the most one log row holds of an entry. bbolt keeps at least two rows in a page
	// and rewrites the last page in each commit, so a large entry in one row would be written
	// again with its successors; four rows of this size fill a page of 4096 bytes.
	rowSize = 996 - rowHead
)

// seqKey is a log row's key.
func seqKey(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }

// streamKey is the stream's part of a key in buckets carried and snapshots.
func streamKey(s Stream) []byte {
	key := make([]byte, 0, 1+len(s)+12)
	return append(append(key, byte(len(s))), s...)
}

func carriedKey(s Stream, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(streamKey(s), seq)
}

func snapshotKey(s Stream, seq uint64, part uint32) []byte {
	return binary.BigEndian.AppendUint32(carriedKey(s, seq), part)
}

// splitKey undoes carriedKey; rest is what follows.
func splitKey(key []byte) (s Stream, seq uint64, rest []byte, err error) {
	if len(key) == 0 || len(key) < 1+int(key[0])+8 {
		return "", 0, nil, fmt.Errorf("%w: key %x is too short", ErrCorrupt, key)
	}
	n := 1 + int(key[0])
	return Stream(key[1:n]), binary.BigEndian.Uint64(key[n:]), key[n+8:], nil
}

// appendEntry encodes one batch's facts: the stream, then each fact with its length before it.
func appendEntry(b []byte, s Stream, facts [][]byte) []byte {
	b = append(append(b, byte(len(s))), s...)
	for _, f := range facts {
		b = append(binary.AppendUvarint(b, uint64(len(f))), f...)
	}
	return b
}

// entryStream reads the stream from an entry or its first row.
func entryStream(b []byte) (Stream, []byte, error) {
	if len(b) == 0 || len(b) < 1+int(b[0]) {
		return "", nil, fmt.Errorf("%w: entry of %d bytes has no stream", ErrCorrupt, len(b))
	}
	n := 1 + int(b[0])
	return Stream(b[1:n]), b[n:], nil
}

// eachFact calls fn with the facts of an entry, in order.
func eachFact(b []byte, fn func([]byte) error) error {
	_, b, err := entryStream(b)
	if err != nil {
		return err
	}
	for len(b) > 0 {
		size, n := binary.Uvarint(b)
		if n <= 0 || size > uint64(len(b)-n) {
			return fmt.Errorf("%w: fact of %d bytes in an entry with %d left", ErrCorrupt, size, len(b))
		}
		end := n + int(size)
		if err := fn(b[n:end:end]); err != nil {
			return err
		}
		b = b[end:]
	}
	return nil
}

// appendRow encodes one row of an entry, of which more rows follow.
func appendRow(b []byte, seq uint64, more uint32, part []byte) []byte {
	at := len(b)
	b = append(b, 0, 0, 0, 0)
	b = append(binary.BigEndian.AppendUint32(b, more), part...)
	binary.BigEndian.PutUint32(b[at:], rowSum(seq, b[at+4:]))
	return b
}

func rowSum(seq uint64, rest []byte) uint32 {
	var key [keySize]byte
	binary.BigEndian.PutUint64(key[:], seq)
	return crc32.Update(crc32.Checksum(key[:], castagnoli), castagnoli, rest)
}

// readRow checks a row and returns how many follow it and its part of the entry.
func readRow(seq uint64, row []byte) (more uint32, part []byte, err error) {
	if len(row) < rowHead {
		return 0, nil, fmt.Errorf("%w: row %d has %d bytes", ErrCorrupt, seq, len(row))
	}
	if sum := rowSum(seq, row[4:]); sum != binary.BigEndian.Uint32(row) {
		return 0, nil, fmt.Errorf("%w: row %d has checksum %08x, want %08x", ErrCorrupt, seq, sum, row[:4])
	}
	return binary.BigEndian.Uint32(row[4:]), row[rowHead:], nil
}
