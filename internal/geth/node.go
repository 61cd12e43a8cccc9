package geth

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/filters"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/rpc"
)

// ErrClosed is returned by what needs a running node.
var ErrClosed = errors.New("geth: the node is closed")

// Node is a running chain. It is safe for concurrent use.
type Node struct {
	cfg    Config
	stack  *node.Node
	eth    *eth.Ethereum
	client *ethclient.Client

	url, socket string // of HTTP and WebSocket

	ticks   sync.WaitGroup
	mu      sync.Mutex // blocks are made one at a time
	offset  time.Duration
	stop    chan struct{} // of the loop that makes a block every period; nil: there is none
	failure error         // of that loop
	closed  bool
}

// Start runs a node until Close. It has one block after its genesis.
func Start(cfg Config) (*Node, error) {
	cfg = cfg.withDefaults()
	if cfg.Final < cfg.Safe {
		return nil, fmt.Errorf("geth: final at depth %d, before safe at %d", cfg.Final, cfg.Safe)
	}
	stack, err := node.New(cfg.shell())
	if err != nil {
		return nil, fmt.Errorf("geth: %w", err)
	}
	n := &Node{cfg: cfg, stack: stack, offset: cfg.Offset}
	if err := n.start(); err != nil {
		return nil, errors.Join(fmt.Errorf("geth: %w", err), stack.Close())
	}
	n.Every(cfg.Period)
	return n, nil
}

// start brings the services up.
func (n *Node) start() (err error) {
	if n.eth, err = eth.New(n.stack, n.cfg.chain()); err != nil {
		return err
	}
	system := filters.NewFilterSystem(n.eth.APIBackend, filters.Config{RangeLimit: n.cfg.LogRange})
	n.stack.RegisterAPIs([]rpc.API{
		{Namespace: "eth", Service: filters.NewFilterAPI(system)},
		{Namespace: "eth", Service: &intake{n}}, // in place of go-ethereum's own method
	})
	if err := n.stack.Start(); err != nil {
		return err
	}
	n.url, n.socket = n.stack.HTTPEndpoint(), n.stack.WSEndpoint()
	n.eth.SetSynced()
	n.client = ethclient.NewClient(n.stack.Attach())
	if err := n.Mine(1); err != nil {
		return err
	}
	return n.awaitIndex()
}

// awaitIndex waits until the first block's transactions are indexed, before which go-ethereum answers every
// question for a transaction that it doesn't know with an error.
func (n *Node) awaitIndex() error {
	for range int(time.Minute / time.Millisecond) {
		if p, err := n.chain().TxIndexProgress(); err != nil || p.Done() {
			return err
		}
		time.Sleep(time.Millisecond)
	}
	return errors.New("the first block was not indexed within a minute")
}

// Close ends it. What is on the chain is gone.
func (n *Node) Close() error {
	n.Every(0)
	n.mu.Lock()
	closed, failure := n.closed, n.failure
	n.closed = true
	n.mu.Unlock() // the stack waits for its requests, and those for mu
	if closed {
		return nil
	}
	n.client.Close()
	if err := errors.Join(failure, n.stack.Close()); err != nil {
		return fmt.Errorf("geth: close: %w", err)
	}
	return nil
}

// URL is where JSON-RPC is served over HTTP.
func (n *Node) URL() string { return n.url }

// WebSocket is where JSON-RPC is served with subscriptions.
func (n *Node) WebSocket() string { return n.socket }

// IPC is the path of the socket, empty if none was asked for.
func (n *Node) IPC() string { return n.stack.IPCEndpoint() }

// ChainID is the chain's number.
func (n *Node) ChainID() uint64 { return n.cfg.ChainID }

// Client asks the node without a socket in between. It ends with the node.
func (n *Node) Client() *ethclient.Client { return n.client }

// Head is the newest block.
func (n *Node) Head() *types.Header { return n.chain().CurrentBlock() }

func (n *Node) chain() *core.BlockChain { return n.eth.BlockChain() }
