package htlc

import (
	"errors"
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"
)

// add offers an HTLC, or refuses to.
func (s *stepper) add(in Add) {
	h := &HTLC{
		Offerer: Local, ID: s.c.nextID[Local], Amount: in.Amount, Hash: in.Hash,
		Expiry: in.Expiry, Onion: in.Onion, Ref: in.Ref,
	}
	if err := s.offer(h); err != nil {
		s.result(Refused{Add: in, Err: err})
	}
}

// offer puts an HTLC into the channel and sends it. It becomes durable with the
// commitment_signed that covers it.
func (s *stepper) offer(h *HTLC) error {
	if state := s.c.State(); state != Open {
		return fmt.Errorf("%w: it is %v", ErrNotOpen, state)
	}
	if s.c.conn.link != up {
		return fmt.Errorf("%w: the peer is away", ErrNotOpen)
	}
	if h.Onion == nil {
		return fmt.Errorf("htlc: HTLC without an onion")
	}
	if err := s.c.checkOffer(h); err != nil {
		return err
	}
	s.append(h, false)
	s.send(s.c.addMsg(h))
	return nil
}

// addMsg is the update_add_htlc of one of our HTLCs.
func (c *Channel) addMsg(h *HTLC) *lnwire.UpdateAddHTLC {
	msg := &lnwire.UpdateAddHTLC{
		ChanID: c.params.ID, ID: h.ID, Amount: h.Amount, PaymentHash: h.Hash, Expiry: h.Expiry,
	}
	if h.Onion != nil {
		msg.OnionBlob = *h.Onion
	}
	return msg
}

// recvAdd takes an HTLC that the peer offers (BOLT 2, update_add_htlc).
func (s *stepper) recvAdd(msg *lnwire.UpdateAddHTLC) error {
	if s.c.life.closing[Remote] {
		return fail("update_add_htlc after shutdown")
	}
	if want := s.c.nextID[Remote]; msg.ID != want {
		return warn("update_add_htlc with id %d, needs %d", msg.ID, want)
	}
	h := &HTLC{
		Offerer: Remote, ID: msg.ID, Amount: msg.Amount, Hash: msg.PaymentHash,
		Expiry: msg.Expiry, Onion: &msg.OnionBlob,
	}
	if err := s.c.checkAdd(h); err != nil && !(errors.Is(err, ErrReserve) && s.c.losesNothing(h)) {
		return &PeerError{Reaction: Warn, Err: err}
	}
	if err := s.c.checkOwnFee(h); err != nil {
		return &PeerError{Reaction: Warn, Err: err}
	}
	s.append(h, s.c.overDust(h))
	return nil
}

// Bounds of a fee rate on chains that have fees: the lowest that nodes relay, and one at
// which something is wrong.
const (
	MinFeeRate FeeRate = 253
	MaxFeeRate FeeRate = 1_000_000
)

// setFee proposes a fee rate, if we are the opener and can pay it with what is on its way;
// otherwise it has no effect.
func (s *stepper) setFee(rate FeeRate) {
	c := s.c
	if !s.talking() || c.params.Opener != Local || c.params.FeeRate == 0 ||
		rate < MinFeeRate || rate > MaxFeeRate || rate == c.fees[len(c.fees)-1].rate {
		return
	}
	if rate > c.fees[len(c.fees)-1].rate && !c.bearsFullSlots(rate) {
		return
	}
	for _, holder := range [...]Side{Local, Remote} {
		t := c.totals(holder, &settled, rate)
		if t.dust > c.params.MaxDust || c.affords(&t, Local, rate, t.allOutputs()+1) != nil {
			return
		}
		t = c.totals(holder, &coming[holder], rate)
		if c.affords(&t, Local, rate, t.untrimmed) != nil {
			return
		}
	}
	c.fees = c.fees.push(feeUpdate{rate, sentAddHTLC})
	s.send(&lnwire.UpdateFee{ChanID: c.params.ID, FeePerKw: uint32(rate)})
}

// recvFee takes a fee rate from the opener (BOLT 2, update_fee). A higher one must leave it
// its reserve: an opener that spent that on fees has nothing to lose by cheating. Nor may it
// take the fee above the allowance; that ends the connection only, since an honest opener asks
// for it when closing costs most.
func (s *stepper) recvFee(msg *lnwire.UpdateFee) error {
	c, rate := s.c, FeeRate(msg.FeePerKw)
	if c.params.Opener != Remote {
		return fail("update_fee, but this side opened the channel")
	}
	if c.params.FeeRate == 0 || rate < MinFeeRate || rate > MaxFeeRate {
		return fail("update_fee to %d sat/kw, must be in %d..%d", rate, MinFeeRate, MaxFeeRate)
	}
	fees := c.fees.push(feeUpdate{rate, rcvdAddHTLC})
	next := *c
	next.fees = fees
	t := next.totals(Local, &coming[Local], 0)
	if rate > c.fees.rate(&coming[Local]) {
		if err := c.affords(&t, Remote, rate, t.untrimmed); err != nil {
			return fail("update_fee to %d sat/kw: %w", rate, err)
		}
		if err := next.checkRaise(rate); err != nil {
			return warn("update_fee to %d sat/kw: %w", rate, err)
		}
	}
	for _, holder := range [...]Side{Local, Remote} {
		before, after := c.totals(holder, &settled, 0), next.totals(holder, &settled, 0)
		if after.dust > before.dust && after.dust > c.params.MaxDust {
			return fail("update_fee to %d sat/kw: %w: %d msat in the %v commitment, at most %d",
				rate, ErrDustExposure, after.dust, holder, c.params.MaxDust)
		}
	}
	c.fees = fees
	return nil
}
