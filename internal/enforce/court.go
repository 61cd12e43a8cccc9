package enforce

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/chain"
)

const (
	// FinalDepth is how deep a transaction must be, at least, before anything that can't be
	// taken back is done because of it.
	FinalDepth = 6
	// KeepDepth is how deep everything of a channel must be before its data goes: what a
	// reorganisation undoes is done again until then.
	KeepDepth = 144
	// alarmBlocks is how near a deadline is when people are told.
	alarmBlocks = 6
)

// Alarm is what people must be told of a channel.
type Alarm uint8

// The alarms.
const (
	AlarmDeadline Alarm = iota // an output must be taken within a few blocks
	AlarmBreach                // the peer published a revoked commitment
	AlarmUnknown               // the funding output was spent in a way that isn't known
	AlarmStale                 // only the peer can close the channel: our data is old
)

// Channel is one channel as a Court needs it. Its calls return at once; what they ask for
// happens soon after, and the Court is poked when that changed the channel.
type Channel interface {
	ID() lnwire.ChannelID
	View() *htlc.Channel
	Signer() (Signer, error)
	// Records are those of the HTLCs in the peer's nth commitment, or more.
	Records(n uint64) ([]bitcoin.Record, error)
	// Hint is a height below which the funding output wasn't spent.
	Hint() int32
	// Upstream is the expiry of the incoming HTLC for which our HTLC of that id was offered;
	// false if there is none that counts blocks.
	Upstream(id uint64) (expiry uint32, ok bool)

	// Halt stops the channel for good.
	Halt(reason string)
	// Learned gives the preimage of an HTLC that we offered.
	Learned(id uint64, p htlc.Preimage)
	// TimedOut says that nobody can take an HTLC that we offered any more but us.
	TimedOut(id uint64)
	// Ended says that all is settled and final.
	Ended(End)
	// Bury says that nothing of the channel is needed any more.
	Bury()

	// Changed says that the channel's Report is another one.
	Changed()

	Raise(a Alarm, text string)
	Clear(a Alarm)
}

// Signer signs a channel's commitments and claims.
type Signer interface {
	htlc.Signer
	bitcoin.Signer
}

// End is how a channel ended.
type End struct {
	Ending    adjudicator.Ending
	Tx        *wire.MsgTx // that spent the funding output
	Height    uint32
	Recovered btcutil.Amount // what went to the wallet, before fees
	Coins     []Coin
}

// Taker takes what is wanted; *Sweeper is one.
type Taker interface {
	// Round is given everything that is wanted at a tip. An error ends the node.
	Round(ctx context.Context, tip adjudicator.Height, wants []Want) error
	// Spending is the newest transaction that was published to take an output.
	Spending(out wire.OutPoint) (txid chainhash.Hash, ok bool)
}

// Mempool tells of unconfirmed transactions that spend what is watched.
type Mempool interface {
	Add(out wire.OutPoint, script []byte)
	Remove(out wire.OutPoint)
	Seen() <-chan *wire.MsgTx
}

// Config is what a Court is made of.
type Config struct {
	Chain   chain.Chain
	DB      Store
	Taker   Taker
	Mempool Mempool // nil: there is no view of it
	Log     *slog.Logger
	// Final is how deep a transaction about so much must be; nil: FinalDepth.
	Final func(amount btcutil.Amount) uint32
}

// Court follows every channel's funding output, and resolves the channels whose was spent
// or must be. One goroutine, Run's, does all of it.
type Court struct {
	cfg    Config
	log    *slog.Logger
	events chan func()   // of watches, each of which holds one at most
	signal chan struct{} // capacity 1: something is in asked

	mu    sync.Mutex
	asked []func() // of Watch, Poke and Forget; one for each channel and kind, about
	poked map[lnwire.ChannelID]bool
	seen  map[lnwire.ChannelID]*Report
	done  adjudicator.Height

	// Run's own.
	ctx   context.Context
	tip   adjudicator.Height
	all   map[lnwire.ChannelID]*resolver
	jobs  map[lnwire.ChannelID]job // read at start, taken by Watch
	fault error
	again bool // all is to be done, though there is no new block
}

