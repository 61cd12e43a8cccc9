package chain

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
)

const (
	defaultPoll       = time.Second
	defaultMaxWatches = 1 << 17
	preload           = 144  // blocks known at start, so that a reorganisation of them is noticed
	keepBlocks        = 1008 // deeper reorganisations look everything up again
	maxSubscribers    = 1024 // of Blocks
	parallelScans     = 4    // watches that look through old blocks at the same time
	parallelGuests    = 2    // the same of guests
	parallelLookups   = 8    // FundingOutput calls at the same time
)

// Config of a Follower. The zero value has the defaults.
type Config struct {
	Poll       time.Duration // between two looks at the tip; default 1 s; negative: only Sync looks
	MaxWatches int           // default 131,072
	Fees       Fees
	Filters    Filters      // nil: every block is asked for and looked through
	Hints      Hints        // nil: after a start every watch searches from its own height
	Log        *slog.Logger // nil: silent
	Now        func() time.Time
}

// Follower implements Chain over a Source.
type Follower struct {
	source  Source
	filters Filters // nil: it has none
	log     *slog.Logger
	fees    Fees
	poll    time.Duration
	max     int
	scans   chan struct{} // one slot per scan under way
	guests  chan struct{} // the same of guests
	lookups chan struct{}
	blocks  *txidCache
	now     func() time.Time

	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	syncing sync.Mutex // one Sync at a time
	hints   hints

	mu      sync.Mutex // guards what follows; never held over a question to the source
	t       *tracker
	subs    map[*subscriber]struct{}
	away    bool // the last look at the tip failed; only to log changes
	feeless bool // the last estimate was none; only to log changes
	pools   map[*MempoolWatch]struct{}
	blind   bool      // the last look at the mempool failed; only to log changes
	heard   time.Time // when the source last answered
	moved   time.Time // when the tip last changed
}

// Start looks up the tip, waiting for the source if need be, and follows the chain until ctx
// ends or Close is called.
func Start(ctx context.Context, source Source, cfg Config) (*Follower, error) {
	f := &Follower{
		source: source, filters: cfg.Filters, log: cfg.Log, fees: cfg.Fees.withDefaults(), poll: cfg.Poll, max: cfg.MaxWatches,
		scans:   make(chan struct{}, parallelScans),
		guests:  make(chan struct{}, parallelGuests),
		lookups: make(chan struct{}, parallelLookups),
		blocks:  newTxidCache(txidBlocks),
		subs:    make(map[*subscriber]struct{}),
		pools:   make(map[*MempoolWatch]struct{}),
		hints:   hints{store: cfg.Hints},
		now:     cfg.Now,
	}
	if f.now == nil {
		f.now = time.Now
	}
	if f.log == nil {
		f.log = slog.New(slog.DiscardHandler)
	}
	if f.poll == 0 {
		f.poll = defaultPoll
	}
	if f.max == 0 {
		f.max = defaultMaxWatches
	}
	f.ctx, f.cancel = context.WithCancel(ctx)
	for {
		t, err := f.begin(f.ctx)
		if err == nil {
			f.t, f.heard, f.moved = t, f.now(), f.now()
			break
		}
		if errors.Is(err, ErrWrongNetwork) {
			f.cancel()
			return nil, err
		}
		f.report(err)
		if !f.pause(f.ctx) {
			return nil, fmt.Errorf("chain: start: %w (last: %w)", ctx.Err(), err)
		}
	}
	f.loadHints()
	f.wg.Add(1)
	go f.run()
	return f, nil
}

// Close ends the follower and all it has given out, and waits for that.
func (f *Follower) Close() {
	f.cancel()
	f.wg.Wait()
	f.saveHints(true)
}

// askTip asks the source for its tip, and refuses one that can't be.
func (f *Follower) askTip(ctx context.Context) (chainhash.Hash, int32, error) {
	hash, height, err := f.source.Tip(ctx)
	if err == nil && height < 0 {
		err = fmt.Errorf("%w: its tip has height %d", ErrUnavailable, height)
	}
	return hash, height, err
}

// begin makes a tracker with the last blocks of the chain.
func (f *Follower) begin(ctx context.Context) (*tracker, error) {
	hash, height, err := f.askTip(ctx)
	if err != nil {
		return nil, err
	}
	var t *tracker
	for h := max(0, height-preload); h <= height; h++ {
		at := Tip{Height: h, Hash: hash}
		if h < height {
			if at.Hash, err = f.source.HashAt(ctx, h); err != nil {
				return nil, err
			}
		}
		if t == nil {
			t = newTracker(at, keepBlocks)
		} else {
			t.recent = append(t.recent, at)
		}
	}
	header, err := f.header(ctx, hash)
	if err != nil {
		return nil, err
	}
	if n := len(t.recent); n > 1 && t.recent[n-2].Hash != header.PrevBlock {
		return nil, fmt.Errorf("%w: the chain changed while it was read", ErrUnavailable)
	}
	t.recent[len(t.recent)-1].Time = header.Timestamp
	return t, nil
}

