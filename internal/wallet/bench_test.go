package wallet_test

import (
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/wallet"
)

func BenchmarkChannelKeys(b *testing.B) {
	words, err := wallet.GenSeed(nil, time.Now())
	require.NoError(b, err)
	w, err := wallet.Create(wallet.Config{Dir: b.TempDir(), Params: &chaincfg.SimNetParams, FastScrypt: true},
		password, words, nil)
	require.NoError(b, err)
	defer func() { require.NoError(b, w.Close()) }()
	index := uint32(0)
	for b.Loop() {
		_, err := w.Keys().ChannelKeys(index)
		require.NoError(b, err)
		index++
	}
}