// New reads the jobs of channels that were on chain before.
func New(cfg Config) (*Court, error) {
	if cfg.Final == nil {
		cfg.Final = func(btcutil.Amount) uint32 { return FinalDepth }
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	jobs, err := readJobs(cfg.DB)
	if err != nil {
		return nil, err
	}
	return &Court{
		cfg: cfg, log: cfg.Log, events: make(chan func()), signal: make(chan struct{}, 1),
		poked: make(map[lnwire.ChannelID]bool), seen: make(map[lnwire.ChannelID]*Report),
		all: make(map[lnwire.ChannelID]*resolver), jobs: jobs,
	}, nil
}

// ask has Run's goroutine do something soon.
func (c *Court) ask(f func()) {
	c.mu.Lock()
	c.asked = append(c.asked, f)
	c.mu.Unlock()
	c.wake()
}

func (c *Court) wake() {
	select {
	case c.signal <- struct{}{}:
	default:
	}
}

// Watch follows a channel from now on.
func (c *Court) Watch(ch Channel) {
	c.ask(func() {
		if c.all[ch.ID()] != nil {
			return
		}
		r := newResolver(c, ch, c.jobs[ch.ID()])
		delete(c.jobs, ch.ID())
		c.all[ch.ID()] = r
		if err := r.watchFunding(); err != nil {
			c.fail(fmt.Errorf("enforce: channel %v can't be watched: %w", ch.View().Params().Outpoint, err))
		}
		r.dirty = true
	})
}

// Poke says that a channel has changed: it stopped, or a preimage is known.
func (c *Court) Poke(id lnwire.ChannelID) {
	c.mu.Lock()
	c.poked[id] = true
	c.mu.Unlock()
	c.wake()
}

// Work has everything that is on chain done once more, as at a new block.
func (c *Court) Work() { c.ask(func() { c.again = true }) }

// Forget ends the work on a channel that is no more.
func (c *Court) Forget(id lnwire.ChannelID) {
	c.ask(func() {
		if r := c.all[id]; r != nil {
			r.end()
			delete(c.all, id)
		}
		c.report(id, nil)
	})
}

// Report is the state of a channel on chain; nil if it isn't there.
func (c *Court) Report(id lnwire.ChannelID) *Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen[id]
}

// Height is the tip up to which everything was done; 0 before that.
func (c *Court) Height() adjudicator.Height {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.done
}

func (c *Court) report(id lnwire.ChannelID, r *Report) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r == nil {
		delete(c.seen, id)
		return
	}
	c.seen[id] = r
}

func (c *Court) fail(err error) {
	if c.fault == nil && c.ctx.Err() == nil {
		c.fault = err
	}
}

// Run works until the context ends, nil, or until the node must not go on.
func (c *Court) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	c.ctx = ctx
	var mempool <-chan *wire.MsgTx
	if c.cfg.Mempool != nil {
		mempool = c.cfg.Mempool.Seen()
	}
	tips := c.cfg.Chain.Blocks(ctx)
	for {
		block := false
		select {
		case <-ctx.Done():
			return nil
		case tip, ok := <-tips:
			if !ok && ctx.Err() == nil {
				return errors.New("enforce: the chain tells of no blocks any more; channels on chain can't be seen through")
			} else if !ok {
				return nil
			}
			c.tip, block = adjudicator.Height(max(tip.Height, 0)), true
		case e := <-c.events:
			e()
		case tx, ok := <-mempool:
			if !ok {
				mempool = nil
				continue
			}
			c.sighted(tx)
		case <-c.signal:
		}
		c.drain()
		if err := c.round(block || c.again); err != nil {
			return err
		}
	}
}

// drain does all that is waiting, so that one round serves it.
func (c *Court) drain() {
	for {
		c.mu.Lock()
		asked, poked := c.asked, c.poked
		c.asked, c.poked = nil, make(map[lnwire.ChannelID]bool)
		c.mu.Unlock()
		for _, f := range asked {
			f()
		}
		for id := range poked {
			if r := c.all[id]; r != nil {
				r.dirty = true
			}
		}
		select {
		case e := <-c.events:
			e()
		default:
			return
		}
	}
}

// round judges what has changed, or all that is on chain at a new block, and has what is
// wanted taken.
func (c *Court) round(block bool) error {
	c.again = false
	var active []*resolver
	changed := block
	for _, r := range c.all {
		if r.dirty || block && r.active() {
			changed = true
			r.dirty = false
			if err := r.judge(); err != nil {
				return err
			}
		}
		if r.active() {
			active = append(active, r)
		}
	}
	if c.fault != nil {
		return c.fault
	}
	if !changed || c.tip == 0 {
		return nil
	}
	defer c.worked()
	slices.SortFunc(active, func(a, b *resolver) int { return cmp.Compare(string(a.id[:]), string(b.id[:])) })
	var wants []Want
	for _, r := range active {
		wants = append(wants, r.wants...)
	}
	if err := c.cfg.Taker.Round(c.ctx, c.tip, wants); err != nil {
		return err
	}
	for _, r := range active {
		c.report(r.id, r.report())
		r.ch.Changed()
	}
	return nil
}

func (c *Court) worked() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = c.tip
}

// sighted takes what an unconfirmed transaction tells.
func (c *Court) sighted(tx *wire.MsgTx) {
	for _, r := range c.all {
		r.sighted(tx)
	}
}

// send hands an event of a watch to Run's goroutine.
func (c *Court) send(ctx context.Context, f func()) bool {
	select {
	case c.events <- f:
		return true
	case <-ctx.Done():
		return false
	}
}
