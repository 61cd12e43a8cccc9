package wallet

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/mempool"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/btcsuite/btcwallet/wallet/txsizes"
	"github.com/btcsuite/btcwallet/walletdb"
	"github.com/btcsuite/btcwallet/wtxmgr"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwallet/chainfee"
)

// BumpRequest asks for an unconfirmed coin of ours to be spent by a child that pays for
// itself and for what it descends from (CPFP).
type BumpRequest struct {
	Coin   wire.OutPoint
	Rate   SatPerKWeight  // of the package
	Budget btcutil.Amount // the most that the child may pay; 0: half of the coin
}

// Bump is a child that was made for its parent's sake.
type Bump struct {
	Tx       chainhash.Hash
	Coin     wire.OutPoint
	Amount   btcutil.Amount // of the coin
	Kind     AddressKind    // of the coin
	Rate     SatPerKWeight  // that was asked for
	Fee      btcutil.Amount
	Budget   btcutil.Amount
	Attempts uint32 // children so far, this one included
}

// maxAncestors is how many unconfirmed transactions a mempool lets one descend from.
const maxAncestors = 25

// maxSpare is how many further coins a child may spend to pay its fee.
const maxSpare = 20

// relayRate is what a replacement pays for itself, on top of what it replaces (BIP 125).
const relayRate = chainfee.FeePerKwFloor

// BumpFee makes and publishes the child, which returns to the wallet what it doesn't pay.
// If the coin has such a child already, a better one replaces it.
func (w *Wallet) BumpFee(ctx context.Context, req BumpRequest) (Bump, error) {
	if err := checkRate(req.Rate); err != nil {
		return Bump{}, err
	}
	if _, err := w.online(); err != nil {
		return Bump{}, err
	}
	addr, err := w.NewAddress(ctx, P2TR)
	if err != nil {
		return Bump{}, err
	}
	script, err := txscript.PayToAddrScript(addr)
	if err != nil {
		return Bump{}, fmt.Errorf("wallet: bump: %w", err)
	}
	w.coins.Lock()
	defer w.coins.Unlock()
	coin, old, err := w.toBump(req.Coin)
	if err != nil {
		return Bump{}, err
	}
	b := Bump{Coin: req.Coin, Amount: coin.Amount, Kind: coin.Kind, Rate: req.Rate, Budget: req.Budget, Attempts: 1}
	if b.Budget == 0 {
		b.Budget = coin.Amount / 2
	}
	if old != nil {
		b.Attempts += old.Attempts
	}
	tx, err := w.child(&b, coin, old, script)
	if err != nil {
		return Bump{}, err
	}
	b.Tx = tx.TxHash()
	return b, w.publishBump(ctx, tx, &b, old)
}

// toBump finds the coin, and the child that spends it if BumpFee made that.
func (w *Wallet) toBump(at wire.OutPoint) (coin Coin, old *Bump, err error) {
	parent, err := w.Transaction(at.Hash)
	if err != nil {
		return coin, nil, err
	}
	if parent.Height > 0 {
		return coin, nil, fmt.Errorf("%w: unable to bump fee of a confirmed transaction: %v is in block %d",
			ErrNothingToBump, at.Hash, parent.Height)
	}
	if !parent.Ours[at.Index] {
		return coin, nil, fmt.Errorf("%w: output %v is not the wallet's", ErrNothingToBump, at)
	}
	out := parent.Tx.TxOut[at.Index]
	coin, ok := w.coin(wtxmgr.Credit{
		OutPoint: at, Amount: btcutil.Amount(out.Value), PkScript: out.PkScript, BlockMeta: wtxmgr.BlockMeta{Block: wtxmgr.Block{Height: -1}},
	}, 0)
	if !ok || coin.Locked {
		return coin, nil, fmt.Errorf("%w: output %v is set aside or of an unknown kind", ErrNothingToBump, at)
	}
	bumps, err := w.Bumps()
	if err != nil {
		return coin, nil, err
	}
	if i := slices.IndexFunc(bumps, func(b Bump) bool { return b.Coin == at }); i >= 0 {
		old = &bumps[i]
		if there, err := w.replaceable(old); there || err != nil {
			return coin, old, err
		}
	}
	free, err := w.all()
	if err != nil {
		return coin, nil, err
	}
	if !slices.ContainsFunc(free, func(c Coin) bool { return c.Outpoint == at && !c.Locked }) {
		return coin, nil, fmt.Errorf("%w: output %v is spent or set aside", ErrNothingToBump, at)
	}
	return coin, old, nil
}

// replaceable says whether a child is there to be replaced; it isn't if the network refused it later.
// With one whose change was spent, that payment would go.
func (w *Wallet) replaceable(old *Bump) (there bool, err error) {
	err = walletdb.View(w.db, func(tx walletdb.ReadTx) error {
		details, err := w.w.TxStore.TxDetails(tx.ReadBucket(txBucket), &old.Tx)
		if err != nil || details == nil {
			return err
		}
		there = true
		for _, c := range details.Credits {
			if c.Spent {
				return fmt.Errorf("%w: output %d of %v, which bumps %v already, is spent; bump what spends it",
					ErrNothingToBump, c.Index, old.Tx, old.Coin)
			}
		}
		return nil
	})
	return there, err
}

