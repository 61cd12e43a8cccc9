package wallet

import (
	"context"
	"fmt"
	"sort"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/btcsuite/btcwallet/waddrmgr"
	"github.com/btcsuite/btcwallet/wallet"
	"github.com/btcsuite/btcwallet/walletdb"
	"github.com/btcsuite/btcwallet/wtxmgr"
)

// AddressKind is the script that an address pays to.
type AddressKind uint8

// The kinds of addresses.
const (
	P2WKH AddressKind = iota // BIP 84
	P2TR                     // BIP 86
)

func (k AddressKind) scope() (waddrmgr.KeyScope, error) {
	switch k {
	case P2WKH:
		return waddrmgr.KeyScopeBIP0084, nil
	case P2TR:
		return waddrmgr.KeyScopeBIP0086, nil
	}
	return waddrmgr.KeyScope{}, fmt.Errorf("%w: %d", ErrAddressKind, k)
}

// NewAddress derives the next address; it needs no connection.
func (w *Wallet) NewAddress(ctx context.Context, kind AddressKind) (btcutil.Address, error) {
	scope, err := kind.scope()
	if err != nil {
		return nil, err
	}
	manager, err := w.w.Manager.FetchScopedKeyManager(scope)
	if err != nil {
		return nil, fmt.Errorf("wallet: address: %w", err)
	}
	addr, err := w.next(manager)
	if err != nil {
		return nil, err
	}
	w.listen(ctx, addr)
	return addr, nil
}

