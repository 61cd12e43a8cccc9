package node

import (
	"fmt"

	"github.com/nichework/nwnd/htlc"
)

// Deadlines of HTLCs in blocks, at which a channel must go on chain. A peer that is away with
// nothing at stake is left alone.
const (
	// timeoutGrace is how long after an outgoing HTLC's expiry its peer may still fail it.
	timeoutGrace = 3
	// claimMargin is how long before an incoming HTLC's expiry its preimage, if we know it,
	// must be used on chain (BOLT 2, "cltv_expiry_delta Selection").
	claimMargin = 11
)

// checkExpiries stops channels with an HTLC past its deadline: their commitments are published.
func (n *Node) checkExpiries(height uint32) {
	for _, d := range n.sw.channels() {
		if reason := overdue(d.channel(), height); reason != "" {
			d.log.Error("an HTLC reached its deadline; the channel goes on chain", "why", reason)
			d.post(job{in: htlc.Halt{Reason: reason}})
		}
	}
}

func overdue(c *htlc.Channel, height uint32) string {
	if c.State() == htlc.Halted || c.State() == htlc.Closed {
		return ""
	}
	for _, h := range c.HTLCs() {
		if h.Removed {
			continue
		}
		if h.Offerer == htlc.Local && !h.Fulfilled && height >= h.Expiry+timeoutGrace {
			return fmt.Sprintf("outgoing HTLC %d expired at block %d, now %d, and the peer didn't fail it",
				h.ID, h.Expiry, height)
		}
		if h.Offerer == htlc.Remote && h.Fulfilled && height+claimMargin >= h.Expiry {
			return fmt.Sprintf("incoming HTLC %d expires at block %d, now %d, and the peer didn't take its preimage",
				h.ID, h.Expiry, height)
		}
	}
	return ""
}
