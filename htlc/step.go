package htlc

import (
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"
)

// stepper makes one batch's next channel. Its channel is its own to change, and each
// list of HTLCs too once it was copied. A handler checks everything before it changes
// anything, so that an input it refuses leaves no trace.
type stepper struct {
	c      *Channel
	copied [2]bool
	eff    Effects
}

// begin makes the stepper of a batch.
func begin(c *Channel) *stepper {
	next := *c
	return &stepper{c: &next}
}

// BatchError is the error of one input of a batch: those before it took effect, it and
// those behind it did not.
type BatchError struct {
	Index int
	Err   error
}

// Error is the cause's.
func (e *BatchError) Error() string { return e.Err.Error() }

// Unwrap gives the cause, a *PeerError if the peer is to blame.
func (e *BatchError) Unwrap() error { return e.Err }

// Step is the door for a single input. On an error the old value stands and no effect is
// to be carried out. Step never signs a commitment; StepAll does, at the end of its
// batch.
func (c *Channel) Step(in Input) (*Channel, Effects, error) {
	s := begin(c)
	if err := s.take(in); err != nil {
		return c, Effects{}, err
	}
	return s.c, s.eff, nil
}

// StepAll folds Step over a batch and then signs a commitment if one is owed and none is
// unacknowledged. On an error, a *BatchError, it returns the channel and the effects of
// the inputs before the bad one: they are still made durable and sent, then the error is
// acted on. The inputs behind it are the driver's to give again.
func (c *Channel) StepAll(batch []Input) (*Channel, Effects, error) {
	s := begin(c)
	for i, in := range batch {
		if err := s.take(in); err != nil {
			return s.c, s.eff, &BatchError{Index: i, Err: err}
		}
	}
	if err := s.finish(); err != nil {
		return c, Effects{}, err
	}
	return s.c, s.eff, nil
}

// take handles one input, and what was held back until it came.
func (s *stepper) take(in Input) error {
	if err := s.input(in); err != nil {
		return err
	}
	return s.release()
}

// input handles one input and reports the lifecycle's move, if it made one.
func (s *stepper) input(in Input) error {
	from := s.c.State()
	if err := s.handle(in); err != nil {
		return err
	}
	s.moved(from)
	return nil
}

// moved adds a StateChanged if the lifecycle is no longer where it was.
func (s *stepper) moved(from State) {
	if to := s.c.State(); to != from {
		s.result(StateChanged{From: from, To: to, Why: s.c.life.halted})
	}
}

// finish does what a batch's end allows: sign what is owed, ask for shutdown once
// nothing is owed, and begin to close once nothing is left.
func (s *stepper) finish() error {
	from := s.c.State()
	s.announceDeposit()
	if err := s.sign(); err != nil {
		return err
	}
	if err := s.signWithdrawal(); err != nil {
		return err
	}
	s.sendShutdown()
	if err := s.beginClosing(); err != nil {
		return err
	}
	s.moved(from)
	return nil
}

// handle is the table of inputs.
func (s *stepper) handle(in Input) error {
	switch in := in.(type) {
	case Recv:
		return s.recv(in.Msg)
	case Connected:
		s.connected()
	case Disconnected:
		s.disconnected()
	case Add:
		s.add(in)
	case Fulfill:
		return s.resolve(in.ID, &outcome{kind: fulfilled, preimage: in.Preimage})
	case Fail:
		return s.resolve(in.ID, &outcome{kind: failed, reason: in.Reason})
	case FailMalformed:
		return s.resolve(in.ID, &outcome{kind: malformed, code: in.Code, onionHash: in.OnionHash})
	case Forget:
		return s.forget(in.ID)
	case Learned:
		return s.learned(in)
	case TimedOut:
		return s.timedOut(in.ID)
	case SetFee:
		s.setFee(in.Rate)
	case Seen:
		return s.seen(in)
	case Withdraw:
		s.withdraw(in)
	case Shutdown:
		return s.shutdown(in)
	case FundingConfirmed:
		return s.fundingConfirmed(in)
	case FundingSpent:
		return s.fundingSpent(in)
	case Halt:
		return s.halt(in.Reason)
	default:
		return fmt.Errorf("htlc: unknown input %T", in)
	}
	return nil
}

// recv sends a message to its handler: those that may come at any time here, the
// others by the channel's state.
func (s *stepper) recv(msg lnwire.Message) error {
	if raw, ok := msg.(*lnwire.Custom); ok {
		var err error
		if msg, err = parseCustom(raw); err != nil {
			return err
		}
	}
	state := s.c.State()
	switch msg := msg.(type) {
	case nil:
		return fmt.Errorf("htlc: no message")
	case *lnwire.Warning:
		return nil
	case *lnwire.Error:
		return s.peerError(msg)
	case *lnwire.ChannelReestablish:
		return s.recvReestablish(msg)
	}
	if state == Halted || state == Closed {
		return s.recvHalted(msg)
	}
	if m, ok := msg.(*lnwire.ChannelReady); ok && s.c.conn.link == greeting {
		return s.recvReady(m) // lnd sends it early
	}
	if s.c.conn.link != up {
		return warn("%v before channel_reestablish", msg.MsgType())
	}
	if len(s.c.conn.held) > 0 {
		return s.hold(msg)
	}
	switch {
	case state <= ShuttingDown && !s.c.opened():
		return s.recvFunding(msg)
	case state == Open:
		return s.recvOpen(msg)
	case state == ShuttingDown:
		return s.recvShuttingDown(msg)
	default:
		return s.recvNegotiating(msg)
	}
}

func (s *stepper) send(msg lnwire.Message) { s.eff.Send = append(s.eff.Send, msg) }
func (s *stepper) result(r Result)         { s.eff.Results = append(s.eff.Results, r) }

// own makes a side's list of HTLCs this step's own, so that it may be changed.
func (s *stepper) own(side Side) []entry {
	if !s.copied[side] {
		list := s.c.htlcs[side]
		s.c.htlcs[side] = append(make([]entry, 0, len(list)+8), list...)
		s.copied[side] = true
	}
	return s.c.htlcs[side]
}

// entry is the HTLC of that offerer and id, to be changed; nil if there is none.
func (s *stepper) entry(offerer Side, id uint64) *entry { return find(s.own(offerer), id) }

// append adds an HTLC in its first state.
func (s *stepper) append(h *HTLC, overDust bool) {
	s.c.htlcs[h.Offerer] = append(s.own(h.Offerer), entry{
		HTLC: h, state: proposed(h.Offerer), overDust: overDust,
	})
	s.c.nextID[h.Offerer]++
}

// warn is a violation after which the peer may reconnect and start over.
func warn(format string, args ...any) error {
	return &PeerError{Reaction: Warn, Err: fmt.Errorf("htlc: "+format, args...)}
}

// fail is a violation after which nothing can be agreed upon any more.
func fail(format string, args ...any) error {
	return &PeerError{Reaction: FailChannel, Err: fmt.Errorf("htlc: "+format, args...)}
}
