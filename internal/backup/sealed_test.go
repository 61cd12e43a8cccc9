package backup

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/stretchr/testify/require"
)

func TestSealedFileIsReadByItsSeedAlone(t *testing.T) {
	_, a := btcec.PrivKeyFromBytes([]byte{31: 1})
	_, b := btcec.PrivKeyFromBytes([]byte{31: 2})
	f := File{Path: filepath.Join(t.TempDir(), FileName), Key: NewKey(a)}.Beside(TokenFileName)
	plain, err := f.Read()
	require.NoError(t, err)
	require.Nil(t, plain)
	for _, want := range []string{"first", "second, longer"} {
		require.NoError(t, f.Write([]byte(want)))
		plain, err = f.Read()
		require.NoError(t, err)
		require.Equal(t, want, string(plain))
	}
	info, err := os.Stat(f.Path)
	require.NoError(t, err)
	require.EqualValues(t, 0o600, info.Mode().Perm())
	_, err = Sealed{Path: f.Path, Key: NewKey(b)}.Read()
	require.ErrorIs(t, err, ErrKey)
	packed, err := os.ReadFile(f.Path)
	require.NoError(t, err)
	packed[len(packed)-1] ^= 1
	_, err = f.Key.Open(packed)
	require.ErrorIs(t, err, ErrKey)
	require.Equal(t, Sealed{}, File{}.Beside(TokenFileName), "none is kept")
}
