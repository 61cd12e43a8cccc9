package node

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/wallet"
)

// What the wallet says in its own terms.
type (
	// Bump is a transaction that was made for its parent's sake.
	Bump = wallet.Bump
	// Lease is a coin that is set aside for a caller.
	Lease = wallet.Lease
	// WalletAddress is an address that was derived.
	WalletAddress = wallet.Address
)

// BumpFee asks for an unconfirmed coin to be spent so that its package pays this much.
type BumpFee struct {
	Coin   wire.OutPoint
	Fee    FeeRate
	Budget btcutil.Amount // the most that the child may pay; 0: half of the coin
}

// BumpState is a bump with the height at which it confirmed, 0 if it didn't.
type BumpState struct {
	Bump
	Height int32
}

// BumpFee has the wallet make a child (CPFP), or a better one than it made before. For an output
// of a channel on chain, it has the sweeper pay more for that from now on.
func (n *Node) BumpFee(ctx context.Context, req BumpFee) (Bump, error) {
	if req.Budget < 0 || req.Budget > btcutil.MaxSatoshi {
		return Bump{}, fmt.Errorf("%w: a budget of %d sat", ErrInvalid, int64(req.Budget))
	}
	if b, found, err := n.bumpSweep(ctx, req); found {
		return b, err
	}
	rate, err := n.feeRate(ctx, req.Fee)
	if err != nil {
		return Bump{}, err
	}
	b, err := n.wallet.BumpFee(ctx, wallet.BumpRequest{Coin: req.Coin, Rate: rate, Budget: req.Budget})
	return b, walletError(err)
}

// Bumps lists what BumpFee made, without what was replaced.
func (n *Node) Bumps(context.Context) ([]BumpState, error) {
	found, err := n.wallet.Bumps()
	if err != nil {
		return nil, walletError(err)
	}
	var all []BumpState
	for _, b := range found {
		t, err := n.wallet.Transaction(b.Tx)
		if errors.Is(err, wallet.ErrNoTransaction) {
			continue // something else confirmed in its place
		}
		if err != nil {
			return nil, walletError(err)
		}
		all = append(all, BumpState{Bump: b, Height: t.Height})
	}
	return all, nil
}

// LeaseCoin sets a coin aside until the time that it tells, or prolongs that.
func (n *Node) LeaseCoin(_ context.Context, id [32]byte, coin wire.OutPoint, length time.Duration) (time.Time, error) {
	ends, err := n.wallet.Lease(id, coin, length)
	return ends, walletError(err)
}

// ReleaseCoin ends a lease early.
func (n *Node) ReleaseCoin(_ context.Context, id [32]byte, coin wire.OutPoint) error {
	return walletError(n.wallet.Release(id, coin))
}

// Leases lists the coins that are set aside.
func (n *Node) Leases(context.Context) ([]Lease, error) {
	all, err := n.wallet.Leases()
	return all, walletError(err)
}

// WalletTransaction finds one of the wallet's transactions.
func (n *Node) WalletTransaction(_ context.Context, txid chainhash.Hash) (Transaction, error) {
	t, err := n.wallet.Transaction(txid)
	if err != nil {
		return Transaction{}, walletError(err)
	}
	return n.transaction(&t), nil
}

// LabelTransaction notes what a transaction is for.
func (n *Node) LabelTransaction(_ context.Context, txid chainhash.Hash, label string, overwrite bool) error {
	return walletError(n.wallet.Label(txid, label, overwrite))
}

// PublishTransaction hands a transaction to the network.
func (n *Node) PublishTransaction(ctx context.Context, tx *wire.MsgTx, label string) error {
	return walletError(n.wallet.Publish(ctx, tx, label))
}

// WalletAddresses lists the addresses that were derived.
func (n *Node) WalletAddresses(context.Context) ([]WalletAddress, error) {
	all, err := n.wallet.Addresses()
	return all, walletError(err)
}

// SubscribeTransactions streams the wallet's transactions as they are seen, and again when
// they are in a block. A reader that is too slow is told so by ErrBusy.
func (n *Node) SubscribeTransactions(ctx context.Context) iter.Seq2[Transaction, error] {
	return func(yield func(Transaction, error) bool) {
		var one subscribers[wallet.Transaction] // so that the wallet never waits
		ch, leave, err := one.join()
		if err != nil {
			yield(Transaction{}, err)
			return
		}
		defer leave()
		watch, stop := context.WithCancel(ctx)
		done := n.wallet.Watch(watch, one.tell)
		defer func() { stop(); <-done }()
		left := false
		err = follow(ctx, n.ctx, ch, func(t wallet.Transaction) bool {
			left = !yield(n.transaction(&t), nil)
			return !left
		})
		if err != nil && !left {
			yield(Transaction{}, err)
		}
	}
}