// run looks at the tip again and again. At the end it closes the channels of Blocks.
func (f *Follower) run() {
	defer f.wg.Done()
	defer f.dropSubscribers()
	for {
		if f.poll < 0 {
			<-f.ctx.Done()
			return
		}
		if !f.pause(f.ctx) {
			return
		}
		f.report(f.Sync(f.ctx))
	}
}

// report logs that the source goes away and comes back, not every failure.
func (f *Follower) report(err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	f.mu.Lock()
	changed := f.away != (err != nil)
	f.away = err != nil
	f.mu.Unlock()
	switch {
	case changed && err != nil:
		f.log.Warn("the chain source does not answer; trying on", "err", err)
	case changed:
		f.log.Info("the chain source answers again")
	}
}

// pause waits for the polling interval; false says that ctx ended.
func (f *Follower) pause(ctx context.Context) bool {
	wait := f.poll
	if wait < 0 {
		wait = defaultPoll
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Best implements Chain.
func (f *Follower) Best() Tip {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.t.tip()
}

// Health implements Chain.
func (f *Follower) Health() Health {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	return Health{Silent: max(now.Sub(f.heard), 0), Still: max(now.Sub(f.moved), 0)}
}

// Sync looks at the tip and the mempool now, and returns when all watches know what happened up to it.
func (f *Follower) Sync(ctx context.Context) error {
	f.syncing.Lock()
	defer f.syncing.Unlock()
	defer f.saveHints(false)
	if err := f.catchUp(ctx); err != nil {
		return err
	}
	f.note(func() { f.heard = f.now() })
	f.lookAtMempool(ctx)
	return nil
}

// catchUp makes the source's tip ours.
func (f *Follower) catchUp(ctx context.Context) error {
	hash, height, err := f.askTip(ctx)
	if err != nil {
		return err
	}
	if f.Best().Hash == hash {
		return nil
	}
	if err := f.rewind(ctx, height); err != nil {
		return err
	}
	for f.Best().Height < height {
		if done, err := f.advance(ctx); done || err != nil {
			return err
		}
	}
	return nil
}

// rewind disconnects blocks until the tip is in the best chain, which has the given height.
func (f *Follower) rewind(ctx context.Context, height int32) error {
	for {
		tip := f.Best()
		if tip.Height <= height {
			hash, err := f.source.HashAt(ctx, tip.Height)
			if err != nil && !errors.Is(err, ErrUnknownBlock) {
				return err
			}
			if err == nil && hash == tip.Hash {
				return f.settle(ctx)
			}
		}
		f.mu.Lock()
		deeper := len(f.t.recent) > 1
		if deeper {
			f.log.Info("block left the chain", "height", tip.Height, "hash", tip.Hash)
			f.t.disconnect()
		}
		f.mu.Unlock()
		if !deeper {
			return f.restart(ctx)
		}
	}
}

// settle gives a tip that was known only by its hash its time.
func (f *Follower) settle(ctx context.Context) error {
	tip := f.Best()
	if !tip.Time.IsZero() {
		return nil
	}
	header, err := f.header(ctx, tip.Hash)
	if err != nil {
		return err
	}
	tip.Time = header.Timestamp
	f.mu.Lock()
	defer f.mu.Unlock()
	f.t.recent[len(f.t.recent)-1] = tip
	f.tell(tip)
	return nil
}

// advance connects the block after the tip. done says that the chain has changed meanwhile: the
// next Sync sees to it.
func (f *Follower) advance(ctx context.Context) (done bool, err error) {
	tip := f.Best()
	hash, err := f.source.HashAt(ctx, tip.Height+1)
	if errors.Is(err, ErrUnknownBlock) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	for {
		block, seen, err := f.relevant(ctx, hash)
		if err != nil {
			return false, err
		}
		if block.Header.PrevBlock != tip.Hash {
			return true, nil
		}
		if f.connect(block, hash, seen) {
			return false, nil
		}
	}
}

// connect adds a block to the tip, unless there are watches that it was not compared with.
func (f *Follower) connect(block *wire.MsgBlock, hash chainhash.Hash, seen int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if seen >= 0 && seen != f.t.added {
		return false
	}
	f.t.connect(block, hash)
	f.tell(f.t.tip())
	return true
}

// restart follows a reorganisation deeper than the blocks kept: every watch looks again from its
// height hint, and what had been found counts as gone until it is found again.
func (f *Follower) restart(ctx context.Context) error {
	f.log.Error("a reorganisation is deeper than all blocks known; looking everything up again",
		"oldest", f.Best().Height)
	t, err := f.begin(ctx)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.t.recent = t.recent
	for _, watches := range f.t.confs {
		for w := range watches {
			w.found, w.searched = nil, searched{}
			w.cell.set(nil)
			w.scan()
		}
	}
	for _, watches := range f.t.spends {
		for w := range watches {
			w.found, w.searched = nil, searched{}
			w.cell.set(nil)
			w.scan()
		}
	}
	f.tell(f.t.tip())
	return nil
}
