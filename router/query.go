package router

import (
	"math"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
)

// NoFeeLimit is a Query.MaxFee that allows any fee.
const NoFeeLimit = MaxAmount

// Defaults of a Query's zero fields.
const (
	// MaxHops is what fits into an onion with the smallest payloads in practice.
	MaxHops = 20
	// DefaultMaxCLTVDelta is two weeks of Bitcoin blocks.
	DefaultMaxCLTVDelta = 2016
	// DefaultMinProbability is the least chance of success worth an attempt.
	DefaultMinProbability = 0.01
)

// Query asks for a route. Zero means: no fee allowed (MaxFee), the defaults above
// (MaxHops, MaxCLTVDelta, MinProbability, Weights), no restriction (the rest).
type Query struct {
	Source, Target Node
	Chain          chainhash.Hash
	Amount         lnwire.MilliSatoshi // that Target shall receive

	Height         uint32 // now, in the unit of the asset's expiries
	FinalCLTVDelta uint32 // min_final_cltv_expiry_delta and any padding
	MaxCLTVDelta   uint32 // expiry of the first HTLC minus Height, at most

	MaxFee         lnwire.MilliSatoshi
	MaxHops        int
	MinProbability float64

	// Local are Source's own channels with what each can send now. If it is nil,
	// Source's channels in the graph are used with their policies' limits; if it is
	// not nil, no other channel leaves Source.
	Local []LocalChannel
	// Hints are extra channels for this query, from an invoice's route hints.
	Hints []Hint

	OutgoingChannels []ChanID // if any: the first channel is one of these
	LastHop          *Node    // if set: the node before Target

	IgnoreNodes    map[Node]struct{}
	IgnoreChannels map[DirectedChan]struct{}

	History *History // nil: every channel has its prior probability
	Now     time.Time
	Weights *Weights
}

// DirectedChan is one direction of a channel, named by the node that sends.
type DirectedChan struct {
	Channel ChanID
	From    Node
}

// LocalChannel is one of the source's own channels.
type LocalChannel struct {
	Channel   ChanID
	Peer      Node
	Spendable lnwire.MilliSatoshi // largest HTLC that can be added now
	HTLCMin   lnwire.MilliSatoshi // the peer's htlc_minimum_msat
}

// Hint is a channel from From to To that only this query knows. Policy.HTLCMax 0
// is no limit, as route hints state none (BOLT 11).
type Hint struct {
	Channel  ChanID
	From, To Node
	Policy   Policy
}

// Weights turn time and risk into fee, in thousandths of a unit, so that routes
// can be compared by one number:
//
//	fees + amount*cltv*RiskPerBillion/10^9 - ln(p)*(AttemptCost + amount*AttemptPPM/10^6)
type Weights struct {
	RiskPerBillion float64 // of the amount, per block of lock time
	AttemptCost    float64 // what a failed attempt is worth avoiding
	AttemptPPM     float64
}

// DefaultWeights price a failed attempt at 100 units plus 0.1 % of the amount.
var DefaultWeights = Weights{RiskPerBillion: 15, AttemptCost: 100_000, AttemptPPM: 1000}

// Route is a way to Target. Hops[0] is reached over the source's own channel.
type Route struct {
	Source      Node
	Chain       chainhash.Hash
	Amount      lnwire.MilliSatoshi // of the first HTLC: what Target gets plus all fees
	CLTV        uint32              // expiry of the first HTLC
	Fees        lnwire.MilliSatoshi
	Probability float64
	Hops        []Hop
}

// Hop is one node of a route and what its onion payload says (BOLT 4): forward
// Forward with expiry OutgoingCLTV over the next hop's Channel. For the last hop
// these are the amount and expiry that it receives.
type Hop struct {
	Node         Node
	Channel      ChanID              // over which the HTLC reaches Node
	Received     lnwire.MilliSatoshi // amount of the HTLC that reaches Node
	Forward      lnwire.MilliSatoshi // amt_to_forward
	OutgoingCLTV uint32              // outgoing_cltv_value
	Fee          lnwire.MilliSatoshi // Received - Forward
	Capacity     lnwire.MilliSatoshi // of Channel, 0 if not known
}

// Last is the hop that is paid.
func (r *Route) Last() Hop { return r.Hops[len(r.Hops)-1] }

// Next returns the short_channel_id of hop i's onion payload, that is, the channel
// it forwards over; false for the last hop.
func (r *Route) Next(i int) (ChanID, bool) {
	if i+1 >= len(r.Hops) {
		return ChanID{}, false
	}
	return r.Hops[i+1].Channel, true
}

func (q *Query) withDefaults() Query {
	c := *q
	if c.MaxHops <= 0 || c.MaxHops > MaxHops {
		c.MaxHops = MaxHops
	}
	if c.MaxCLTVDelta == 0 {
		c.MaxCLTVDelta = DefaultMaxCLTVDelta
	}
	if !(c.MinProbability > 0) || math.IsInf(c.MinProbability, 1) {
		c.MinProbability = DefaultMinProbability
	}
	if c.Weights == nil {
		w := DefaultWeights
		c.Weights = &w
	}
	return c
}
