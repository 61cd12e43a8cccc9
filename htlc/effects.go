package htlc

import "github.com/lightningnetwork/lnd/lnwire"

// Effects is what a step asks of the driver. The driver makes Facts durable, in order,
// before it acts on anything else; a crash in between loses nothing, because
// channel_reestablish resends what the facts imply.
type Effects struct {
	Facts     [][]byte // encoded; append, one sync for the batch
	Send      []lnwire.Message
	Broadcast [][]byte // transactions, serialised
	Results   []Result

	// Signed is the commitment of the peer's that commitment_signed in Send signs for the first
	// time, nil if there is none. What must be kept of it to punish its publication later is
	// durable together with Facts.
	Signed *Commitment
}

// Result tells the switch what became of an HTLC: one of the types below.
type Result interface{ result() }

// LockedIn: an incoming HTLC is irrevocably committed on both sides. The switch forwards
// it, accepts it for an invoice, or fails it. OverDust says that with it the dust
// exposure exceeds Params.MaxDust: BOLT 2 has it failed, not forwarded or accepted.
type LockedIn struct {
	HTLC     *HTLC
	OverDust bool
}

// Fulfilled: the preimage of an outgoing HTLC is known, from the peer or from the chain. It
// is given as soon as the preimage is durable, before the HTLC is removed. After Failed it is
// given only if that was not forgotten.
type Fulfilled struct {
	HTLC     *HTLC
	Preimage Preimage
}

// Failed: an outgoing HTLC was failed and is irrevocably removed from both commitments.
// Reason is the encrypted onion error; for update_fail_malformed_htlc Code is its
// failure code (BADONION set) and OnionHash its sha256_of_onion. OnChain says that instead the
// HTLC ended on chain without a preimage (TimedOut): the peer gave no reason, and to the
// sender this node's channel has failed.
type Failed struct {
	HTLC      *HTLC
	Reason    []byte
	Code      uint16
	OnionHash [32]byte
	OnChain   bool
}

// Refused: an Add broke a limit and left no trace. Dropped: an accepted Add was never
// signed before the connection ended and left no trace.
type (
	Refused struct {
		Add Add
		Err error // one of the Err* causes of this package, wrapped with numbers
	}
	Dropped struct{ HTLC *HTLC }
)

// Resolved: the fulfil or failure of the incoming HTLC of that id is durable in this
// channel (or the HTLC is gone), so its outgoing counterpart may be forgotten.
type Resolved struct{ ID uint64 }

// DepositCounted: both commitments account for a side's deposits, so many units in all.
type DepositCounted struct {
	Side  Side
	Total Sat
}

// DepositAwaited: the peer announced deposits, so many units in all, that Seen did not name yet. What
// it says is held back until then. The driver halts the channel if that takes longer than the chain may
// need. After a reconnect it is told again.
type DepositAwaited struct{ Total Sat }

// WithdrawDone: both sides signed that the chain shall have paid out so much in all, by Side. The
// driver has it paid; Pending repeats it until it was seen.
type WithdrawDone struct {
	Total [2]Sat
	Sigs  [2]lnwire.Sig
}

// NotWithdrawn: a Withdraw was refused, or was never signed before the connection ended. It left no
// trace.
type NotWithdrawn struct {
	Total Sat
	Err   error
}

// StateChanged: the lifecycle moved on.
type StateChanged struct {
	From, To State
	Why      string // for Halted: what happened and what to do
}

func (LockedIn) result()     {}
func (Fulfilled) result()    {}
func (Failed) result()       {}
func (Refused) result()      {}
func (Dropped) result()      {}
func (Resolved) result()     {}
func (StateChanged) result() {}

func (DepositCounted) result() {}
func (DepositAwaited) result() {}
func (WithdrawDone) result()   {}
func (NotWithdrawn) result()   {}

// State is where a channel is in its life.
type State uint8

// The life of a channel, in order. A message that a state doesn't expect is a protocol
// error.
const (
	Funding      State = iota // funding_signed passed; channel_ready is not exchanged both ways
	Open                      // HTLCs flow
	ShuttingDown              // shutdown was sent or received; HTLCs drain
	Negotiating               // closing_signed is exchanged
	Closing                   // a cooperative close is signed and may confirm
	Halted                    // must be resolved on chain; nothing is signed any more
	Closed                    // the funding output's spend is final
)

var stateNames = [...]string{
	"funding", "open", "shutting down", "negotiating", "closing", "halted", "closed",
}

// String is the state's name, as nwcli shows it.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown"
}
