package contract

import (
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
)

// State is how far a channel is on chain.
type State uint8

// The states, in order. A reorganisation can lead back to any earlier one.
const (
	Idle      State = iota // open, and nothing is to be done
	Posting                // a call must get into a block: a close, a cooperative close
	Resolving              // a state is posted
	Settled                // all is final
)

var stateNames = [...]string{"idle", "posting", "resolving", "settled"}

// String is the state's name in logs.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown"
}

// LockState is how far one lock is.
type LockState uint8

// The states of a lock.
const (
	LockWaits    LockState = iota // for its expiry, or for a preimage
	LockTaking                    // a call that takes it for us is on its way
	LockClaimed                   // taken by its preimage
	LockRefunded                  // given back
)

// Lock is one lock of the posted state.
type Lock struct {
	Amount   evm.Amount
	Expiry   uint64
	Hash     [32]byte
	Incoming bool       // its preimage pays us
	HTLC     *htlc.HTLC // nil if it is none that we know
	State    LockState
}

// Report is the state of a channel on chain.
type Report struct {
	State     State
	Phase     evm.Phase
	Funds     Funds  // as of the newest block
	Moves     []Move // the last of those that made it so, the newest last
	Ending    adjudicator.Ending
	Number    uint64      // of the posted commitment
	CloseTx   common.Hash // that posted it
	Block     uint64      // of CloseTx
	Deadline  uint64      // of the contest period, unix seconds
	Limbo     evm.Amount  // ours, and not paid yet
	Recovered evm.Amount
	Locks     []Lock
	Calls     []string // that are wanted now
	Next      string   // what happens next, for people
	How       evm.How
	EndTx     common.Hash
}

// report describes a judged channel.
func (r *resolver) report() *Report {
	s := &r.now
	v := &Report{
		State: r.state(), Phase: s.Phase, Funds: fundsOf(s), CloseTx: s.Closed.Tx, Block: s.Closed.Block,
		Deadline: s.Deadline, How: s.How, EndTx: s.End.Tx, Moves: slices.Concat(r.moves, r.moving),
	}
	for i := range r.acts {
		v.Calls = append(v.Calls, r.acts[i].Kind.String())
	}
	if r.judged != nil {
		v.Ending, v.Number = r.judged.Ended()
		v.Locks = r.locksOf(r.judged)
		v.Limbo = r.judged.Limbo(r.court.head.Time)
	}
	v.Recovered = s.Paid[r.mine]
	v.Next = r.next(v)
	return v
}

func (r *resolver) state() State {
	switch {
	case r.done:
		return Settled
	case r.now.Phase >= evm.PhaseClosing:
		return Resolving
	case len(r.acts) > 0 || r.ch.View().State() >= htlc.Halted:
		return Posting
	}
	return Idle
}

func (r *resolver) locksOf(c *evm.Case) []Lock {
	taking := make(map[uint16]bool)
	for i := range r.acts {
		for _, claim := range r.acts[i].Claims {
			taking[claim.Index] = true
		}
	}
	var all []Lock
	for i, l := range c.Locks {
		v := Lock{Amount: l.Amount, Expiry: l.Expiry, Hash: l.Hash, Incoming: l.Side == r.mine, HTLC: l.HTLC}
		_, claimed := c.State.Claims[uint16(i)]
		switch {
		case claimed:
			v.State = LockClaimed
		case c.State.Refunds[uint16(i)]:
			v.State = LockRefunded
		case taking[uint16(i)], l.Expiry <= r.court.head.Time:
			v.State = LockTaking
		}
		all = append(all, v)
	}
	return all
}

// next tells people what the channel waits for.
func (r *resolver) next(v *Report) string {
	now := r.court.head.Time
	switch {
	case v.State == Settled:
		return "done"
	case v.Phase == evm.PhaseEnded:
		return "paid; done when that is final"
	case len(v.Calls) > 0:
		return "a call waits for a block: " + v.Calls[0]
	case v.Phase == evm.PhaseClosing && now < v.Deadline:
		return fmt.Sprintf("the contest period ends in %d s", v.Deadline-now)
	case v.Phase == evm.PhaseClosing:
		return "waits for HTLCs to expire"
	case v.State == Posting:
		return "waits for its deposit to be on chain"
	}
	return ""
}
