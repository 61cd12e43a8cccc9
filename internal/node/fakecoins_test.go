package node

import (
	"context"
	"fmt"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/wallet"
)

// fakeCoins is the part of a fakeWallet that says what a test sets, and notes what is asked.
type fakeCoins struct {
	bumps   []wallet.Bump
	leases  []wallet.Lease
	err     error
	bumped  wallet.BumpRequest
	chosen  []wire.OutPoint
	paid    []*wire.TxOut
	tell    func(wallet.Transaction) // of whoever watches
	watched chan struct{}
}

func (f *fakeCoins) BumpFee(_ context.Context, r wallet.BumpRequest) (wallet.Bump, error) {
	f.bumped = r
	return wallet.Bump{Coin: r.Coin}, f.err
}

func (f *fakeCoins) Bumps() ([]wallet.Bump, error) { return f.bumps, f.err }

func (f *fakeCoins) Lease(_ [32]byte, _ wire.OutPoint, length time.Duration) (time.Time, error) {
	return time.Unix(0, 0).Add(length), f.err
}

func (f *fakeCoins) Release([32]byte, wire.OutPoint) error { return f.err }

func (f *fakeCoins) Leases() ([]wallet.Lease, error) { return f.leases, f.err }

func (f *fakeCoins) Label(chainhash.Hash, string, bool) error { return f.err }

func (f *fakeCoins) Addresses() ([]wallet.Address, error) { return nil, f.err }

func (f *fakeCoins) Estimate(coins []wire.OutPoint, outs []*wire.TxOut, _ wallet.SatPerKWeight, _ int32) (btcutil.Amount, []wire.OutPoint, error) {
	f.chosen, f.paid = coins, outs
	return 123, coins, f.err
}

func (f *fakeCoins) SendFrom(_ context.Context, coins []wire.OutPoint, outs []*wire.TxOut, _ wallet.SatPerKWeight, _ int32, _ string) (*wire.MsgTx, error) {
	f.chosen, f.paid = coins, outs
	return wire.NewMsgTx(2), f.err
}

func (f *fakeCoins) SendAllFrom(_ context.Context, coins []wire.OutPoint, script []byte, _ wallet.SatPerKWeight, _ int32, _ string) (*wire.MsgTx, error) {
	f.chosen, f.paid = coins, []*wire.TxOut{wire.NewTxOut(0, script)}
	return wire.NewMsgTx(2), f.err
}

func (f *fakeCoins) Watch(ctx context.Context, each func(wallet.Transaction)) <-chan struct{} {
	f.tell = each
	done := make(chan struct{})
	context.AfterFunc(ctx, func() { close(done) })
	close(f.watched)
	return done
}

func (w *fakeWallet) Transaction(txid chainhash.Hash) (wallet.Transaction, error) {
	for _, t := range w.txs {
		if t.Tx.TxHash() == txid {
			return t, nil
		}
	}
	return wallet.Transaction{}, fmt.Errorf("%w: %v", wallet.ErrNoTransaction, txid)
}
