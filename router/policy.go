package router

import (
	"math/bits"

	"github.com/lightningnetwork/lnd/lnwire"
)

// MaxAmount bounds every amount that the router computes with, so that sums never
// overflow: 2^62 thousandths of a unit, twice all bitcoin.
const MaxAmount = lnwire.MilliSatoshi(1) << 62

// Fee is what is due for forwarding amount (BOLT 7, "HTLC Fees"): base plus
// millionths, rounded down; MaxAmount if it would be more.
func (p Policy) Fee(amount lnwire.MilliSatoshi) lnwire.MilliSatoshi {
	return lnwire.MilliSatoshi(fee(p.FeeBase, p.FeeRate, uint64(amount)))
}

func fee(base, rate uint32, amount uint64) uint64 {
	if amount < 1<<32 {
		return uint64(base) + amount*uint64(rate)/1_000_000
	}
	hi, lo := bits.Mul64(amount, uint64(rate))
	if hi >= 1_000_000 {
		return uint64(MaxAmount)
	}
	q, _ := bits.Div64(hi, lo, 1_000_000)
	if q > uint64(MaxAmount)-uint64(base) {
		return uint64(MaxAmount)
	}
	return uint64(base) + q
}

func policyOf(m *lnwire.ChannelUpdate1) Policy {
	return Policy{
		Updated: m.Timestamp, Disabled: m.ChannelFlags.IsDisabled(), CLTVDelta: m.TimeLockDelta,
		HTLCMin: m.HtlcMinimumMsat, HTLCMax: m.HtlcMaximumMsat, FeeBase: m.BaseFee, FeeRate: m.FeeRate,
	}
}
