package chaintest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/btcsuite/btcd/blockchain"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/chain"
)

// NewStrict is New with a mempool that refuses what a node would refuse: an input that is
// spent or not there, a script that fails, a lock that isn't over, a fee below the relay
// minimum, a replacement that doesn't pay for itself. A coin of a transaction that was never
// seen here comes from elsewhere and is believed, its script and value aside.
func NewStrict(t testing.TB) *Fake {
	f := New(t)
	f.source.mu.Lock()
	defer f.source.mu.Unlock()
	f.source.strict = true
	return f
}

// ReorgKeeping replaces the last blocks by as many and one more; what was in them waits for a
// block again, as far as it may still be in one.
func (f *Fake) ReorgKeeping(depth int) {
	s := f.source
	s.mu.Lock()
	from := max(1, len(s.chain)-depth)
	var back []*wire.MsgTx
	for _, block := range s.chain[from:] {
		back = append(back, block.Transactions[1:]...)
	}
	s.chain = s.chain[:from]
	for range depth + 1 {
		s.append(nil)
	}
	s.refill(append(back, s.pool...))
	s.mu.Unlock()
	f.follow()
}

// MineWithout adds a block that leaves some of what waits where it is, as one does that pays too
// little.
func (f *Fake) MineWithout(left func(*wire.MsgTx) bool) int32 {
	s := f.source
	s.mu.Lock()
	stay := make(map[chainhash.Hash]bool)
	var in, kept []*wire.MsgTx
	for _, tx := range s.pool {
		out := left(tx)
		for _, input := range tx.TxIn {
			out = out || stay[input.PreviousOutPoint.Hash]
		}
		if !out {
			in = append(in, tx)
			continue
		}
		stay[tx.TxHash()] = true
		kept = append(kept, tx)
	}
	s.append(in)
	s.pool = kept
	s.mu.Unlock()
	f.follow()
	return f.Best().Height
}

// refill has those wait for a block that may. The lock is held.
func (s *source) refill(txs []*wire.MsgTx) {
	s.pool = nil
	for _, tx := range txs {
		if !s.strict || s.admit(tx) == nil {
			s.pool = append(s.pool, tx)
		}
	}
}

// view is what an unconfirmed transaction can spend.
type view struct {
	outs map[wire.OutPoint]*wire.TxOut // that are there, in blocks or waiting
	at   map[wire.OutPoint]int32       // height of the block, 0: waiting
	ever map[chainhash.Hash]bool       // transactions that were seen, in whatever block
}

func (s *source) look() *view {
	v := &view{map[wire.OutPoint]*wire.TxOut{}, map[wire.OutPoint]int32{}, map[chainhash.Hash]bool{}}
	for _, block := range s.all {
		for _, tx := range block.Transactions {
			v.ever[tx.TxHash()] = true
		}
	}
	for height, block := range s.chain {
		for _, tx := range block.Transactions {
			v.connect(tx, int32(height))
		}
	}
	for _, tx := range s.pool {
		id := tx.TxHash()
		v.ever[id] = true
		for i, out := range tx.TxOut {
			v.outs[wire.OutPoint{Hash: id, Index: uint32(i)}] = out
		}
	}
	return v
}

func (v *view) connect(tx *wire.MsgTx, height int32) {
	for _, in := range tx.TxIn {
		delete(v.outs, in.PreviousOutPoint)
	}
	id := tx.TxHash()
	for i, out := range tx.TxOut {
		at := wire.OutPoint{Hash: id, Index: uint32(i)}
		v.outs[at], v.at[at] = out, height
	}
}

// FetchPrevOutput is of txscript.PrevOutputFetcher.
func (v *view) FetchPrevOutput(at wire.OutPoint) *wire.TxOut {
	if out := v.outs[at]; out != nil {
		return out
	}
	return &wire.TxOut{}
}

// admit checks a transaction and takes what it replaces out of the pool. The lock is held.
func (s *source) admit(tx *wire.MsgTx) error {
	v, next := s.look(), int32(len(s.chain))
	now := s.chain[len(s.chain)-1].Header.Timestamp
	if !blockchain.IsFinalizedTransaction(btcutil.NewTx(tx), next, now) {
		return fmt.Errorf("%w: locked until %d, the next block is %d", chain.ErrRejected, tx.LockTime, next)
	}
	whole, fee := true, int64(0)
	for i, in := range tx.TxIn {
		out := v.outs[in.PreviousOutPoint]
		if out == nil {
			if v.ever[in.PreviousOutPoint.Hash] {
				return fmt.Errorf("%w: input %d, %v", errors.Join(chain.ErrRejected, chain.ErrMissingInputs), i, in.PreviousOutPoint)
			}
			whole = false
			continue
		}
		fee += out.Value
		if err := v.mature(tx, i, next); err != nil {
			return err
		}
		engine, err := txscript.NewEngine(out.PkScript, tx, i, txscript.StandardVerifyFlags, nil,
			txscript.NewTxSigHashes(tx, v), out.Value, v)
		if err == nil {
			err = engine.Execute()
		}
		if err != nil && whole {
			return fmt.Errorf("%w: script of input %d: %w", chain.ErrRejected, i, err)
		}
	}
	for _, out := range tx.TxOut {
		fee -= out.Value
	}
	weight := blockchain.GetTransactionWeight(btcutil.NewTx(tx))
	if whole && fee*4 < weight {
		return fmt.Errorf("%w: %d sat for weight %d", errors.Join(chain.ErrRejected, chain.ErrFeeTooLow), fee, weight)
	}
	return s.pays(v, tx, fee, weight, whole)
}

// mature checks a relative lock in blocks (BIP 68).
func (v *view) mature(tx *wire.MsgTx, i int, next int32) error {
	in := tx.TxIn[i]
	if tx.Version < 2 || in.Sequence&wire.SequenceLockTimeDisabled != 0 || in.Sequence&wire.SequenceLockTimeMask == 0 {
		return nil
	}
	at := v.at[in.PreviousOutPoint]
	if at == 0 {
		at = next
	}
	if least := at + int32(in.Sequence&wire.SequenceLockTimeMask); next < least {
		return fmt.Errorf("%w: input %d may be spent in block %d, the next is %d", chain.ErrRejected, i, least, next)
	}
	return nil
}

// pays checks that a transaction pays for what it replaces, and for itself (BIP 125).
func (s *source) pays(v *view, tx *wire.MsgTx, fee, weight int64, whole bool) error {
	kept := make(map[*wire.MsgTx]bool)
	for _, old := range conflicting(s.pool, tx) {
		kept[old] = true
	}
	var paid int64
	replaces := false
	for _, old := range s.pool {
		if kept[old] {
			continue
		}
		replaces = true
		fee, whole := v.fee(old)
		if whole {
			paid += fee
		}
	}
	if replaces && whole && fee < paid+weight/4 {
		return fmt.Errorf("%w: %d sat, what it replaces paid %d", errors.Join(chain.ErrRejected, chain.ErrConflict), fee, paid)
	}
	return nil
}

// fee is what a transaction pays; whole says whether all its inputs are known.
func (v *view) fee(tx *wire.MsgTx) (fee int64, whole bool) {
	for _, in := range tx.TxIn {
		out := v.outs[in.PreviousOutPoint]
		if out == nil {
			return 0, false
		}
		fee += out.Value
	}
	for _, out := range tx.TxOut {
		fee -= out.Value
	}
	return fee, true
}
