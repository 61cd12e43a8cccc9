package node

import (
	"strings"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/zpay32"
	"github.com/stretchr/testify/require"
)

func tokenDraft(amount lnwire.MilliSatoshi) *invoiceDraft {
	return &invoiceDraft{Invoice: Invoice{
		Memo: "two coffees", Hash: lntypes.Hash{7}, PaymentAddr: [32]byte{8}, Amount: amount, Created: time.Unix(1_800_000_000, 0),
		Expiry: time.Hour, CLTVExpiry: 12, Features: invoiceFeatures(), asset: AssetID{1, 2, 3},
	}}
}

func TestInvoiceInAnAssetNamesIt(t *testing.T) {
	key, _ := btcec.PrivKeyFromBytes([]byte{31: 9})
	for _, amount := range []lnwire.MilliSatoshi{0, 1, 999, 1000, 1_000_000_000_000_000} {
		request, err := tokenInvoiceSigner(key)(tokenDraft(amount))
		require.NoError(t, err)
		require.True(t, isTokenInvoice(request), request)
		require.True(t, isTokenInvoice(strings.ToUpper(request)))
		inv, id, err := decodeTokenInvoice(request)
		require.NoError(t, err)
		require.Equal(t, AssetID{1, 2, 3}, id)
		require.True(t, inv.Destination.IsEqual(key.PubKey()))
		require.Equal(t, [32]byte{7}, *inv.PaymentHash)
		require.EqualValues(t, 12, inv.MinFinalCLTVExpiry())
		if amount > 0 {
			require.Equal(t, amount, *inv.MilliSat)
		}
	}
}

// Neither is taken for the other.
func TestInvoiceInAnAssetIsNoInvoiceInBitcoin(t *testing.T) {
	key, _ := btcec.PrivKeyFromBytes([]byte{31: 9})
	request, err := tokenInvoiceSigner(key)(tokenDraft(5000))
	require.NoError(t, err)
	for _, net := range []*chaincfg.Params{&chaincfg.MainNetParams, &chaincfg.TestNet3Params, &chaincfg.RegressionNetParams, &chaincfg.SimNetParams} {
		_, err := zpay32.Decode(request, net)
		require.Error(t, err, net.Name)
		plain, err := invoiceSigner(net, key)(tokenDraft(5000))
		require.NoError(t, err)
		require.False(t, isTokenInvoice(plain), net.Name)
		_, _, err = decodeTokenInvoice(plain)
		require.ErrorIs(t, err, ErrInvalid, net.Name)
	}
}

func TestInvoiceInAnAssetThatNamesNoneOrTwoIsRefused(t *testing.T) {
	key, _ := btcec.PrivKeyFromBytes([]byte{31: 9})
	plain, err := invoiceSigner(tokenInvoiceNet, key)(tokenDraft(5000))
	require.NoError(t, err)
	_, _, err = decodeTokenInvoice(plain)
	require.ErrorIs(t, err, errNoAsset)
	once, err := withAsset(plain, AssetID{1}, key)
	require.NoError(t, err)
	twice, err := withAsset(once, AssetID{2}, key)
	require.NoError(t, err)
	_, _, err = decodeTokenInvoice(twice)
	require.ErrorIs(t, err, errTwoAssets)
	// Nobody can change the asset of an invoice that is signed.
	other, _ := btcec.PrivKeyFromBytes([]byte{31: 10})
	forged, err := withAsset(plain, AssetID{2}, other)
	require.NoError(t, err)
	inv, _, err := decodeTokenInvoice(forged)
	require.NoError(t, err)
	require.False(t, inv.Destination.IsEqual(key.PubKey()))
}
