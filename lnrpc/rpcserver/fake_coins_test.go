package rpcserver

import (
	"context"
	"iter"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/node"
)

// fakeCoins is what a fakeNode answers of the wallet's coins, and what it was asked.
type fakeCoins struct {
	bumps     []node.BumpState
	bump      node.Bump
	gotBump   node.BumpFee
	leases    []node.Lease
	gotLease  time.Duration
	gotCoin   wire.OutPoint
	gotMany   node.SendMany
	gotSend   node.SendCoins
	addresses []node.WalletAddress
	published *wire.MsgTx
	labelled  string
	gotAfter  *node.Block
	gotConf   node.ConfWatch
	gotSpend  node.SpendWatch
	confs     []node.ConfEvent
	spends    []node.SpendEvent
}

func (f *fakeNode) Confirmations(_ context.Context, w node.ConfWatch) iter.Seq2[node.ConfEvent, error] {
	f.gotConf = w
	return all(f.confs, f.err)
}

func (f *fakeNode) Spends(_ context.Context, w node.SpendWatch) iter.Seq2[node.SpendEvent, error] {
	f.gotSpend = w
	return all(f.spends, f.err)
}

func (f *fakeNode) BumpFee(_ context.Context, r node.BumpFee) (node.Bump, error) {
	f.gotBump = r
	return f.bump, f.err
}

func (f *fakeNode) Bumps(context.Context) ([]node.BumpState, error) { return f.bumps, f.err }

func (f *fakeNode) LeaseCoin(_ context.Context, _ [32]byte, coin wire.OutPoint, length time.Duration) (time.Time, error) {
	f.gotCoin, f.gotLease = coin, length
	return time.Unix(1000, 0), f.err
}

func (f *fakeNode) ReleaseCoin(_ context.Context, _ [32]byte, coin wire.OutPoint) error {
	f.gotCoin = coin
	return f.err
}

func (f *fakeNode) Leases(context.Context) ([]node.Lease, error) { return f.leases, f.err }

func (f *fakeNode) SendCoins(_ context.Context, r node.SendCoins) (chainhash.Hash, error) {
	f.gotSend = r
	return chainhash.Hash{1}, f.err
}

func (f *fakeNode) SendMany(_ context.Context, r node.SendMany) (chainhash.Hash, error) {
	f.gotMany = r
	return chainhash.Hash{1}, f.err
}

func (f *fakeNode) EstimateSend(_ context.Context, r node.SendMany) (node.SendEstimate, error) {
	f.gotMany = r
	return node.SendEstimate{Fee: 300, SatPerVByte: 2, Coins: []wire.OutPoint{{Index: 3}}}, f.err
}

func (f *fakeNode) WalletTransaction(_ context.Context, txid chainhash.Hash) (node.Transaction, error) {
	for _, t := range f.txs {
		if t.Tx.TxHash() == txid {
			return t, nil
		}
	}
	return node.Transaction{}, node.ErrNotFound
}

func (f *fakeNode) LabelTransaction(_ context.Context, _ chainhash.Hash, label string, _ bool) error {
	f.labelled = label
	return f.err
}

func (f *fakeNode) PublishTransaction(_ context.Context, tx *wire.MsgTx, _ string) error {
	f.published = tx
	return f.err
}

func (f *fakeNode) SubscribeTransactions(context.Context) iter.Seq2[node.Transaction, error] {
	return all(f.txs, f.err)
}

func (f *fakeNode) WalletAddresses(context.Context) ([]node.WalletAddress, error) {
	return f.addresses, f.err
}
