package htlc

import (
	"strings"

	"github.com/lightningnetwork/lnd/lnwire"
)

// Connected reports whether updates can be exchanged with the peer now.
func (c *Channel) Connected() bool { return c.conn.link == up }

// SCID is where the funding output is, zero until it was found.
func (c *Channel) SCID() lnwire.ShortChannelID { return c.life.scid }

// Alias is the name under which the peer takes HTLCs to forward to us, besides SCID; ok is
// false if it gave none.
func (c *Channel) Alias() (scid lnwire.ShortChannelID, ok bool) {
	return lnwire.NewShortChanIDFromInt(c.life.alias), c.life.alias != 0
}

// Halted is why the channel stopped, empty if it did not.
func (c *Channel) Halted() string { return c.life.halted }

// Stale reports whether the peer proved that our state is old: nothing of it may be
// published, and only the peer can end the channel on chain.
func (c *Channel) Stale() bool { return c.life.stale }

// FailedByPeer reports whether the channel stopped since the peer said so. It most often publishes
// its commitment then.
func (c *Channel) FailedByPeer() bool { return strings.HasPrefix(c.life.halted, peerFailed) }

// CloseTx is the cooperative close that both signed, to be published again after a
// restart; nil before that.
func (c *Channel) CloseTx() []byte { return c.life.closeTx }

// Spent is how the funding output was spent in the end, nil before that.
func (c *Channel) Spent() *FundingSpent { return c.life.spent }

// FeeRate is that of our newest commitment.
func (c *Channel) FeeRate() FeeRate { return c.fees.rate(&latest[Local]) }

// CommitFee is what the opener pays for our newest commitment, anchors included.
func (c *Channel) CommitFee() Sat {
	t := c.totals(Local, &latest[Local], 0)
	return c.format.Fee(t.rate, t.untrimmed)
}

// Numbers are the numbers of each side's newest irrevocable commitment, from 0.
func (c *Channel) Numbers() (local, remote uint64) { return c.localNumber, c.remoteNumber }

// Balance is what a side has in our newest commitment, HTLCs taken out, fees not.
func (c *Channel) Balance(side Side) MilliSat {
	t := c.totals(Local, &latest[Local], 0)
	left, _ := t.left(side, 0)
	return left
}

// Deposited is what a side has put into the channel, Withdrawn what was paid out to it, in all, as our
// newest commitment accounts for it. What the opener brought at opening is a deposit.
func (c *Channel) Deposited(side Side) Sat { return c.total(side, deposit, &latest[Local]) }

// Withdrawn is what Deposited says.
func (c *Channel) Withdrawn(side Side) Sat { return c.total(side, withdrawal, &latest[Local]) }

// Capacity is what our newest commitment holds: Params.Capacity, until money is put in or paid out.
func (c *Channel) Capacity() Sat {
	return c.Deposited(Local) + c.Deposited(Remote) - c.Withdrawn(Local) - c.Withdrawn(Remote)
}

// Awaited is the peer's deposit, in all, that its messages are held back for; 0 if none are.
func (c *Channel) Awaited() Sat { return c.awaited() }

// Item is an HTLC and how far it is.
type Item struct {
	*HTLC
	State     string // as Core Lightning names it
	LockedIn  bool   // irrevocably committed, and not being removed
	Removed   bool   // out of both commitments, its outcome not forgotten
	Fulfilled bool   // the preimage is known
	Forgotten bool   // its outcome is durable elsewhere, though it is not removed yet
	TimedOut  bool   // it ended on chain without a preimage
}

// HTLCs are the HTLCs of both sides, ours first, by id.
func (c *Channel) HTLCs() []Item {
	out := make([]Item, 0, len(c.htlcs[Local])+len(c.htlcs[Remote]))
	for side, list := range c.htlcs {
		for i := range list {
			e := &list[i]
			out = append(out, Item{
				HTLC: e.HTLC, State: e.state.String(),
				LockedIn: e.state == committed(Side(side)),
				Removed:  e.state.dead(), Fulfilled: e.known(),
				Forgotten: e.forgotten, TimedOut: e.timedOut,
			})
		}
	}
	return out
}

