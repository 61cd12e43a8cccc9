package htlc

import (
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/shachain"
)

// restoredWhy is why a restored channel stands still.
const restoredWhy = lostState + ": the channel was restored from a backup. Its peer is asked to close it; " +
	"what is ours then comes to the wallet"

// Restored is a channel of which nothing is known but its parameters, as after a loss of all
// data (BOLT 2, "Message Retransmission"). It is Stale: it signs nothing and has nothing to
// publish. To its peer it says that it lost its state, so that the peer closes the channel.
func Restored(p *Params, f Format, s Signer) (*Channel, error) {
	if p.Capacity <= 0 || p.Capacity > MaxCapacity {
		return nil, fmt.Errorf("htlc: capacity of %d", p.Capacity)
	}
	c := &Channel{
		params: p, format: f, signer: s,
		fees:        fees{{p.FeeRate, committed(p.Opener)}},
		remotePoint: p.Terms[Remote].Delayed, // any will do: no commitment is made with it
		secrets:     shachain.NewRevocationStore(),
		life:        life{halted: restoredWhy, stale: true},
	}
	c.gross[p.Opener][deposit] = p.Capacity
	return c, c.check()
}

// Restored reports whether the channel was made by Restored. A channel that once was open has
// the peer's signature at all times.
func (c *Channel) Restored() bool { return c.life.stale && len(c.localSigs) == 0 }

// lostMsg is the channel_reestablish of one who lost state. No peer can take a
// next_commitment_number of 0 for one that it could go on from: lnd and others then publish
// their commitment, as BOLT 2 has it.
func (c *Channel) lostMsg() *lnwire.ChannelReestablish {
	msg := c.reestablishMsg()
	msg.NextLocalCommitHeight = 0
	return msg
}
