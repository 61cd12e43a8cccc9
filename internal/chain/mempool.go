package chain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
)

// ErrNoMempool: the source sees no transactions that wait for a block.
var ErrNoMempool = errors.New("chain: the source has no view of the mempool")

const (
	maxMempoolOuts = 1 << 17 // outputs that one MempoolWatch watches
	mempoolBatch   = 500     // outputs in one question
	mempoolBatches = 8       // questions at one look; the next one goes on with the rest
	mempoolQueue   = 256     // transactions that wait for the reader of a MempoolWatch
	maxMempools    = 16      // watches at once
)

// Mempool is a Source that sees transactions which wait for a block.
type Mempool interface {
	// Spenders tells which waiting transactions spend these outputs, at most mempoolBatch;
	// those that none spends are left out. ErrNoMempool if it can never tell.
	Spenders(ctx context.Context, outs []wire.OutPoint) (map[wire.OutPoint]chainhash.Hash, error)

	// Waiting gives a transaction that waits for a block, or ErrNoSuchTx.
	Waiting(ctx context.Context, txid chainhash.Hash) (*wire.MsgTx, error)
}

// MempoolWatch tells of unconfirmed transactions that spend some outputs: what a peer claims on
// chain can be used before it is in a block, which it may never be (replacement cycling,
// CVE-2023-40231). The source is asked at each look at the tip; where it doesn't announce what it
// accepts, a transaction that came and went between two looks isn't seen. Its methods are safe for concurrent use.
type MempoolWatch struct {
	f    *Follower
	seen chan *wire.MsgTx

	mu    sync.Mutex
	order []wire.OutPoint                   // in which they are asked for
	next  int                               // in order: the next to ask for
	added chan struct{}                     // closed when an output is added
	told  map[wire.OutPoint]*chainhash.Hash // of each, the spender that was told last, nil: none
}

// WatchMempool implements Chain.
func (f *Follower) WatchMempool(ctx context.Context) (*MempoolWatch, error) {
	if _, ok := f.source.(Mempool); !ok {
		return nil, ErrNoMempool
	}
	w := &MempoolWatch{
		f: f, seen: make(chan *wire.MsgTx, mempoolQueue), added: make(chan struct{}),
		told: make(map[wire.OutPoint]*chainhash.Hash),
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.pools) >= maxMempools {
		return nil, fmt.Errorf("%w: %d of the mempool", ErrTooManyWatches, len(f.pools))
	}
	f.pools[w] = struct{}{}
	ctx, end := f.bind(ctx)
	if source, ok := f.source.(Announcer); ok {
		go w.listen(ctx, source)
	}
	context.AfterFunc(ctx, func() {
		end()
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.pools, w)
	})
	return w, nil
}

// Add watches an output too. The script is what it pays to, for sources that search by it. Beyond
// 131,072 outputs nothing is added, and logged.
func (w *MempoolWatch) Add(out wire.OutPoint, _ []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, there := w.told[out]; there {
		return
	}
	if len(w.told) >= maxMempoolOuts {
		w.f.log.Error("too many outputs are watched in the mempool; this one isn't", "output", out, "most", maxMempoolOuts)
		return
	}
	w.told[out] = nil
	w.order = append(w.order, out)
	close(w.added)
	w.added = make(chan struct{})
}

// Remove ends the watch of an output.
func (w *MempoolWatch) Remove(out wire.OutPoint) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.told, out) // order follows at the next look
}

// Seen gives the transactions, each at least once; one that left the mempool and came back comes
// again. Whoever reads too slowly is told later of what is still there then. It is never closed.
func (w *MempoolWatch) Seen() <-chan *wire.MsgTx { return w.seen }

// batch gives the outputs to ask for next.
func (w *MempoolWatch) batch() []wire.OutPoint {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next >= len(w.order) {
		w.next = 0
		kept := make(map[wire.OutPoint]struct{}, len(w.told))
		w.order = slices.DeleteFunc(w.order, func(out wire.OutPoint) bool {
			_, there := w.told[out]
			_, twice := kept[out] // removed and added again
			kept[out] = struct{}{}
			return !there || twice
		})
	}
	end := min(w.next+mempoolBatch, len(w.order))
	outs := append([]wire.OutPoint(nil), w.order[w.next:end]...)
	w.next = end
	return outs
}

// news compares what the source says of outputs with what was told, and gives the transactions that
// weren't.
func (w *MempoolWatch) news(outs []wire.OutPoint, spenders map[wire.OutPoint]chainhash.Hash) []chainhash.Hash {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []chainhash.Hash
	known := make(map[chainhash.Hash]struct{})
	for _, out := range outs {
		told, there := w.told[out]
		txid, spent := spenders[out]
		switch {
		case !there:
		case !spent:
			w.told[out] = nil
		case told == nil || *told != txid:
			if _, twice := known[txid]; !twice {
				known[txid] = struct{}{}
				all = append(all, txid)
			}
		}
	}
	return all
}

// tell hands a transaction to the reader; false if it has too many waiting already.
func (w *MempoolWatch) tell(tx *wire.MsgTx) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.seen <- tx:
	default:
		return false
	}
	txid := tx.TxHash()
	for _, in := range tx.TxIn {
		if _, there := w.told[in.PreviousOutPoint]; there {
			w.told[in.PreviousOutPoint] = &txid
		}
	}
	return true
}

// look asks for all outputs, or as many as one look may, and tells what is new.
func (w *MempoolWatch) look(ctx context.Context, pool Mempool) error {
	w.mu.Lock()
	left := len(w.order)
	w.mu.Unlock()
	for n := 0; n < mempoolBatches && left > 0; n++ {
		outs := w.batch()
		if len(outs) == 0 {
			return nil
		}
		left -= len(outs)
		spenders, err := pool.Spenders(ctx, outs)
		if err != nil {
			return err
		}
		for _, txid := range w.news(outs, spenders) {
			tx, err := pool.Waiting(ctx, txid)
			if errors.Is(err, ErrNoSuchTx) {
				continue // it has left
			}
			if err != nil {
				return err
			}
			if !w.tell(tx) {
				return nil
			}
		}
	}
	return nil
}

// lookAtMempool serves all watches. That it fails is logged when it begins and ends, and says nothing
// of the chain.
func (f *Follower) lookAtMempool(ctx context.Context) {
	pool, ok := f.source.(Mempool)
	if !ok {
		return
	}
	f.mu.Lock()
	watches := make([]*MempoolWatch, 0, len(f.pools))
	for w := range f.pools {
		watches = append(watches, w)
	}
	f.mu.Unlock()
	var err error
	for _, w := range watches {
		err = errors.Join(err, w.look(ctx, pool))
	}
	if ctx.Err() != nil || len(watches) == 0 {
		return
	}
	f.mu.Lock()
	changed := f.blind != (err != nil)
	f.blind = err != nil
	f.mu.Unlock()
	switch {
	case changed && err != nil:
		f.log.Warn("the mempool can't be watched; preimages are seen in blocks only", "err", err)
	case changed:
		f.log.Info("the mempool is watched again")
	}
}
