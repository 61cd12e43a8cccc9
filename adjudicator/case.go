package adjudicator

import "github.com/nichework/nwnd/htlc"

// Height counts blocks, on a chain that counts them.
type Height uint32

// Ending says which state of a channel a spend of its funds settles.
type Ending uint8

// The endings.
const (
	Unknown     Ending = iota // none that can be recognised: nothing of it may be guessed
	Cooperative               // both agreed
	Local                     // our newest commitment
	Remote                    // the peer's, which it acknowledged
	RemoteNext                // the peer's that we signed last, the one before not yet revoked
	Revoked                   // a commitment that the peer revoked
	RemoteNewer               // the peer's, made after what we know of: our data is old
	LocalOther                // a commitment of ours, but not our newest: the peer may punish it
)

var endingNames = [...]string{
	"unknown", "cooperative close", "our commitment", "the peer's commitment",
	"the peer's next commitment", "revoked commitment of the peer",
	"a newer commitment of the peer than we know", "a commitment of ours that is not the newest",
}

// String names the ending for people.
func (e Ending) String() string {
	if int(e) < len(endingNames) {
		return endingNames[e]
	}
	return endingNames[Unknown]
}

// Case is one spend of a channel's funds, or the state that was posted to its contract, judged.
type Case interface {
	// Ended is the state that the spend settles, and its number, counted from 0; 0 where
	// the ending has none.
	Ended() (Ending, uint64)

	// Gone are HTLCs of the channel that the spend leaves nobody to take. When the spend
	// is final, one that we offered may be failed upstream, unless its preimage is known.
	Gone() []Gone
}

// Coins is a Case on a chain whose spends leave outputs behind, and that counts blocks. A contract keeps
// the money itself and counts seconds: it has calls to make instead (adjudicator/evm).
type Coins interface {
	Case

	// Coins are what is ours to take if the spend is in the block at that height.
	Coins(at Height) []Coin
}

// Gone is an HTLC without an output.
type Gone struct {
	HTLC    *htlc.HTLC
	Trimmed bool // it is part of the settled state, but too small for an output; else it isn't in it
}

// Coin is one thing to take, for people and for those that keep deadlines.
type Coin struct {
	What     string   // what it is, and how it is taken
	Value    htlc.Sat // before fees
	Matures  Height   // the first block that may hold the claim
	Deadline Height   // the first block in which somebody else may take it, 0 for never
	Waits    bool     // for a preimage that we don't know
}
