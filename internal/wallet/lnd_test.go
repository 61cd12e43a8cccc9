package wallet_test

import (
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/btcutil/hdkeychain"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/txscript"
	"github.com/lightningnetwork/lnd/aezeed"
	"github.com/lightningnetwork/lnd/keychain"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/wallet"
)

// TestKeysAreWhereLndHasThem derives by BIP 32 alone what lnd documents: the node's key at
// m/1017'/coin'/6'/0/0, channel keys and that of backups by family, coins at m/84'/0'/0' and m/86'/0'/0'.
func TestKeysAreWhereLndHasThem(t *testing.T) {
	for _, tc := range []struct {
		params *chaincfg.Params
		coin   uint32
	}{
		{&chaincfg.SimNetParams, 1},
		{&chaincfg.RegressionNetParams, 1},
		{&chaincfg.MainNetParams, 0},
	} {
		t.Run(tc.params.Name, func(t *testing.T) {
			words := newSeed(t)
			m := aezeed.Mnemonic(words)
			seed, err := m.ToCipherSeed(nil)
			require.NoError(t, err)
			root, err := hdkeychain.NewMaster(seed.Entropy[:], tc.params)
			require.NoError(t, err)
			at := func(path ...uint32) *hdkeychain.ExtendedKey {
				key := root
				for i, n := range path {
					if i < 3 {
						n += hdkeychain.HardenedKeyStart
					}
					// btcwallet, and so lnd, drops leading zeros of a parent's key, against
					// BIP 32; one seed in some dozens tells the difference.
					//lint:ignore SA1019 it is what has to be matched
					key, err = key.DeriveNonStandard(n)
					require.NoError(t, err)
				}
				return key
			}
			private := func(family keychain.KeyFamily, index uint32) []byte {
				key, err := at(1017, tc.coin, uint32(family), 0, index).ECPrivKey()
				require.NoError(t, err)
				return key.Serialize()
			}
			cfg := config(t)
			cfg.Params = tc.params
			w := create(t, cfg, words)

			require.Equal(t, private(keychain.KeyFamilyNodeKey, 0), w.Keys().NodePrivate().Serialize())
			for _, index := range []uint32{0, 1, 25} {
				s, err := w.Keys().ChannelKeys(index)
				require.NoError(t, err)
				require.Equal(t, private(keychain.KeyFamilyMultiSig, index), s.Funding.Serialize())
				require.Equal(t, private(keychain.KeyFamilyRevocationBase, index), s.Revocation.Serialize())
				require.Equal(t, private(keychain.KeyFamilyHtlcBase, index), s.HTLC.Serialize())
				require.Equal(t, private(keychain.KeyFamilyPaymentBase, index), s.Payment.Serialize())
				require.Equal(t, private(keychain.KeyFamilyDelayBase, index), s.Delayed.Serialize())
			}
			pub, err := w.Keys().BackupKey()
			require.NoError(t, err)
			base, err := at(1017, tc.coin, uint32(keychain.KeyFamilyBaseEncryption), 0, 0).ECPubKey()
			require.NoError(t, err)
			require.True(t, base.IsEqual(pub))
			for i := range uint32(3) {
				key, err := at(84, 0, 0, 0, i).ECPubKey()
				require.NoError(t, err)
				wkh, err := btcutil.NewAddressWitnessPubKeyHash(
					btcutil.Hash160(key.SerializeCompressed()), tc.params)
				require.NoError(t, err)
				got, err := w.NewAddress(t.Context(), wallet.P2WKH)
				require.NoError(t, err)
				require.Equal(t, wkh.EncodeAddress(), got.EncodeAddress())

				key, err = at(86, 0, 0, 0, i).ECPubKey()
				require.NoError(t, err)
				tr, err := btcutil.NewAddressTaproot(
					txscript.ComputeTaprootKeyNoScript(key).SerializeCompressed()[1:], tc.params)
				require.NoError(t, err)
				got, err = w.NewAddress(t.Context(), wallet.P2TR)
				require.NoError(t, err)
				require.Equal(t, tr.EncodeAddress(), got.EncodeAddress())
			}
		})
	}
}
