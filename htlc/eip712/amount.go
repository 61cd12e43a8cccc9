package eip712

import (
	"encoding/binary"
	"math/bits"

	"github.com/nichework/nwnd/htlc"
)

// amount is in base units of a token: what the contract calls uint128.
type amount struct{ hi, lo uint64 }

func (a amount) zero() bool { return a.hi == 0 && a.lo == 0 }

// add is a+b; overflow is impossible for amounts that come from one channel's capacity.
func (a amount) add(b amount) amount {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	hi, _ := bits.Add64(a.hi, b.hi, carry)
	return amount{hi, lo}
}

// sub is a-b, for b <= a.
func (a amount) sub(b amount) amount {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	hi, _ := bits.Sub64(a.hi, b.hi, borrow)
	return amount{hi, lo}
}

// word is the amount as the ABI has it: 32 bytes, big endian.
func (a amount) word() (w [32]byte) {
	binary.BigEndian.PutUint64(w[16:], a.hi)
	binary.BigEndian.PutUint64(w[24:], a.lo)
	return w
}

// MaxDecimals is the most that a token may have; it keeps every amount of a channel far
// below 2^120, the contract's bound on deposits.
const MaxDecimals = 24

// units is floor(m * 10^max(0, decimals-6) / 1000): what of a thousandth of a unit the
// chain can pay.
func (f *Format) units(m htlc.MilliSat) amount {
	scale := uint64(1)
	for range max(0, int(f.Decimals)-6) {
		scale *= 10
	}
	hi, lo := bits.Mul64(uint64(m), scale)
	q, r := hi/1000, hi%1000
	lo, _ = bits.Div64(r, lo, 1000)
	return amount{q, lo}
}
