package wallet_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"

	"github.com/nichework/nwnd/internal/wallet"
)

// A wallet that a newer program upgraded is refused, with the reason, and left as it is.
func TestAWalletOfANewerFormatIsRefused(t *testing.T) {
	cfg := config(t)
	w, err := wallet.Create(cfg, password, newSeed(t), nil)
	require.NoError(t, err)
	require.NoError(t, w.Close())

	path := filepath.Join(cfg.Dir, "wallet.db")
	db, err := bolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, db.Update(func(tx *bolt.Tx) error {
		main := tx.Bucket([]byte("waddrmgr")).Bucket([]byte("main"))
		version := binary.LittleEndian.Uint32(main.Get([]byte("mgrver")))
		return main.Put([]byte("mgrver"), binary.LittleEndian.AppendUint32(nil, version+1))
	}))
	require.NoError(t, db.Close())
	version := func() (v []byte) {
		db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
		require.NoError(t, err)
		defer db.Close()
		require.NoError(t, db.View(func(tx *bolt.Tx) error {
			v = bytes.Clone(tx.Bucket([]byte("waddrmgr")).Bucket([]byte("main")).Get([]byte("mgrver")))
			return nil
		}))
		return v
	}
	before := version()
	_, err = wallet.Open(cfg, password)
	require.ErrorIs(t, err, wallet.ErrNewer)
	require.ErrorContains(t, err, "use that one or a later one")
	require.Equal(t, before, version())
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}
