package wallet_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/wallet"
)

func TestThePasswordCanBeChanged(t *testing.T) {
	cfg := config(t)
	w := create(t, cfg, newSeed(t))
	before := w.Keys().NodePrivate()
	require.ErrorIs(t, w.ChangePassword(password, []byte("short")), wallet.ErrShortPassword)
	require.ErrorIs(t, w.ChangePassword([]byte("not this one"), []byte("another one")), wallet.ErrWrongPassword)
	require.NoError(t, w.ChangePassword(password, []byte("another one")))
	_, err := w.NewAddress(t.Context(), wallet.P2TR)
	require.NoError(t, err, "it stays open")
	require.NoError(t, w.Close())
	_, err = wallet.Open(cfg, password)
	require.ErrorIs(t, err, wallet.ErrWrongPassword)
	again, err := wallet.Open(cfg, []byte("another one"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, again.Close()) })
	require.True(t, before.PubKey().IsEqual(again.Keys().NodePrivate().PubKey()))
}
