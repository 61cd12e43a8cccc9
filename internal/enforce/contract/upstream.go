package contract

import (
	"fmt"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
)

// reveal uses preimages of HTLCs that we offered, whatever becomes of the block that showed them.
func (r *resolver) reveal(c *evm.Case) {
	for _, p := range c.Revealed() {
		if r.learned[p.HTLC.ID] {
			continue
		}
		r.learned[p.HTLC.ID] = true
		r.log.Info("a preimage was read off the chain", "htlc", p.HTLC.ID)
		r.ch.Learned(p.HTLC.ID, p.Preimage)
	}
}

// fail ends HTLCs that we offered and that, finally, nobody can take from us.
func (r *resolver) fail(final *evm.Case) {
	for _, h := range final.Lost(r.at.Time) {
		if r.lost[h.ID] || r.learned[h.ID] {
			continue
		}
		r.lost[h.ID] = true
		r.log.Info("an outgoing HTLC ends on chain without its preimage", "htlc", h.ID)
		r.ch.TimedOut(h.ID)
	}
}

// tell lets people know what was posted.
func (r *resolver) tell(c *evm.Case) {
	ending, n := c.Ended()
	if ending != adjudicator.Revoked { // a reorganisation undid that
		r.clear(AlarmBreach)
	}
	if c.State.Phase >= evm.PhaseClosing && ending != adjudicator.RemoteNewer && ending != adjudicator.LocalOther {
		r.clear(AlarmStale)
	}
	unknown := c.State.Phase >= evm.PhaseClosing && ending == adjudicator.Unknown
	if !unknown {
		r.clear(AlarmUnknown)
	}
	if ending == r.ending && !unknown {
		return
	}
	if r.ending = ending; c.State.Phase < evm.PhaseClosing {
		return
	}
	log, s := r.log.Info, &c.State
	switch {
	case ending == adjudicator.Revoked:
		log = r.log.Error
		r.raise(AlarmBreach, fmt.Sprintf("the peer posted its revoked commitment %d as %v in block %d; everything in the "+
			"channel is being taken", n, s.Closed.Tx, s.Closed.Block))
	case ending == adjudicator.RemoteNewer, ending == adjudicator.LocalOther:
		log = r.log.Error
		r.raise(AlarmStale, fmt.Sprintf("%v is %v: this node's data of the channel is old; what is ours without it is "+
			"being taken", s.Closed.Tx, ending))
	case unknown:
		log = r.log.Error
		r.raise(AlarmUnknown, fmt.Sprintf("a state of the channel was posted by %v in block %d that is none that is known; "+
			"keep this node's data and report this", s.Closed.Tx, s.Closed.Block))
	}
	log("the channel is settled on chain", "by", ending, "commitment", n, "tx", s.Closed.Tx, "block", s.Closed.Block,
		"locks", len(c.Locks))
}
