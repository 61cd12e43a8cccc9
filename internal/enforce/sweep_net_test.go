package enforce_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/chain"
)

// network is a mempool with the rules that nodes have, and the blocks below it. It is a
// Wallet and a FeeEstimator too.
type network struct {
	t       testing.TB
	height  uint32
	outs    map[wire.OutPoint]*wire.TxOut // of blocks, spent ones included
	heights map[wire.OutPoint]uint32
	spent   map[wire.OutPoint]chainhash.Hash // in blocks
	pool    map[chainhash.Hash]*pooled
	away    bool

	fee      func(target uint32) chain.SatPerKWeight
	offered  []*wire.MsgTx // to Publish, in order, whatever became of them
	refusals int
	scripts  int // given out
	purse    map[wire.OutPoint]htlc.Sat
	held     map[wire.OutPoint]wire.OutPoint // coin to owner
	key      *btcec.PrivateKey
	before   func(tx *wire.MsgTx) // a look at what is about to be published
}

type pooled struct {
	tx  *wire.MsgTx
	fee int64
}

func (p *pooled) vsize() int64 { return (bitcoin.Weight(p.tx) + 3) / 4 }

func newNetwork(t testing.TB, height uint32) *network {
	secret := sha256.Sum256([]byte("wallet"))
	key, _ := btcec.PrivKeyFromBytes(secret[:])
	return &network{
		t: t, height: height, key: key,
		outs: make(map[wire.OutPoint]*wire.TxOut), heights: make(map[wire.OutPoint]uint32),
		spent: make(map[wire.OutPoint]chainhash.Hash), pool: make(map[chainhash.Hash]*pooled),
		purse: make(map[wire.OutPoint]htlc.Sat), held: make(map[wire.OutPoint]wire.OutPoint),
		fee: func(uint32) chain.SatPerKWeight { return 1000 },
	}
}

func (n *network) EstimateFee(ctx context.Context, target uint32) (chain.SatPerKWeight, error) {
	return n.fee(target), ctx.Err()
}

func (n *network) SweepScript(context.Context) ([]byte, error) {
	n.scripts++
	h := sha256.Sum256(fmt.Appendf(nil, "sweep %d", n.scripts))
	return append([]byte{txscript.OP_1, 32}, h[:]...), nil
}

func (n *network) walletScript() []byte {
	return append([]byte{txscript.OP_0, 20}, btcutil.Hash160(n.key.PubKey().SerializeCompressed())...)
}

// coin gives the wallet a confirmed coin.
func (n *network) coin(value htlc.Sat) {
	out := wire.OutPoint{Hash: sha256.Sum256(fmt.Appendf(nil, "coin %d", len(n.purse)))}
	n.outs[out], n.heights[out] = &wire.TxOut{Value: int64(value), PkScript: n.walletScript()}, 1
	n.purse[out] = value
}

func (n *network) FeeCoins(owner wire.OutPoint, amount btcutil.Amount, rate chain.SatPerKWeight, most int) ([]bitcoin.FeeInput, error) {
	var all []bitcoin.FeeInput
	var has btcutil.Amount
	for _, mine := range []bool{true, false} { // those that it has come first
		for _, out := range n.coins() {
			owned, taken := n.held[out]
			if _, gone := n.spent[out]; gone || taken != mine || taken && owned != owner || len(all) == most || has >= amount {
				continue
			}
			f := bitcoin.FeeInput{Out: out, Value: n.purse[out], PkScript: n.walletScript(), Witness: 1 + 73 + 34}
			has += btcutil.Amount(f.Value) - btcutil.Amount(int64(rate)*f.Weight()/1000+1)
			all = append(all, f)
		}
	}
	if has < amount {
		return nil, fmt.Errorf("the wallet has no %d sat in %d coins", amount, most)
	}
	for _, f := range all {
		n.held[f.Out] = owner
	}
	return all, nil
}

func (n *network) coins() []wire.OutPoint {
	var outs []wire.OutPoint
	for out := range n.purse {
		outs = append(outs, out)
	}
	slices.SortFunc(outs, func(a, b wire.OutPoint) int { return bytes.Compare(a.Hash[:], b.Hash[:]) })
	return outs
}

