package wallet

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/btcsuite/btcwallet/waddrmgr"
	"github.com/btcsuite/btcwallet/walletdb"
)

// Keep sets what must stay in the wallet, for the fees of force closes: whatever is sent, and whatever
// a channel is funded with, leaves so much in coins that are free, or else it is ErrReserve. It is asked
// with the coins locked, so that two transactions can't both leave the same; it must not call the
// wallet. Fee bumps and fee coins, which it is kept for, may take it.
func (w *Wallet) Keep(required func() btcutil.Amount) {
	w.coins.Lock()
	defer w.coins.Unlock()
	w.reserve = required
}

// required is what must stay now. The caller holds w.coins.
func (w *Wallet) required() btcutil.Amount {
	if w.reserve == nil {
		return 0
	}
	return w.reserve()
}

// keepsReserve says whether a reserve is left when these coins are spent and some of it comes back.
func (w *Wallet) keepsReserve(required btcutil.Amount, spent []wire.OutPoint, back btcutil.Amount) error {
	if required == 0 {
		return nil
	}
	left, err := w.left(spent)
	if err != nil {
		return err
	}
	if left += back; left < required {
		return fmt.Errorf("%w: %v would be left, %v must be: send less, or close channels", ErrReserve, left, required)
	}
	return nil
}

// left is what is free, with or without confirmations, but for some coins.
func (w *Wallet) left(spent []wire.OutPoint) (btcutil.Amount, error) {
	coins, err := w.all()
	if err != nil {
		return 0, err
	}
	var left btcutil.Amount
	for _, c := range coins {
		if !c.Locked && c.Mature && !slices.Contains(spent, c.Outpoint) {
			left += c.Amount
		}
	}
	return left, nil
}

// sweepAll publishes a transaction of all of some coins, of which the reserve comes back to the wallet
// if the others don't hold it. The caller holds w.coins.
func (w *Wallet) sweepAll(ctx context.Context, coins []Coin, script []byte, rate SatPerKWeight,
	label string) (*wire.MsgTx, error) {

	spent := make([]wire.OutPoint, len(coins))
	var total btcutil.Amount
	for i, c := range coins {
		spent[i] = c.Outpoint
		total += c.Amount
	}
	required := w.required()
	var back []*wire.TxOut
	if short := w.keepsReserve(required, spent, 0); short != nil {
		if !errors.Is(short, ErrReserve) || total <= required {
			return nil, short
		}
		own, err := w.change()
		if err != nil {
			return nil, err
		}
		back = append(back, wire.NewTxOut(int64(required), own))
	}
	tx, err := w.sweep(coins, back, script, rate)
	if err != nil {
		return nil, err
	}
	return tx, w.publish(ctx, tx, label)
}

// change is a new script for change, BIP 86. The caller holds w.coins.
func (w *Wallet) change() ([]byte, error) {
	manager, err := w.w.Manager.FetchScopedKeyManager(waddrmgr.KeyScopeBIP0086)
	if err != nil {
		return nil, fmt.Errorf("wallet: change: %w", err)
	}
	var addr btcutil.Address
	err = walletdb.Update(w.db, func(tx walletdb.ReadWriteTx) error {
		next, err := manager.NextInternalAddresses(tx.ReadWriteBucket(addrBucket), waddrmgr.DefaultAccountNum, 1)
		if err == nil {
			addr = next[0].Address()
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("wallet: change: %w", err)
	}
	return txscript.PayToAddrScript(addr)
}
