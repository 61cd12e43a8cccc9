package htlc

import "errors"

// Causes for which an HTLC is not added (by us: Refused; by the peer: a protocol error).
var (
	ErrNotOpen      = errors.New("htlc: channel is not open for new HTLCs")
	ErrAmountZero   = errors.New("htlc: amount is zero")
	ErrBelowMinimum = errors.New("htlc: amount is below htlc_minimum_msat")
	ErrInFlight     = errors.New("htlc: value in flight would exceed max_htlc_value_in_flight_msat")
	ErrTooMany      = errors.New("htlc: HTLCs would exceed max_accepted_htlcs")
	ErrReserve      = errors.New("htlc: amount would break the channel reserve")
	ErrFee          = errors.New("htlc: opener can't afford the commitment fee")
	ErrFeeAllowance = errors.New("htlc: commitment fee could exceed the channel's allowance")
	ErrDustExposure = errors.New("htlc: dust exposure would exceed its limit")
	ErrExpiry       = errors.New("htlc: expiry is of the wrong kind")
)

// ErrStale: the peer proved that it knows of a later state than this node does. Our newest
// commitment may be one that we revoked; to publish it would forfeit everything.
var ErrStale = errors.New("htlc: state is old, its commitment must not be published")

// Reaction is what the driver must do about an error in what the peer sent.
type Reaction uint8

// The reactions, mildest first.
const (
	// Warn: send a warning and disconnect; reconnecting starts over from what is durable.
	Warn Reaction = iota
	// FailChannel: step Halt with the error's text, which makes it durable and tells the
	// peer; the channel must be resolved on chain.
	FailChannel
)

// PeerError is an error in what the peer sent. Step's other errors are this node's own
// (a driver that breaks its duties, a disk that holds nonsense).
type PeerError struct {
	Reaction Reaction
	Err      error
}

// Error says what was expected.
func (e *PeerError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *PeerError) Unwrap() error { return e.Err }
