package channeldb

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func FuzzEntry(f *testing.F) {
	f.Add([]byte("stream"), []byte("first"), []byte{})
	f.Fuzz(func(t *testing.T, s, a, b []byte) {
		if len(s) > 255 {
			return
		}
		raw := appendEntry(nil, Stream(s), [][]byte{a, b})
		got, _, err := entryStream(raw)
		require.NoError(t, err)
		require.Equal(t, Stream(s), got)
		var facts [][]byte
		require.NoError(t, eachFact(raw, func(f []byte) error { facts = append(facts, f); return nil }))
		require.Len(t, facts, 2)
		require.True(t, bytes.Equal(a, facts[0]) && bytes.Equal(b, facts[1]))
	})
}

// FuzzDecode feeds all that is read from the file with anything: a result or ErrCorrupt, and no
// fact larger than what it came from.
func FuzzDecode(f *testing.F) {
	f.Add(appendEntry(nil, "s", [][]byte{{1}, {2, 3}}))
	f.Add(appendRow(nil, 7, 1, []byte("part")))
	f.Add(snapshotKey("s", 1, 2))
	f.Add(encodeDrop(drop{bucket: "kv:b", from: []byte("a"), last: []byte("b")}))
	f.Fuzz(func(t *testing.T, b []byte) {
		check := func(err error) {
			if err != nil && !errors.Is(err, ErrCorrupt) {
				t.Fatal(err)
			}
		}
		size := 0
		check(eachFact(b, func(f []byte) error { size += len(f); return nil }))
		require.LessOrEqual(t, size, len(b))
		_, _, err := readRow(7, b)
		check(err)
		_, _, _, err = splitKey(b)
		check(err)
		_, n, _, _, err := snapshotInfo(b)
		check(err)
		require.LessOrEqual(t, n, MaxAppend)
		_, err = decodeDrop(nil, b)
		check(err)
		for _, flags := range []uint16{branchPage, leafPage} {
			if len(b) >= elementSize {
				_, _, err = element(b, flags)
				check(err)
			}
		}
	})
}

func TestARowIsBoundToItsPlace(t *testing.T) {
	row := appendRow(nil, 7, 2, []byte("part"))
	more, part, err := readRow(7, row)
	require.NoError(t, err)
	require.EqualValues(t, 2, more)
	require.Equal(t, "part", string(part))
	_, _, err = readRow(8, row)
	require.ErrorIs(t, err, ErrCorrupt)
}
