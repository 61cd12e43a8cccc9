package chain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// genesis is a source of one block that says of the rest what the test sets.
type genesis struct {
	Source
	tip     error
	height  int32
	rate    SatPerKWeight
	rateErr error
}

func (g *genesis) Tip(context.Context) (chainhash.Hash, int32, error) {
	return *chaincfg.RegressionNetParams.GenesisHash, g.height, g.tip
}

func (g *genesis) Block(context.Context, chainhash.Hash) (*wire.MsgBlock, error) {
	return chaincfg.RegressionNetParams.GenesisBlock, nil
}

func (g *genesis) EstimateFee(context.Context, uint32) (SatPerKWeight, error) {
	return g.rate, g.rateErr
}

func TestUnknownFeeIsTheFallbackNeverARateOfZero(t *testing.T) {
	var log bytes.Buffer
	g := &genesis{}
	f, err := Start(t.Context(), g, Config{
		Poll: -1, Fees: Fees{Fallback: 4000}, Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	require.NoError(t, err)
	defer f.Close()
	estimate := func(rate SatPerKWeight, err error) SatPerKWeight {
		g.rate, g.rateErr = rate, err
		got, err := f.EstimateFee(t.Context(), 6)
		require.NoError(t, err)
		return got
	}
	for range 3 {
		require.EqualValues(t, 4000, estimate(0, nil), "no idea")
		require.EqualValues(t, 4000, estimate(-1, nil), "nonsense")
		require.EqualValues(t, 4000, estimate(5, errors.New("away")), "no answer")
	}
	require.Equal(t, 1, strings.Count(log.String(), "fallback"), "it is said once: %s", log.String())
	require.EqualValues(t, 5000, estimate(5000, nil))
	require.Contains(t, log.String(), "again")
}

func TestAFollowerOfAnotherNetworkDoesNotStart(t *testing.T) {
	_, err := Start(t.Context(), &genesis{tip: fmt.Errorf("%w: it is on moonnet", ErrWrongNetwork)}, Config{})
	require.ErrorIs(t, err, ErrWrongNetwork)
	require.ErrorContains(t, err, "moonnet")
}

func TestATipBelowTheGenesisIsNoTip(t *testing.T) {
	g := &genesis{height: -1}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := Start(ctx, g, Config{Poll: time.Millisecond})
	require.ErrorIs(t, err, ErrUnavailable)
	require.ErrorContains(t, err, "height -1")

	g.height = 0
	f, err := Start(t.Context(), g, Config{Poll: -1})
	require.NoError(t, err)
	defer f.Close()
	g.height = -1
	require.ErrorIs(t, f.Sync(t.Context()), ErrUnavailable)
	require.Zero(t, f.Best().Height)
}

func TestAmountsThatCannotBeAreNone(t *testing.T) {
	for said, want := range map[float64]SatPerKWeight{0: 0, -1: 0, 0.00001: 250, 0.0002: 5000} {
		got, err := RateOf(said)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, said := range []float64{21_000_001, 1e300, math.Inf(1), math.NaN()} {
		_, err := RateOf(said)
		require.ErrorIs(t, err, ErrUnavailable)
	}
	_, err := amount(-0.5)
	require.ErrorContains(t, err, "-0.5 BTC")
}

func (g *genesis) HashAt(context.Context, int32) (chainhash.Hash, error) {
	return *chaincfg.RegressionNetParams.GenesisHash, nil
}

func (g *genesis) TxIDs(context.Context, chainhash.Hash) ([]chainhash.Hash, error) {
	return make([]chainhash.Hash, 3), nil
}

func (g *genesis) Unspent(context.Context, wire.OutPoint, chainhash.Hash) (*wire.TxOut, error) {
	return nil, nil
}

func TestASourceThatContradictsItselfIsNotBelieved(t *testing.T) {
	f, err := Start(t.Context(), &genesis{}, Config{Poll: -1})
	require.NoError(t, err)
	defer f.Close()
	_, _, err = f.FundingOutput(t.Context(), lnwire.ShortChannelID{TxIndex: 2})
	require.ErrorIs(t, err, ErrUnavailable)
	require.ErrorContains(t, err, "1 transactions, and 3 ids")
}

func TestASourceWithoutAMempoolSaysSo(t *testing.T) {
	f, err := Start(t.Context(), &genesis{}, Config{Poll: -1})
	require.NoError(t, err)
	defer f.Close()
	_, err = f.WatchMempool(t.Context())
	require.ErrorIs(t, err, ErrNoMempool)
}
