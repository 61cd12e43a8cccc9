package htlc

import (
	"github.com/lightningnetwork/lnd/lnwire"
)

// Input is anything that can happen to a channel: one of the types in this file.
type Input interface{ input() }

// Recv is a BOLT 2 message from the peer for this channel: update_*, commitment_signed,
// revoke_and_ack, channel_reestablish, channel_ready, shutdown, closing_signed, error.
// The channel keeps the message. Others, announcement_signatures among them, are the
// driver's; here they are a violation.
type Recv struct{ Msg lnwire.Message }

// Connected says that the peer is there and init was exchanged; it is answered with
// channel_reestablish. Disconnected undoes what was not committed, as BOLT 2 asks.
type (
	Connected    struct{}
	Disconnected struct{ Reason string }
)

// Add offers an HTLC. If it would break a limit, a Refused result answers it and the
// batch goes on.
type Add struct {
	Amount MilliSat
	Hash   [32]byte
	Expiry uint32
	Onion  *[lnwire.OnionPacketSize]byte
	Ref    Ref
}

// Fulfill, Fail and FailMalformed resolve the incoming HTLC of that id. They are
// idempotent: one that is resolved already, or gone, is answered by Resolved again. An
// HTLC whose preimage is known is never failed; in a channel that is Halted or Closed a
// preimage counts even after a failure, for as long as a commitment may hold the HTLC.
type (
	Fulfill struct {
		ID       uint64
		Preimage Preimage
	}
	Fail struct {
		ID     uint64
		Reason []byte // encrypted onion error, BOLT 4
	}
	FailMalformed struct {
		ID        uint64
		Code      uint16
		OnionHash [32]byte
	}
)

// Forget says that the switch has made the outcome of the outgoing HTLC of that id
// durable elsewhere, so that this channel may drop it. Idempotent.
type Forget struct{ ID uint64 }

// Learned says that the preimage of the outgoing HTLC of that id was seen outside of the
// channel: in a transaction of the mempool or of a block. It counts in any state of the
// channel, and even if the HTLC failed, unless that is forgotten: it is made durable and
// Fulfilled is given, once. An HTLC that no signature covers, or that is gone, is passed by;
// a preimage that is not the HTLC's is an error.
type Learned struct {
	ID       uint64
	Preimage Preimage
}

// TimedOut says that the outgoing HTLC of that id will never be paid on chain (BOLT 5): its
// output was spent without a preimage, or the commitment that confirmed has none for it, and
// that is final. It is answered by Failed, once, unless the preimage is known or the HTLC is
// gone. The channel must be Halted or Closed.
type TimedOut struct{ ID uint64 }

// SetFee proposes a commitment fee rate. It has no effect unless this side opened the
// channel, is connected, and can pay the rate with all that is under way. What is not
// signed when the connection ends is forgotten.
type SetFee struct{ Rate FeeRate }

// Seen says what is final on chain of the money that went into the channel and was paid out of it, in
// all and whole units, by Side. The driver gives it at its start and whenever it grows. Deposits of this side are
// announced then (update_deposit); those of the peer count once they were seen.
type Seen struct{ Deposited, Withdrawn [2]Sat }

// Withdraw asks for money of this side to be paid out of the open channel: Total is that of all
// withdrawals so far and this one, in units. It is answered by WithdrawDone in the end, or by
// NotWithdrawn.
type Withdraw struct{ Total Sat }

// Shutdown starts a cooperative close to Script, offering FeeRate. No HTLC is added
// after it; signing starts when none is left. An empty script is that of Params, FeeRate
// 0 that of the commitments. Given again, it changes the rate of later offers.
type Shutdown struct {
	Script  []byte
	FeeRate FeeRate
}

// FundingConfirmed says that the funding output was found on chain at MinDepth, with the
// right amount and script, at this position.
type FundingConfirmed struct{ SCID lnwire.ShortChannelID }

// FundingSpent says that a transaction spending the funding output confirmed at the
// depth at which the node takes it for final.
type FundingSpent struct {
	TxID        [32]byte
	Cooperative bool // it is the close that both signed
}

// Halt stops the channel for good: no update is made any more, and it waits to be
// resolved on chain.
type Halt struct{ Reason string }

func (Recv) input()             {}
func (Connected) input()        {}
func (Disconnected) input()     {}
func (Add) input()              {}
func (Fulfill) input()          {}
func (Fail) input()             {}
func (FailMalformed) input()    {}
func (Forget) input()           {}
func (Learned) input()          {}
func (TimedOut) input()         {}
func (SetFee) input()           {}
func (Seen) input()             {}
func (Withdraw) input()         {}
func (Shutdown) input()         {}
func (FundingConfirmed) input() {}
func (FundingSpent) input()     {}
func (Halt) input()             {}
