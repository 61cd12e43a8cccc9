package node

import (
	"errors"
	"fmt"
	"strings"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/ecdsa"
	"github.com/btcsuite/btcd/btcutil/bech32"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/zpay32"
)

// An invoice in an asset is BOLT 11 with a human-readable prefix of its own, so that no wallet takes it for
// one in bitcoin, and one more tagged field, the asset id (docs/spec/invoices.md).
const (
	tokenInvoicePrefix = "lnnw"
	bolt11Asset        = 29 // 'a': 52 groups, 256 bits
	bolt11AssetGroups  = 52
)

// tokenInvoiceNet is what zpay32 takes for the prefix.
var tokenInvoiceNet = &chaincfg.Params{Name: "an asset", Bech32HRPSegwit: strings.TrimPrefix(tokenInvoicePrefix, "ln")}

// isTokenInvoice says by its prefix that an invoice is in an asset.
func isTokenInvoice(request string) bool {
	return strings.HasPrefix(strings.ToLower(request), tokenInvoicePrefix)
}

// tokenInvoiceSigner writes drafts in assets down, signed by the node's key.
func tokenInvoiceSigner(key *btcec.PrivateKey) func(*invoiceDraft) (string, error) {
	plain := invoiceSigner(tokenInvoiceNet, key)
	return func(d *invoiceDraft) (string, error) {
		request, err := plain(d)
		if err != nil {
			return "", err
		}
		return withAsset(request, d.asset, key)
	}
}

// withAsset adds the field to an invoice, and signs it anew.
func withAsset(request string, id AssetID, key *btcec.PrivateKey) (string, error) {
	hrp, data, err := bech32.DecodeNoLimit(request)
	if err != nil {
		return "", err
	}
	field, err := bech32.ConvertBits(id[:], 8, 5, true)
	if err != nil {
		return "", err
	}
	data = append(data[:len(data)-bolt11Signature:len(data)-bolt11Signature],
		bolt11Asset, bolt11AssetGroups>>5, bolt11AssetGroups&31)
	data = append(data, field...)
	signed, err := bech32.ConvertBits(data, 5, 8, true)
	if err != nil {
		return "", err
	}
	compact := ecdsa.SignCompact(key, chainhash.HashB(append([]byte(hrp), signed...)), true)
	sig := append(compact[1:65:65], compact[0]-27-4) // R, S, recovery id
	groups, err := bech32.ConvertBits(sig, 8, 5, true)
	if err != nil {
		return "", err
	}
	return bech32.Encode(hrp, append(data, groups...))
}

// decodeTokenInvoice reads an invoice in an asset.
func decodeTokenInvoice(request string) (*zpay32.Invoice, AssetID, error) {
	inv, err := zpay32.Decode(request, tokenInvoiceNet)
	if err == nil {
		err = checkLowS(request)
	}
	var id AssetID
	if err == nil {
		id, err = assetOf(request)
	}
	if err != nil {
		return nil, AssetID{}, fmt.Errorf("%w: payment request in an asset can't be read: %w", ErrInvalid, err)
	}
	return inv, id, nil
}

var (
	errNoAsset   = errors.New("it doesn't say which asset it asks for")
	errTwoAssets = errors.New("it names two assets")
)

// assetOf reads the field of an invoice that zpay32 has read.
func assetOf(request string) (id AssetID, err error) {
	_, data, err := bech32.DecodeNoLimit(request)
	if err != nil {
		return id, err
	}
	if len(data) < bolt11Time+bolt11Signature {
		return id, errors.New("it is too short for a time and a signature")
	}
	found := false
	for fields := data[bolt11Time : len(data)-bolt11Signature]; len(fields) >= bolt11FieldHead; {
		size := int(fields[1])<<5 | int(fields[2])
		if fields[0] == bolt11Asset && size == bolt11AssetGroups && len(fields) >= bolt11FieldHead+size {
			if found {
				return id, errTwoAssets
			}
			raw, err := bech32.ConvertBits(fields[bolt11FieldHead:bolt11FieldHead+size], 5, 8, true)
			if err != nil {
				return id, err
			}
			found = true
			copy(id[:], raw)
		}
		fields = fields[min(len(fields), bolt11FieldHead+size):]
	}
	if !found {
		return id, errNoAsset
	}
	return id, nil
}
