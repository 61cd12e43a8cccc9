package chaintest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/chain"
)

// NewFiltered is New over a source that has filters, so that the follower asks for few blocks.
func NewFiltered(t testing.TB) *Fake {
	t.Helper()
	s := newSource()
	for range 100 {
		s.mine(nil)
	}
	return start(t, s, chain.Config{Poll: -1, Filters: filters{s}})
}

// Reopen ends the follower and starts another, with filters and hints.
func (f *Fake) Reopen(t testing.TB, hints chain.Hints) {
	t.Helper()
	f.Close()
	f.Follower = start(t, f.source, chain.Config{Poll: -1, Filters: filters{f.source}, Hints: hints}).Follower
}

// Filtered is how many filters the source was asked for.
func (f *Fake) Filtered() int {
	f.source.mu.Lock()
	defer f.source.mu.Unlock()
	return f.source.filtered
}

// Asked is how many blocks the source was asked for.
func (f *Fake) Asked() int {
	f.source.mu.Lock()
	defer f.source.mu.Unlock()
	return f.source.asked
}

// OnFilter has hook called, once, when next a filter is asked for. The source answers nobody else
// before it returns.
func (f *Fake) OnFilter(hook func()) {
	f.source.mu.Lock()
	defer f.source.mu.Unlock()
	f.source.onFilter = hook
}

// filters answer exactly what a block has to do with; real ones err on the side of yes.
type filters struct{ s *source }

func (f filters) Header(ctx context.Context, hash chainhash.Hash) (*wire.BlockHeader, error) {
	unlock, err := f.s.answer(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	block, ok := f.s.all[hash]
	if !ok {
		return nil, fmt.Errorf("%w: %v", chain.ErrUnknownBlock, hash)
	}
	return &block.Header, nil
}

func (f filters) MayContain(ctx context.Context, hash chainhash.Hash, scripts [][]byte) (bool, error) {
	unlock, err := f.s.answer(ctx)
	if err != nil {
		return false, err
	}
	defer unlock()
	f.s.filtered++
	if hook := f.s.onFilter; hook != nil {
		f.s.onFilter = nil
		hook()
	}
	block, ok := f.s.all[hash]
	if !ok {
		return false, fmt.Errorf("%w: %v", chain.ErrUnknownBlock, hash)
	}
	has := func(script []byte) bool {
		return slices.ContainsFunc(scripts, func(s []byte) bool { return bytes.Equal(s, script) })
	}
	for _, tx := range block.Transactions {
		for _, out := range tx.TxOut {
			if has(out.PkScript) {
				return true, nil
			}
		}
		for _, in := range tx.TxIn {
			if has(f.s.script(in.PreviousOutPoint)) {
				return true, nil
			}
		}
	}
	return false, nil
}

// script is that of an output, nil if there is none. The caller holds the lock.
func (s *source) script(at wire.OutPoint) []byte {
	for _, block := range s.all {
		for _, tx := range block.Transactions {
			if tx.TxHash() == at.Hash && int(at.Index) < len(tx.TxOut) {
				return tx.TxOut[at.Index].PkScript
			}
		}
	}
	return nil
}
