package htlc

import "fmt"

// MaxHTLCs is the most HTLCs that one side may have in a commitment (BOLT 2,
// max_accepted_htlcs).
const MaxHTLCs = 483

// maxOutcomes bounds the HTLCs of ours that a channel remembers, in flight or waiting
// for the switch to forget them.
const maxOutcomes = 4 * MaxHTLCs

// checkTerms are the limits that need only the HTLC itself.
func (c *Channel) checkTerms(h *HTLC) error {
	least := c.params.Terms[h.Offerer.Other()].HTLCMinimum
	switch {
	case h.Amount == 0:
		return ErrAmountZero
	case h.Amount < least:
		return fmt.Errorf("%w: %d msat, needs %d", ErrBelowMinimum, h.Amount, least)
	case h.Amount > msat(c.bounds()):
		return fmt.Errorf("%w: %d msat is more than the capacity of %d", ErrReserve,
			h.Amount, msat(c.bounds()))
	}
	if err := c.format.CheckExpiry(h.Expiry); err != nil {
		return fmt.Errorf("%w: %w", ErrExpiry, err)
	}
	return nil
}

// checkAdd are the limits that BOLT 2 sets for update_add_htlc on the commitment that
// the HTLC enters first: the receiver's next. Both sides see the same one, since it is
// made of what was sent and what was acknowledged.
func (c *Channel) checkAdd(h *HTLC) error {
	if err := c.checkTerms(h); err != nil {
		return err
	}
	return c.checkReceiver(h)
}

// checkReceiver is checkAdd without what depends on the HTLC alone.
func (c *Channel) checkReceiver(h *HTLC) error {
	from, to := h.Offerer, h.Offerer.Other()
	terms := &c.params.Terms[to]
	t := c.totals(to, &coming[to], 0)
	t.add(h, c.format.Trimmed(h, to, terms.DustLimit, t.rate))
	if most := min(int(terms.MaxAccepted), MaxHTLCs); t.count[from] > most {
		return fmt.Errorf("%w: %d, at most %d", ErrTooMany, t.count[from], most)
	}
	if t.value[from] > terms.MaxInFlight {
		return fmt.Errorf("%w: %d msat, at most %d", ErrInFlight, t.value[from], terms.MaxInFlight)
	}
	return c.affords(&t, from, t.rate, t.untrimmed)
}

// affords checks that a side keeps its reserve, and the fee if it is the opener.
func (c *Channel) affords(t *totals, side Side, rate FeeRate, untrimmed int) error {
	claim := c.claim(side, rate, untrimmed)
	if lack, ok := t.left(side, claim); !ok {
		return fmt.Errorf("%w: %v must keep %d msat (fee for %d HTLCs at %d sat/kw "+
			"included), lacks %d", ErrReserve, side, claim, untrimmed, rate, lack)
	}
	return nil
}

// losesNothing reports whether a side below its reserve has, with an HTLC of its own added,
// no less in the receiver's next commitment than in its newest. lnd offers such an HTLC when
// it gains by a fulfil in the same commitment; a side that has less to lose than before gets
// no further from its reserve by it.
func (c *Channel) losesNothing(h *HTLC) bool {
	from, to := h.Offerer, h.Offerer.Other()
	has := c.totals(to, &latest[to], 0)
	before, ok := has.left(from, c.feeOf(from, has.rate, has.untrimmed))
	if !ok {
		return false
	}
	gets := c.totals(to, &coming[to], 0)
	gets.add(h, c.format.Trimmed(h, to, c.params.Terms[to].DustLimit, gets.rate))
	after, ok := gets.left(from, c.feeOf(from, gets.rate, gets.untrimmed))
	return ok && after >= before
}

// checkOwnFee keeps us able to pay for an output that the peer adds, if we are the opener.
// Our reserve may go: BOLT 2 has the sender see to it, but what both add at once it can't
// know.
func (c *Channel) checkOwnFee(h *HTLC) error {
	if c.params.Opener != Local {
		return nil
	}
	t := c.totals(Local, &coming[Local], 0)
	if c.format.Trimmed(h, Local, c.params.Terms[Local].DustLimit, t.rate) {
		return nil
	}
	if lack, ok := t.left(Local, c.feeOf(Local, t.rate, t.untrimmed+1)); !ok {
		return fmt.Errorf("%w: %d HTLCs at %d sat/kw, local lacks %d msat",
			ErrFee, t.untrimmed+1, t.rate, lack)
	}
	return nil
}

// checkOffer are the limits that this node sets itself for an HTLC that it offers, on
// both commitments with every update known today in them: what is still on its way from
// the peer must find room.
func (c *Channel) checkOffer(h *HTLC) error {
	if n := len(c.htlcs[Local]); n >= maxOutcomes {
		return fmt.Errorf("%w: %d outcomes wait to be forgotten", ErrTooMany, n)
	}
	if err := c.checkAdd(h); err != nil {
		return err
	}
	return c.checkBoth(h)
}

// checkBoth is checkOffer on both commitments.
func (c *Channel) checkBoth(h *HTLC) error {
	rate := c.fees.highest()
	for _, holder := range [...]Side{Local, Remote} {
		t := c.totals(holder, &settled, rate)
		trimmed := c.format.Trimmed(h, holder, c.params.Terms[holder].DustLimit, t.rate)
		t.add(h, trimmed)
		if trimmed && t.dust > c.params.MaxDust {
			return fmt.Errorf("%w: %d msat in the %v commitment, at most %d",
				ErrDustExposure, t.dust, holder, c.params.MaxDust)
		}
		if h.Offerer == Local && !trimmed {
			if err := c.checkAllowance(max(rate, slotRate), t.outputs[Local]); err != nil {
				return err
			}
		}
		if err := c.checkFees(&t, h.Offerer, trimmed); err != nil {
			return err
		}
	}
	return nil
}

// checkFees keeps the opener able to pay. An opener that offers keeps a buffer for twice
// the fee rate and one HTLC more, or a change that the other makes meanwhile could use up
// its reserve; the other only sees that the opener can pay for the output that is added
// (BOLT 2, update_add_htlc).
func (c *Channel) checkFees(t *totals, from Side, trimmed bool) error {
	if c.params.Opener == from {
		return c.affords(t, from, 2*t.rate, t.allOutputs()+1)
	}
	if err := c.affords(t, from, 0, 0); err != nil || trimmed {
		return err
	}
	if err := c.affords(t, from.Other(), t.rate, t.allOutputs()); err != nil {
		return fmt.Errorf("%w: %w", ErrFee, err)
	}
	return nil
}

// room is whether an HTLC would find room, whatever its hash and expiry.
func (c *Channel) room(h *HTLC) error {
	if h.Amount < c.params.Terms[h.Offerer.Other()].HTLCMinimum || h.Amount == 0 {
		return ErrBelowMinimum
	}
	if err := c.checkReceiver(h); err != nil {
		return err
	}
	return c.checkBoth(h)
}

// overDust reports whether an HTLC from the peer takes the dust exposure of either
// commitment over the limit. BOLT 2: it is failed once committed, not the channel.
func (c *Channel) overDust(h *HTLC) bool {
	rate := c.fees.rate(&settled)
	for _, holder := range [...]Side{Local, Remote} {
		if !c.format.Trimmed(h, holder, c.params.Terms[holder].DustLimit, rate) {
			continue
		}
		if t := c.totals(holder, &settled, rate); t.dust+h.Amount > c.params.MaxDust {
			return true
		}
	}
	return false
}