func (n *network) ReleaseFeeCoins(owner wire.OutPoint) {
	for coin, by := range n.held {
		if by == owner {
			delete(n.held, coin)
		}
	}
}

func (n *network) SignCoins(tx *wire.MsgTx, coins []bitcoin.FeeInput, prev map[wire.OutPoint]*wire.TxOut) error {
	all := make(map[wire.OutPoint]*wire.TxOut)
	for out, o := range prev {
		all[out] = o
	}
	for _, c := range coins {
		all[c.Out] = &wire.TxOut{Value: int64(c.Value), PkScript: c.PkScript}
	}
	hashes := txscript.NewTxSigHashes(tx, txscript.NewMultiPrevOutFetcher(all))
	for i, in := range tx.TxIn {
		if _, ok := prev[in.PreviousOutPoint]; ok {
			continue
		}
		o := all[in.PreviousOutPoint]
		var err error
		in.Witness, err = txscript.WitnessSignature(tx, hashes, i, o.Value, o.PkScript, txscript.SigHashAll, n.key, true)
		if err != nil {
			return err
		}
	}
	return nil
}

// Publish takes a transaction into the mempool if nodes would.
func (n *network) Publish(_ context.Context, tx *wire.MsgTx, label string) error {
	require.NotEmpty(n.t, label)
	if n.before != nil {
		n.before(tx)
	}
	n.offered = append(n.offered, tx)
	if n.away {
		return chain.ErrUnavailable
	}
	err := n.accept(tx)
	if err != nil {
		n.refusals++
		return fmt.Errorf("%w: %w", chain.ErrRejected, err)
	}
	return nil
}

// accept has the rules: scripts, locks, the least fee, replacement (BIP 125).
func (n *network) accept(tx *wire.MsgTx) error {
	txid := tx.TxHash()
	if _, mined := n.outs[wire.OutPoint{Hash: txid}]; mined || n.pool[txid] != nil {
		return nil
	}
	prev, fee, err := n.inputs(tx)
	if err != nil {
		return err
	}
	require.NoError(n.t, execute(tx, prev), "what is published must be valid")
	require.True(n.t, n.minable(tx), "what is published may be in the next block")
	for _, out := range tx.TxOut {
		require.GreaterOrEqual(n.t, htlc.Sat(out.Value), bitcoin.Dust(out.PkScript))
		fee -= out.Value
	}
	p := &pooled{tx, fee}
	if fee < p.vsize() {
		return fmt.Errorf("%w: %d sat for %d vbytes", chain.ErrFeeTooLow, fee, p.vsize())
	}
	evicted := n.evicted(tx)
	var sum int64
	for _, old := range evicted {
		sum += old.fee
		if fee*old.vsize() <= old.fee*p.vsize() {
			return fmt.Errorf("%w: its rate is not above that of %v", chain.ErrConflict, old.tx.TxHash())
		}
	}
	if len(evicted) > 100 || len(evicted) > 0 && fee < sum+p.vsize() {
		return fmt.Errorf("%w: %d sat to replace %d with %d", chain.ErrConflict, fee, len(evicted), sum)
	}
	for id := range evicted {
		delete(n.pool, id)
	}
	n.pool[txid] = p
	return nil
}

// inputs finds what a transaction spends, in blocks or in the mempool.
func (n *network) inputs(tx *wire.MsgTx) (prev map[wire.OutPoint]*wire.TxOut, sum int64, err error) {
	prev = make(map[wire.OutPoint]*wire.TxOut)
	for _, in := range tx.TxIn {
		at := in.PreviousOutPoint
		out := n.outs[at]
		if p := n.pool[at.Hash]; p != nil && int(at.Index) < len(p.tx.TxOut) {
			out = p.tx.TxOut[at.Index]
		}
		if _, gone := n.spent[at]; gone || out == nil {
			return nil, 0, fmt.Errorf("%w: %v", chain.ErrMissingInputs, at)
		}
		prev[at] = out
		sum += out.Value
	}
	return prev, sum, nil
}

