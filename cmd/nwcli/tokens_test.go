package main

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// withDecimals is an asset of so many decimals.
func withDecimals(n uint32) *nwnrpc.Asset {
	return &nwnrpc.Asset{Symbol: "MILES", Decimals: n, UnitExponent: max(n, 6) - 6}
}

func TestAmountsOfTokensAreReadExactly(t *testing.T) {
	for _, c := range []struct {
		text     string
		decimals uint32
		want     uint64 // thousandths of units
	}{
		{"12.5", 2, 1_250_000}, {"12.5miles", 2, 1_250_000}, {" 12.50 MILES ", 2, 1_250_000}, {"0.01", 2, 1000}, {"1_000", 2, 100_000_000},
		{"7", 0, 7000}, {"7.000", 0, 7000}, {"0.000001", 6, 1000}, {"0.000000001", 18, 1}, {"0.0000001", 7, 100}, {".5", 1, 5000}, {"0", 18, 0},
		{"9223372036.854775807", 18, math.MaxInt64}, {"00000000000000000000000000000000012", 0, 12_000},
		{"0.1000000000000000000000000000000000000000000", 18, 100_000_000},
	} {
		v := withDecimals(c.decimals)
		got, err := parseMilli(c.text, v, payPlaces(v))
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, got, c.text)
	}
}

func TestAmountsOfTokensThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		text     string
		decimals uint32
		why      string
	}{
		{"12.345", 2, `amount "12.345" is finer than MILES can be here: it may have 2 decimals`}, {"0.5", 0, "only whole ones"},
		{"0.0000000001", 18, "it may have 9 decimals"}, {"", 2, "no number"}, {".", 2, "no number"}, {"1.", 2, "no number"}, {"1.2.3", 2, "no number"},
		{"-5", 2, "below nothing"}, {"5 sat", 2, "is in sat, not in MILES"}, {"5mile", 2, "is in mile, not in MILES"}, {"1e3", 2, "is in e3"},
		{"1,000", 2, "is in ,000"}, {"9223372036.854775808", 18, "more than can be paid at once: 9,223,372,036.854775807 MILES"},
		{"1" + zeros(80), 0, "more than there can be"}, {"MILES", 2, "no number"}, {"٣", 2, "no number"},
	} {
		v := withDecimals(c.decimals)
		_, err := parseMilli(c.text, v, payPlaces(v))
		require.ErrorContains(t, err, c.why, c.text)
	}
}

func zeros(n int) string { return strings.Repeat("0", n) }

func TestChannelsCountInUnits(t *testing.T) {
	for _, c := range []struct {
		text     string
		decimals uint32
		want     uint64
		base     string
	}{
		{"12.5", 2, 1250, "1250"}, {"12.5", 6, 12_500_000, "12500000"}, {"0.000001", 18, 1, "1000000000000"}, {"3", 0, 3, "3"},
		{"9223372036.854775", 18, maxUnits, "9223372036854775000000000000"},
	} {
		v := withDecimals(c.decimals)
		got, err := parseUnits(c.text, v)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, got)
		require.Equal(t, c.base, baseUnits(got, v).String())
	}
	for text, why := range map[string]string{
		"0.0000001": "it may have 6 decimals", "0": "is nothing", "9223372036.854776": "more than a channel can hold: 9,223,372,036.854775 MILES",
		"99999999999999999999999999": "more than a channel can hold",
	} {
		_, err := parseUnits(text, withDecimals(18))
		require.ErrorContains(t, err, why)
	}
}

func TestAmountsOnChainAreBaseUnits(t *testing.T) {
	got, err := parseBase("1.000000000000000001", withDecimals(18))
	require.NoError(t, err)
	require.Equal(t, "1000000000000000001", got)
	most := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
	got, err = parseBase(most.String(), withDecimals(0))
	require.NoError(t, err)
	require.Equal(t, most.String(), got)
	for text, why := range map[string]string{
		"0": "is nothing", "1.0000000000000000001": "18 decimals", most.String() + "0": "more than there can be",
	} {
		_, err := parseBase(text, withDecimals(18))
		require.ErrorContains(t, err, why)
	}
}

func TestAmountsOfTokensAsText(t *testing.T) {
	for _, c := range []struct {
		n      string
		places int
		want   string
	}{
		{"0", 0, "0"}, {"0", 18, "0"}, {"1", 18, "0.000000000000000001"}, {"1250", 2, "12.5"}, {"1200", 2, "12"}, {"123456789", 2, "1,234,567.89"},
		{"1000", 0, "1,000"}, {"-1250", 2, "-12.5"}, {"999", 3, "0.999"}, {"1180591620717411303424", 18, "1,180.591620717411303424"},
	} {
		require.Equal(t, c.want, decimal(integer(c.n), c.places), c.n)
	}
	require.Equal(t, "1.5 MILES", milliText(150_000, withDecimals(2)))
	require.Equal(t, "0.00001 MILES", milliText(1, withDecimals(2)))
	require.Equal(t, "0.000001 MILES", unitText(1, withDecimals(18)))
	require.Equal(t, "0", integer("no number").String())
}

// What is written is read back as the same.
func FuzzTokenAmounts(f *testing.F) {
	f.Add("12.5", uint8(2))
	f.Add("0.000000001 MILES", uint8(18))
	f.Add("1__0.", uint8(255))
	f.Fuzz(func(t *testing.T, s string, decimals uint8) {
		v := withDecimals(uint32(decimals % 25))
		n, err := parseMilli(s, v, unitPlaces(v)+milliPlaces)
		if err != nil {
			return
		}
		if n > maxMilli {
			t.Fatalf("%q is %d", s, n)
		}
		again, err := parseMilli(strings.ReplaceAll(milliText(n, v), ",", ""), v, unitPlaces(v)+milliPlaces)
		if err != nil || again != n {
			t.Fatalf("%q is %d, written %q and read as %d, %v", s, n, milliText(n, v), again, err)
		}
	})
}

func TestTokenInvoicesAreKnownByTheirPrefix(t *testing.T) {
	for s, want := range map[string]bool{
		"lnnw1abc": true, "LNNW1ABC": true, "lnbc1": false, "lntb1": false, "lnbcrt1": false, "ln": false, "": false, "lnsb": false,
	} {
		require.Equal(t, want, isTokenInvoice(s), s)
	}
}

func TestFeeLimitsOfTokens(t *testing.T) {
	v := withDecimals(2)
	for _, c := range []struct {
		text   string
		amount uint64
		want   uint64
	}{
		{"", 1_000_000, 50_000}, {"", 7, 5000}, {"3%", 2_000_000, 60_000}, {"1%", math.MaxInt64, math.MaxInt64 / 100}, {"100%", math.MaxInt64, math.MaxInt64},
		{"0.5", 1, 50_000}, {"0", 1_000_000, 0}, {"0.00001", 1, 1},
	} {
		got, err := tokenFeeLimit(c.text, c.amount, v)
		require.NoError(t, err)
		require.Equal(t, c.want, got, c.text)
	}
	for _, bad := range []string{"101%", "-1%", "0.5%", "%", "5sat", "0.000001"} {
		_, err := tokenFeeLimit(bad, 1, v)
		require.Error(t, err, bad)
	}
}
