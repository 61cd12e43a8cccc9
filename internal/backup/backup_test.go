package backup

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/stretchr/testify/require"
)

func otherKey(t *testing.T) Key {
	key, err := btcec.NewPrivateKey()
	require.NoError(t, err)
	return NewKey(key.PubKey())
}

func TestAnotherSeedOrAChangedByteIsRefused(t *testing.T) {
	v, key := lnd(t)
	_, err := otherKey(t).UnpackMulti(v.Multi)
	require.ErrorIs(t, err, ErrKey)
	for _, at := range []int{0, 30, len(v.Multi) - 1} {
		changed := slices.Clone(v.Multi)
		changed[at] ^= 1
		_, err := key.UnpackMulti(changed)
		require.ErrorIs(t, err, ErrKey, at)
	}
	for _, size := range []int{0, 23, 24, 39} {
		_, err := key.UnpackMulti(v.Multi[:size])
		require.ErrorIs(t, err, ErrFormat, size)
	}
}

func TestCutOrPaddedBackupsAreRefused(t *testing.T) {
	v, key := lnd(t)
	m, err := key.UnpackMulti(v.Multi)
	require.NoError(t, err)
	plain, err := m[1:2].Encode() // without a CloseTx, which has no length of its own
	require.NoError(t, err)
	for size := range plain {
		_, err := DecodeMulti(plain[:size])
		require.ErrorIs(t, err, ErrFormat, size)
	}
	_, err = DecodeMulti(append(slices.Clone(plain), 0))
	require.ErrorIs(t, err, ErrFormat)
}

func TestUnknownVersionsAreNamed(t *testing.T) {
	v, _ := lnd(t)
	plain := slices.Clone(v.Single[3].Plain)
	plain[0] = 9
	_, _, err := DecodeSingle(plain)
	require.ErrorIs(t, err, ErrFormat)
	require.ErrorContains(t, err, "unknown (9)")
	_, err = DecodeMulti([]byte{1, 0, 0, 0, 0})
	require.ErrorContains(t, err, "version 1")
	s := Single{Version: 9}
	_, err = s.Encode()
	require.ErrorContains(t, err, "unknown (9)")
}

// A count that the bytes can't hold must not make room for it.
func TestCountIsBoundedByTheBytes(t *testing.T) {
	_, err := DecodeMulti([]byte{0, 255, 255, 255, 255})
	require.ErrorIs(t, err, ErrFormat)
}

func TestKeyIsNoText(t *testing.T) {
	key := otherKey(t)
	text := fmt.Sprintf("%v %+v %#v %s", key, key, key, key)
	require.NotContains(t, text, fmt.Sprintf("%x", key.secret))
	require.NotContains(t, text, fmt.Sprint(key.secret[0], key.secret[1]))
}

func TestFileIsReplacedWhole(t *testing.T) {
	v, key := lnd(t)
	m, err := key.UnpackMulti(v.Multi)
	require.NoError(t, err)
	f := File{Path: filepath.Join(t.TempDir(), FileName), Key: key}
	none, err := f.Read()
	require.NoError(t, err)
	require.Empty(t, none)
	for _, want := range []Multi{m, m[:2], {}} {
		require.NoError(t, f.Write(want))
		got, err := f.Read()
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	all, err := os.ReadDir(filepath.Dir(f.Path))
	require.NoError(t, err)
	require.Len(t, all, 1, "a temporary file is left")
	info, err := os.Stat(f.Path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

// What can't be written leaves the old file as it was.
func TestFailedWriteKeepsTheOldFile(t *testing.T) {
	v, key := lnd(t)
	m, err := key.UnpackMulti(v.Multi)
	require.NoError(t, err)
	f := File{Path: filepath.Join(t.TempDir(), FileName), Key: key}
	require.NoError(t, f.Write(m))
	require.NoError(t, os.Mkdir(filepath.Join(filepath.Dir(f.Path), tempName), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(f.Path), tempName, "x"), nil, 0o600))
	require.Error(t, f.Write(m[:1]))
	got, err := f.Read()
	require.NoError(t, err)
	require.Equal(t, m, got)
}

func TestFileOfAnotherSeedIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	require.NoError(t, File{Path: path, Key: otherKey(t)}.Write(Multi{}))
	_, err := File{Path: path, Key: otherKey(t)}.Read()
	require.ErrorIs(t, err, ErrKey)
	require.ErrorContains(t, err, path)
}
