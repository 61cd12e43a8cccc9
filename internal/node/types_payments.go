package node

import (
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
)

// SendPayment pays an invoice, or, without one, Destination directly.
type SendPayment struct {
	PaymentRequest  string
	Destination     *PubKey // with Hash, when there is no PaymentRequest
	Hash            lntypes.Hash
	PaymentAddr     *[32]byte
	FinalCLTVDelta  uint32
	Amount          lnwire.MilliSatoshi // only where the invoice has none
	FeeLimit        lnwire.MilliSatoshi
	CLTVLimit       uint32 // blocks above the tip; 0: the node's default
	Timeout         time.Duration
	MaxParts        uint32                  // 0: the node's default
	MaxShardSize    lnwire.MilliSatoshi     // 0: none
	OutgoingChans   []lnwire.ShortChannelID // none: any
	LastHop         *PubKey
	RouteHints      [][]HopHint
	CustomRecords   map[uint64][]byte // for the recipient; KeysendRecord makes it a keysend
	AllowSelf       bool
	TimePref        float64 // -1 cheap .. 1 sure
	Features        *lnwire.RawFeatureVector
	OnlyFinalUpdate bool // skip updates while it is in flight
	Cancelable      bool // nothing more is tried when the caller leaves
}

// KeysendRecord is the type of the custom record that carries the preimage of a spontaneous
// payment.
const KeysendRecord = 5482373484

// PaymentStatus is where a payment stands.
type PaymentStatus uint8

// The states of a payment.
const (
	PaymentInitiated PaymentStatus = iota // nothing was sent yet
	PaymentInFlight
	PaymentSucceeded
	PaymentFailed
)

// FailureReason is why a payment failed.
type FailureReason uint8

// The reasons, numbered as lnd does.
const (
	FailureNone FailureReason = iota
	FailureTimeout
	FailureNoRoute
	FailureError
	FailureIncorrectDetails
	FailureInsufficientBalance
	FailureCanceled
)

// Payment is one that we make or made, with all its attempts.
type Payment struct {
	Hash               lntypes.Hash
	Preimage           lntypes.Preimage // zero until it succeeded
	Amount             lnwire.MilliSatoshi
	Fee                lnwire.MilliSatoshi // of the attempts that settled
	Created            time.Time
	PaymentRequest     string
	Status             PaymentStatus
	Attempts           []Attempt
	Index              uint64 // from 1
	FailureReason      FailureReason
	FirstHopCustomData map[uint64][]byte
}

// AttemptStatus is where one attempt stands, numbered as lnd does.
type AttemptStatus uint8

// The states of an attempt.
const (
	AttemptInFlight AttemptStatus = iota
	AttemptSucceeded
	AttemptFailed
)

// Attempt is one HTLC that carried a payment or a part of it.
type Attempt struct {
	ID       uint64
	Status   AttemptStatus
	Route    Route
	Sent     time.Time
	Resolved time.Time // zero: in flight
	Preimage lntypes.Preimage
	Failure  *AttemptFailure
}

// AttemptFailure is what came back. Message is nil when nobody could read it.
type AttemptFailure struct {
	SourceIndex uint32 // hop that failed it; 0 is us
	Message     lnwire.FailureMessage
	Internal    string // when no onion error came: why
}

// Route is one way to a destination. Amounts and expiries are those of the HTLC
// that we send; each hop's are what it is told to forward.
type Route struct {
	TotalAmount   lnwire.MilliSatoshi
	TotalFees     lnwire.MilliSatoshi
	TotalTimeLock uint32 // block height
	Hops          []Hop
}

// Hop is one node of a route after us, and the channel that leads to it.
type Hop struct {
	Node            PubKey
	SCID            lnwire.ShortChannelID
	Capacity        btcutil.Amount
	AmountToForward lnwire.MilliSatoshi
	Fee             lnwire.MilliSatoshi
	Expiry          uint32
	PaymentAddr     *[32]byte           // last hop
	TotalAmount     lnwire.MilliSatoshi // last hop
	CustomRecords   map[uint64][]byte
	Metadata        []byte
}

// SendToRoute sends one HTLC along a route. A payment_secret at its last hop makes it one of several
// parts of the payment of that hash; with SkipTempErr such a payment goes on when the HTLC fails on
// its way.
type SendToRoute struct {
	Hash        lntypes.Hash
	Route       Route // fees are computed; a hop without a node is the channel's other end
	SkipTempErr bool
}

// ListPayments asks for a page in the order of Index, ascending in the answer
// whichever way it is walked.
type ListPayments struct {
	IncludeIncomplete bool
	Offset            uint64 // exclusive
	Max               uint64 // 0: the node's cap
	Reversed          bool
	CountTotal        bool
	After             time.Time
	Before            time.Time
}

// PaymentPage is a page of payments; the indices are its bounds, 0 when empty.
type PaymentPage struct {
	Payments    []Payment
	FirstOffset uint64
	LastOffset  uint64
	Total       uint64 // when CountTotal
}
