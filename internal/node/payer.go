package node

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/wallet"
)

// payer is the wallet as the sweeper sees it: it notes that there were no coins for a fee.
type payer struct {
	Wallet
	alerts *alerts

	mu    sync.Mutex
	lacks btcutil.Amount // the most that was asked for in vain since the last block, 0: nothing was
}

// FeeCoins is of enforce.Wallet.
func (p *payer) FeeCoins(owner wire.OutPoint, amount btcutil.Amount, rate wallet.SatPerKWeight, most int) ([]bitcoin.FeeInput, error) {
	coins, err := p.Wallet.FeeCoins(owner, amount, rate, most)
	if errors.Is(err, wallet.ErrInsufficientFunds) {
		p.mu.Lock()
		p.lacks = max(p.lacks, amount)
		p.mu.Unlock()
	}
	return coins, err
}

// Publish is of enforce.Wallet: a refusal is in the chain's words.
func (p *payer) Publish(ctx context.Context, tx *wire.MsgTx, label string) error {
	err := p.Wallet.Publish(ctx, tx, label)
	for said, means := range map[error]error{
		wallet.ErrConflict: chain.ErrConflict, wallet.ErrMissingInputs: chain.ErrMissingInputs,
		wallet.ErrFeeTooLow: chain.ErrFeeTooLow, wallet.ErrRejected: chain.ErrRejected,
	} {
		if errors.Is(err, said) {
			err = fmt.Errorf("%w: %w", means, err)
		}
	}
	return err
}

// block raises the alert if coins were lacking at the last block, which the sweeper has seen to by now,
// and ends it if they were not.
func (p *payer) block() {
	p.mu.Lock()
	lacks := p.lacks
	p.lacks = 0
	p.mu.Unlock()
	if lacks == 0 {
		p.alerts.clear(AlertReserve, wire.OutPoint{})
		return
	}
	p.alerts.raise(AlertReserve, wire.OutPoint{}, fmt.Sprintf(
		"no confirmed coins pay the fee of a force close, %v are needed: send coins to the wallet", lacks))
}