// evicted are the transactions that one conflicts with, and what descends from them.
func (n *network) evicted(tx *wire.MsgTx) map[chainhash.Hash]*pooled {
	out := make(map[chainhash.Hash]*pooled)
	for id, p := range n.pool {
		for _, in := range p.tx.TxIn {
			for _, mine := range tx.TxIn {
				if mine.PreviousOutPoint == in.PreviousOutPoint {
					out[id] = p
				}
			}
		}
	}
	for grown := true; grown; {
		grown = false
		for id, p := range n.pool {
			for _, in := range p.tx.TxIn {
				if out[in.PreviousOutPoint.Hash] != nil && out[id] == nil {
					out[id], grown = p, true
				}
			}
		}
	}
	return out
}

func execute(tx *wire.MsgTx, prev map[wire.OutPoint]*wire.TxOut) error {
	fetch := txscript.NewMultiPrevOutFetcher(prev)
	hashes := txscript.NewTxSigHashes(tx, fetch)
	for i, in := range tx.TxIn {
		out := prev[in.PreviousOutPoint]
		vm, err := txscript.NewEngine(out.PkScript, tx, i, txscript.StandardVerifyFlags, nil, hashes, out.Value, fetch)
		if err != nil {
			return err
		}
		if err := vm.Execute(); err != nil {
			return fmt.Errorf("input %d: %w", i, err)
		}
	}
	return nil
}

// minable is whether the next block may hold a transaction: nLockTime and BIP 68.
func (n *network) minable(tx *wire.MsgTx) bool {
	at := n.height + 1
	for _, in := range tx.TxIn {
		born, ok := n.heights[in.PreviousOutPoint]
		if !ok {
			born = at
		}
		if in.Sequence&wire.SequenceLockTimeDisabled == 0 && at < born+in.Sequence&wire.SequenceLockTimeMask {
			return false
		}
	}
	return tx.LockTime == 0 || tx.LockTime >= txscript.LockTimeThreshold || tx.LockTime < at
}

// confirm puts transactions into a block, whoever made them.
func (n *network) confirm(txs ...*wire.MsgTx) {
	n.height++
	for _, tx := range txs {
		for id := range n.evicted(tx) {
			if id != tx.TxHash() {
				delete(n.pool, id)
			}
		}
		delete(n.pool, tx.TxHash())
		for _, in := range tx.TxIn {
			n.spent[in.PreviousOutPoint] = tx.TxHash()
		}
		n.put(tx)
	}
}

// undo takes a transaction out of its block.
func (n *network) undo(tx *wire.MsgTx) {
	for _, in := range tx.TxIn {
		delete(n.spent, in.PreviousOutPoint)
	}
	for i := range tx.TxOut {
		at := wire.OutPoint{Hash: tx.TxHash(), Index: uint32(i)}
		delete(n.outs, at)
		delete(n.heights, at)
	}
}

// put adds a transaction's outputs at the tip.
func (n *network) put(tx *wire.MsgTx) {
	for i, out := range tx.TxOut {
		at := wire.OutPoint{Hash: tx.TxHash(), Index: uint32(i)}
		n.outs[at], n.heights[at] = out, n.height
	}
}

// steal has a stranger's transaction that spends an output replace what is in the mempool,
// for a fee.
func (n *network) steal(at wire.OutPoint, fee int64) *wire.MsgTx {
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(wire.NewTxIn(&at, nil, nil))
	tx.AddTxOut(wire.NewTxOut(n.outs[at].Value, []byte{txscript.OP_TRUE}))
	for id := range n.evicted(tx) {
		delete(n.pool, id)
	}
	n.pool[tx.TxHash()] = &pooled{tx, fee}
	return tx
}

// spender is what in the mempool spends an output, nil if nothing does.
func (n *network) spender(at wire.OutPoint) *pooled {
	for _, p := range n.pool {
		for _, in := range p.tx.TxIn {
			if in.PreviousOutPoint == at {
				return p
			}
		}
	}
	return nil
}
