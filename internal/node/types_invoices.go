package node

import (
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
)

// HopHint is one hop of a private route in an invoice.
type HopHint struct {
	Node      PubKey
	SCID      lnwire.ShortChannelID
	BaseFee   uint32 // msat
	FeePPM    uint32
	CLTVDelta uint16
}

// AddInvoice asks for an invoice. Amount 0 lets the payer choose.
type AddInvoice struct {
	Memo            string
	DescriptionHash []byte            // 32 bytes or none; replaces Memo in the invoice
	Preimage        *lntypes.Preimage // nil: a random one
	Hash            *lntypes.Hash     // if set, a hold invoice: the preimage comes with SettleInvoice
	Amount          lnwire.MilliSatoshi
	Expiry          time.Duration // 0: one day
	FallbackAddress string
	CLTVExpiry      uint64 // 0: the node's default
	Private         bool   // add hop hints for private channels
	RouteHints      [][]HopHint
}

// InvoiceState is where an invoice stands.
type InvoiceState uint8

// The states of an invoice, numbered as lnd does.
const (
	InvoiceOpen InvoiceState = iota
	InvoiceSettled
	InvoiceCanceled // or expired
	InvoiceAccepted // HTLCs are held
)

// Invoice is one that we issued.
type Invoice struct {
	Memo            string
	Preimage        lntypes.Preimage // zero: a hold invoice that isn't settled
	Hash            lntypes.Hash
	PaymentAddr     [32]byte // payment_secret
	Amount          lnwire.MilliSatoshi
	PaymentRequest  string
	DescriptionHash []byte
	FallbackAddress string
	Created         time.Time
	Settled         time.Time // zero: not settled
	Expiry          time.Duration
	CLTVExpiry      uint64
	Private         bool
	RouteHints      [][]HopHint
	AddIndex        uint64 // from 1
	SettleIndex     uint64 // from 1; 0: not settled
	AmountPaid      lnwire.MilliSatoshi
	State           InvoiceState
	HTLCs           []InvoiceHTLC
	Features        *lnwire.RawFeatureVector
	Keysend         bool

	asset AssetID // zero: bitcoin
}

// InvoiceHTLC is one part of the payment of an invoice.
type InvoiceHTLC struct {
	Channel      lnwire.ChannelID // zero in what versions before 0.2 stored
	SCID         lnwire.ShortChannelID
	Index        uint64
	Amount       lnwire.MilliSatoshi
	AcceptHeight uint32
	Accepted     time.Time
	Resolved     time.Time // zero: held
	Expiry       uint32
	State        InvoiceHTLCState
	TotalAmount  lnwire.MilliSatoshi
	// CustomRecords are what the payer told beyond BOLT 4, a keysend's preimage among it; nil
	// in what earlier versions stored.
	CustomRecords map[uint64][]byte
}

// InvoiceHTLCState is where one part stands.
type InvoiceHTLCState uint8

// The states of a part, numbered as lnd does.
const (
	InvoiceHTLCAccepted InvoiceHTLCState = iota
	InvoiceHTLCSettled
	InvoiceHTLCCanceled
)

// ListInvoices asks for a page in the order of AddIndex, ascending in the answer
// whichever way it is walked.
type ListInvoices struct {
	PendingOnly bool
	Offset      uint64 // exclusive; Reversed and 0: from the last
	Max         uint64 // 0: 100; the node caps it
	Reversed    bool
	After       time.Time // creation, zero: any
	Before      time.Time
}

// InvoicePage is a page of invoices; the indices are its bounds, 0 when empty.
type InvoicePage struct {
	Invoices    []Invoice
	FirstOffset uint64
	LastOffset  uint64
}

// PayReq is a decoded BOLT 11 invoice, whoever issued it.
type PayReq struct {
	Destination     PubKey
	Hash            lntypes.Hash
	PaymentAddr     [32]byte
	Amount          lnwire.MilliSatoshi // 0: the payer chooses
	Timestamp       time.Time
	Expiry          time.Duration
	Description     string
	DescriptionHash []byte
	FallbackAddress string
	CLTVExpiry      uint64
	RouteHints      [][]HopHint
	Features        *lnwire.RawFeatureVector
}