// Preimage opens the incoming HTLCs of that hash, if this node decided to fulfil one of them
// that may still be in a commitment. It is what claims them on chain.
func (c *Channel) Preimage(hash [32]byte) (Preimage, bool) {
	for i := range c.htlcs[Remote] {
		if e := &c.htlcs[Remote][i]; e.Hash == hash {
			if p, ok := e.preimage(); ok {
				return p, true
			}
		}
	}
	return Preimage{}, false
}

// CloseScripts are where each side's part of a cooperative close goes, by Side: what it told
// in shutdown, else its upfront_shutdown_script, nil if there is neither.
func (c *Channel) CloseScripts() [2][]byte {
	scripts := c.life.closeScript
	for side := range scripts {
		if len(scripts[side]) == 0 {
			scripts[side] = c.params.Terms[side].CloseScript
		}
	}
	return scripts
}

// InFlight is how many HTLCs, and of what value, are in our newest commitment.
func (c *Channel) InFlight() (n int, value MilliSat) {
	t := c.totals(Local, &latest[Local], 0)
	return t.count[Local] + t.count[Remote], t.value[Local] + t.value[Remote]
}

// Spendable is the most that one Add could carry now, 0 if none would be taken.
func (c *Channel) Spendable() MilliSat { return c.most(Local) }

// Receivable is about the most that one HTLC from the peer could carry now.
func (c *Channel) Receivable() MilliSat { return c.most(Remote) }

// most is the largest amount that a side could add. What the balances leave is nearly
// always it; if another limit is tighter, halving finds it, since all of them are
// monotone in the amount but for dust, which the smallest amounts are.
func (c *Channel) most(from Side) MilliSat {
	if c.State() != Open || from == Local && c.conn.link != up {
		return 0
	}
	fits := func(amount MilliSat) bool {
		return c.room(&HTLC{Offerer: from, Amount: amount}) == nil
	}
	low, high := MilliSat(0), c.bound(from)
	if fits(high) {
		return high
	}
	for low < high {
		if mid := high - (high-low)/2; fits(mid) {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low
}

// bound is what balance, reserve, fee and max_htlc_value_in_flight leave for an HTLC with
// an output, or more.
func (c *Channel) bound(from Side) MilliSat {
	to := from.Other()
	t := c.totals(to, &coming[to], 0)
	least := t.have[from]
	if most := c.params.Terms[to].MaxInFlight; t.value[from] < most {
		least = min(least, most-t.value[from])
	}
	rate := c.fees.highest()
	for _, holder := range [...]Side{Local, Remote} {
		t := c.totals(holder, &settled, rate)
		if left, ok := t.left(from, c.claim(from, 2*t.rate, t.allOutputs()+2)); ok {
			least = min(least, left) // otherwise one without an output may still fit
		}
	}
	return least
}

// LocalCommitment is our newest commitment with the peer's signatures on it: what a force
// close publishes. The first signature is the commitment's, the others its HTLCs'. A stale
// channel has none.
func (c *Channel) LocalCommitment() (*Commitment, []lnwire.Sig, error) {
	if c.Stale() {
		return nil, nil, ErrStale
	}
	com, err := c.fold(Local, &latest[Local], c.localNumber, c.signer.Point(c.localNumber))
	return com, c.localSigs, err
}

// RemoteCommitments are the peer's commitments that it may publish: the one that it
// acknowledged, and the one that we signed since, if any. Of a restored channel none is known.
func (c *Channel) RemoteCommitments() ([]*Commitment, error) {
	if c.Restored() {
		return nil, nil
	}
	v := &latest[Remote]
	if c.unacked {
		v = &previous
	}
	com, err := c.fold(Remote, v, c.remoteNumber, c.remotePoint)
	if err != nil || !c.unacked {
		return []*Commitment{com}, err
	}
	newer, err := c.unackedRemote()
	return []*Commitment{com, newer}, err
}

// RevokedSecret is the secret of a commitment that the peer revoked.
func (c *Channel) RevokedSecret(number uint64) ([32]byte, error) {
	if number >= c.remoteNumber {
		return [32]byte{}, corrupt("the peer revoked %d commitments, not %d", c.remoteNumber, number)
	}
	secret, err := c.secrets.LookUp(number)
	if err != nil {
		return [32]byte{}, corrupt("secret of the peer's commitment %d: %v", number, err)
	}
	return *secret, nil
}
