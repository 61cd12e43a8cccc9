package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAmountsAreReadExactly(t *testing.T) {
	for in, want := range map[string]msat{
		"0":                        0,
		"1":                        1000,
		"1500msat":                 1500,
		"50ksat":                   50_000_000,
		"50 ksat":                  50_000_000,
		"0.5sat":                   500,
		"1sats":                    1000,
		"0.001btc":                 100_000_000,
		"0.00000000001btc":         1,
		"0.000000000010000btc":     1,
		"0.001BTC":                 100_000_000,
		"1mbtc":                    100_000_000,
		"1_000_000":                1_000_000_000,
		"21000000btc":              maxMsat,
		"2.50ksat":                 2_500_000,
		"0.1":                      100,
		"00012":                    12_000,
		"20999999.99999999999btc":  maxMsat - 1,
		"2100000000000000":         maxMsat,
		"2100000000000000000msat":  maxMsat,
		"0000000000000000000000.1": 100,
	} {
		got, err := parseAmount(in)
		require.NoError(t, err, in)
		require.Equal(t, want, got, in)
	}
}

func TestAmountsThatAreRefused(t *testing.T) {
	for in, want := range map[string]string{
		"":                                     "no number",
		"sat":                                  "no number",
		".":                                    "no number",
		"1.":                                   "no number",
		"1.2.3":                                "no number",
		"-5":                                   "below nothing",
		"1e3":                                  "no unit",
		"1,000":                                "no unit",
		"5Msat":                                "no unit",
		"5MSAT":                                "no unit",
		"5 coins":                              "no unit",
		"0.0001sat":                            "finer than a millisatoshi",
		"0.000000000001btc":                    "finer than a millisatoshi",
		"0.00000000000000000005btc":            "finer than a millisatoshi",
		"1.5msat":                              "finer than a millisatoshi",
		"21000001btc":                          "all the bitcoin",
		"21000000.00000000001btc":              "all the bitcoin",
		"9223372036854775807":                  "all the bitcoin",
		"12282111111112200200":                 "all the bitcoin", // ten times a part of it overflows
		"99999999999999999999999999999999msat": "all the bitcoin",
	} {
		_, err := parseAmount(in)
		require.ErrorContains(t, err, want, in)
	}
	for _, in := range []string{"1500msat", "0", "0.5sat"} {
		_, err := parseSats(in)
		require.Error(t, err, in)
	}
}

func FuzzParseAmount(f *testing.F) {
	for _, s := range []string{"1", "0.001btc", "1500msat", "5Msat", "1..2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := parseAmount(s)
		if err == nil && (m < 0 || m > maxMsat) {
			t.Fatalf("%q is %d", s, m)
		}
	})
}

func TestAmountsAsText(t *testing.T) {
	for in, want := range map[msat]string{
		0: "0 sat", 1: "0.001 sat", 1500: "1.5 sat", 1_234_567_000: "1,234,567 sat", 999_000: "999 sat",
		1_000_000: "1,000 sat", -1500: "-1.5 sat",
	} {
		require.Equal(t, want, in.String())
	}
	require.Equal(t, "-1,234", sats(-1234))
}

func TestFeeLimits(t *testing.T) {
	for _, c := range []struct {
		text   string
		amount msat
		want   msat
	}{
		{"", 1_000_000, 1_000_000}, {"", 2_000_000, 100_000}, {"3%", 2_000_000, 60_000}, {"7sat", 1, 7000}, {"0", 5, 0},
	} {
		got, err := feeLimit(c.text, c.amount)
		require.NoError(t, err)
		require.Equal(t, c.want, got, c.text)
	}
	for _, bad := range []string{"101%", "-1%", "0.5%", "%"} {
		_, err := feeLimit(bad, 1)
		require.Error(t, err, bad)
	}
}

func TestIDsAsText(t *testing.T) {
	require.Equal(t, "105x2x1", scid(105<<40|2<<16|1))
	require.Equal(t, "-", scid(0))
	require.Equal(t, "030201", reversed([]byte{1, 2, 3}))
	require.Equal(t, "plain[31mred", clean("plain\x1b[31mred\n"))
}
