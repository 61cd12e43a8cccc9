package node

import (
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
)

// HTLCEventKind is what happened to an HTLC.
type HTLCEventKind uint8

// What can happen.
const (
	HTLCSubscribed    HTLCEventKind = iota // to none: whatever happens is told from here on
	HTLCForwarded                          // it was offered to the next peer
	HTLCForwardFailed                      // a node behind us failed it
	HTLCSettled                            // its preimage is known
	HTLCLinkFailed                         // this node failed it
	HTLCFinal                              // an incoming one is out of both commitments
)

// HTLCRole is what this node was for an HTLC, numbered as lnd does.
type HTLCRole uint8

// The roles; zero isn't told.
const (
	HTLCSend HTLCRole = iota + 1
	HTLCReceive
	HTLCForward
)

// HTLCEvent tells what happened to an HTLC. Of one that we send there is no incoming side, of
// one that ends here no outgoing.
type HTLCEvent struct {
	Kind      HTLCEventKind
	Role      HTLCRole
	Time      time.Time
	In, Out   lnwire.ShortChannelID
	InID      uint64 // of the HTLC in its channel (BOLT 2)
	OutID     uint64
	ExpiryIn  uint32
	ExpiryOut uint32
	AmtIn     lnwire.MilliSatoshi
	AmtOut    lnwire.MilliSatoshi
	Preimage  lntypes.Preimage // HTLCSettled
	Failure   lnwire.FailCode  // HTLCLinkFailed: what its sender is told
	Detail    FailureDetail    // HTLCLinkFailed
	Why       string           // HTLCLinkFailed: the numbers that disagree, "" where Detail says it all
	Settled   bool             // HTLCFinal
}

// FailureDetail is why this node failed an HTLC, as far as the failure of BOLT 4 doesn't say; numbered
// as lnd does.
type FailureDetail uint8

// The details that nwnd tells.
const (
	DetailNone                FailureDetail = 1
	DetailNotEligible         FailureDetail = 3 // channel is not open, or its peer away
	DetailExceedsMax          FailureDetail = 5
	DetailInsufficientBalance FailureDetail = 6
	DetailIncompleteForward   FailureDetail = 7 // the connection ended before the peer had it
	DetailAddFailed           FailureDetail = 8
	DetailInvoiceCanceled     FailureDetail = 10
	DetailInvoiceExpiry       FailureDetail = 12
	DetailInvoiceNotOpen      FailureDetail = 13
	DetailMPPTimeout          FailureDetail = 14
	DetailAddressMismatch     FailureDetail = 15
	DetailTotalMismatch       FailureDetail = 16
	DetailTotalTooLow         FailureDetail = 17
	DetailOverpaid            FailureDetail = 18
	DetailUnknownInvoice      FailureDetail = 19
	DetailInvalidKeysend      FailureDetail = 20
	DetailAlreadySettled      FailureDetail = 23
)

var detailText = map[FailureDetail]string{
	DetailNotEligible:         "the outgoing channel is not open, or its peer away",
	DetailExceedsMax:          "amount is above the channel's maximum",
	DetailInsufficientBalance: "the outgoing channel's balance or limits can't carry it",
	DetailIncompleteForward:   "the connection ended before the HTLC was committed",
	DetailAddFailed:           "the outgoing channel refused it",
	DetailInvoiceCanceled:     "invoice is canceled or has expired",
	DetailInvoiceExpiry:       "expiry is too soon",
	DetailInvoiceNotOpen:      "invoice takes no more HTLCs",
	DetailMPPTimeout:          "the other parts didn't come in time",
	DetailAddressMismatch:     "payment_secret is missing or wrong",
	DetailTotalMismatch:       "parts name different totals",
	DetailTotalTooLow:         "total is less than the invoice asks for",
	DetailOverpaid:            "more than twice what the invoice asks for",
	DetailUnknownInvoice:      "no invoice has this payment hash",
	DetailInvalidKeysend:      "no spontaneous payment that is taken here",
	DetailAlreadySettled:      "invoice is already settled",
}

// String is a few words for a person, "" where there is nothing to add to the failure.
func (d FailureDetail) String() string { return detailText[d] }
