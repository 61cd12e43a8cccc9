package ethereum

import (
	"math"
	"math/big"
)

// price is wei per unit of gas.
type price uint64

// maxPrice keeps sums of prices from wrapping, whatever an endpoint says.
const maxPrice = price(math.MaxUint64 / 8)

func toPrice(wei *big.Int) price {
	if wei == nil || wei.Sign() < 0 {
		return 0
	}
	if !wei.IsUint64() || wei.Uint64() > uint64(maxPrice) {
		return maxPrice
	}
	return price(wei.Uint64())
}

func (p price) wei() *big.Int { return new(big.Int).SetUint64(uint64(p)) }

// tenthMore is the least that pools take for a replacement.
func (p price) tenthMore() price { return p + (p+9)/10 }

// market is what gas costs at a head.
type market struct {
	legacy bool  // there is no base fee: tip is the price
	base   price // of the newest block
	tip    price // that the endpoints think is enough
}

func (m market) price() price { return m.base + m.tip }

// leastTip is what pools of go-ethereum take at least.
const leastTip = price(1e6)

// course is what is paid for one call over time, in chain time.
//
// With a deadline D, the price climbs from that of the market at first to the usual limit, half
// of what the call is worth (Call.Worth over its gas, or the configured ceiling), with the cube of the time that has
// passed: little while most of it is left, as blocks are only slow, and much at the end. The end is half an inclusion
// time (the profile's) before D. Over the last inclusion time before that the other half is added in equal parts, so that
// whoever keeps us out must lose more than we do. What comes late has one inclusion time for its climb all the
// same. The market's price is the least at any time.
//
// Without a deadline it is the market's price, within the usual limit.
//
// The price is base fee and tip together. The fee cap is above it, as far as the limit allows, so that a base fee that doubles
// does not keep the transaction out. Neither is ever lowered for a nonce; a replacement raises both by a tenth at least.
type course struct {
	first, last  uint64 // 0: no deadline
	window       uint64
	start        price
	usual, whole price
}

func courseOf(first, deadline uint64, inclusion uint32, start, worth price) course {
	c := course{first: first, window: max(uint64(inclusion), 1), start: start, usual: worth / 2, whole: worth}
	if deadline != 0 {
		c.last = max(first+c.window, deadline-min(deadline, c.window/2))
	}
	return c
}

// upTo is the same with a limit to all that is ever paid.
func (c course) upTo(most price) course {
	c.usual, c.whole = min(c.usual, most), min(c.whole, most)
	return c
}

// limit is the most to pay at a time.
func (c course) limit(now uint64) price { return c.usual + c.extra(now) }

// extra is what a deadline at hand adds.
func (c course) extra(now uint64) price {
	if c.last == 0 || now+c.window <= c.last {
		return 0
	}
	done := c.window - (max(c.last, now) - now)
	return price(float64(c.whole-c.usual) * float64(done) / float64(c.window))
}

// offer is what to bid at a time: tip and fee cap.
func (c course) offer(now uint64, m market) (tip, feeCap price) {
	want := m.price()
	if c.last > c.first {
		passed := float64(min(max(now, c.first), c.last)-c.first) / float64(c.last-c.first)
		climb := float64(max(c.usual, c.start)-c.start) * passed * passed * passed
		want = max(want, c.start+price(climb)+c.extra(now))
	}
	limit := c.limit(now)
	want = min(want, limit)
	if m.legacy {
		return want, want
	}
	if want > m.base {
		tip = want - m.base
	} else {
		tip = min(m.tip, want) // out of reach for now: ready for when the base fee falls
	}
	return tip, max(want, min(limit, 2*m.base+tip))
}

// worthOf is the most that a unit of gas may cost for a call.
func worthOf(call *Call, gas uint64, ceiling *big.Int) price {
	most := toPrice(ceiling)
	if call.Worth != nil && gas > 0 {
		most = min(most, toPrice(new(big.Int).Div(call.Worth, new(big.Int).SetUint64(gas))))
	}
	return most
}
