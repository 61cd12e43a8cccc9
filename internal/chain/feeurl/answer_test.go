package feeurl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/chain"
)

func TestTheRateIsThatOfTheLargestTargetThatIsSoonEnough(t *testing.T) {
	known, err := parse(strings.NewReader(`{"fee_by_block_target":{"2":20000,"6":8000,"144":2000}}`))
	require.NoError(t, err)
	for target, want := range map[uint32]chain.SatPerKWeight{
		0: 5000, 1: 5000, 2: 5000, 5: 5000, 6: 2000, 143: 2000, 144: 500, 1008: 500, 1 << 31: 500,
	} {
		require.Equal(t, want, known.rate(target), "target %d", target)
	}
}

func TestRatesAreAtLeastWhatIsRelayed(t *testing.T) {
	for body, want := range map[string]chain.SatPerKWeight{
		`{"fee_by_block_target":{"6":1}}`:                             253,
		`{"fee_by_block_target":{"6":1000}}`:                          253, // 250 would round below 1 sat/vbyte
		`{"fee_by_block_target":{"6":1000},"min_relay_feerate":0}`:    253,
		`{"fee_by_block_target":{"6":1000},"min_relay_feerate":8000}`: 2000,
		`{"fee_by_block_target":{"6":9000},"min_relay_feerate":8000}`: 2250,
	} {
		known, err := parse(strings.NewReader(body))
		require.NoError(t, err, body)
		require.Equal(t, want, known.rate(6), body)
	}
}

func TestARateOfZeroIsNoRate(t *testing.T) {
	known, err := parse(strings.NewReader(`{"fee_by_block_target":{"2":20000,"6":0}}`))
	require.NoError(t, err)
	require.Equal(t, chain.SatPerKWeight(5000), known.rate(6), "that of 2 blocks: 6 is unknown")

	_, err = parse(strings.NewReader(`{"fee_by_block_target":{"2":0,"6":0}}`))
	require.ErrorIs(t, err, errAnswer)
}

func TestWhatIsNoTableOfFeesIsRefused(t *testing.T) {
	many := new(strings.Builder)
	for i := range maxEntries + 1 {
		fmt.Fprintf(many, `"%d":1000,`, i+1)
	}
	for name, body := range map[string]string{
		"empty":           "",
		"no JSON":         "<html>502</html>",
		"cut short":       `{"fee_by_block_target":{"2":20`,
		"a list":          `[1,2]`,
		"null":            `null`,
		"nothing in it":   `{}`,
		"no rates":        `{"fee_by_block_target":{}}`,
		"negative":        `{"fee_by_block_target":{"2":5000,"6":-1}}`,
		"a fraction":      `{"fee_by_block_target":{"2":1.5}}`,
		"too large":       `{"fee_by_block_target":{"2":4294967296}}`,
		"exponent":        `{"fee_by_block_target":{"2":1e300}}`,
		"words":           `{"fee_by_block_target":{"2":"much"}}`,
		"target zero":     `{"fee_by_block_target":{"0":5000}}`,
		"negative target": `{"fee_by_block_target":{"-2":5000}}`,
		"target of words": `{"fee_by_block_target":{"soon":5000}}`,
		"bad relay rate":  `{"fee_by_block_target":{"2":5000},"min_relay_feerate":-5}`,
		"too many":        `{"fee_by_block_target":{` + strings.TrimSuffix(many.String(), ",") + `}}`,
		"too long":        `{"fee_by_block_target":{"2":5000}}` + strings.Repeat(" ", maxBody),
	} {
		_, err := parse(strings.NewReader(body))
		require.ErrorIs(t, err, errAnswer, name)
		require.Less(t, len(err.Error()), 200, name)
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add(`{"fee_by_block_target":{"2":20000,"6":8000},"min_relay_feerate":1000}`, uint32(6))
	f.Add(`{"fee_by_block_target":{"2":0}}`, uint32(0))
	f.Fuzz(func(t *testing.T, body string, target uint32) {
		known, err := parse(strings.NewReader(body))
		if err == nil {
			require.GreaterOrEqual(t, known.rate(target), chain.SatPerKWeight(253))
		}
	})
}
