package bitcoin

import (
	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/htlc"
)

// Path is how an output is taken.
type Path uint8

// The paths. Those in the second line are in two stages: the claim's transaction moves the
// value to a delayed output, which StageOutput takes.
const (
	ToLocal     Path = iota // ours, after to_self_delay
	ToRemote                // ours, in the peer's commitment, one block later
	Anchor                  // ours: to raise a commitment's fee
	OtherAnchor             // the cheater's, which after 16 blocks is anyone's

	StageTimeout // HTLC-timeout: we offered it, our commitment
	StageSuccess // HTLC-success: we know the preimage, our commitment
	StageOutput  // what one of these two made, after to_self_delay

	TimeoutHTLC  // we offered it, the peer's commitment
	PreimageHTLC // we know the preimage, the peer's commitment

	RevokedToLocal // with the revocation key
	RevokedHTLC
	RevokedStage // an output of the cheater's own HTLC transaction
)

var pathNames = [...]string{
	"our balance, after the delay", "our balance", "our anchor", "the cheater's anchor",
	"HTLC that timed out, first stage", "HTLC by preimage, first stage", "HTLC, second stage",
	"HTLC that timed out", "HTLC by preimage",
	"the cheater's balance", "HTLC of a cheater", "HTLC of a cheater, second stage",
}

// String names the path for people.
func (p Path) String() string {
	if int(p) < len(pathNames) {
		return pathNames[p]
	}
	return "unknown path"
}

// Staged reports whether the claim's transaction is an HTLC transaction, which the peer
// signed before.
func (p Path) Staged() bool { return p == StageTimeout || p == StageSuccess }

// Revoked reports whether the path takes what a cheater would have otherwise.
func (p Path) Revoked() bool {
	return p == RevokedToLocal || p == RevokedHTLC || p == RevokedStage
}

// anyones reports whether everybody may take the output in the end: an anchor.
func (p Path) anyones() bool { return p == Anchor || p == OtherAnchor }

// Claim is one output that we may take, and what doing so needs. It is a value: a
// reorganisation makes another.
type Claim struct {
	Path   Path
	Out    wire.OutPoint
	Value  htlc.Sat
	Script []byte // the output's witness script
	HTLC   HTLC   // where there is one

	Confirmed adjudicator.Height // of the block that has the output
	Delay     uint16             // blocks that must pass on top of it: OP_CHECKSEQUENCEVERIFY
	LockTime  uint32             // cltv_expiry, 0 for none: OP_CHECKLOCKTIMEVERIFY or the HTLC transaction's
	// Deadline is the first block that may hold somebody else's spend of the output, 0 for
	// never. Not above Matures, it says that the two race from the start; when a timeout
	// must win its race is decided upstream, where the same HTLC came from.
	Deadline adjudicator.Height

	// NeedsPreimage: by this path only with Preimage, which is nil as long as it is unknown.
	NeedsPreimage bool
	PaymentHash   [32]byte // where NeedsPreimage
	Preimage      *htlc.Preimage

	key     key
	peerSig lnwire.Sig // on the HTLC transaction, for a staged path
	delayed []byte     // witness script of its output
}

// key says which of our keys signs a claim.
type key struct {
	role   htlc.KeyRole
	point  *btcec.PublicKey // that tweaks it, where one does
	pub    *btcec.PublicKey // tweak applied; nil where nobody signs
	secret *[32]byte        // of the revoked commitment
}

// Matures is the first block that may hold the claim's transaction, the preimage aside. A
// transaction with nLockTime n may be in block n+1.
func (c *Claim) Matures() adjudicator.Height {
	at := c.Confirmed + adjudicator.Height(c.Delay)
	if c.LockTime > 0 {
		at = max(at, adjudicator.Height(c.LockTime)+1)
	}
	return at
}

// Ready reports whether the block after the tip may hold the claim's transaction.
func (c *Claim) Ready(tip adjudicator.Height) bool {
	return c.Matures() <= tip+1 && (!c.NeedsPreimage || c.Preimage != nil)
}

// coin is the claim as other chains would tell it too.
func (c *Claim) coin() adjudicator.Coin {
	return adjudicator.Coin{
		What: c.Path.String(), Value: c.Value, Matures: c.Matures(), Deadline: c.Deadline,
		Waits: c.NeedsPreimage && c.Preimage == nil,
	}
}
