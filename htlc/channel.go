package htlc

import (
	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/shachain"
)

// Channel is one payment channel, an immutable value: Step returns the next one.
//
// The peer's signature on our next commitment is followed by our revocation in the same
// step, so we have one commitment at a time, and the peer at most two: the one that it
// acknowledged, and the one that our last commitment_signed made.
type Channel struct {
	params *Params
	format Format
	signer Signer

	// The ledger. Balances are what is settled; the HTLCs' part is in fold.
	balance [2]MilliSat
	htlcs   [2][]entry // by offerer, sorted by id
	nextID  [2]uint64  // by offerer
	fees    fees
	gross   [2]gross // by side; a deposit at opening is the opener's
	moves   moves
	grant   grant    // the peer's signature on withdrawals
	chain   [2]gross // what the driver saw there, final; not durable

	// The commitments.
	localNumber  uint64
	localSigs    []lnwire.Sig // the peer's, on our commitment localNumber
	remoteNumber uint64       // the newest that the peer acknowledged
	unacked      bool         // remoteNumber+1 is signed too
	revokedLast  bool         // our last revoke_and_ack was later than our last commitment_signed
	remotePoint  *btcec.PublicKey
	remoteNext   *btcec.PublicKey // nil until channel_ready
	secrets      *shachain.RevocationStore

	life life
	conn conn
}

// life is what is durable of the lifecycle. State is a function of it.
type life struct {
	confirmed   bool // the funding output was found on chain, at scid
	scid        lnwire.ShortChannelID
	ready       bool   // the peer's channel_ready came
	alias       uint64 // that the peer knows the channel by, 0 if none
	closeRate   FeeRate
	closing     [2]bool // shutdown was asked for by us, or came from the peer
	closeScript [2][]byte
	closeTx     []byte // that both signed
	halted      string
	stale       bool // halted over a proof that our state is old
	spent       *FundingSpent
}

// conn is what a connection's end undoes.
type conn struct {
	link         link
	shutdownSent bool
	shutdownRecv bool
	fee          negotiation
	withdrawn    [2]Sat           // that our withdraw_signed was for
	held         []lnwire.Message // behind a deposit that wasn't seen yet
	heldBytes    int
}

// link is how far a connection is.
type link uint8

const (
	down     link = iota
	greeting      // channel_reestablish is sent, the peer's is awaited
	up
)

// ID is the channel's id.
func (c *Channel) ID() lnwire.ChannelID { return c.params.ID }

// Params are what was agreed at opening. The caller must not change them.
func (c *Channel) Params() *Params { return c.params }

// State is where the channel is in its life.
func (c *Channel) State() State {
	l := &c.life
	switch {
	case l.spent != nil:
		return Closed
	case l.halted != "":
		return Halted
	case l.closeTx != nil:
		return Closing
	case l.closing[Local] && l.closing[Remote] && c.drained():
		return Negotiating
	case l.closing[Local] || l.closing[Remote]:
		return ShuttingDown
	case c.opened():
		return Open
	}
	return Funding
}

// opened reports whether channel_ready may have gone both ways. Nothing is added or
// changed before, closing or not: what locks in is forwarded, and an output that is not
// on chain pays for nothing.
func (c *Channel) opened() bool { return c.life.confirmed && c.life.ready }

// drained reports whether no HTLC or update is left in either commitment.
func (c *Channel) drained() bool {
	for _, list := range c.htlcs {
		for i := range list {
			if !list[i].state.dead() {
				return false
			}
		}
	}
	return len(c.fees) == 1 && !c.moving() && !c.unacked
}

// updating reports whether the state lets updates flow.
func (s State) updating() bool { return s == Open || s == ShuttingDown }
