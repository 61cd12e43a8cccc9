package chain

import (
	"context"
	"fmt"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
)

// WatchConfirmed implements Chain.
func (f *Follower) WatchConfirmed(ctx context.Context, txid chainhash.Hash, script []byte, depth uint32,
	heightHint int32) (<-chan ConfEvent, error) {

	w := &confWatch{
		txid: txid, script: script, depth: int32(min(max(depth, 1), keepBlocks)), cell: newCell[conf](),
	}
	ctx, end := f.bind(ctx)
	key := confKey(txid, script)
	w.scan = func() {
		f.goScan(ctx, func() {
			from, since := f.searchFrom(ctx, key, max(heightHint, 0))
			if f.scanConf(ctx, w, from) {
				f.note(func() { w.searched = searched{true, since} })
			}
		})
	}
	if err := f.add(func(t *tracker) { t.addConf(w) }); err != nil {
		end()
		return nil, err
	}
	w.scan()
	out := make(chan ConfEvent)
	event := func(is bool) func(*conf) ConfEvent {
		return func(c *conf) ConfEvent {
			return ConfEvent{is, c.tx, c.block.Height, c.index, c.block.Hash}
		}
	}
	f.goWatch(end, func() { deliver(ctx, w.cell, out, event(true), event(false)) },
		func(t *tracker) {
			f.noteHint(key, &w.searched, w.at())
			t.dropConf(w)
		})
	return out, nil
}

// WatchSpent implements Chain.
func (f *Follower) WatchSpent(ctx context.Context, outpoint wire.OutPoint, script []byte,
	heightHint int32) (<-chan SpendEvent, error) {

	w := &spendWatch{outpoint: outpoint, script: script, cell: newCell[spend]()}
	ctx, end := f.bind(ctx)
	key := spendKey(outpoint, script)
	w.scan = func() {
		f.goScan(ctx, func() {
			from, since := f.searchFrom(ctx, key, max(heightHint, 0))
			if f.scanSpend(ctx, w, from) {
				f.note(func() { w.searched = searched{true, since} })
			}
		})
	}
	if err := f.add(func(t *tracker) { t.addSpend(w) }); err != nil {
		end()
		return nil, err
	}
	w.scan()
	out := make(chan SpendEvent)
	event := func(is bool) func(*spend) SpendEvent {
		return func(s *spend) SpendEvent {
			return SpendEvent{is, s.tx, s.input, s.block.Height, s.block.Hash}
		}
	}
	f.goWatch(end, func() { deliver(ctx, w.cell, out, event(true), event(false)) },
		func(t *tracker) {
			f.noteHint(key, &w.searched, w.at())
			t.dropSpend(w)
		})
	return out, nil
}

// Unspent implements Chain.
func (f *Follower) Unspent(outpoint wire.OutPoint) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for w := range f.t.spends[outpoint] {
		if w.searched.done {
			return w.found == nil
		}
	}
	return false
}

// Depth implements Chain.
func (f *Follower) Depth(height int32, block chainhash.Hash) uint32 {
	f.mu.Lock()
	defer f.mu.Unlock()
	tip := f.t.tip().Height
	if height < 0 || height > tip || !f.t.stands(Tip{Height: height, Hash: block}) {
		return 0
	}
	return uint32(tip-height) + 1
}