// child builds and signs the transaction, and notes its fee. It spends other confirmed coins
// too where the coin alone can't pay.
func (w *Wallet) child(b *Bump, coin Coin, old *Bump, script []byte) (*wire.MsgTx, error) {
	lack, err := w.lack(coin.Outpoint.Hash, b.Rate)
	if err != nil {
		return nil, err
	}
	spare, err := w.ListUnspent(1, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	least, err := w.leastFee(old)
	if err != nil {
		return nil, err
	}
	tx := wire.NewMsgTx(2)
	tx.AddTxOut(wire.NewTxOut(0, script))
	prev := map[wire.OutPoint]*wire.TxOut{}
	var total btcutil.Amount
	var count [2]int // of either kind
	for next := coin; ; spare = spare[1:] {
		in := wire.NewTxIn(&next.Outpoint, nil, nil)
		in.Sequence = mempool.MaxRBFSequence // it may be replaced
		tx.AddTxIn(in)
		prev[next.Outpoint] = wire.NewTxOut(int64(next.Amount), next.Script)
		total += next.Amount
		count[next.Kind]++
		size := lntypes.VByte(txsizes.EstimateVirtualSize(0, count[P2TR], count[P2WKH], 0, tx.TxOut, 0))
		b.Fee = max(b.Rate.FeeForVByte(size)+lack, least+relayRate.FeeForVByte(size))
		if b.Fee > b.Budget {
			return nil, fmt.Errorf("%w: the child must pay %v for %d sat/vbyte, %v of it for what it descends from; "+
				"its budget is %v", ErrBudget, b.Fee, b.Rate.FeePerVByte(), lack, b.Budget)
		}
		tx.TxOut[0].Value = int64(total - b.Fee)
		if checkOutputs(tx.TxOut) == nil {
			break
		}
		if len(spare) == 0 || len(tx.TxIn) > maxSpare {
			return nil, fmt.Errorf("%w: a fee of %v, %v in %d coins", ErrInsufficientFunds, b.Fee, total, len(tx.TxIn))
		}
		next = spare[0]
	}
	return tx, w.sign(tx, prev)
}

// lack is what a transaction and its unconfirmed ancestors pay less than a rate asks of them.
// Those that pay more are no help: they confirm before it. Of one that others paid for too
// the fee isn't known; it pays at least what is relayed.
func (w *Wallet) lack(of chainhash.Hash, rate SatPerKWeight) (btcutil.Amount, error) {
	var lack btcutil.Amount
	seen := map[chainhash.Hash]bool{of: true}
	for queue := []chainhash.Hash{of}; len(queue) > 0; queue = queue[1:] {
		t, err := w.Transaction(queue[0])
		if isUnknown(err) || err == nil && t.Height > 0 {
			continue // not the wallet's, which is in a block as far as it knows
		}
		if err != nil {
			return 0, err
		}
		if len(seen) > maxAncestors {
			return 0, fmt.Errorf("%w: %v has more than %d unconfirmed ancestors", ErrNothingToBump, of, maxAncestors)
		}
		size := lntypes.VByte(mempool.GetTxVirtualSize(btcutil.NewTx(t.Tx)))
		paid := t.Fee
		if paid == 0 {
			paid = relayRate.FeeForVByte(size)
		}
		lack += max(rate.FeeForVByte(size)-paid, 0)
		for _, in := range t.Tx.TxIn {
			if h := in.PreviousOutPoint.Hash; !seen[h] {
				seen[h] = true
				queue = append(queue, h)
			}
		}
	}
	return lack, nil
}

// leastFee is what a replacement must pay more than, 0 where there is nothing to replace.
func (w *Wallet) leastFee(old *Bump) (btcutil.Amount, error) {
	if old == nil {
		return 0, nil
	}
	t, err := w.Transaction(old.Tx)
	if isUnknown(err) {
		return 0, nil
	}
	if err == nil && t.Height > 0 {
		err = fmt.Errorf("%w: %v is bumped by %v, which is in block %d", ErrNothingToBump, old.Coin, old.Tx, t.Height)
	}
	return old.Fee, err
}

// publishBump publishes a child; the one that it replaces is forgotten after that.
func (w *Wallet) publishBump(ctx context.Context, tx *wire.MsgTx, b, old *Bump) error {
	if err := w.publish(ctx, tx, "fee bump of "+b.Coin.String()); err != nil {
		return err
	}
	return walletdb.Update(w.db, func(dbtx walletdb.ReadWriteTx) error {
		if old != nil {
			if err := w.forget(dbtx, old.Tx); err != nil {
				return fmt.Errorf("wallet: bump: %w", err)
			}
		}
		return putBump(dbtx, b, old)
	})
}

// forget removes a transaction in no block, and what descends from it.
func (w *Wallet) forget(dbtx walletdb.ReadWriteTx, txid chainhash.Hash) error {
	ns := dbtx.ReadWriteBucket(txBucket)
	details, err := w.w.TxStore.TxDetails(ns, &txid)
	if err != nil || details == nil || details.Block.Height != -1 {
		return err
	}
	return w.w.TxStore.RemoveUnminedTx(ns, &details.TxRecord)
}
