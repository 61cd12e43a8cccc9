package wallet

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/btcsuite/btcwallet/walletdb"
	"github.com/btcsuite/btcwallet/wtxmgr"
	"github.com/lightningnetwork/lnd/lntypes"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
)

// Weight units of a witness with SIGHASH_ALL and its signature at its longest.
const (
	p2wkhWitness = 1 + 1 + 72 + 1 + 33
	p2trWitness  = 1 + 1 + 65
	inputWeight  = 4 * (36 + 1 + 4) // of an input without its witness
)

// SweepScript is a new script of the wallet's, BIP 86.
func (w *Wallet) SweepScript(ctx context.Context) ([]byte, error) {
	addr, err := w.NewAddress(ctx, P2TR)
	if err != nil {
		return nil, err
	}
	return txscript.PayToAddrScript(addr)
}

// FeeCoins gives confirmed coins that hold at least an amount above what spending them costs at a
// rate, at most so many of them, and sets them aside for owner until ReleaseFeeCoins. The same ones
// come again as long as they suffice and are in no block spent, so that what spends them replaces
// what spent them before; where they don't suffice, others join them. After a restart
// an unconfirmed transaction that spends the output owner says which they were. The reserve may be
// taken. ErrInsufficientFunds if there aren't enough.
func (w *Wallet) FeeCoins(owner wire.OutPoint, amount btcutil.Amount, rate SatPerKWeight, most int) (
	[]bitcoin.FeeInput, error) {

	w.coins.Lock()
	defer w.coins.Unlock()
	held, err := w.held(owner)
	if err != nil {
		return nil, err
	}
	free, err := w.ListUnspent(1, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	chosen, ok := enough(held, free, amount, rate, most)
	if !ok {
		var there btcutil.Amount
		for _, c := range slices.Concat(held, free) {
			there += worth(c, rate)
		}
		return nil, fmt.Errorf("%w: %v for fees in at most %d coins at %d sat/kw, there is %v in %d confirmed ones",
			ErrInsufficientFunds, amount, most, rate, there, len(held)+len(free))
	}
	w.hold(owner, chosen)
	all := make([]bitcoin.FeeInput, len(chosen))
	for i, c := range chosen {
		all[i] = bitcoin.FeeInput{Out: c.Outpoint, Value: htlc.Sat(c.Amount), PkScript: c.Script, Witness: witness(c)}
	}
	return all, nil
}

// ReleaseFeeCoins frees the coins of an owner, if it has any.
func (w *Wallet) ReleaseFeeCoins(owner wire.OutPoint) {
	w.coins.Lock()
	defer w.coins.Unlock()
	w.hold(owner, nil)
}

// hold makes these the coins of an owner. The caller holds w.coins.
func (w *Wallet) hold(owner wire.OutPoint, coins []Coin) {
	for _, c := range w.fees[owner] {
		w.w.UnlockOutpoint(c.Outpoint)
	}
	delete(w.fees, owner)
	if len(coins) == 0 {
		return
	}
	if w.fees == nil {
		w.fees = make(map[wire.OutPoint][]Coin) // of coins of the wallet, each once
	}
	w.fees[owner] = coins
	for _, c := range coins {
		w.w.LockOutpoint(c.Outpoint)
	}
}

// held are the coins of an owner that no block has seen spent. The caller holds w.coins.
func (w *Wallet) held(owner wire.OutPoint) ([]Coin, error) {
	held, known := w.fees[owner]
	var spent []Coin
	err := walletdb.View(w.db, func(tx walletdb.ReadTx) error {
		ns := tx.ReadBucket(txBucket)
		if !known {
			var err error
			if held, err = w.spentWith(ns, owner); err != nil || len(held) == 0 {
				return err
			}
		}
		alive, err := w.w.TxStore.OutputsToWatch(ns)
		if err != nil {
			return err
		}
		held, spent = split(held, func(c Coin) bool {
			return slices.ContainsFunc(alive, func(a wtxmgr.Credit) bool { return a.OutPoint == c.Outpoint })
		})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("wallet: fee coins: %w", err)
	}
	for _, c := range spent {
		w.w.UnlockOutpoint(c.Outpoint)
	}
	return held, nil
}

func split(coins []Coin, is func(Coin) bool) (yes, no []Coin) {
	for _, c := range coins {
		if is(c) {
			yes = append(yes, c)
		} else {
			no = append(no, c)
		}
	}
	return yes, no
}

// spentWith are the wallet's confirmed coins that an unconfirmed transaction spends beside an output.
func (w *Wallet) spentWith(ns walletdb.ReadBucket, out wire.OutPoint) ([]Coin, error) {
	txs, err := w.w.TxStore.UnminedTxs(ns)
	if err != nil {
		return nil, err
	}
	var coins []Coin
	for _, tx := range txs {
		ins := inputs(tx)
		if !slices.Contains(ins, out) {
			continue
		}
		for _, in := range ins {
			details, err := w.w.TxStore.TxDetails(ns, &in.Hash)
			if err != nil {
				return nil, err
			}
			if details == nil || details.Block.Height < 0 ||
				!slices.ContainsFunc(details.Credits, func(c wtxmgr.CreditRecord) bool { return c.Index == in.Index }) {
				continue
			}
			o := details.MsgTx.TxOut[in.Index]
			coin, ok := w.coin(wtxmgr.Credit{
				OutPoint: in, BlockMeta: details.Block, Amount: btcutil.Amount(o.Value), PkScript: o.PkScript,
			}, w.w.Manager.SyncedTo().Height)
			if ok && !coin.Locked {
				coins = append(coins, coin)
			}
		}
		return coins, nil
	}
	return nil, nil
}

// enough chooses coins worth an amount: those held, then the smallest free one that does it, or
// else the largest.
func enough(held, free []Coin, amount btcutil.Amount, rate SatPerKWeight, most int) ([]Coin, bool) {
	chosen := slices.Clone(held)
	var sum btcutil.Amount
	for _, c := range chosen {
		sum += worth(c, rate)
	}
	for len(chosen) <= most {
		if len(chosen) > 0 && sum >= amount {
			return chosen, true
		}
		next := -1
		for i, c := range free { // the largest first
			if worth(c, rate) > 0 && (next < 0 || sum+worth(c, rate) >= amount) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		sum += worth(free[next], rate)
		chosen = append(chosen, free[next])
		free = slices.Delete(slices.Clone(free), next, next+1)
	}
	if len(held) > 0 { // they are too many, or too small by now
		return enough(nil, byAmount(held, free), amount, rate, most)
	}
	return nil, false
}

func byAmount(held, free []Coin) []Coin {
	all := slices.Concat(held, free)
	slices.SortStableFunc(all, func(a, b Coin) int { return int(b.Amount - a.Amount) })
	return all
}

// worth is a coin's amount less what spending it costs.
func worth(c Coin, rate SatPerKWeight) btcutil.Amount {
	return c.Amount - rate.FeeForWeight(lntypes.WeightUnit(inputWeight+witness(c)))
}

func witness(c Coin) int64 {
	if c.Kind == P2TR {
		return p2trWitness
	}
	return p2wkhWitness
}

// SignCoins signs the inputs that spend these coins, with SIGHASH_ALL; prev says what the others
// spend, which signatures of taproot cover too.
func (w *Wallet) SignCoins(tx *wire.MsgTx, coins []bitcoin.FeeInput, prev map[wire.OutPoint]*wire.TxOut) error {
	spent := make(map[wire.OutPoint]*wire.TxOut, len(tx.TxIn))
	ours := make(map[wire.OutPoint]bool, len(coins))
	for _, in := range tx.TxIn {
		spent[in.PreviousOutPoint] = prev[in.PreviousOutPoint]
	}
	for _, c := range coins {
		spent[c.Out], ours[c.Out] = wire.NewTxOut(int64(c.Value), c.PkScript), true
	}
	for i, in := range tx.TxIn {
		if spent[in.PreviousOutPoint] == nil {
			return fmt.Errorf("wallet: sign fee coins: nobody says what input %d spends, %v", i, in.PreviousOutPoint)
		}
	}
	hashes := txscript.NewTxSigHashes(tx, txscript.NewMultiPrevOutFetcher(spent))
	for i, in := range tx.TxIn {
		out := spent[in.PreviousOutPoint]
		if !ours[in.PreviousOutPoint] {
			continue
		}
		delete(ours, in.PreviousOutPoint)
		witness, _, err := w.w.ComputeInputScript(tx, out, i, hashes, txscript.SigHashAll, nil)
		if err != nil {
			return fmt.Errorf("wallet: sign fee coin %v: %w", in.PreviousOutPoint, err)
		}
		in.Witness = witness
	}
	if len(ours) > 0 {
		return fmt.Errorf("%w: %d of %d fee coins aren't spent by transaction %v", ErrNoCoin, len(ours), len(coins), tx.TxHash())
	}
	return nil
}

// forgetReplaced removes what the network can't have any more now that it took a transaction which
// spends the same.
func (w *Wallet) forgetReplaced(tx *wire.MsgTx) {
	err := walletdb.Update(w.db, func(dbtx walletdb.ReadWriteTx) error {
		unmined, err := w.w.TxStore.UnminedTxs(dbtx.ReadBucket(txBucket))
		if err != nil {
			return err
		}
		ins := inputs(tx)
		var all error
		for _, other := range unmined {
			if id := other.TxHash(); id != tx.TxHash() &&
				slices.ContainsFunc(inputs(other), func(o wire.OutPoint) bool { return slices.Contains(ins, o) }) {
				all = errors.Join(all, w.forget(dbtx, id))
			}
		}
		return all
	})
	if err != nil {
		w.log.Warn("what a transaction replaces is still listed as unconfirmed", "txid", tx.TxHash(), "err", err)
	}
}
