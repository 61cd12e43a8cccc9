package main

import (
	"errors"
	"math"
	"math/big"
	"strings"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// An asset is counted in whole tokens here. Channels count in units, 10^-6 of a token or its last
// decimal if it has fewer, and payments in thousandths of units.
const (
	maxUnitPlaces  = 6
	milliPlaces    = 3 // below units
	maxUnits       = maxMilli / 1000
	maxMilli       = math.MaxInt64
	maxTokenDigits = 80 // more than any amount on chain has
)

func unitPlaces(a *nwnrpc.Asset) int { return min(int(a.GetDecimals()), maxUnitPlaces) }

// payPlaces are the decimals that an invoice can have: no more than the token's own.
func payPlaces(a *nwnrpc.Asset) int {
	return min(int(a.GetDecimals()), unitPlaces(a)+milliPlaces)
}

// decimal writes n × 10^-places: "1,234.5", without needless zeros.
func decimal(n *big.Int, places int) string {
	digits := new(big.Int).Abs(n).String()
	if len(digits) <= places {
		digits = strings.Repeat("0", places+1-len(digits)) + digits
	}
	whole, frac := digits[:len(digits)-places], strings.TrimRight(digits[len(digits)-places:], "0")
	var b strings.Builder
	if n.Sign() < 0 {
		b.WriteByte('-')
	}
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	if frac != "" {
		b.WriteString("." + frac)
	}
	return b.String()
}

// tokens is an amount of an asset with its symbol.
func tokens(n *big.Int, places int, a *nwnrpc.Asset) string {
	return decimal(n, places) + " " + a.GetSymbol()
}

func milliText(n uint64, a *nwnrpc.Asset) string {
	return tokens(new(big.Int).SetUint64(n), unitPlaces(a)+milliPlaces, a)
}

func unitText(n uint64, a *nwnrpc.Asset) string {
	return tokens(new(big.Int).SetUint64(n), unitPlaces(a), a)
}

// baseText is an amount on chain, of which the API has the base units.
func baseText(n string, a *nwnrpc.Asset) string { return tokens(integer(n), int(a.GetDecimals()), a) }

// integer reads a number of the API; what is none counts as nothing.
func integer(s string) *big.Int {
	if n, ok := new(big.Int).SetString(s, 10); ok {
		return n
	}
	return new(big.Int)
}

// baseUnits is how many base units so many units are.
func baseUnits(units uint64, a *nwnrpc.Asset) *big.Int {
	n := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(a.GetUnitExponent())), nil)
	return n.Mul(n, new(big.Int).SetUint64(units))
}

// splitAmount parts "12.5 MILES" into its number and what follows it.
func splitAmount(s string) (number, symbol string) {
	s = strings.TrimSpace(s)
	if i := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '_' }); i >= 0 {
		return s[:i], strings.TrimSpace(s[i:])
	}
	return s, ""
}

// parseTokens reads whole tokens, "12.5" or "12.5 MILES", exactly, as a number of 10^-places: what is
// finer is refused.
func parseTokens(s string, a *nwnrpc.Asset, places int) (*big.Int, error) {
	number, symbol := splitAmount(s)
	switch {
	case strings.HasPrefix(strings.TrimSpace(s), "-"):
		return nil, usage("amount %q is below nothing", s)
	case number != "" && symbol != "" && !strings.EqualFold(symbol, a.GetSymbol()):
		return nil, usage("amount %q is in %s, not in %s", s, symbol, a.GetSymbol())
	}
	whole, frac, dot := strings.Cut(strings.ReplaceAll(number, "_", ""), ".")
	if whole+frac == "" || dot && frac == "" || strings.Contains(frac, ".") {
		return nil, usage("amount %q is no number: 12 and 12.5 are amounts, of whole tokens", s)
	}
	frac = strings.TrimRight(frac, "0")
	switch {
	case len(frac) > places && places == 0:
		return nil, usage("amount %q is finer than %s can be here: only whole ones", s, a.GetSymbol())
	case len(frac) > places:
		return nil, usage("amount %q is finer than %s can be here: it may have %s", s, a.GetSymbol(), plural(places, "decimal"))
	}
	digits := whole + frac + strings.Repeat("0", places-len(frac))
	if len(strings.TrimLeft(digits, "0")) > maxTokenDigits {
		return nil, usage("amount %q %v", s, errTooManyTokens)
	}
	n, ok := new(big.Int).SetString("0"+digits, 10)
	if !ok {
		return nil, usage("amount %q is no number", s)
	}
	return n, nil
}

var errTooManyTokens = errors.New("is more than there can be")

// parseUnits reads an amount of a channel, above nothing, in units.
func parseUnits(s string, a *nwnrpc.Asset) (uint64, error) {
	n, err := parseTokens(s, a, unitPlaces(a))
	switch {
	case err != nil:
		return 0, err
	case n.Sign() == 0:
		return 0, usage("amount %q is nothing", s)
	case !n.IsUint64() || n.Uint64() > maxUnits:
		return 0, usage("amount %q is more than a channel can hold: %s", s, unitText(maxUnits, a))
	}
	return n.Uint64(), nil
}

// parseMilli reads an amount to be paid, in thousandths of units, with so many decimals.
func parseMilli(s string, a *nwnrpc.Asset, places int) (uint64, error) {
	n, err := parseTokens(s, a, places)
	if err != nil {
		return 0, err
	}
	up := big.NewInt(int64(unitPlaces(a) + milliPlaces - places))
	n.Mul(n, up.Exp(big.NewInt(10), up, nil))
	if !n.IsUint64() || n.Uint64() > maxMilli {
		return 0, usage("amount %q is more than can be paid at once: %s", s, milliText(maxMilli, a))
	}
	return n.Uint64(), nil
}

// parseBase reads an amount on chain, above nothing, in base units.
func parseBase(s string, a *nwnrpc.Asset) (string, error) {
	n, err := parseTokens(s, a, int(a.GetDecimals()))
	switch {
	case err != nil:
		return "", err
	case n.Sign() == 0:
		return "", usage("amount %q is nothing", s)
	case n.BitLen() > 256:
		return "", usage("amount %q %v", s, errTooManyTokens)
	}
	return n.String(), nil
}
