package node

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// bolt11Vector is an example of BOLT 11, "Examples" and "Examples of Invalid Invoices". A delta of 0 is
// one that is not in the invoice, and a destination that is empty is whatever key the signature gives.
type bolt11Vector struct {
	Name, Invoice string
	Valid         *struct {
		Testnet                                                 bool
		MSat                                                    lnwire.MilliSatoshi
		Timestamp                                               int64
		Hash, Secret, Destination, Description, DescriptionHash string
		Fallback, Metadata                                      string
		Expiry                                                  int64
		CLTV                                                    uint64
		Features                                                []lnwire.FeatureBit
		Hints                                                   [][]struct {
			Node, SCID string
			Base, PPM  uint32
			CLTV       uint16
		}
	}
}

func bolt11Vectors(t testing.TB) (vectors []bolt11Vector) {
	raw, err := os.ReadFile("testdata/bolt11.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &vectors))
	return vectors
}

func TestAttack34BOLT11Vectors(t *testing.T) {
	valid := 0
	for _, v := range bolt11Vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			n := &Node{cfg: Config{Network: &chaincfg.MainNetParams}}
			if v.Valid != nil && v.Valid.Testnet {
				n.cfg.Network = &chaincfg.TestNet3Params
			}
			inv, err := n.decodeInvoice(v.Invoice)
			var o order
			if err == nil {
				err = o.fromInvoice(inv, inv.Timestamp)
			}
			if v.Valid == nil {
				require.ErrorIs(t, err, ErrInvalid)
				return
			}
			valid++
			if v.Valid.MSat != 0 {
				require.NoError(t, err)
				require.Equal(t, v.Valid.MSat, o.amount)
			} else {
				require.ErrorContains(t, err, "amount must be specified")
			}
			got, err := n.DecodePayReq(t.Context(), v.Invoice)
			require.NoError(t, err)
			require.Equal(t, v.Valid.MSat, got.Amount)
			require.Equal(t, v.Valid.Timestamp, got.Timestamp.Unix())
			require.Equal(t, v.Valid.Hash, hex.EncodeToString(got.Hash[:]))
			require.Equal(t, v.Valid.Secret, hex.EncodeToString(got.PaymentAddr[:]))
			if v.Valid.Destination != "" {
				require.Equal(t, v.Valid.Destination, hex.EncodeToString(got.Destination[:]))
			}
			require.Equal(t, v.Valid.Description, got.Description)
			require.Equal(t, v.Valid.DescriptionHash, hex.EncodeToString(got.DescriptionHash))
			require.Equal(t, v.Valid.Fallback, got.FallbackAddress)
			require.Equal(t, v.Valid.Metadata, hex.EncodeToString(inv.Metadata))
			require.Equal(t, time.Duration(v.Valid.Expiry)*time.Second, got.Expiry)
			if v.Valid.CLTV != 0 {
				require.Equal(t, v.Valid.CLTV, got.CLTVExpiry)
			} else {
				require.GreaterOrEqual(t, got.CLTVExpiry, uint64(18))
			}
			require.True(t, lnwire.NewRawFeatureVector(v.Valid.Features...).Equals(got.Features), got.Features)
			require.Len(t, got.RouteHints, len(v.Valid.Hints))
			for i, hint := range v.Valid.Hints {
				require.Len(t, got.RouteHints[i], len(hint))
				for j, h := range hint {
					is := got.RouteHints[i][j]
					require.Equal(t, h.Node, hex.EncodeToString(is.Node[:]))
					require.Equal(t, h.SCID, is.SCID.AltString())
					require.Equal(t, []uint32{h.Base, h.PPM, uint32(h.CLTV)}, []uint32{is.BaseFee, is.FeePPM, uint32(is.CLTVDelta)})
				}
			}
		})
	}
	require.Equal(t, 16, valid)
}

// FuzzInvoice: whatever a person pastes is read or refused, and what is read can be shown and ordered.
func FuzzInvoice(f *testing.F) {
	for _, v := range bolt11Vectors(f) {
		f.Add(v.Invoice)
	}
	f.Add("lnsb1")
	n := &Node{cfg: Config{Network: &chaincfg.MainNetParams}}
	f.Fuzz(func(t *testing.T, request string) {
		inv, err := n.decodeInvoice(request)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalid)
			return
		}
		_, err = n.DecodePayReq(t.Context(), request)
		require.NoError(t, err)
		var o order
		if err := o.fromInvoice(inv, inv.Timestamp); err == nil {
			require.NotNil(t, o.secret)
			require.NotZero(t, o.amount)
		}
	})
}
