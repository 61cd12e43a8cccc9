package node

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwallet/chainfee"
	"github.com/stretchr/testify/require"
)

// Whoever asks for a fee gets the chain's fallback when nobody has an idea: for coins, for what the API
// tells, and for commitments.
func TestUnknownFeeIsNeverARateOfZero(t *testing.T) {
	net := newTestNet(t)
	alice := net.node("alice")
	ask := map[string]func() (int64, error){
		"EstimateFee": func() (int64, error) {
			e, err := alice.EstimateFee(t.Context(), 6)
			return int64(e.Rate), err
		},
		"of coins": func() (int64, error) {
			rate, err := alice.feeRate(t.Context(), FeeRate{})
			return int64(rate), err
		},
		"of coins by target": func() (int64, error) {
			rate, err := alice.feeRate(t.Context(), FeeRate{ConfTarget: 144})
			return int64(rate), err
		},
		"of commitments": func() (int64, error) {
			rate, err := alice.openings.commitFee(t.Context())
			return int64(rate), err
		},
	}
	for what, rate := range ask {
		net.chain.SetFee(0)
		unknown, err := rate()
		require.NoError(t, err, what)
		require.GreaterOrEqual(t, unknown, int64(chainfee.FeePerKwFloor), what)
		net.chain.SetFee(2000)
		known, err := rate()
		require.NoError(t, err, what)
		require.EqualValues(t, 2000, known, what)
		require.NotEqual(t, known, unknown, "%s: the fallback is not the estimate", what)
		net.chain.SetAway(true)
		away, err := rate()
		require.NoError(t, err, what)
		require.Equal(t, unknown, away, what)
		net.chain.SetAway(false)
	}
}
