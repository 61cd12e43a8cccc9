package htlc

import (
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"
)

// What BOLT 2 fixes for opening, and what this node finds unreasonable where BOLT 2
// leaves it to the node.
const (
	smallChannel  = Sat(1 << 24) // the first that needs option_support_large_channel
	minDustLimit  = Sat(354)     // below it an output of unknown segwit kind isn't relayed
	maxDustLimit  = 3 * minDustLimit
	minAccepted   = 5  // HTLCs, or the channel is of little use
	maxReservePct = 20 // of the capacity
	maxMinimumPct = 5  // of the capacity
)

// terms is what open_channel and accept_channel have in common.
type terms struct {
	name          string
	kind          *lnwire.ChannelType
	dust, reserve Sat
	minimum       MilliSat
	inFlight      MilliSat
	accepted      uint16
	delay         uint16
	keys          [6]*btcec.PublicKey // funding, basepoints, first point
	script        []byte
}

// checkAmounts checks an open_channel's amounts.
func (cfg *OpenConfig) checkAmounts() error {
	most := min(cfg.MaxCapacity, MaxCapacity)
	if !cfg.Wumbo {
		most = min(most, smallChannel-1)
	}
	switch {
	case cfg.Capacity < cfg.MinCapacity || cfg.Capacity <= 0 || cfg.Capacity > most:
		return fail("open_channel with %d sat, takes %d..%d", cfg.Capacity, cfg.MinCapacity, most)
	case cfg.Pushed > msat(cfg.Capacity):
		return fail("open_channel pushes %d msat of %d", cfg.Pushed, msat(cfg.Capacity))
	case cfg.FeeRate < cfg.MinFeeRate || cfg.FeeRate > cfg.MaxFeeRate:
		return fail("open_channel at %d sat/kw, takes %d..%d",
			cfg.FeeRate, cfg.MinFeeRate, cfg.MaxFeeRate)
	}
	if err := cfg.checkFirstFee(); err != nil {
		return fail("open_channel: %w", err)
	}
	return nil
}

// checkPeer checks what the peer brings and demands (BOLT 2, open_channel and
// accept_channel).
func (o *Opening) checkPeer(t *terms) error {
	if err := o.checkType(t); err != nil {
		return err
	}
	for i, key := range t.keys {
		if key == nil {
			return fail("%s: key %d is missing", t.name, i)
		}
		if ours := &o.params.Terms[Local]; i < 5 && (key.IsEqual(ours.Funding) ||
			key.IsEqual(ours.Revocation)) {
			return fail("%s: key %d is ours", t.name, i)
		}
	}
	capacity, ours := o.params.Capacity, &o.params.Terms[Local]
	least, most := minDustLimit, maxDustLimit
	if o.params.FeeRate == 0 { // a chain without fees has no dust
		least, most = 0, 0
	}
	switch {
	case t.dust < least || t.dust > most:
		return fail("%s: dust_limit of %d sat, takes %d..%d", t.name, t.dust, least, most)
	case t.reserve < ours.DustLimit || t.reserve < t.dust:
		return fail("%s: channel_reserve of %d sat is below a dust limit (ours %d, theirs %d)",
			t.name, t.reserve, ours.DustLimit, t.dust)
	case t.reserve < o.cfg.leastReserve():
		return fail("%s: channel_reserve of %d sat is below %d %% of %d",
			t.name, t.reserve, o.cfg.MinReserve, capacity)
	case o.cfg.Reserve < t.dust:
		return fail("%s: dust_limit of %d sat is above the reserve of %d that we asked for",
			t.name, t.dust, o.cfg.Reserve)
	case t.reserve > max(capacity/100*maxReservePct+ours.DustLimit, o.cfg.leastReserve()):
		return fail("%s: channel_reserve of %d sat is over %d %% of %d",
			t.name, t.reserve, maxReservePct, capacity)
	case t.minimum > msat(capacity)/100*maxMinimumPct:
		return fail("%s: htlc_minimum of %d msat is over %d %% of %d",
			t.name, t.minimum, maxMinimumPct, msat(capacity))
	case t.inFlight < minAccepted*t.minimum || t.inFlight == 0:
		return fail("%s: max_htlc_value_in_flight of %d msat with an htlc_minimum of %d",
			t.name, t.inFlight, t.minimum)
	case t.accepted < minAccepted || t.accepted > MaxHTLCs:
		return fail("%s: max_accepted_htlcs of %d, takes %d..%d",
			t.name, t.accepted, minAccepted, MaxHTLCs)
	case t.delay > o.cfg.MaxToSelfDelay:
		return fail("%s: to_self_delay of %d, at most %d", t.name, t.delay, o.cfg.MaxToSelfDelay)
	}
	if o.cfg.NeedScript && len(t.script) == 0 {
		return fail("%s: upfront_shutdown_script is missing", t.name)
	}
	if len(t.script) > 0 {
		if err := o.cfg.Format.CheckScript(t.script); err != nil {
			return fail("%s: upfront_shutdown_script: %w", t.name, err)
		}
	}
	return nil
}

// leastReserve is the least reserve that either side may ask for.
func (cfg *OpenConfig) leastReserve() Sat { return (cfg.Capacity*cfg.MinReserve + 99) / 100 }

// errNoScript says that this side's payout script is missing.
var errNoScript = errors.New("htlc: opening needs Terms.CloseScript and Upfront")

// checkType takes the one channel_type only, and names what was asked for instead.
func (o *Opening) checkType(t *terms) error {
	want := lnwire.RawFeatureVector(*o.cfg.channelType())
	if t.kind == nil {
		return fail("%s: channel_type is missing, needs %s", t.name, bits(want))
	}
	if have := lnwire.RawFeatureVector(*t.kind); !have.Equals(&want) {
		return fail("%s: channel_type %s, needs %s", t.name, bits(have), bits(want))
	}
	return nil
}

// bits names the features of a channel_type.
func bits(v lnwire.RawFeatureVector) string {
	out := "{"
	for bit := range lnwire.FeatureBit(1024) {
		if !v.IsSet(bit) {
			continue
		}
		if len(out) > 1 {
			out += ", "
		}
		name := lnwire.Features[bit]
		if name == "" {
			name = "unknown"
		}
		out += fmt.Sprintf("%s(%d)", name, bit)
	}
	return out + "}"
}

// checkFirst checks that commitment 0 leaves the opener able to pay, and one side more
// than its reserve.
func (o *Opening) checkFirst(name string) error {
	p := &o.params
	opener, other := msat(p.Capacity)-p.Pushed, p.Pushed
	fee := msat(o.cfg.Format.Fee(p.FeeRate, 0))
	if need := fee + msat(p.Terms[p.Opener].Reserve); opener < need {
		return fail("%s: the opener has %d msat, needs %d for fee and reserve", name, opener, need)
	}
	if opener-fee <= msat(p.Terms[p.Opener].Reserve) &&
		other <= msat(p.Terms[p.Opener.Other()].Reserve) {
		return fail("%s: neither side would have more than its reserve", name)
	}
	return nil
}
