package wallet

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/btcsuite/btcwallet/chain"
	"github.com/btcsuite/btcwallet/wallet"
	"github.com/btcsuite/btcwallet/wallet/txauthor"
	"github.com/btcsuite/btcwallet/wallet/txrules"
	"github.com/btcsuite/btcwallet/wallet/txsizes"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwallet/chainfee"
)

// SatPerKWeight is a fee rate in satoshi per 1000 weight units.
type SatPerKWeight = chainfee.SatPerKWeight

// Send pays outputs and the fee, publishes, and returns the transaction. Coins with fewer than
// minConfs confirmations aren't used.
func (w *Wallet) Send(ctx context.Context, outputs []*wire.TxOut, rate SatPerKWeight, minConfs int32,
	label string) (*wire.MsgTx, error) {

	w.coins.Lock()
	defer w.coins.Unlock()
	made, err := w.build(outputs, rate, minConfs)
	if err != nil {
		return nil, err
	}
	return made.Tx, w.publish(ctx, made.Tx, label)
}

// SendAll pays all free coins, less the fee and the reserve, to a script, publishes, and returns the
// transaction.
func (w *Wallet) SendAll(ctx context.Context, script []byte, rate SatPerKWeight, minConfs int32,
	label string) (*wire.MsgTx, error) {

	if err := checkRate(rate); err != nil {
		return nil, err
	}
	w.coins.Lock()
	defer w.coins.Unlock()
	coins, err := w.ListUnspent(minConfs, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	return w.sweepAll(ctx, coins, script, rate, label)
}

// sweep builds and signs a transaction of coins to one output, after those that are given.
func (w *Wallet) sweep(coins []Coin, back []*wire.TxOut, script []byte, rate SatPerKWeight) (*wire.MsgTx, error) {
	tx := wire.NewMsgTx(2)
	tx.TxOut = back
	prev := make(map[wire.OutPoint]*wire.TxOut, len(coins))
	var total btcutil.Amount
	var wkh, tr int
	for _, c := range coins {
		tx.AddTxIn(wire.NewTxIn(&c.Outpoint, nil, nil))
		prev[c.Outpoint] = wire.NewTxOut(int64(c.Amount), c.Script)
		total += c.Amount
		if c.Kind == P2TR {
			tr++
		} else {
			wkh++
		}
	}
	out := wire.NewTxOut(0, script)
	tx.AddTxOut(out)
	size := txsizes.EstimateVirtualSize(0, tr, wkh, 0, tx.TxOut, 0)
	spent := rate.FeeForVByte(lntypes.VByte(size))
	for _, o := range back {
		spent += btcutil.Amount(o.Value)
	}
	if total <= spent {
		return nil, fmt.Errorf("%w: %v in %d coins, the fee and what stays are %v", ErrInsufficientFunds, total, len(coins), spent)
	}
	out.Value = int64(total - spent)
	if err := checkOutputs(tx.TxOut); err != nil {
		return nil, err
	}
	return tx, w.sign(tx, prev)
}

// sign signs every input; prev are the outputs that they spend.
func (w *Wallet) sign(tx *wire.MsgTx, prev map[wire.OutPoint]*wire.TxOut) error {
	hashes := txscript.NewTxSigHashes(tx, txscript.NewMultiPrevOutFetcher(prev))
	for i, in := range tx.TxIn {
		kind := txscript.SigHashAll
		if txscript.IsPayToTaproot(prev[in.PreviousOutPoint].PkScript) {
			kind = txscript.SigHashDefault
		}
		witness, _, err := w.w.ComputeInputScript(tx, prev[in.PreviousOutPoint], i, hashes, kind, nil)
		if err != nil {
			return fmt.Errorf("wallet: sign input %d: %w", i, err)
		}
		in.Witness = witness
	}
	return nil
}

// build chooses coins, adds change and signs, if the reserve stays. All inputs are segwit. The caller
// holds w.coins.
func (w *Wallet) build(outputs []*wire.TxOut, rate SatPerKWeight, minConfs int32,
	options ...wallet.TxCreateOption) (*txauthor.AuthoredTx, error) {

	if required := w.required(); required > 0 { // refused before there is a change address, which would be lost
		dry, err := w.draft(outputs, rate, minConfs, true, options...)
		if err != nil {
			return nil, err
		}
		var change btcutil.Amount
		if dry.ChangeIndex >= 0 {
			change = btcutil.Amount(dry.Tx.TxOut[dry.ChangeIndex].Value)
		}
		if err := w.keepsReserve(required, inputs(dry.Tx), change); err != nil {
			return nil, err
		}
	}
	return w.draft(outputs, rate, minConfs, false, options...)
}

// insufficient says how much there is and how much was to be paid.
func (w *Wallet) insufficient(outputs []*wire.TxOut, minConfs int32) error {
	var pay, free btcutil.Amount
	for _, out := range outputs {
		pay += btcutil.Amount(out.Value)
	}
	coins, err := w.ListUnspent(minConfs, math.MaxInt32)
	if err != nil {
		return errors.Join(ErrInsufficientFunds, err)
	}
	for _, c := range coins {
		free += c.Amount
	}
	return fmt.Errorf("%w: %v to pay and a fee, %v in %d coins of %d confirmations",
		ErrInsufficientFunds, pay, free, len(coins), minConfs)
}

func checkRate(rate SatPerKWeight) error {
	if rate < chainfee.AbsoluteFeePerKwFloor {
		return fmt.Errorf("%w: %d sat/kw, at least %d", ErrFeeRate, rate, chainfee.AbsoluteFeePerKwFloor)
	}
	return nil
}

func checkOutputs(outputs []*wire.TxOut) error {
	if len(outputs) == 0 {
		return fmt.Errorf("%w: no output", ErrDust)
	}
	for i, out := range outputs {
		if err := txrules.CheckOutput(out, txrules.DefaultRelayFeePerKb); err != nil {
			return fmt.Errorf("%w: output %d of %v: %w", ErrDust, i, btcutil.Amount(out.Value), err)
		}
	}
	return nil
}

// Publish keeps a transaction of ours (again and again handed to btcd until it is in a block)
// and publishes it. It is for transactions made before a restart, too. A refusal is ErrRejected, with
// ErrConflict, ErrMissingInputs or ErrFeeTooLow where the backend tells.
func (w *Wallet) Publish(ctx context.Context, tx *wire.MsgTx, label string) error {
	w.coins.Lock()
	defer w.coins.Unlock()
	return w.publish(ctx, tx, label)
}

// publish needs w.coins. When it fails with ErrRejected, btcwallet has forgotten the transaction.
func (w *Wallet) publish(ctx context.Context, tx *wire.MsgTx, label string) error {
	if _, err := w.online(); err != nil {
		return err
	}
	known, err := w.Transaction(tx.TxHash())
	if err != nil && !isUnknown(err) {
		return err
	}
	if err == nil && known.Height > 0 {
		return nil // a backend that calls its inputs spent would have btcwallet forget what spends it
	}
	end := w.box.begin(tx.TxHash(), err != nil)
	done := make(chan error, 1)
	go func() { done <- errors.Join(w.w.PublishTransaction(tx, label), end()) }()
	select {
	case err = <-done:
	case <-ctx.Done(): // it goes on, and may succeed
		return fmt.Errorf("wallet: publish %v: %w", tx.TxHash(), ctx.Err())
	}
	switch {
	case err == nil:
		w.log.Info("published", "txid", tx.TxHash(), "label", label)
		w.forgetReplaced(tx)
		return nil
	case isRejection(err):
		if kind := refusal(err); kind != ErrRejected {
			return fmt.Errorf("%w: %v: %w: %w", ErrRejected, tx.TxHash(), kind, err)
		}
		return fmt.Errorf("%w: %v: %w", ErrRejected, tx.TxHash(), err)
	}
	return fmt.Errorf("wallet: publish %v: %w", tx.TxHash(), err)
}

// isRejection tells a backend's refusals from failures to reach it.
func isRejection(err error) bool {
	var refusal chain.RPCErr
	return errors.As(err, &refusal) || strings.Contains(err.Error(), "TX rejected")
}
