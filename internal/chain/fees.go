package chain

import (
	"context"

	"github.com/lightningnetwork/lnd/lnwallet/chainfee"
)

// Fees bounds what EstimateFee answers. The zero value has the defaults.
type Fees struct {
	Fallback SatPerKWeight // when the source has no idea; default 1000 (4 sat/vbyte)
	Floor    SatPerKWeight // at least; default 253, the least that btcd and others relay
	Ceiling  SatPerKWeight // at most; default 125,000 (500 sat/vbyte)
}

const (
	defaultFallback = SatPerKWeight(1000)
	defaultCeiling  = SatPerKWeight(125_000)
)

func (f Fees) withDefaults() Fees {
	if f.Fallback == 0 {
		f.Fallback = defaultFallback
	}
	if f.Floor == 0 {
		f.Floor = chainfee.FeePerKwFloor
	}
	if f.Ceiling == 0 {
		f.Ceiling = defaultCeiling
	}
	return f
}

// apply makes an answer of what the source said; 0 is "no idea", never a fee.
func (f Fees) apply(said SatPerKWeight) SatPerKWeight {
	if said <= 0 {
		said = f.Fallback
	}
	return min(max(said, f.Floor), f.Ceiling)
}

// EstimateFee implements Chain. A source that doesn't answer has no idea.
func (f *Follower) EstimateFee(ctx context.Context, target uint32) (SatPerKWeight, error) {
	rate, err := f.source.EstimateFee(ctx, target)
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	if err != nil {
		rate = 0
	}
	f.reportFee(rate, err)
	return f.fees.apply(rate), nil
}

// reportFee logs that the source begins and ceases to have an idea, not every estimate.
func (f *Follower) reportFee(rate SatPerKWeight, err error) {
	f.mu.Lock()
	changed := f.feeless != (rate <= 0)
	f.feeless = rate <= 0
	f.mu.Unlock()
	switch {
	case changed && rate <= 0:
		f.log.Warn("no fee estimate from the chain source; the fallback is taken", "sat_per_kw", f.fees.Fallback, "err", err)
	case changed:
		f.log.Info("the chain source estimates fees again")
	}
}
