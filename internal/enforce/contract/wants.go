package contract

import (
	"fmt"

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
