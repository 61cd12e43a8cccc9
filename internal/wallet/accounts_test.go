package wallet_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/wallet"
)

func TestAccountsCountTheirKeys(t *testing.T) {
	w := create(t, config(t), newSeed(t))
	before, err := w.Accounts()
	require.NoError(t, err)
	require.Len(t, before, 2)
	require.Equal(t, wallet.P2WKH, before[0].Kind)
	require.Equal(t, wallet.P2TR, before[1].Kind)
	require.Regexp(t, `^m/84'/\d+'/0'$`, before[0].Path)
	require.Regexp(t, `^m/86'/\d+'/0'$`, before[1].Path)
	require.NotEqual(t, before[0].Key, before[1].Key)
	for _, a := range before {
		require.Equal(t, "default", a.Name)
		require.Contains(t, a.Key, "pub", "never the private key")
	}
	_, err = w.NewAddress(t.Context(), wallet.P2TR)
	require.NoError(t, err)
	after, err := w.Accounts()
	require.NoError(t, err)
	require.Equal(t, before[0].External, after[0].External)
	require.Equal(t, before[1].External+1, after[1].External)
}
