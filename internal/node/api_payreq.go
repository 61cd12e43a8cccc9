package node

import (
	"context"
	"fmt"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/zpay32"
)

func hintsOf(route []zpay32.HopHint) []HopHint {
	hints := make([]HopHint, len(route))
	for i, h := range route {
		hints[i] = HopHint{Node: PubKey(h.NodeID.SerializeCompressed()), SCID: lnwire.NewShortChanIDFromInt(h.ChannelID),
			BaseFee: h.FeeBaseMSat, FeePPM: h.FeeProportionalMillionths, CLTVDelta: h.CLTVExpiryDelta}
	}
	return hints
}

// anyAsset asks decodeIn for whatever the invoice is in, but bitcoin.
var anyAsset = AssetID{0: 0xff, 31: 0xff}

// decodeIn reads an invoice in bitcoin, for a zero asset, or in another.
func (n *Node) decodeIn(asset AssetID, request string) (*zpay32.Invoice, AssetID, error) {
	if asset == (AssetID{}) {
		if isTokenInvoice(request) {
			return nil, asset, fmt.Errorf("%w: the payment request is in an asset, not in bitcoin: pay it as such", ErrInvalid)
		}
		inv, err := n.decodeInvoice(request)
		return inv, asset, err
	}
	inv, id, err := decodeTokenInvoice(request)
	if err == nil && asset != anyAsset && asset != id {
		err = fmt.Errorf("%w: the payment request is in asset %x, not in %x", ErrInvalid, id[:], asset[:])
	}
	return inv, id, err
}

func (n *Node) decodeInvoice(request string) (*zpay32.Invoice, error) {
	inv, err := zpay32.Decode(request, n.cfg.Network)
	if err == nil {
		err = checkLowS(request)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: payment request for %s can't be read: %w", ErrInvalid, n.cfg.Network.Name, err)
	}
	return inv, nil
}

// DecodePayReq reads an invoice of any issuer.
func (n *Node) DecodePayReq(_ context.Context, request string) (PayReq, error) {
	inv, _, err := n.decodeIn(AssetID{}, request)
	if err != nil {
		return PayReq{}, err
	}
	return payReqOf(inv), nil
}

func payReqOf(inv *zpay32.Invoice) PayReq {
	v := PayReq{
		Destination: PubKey(inv.Destination.SerializeCompressed()), Hash: *inv.PaymentHash,
		Timestamp: inv.Timestamp, Expiry: inv.Expiry(), CLTVExpiry: inv.MinFinalCLTVExpiry(),
	}
	inv.PaymentAddr.WhenSome(func(a [32]byte) { v.PaymentAddr = a })
	if inv.MilliSat != nil {
		v.Amount = *inv.MilliSat
	}
	if inv.Description != nil {
		v.Description = *inv.Description
	}
	if inv.DescriptionHash != nil {
		v.DescriptionHash = inv.DescriptionHash[:]
	}
	if inv.FallbackAddr != nil {
		v.FallbackAddress = btcutil.Address(inv.FallbackAddr).String()
	}
	if inv.Features != nil {
		v.Features = inv.Features.RawFeatureVector
	}
	for _, route := range inv.RouteHints {
		v.RouteHints = append(v.RouteHints, hintsOf(route))
	}
	return v
}
