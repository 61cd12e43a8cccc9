package htlc

import "fmt"

// learned takes the preimage of an outgoing HTLC from outside of the channel. A peer that used
// it and is about to fail the HTLC here as well signs nothing that we could take.
func (s *stepper) learned(in Learned) error {
	e := find(s.c.htlcs[Local], in.ID)
	switch {
	case e == nil:
		return nil
	case !e.opens(in.Preimage):
		return fmt.Errorf("htlc: preimage isn't that of outgoing HTLC %d", in.ID)
	case e.state == sentAddHTLC || e.known() || e.forgotten:
		return nil
	}
	failing := e.state == rcvdRemoveHTLC
	if err := s.record(&preimageFact{id: in.ID, preimage: in.Preimage}); err != nil {
		return err
	}
	s.result(s.entry(Local, in.ID).result())
	if failing {
		return s.halt(fmt.Sprintf("the peer failed HTLC %d, whose preimage it used on chain", in.ID))
	}
	return nil
}

// timedOut ends an outgoing HTLC that the chain has decided against its receiver.
func (s *stepper) timedOut(id uint64) error {
	e := find(s.c.htlcs[Local], id)
	if e == nil || e.ended() {
		return nil
	}
	if state := s.c.State(); !state.stopped() {
		return fmt.Errorf("htlc: outgoing HTLC %d timed out on chain in a channel that is %v, "+
			"needs %v or %v", id, state, Halted, Closed)
	}
	if err := s.record(&timedOutFact{id: id}); err != nil {
		return err
	}
	s.result(s.entry(Local, id).result())
	return nil
}

// stopped reports whether nothing is signed any more, so that the chain decides.
func (s State) stopped() bool { return s == Halted || s == Closed }

// takesLate reports whether a fulfil of an incoming HTLC that was failed still counts: the
// failure was not agreed upon when the channel stopped, so an output may be there to claim.
func (c *Channel) takesLate(e *entry, out *outcome) bool {
	return c.State().stopped() && out.kind == fulfilled &&
		e.out != nil && !e.known() && !e.state.dead()
}

// timedOutFact: an outgoing HTLC ended on chain without a preimage.
type timedOutFact struct{ id uint64 }

func (*timedOutFact) kind() factKind      { return factTimedOut }
func (f *timedOutFact) encode(e *encoder) { e.uint(f.id) }
func (f *timedOutFact) decode(d *decoder) { f.id = d.uint() }

func (f *timedOutFact) apply(s *stepper) error {
	e := s.entry(Local, f.id)
	if e == nil || e.ended() || !s.c.State().stopped() {
		return corrupt("outgoing HTLC %d timed out that awaits no outcome", f.id)
	}
	e.timedOut = true
	return nil
}
