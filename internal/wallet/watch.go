package wallet

import (
	"context"
	"time"

	"github.com/btcsuite/btcwallet/wallet"
)

// Watch calls each for every transaction of the wallet's as it is seen from now on, and again
// when it is in a block, until ctx ends or the wallet is closed; then done is closed. The
// wallet waits for each to return.
func (w *Wallet) Watch(ctx context.Context, each func(Transaction)) (done <-chan struct{}) {
	client := w.w.NtfnServer.TransactionNotifications()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer client.Done()
		for {
			select {
			case n := <-client.C:
				w.news(n, each)
			case <-ctx.Done():
				return
			case <-w.quit:
				return
			}
		}
	}()
	return ended
}

func (w *Wallet) news(n *wallet.TransactionNotifications, each func(Transaction)) {
	for _, s := range n.UnminedTransactions {
		each(readTransaction(s))
	}
	for _, b := range n.AttachedBlocks {
		for _, s := range b.Transactions {
			t := readTransaction(s)
			t.Height, t.BlockHash, t.Time = b.Height, *b.Hash, time.Unix(b.Timestamp, 0)
			t.Confirmations = 1 // this is news of its block
			each(t)
		}
	}
}
