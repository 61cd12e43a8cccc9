package main

import (
	"errors"
	"fmt"
	"strings"
)

// msat is an amount in millisatoshis.
type msat int64

// maxMsat is all the bitcoin there will be.
const maxMsat msat = 21_000_000 * 100_000_000 * 1000

// units are written in lower case, so that nobody takes millions for thousandths.
var units = []struct {
	name string
	size msat
}{
	{"msat", 1}, {"sats", 1000}, {"ksat", 1_000_000}, {"sat", 1000}, {"mbtc", 100_000_000}, {"btc", 100_000_000_000},
	{"BTC", 100_000_000_000},
}

// parseAmount reads "1500msat", "50000", "50ksat" or "0.001btc", exactly: what is finer
// than a millisatoshi is refused, as is what is above all the bitcoin there will be.
func parseAmount(s string) (msat, error) {
	number := strings.TrimSpace(s)
	if strings.HasPrefix(number, "-") {
		return 0, usage("amount %q is below nothing", s)
	}
	size := msat(1000)
	if i := strings.IndexFunc(number, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '_' }); i >= 0 {
		unit := strings.TrimSpace(number[i:])
		number = strings.TrimSpace(number[:i])
		size = 0
		for _, u := range units {
			if u.name == unit {
				size = u.size
			}
		}
		if size == 0 {
			return 0, usage("amount %q: %q is no unit: msat, sat, ksat, mbtc and btc are", s, unit)
		}
	}
	whole, frac, dot := strings.Cut(strings.ReplaceAll(number, "_", ""), ".")
	if whole+frac == "" || dot && frac == "" || strings.Contains(frac, ".") {
		return 0, usage("amount %q is no number: 1500msat, 50000, 50ksat and 0.0005btc are amounts", s)
	}
	total, err := times(whole, size)
	if err != nil {
		return 0, usage("amount %q %v", s, err)
	}
	for _, digit := range frac {
		if digit != '0' && (size == 0 || size%10 != 0) {
			return 0, usage("amount %q is finer than a millisatoshi", s)
		}
		size /= 10
		total += msat(digit-'0') * size
	}
	if total > maxMsat {
		return 0, usage("amount %q %v", s, errTooMuch)
	}
	return total, nil
}

var errTooMuch = errors.New("is more than all the bitcoin there will be")

func times(digits string, size msat) (total msat, err error) {
	for _, d := range digits {
		if total > maxMsat/10 { // ten times as much would overflow
			return 0, errTooMuch
		}
		total = total*10 + msat(d-'0')
	}
	if size > 0 && total > maxMsat/size {
		return 0, errTooMuch
	}
	return total * size, nil
}

// parseSats reads an amount that must be whole satoshis and above zero.
func parseSats(s string) (int64, error) {
	m, err := parseAmount(s)
	switch {
	case err != nil:
		return 0, err
	case m%1000 != 0:
		return 0, usage("amount %q is not a whole number of satoshis", s)
	case m == 0:
		return 0, usage("amount %q is nothing", s)
	}
	return int64(m / 1000), nil
}

// String is "1,234.567 sat", without needless zeros.
func (m msat) String() string {
	out := sats(int64(m / 1000))
	if rest := m % 1000; rest != 0 {
		if rest < 0 {
			rest = -rest
		}
		out += strings.TrimRight(fmt.Sprintf(".%03d", rest), "0")
	}
	return out + " sat"
}

// sats is "1,234,567".
func sats(n int64) string {
	s := fmt.Sprint(n)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return sign + b.String()
}
