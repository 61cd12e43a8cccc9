package contract

import (
	"context"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/holiman/uint256"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
)

// Gas is kept for the end of every channel, and for each HTLC in flight.
func TestTheReserveIsForEveryChannelAndHTLC(t *testing.T) {
	o := openOrdeal(t)
	o.bob.config = func(c *Config) { c.GasPrice = big.NewInt(1000) }
	o.restore(o.bob, o.bob.ch.Encode())
	o.connect()
	price := func(gas uint64) *big.Int { return new(big.Int).SetUint64(1000 * gas) }
	require.Equal(t, price(evm.ReserveGas(0)), o.bob.court.Reserve(0, 0))
	require.Equal(t, price(2*evm.ReserveGas(0)), o.bob.court.Reserve(1, 0))
	require.Equal(t, price(evm.ReserveGas(3)), o.bob.court.Reserve(0, 3))
	o.bob.offer(1_000*unit, 1, o.now()+late)
	talk(o.bob, o.mallory)
	o.mine()
	require.Equal(t, price(evm.ReserveGas(1)), o.bob.court.Reserve(0, 0))
}

// What is kept is enough: an ordeal's calls cost less.
func TestTheReserveIsEnough(t *testing.T) {
	for _, ending := range ordealEndings {
		o := newOrdeal(t, ending)
		n, _ := o.bob.ch.InFlight()
		o.run(nil)
		require.LessOrEqual(t, o.bob.sender.spent.Uint64(), evm.ReserveGas(n), ending.String())
	}
}

// Nothing is kept for a channel that ended.
func TestTheReserveEndsWithTheChannel(t *testing.T) {
	o := newOrdeal(t, adjudicator.Cooperative)
	o.bob.config = func(c *Config) { c.GasPrice = big.NewInt(1000) }
	o.restore(o.bob, o.bob.ch.Encode())
	require.NotZero(t, o.bob.court.Reserve(0, 0).Sign())
	o.run(nil)
	require.Zero(t, o.bob.court.Reserve(0, 0).Sign())
}

// The operator is told when the accounts can't close everything, and when they can again.
func TestTooLittleGasIsToldOf(t *testing.T) {
	o := openOrdeal(t)
	told := make(chan string, 1)
	o.bob.config = func(c *Config) {
		c.GasPrice, c.GasLow = big.NewInt(1000), func(text string) { told <- text }
	}
	o.restore(o.bob, o.bob.ch.Encode())
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go o.bob.court.watchGas(ctx)
	require.Contains(t, <-told, "send coins to")
	balance, err := o.bob.court.GasBalance(ctx)
	require.NoError(t, err)
	require.Zero(t, balance.Sign())
	o.chain.tip().state.SetBalance(o.bob.sender.account, uint256.NewInt(startBalance), tracing.BalanceChangeUnspecified)
	o.bob.court.gas <- struct{}{}
	require.Empty(t, <-told)
}
