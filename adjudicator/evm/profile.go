package evm

import "fmt"

// Finality is a chain's rule for what will not be undone: the block tag "finalized" or "safe",
// or so many blocks on top.
type Finality struct {
	Tag   string // "finalized", "safe" or "": by Depth
	Depth uint64
}

// Profile is what a chain says about time. All in seconds. "Now" on a chain is the time of its last
// block, never a wall clock.
type Profile struct {
	Name      string
	Finality  Finality
	Settles   uint32 // how long Finality takes, at most
	Outage    uint32 // the longest outage or censorship to survive
	Ahead     uint32 // how far its timestamps may run ahead of real time
	Behind    uint32 // and behind
	Inclusion uint32 // how long a transaction takes to get in
	Polling   uint32 // how long we take to see a block
	Reaction  uint32 // how long an operator may need after an outage
	ByHand    bool   // somebody moves its clock, so that it needn't be near real time
}

// The profiles that nwnd knows by name.
var (
	Ethereum = Profile{Name: "ethereum", Finality: Finality{Tag: "finalized"}, Settles: 1200, Outage: 3600, Ahead: 15, Behind: 60, Inclusion: 300, Polling: 30, Reaction: day}
	OPStack  = Profile{Name: "op-stack", Finality: Finality{Tag: "safe"}, Settles: 900, Outage: 12 * 3600, Ahead: 60, Behind: 12 * 3600, Inclusion: 300, Polling: 30, Reaction: day}
	Arbitrum = Profile{Name: "arbitrum", Finality: Finality{Tag: "safe"}, Settles: 1200, Outage: 24 * 3600, Ahead: 3600, Behind: 24 * 3600, Inclusion: 300, Polling: 30, Reaction: day}
	Dev      = Profile{Name: "dev", Finality: Finality{Depth: 2}, Settles: 10, Outage: 60, Ahead: 15, Behind: 60, Inclusion: 30, Polling: 5, Reaction: 60, ByHand: true}
)

// Profiles are those by name.
var Profiles = map[string]Profile{Ethereum.Name: Ethereum, OPStack.Name: OPStack, Arbitrum.Name: Arbitrum, Dev.Name: Dev}

const day = 24 * 3600

// Contest is the least contest period of a channel: two outages, or one and the reaction to it.
func (p Profile) Contest() uint32 {
	return max(2*p.Outage, p.Outage+p.Reaction)
}

// Margin is how long before an HTLC's expiry its claim must start, and the least that a node may
// take off an expiry for forwarding or as the final hop: an outage, a clock that runs ahead, and two
// transactions, the close of the channel and the claim, which is refused as long as the close isn't in a block.
func (p Profile) Margin() uint32 { return p.Outage + p.Ahead + p.claim() }

// claim is how long it takes to see that a claim must start, to close, to see that, and to claim.
func (p Profile) claim() uint32 { return 2 * (p.Polling + p.Inclusion) }

// Delta is the least cltv_expiry_delta, in seconds, of a hop that comes by a channel on chain p and leaves
// by one on out.
func (p Profile) Delta(out Profile) uint32 {
	if p == out {
		return p.Margin()
	}
	return out.Behind + out.Settles + p.Margin()
}

// Tick is the unit of relative times on the wire (to_self_delay): 144 are a day.
const Tick = 600

// Ticks is a time in ticks, rounded up.
func Ticks(seconds uint32) (uint16, error) {
	n := (uint64(seconds) + Tick - 1) / Tick
	if n > 0xffff {
		return 0, fmt.Errorf("evm: %d s are %d ticks of %d s, at most 65535 fit", seconds, n, Tick)
	}
	return uint16(n), nil
}
