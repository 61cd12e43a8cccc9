package wallet_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/wallet"
)

var password = []byte("correct horse")

// config is that of a wallet of its own on simnet.
func config(t *testing.T) wallet.Config {
	t.Helper()
	return wallet.Config{Dir: t.TempDir(), Params: &chaincfg.SimNetParams, FastScrypt: true}
}

func newSeed(t *testing.T) wallet.Mnemonic {
	t.Helper()
	words, err := wallet.GenSeed(nil, time.Now())
	require.NoError(t, err)
	return words
}

// create makes a wallet that is closed at the end of the test.
func create(t *testing.T, cfg wallet.Config, words wallet.Mnemonic) *wallet.Wallet {
	t.Helper()
	w, err := wallet.Create(cfg, password, words, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	return w
}

func TestSeedNeedsItsWordsAndPassphrase(t *testing.T) {
	words, err := wallet.GenSeed([]byte("mine"), time.Now())
	require.NoError(t, err)
	cfg := config(t)

	_, err = wallet.Create(cfg, password, words, []byte("not mine"))
	require.ErrorIs(t, err, wallet.ErrWrongSeedPassphrase)

	typo := words
	typo[7] = "bitcoin"
	_, err = wallet.Create(cfg, password, typo, []byte("mine"))
	require.ErrorIs(t, err, wallet.ErrMnemonic)
	require.ErrorContains(t, err, "word 8")

	swapped := words
	for i := range swapped[1:] {
		if swapped[0] != swapped[i+1] {
			swapped[0], swapped[i+1] = swapped[i+1], swapped[0]
			break
		}
	}
	_, err = wallet.Create(cfg, password, swapped, []byte("mine"))
	require.ErrorIs(t, err, wallet.ErrMnemonic)
	for i := range words[1:] { // one alone may be a word of the error's own, "seed" for one
		require.NotContains(t, err.Error(), words[i]+" "+words[i+1], "an error must not tell words")
		require.NotContains(t, err.Error(), swapped[i]+" "+swapped[i+1], "an error must not tell words")
	}

	there, err := wallet.Exists(cfg.Dir)
	require.NoError(t, err)
	require.False(t, there, "nothing may be left of a wallet that was not made")
}

func TestCreateOpenAndWrongPassword(t *testing.T) {
	cfg := config(t)
	_, err := wallet.Open(cfg, password)
	require.ErrorIs(t, err, wallet.ErrNotFound)
	_, err = wallet.Create(cfg, []byte("short"), newSeed(t), nil)
	require.ErrorIs(t, err, wallet.ErrShortPassword)

	words := newSeed(t)
	w, err := wallet.Create(cfg, password, words, nil)
	require.NoError(t, err)
	node := w.Keys().NodeKey()
	_, err = wallet.Create(cfg, password, words, nil)
	require.ErrorIs(t, err, wallet.ErrExists)
	require.NoError(t, w.Close())
	require.NoError(t, w.Close(), "a second close does nothing")

	fi, err := os.Stat(filepath.Join(cfg.Dir, "wallet.db"))
	require.NoError(t, err)
	require.EqualValues(t, 0o600, fi.Mode().Perm())

	_, err = wallet.Open(cfg, []byte("incorrect horse"))
	require.ErrorIs(t, err, wallet.ErrWrongPassword)
	w, err = wallet.Open(cfg, password)
	require.NoError(t, err)
	require.True(t, node.IsEqual(w.Keys().NodeKey()))
	require.NoError(t, w.Close())
}

func TestUnfinishedWalletIsNone(t *testing.T) {
	cfg := config(t)
	require.NoError(t, os.WriteFile(filepath.Join(cfg.Dir, "wallet.db.new"), []byte("half"), 0o600))
	_, err := wallet.Open(cfg, password)
	require.ErrorIs(t, err, wallet.ErrNotFound)
	create(t, cfg, newSeed(t))
}

func TestSameSeedSameAddressesAndKeys(t *testing.T) {
	words := newSeed(t)
	type all struct {
		node      string
		addresses []string
		channel   [2]string
		root      [32]byte
		secret    [32]byte
	}
	look := func() (a all) {
		w := create(t, config(t), words)
		a.node = string(w.Keys().NodeKey().SerializeCompressed())
		for range 3 {
			for _, kind := range []wallet.AddressKind{wallet.P2WKH, wallet.P2TR} {
				addr, err := w.NewAddress(t.Context(), kind)
				require.NoError(t, err)
				a.addresses = append(a.addresses, addr.EncodeAddress())
			}
		}
		keys, err := w.Keys().ChannelKeys(7)
		require.NoError(t, err)
		a.channel = [2]string{string(keys.Funding.Serialize()), string(keys.HTLC.Serialize())}
		a.root = keys.Root
		a.secret, err = w.Keys().Secret("test")
		require.NoError(t, err)
		return a
	}
	require.Equal(t, look(), look())
}

func TestChannelKeysDiffer(t *testing.T) {
	w := create(t, config(t), newSeed(t))
	seen := map[string]bool{}
	for index := range uint32(4) {
		s, err := w.Keys().ChannelKeys(index)
		require.NoError(t, err)
		for _, key := range [][]byte{s.Funding.Serialize(), s.Revocation.Serialize(), s.Payment.Serialize(),
			s.Delayed.Serialize(), s.HTLC.Serialize(), s.Root[:]} {
			require.False(t, seen[string(key)], "index %d repeats a key", index)
			seen[string(key)] = true
		}
	}
}
