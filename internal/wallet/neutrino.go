package wallet

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/btcsuite/btcwallet/chain"
	"github.com/btcsuite/btcwallet/waddrmgr"
	"github.com/lightninglabs/neutrino"
	"github.com/lightninglabs/neutrino/pushtx"
)

// light is what btcwallet calls a light client.
const light = "neutrino"

// errStopped answers what btcwallet asks of a light client after it was stopped, so that a recovery
// under way ends.
var errStopped = errors.New("wallet: the light client was stopped")

// Neutrino is the Backend that is a light client, which the caller runs, and stops after the
// wallet. A payment to the wallet is seen when it is in a block.
type Neutrino struct {
	cs     *neutrino.ChainService
	params *chaincfg.Params
}

var _ Backend = (*Neutrino)(nil)

// NewNeutrino asks nothing of the light client yet.
func NewNeutrino(cs *neutrino.ChainService, params *chaincfg.Params) *Neutrino {
	return &Neutrino{cs, params}
}

// String implements Backend.
func (n *Neutrino) String() string { return light + " " + n.params.Name }

// Dial implements Backend.
func (n *Neutrino) Dial(ctx context.Context, birthday time.Time) (Client, error) {
	inner := chain.NewNeutrinoClient(n.params, n.cs)
	inner.SetStartTime(birthday)
	if err := inner.Start(ctx); err != nil {
		return nil, fmt.Errorf("wallet: light client: %w", err)
	}
	c := &lightClient{
		NeutrinoClient: inner, peers: n.cs.ConnectedCount, out: make(chan any), quit: make(chan struct{}),
	}
	c.touch()
	go c.pass(time.NewTicker(stallCheck))
	return c, nil
}

const (
	stallCheck = 10 * time.Second
	stallAfter = 2 * time.Minute // without news while there are blocks to tell of
)

// lightClient is btcwallet's own, with remedies: its rescan ends for good when peers fail to answer
// once, which it only logs; a recovery goes on after Stop; and its last block is not that of the chain.
type lightClient struct {
	*chain.NeutrinoClient
	peers func() int32

	out    chan any
	quit   chan struct{}
	stop   sync.Once
	height atomic.Int32 // of the last block told of
	active atomic.Int64 // when the wallet was last told or answered something; Unix nanoseconds
}

func (c *lightClient) touch() { c.active.Store(time.Now().UnixNano()) }

// pass hands notifications on. When none has come for long though there are blocks, it has
// btcwallet begin anew from where it is, as after a lost connection.
func (c *lightClient) pass(tick *time.Ticker) {
	defer tick.Stop()
	defer close(c.out)
	in := c.NeutrinoClient.Notifications()
	for {
		var n any
		var ok bool
		select {
		case n, ok = <-in:
			if !ok {
				return
			}
			c.note(n)
		case <-tick.C:
			if !c.stalled(time.Now()) {
				continue
			}
			n = chain.ClientConnected{}
		case <-c.quit:
			return
		}
		select {
		case c.out <- n:
			c.touch()
		case <-c.quit:
			return
		}
	}
}

// note remembers what the wallet is told of.
func (c *lightClient) note(n any) {
	switch n := n.(type) {
	case chain.BlockConnected:
		c.height.Store(n.Height)
	case chain.BlockDisconnected:
		c.height.Store(n.Height - 1)
	case *chain.RescanFinished:
		c.height.Store(n.Height)
	}
}

// stalled says whether the wallet should have been told of a block by now.
func (c *lightClient) stalled(now time.Time) bool {
	if now.Sub(time.Unix(0, c.active.Load())) < stallAfter || c.Disconnected() || !c.IsCurrent() {
		return false
	}
	_, best, err := c.GetBestBlock()
	return err == nil && best > c.height.Load()
}

// Notifications overrides those of the client.
func (c *lightClient) Notifications() <-chan any { return c.out }

// Disconnected implements Client: there is no peer.
func (c *lightClient) Disconnected() bool { return c.stopped() || c.peers() == 0 }

func (c *lightClient) stopped() bool {
	select {
	case <-c.quit:
		return true
	default:
		return false
	}
}

// Stop overrides that of the client. A second call does nothing.
func (c *lightClient) Stop() {
	c.stop.Do(func() {
		close(c.quit)
		c.NeutrinoClient.Stop()
	})
}

// asked notes that the wallet asks something.
func (c *lightClient) asked() error {
	c.touch()
	if c.stopped() {
		return errStopped
	}
	return nil
}

// BlockStamp gives the last block of the chain, not the last one told of.
func (c *lightClient) BlockStamp() (*waddrmgr.BlockStamp, error) {
	hash, height, err := c.GetBestBlock()
	if err != nil {
		return nil, err
	}
	return &waddrmgr.BlockStamp{Hash: *hash, Height: height}, nil
}

// GetBestBlock overrides that of the client.
func (c *lightClient) GetBestBlock() (*chainhash.Hash, int32, error) {
	if c.stopped() {
		return nil, 0, errStopped
	}
	return c.NeutrinoClient.GetBestBlock()
}

// GetBlockHash overrides that of the client.
func (c *lightClient) GetBlockHash(height int64) (*chainhash.Hash, error) {
	if err := c.asked(); err != nil {
		return nil, err
	}
	return c.NeutrinoClient.GetBlockHash(height)
}

// FilterBlocks overrides that of the client.
func (c *lightClient) FilterBlocks(req *chain.FilterBlocksRequest) (*chain.FilterBlocksResponse, error) {
	if err := c.asked(); err != nil {
		return nil, err
	}
	return c.NeutrinoClient.FilterBlocks(req)
}

// SendRawTransaction overrides that of the client. A peer that says the transaction is in a block is
// not believed: the wallet keeps it until it has seen the block.
func (c *lightClient) SendRawTransaction(tx *wire.MsgTx, _ bool) (*chainhash.Hash, error) {
	if c.Disconnected() {
		return nil, ErrOffline
	}
	hash := tx.TxHash()
	err := c.CS.SendTransaction(tx)
	var refused *pushtx.BroadcastError
	switch {
	case err == nil, pushtx.IsBroadcastError(err, pushtx.Mempool, pushtx.Confirmed):
		return &hash, nil
	case errors.As(err, &refused):
		return nil, fmt.Errorf("TX rejected: %w", refused) // as isRejection knows it
	}
	return nil, err
}
