package router

import (
	"errors"
	"fmt"
)

// Reaction is what a driver does to the peer whose gossip was refused.
type Reaction uint8

const (
	// Ignore: drop the message; the peer did nothing wrong.
	Ignore Reaction = iota
	// Warn: answer with a warning and drop the message.
	Warn
	// Disconnect: answer with a warning and close the connection.
	Disconnect
)

func (r Reaction) String() string {
	return [...]string{"ignore", "warn", "disconnect"}[min(r, Disconnect)]
}

// Refusal is the error of every gossip door: why, and what to do about it.
type Refusal struct {
	Reaction Reaction
	Err      error
}

func (r *Refusal) Error() string { return r.Err.Error() }

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

// ReactionTo returns what to do about an error of this package; an error that is
// not a Refusal is ours, not the peer's: Ignore.
func ReactionTo(err error) Reaction {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Reaction
	}
	return Ignore
}

func refuse(how Reaction, cause error, format string, args ...any) error {
	return &Refusal{how, fmt.Errorf("%w: "+format, append([]any{cause}, args...)...)}
}

// The causes of refused gossip.
var (
	ErrDuplicate      = errors.New("router: gossip already known")
	ErrStale          = errors.New("router: gossip is too old")
	ErrFuture         = errors.New("router: gossip is dated in the future")
	ErrZeroTimestamp  = errors.New("router: gossip has timestamp zero")
	ErrUnknownChain   = errors.New("router: gossip for a chain_hash we do not follow")
	ErrUnknownChannel = errors.New("router: gossip for an unknown channel")
	ErrUnknownNode    = errors.New("router: gossip for a node without channels")
	ErrWaiting        = errors.New("router: gossip waits for its channel_announcement")
	ErrBadSignature   = errors.New("router: gossip signature is wrong")
	ErrBadKey         = errors.New("router: gossip holds an invalid public key")
	ErrNodeOrder      = errors.New("router: node ids are not in ascending order")
	ErrFeatures       = errors.New("router: gossip requires unknown features")
	ErrHTLCMaximum    = errors.New("router: htlc_maximum_msat is wrong")
	ErrNoHTLCMaximum  = errors.New("router: channel_update lacks htlc_maximum_msat")
	ErrRateLimit      = errors.New("router: too much gossip")
	ErrRejected       = errors.New("router: channel was refused before")
	ErrConflict       = errors.New("router: channel is known with other nodes")
	ErrFull           = errors.New("router: graph is full")
	ErrNotGossip      = errors.New("router: not a gossip message")
	ErrCapacity       = errors.New("router: channel capacity is wrong")
)

var errNoFeatures = errors.New("router: message has no feature vector")