// next is exclusive with what makes change addresses: btcwallet's count of addresses follows
// the commit of the database by some moments.
func (w *Wallet) next(manager *waddrmgr.ScopedKeyManager) (btcutil.Address, error) {
	w.coins.Lock()
	defer w.coins.Unlock()
	var addr btcutil.Address
	err := walletdb.Update(w.db, func(tx walletdb.ReadWriteTx) error {
		next, err := manager.NextExternalAddresses(
			tx.ReadWriteBucket(addrBucket), waddrmgr.DefaultAccountNum, 1)
		if err != nil {
			return err
		}
		addr = next[0].Address()
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("wallet: address: %w", err)
	}
	return addr, nil
}

// IsOurs says whether an address is the wallet's.
func (w *Wallet) IsOurs(addr btcutil.Address) (bool, error) {
	ours, err := w.w.HaveAddress(addr)
	if err != nil {
		return false, fmt.Errorf("wallet: address: %w", err)
	}
	return ours, nil
}

// Coin is an unspent output that the wallet can sign for.
type Coin struct {
	Outpoint      wire.OutPoint
	Amount        btcutil.Amount
	Script        []byte
	Address       btcutil.Address
	Kind          AddressKind
	Confirmations int32 // 0: in no block
	Coinbase      bool
	Mature        bool // false for a coinbase that can't be spent yet
	Locked        bool // set aside for a transaction that is being made
}

// all lists every coin, the largest first.
func (w *Wallet) all() ([]Coin, error) {
	var credits []wtxmgr.Credit
	err := walletdb.View(w.db, func(tx walletdb.ReadTx) error {
		var err error
		credits, err = w.w.TxStore.UnspentOutputs(tx.ReadBucket(txBucket))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("wallet: coins: %w", err)
	}
	tip := w.w.Manager.SyncedTo().Height
	coins := make([]Coin, 0, len(credits))
	for _, c := range credits {
		if coin, ok := w.coin(c, tip); ok {
			coins = append(coins, coin)
		}
	}
	sort.Slice(coins, func(i, j int) bool {
		a, b := &coins[i], &coins[j]
		if a.Amount != b.Amount {
			return a.Amount > b.Amount
		}
		return a.Outpoint.String() < b.Outpoint.String()
	})
	return coins, nil
}

// coin reads a credit; ok is false for scripts that we never hand out.
func (w *Wallet) coin(c wtxmgr.Credit, tip int32) (coin Coin, ok bool) {
	coin = Coin{
		Outpoint: c.OutPoint, Amount: c.Amount, Script: c.PkScript,
		Coinbase: c.FromCoinBase, Mature: true, Locked: w.w.LockedOutpoint(c.OutPoint),
	}
	switch {
	case txscript.IsPayToWitnessPubKeyHash(c.PkScript):
		coin.Kind = P2WKH
	case txscript.IsPayToTaproot(c.PkScript):
		coin.Kind = P2TR
	default:
		return Coin{}, false
	}
	_, addrs, _, err := txscript.ExtractPkScriptAddrs(c.PkScript, w.params)
	if err != nil || len(addrs) != 1 {
		return Coin{}, false
	}
	coin.Address = addrs[0]
	if c.Height >= 0 && c.Height <= tip {
		coin.Confirmations = tip - c.Height + 1
	}
	if c.FromCoinBase {
		coin.Mature = coin.Confirmations >= int32(w.params.CoinbaseMaturity)
	}
	return coin, true
}

// Balance sums up coins. Every coin is in exactly one of the four.
type Balance struct {
	Confirmed   btcutil.Amount // with the confirmations asked for, free to spend
	Unconfirmed btcutil.Amount // with fewer
	Immature    btcutil.Amount // of young coinbases
	Locked      btcutil.Amount // set aside for a transaction that is being made
}

// Balance tells what there is; minConfs (at least 1) is what counts as confirmed.
func (w *Wallet) Balance(minConfs int32) (Balance, error) {
	coins, err := w.all()
	if err != nil {
		return Balance{}, err
	}
	var b Balance
	for _, c := range coins {
		switch {
		case c.Locked:
			b.Locked += c.Amount
		case !c.Mature:
			b.Immature += c.Amount
		case c.Confirmations >= max(minConfs, 1):
			b.Confirmed += c.Amount
		default:
			b.Unconfirmed += c.Amount
		}
	}
	return b, nil
}

// ListUnspent lists the coins with so many confirmations that are free to spend, the largest
// first. minConfs 0 includes what is in no block.
func (w *Wallet) ListUnspent(minConfs, maxConfs int32) ([]Coin, error) {
	coins, err := w.all()
	if err != nil {
		return nil, err
	}
	free := coins[:0]
	for _, c := range coins {
		if !c.Locked && c.Mature && c.Confirmations >= minConfs && c.Confirmations <= maxConfs {
			free = append(free, c)
		}
	}
	return free, nil
}

// Transaction is one that pays to or from the wallet.
type Transaction struct {
	Tx            *wire.MsgTx
	Amount        btcutil.Amount // what the wallet gained; negative: lost, fee included
	Fee           btcutil.Amount // 0 if others paid inputs too
	Height        int32          // 0: in no block
	BlockHash     chainhash.Hash
	Confirmations int32
	Time          time.Time // of the block, else when it was seen
	Label         string
	Ours          map[uint32]bool // outputs that are the wallet's
	Spends        map[uint32]bool // inputs that spend the wallet's coins
}

// Transactions lists those in blocks of the given heights, both included, oldest first; with
// unconfirmed also those in no block, last.
func (w *Wallet) Transactions(from, to int32, unconfirmed bool) ([]Transaction, error) {
	stop := wallet.NewBlockIdentifierFromHeight(to)
	if unconfirmed {
		stop = wallet.NewBlockIdentifierFromHeight(-1)
	}
	found, err := w.w.GetTransactions(wallet.NewBlockIdentifierFromHeight(max(from, 0)), stop, "", nil)
	if err != nil {
		return nil, fmt.Errorf("wallet: transactions: %w", err)
	}
	tip := w.w.Manager.SyncedTo().Height
	var list []Transaction
	for _, block := range found.MinedTransactions {
		if block.Height > to {
			continue
		}
		for _, s := range block.Transactions {
			t := readTransaction(s)
			t.Height, t.BlockHash = block.Height, *block.Hash
			t.Time = time.Unix(block.Timestamp, 0)
			t.Confirmations = max(tip-block.Height+1, 1)
			list = append(list, t)
		}
	}
	for _, s := range found.UnminedTransactions {
		list = append(list, readTransaction(s))
	}
	return list, nil
}

func readTransaction(s wallet.TransactionSummary) Transaction {
	t := Transaction{
		Tx: s.Tx, Fee: s.Fee, Time: time.Unix(s.Timestamp, 0), Label: s.Label,
		Ours: make(map[uint32]bool, len(s.MyOutputs)), Spends: make(map[uint32]bool, len(s.MyInputs)),
	}
	for _, in := range s.MyInputs {
		t.Spends[in.Index] = true
		t.Amount -= in.PreviousAmount
	}
	for _, out := range s.MyOutputs {
		t.Ours[out.Index] = true
		if int(out.Index) < len(s.Tx.TxOut) {
			t.Amount += btcutil.Amount(s.Tx.TxOut[out.Index].Value)
		}
	}
	return t
}
