package wallet

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/btcsuite/btcwallet/wallet"
	"github.com/btcsuite/btcwallet/wallet/txauthor"
	"github.com/btcsuite/btcwallet/wtxmgr"
)

// maxChosen bounds the coins that a caller may name for one transaction.
const maxChosen = 500

// SendFrom is Send with no coins but these, which are all spent.
func (w *Wallet) SendFrom(ctx context.Context, coins []wire.OutPoint, outputs []*wire.TxOut, rate SatPerKWeight,
	minConfs int32, label string) (*wire.MsgTx, error) {

	w.coins.Lock()
	defer w.coins.Unlock()
	if _, err := w.chosen(coins, minConfs); err != nil {
		return nil, err
	}
	made, err := w.build(outputs, rate, minConfs, wallet.WithCustomSelectUtxos(coins))
	if err != nil {
		return nil, err
	}
	return made.Tx, w.publish(ctx, made.Tx, label)
}

// SendAllFrom is SendAll of these coins.
func (w *Wallet) SendAllFrom(ctx context.Context, coins []wire.OutPoint, script []byte, rate SatPerKWeight,
	minConfs int32, label string) (*wire.MsgTx, error) {

	if err := checkRate(rate); err != nil {
		return nil, err
	}
	w.coins.Lock()
	defer w.coins.Unlock()
	found, err := w.chosen(coins, minConfs)
	if err != nil {
		return nil, err
	}
	return w.sweepAll(ctx, found, script, rate, label)
}

// Estimate is what Send, or SendFrom if coins are named, would pay as a fee, and the coins
// that it would spend. Nothing is changed by it.
func (w *Wallet) Estimate(coins []wire.OutPoint, outputs []*wire.TxOut, rate SatPerKWeight, minConfs int32) (
	fee btcutil.Amount, spent []wire.OutPoint, err error) {

	w.coins.Lock()
	defer w.coins.Unlock()
	var options []wallet.TxCreateOption
	if len(coins) > 0 {
		if _, err := w.chosen(coins, minConfs); err != nil {
			return 0, nil, err
		}
		options = append(options, wallet.WithCustomSelectUtxos(coins))
	}
	made, err := w.draft(outputs, rate, minConfs, true, options...)
	if err != nil {
		return 0, nil, err
	}
	fee = made.TotalInput
	for _, out := range made.Tx.TxOut {
		fee -= btcutil.Amount(out.Value)
	}
	return fee, inputs(made.Tx), nil
}

// chosen finds the coins that are named; each must be free to spend.
func (w *Wallet) chosen(coins []wire.OutPoint, minConfs int32) ([]Coin, error) {
	if len(coins) == 0 || len(coins) > maxChosen {
		return nil, fmt.Errorf("%w: %d coins are named, 1 to %d may be", ErrNoCoin, len(coins), maxChosen)
	}
	free, err := w.ListUnspent(minConfs, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	var found []Coin
	for i, c := range coins {
		at := slices.IndexFunc(free, func(f Coin) bool { return f.Outpoint == c })
		if at < 0 || slices.Contains(coins[:i], c) {
			return nil, fmt.Errorf("%w: %v is not a free coin with %d confirmations, or is named twice",
				ErrNoCoin, c, minConfs)
		}
		found = append(found, free[at])
	}
	return found, nil
}

// draft is build with options, or without a trace.
func (w *Wallet) draft(outputs []*wire.TxOut, rate SatPerKWeight, minConfs int32, dry bool,
	options ...wallet.TxCreateOption) (*txauthor.AuthoredTx, error) {

	if err := checkRate(rate); err != nil {
		return nil, err
	}
	if err := checkOutputs(outputs); err != nil {
		return nil, err
	}
	if _, err := w.online(); err != nil {
		return nil, err
	}
	options = append(options, wallet.WithUtxoFilter(func(c wtxmgr.Credit) bool {
		return txscript.IsPayToWitnessPubKeyHash(c.PkScript) || txscript.IsPayToTaproot(c.PkScript)
	}))
	made, err := w.w.CreateSimpleTx(nil, 0, outputs, minConfs, btcutil.Amount(rate.FeePerKVByte()),
		wallet.CoinSelectionLargest, dry, options...)
	var short txauthor.InputSourceError
	if errors.As(err, &short) {
		return nil, w.insufficient(outputs, minConfs)
	}
	if err != nil {
		return nil, fmt.Errorf("wallet: build: %w", err)
	}
	return made, nil
}
