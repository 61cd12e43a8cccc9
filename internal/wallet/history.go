package wallet

import (
	"errors"
	"fmt"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcwallet/wallet"
)

// Transaction finds one of the wallet's by its id.
func (w *Wallet) Transaction(txid chainhash.Hash) (Transaction, error) {
	r, err := w.w.GetTransaction(txid)
	if err != nil {
		if errors.Is(err, wallet.ErrNoTx) {
			err = fmt.Errorf("%w: %v", ErrNoTransaction, txid)
		}
		return Transaction{}, err
	}
	t := readTransaction(r.Summary)
	if r.Height >= 0 && r.BlockHash != nil {
		t.Height, t.BlockHash, t.Time = r.Height, *r.BlockHash, time.Unix(r.Timestamp, 0)
		t.Confirmations = max(w.w.Manager.SyncedTo().Height-r.Height+1, 1)
	}
	return t, nil
}

func isUnknown(err error) bool { return errors.Is(err, ErrNoTransaction) }

// Label notes what a transaction is for; another note is replaced only if overwrite is set.
func (w *Wallet) Label(txid chainhash.Hash, label string, overwrite bool) error {
	switch err := w.w.LabelTransaction(txid, label, overwrite); {
	case errors.Is(err, wallet.ErrUnknownTransaction):
		return fmt.Errorf("%w: %v", ErrNoTransaction, txid)
	case errors.Is(err, wallet.ErrTxLabelExists):
		return fmt.Errorf("%w: %v", ErrLabelled, txid)
	case err != nil:
		return fmt.Errorf("wallet: label: %w", err)
	}
	return nil
}
