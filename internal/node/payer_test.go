package node

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/wallet"
)

// poor is a wallet that has coins up to an amount.
type poor struct {
	Wallet
	has btcutil.Amount
}

func (p *poor) FeeCoins(_ wire.OutPoint, amount btcutil.Amount, _ wallet.SatPerKWeight, _ int) ([]bitcoin.FeeInput, error) {
	if amount > p.has {
		return nil, fmt.Errorf("%w: %v", wallet.ErrInsufficientFunds, amount)
	}
	return make([]bitcoin.FeeInput, 1), nil
}

func TestAForceCloseWithoutCoinsForItsFeeIsAnAlert(t *testing.T) {
	w := &poor{has: 10_000}
	p := &payer{Wallet: w, alerts: &alerts{log: slog.New(slog.DiscardHandler), now: time.Now}}
	stands := func() []Alert {
		all, err := (&Node{alerts: p.alerts}).Alerts(t.Context())
		require.NoError(t, err)
		return all
	}
	ask := func(amount btcutil.Amount) {
		_, err := p.FeeCoins(wire.OutPoint{}, amount, 1000, 3)
		require.Equal(t, amount > w.has, err != nil)
	}
	ask(10_000)
	p.block()
	require.Empty(t, stands())
	ask(20_000)
	ask(5_000)
	p.block()
	require.Len(t, stands(), 1)
	require.Equal(t, AlertReserve, stands()[0].Kind)
	require.Contains(t, stands()[0].Text, "0.00020000 BTC are needed")
	w.has = 20_000
	ask(20_000)
	p.block()
	require.Empty(t, stands())
}
