package htlc

import (
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"
)

// resolve ends an incoming HTLC as this node decided. The decision is durable at once,
// so the answer is Resolved even while the peer is away.
func (s *stepper) resolve(id uint64, out *outcome) error {
	e := find(s.c.htlcs[Remote], id)
	if e == nil {
		if id >= s.c.nextID[Remote] {
			return fmt.Errorf("htlc: resolving incoming HTLC %d, but the next is %d",
				id, s.c.nextID[Remote])
		}
		s.result(Resolved{ID: id})
		return nil
	}
	if s.c.takesLate(e, out) && e.opens(out.preimage) {
		if err := s.record(&resolvedFact{id: id, out: out}); err != nil {
			return err
		}
	} else if e.out == nil {
		if e.state != committed(Remote) {
			return fmt.Errorf("htlc: resolving incoming HTLC %d in state %v, needs %v",
				id, e.state, committed(Remote))
		}
		if out.kind == fulfilled && !e.opens(out.preimage) {
			return fmt.Errorf("htlc: preimage isn't that of incoming HTLC %d", id)
		}
		if out.kind == malformed && out.code&badOnion == 0 {
			return fmt.Errorf("htlc: failure code %#x of incoming HTLC %d lacks BADONION",
				out.code, id)
		}
		if len(out.reason) > maxReason {
			return fmt.Errorf("htlc: reason of incoming HTLC %d has %d bytes, at most %d",
				id, len(out.reason), maxReason)
		}
		if err := s.record(&resolvedFact{id: id, out: out}); err != nil {
			return err
		}
		if s.talking() {
			s.send(s.c.removalMsg(id, out))
		}
	}
	s.result(Resolved{ID: id})
	return nil
}

const (
	badOnion  = uint16(lnwire.FlagBadOnion)
	maxReason = 65491 // an update_fail_htlc must fit a message

	// MaxFailure is the longest reason of a peer's that is kept, in bytes; a longer one counts
	// as empty. Nobody makes one of more than 1,100. All of a channel's reasons go into one
	// append and one snapshot, which the store must take.
	MaxFailure = 4096
)

// talking reports whether updates may be sent now; those that are durable and were not
// sent are sent when it becomes true.
func (s *stepper) talking() bool {
	return s.c.conn.link == up && s.c.State().updating() && s.c.opened()
}

// removalMsg is the update that removes an incoming HTLC.
func (c *Channel) removalMsg(id uint64, out *outcome) lnwire.Message {
	switch out.kind {
	case fulfilled:
		return &lnwire.UpdateFulfillHTLC{
			ChanID: c.params.ID, ID: id, PaymentPreimage: out.preimage,
		}
	case malformed:
		return &lnwire.UpdateFailMalformedHTLC{
			ChanID: c.params.ID, ID: id,
			ShaOnionBlob: out.onionHash, FailureCode: lnwire.FailCode(out.code),
		}
	default:
		return &lnwire.UpdateFailHTLC{ChanID: c.params.ID, ID: id, Reason: out.reason}
	}
}

// recvFulfill takes a preimage: it is durable, and told, before the peer commits to it.
func (s *stepper) recvFulfill(msg *lnwire.UpdateFulfillHTLC) error {
	e, err := s.removable("update_fulfill_htlc", msg.ID)
	if err != nil {
		return err
	}
	if p := Preimage(msg.PaymentPreimage); !e.opens(p) {
		return fail("update_fulfill_htlc: preimage isn't that of HTLC %d", msg.ID)
	} else if e.out == nil {
		if err := s.record(&preimageFact{id: msg.ID, preimage: p}); err != nil {
			return err
		}
		e = s.entry(Local, msg.ID)
		s.result(e.result())
	}
	s.entry(Local, msg.ID).state = removing(Local)
	return nil
}

// recvFail takes a failure of one of our HTLCs. It is forgotten again if the connection
// ends before the peer signs.
func (s *stepper) recvFail(id uint64, out *outcome) error {
	e, err := s.removable("update_fail_htlc", id)
	if err != nil {
		return err
	}
	if e.known() {
		return fail("update_fail_htlc: HTLC %d was fulfilled before", id)
	}
	if out.kind == malformed && out.code&badOnion == 0 {
		return warn("update_fail_malformed_htlc: failure code %#x of HTLC %d lacks BADONION",
			out.code, id)
	}
	if len(out.reason) > MaxFailure {
		out = &outcome{kind: failed}
	}
	e = s.entry(Local, id)
	e.state, e.out = removing(Local), out
	return nil
}

// removable is the outgoing HTLC of that id, if the peer may remove it now.
func (s *stepper) removable(what string, id uint64) (*entry, error) {
	e := find(s.c.htlcs[Local], id)
	if e == nil {
		return nil, warn("%s: HTLC %d is not in the commitment", what, id)
	}
	if e.state != committed(Local) {
		return nil, warn("%s: HTLC %d is in state %v, needs %v",
			what, id, e.state, committed(Local))
	}
	return e, nil
}

// forget drops an outgoing HTLC's outcome.
func (s *stepper) forget(id uint64) error {
	e := find(s.c.htlcs[Local], id)
	if e == nil || e.forgotten {
		return nil
	}
	if !e.ended() {
		return fmt.Errorf("htlc: forgetting outgoing HTLC %d, which has no outcome yet", id)
	}
	return s.record(&forgotFact{id: id})
}

// Pending repeats, after a restart, every result whose consequence may not be durable
// elsewhere: LockedIn for incoming HTLCs not resolved, Fulfilled and Failed for outgoing
// ones not forgotten.
func (c *Channel) Pending() []Result {
	var out []Result
	for i := range c.htlcs[Remote] {
		if e := &c.htlcs[Remote][i]; e.state == committed(Remote) {
			out = append(out, LockedIn{HTLC: e.HTLC, OverDust: e.overDust})
		}
	}
	for i := range c.htlcs[Local] {
		e := &c.htlcs[Local][i]
		if !e.forgotten && e.ended() {
			out = append(out, e.result())
		}
	}
	if w, ok, err := c.Withdrawal(); ok && err == nil && c.State() < Closing {
		out = append(out, w)
	}
	return out
}
