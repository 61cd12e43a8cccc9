package bitcoind

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	wchain "github.com/btcsuite/btcwallet/chain"

	"github.com/nichework/nwnd/internal/wallet"
)

// timing is how soon a client notices what is wrong.
type timing struct {
	check time.Duration // between two looks at bitcoind
	away  time.Duration // after which a session doesn't go on: bitcoind has restarted
	stall time.Duration // for which the wallet may be behind, without progress
}

var defaultTiming = timing{check: time.Second, away: 5 * time.Second, stall: 30 * time.Second}

// client is btcwallet's client of bitcoind, with remedies for what that of v0.16.18 doesn't survive: a
// bitcoind that restarts with another cookie, a block whose ZMQ message was lost, a rescan that meets
// an error. It looks at bitcoind itself, and when something is wrong makes a new session, at whose
// beginning (chain.ClientConnected) the wallet catches up with the chain from where it has got to.
type client struct {
	source   *Source
	birthday time.Time
	timing   timing
	log      *slog.Logger
	out      chan any
	cancel   context.CancelFunc
	done     chan struct{} // closed when it has ended

	mu       sync.Mutex // guards what follows
	s        *session
	gone     time.Time // when bitcoind went away; zero: it is there
	rescans  int       // that have begun and not finished
	notified bool      // the session tells of blocks
	telling  bool      // the wallet is being told something, and is busy
	heard    time.Time // when the session last told something
	current  time.Time // when the session last knew the last block
}

var _ wallet.Client = (*client)(nil)

// begin passes on what a session tells, and watches over it until Stop.
func (c *client) begin(s *session) {
	var ctx context.Context
	ctx, c.cancel = context.WithCancel(context.Background())
	c.use(ctx, s)
	go func() {
		defer close(c.done)
		defer close(c.out)
		c.watch(ctx)
		c.session().close()
	}()
}

// use makes a session the one that the wallet hears. A rescan that the last one did not finish is ended
// at height 0, which says nothing of blocks; without, btcwallet would wait for it before any other.
func (c *client) use(ctx context.Context, s *session) {
	c.mu.Lock()
	unfinished := c.rescans
	c.s, c.rescans, c.notified, c.gone = s, 0, false, time.Time{}
	c.heard, c.current = time.Now(), time.Now()
	c.mu.Unlock()
	s.ended = make(chan struct{})
	go func() {
		defer close(s.ended)
		for range unfinished {
			if !c.tell(ctx, s, &wchain.RescanFinished{Hash: c.source.cfg.Params.GenesisHash}) {
				return
			}
		}
		for {
			select {
			case n := <-s.Notifications():
				if _, ok := n.(*wchain.RescanFinished); ok {
					c.finished()
				}
				if !c.tell(ctx, s, n) {
					return
				}
			case <-s.quit:
				return
			case <-ctx.Done():
				return
			}
		}
	}()
}

func (c *client) finished() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rescans = max(c.rescans-1, 0)
}

// tell hands a notification to the wallet; false says that the session has ended.
func (c *client) tell(ctx context.Context, s *session, n any) bool {
	c.setTelling(true)
	defer c.setTelling(false)
	select {
	case c.out <- n:
		return true
	case <-s.quit:
		return false
	case <-ctx.Done():
		return false
	}
}

func (c *client) setTelling(now bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.telling, c.heard = now, time.Now()
}

func (c *client) session() *session {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.s
}

// Start implements chain.Interface. A client is started when it is made.
func (c *client) Start(context.Context) error { return nil }

// Stop implements chain.Interface.
func (c *client) Stop() { c.cancel() }

// WaitForShutdown implements chain.Interface.
func (c *client) WaitForShutdown() { <-c.done }

// Disconnected implements wallet.Client. While it is true the wallet has no address watched, so it is true
// exactly when a new session must follow.
func (c *client) Disconnected() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lost()
}

// lost says whether bitcoind has been away for so long that the session doesn't go on. The caller holds mu.
func (c *client) lost() bool {
	return !c.gone.IsZero() && time.Since(c.gone) > c.timing.away
}

// Notifications implements chain.Interface.
func (c *client) Notifications() <-chan any { return c.out }

// Rescan implements chain.Interface. It always finishes, if not with this session then with the next.
func (c *client) Rescan(from *chainhash.Hash, addrs []btcutil.Address, outs map[wire.OutPoint]btcutil.Address) error {
	c.mu.Lock()
	s := c.s
	c.rescans++
	c.heard = time.Now()
	c.mu.Unlock()
	err := s.Rescan(from, addrs, outs)
	if err != nil {
		c.finished()
	}
	return err
}

// NotifyBlocks implements chain.Interface.
func (c *client) NotifyBlocks() error {
	s := c.session()
	err := s.NotifyBlocks()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.notified = c.notified || err == nil && c.s == s
	return err
}

// SendRawTransaction implements chain.Interface. Only what bitcoind says of the transaction is a refusal
// in btcwallet's terms; btcwallet's client takes a failed connection for one too.
func (c *client) SendRawTransaction(tx *wire.MsgTx, _ bool) (*chainhash.Hash, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	id := tx.TxHash()
	return &id, rejected(c.source.Publish(ctx, tx))
}
