package contract

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"sync"

	"github.com/ethereum/go-ethereum/common"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/internal/ethereum"
)

// DefaultMaxGas is the gas that one call may need: well below every chain's block gas limit, and the 2^24
// that EIP-7825 leaves a transaction.
const DefaultMaxGas = 12_000_000

// Store is the part of channeldb that this package uses. An Append that fails ends the node.
type Store interface {
	Append(batches ...channeldb.Batch) error
	Get(bucket string, key []byte) ([]byte, error)
	Scan(bucket string, from []byte, reverse bool, each func(key, value []byte) bool) error
}

// Config is what a Court is made of.
type Config struct {
	Reader   ethereum.Reader
	Sender   ethereum.Sender
	Contract common.Address // the adjudicator
	Profile  evm.Profile
	DB       Store
	Log      *slog.Logger
	MaxGas   uint64 // of one call; 0: DefaultMaxGas

	// GasPrice is the most, in wei, that a unit of gas may cost; nil: no reserve is watched.
	GasPrice *big.Int
	// GasLow is told when the gas accounts can't close everything at GasPrice, and with "" when they
	// can again. It may be nil.
	GasLow func(text string)
}

// Court follows every channel in one adjudicator contract, and sees those through that must end. One
// goroutine, Run's, does all of it.
type Court struct {
	cfg    Config
	log    *slog.Logger
	signal chan struct{} // capacity 1: something is in asked

	mu     sync.Mutex
	asked  []func() // of Watch and Forget; one for each channel and kind, about
	poked  map[lnwire.ChannelID]bool
	seen   map[lnwire.ChannelID]*Report
	worked ethereum.Head
	locks  map[lnwire.ChannelID]int // of each watched channel that isn't settled, for the reserve

	// Run's own.
	ctx     context.Context
	stop    context.CancelFunc // of updates
	updates <-chan ethereum.Update
	from    uint64 // updates tell of blocks behind this one
	behind  bool   // updates must begin anew, from there
	broken  bool   // the chain undid what was final
	head    ethereum.Head
	final   ethereum.Head
	all     map[lnwire.ChannelID]*resolver
	jobs    map[lnwire.ChannelID]job // read at start, taken by Watch
	stored  uint64                   // the cursor in the store: every stored job is as of that final block, or a later one
	fault   error
	again   bool // all is to be done, though there is no new head
	owed    debts
	gas     chan struct{} // capacity 1: the reserve is to be looked at
}

// New reads the jobs of channels that were on chain before.
func New(cfg Config) (*Court, error) {
	if cfg.Reader == nil || cfg.Sender == nil || cfg.DB == nil || cfg.Contract == (common.Address{}) {
		return nil, errors.New("contract: a court needs a reader, a sender, a store and the adjudicator's address")
	}
	if cfg.MaxGas == 0 {
		cfg.MaxGas = DefaultMaxGas
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	c := &Court{
		cfg: cfg, log: cfg.Log, signal: make(chan struct{}, 1), gas: make(chan struct{}, 1),
		poked: make(map[lnwire.ChannelID]bool), seen: make(map[lnwire.ChannelID]*Report),
		locks: make(map[lnwire.ChannelID]int), all: make(map[lnwire.ChannelID]*resolver),
	}
	var err error
	if c.jobs, err = c.readJobs(); err != nil {
		return nil, err
	}
	if c.stored, err = c.readCursor(); err != nil {
		return nil, err
	}
	return c, nil
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

// Watch follows a channel from now on. Its terms must hash to its id in this court's contract.
func (c *Court) Watch(ch Channel) {
	c.ask(func() {
		if c.all[ch.ID()] != nil {
			return
		}
		r, err := newResolver(c, ch, c.jobs[ch.ID()])
		if err != nil {
			c.fail(err)
			return
		}
		delete(c.jobs, ch.ID())
		c.all[r.id] = r
		if c.updates == nil && !c.behind || r.upTo < c.from {
			c.from, c.behind = r.upTo, true
		}
		r.dirty = true
	})
}

// Poke says that a channel has changed: it stopped, a preimage is known, it is closed by both.
func (c *Court) Poke(id lnwire.ChannelID) {
	c.mu.Lock()
	c.poked[id] = true
	c.mu.Unlock()
	c.wake()
}

// Work has everything that is on chain done once more, as at a new head.
func (c *Court) Work() { c.ask(func() { c.again = true }) }

// Forget ends the work on a channel that is no more.
func (c *Court) Forget(id lnwire.ChannelID) {
	c.ask(func() {
		if r := c.all[id]; r != nil {
			r.end()
			delete(c.all, id)
		}
		c.report(id, nil)
		c.mu.Lock()
		delete(c.locks, id)
		c.mu.Unlock()
	})
}

// Report is the state of a channel on chain; nil as long as it isn't known.
func (c *Court) Report(id lnwire.ChannelID) *Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen[id]
}

// Head is that up to which everything was done; zero before that.
func (c *Court) Head() ethereum.Head {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.worked
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
	c.ctx = ctx
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		c.watchGas(ctx)
	}()
	defer func() { stop(); <-watched }()
	for {
		var update *ethereum.Update
		select {
		case <-ctx.Done():
			return nil
		case u, ok := <-c.updates:
			if !ok && ctx.Err() == nil {
				return errors.New("contract: the chain tells of no blocks any more; channels on chain can't be seen through")
			} else if !ok {
				return nil
			}
			update = &u
		case <-c.signal:
		}
		if err := c.step(update); err != nil {
			return err
		}
	}
}

// step takes an update, if there is one, and all that is waiting, and does what follows from it.
func (c *Court) step(u *ethereum.Update) error {
	if u != nil {
		c.take(*u)
	}
	c.drain()
	return c.round(u != nil || c.again)
}

// drain does all that is waiting, so that one round serves it.
func (c *Court) drain() {
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
	c.follow()
}

// round judges what has changed, or everything at a new head, and has the calls made that follow.
func (c *Court) round(head bool) error {
	c.again = false
	if c.fault != nil {
		return c.fault
	}
	if c.head == (ethereum.Head{}) {
		return nil
	}
	if err := c.save(); err != nil || c.past() { // before anything is done about it
		return err
	}
	for _, r := range c.all {
		if head || r.dirty {
			r.dirty = false
			r.judge()
		}
	}
	if head {
		c.collectOwed()
		select {
		case c.gas <- struct{}{}:
		default:
		}
	}
	if err := c.save(); err != nil {
		return err
	}
	c.mu.Lock()
	c.worked = c.head
	c.mu.Unlock()
	if c.fault != nil {
		return fmt.Errorf("contract: %w", c.fault)
	}
	return nil
}
