package backup

import (
	"encoding/binary"
	"slices"
)

// Multi is the backup of all channels of a node.
type Multi []*Single

// multiVersion is the only version of a Multi.
const multiVersion = 0

// minSingle is less than any Single takes.
const minSingle = 64

// Encode writes a Multi as lnd does, not encrypted.
func (m Multi) Encode() ([]byte, error) {
	out := binary.BigEndian.AppendUint32([]byte{multiVersion}, uint32(len(m)))
	for _, s := range m {
		b, err := s.Encode()
		if err != nil {
			return nil, err
		}
		out = append(out, b...)
	}
	return out, nil
}

// DecodeMulti reads a Multi that is not encrypted.
func DecodeMulti(b []byte) (Multi, error) {
	const head = 5
	switch {
	case len(b) < head:
		return nil, malformed("%d bytes", len(b))
	case b[0] != multiVersion:
		return nil, malformed("it has version %d, this nwnd reads %d", b[0], multiVersion)
	}
	count := binary.BigEndian.Uint32(b[1:])
	b = b[head:]
	if int64(count) > int64(len(b)/minSingle) {
		return nil, malformed("%d channels in %d bytes", count, len(b))
	}
	m := make(Multi, 0, count)
	for range count {
		s, size, err := DecodeSingle(b)
		if err != nil {
			return nil, err
		}
		m, b = append(m, s), b[size:]
	}
	if len(b) > 0 {
		return nil, malformed("%d bytes too many", len(b))
	}
	return m, nil
}

// Find is the channel with that funding output, nil if there is none.
func (m Multi) Find(s *Single) *Single {
	if i := slices.IndexFunc(m, func(o *Single) bool { return o.Point == s.Point }); i >= 0 {
		return m[i]
	}
	return nil
}
