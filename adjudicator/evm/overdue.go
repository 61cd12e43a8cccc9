package evm

import (
	"fmt"

	"github.com/nichework/nwnd/htlc"
)

// Overdue says why a channel must go on chain, where the last block has that time: an HTLC of ours that
// expired and that the peer did not fail, or one of the peer's whose preimage we know and whose claim
// must begin now, Profile.Margin before it expires. Empty if nothing is overdue or the channel has stopped. since is the chain's
// time when we came back: a peer can't have failed to us, while we were away, what expired then.
func Overdue(c *htlc.Channel, now, since uint64, p Profile) string {
	if c.State() >= htlc.Halted {
		return ""
	}
	for _, h := range c.HTLCs() {
		if h.Removed {
			continue
		}
		expiry := uint64(h.Expiry)
		if h.Offerer == htlc.Local && !h.Fulfilled && now >= max(expiry, since)+p.grace() {
			return fmt.Sprintf("outgoing HTLC %d expired at %d, the chain's time is %d, and the peer didn't fail it",
				h.ID, expiry, now)
		}
		if h.Offerer == htlc.Remote && h.Fulfilled && now+uint64(p.Margin()) >= expiry {
			return fmt.Sprintf("incoming HTLC %d expires at %d, the chain's time is %d, a claim may take %d s, and the "+
				"peer didn't take its preimage", h.ID, expiry, now, p.Margin())
		}
	}
	return ""
}

// grace is how long after an outgoing HTLC's expiry its peer may still fail it: it sees blocks later
// than we do. Nothing is lost meanwhile: from its expiry on the HTLC can't be claimed.
func (p Profile) grace() uint64 { return uint64(p.Polling) + uint64(p.Inclusion) }
