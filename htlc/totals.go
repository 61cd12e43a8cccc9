package htlc

// totals sums up one commitment as far as the limits ask.
type totals struct {
	have      [2]MilliSat // balance and what was gained from HTLCs
	loss      [2]MilliSat // HTLCs offered, or lost to the other side
	value     [2]MilliSat // in flight, by offerer
	count     [2]int      // HTLCs, by offerer
	untrimmed int         // HTLCs with an output
	dust      MilliSat    // value of the others
	outputs   [2]int      // HTLCs that have an output here or may until they are gone, by offerer
	rate      FeeRate
}

// totals sums the holder's commitment seen through a view, trimmed at its own fee rate
// or at a higher one.
func (c *Channel) totals(holder Side, v *view, atLeast FeeRate) totals {
	t := totals{have: c.balance, rate: max(c.fees.rate(v), atLeast)}
	for side := range t.have {
		t.have[side] += msat(c.total(Side(side), deposit, v) - c.gross[side][deposit])
		t.loss[side] += msat(c.total(Side(side), withdrawal, v) - c.gross[side][withdrawal])
	}
	limit := c.params.Terms[holder].DustLimit
	for side, list := range c.htlcs {
		for i := range list {
			e := &list[i]
			if e.state.dead() {
				continue
			}
			trimmed := c.format.Trimmed(e.HTLC, holder, limit, t.rate)
			switch v[e.state] {
			case inside:
				t.add(e.HTLC, trimmed)
			case removed:
				if !trimmed {
					t.outputs[side]++
				}
				if e.fulfilled() {
					t.loss[side] += e.Amount
					t.have[1-side] += e.Amount
				}
			}
		}
	}
	return t
}

// add counts one HTLC more.
func (t *totals) add(h *HTLC, trimmed bool) {
	t.loss[h.Offerer] += h.Amount
	t.value[h.Offerer] += h.Amount
	t.count[h.Offerer]++
	if trimmed {
		t.dust += h.Amount
	} else {
		t.untrimmed++
		t.outputs[h.Offerer]++
	}
}

// allOutputs are those of both sides.
func (t *totals) allOutputs() int { return t.outputs[Local] + t.outputs[Remote] }

// left is what a side has beyond a claim on it; ok is false if the claim is more than it
// has, and left what it lacks.
func (t *totals) left(side Side, claim MilliSat) (left MilliSat, ok bool) {
	if need := t.loss[side] + claim; t.have[side] >= need {
		return t.have[side] - need, true
	} else {
		return need - t.have[side], false
	}
}

// claim is what a side must keep in a commitment of so many outputs: its reserve and,
// if it is the opener, the fee.
func (c *Channel) claim(side Side, rate FeeRate, untrimmed int) MilliSat {
	return msat(c.params.Terms[side].Reserve) + c.feeOf(side, rate, untrimmed)
}

// feeOf is a side's part of a commitment's fee: all of it, or nothing.
func (c *Channel) feeOf(side Side, rate FeeRate, untrimmed int) MilliSat {
	if side != c.params.Opener {
		return 0
	}
	return msat(c.format.Fee(rate, untrimmed))
}

func msat(s Sat) MilliSat { return MilliSat(s) * 1000 }
