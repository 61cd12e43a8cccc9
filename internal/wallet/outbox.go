package wallet

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/btcsuite/btcwallet/chain"
)

// outbox keeps btcwallet from forgetting a transaction that couldn't be handed over, which is no
// refusal: it takes every error for one, at its own attempts after each start too, and would spend the
// coins again though the network has the transaction. Only one that is published for the first time is
// forgotten, so that it can be tried again with the same coins. The zero value is ready.
type outbox struct {
	mu    sync.Mutex
	calls map[chainhash.Hash]*handover // of publish, under way
	owed  map[chainhash.Hash]struct{}  // what is to be handed over when the backend is there

	paying atomic.Bool // that is under way
}

// handover is one call of publish.
type handover struct {
	fresh bool  // the wallet didn't have the transaction before
	err   error // why it was not handed over though the wallet keeps it
}

// begin notes a call of publish; end gives the error that btcwallet wasn't told.
func (o *outbox) begin(txid chainhash.Hash, fresh bool) (end func() error) {
	h := &handover{fresh: fresh}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.calls == nil {
		o.calls = make(map[chainhash.Hash]*handover)
	}
	o.calls[txid] = h
	return func() error {
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.calls[txid] == h { // and not one that began when this had been given up
			delete(o.calls, txid)
		}
		return h.err
	}
}

// keep notes that a transaction was not handed over, and says whether the wallet keeps it.
func (o *outbox) keep(txid chainhash.Hash, err error) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	h := o.calls[txid]
	if h != nil && h.fresh {
		return false
	}
	if h != nil {
		h.err = err
	}
	if o.owed == nil {
		o.owed = make(map[chainhash.Hash]struct{})
	}
	o.owed[txid] = struct{}{} // of those in no block, which are few
	return true
}

func (o *outbox) take() []chainhash.Hash {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := slices.Collect(maps.Keys(o.owed))
	clear(o.owed)
	return all
}

// SendRawTransaction is of chain.Interface.
func (f *feed) SendRawTransaction(tx *wire.MsgTx, high bool) (*chainhash.Hash, error) {
	txid := tx.TxHash()
	_, err := f.Interface.SendRawTransaction(tx, high)
	if err != nil && !isRejection(err) && f.box.keep(txid, err) {
		err = nil
	}
	return &txid, err
}

// payOwed hands over what couldn't be before, unless an earlier call is at it still: one that waits for
// a connection to come back ends with the client, not with ctx.
func (w *Wallet) payOwed(ctx context.Context, client Client) {
	if !w.box.paying.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer w.box.paying.Store(false)
		for _, txid := range w.box.take() {
			w.payOne(ctx, client, txid)
		}
	}()
}

func (w *Wallet) payOne(ctx context.Context, client Client, txid chainhash.Hash) {
	t, err := w.Transaction(txid)
	if err != nil || t.Height > 0 || ctx.Err() != nil {
		return // forgotten, or in a block; or the wallet ends, and the next start sees to it
	}
	switch _, err = client.SendRawTransaction(t.Tx, false); {
	case err == nil, errors.Is(err, chain.ErrTxAlreadyInMempool), ctx.Err() != nil:
	case isRejection(err):
		w.log.Warn("a transaction is not taken; it is tried again after a start", "txid", txid, "err", err)
	default:
		w.box.keep(txid, err)
	}
}
