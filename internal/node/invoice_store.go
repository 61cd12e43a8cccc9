package node

import (
	"errors"
	"fmt"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
)

// Buckets of invoices. What an invoice says is written once; where it stands is a small
// record of its own, so that settling rewrites few bytes.
const (
	bucketInvoices     = "invoices"      // add_index -> what it says
	bucketInvoiceState = "invoice_state" // add_index -> where it stands
	bucketInvoiceHash  = "invoice_hash"  // payment_hash -> add_index
	bucketSettled      = "invoice_settled"
)

const (
	invoiceVersion      = 3 // 1 knew no keysend, 2 is of those in bitcoin
	invoiceStateVersion = 3 // 1 knew neither hold invoices nor the channels' ids, 2 no custom records
)

// versionOf is the version of a record of which all up to newest can be read; newest if it
// is none of them.
func versionOf(b []byte, newest byte) byte {
	if len(b) > 0 && b[0] >= 1 && b[0] <= newest {
		return b[0]
	}
	return newest
}

// reader is the part of channeldb that looks records up.
type reader interface {
	Get(bucket string, key []byte) ([]byte, error)
	Scan(bucket string, from []byte, reverse bool, fn func(k, v []byte) bool) error
	LastKey(bucket string) ([]byte, error)
}

func encodeInvoice(v *Invoice) []byte {
	version := byte(invoiceVersion)
	if v.asset == (AssetID{}) {
		version--
	}
	w := newRecord(version)
	w.raw(v.Preimage[:]).raw(v.Hash[:]).raw(v.PaymentAddr[:])
	w.u64(uint64(v.Amount)).time(v.Created).u64(uint64(v.Expiry)).u64(v.CLTVExpiry)
	w.flag(v.Private).bytes([]byte(v.Memo)).bytes(v.DescriptionHash)
	w.bytes([]byte(v.FallbackAddress)).bytes([]byte(v.PaymentRequest)).flag(v.Keysend)
	if v.asset != (AssetID{}) {
		w.raw(v.asset[:])
	}
	return w.b
}

func decodeInvoice(index uint64, b []byte) (*Invoice, error) {
	version := versionOf(b, invoiceVersion)
	r := openRecord(b, version)
	v := &Invoice{AddIndex: index, Features: invoiceFeatures()}
	v.Preimage, v.Hash, v.PaymentAddr = r.array32(), r.array32(), r.array32()
	v.Amount, v.Created = lnwire.MilliSatoshi(r.u64()), r.time()
	v.Expiry, v.CLTVExpiry = time.Duration(r.u64()), r.u64()
	v.Private, v.Memo = r.flag(), string(r.bytes())
	if h := r.bytes(); len(h) > 0 {
		v.DescriptionHash = append([]byte(nil), h...)
	}
	v.FallbackAddress, v.PaymentRequest = string(r.bytes()), string(r.bytes())
	if version > 1 {
		v.Keysend = r.flag()
	}
	if version > 2 {
		v.asset = r.array32()
	}
	if err := r.done(); err != nil {
		return nil, fmt.Errorf("invoice %d: %w", index, err)
	}
	return v, nil
}

// encodeInvoiceState writes what changes: state, preimage, what was paid and by which HTLCs.
func encodeInvoiceState(v *Invoice) []byte {
	w := newRecord(invoiceStateVersion)
	w.u8(uint8(v.State)).time(v.Settled).u64(v.SettleIndex).u64(uint64(v.AmountPaid))
	w.raw(v.Preimage[:]).u32(uint32(len(v.HTLCs)))
	for i := range v.HTLCs {
		h := &v.HTLCs[i]
		w.raw(h.Channel[:]).u64(h.SCID.ToUint64()).u64(h.Index).u64(uint64(h.Amount)).u32(h.AcceptHeight)
		w.time(h.Accepted).time(h.Resolved).u32(h.Expiry).u8(uint8(h.State)).u64(uint64(h.TotalAmount))
		w.custom(h.CustomRecords)
	}
	return w.b
}

const maxInvoiceHTLCs = 1000 // parts of one invoice

func decodeInvoiceState(v *Invoice, b []byte) error {
	version := versionOf(b, invoiceStateVersion)
	r := openRecord(b, version)
	v.State, v.Settled = InvoiceState(r.u8()), r.time()
	v.SettleIndex, v.AmountPaid = r.u64(), lnwire.MilliSatoshi(r.u64())
	if version > 1 {
		v.Preimage = r.array32()
	}
	n := r.u32()
	if n > maxInvoiceHTLCs {
		return fmt.Errorf("node: invoice %d is stored with %d HTLCs, at most %d", v.AddIndex, n, maxInvoiceHTLCs)
	}
	for range n {
		var channel lnwire.ChannelID
		if version > 1 {
			channel = r.array32()
		}
		h := InvoiceHTLC{
			Channel: channel, SCID: lnwire.NewShortChanIDFromInt(r.u64()), Index: r.u64(),
			Amount: lnwire.MilliSatoshi(r.u64()), AcceptHeight: r.u32(),
			Accepted: r.time(), Resolved: r.time(), Expiry: r.u32(),
			State: InvoiceHTLCState(r.u8()), TotalAmount: lnwire.MilliSatoshi(r.u64()),
		}
		if version > 2 {
			h.CustomRecords = r.custom()
		}
		v.HTLCs = append(v.HTLCs, h)
	}
	return r.done()
}

// loadInvoice reads one by its hash; ErrNotFound if there is none.
func loadInvoice(db reader, hash lntypes.Hash) (*Invoice, error) {
	key, err := db.Get(bucketInvoiceHash, hash[:])
	if err != nil {
		return nil, err
	}
	if len(key) != 8 {
		return nil, fmt.Errorf("%w: no invoice with payment hash %v", ErrNotFound, hash)
	}
	said, err := db.Get(bucketInvoices, key)
	if err != nil {
		return nil, err
	}
	return readInvoice(db, key, said)
}

func readInvoice(db reader, key, said []byte) (*Invoice, error) {
	v, err := decodeInvoice(beUint64(key), said)
	if err != nil {
		return nil, err
	}
	state, err := db.Get(bucketInvoiceState, key)
	if err != nil {
		return nil, err
	}
	if state != nil {
		if err := decodeInvoiceState(v, state); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// lastIndex is the greatest key of a bucket that counts from 1; 0 when it is empty.
func lastIndex(db reader, bucket string) (uint64, error) {
	key, err := db.LastKey(bucket)
	if err != nil || key == nil {
		return 0, err
	}
	if len(key) != 8 {
		return 0, errors.New("node: bucket " + bucket + " has a key that is no index")
	}
	return beUint64(key), nil
}

func invoicePuts(v *Invoice) []channeldb.KV {
	key := key64(v.AddIndex)
	return []channeldb.KV{
		{Bucket: bucketInvoices, Key: key, Value: encodeInvoice(v)},
		{Bucket: bucketInvoiceHash, Key: v.Hash[:], Value: key},
	}
}
