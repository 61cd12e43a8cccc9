package contract

import (
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/ethereum"
)

// wants hands the sender all calls that the channel needs now.
func (r *resolver) wants(c *evm.Case, view *htlc.Channel) error {
	head := r.court.head.Time
	acts, err := c.Acts(head, r.court.cfg.MaxGas)
	if err != nil {
		return err
	}
	if len(acts) > 0 && acts[0].Kind == evm.Close && r.courteous(view) {
		acts = nil
	}
	if view.Stale() && c.State.Phase == evm.PhaseOpen {
		r.raise(AlarmStale, "only the peer can close the channel. Stay connected to it, or ask its operator to force close: "+
			view.Halted())
	}
	var calls []ethereum.Call
	for i := range acts {
		data, err := c.Data(&acts[i], r.signer)
		if err != nil {
			return err
		}
		calls = append(calls, r.call(&acts[i], data))
	}
	r.acts = acts
	if w, ok := r.withdrawal(); ok {
		calls = append(calls, w)
	}
	r.want(calls)
	r.nearing()
	return nil
}

// courtesy is for how many times what a transaction takes a peer that failed the channel may post its
// commitment before we post ours, if no HTLC is waiting: one of the two would pay gas for nothing.
const courtesy = 2

func (r *resolver) courteous(view *htlc.Channel) bool {
	p := &r.court.cfg.Profile
	inFlight, _ := view.InFlight()
	return inFlight == 0 && view.FailedByPeer() &&
		r.court.head.Time < r.stopped+courtesy*uint64(p.Inclusion+p.Polling)
}

// call is what the sender needs to know of an act.
func (r *resolver) call(a *evm.Act, data []byte) ethereum.Call {
	c := ethereum.Call{
		To: r.court.cfg.Contract, Data: data, Gas: a.Gas, Deadline: a.Deadline,
		What: fmt.Sprintf("%v of channel %v", a.Kind, r.id),
	}
	if n := len(a.Claims); n > 0 {
		c.What = fmt.Sprintf("claim %d HTLCs of channel %v", n, r.id)
	}
	if r.terms.Token == (common.Address{}) {
		c.Worth = a.Value.ToBig() // of a token we don't know what it is worth in coins
	}
	return c
}

// want replaces what the sender does for the channel.
func (r *resolver) want(calls []ethereum.Call) {
	if len(calls) == 0 && !r.asked {
		return
	}
	r.asked = len(calls) > 0
	if err := r.court.cfg.Sender.Want(r.owner(), calls); err != nil {
		r.asked = true
		r.log.Error("calls of the adjudicator can't be sent; it is tried again at the next block", "calls", len(calls), "err", err)
	}
}

// nearing tells people of a call that must be in a block soon: half of what was set aside for it is gone.
func (r *resolver) nearing() {
	now, margin := r.court.head.Time, uint64(r.court.cfg.Profile.Margin())
	for i := range r.acts {
		a := &r.acts[i]
		if a.Deadline != 0 && now+margin/2 >= a.Deadline {
			r.raise(AlarmDeadline, fmt.Sprintf("%v (%v base units) must be in a block before %d, the chain's time is %d",
				a.Kind, a.Value.ToBig(), a.Deadline, now))
			return
		}
	}
	r.clear(AlarmDeadline)
}

// Withdrawal is what both signed to be paid without closing: gross totals in base units, and the
// signatures of the contract's sides.
type Withdrawal struct {
	Totals [2]evm.Amount
	Sigs   [2]evm.Sig
}

// Withdraw has a withdrawal made. It is durable before it returns, and wanted until it is in a final block
// or the channel ends. One with lower totals than what is wanted already is refused.
func (c *Court) Withdraw(ch Channel, w Withdrawal) error {
	done := make(chan error, 1)
	c.ask(func() {
		r := c.all[ch.ID()]
		if r == nil {
			done <- fmt.Errorf("contract: channel %v isn't watched", ch.ID())
			return
		}
		if old := r.job.withdraw; old != nil && (w.Totals[0].Lt(&old.Totals[0]) || w.Totals[1].Lt(&old.Totals[1])) {
			done <- fmt.Errorf("contract: withdrawals of %v and %v are less than %v and %v, which are signed",
				w.Totals[0].ToBig(), w.Totals[1].ToBig(), old.Totals[0].ToBig(), old.Totals[1].ToBig())
			return
		}
		r.job.withdraw, r.touched, r.dirty = &w, true, true
		err := c.save()
		if err != nil {
			c.fail(err)
		}
		done <- err
	})
	select {
	case err := <-done:
		return err
	case <-c.over:
		return fmt.Errorf("contract: the court has ended")
	}
}

// withdrawal is the call of a withdrawal that isn't paid yet.
func (r *resolver) withdrawal() (ethereum.Call, bool) {
	w := r.job.withdraw
	if w == nil {
		return ethereum.Call{}, false
	}
	paid := func(s *evm.State) bool {
		return !s.Withdrawn[0].Lt(&w.Totals[0]) && !s.Withdrawn[1].Lt(&w.Totals[1])
	}
	if paid(&r.final) || r.final.Phase >= evm.PhaseClosing {
		r.job.withdraw, r.touched = nil, true
		return ethereum.Call{}, false
	}
	if paid(&r.now) || r.now.Phase != evm.PhaseOpen {
		return ethereum.Call{}, false
	}
	var value big.Int
	for i := range w.Totals {
		value.Add(&value, w.Totals[i].ToBig())
		value.Sub(&value, r.now.Withdrawn[i].ToBig())
	}
	c := ethereum.Call{
		To:   r.court.cfg.Contract,
		Data: evm.PackWithdraw(r.terms, w.Totals[0], w.Totals[1], w.Sigs[0], w.Sigs[1]),
		What: fmt.Sprintf("withdraw from channel %v", r.id),
	}
	if r.terms.Token == (common.Address{}) {
		c.Worth = &value
	}
	return c, true
}
