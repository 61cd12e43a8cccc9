package wallet

import (
	"bytes"
	"context"
	"fmt"
	"sync"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
)

// Funding is a signed transaction with a channel's output, which nobody has seen yet, and whose
// coins are set aside. It ends with Publish or Release; a restart releases it.
type Funding struct {
	Tx     *wire.MsgTx
	Output uint32 // which output is the channel's
	Fee    btcutil.Amount

	w        *Wallet
	coins    []wire.OutPoint // its inputs
	mu       sync.Mutex
	ended    bool // the coins are no longer locked by us
	released bool
}

// Fund chooses and locks coins with minConfs confirmations and signs a transaction that pays an
// amount to a script, with change to the wallet. All its inputs are segwit, so that its id is final.
func (w *Wallet) Fund(script []byte, amount btcutil.Amount, rate SatPerKWeight, minConfs int32) (*Funding, error) {
	w.coins.Lock()
	defer w.coins.Unlock()
	made, err := w.build([]*wire.TxOut{wire.NewTxOut(int64(amount), script)}, rate, minConfs)
	if err != nil {
		return nil, err
	}
	f := &Funding{Tx: made.Tx, Fee: made.TotalInput, w: w}
	found := false
	for i, out := range made.Tx.TxOut {
		f.Fee -= btcutil.Amount(out.Value)
		if !found && i != made.ChangeIndex && bytes.Equal(out.PkScript, script) && out.Value == int64(amount) {
			f.Output, found = uint32(i), true
		}
	}
	if !found {
		return nil, fmt.Errorf("wallet: fund: no output of %v in the transaction built for it", amount)
	}
	f.coins = inputs(made.Tx)
	w.lock(f.coins)
	return f, nil
}

// Outpoint is where the channel's funds will be.
func (f *Funding) Outpoint() wire.OutPoint {
	return wire.OutPoint{Hash: f.Tx.TxHash(), Index: f.Output}
}

// Publish hands the transaction to the network and keeps doing so, over restarts, until it is in
// a block. After an error other than ErrRejected it may be out nevertheless: try again, don't Release.
func (f *Funding) Publish(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.released {
		return ErrReleased
	}
	if err := f.w.Publish(ctx, f.Tx, "channel funding"); err != nil {
		return err
	}
	f.ended = true
	f.w.unlock(f.coins) // btcwallet knows them as spent
	return nil
}

// Release frees the coins of a transaction that was not published. A second call, or one after
// Publish, does nothing.
func (f *Funding) Release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended {
		return
	}
	f.ended, f.released = true, true
	f.w.unlock(f.coins)
}

// Reserve locks the inputs of a transaction that was made before a restart and is not published
// yet, until the returned function is called or the transaction is published.
func (w *Wallet) Reserve(tx *wire.MsgTx) (release func()) {
	coins := inputs(tx)
	w.coins.Lock()
	defer w.coins.Unlock()
	w.lock(coins)
	return sync.OnceFunc(func() { w.unlock(coins) })
}

func inputs(tx *wire.MsgTx) []wire.OutPoint {
	coins := make([]wire.OutPoint, len(tx.TxIn))
	for i, in := range tx.TxIn {
		coins[i] = in.PreviousOutPoint
	}
	return coins
}

func (w *Wallet) lock(coins []wire.OutPoint) {
	for _, c := range coins {
		w.w.LockOutpoint(c)
	}
}

func (w *Wallet) unlock(coins []wire.OutPoint) {
	for _, c := range coins {
		w.w.UnlockOutpoint(c)
	}
}