// bind gives a context that ends with the follower too.
func (f *Follower) bind(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(f.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// add puts a watch into the tracker, within the limit.
func (f *Follower) add(put func(*tracker)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ctx.Err() != nil {
		return ErrClosed
	}
	if f.t.count >= f.max {
		return fmt.Errorf("%w: %d of %d", ErrTooManyWatches, f.t.count, f.max)
	}
	put(f.t)
	f.wg.Add(1) // for goWatch, while the follower is known to be open
	return nil
}

// goWatch runs the delivery of a watch that was added, and takes it out at the end.
func (f *Follower) goWatch(end func(), run func(), drop func(*tracker)) {
	go func() {
		defer f.wg.Done()
		defer end()
		run()
		f.mu.Lock()
		defer f.mu.Unlock()
		drop(f.t)
	}()
}

// guest is the context's value of watches that aren't the node's own.
type guest struct{}

// Guest marks watches that others want: however much of the past they ask for, they don't keep the
// node's own waiting.
func Guest(ctx context.Context) context.Context { return context.WithValue(ctx, guest{}, true) }

// goScan runs a search through old blocks, a few at a time.
func (f *Follower) goScan(ctx context.Context, run func()) {
	slots := f.scans
	if ctx.Value(guest{}) != nil {
		slots = f.guests
	}
	go func() {
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
			run()
		case <-ctx.Done():
		}
	}()
}

// note changes a watch.
func (f *Follower) note(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// scanConf looks for a transaction in the blocks from a height up to the tip of now. Later ones
// are the tracker's. It says whether it came to an end.
func (f *Follower) scanConf(ctx context.Context, w *confWatch, from int32) bool {
	return f.scanBlocks(ctx, from, w.script, func(tx *wire.MsgTx, index uint32, at Tip) (found, ok bool) {
		if tx.TxHash() != w.txid {
			return false, true
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		if w.found == nil {
			if !f.t.stands(at) {
				return true, false
			}
			w.found = &conf{tx, index, at}
			f.t.ripe(w)
		}
		return true, true
	})
}

// scanSpend asks whether the output is unspent, and looks for the spender if not. Where there are
// filters, to look for it is to ask.
func (f *Follower) scanSpend(ctx context.Context, w *spendWatch, from int32) bool {
	for f.filters == nil && from <= f.Best().Height {
		out, err := f.source.Unspent(ctx, w.outpoint, chainhash.Hash{})
		if err == nil && out != nil {
			return true // what the answer's tip doesn't have, the tracker is yet to see
		}
		if err == nil {
			break
		}
		f.report(err)
		if !f.pause(ctx) {
			return false
		}
	}
	return f.scanBlocks(ctx, from, w.script, func(tx *wire.MsgTx, _ uint32, at Tip) (found, ok bool) {
		for i, in := range tx.TxIn {
			if in.PreviousOutPoint != w.outpoint {
				continue
			}
			f.mu.Lock()
			defer f.mu.Unlock()
			if w.found == nil {
				if !f.t.stands(at) {
					return true, false
				}
				w.found = &spend{tx, uint32(i), at}
				w.cell.set(w.found)
			}
			return true, true
		}
		return false, true
	})
}

// scanBlocks shows the transactions of the best chain to look, from a height up to the tip of
// now, until it has found what it looks for. If what it found is not ok, since the chain has
// changed meanwhile, or if the source fails, the block is asked for again after a pause. Blocks
// that can't have to do with the script are left out.
func (f *Follower) scanBlocks(ctx context.Context, from int32, script []byte,
	look func(tx *wire.MsgTx, index uint32, at Tip) (found, ok bool)) bool {

	last := f.Best().Height
	for h := max(from, 0); h <= last; {
		found, ok, err := f.scanBlock(ctx, h, script, look)
		switch {
		case err == nil && found && ok:
			return true
		case err == nil && !found:
			h++
			continue
		case err != nil && ctx.Err() == nil:
			f.report(err)
		}
		if !f.pause(ctx) {
			return false
		}
		last = min(last, f.Best().Height)
	}
	return true
}

func (f *Follower) scanBlock(ctx context.Context, height int32, script []byte,
	look func(tx *wire.MsgTx, index uint32, at Tip) (found, ok bool)) (found, ok bool, err error) {

	hash, err := f.source.HashAt(ctx, height)
	if err != nil {
		return false, false, err
	}
	if may, err := f.mayContain(ctx, hash, [][]byte{script}); err != nil || !may {
		return false, false, err
	}
	block, err := f.source.Block(ctx, hash)
	if err != nil {
		return false, false, err
	}
	at := Tip{Height: height, Hash: hash, Time: block.Header.Timestamp}
	for i, tx := range block.Transactions {
		if found, ok := look(tx, uint32(i), at); found {
			return true, ok, nil
		}
	}
	return false, true, nil
}
