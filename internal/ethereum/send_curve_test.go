package ethereum

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// The price climbs from the market's to the usual limit, and over the last inclusion time to all that the call is worth,
// which is offered half an inclusion time before the deadline.
func TestTheCurveOfAPrice(t *testing.T) {
	const first, deadline, inclusion = 1000, 5000, 300
	m := market{base: 10, tip: 2}
	c := courseOf(first, deadline, inclusion, m.price(), 1000)
	last := uint64(deadline - inclusion/2)
	for _, at := range []struct {
		now  uint64
		want price
	}{
		{first, 12}, {first + (last-first)/2, 12 + 488/8}, {last - inclusion, 12 + 488*79/100}, {last, 1000}, {deadline + 10, 1000},
	} {
		tip, feeCap := c.offer(at.now, m)
		require.InDelta(t, float64(at.want), float64(tip+m.base), 8, "at %d", at.now)
		require.GreaterOrEqual(t, feeCap, tip+m.base)
	}
	before := price(0)
	for now := uint64(first); now <= deadline; now += 10 {
		tip, feeCap := c.offer(now, m)
		require.GreaterOrEqual(t, tip, before)
		require.LessOrEqual(t, feeCap, c.limit(now))
		before = tip
	}
}

// A call that is late has an inclusion time for its climb all the same.
func TestTheCurveOfALateCall(t *testing.T) {
	m := market{base: 10, tip: 2}
	c := courseOf(1000, 900, 300, m.price(), 1000)
	early, _ := c.offer(1000, m)
	late, _ := c.offer(1300, m)
	require.Equal(t, price(2), early)
	require.Equal(t, price(990), late)
}

// Without a deadline it is the market's price, within half of what the call is worth.
func TestTheCurveWithoutADeadline(t *testing.T) {
	c := courseOf(1000, 0, 300, 12, 1000)
	tip, feeCap := c.offer(90_000, market{base: 100, tip: 7})
	require.Equal(t, []price{7, 207}, []price{tip, feeCap})
	tip, feeCap = c.offer(90_000, market{base: 600, tip: 7})
	require.Equal(t, []price{7, 500}, []price{tip, feeCap}, "out of reach: ready for when the base fee falls")
	tip, feeCap = c.offer(90_000, market{legacy: true, tip: 70})
	require.Equal(t, []price{70, 70}, []price{tip, feeCap})
}

// No price that an endpoint may tell makes a sum wrap.
func TestPricesDoNotWrap(t *testing.T) {
	huge := toPrice(new(big.Int).Lsh(big.NewInt(1), 250))
	require.Equal(t, maxPrice, huge)
	require.Zero(t, toPrice(big.NewInt(-1)))
	tip, feeCap := courseOf(1, 2, 300, huge, huge).offer(1<<40, market{base: huge, tip: huge})
	require.LessOrEqual(t, tip, feeCap)
	require.LessOrEqual(t, feeCap, maxPrice)
	require.Equal(t, price(0), worthOf(&Call{Worth: big.NewInt(10)}, 100, big.NewInt(500)))
	require.Equal(t, price(500), worthOf(&Call{}, 100, big.NewInt(500)))
}

// What is stored is read as it was written; anything else is an error, not a panic.
func FuzzSentRow(f *testing.F) {
	f.Add(make([]byte, 36), []byte{sentVersion, 0xc0})
	f.Add([]byte{}, []byte{})
	f.Fuzz(func(t *testing.T, key, row []byte) {
		s, err := decodeSent(key, row)
		if err != nil {
			return
		}
		b, err := s.encode()
		require.NoError(t, err)
		again, err := decodeSent(key, b)
		require.NoError(t, err)
		require.Equal(t, s.tx.Hash(), again.tx.Hash())
		require.Equal(t, s.id, again.id)
	})
}
