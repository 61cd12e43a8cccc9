package backup

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What is read and written again is read the same, whatever the bytes.
func FuzzSingle(f *testing.F) {
	v, _ := lnd(f)
	for _, s := range v.Single {
		f.Add([]byte(s.Plain))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, size, err := DecodeSingle(b)
		if err != nil {
			require.ErrorIs(t, err, ErrFormat)
			return
		}
		require.LessOrEqual(t, size, len(b))
		again, err := s.Encode()
		require.NoError(t, err)
		same, size, err := DecodeSingle(again)
		require.NoError(t, err)
		require.Len(t, again, size)
		requireSame(t, s, same)
	})
}

func FuzzMulti(f *testing.F) {
	v, key := lnd(f)
	m, err := key.UnpackMulti(v.Multi)
	require.NoError(f, err)
	plain, err := m.Encode()
	require.NoError(f, err)
	f.Add(plain)
	f.Add([]byte{0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := DecodeMulti(b)
		if err != nil {
			require.ErrorIs(t, err, ErrFormat)
			return
		}
		require.LessOrEqual(t, len(m), len(b)/minSingle)
		again, err := m.Encode()
		require.NoError(t, err)
		same, err := DecodeMulti(again)
		require.NoError(t, err)
		require.Len(t, same, len(m))
		for i := range m {
			requireSame(t, m[i], same[i])
		}
	})
}

// requireSame compares addresses by what they say: an IPv4 address may be written as IPv6.
func requireSame(t *testing.T, a, b *Single) {
	require.Len(t, b.Addresses, len(a.Addresses))
	for i := range a.Addresses {
		require.Equal(t, a.Addresses[i].String(), b.Addresses[i].String())
	}
	x, y := *a, *b
	x.Addresses, y.Addresses = nil, nil
	require.Equal(t, x, y)
}
