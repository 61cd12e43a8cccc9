package ethereum

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Chain follows a chain and, with a Signer, gets calls into its blocks. It implements Reader and Sender.
type Chain struct {
	cfg  Config
	ends []*endpoint
	wake chan struct{} // an endpoint looked
	*sender

	// Run's own.
	primary *endpoint
	began   time.Time

	mu      sync.Mutex
	fit     []*endpoint // who may be asked: the primary, then the rest of its quorum
	silent  int         // who else has a say, and says nothing at the moment
	view    view
	seen    time.Time // when the head last changed, by our clock
	changed chan struct{}
	rounds  chan struct{}
	alarms  alarms
}

// view is what is known at one moment.
type view struct {
	trail trail
	final Head
	forks []uint64 // each time that final blocks were undone: the lowest of them
}

func (v view) head() Head {
	if len(v.trail) == 0 {
		return Head{}
	}
	return v.trail.top().Head
}

// New reads what was sent before. Nothing is asked of the endpoints before Run.
func New(cfg Config) (*Chain, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	c := &Chain{
		cfg: cfg, wake: make(chan struct{}, 1), began: cfg.Now(), seen: cfg.Now(),
		changed: make(chan struct{}), rounds: make(chan struct{}),
	}
	woken := func() {
		select {
		case c.wake <- struct{}{}:
		default:
		}
	}
	for i, url := range cfg.Endpoints {
		c.ends = append(c.ends, newEndpoint(&c.cfg, i+1, url, woken))
	}
	s, err := newSender(c)
	if err != nil {
		return nil, fmt.Errorf("ethereum: what was sent before: %w", err)
	}
	c.sender = s
	return c, nil
}

// Run follows the chain until the context ends. Another error is the database's, and ends the node.
func (c *Chain) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, e := range c.ends {
		g.Go(func() error {
			e.run(ctx)
			return nil
		})
	}
	g.Go(func() error {
		c.follow(ctx)
		return nil
	})
	g.Go(func() error { return c.sender.run(ctx) })
	return g.Wait()
}

func (c *Chain) follow(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		}
		c.round(ctx)
		c.mu.Lock()
		close(c.rounds)
		c.rounds = make(chan struct{})
		c.mu.Unlock()
	}
}

// now is the view, and a channel that is closed when there is another.
func (c *Chain) now() (view, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.view, c.changed
}

// publish makes a view the one that counts.
func (c *Chain) publish(v view) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v.head() != c.view.head() {
		c.seen = c.cfg.Now()
	} else if v.final == c.view.final && len(v.forks) == len(c.view.forks) {
		return
	}
	c.view = v
	close(c.changed)
	c.changed = make(chan struct{})
}

// ChainID implements Reader.
func (c *Chain) ChainID() uint64 { return c.cfg.ChainID }

// Head implements Reader.
func (c *Chain) Head() Head {
	v, _ := c.now()
	return v.head()
}

// Final implements Reader.
func (c *Chain) Final() Head {
	v, _ := c.now()
	return v.final
}
