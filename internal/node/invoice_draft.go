package node

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/ecdsa"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/zpay32"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/onion"
)

// Defaults of an invoice.
const (
	defaultInvoiceExpiry = 24 * time.Hour
	maxInvoiceExpiry     = 365 * 24 * time.Hour
	maxMemo              = 639 // bytes that a BOLT 11 description holds
	defaultFinalDelta    = 80  // blocks; lnd's default for its own invoices
	minFinalDelta        = 18  // BOLT 11's default; less can't be claimed safely on chain
	maxInvoiceAmount     = lnwire.MilliSatoshi(btcutil.MaxSatoshi) * 1000
)

// invoiceDraft is an invoice that is not signed yet.
type invoiceDraft struct {
	Invoice
	hints [][]HopHint
}

// invoiceAsset is what an invoice asks for, and within which bounds.
type invoiceAsset struct {
	id           AssetID // zero: bitcoin
	most         lnwire.MilliSatoshi
	least, usual uint64 // of min_final_cltv_expiry_delta: blocks, or ticks
}

var inBitcoin = invoiceAsset{most: maxInvoiceAmount, least: minFinalDelta, usual: defaultFinalDelta}

// draft checks a request and fills what it leaves open.
func (s *Invoices) draft(req AddInvoice, in invoiceAsset) (*invoiceDraft, error) {
	d := &invoiceDraft{hints: req.RouteHints}
	v := &d.Invoice
	v.asset = in.id
	v.Memo, v.DescriptionHash, v.FallbackAddress = req.Memo, req.DescriptionHash, req.FallbackAddress
	v.Amount, v.Expiry, v.CLTVExpiry, v.Private = req.Amount, req.Expiry, req.CLTVExpiry, req.Private
	v.RouteHints, v.Created, v.Features = req.RouteHints, s.now(), invoiceFeatures()
	switch {
	case len(v.Memo) > maxMemo:
		return nil, fmt.Errorf("%w: memo has %d bytes, at most %d", ErrInvalid, len(v.Memo), maxMemo)
	case len(v.DescriptionHash) != 0 && len(v.DescriptionHash) != 32:
		return nil, fmt.Errorf("%w: description hash has %d bytes, needs 32", ErrInvalid, len(v.DescriptionHash))
	case v.Amount > in.most:
		return nil, fmt.Errorf("%w: amount of %d thousandths is more than there can be, %d", ErrInvalid, uint64(v.Amount), uint64(in.most))
	case in.id != (AssetID{}) && v.FallbackAddress != "":
		return nil, fmt.Errorf("%w: an invoice in an asset has no fallback address", ErrInvalid)
	case v.Expiry < 0 || v.Expiry > maxInvoiceExpiry:
		return nil, fmt.Errorf("%w: expiry %v is not between 1 s and %v", ErrInvalid, v.Expiry, maxInvoiceExpiry)
	case v.CLTVExpiry != 0 && (v.CLTVExpiry < in.least || v.CLTVExpiry > maxExpiryAhead/2):
		return nil, fmt.Errorf("%w: cltv_expiry %d is not between %d and %d", ErrInvalid, v.CLTVExpiry,
			in.least, maxExpiryAhead/2)
	}
	if v.Expiry == 0 {
		v.Expiry = defaultInvoiceExpiry
	}
	if v.CLTVExpiry == 0 {
		v.CLTVExpiry = in.usual
	}
	switch {
	case req.Hash != nil:
		v.Hash = *req.Hash
		if req.Preimage != nil || !v.hold() { // everyone knows the preimage of zeroes
			return nil, fmt.Errorf("%w: a hold invoice's preimage must not be known", ErrInvalid)
		}
	case req.Preimage != nil:
		v.Preimage = *req.Preimage
		v.Hash = v.Preimage.Hash()
	default:
		if _, err := rand.Read(v.Preimage[:]); err != nil {
			return nil, err
		}
		v.Hash = v.Preimage.Hash()
	}
	_, err := rand.Read(v.PaymentAddr[:])
	return d, err
}

// invoiceFeatures are what a payer must or may use to pay us.
func invoiceFeatures() *lnwire.RawFeatureVector {
	return lnwire.NewRawFeatureVector(lnwire.TLVOnionPayloadRequired, lnwire.PaymentAddrRequired,
		lnwire.MPPOptional)
}

// invoiceSigner writes drafts down as BOLT 11 for one network, signed by the node's key.
func invoiceSigner(net *chaincfg.Params, key *btcec.PrivateKey) func(*invoiceDraft) (string, error) {
	signer := zpay32.MessageSigner{SignCompact: func(msg []byte) ([]byte, error) {
		return ecdsa.SignCompact(key, chainhash.HashB(msg), true), nil
	}}
	return func(d *invoiceDraft) (string, error) {
		options, err := invoiceOptions(net, d)
		if err != nil {
			return "", err
		}
		inv, err := zpay32.NewInvoice(net, d.Hash, d.Created, options...)
		if err != nil {
			return "", err
		}
		return inv.Encode(signer)
	}
}

func invoiceOptions(net *chaincfg.Params, d *invoiceDraft) ([]func(*zpay32.Invoice), error) {
	options := []func(*zpay32.Invoice){
		zpay32.Expiry(d.Expiry), zpay32.CLTVExpiry(d.CLTVExpiry), zpay32.PaymentAddr(d.PaymentAddr),
		zpay32.Features(lnwire.NewFeatureVector(d.Features, lnwire.Features)),
	}
	if d.Amount > 0 {
		options = append(options, zpay32.Amount(d.Amount))
	}
	if len(d.DescriptionHash) == 32 {
		options = append(options, zpay32.DescriptionHash([32]byte(d.DescriptionHash)))
	} else {
		options = append(options, zpay32.Description(d.Memo))
	}
	if d.FallbackAddress != "" {
		addr, err := btcutil.DecodeAddress(d.FallbackAddress, net)
		if err != nil {
			return nil, fmt.Errorf("%w: fallback address: %w", ErrInvalid, err)
		}
		options = append(options, zpay32.FallbackAddr(addr))
	}
	for _, route := range d.hints {
		hops, err := hintHops(route)
		if err != nil {
			return nil, err
		}
		options = append(options, zpay32.RouteHint(hops))
	}
	return options, nil
}

func hintHops(route []HopHint) ([]zpay32.HopHint, error) {
	hops := make([]zpay32.HopHint, len(route))
	for i, h := range route {
		key, err := btcec.ParsePubKey(h.Node[:])
		if err != nil {
			return nil, fmt.Errorf("%w: route hint names a bad node key: %w", ErrInvalid, err)
		}
		hops[i] = zpay32.HopHint{NodeID: key, ChannelID: h.SCID.ToUint64(), FeeBaseMSat: h.BaseFee,
			FeeProportionalMillionths: h.FeePPM, CLTVExpiryDelta: h.CLTVDelta}
	}
	return hops, nil
}

// failFinal fails an HTLC that ends here with a reason for its sender.
func failFinal(d *driver, h *htlc.HTLC, f finalHop, m lnwire.FailureMessage) job {
	reason, err := onion.EncryptFailure(f.Secret, m)
	if err != nil {
		d.log.Error("can't encrypt failure", "htlc", h.ID, "failure", m, "err", err)
		reason = make([]byte, onion.MinFailure)
	}
	return job{in: htlc.Fail{ID: h.ID, Reason: reason}}
}

func beUint64(b []byte) uint64 {
	if len(b) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}
