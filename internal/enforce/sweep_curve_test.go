package enforce

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/internal/chain"
)

// Whatever the numbers: as blocks go by the rate doesn't fall unless the estimate does, it is within
// the budget, and the last attempt before the deadline pays all that the output is worth.
func TestTheCurveClimbsWithinItsBudget(t *testing.T) {
	const seed = 31
	r := rand.New(rand.NewPCG(seed, 1))
	for n := range 2000 {
		first := adjudicator.Height(r.IntN(1000))
		deadline := first + adjudicator.Height(r.IntN(1200))
		c := courseOf(first, deadline)
		c.base = chain.SatPerKWeight(r.IntN(100_000))
		c.whole = c.base + chain.SatPerKWeight(r.IntN(100_000))
		c.start = chain.SatPerKWeight(1 + r.IntN(50_000))
		estimate := chain.SatPerKWeight(1 + r.IntN(50_000))
		var rate, limit chain.SatPerKWeight
		for tip := first; tip < c.last+20; tip++ {
			got := c.rate(tip, estimate)
			require.GreaterOrEqual(t, got, rate, "seed %d, curve %d: %+v at %d", seed, n, c, tip)
			require.GreaterOrEqual(t, c.limit(tip), limit)
			rate, limit = got, c.limit(tip)
			require.LessOrEqual(t, rate, limit)
			require.LessOrEqual(t, limit, c.whole)
			require.GreaterOrEqual(t, limit, c.base)
			require.GreaterOrEqual(t, rate, min(limit, estimate), "the estimate is the least")
			if tip+urgentBlocks <= c.last {
				require.Equal(t, c.base, limit, "the usual budget as long as there is time")
			}
			if tip >= c.last {
				require.Equal(t, c.whole, limit)
				if c.start <= c.whole {
					require.GreaterOrEqual(t, rate, c.whole-1, "seed %d, curve %d: %+v", seed, n, c)
				}
			}
		}
		if deadline > first+urgentBlocks+2 {
			require.Equal(t, deadline-2, c.last, "the tip before the last block in time")
		}
	}
}

// In half of the time an eighth of the way is gone.
func TestTheCurveIsConvex(t *testing.T) {
	c := courseOf(100, 302)
	c.start, c.base, c.whole = 1000, 81_000, 200_000
	require.EqualValues(t, 300, c.last)
	require.EqualValues(t, 1000, c.rate(100, 500))
	require.EqualValues(t, 11_000, c.rate(200, 500))
	require.EqualValues(t, 30_000, c.rate(200, 30_000))
	require.EqualValues(t, 200_000, c.rate(300, 500))
}

// Without a deadline only the estimate counts, for fewer blocks each time.
func TestWithoutADeadlineTheEstimateIsPaid(t *testing.T) {
	c := courseOf(100, 0)
	c.start, c.base, c.whole = 1000, 8000, 20_000
	for i, want := range []uint32{6, 5, 4, 3, 2, 1, 1, 1} {
		tip := adjudicator.Height(100 + i)
		require.Equal(t, want, c.target(tip, 0))
		require.EqualValues(t, 700+i, c.rate(tip, chain.SatPerKWeight(700+i)))
	}
	require.EqualValues(t, 6, c.target(90, 0), "a block was undone")
	require.EqualValues(t, 8000, c.rate(500, 50_000))
	require.Equal(t, relayFloor, c.rate(500, 1))
}

// The estimate asked for is that of the blocks that are left before the deadline.
func TestTheEstimateIsForTheBlocksThatAreLeft(t *testing.T) {
	c := courseOf(100, 200)
	for tip, want := range map[adjudicator.Height]uint32{100: 99, 197: 2, 198: 1, 199: 1, 400: 1} {
		require.Equal(t, want, c.target(tip, 200), "tip %d", tip)
	}
}
