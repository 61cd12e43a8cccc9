package devnet

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/rpcclient"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/btcd"
	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/internal/devnet/proc"
)

// Programs are the executables that a Net runs.
type Programs struct {
	Btcd string // empty: looked for
	Nwnd string
	Lnd  string // empty where no lnd is asked for
}

// Net is a private chain and the Lightning nodes on it. It is driven by one goroutine.
type Net struct {
	Dir   string
	Chain *btcd.Node
	EVM   *EVM // nil: none
	Nodes []*daemon.Node

	programs Programs
	rpc      *rpcclient.Client
	payouts  map[chainhash.Hash][]*daemon.Node // transactions of Fund, and to whom their first outputs go
	past     history
}

// Confirmations that make everything settled for both implementations: a channel is
// announced, a cooperative close is final.
const deep = 6

// Start brings up the chain, with btcd's files and all nodes' below dir.
func Start(ctx context.Context, dir string, programs Programs) (*Net, error) {
	chain, err := btcd.Start(ctx, btcd.Config{Dir: filepath.Join(dir, "btcd"), Binary: programs.Btcd})
	if err != nil {
		return nil, err
	}
	rpc, err := chain.RPC().Client()
	if err != nil {
		return nil, errors.Join(err, chain.Stop())
	}
	height, _, err := chain.Best()
	if err != nil {
		return nil, errors.Join(err, chain.Stop())
	}
	return &Net{
		Dir: dir, Chain: chain, programs: programs, rpc: rpc,
		payouts: map[chainhash.Hash][]*daemon.Node{}, past: history{base: int64(height) + 1},
	}, nil
}

// AddEVM brings up an EVM chain, which nwnds that are added from then on follow.
func (n *Net) AddEVM(ctx context.Context) error {
	e, err := StartEVM(ctx)
	n.EVM = e
	return err
}

// Stop ends the nodes, all at once, then the chains.
func (n *Net) Stop(ctx context.Context) error {
	err := n.each(n.Nodes, func(node *daemon.Node) error { return node.Stop(ctx) })
	n.rpc.Shutdown()
	if n.EVM != nil {
		err = errors.Join(err, n.EVM.Close())
	}
	return errors.Join(err, n.Chain.Stop())
}

// Drop ends the given nodes and forgets them; the chain and the others go on.
func (n *Net) Drop(ctx context.Context, nodes ...*daemon.Node) error {
	err := n.each(nodes, func(node *daemon.Node) error { return node.Stop(ctx) })
	var rest []*daemon.Node
	for _, have := range n.Nodes {
		gone := false
		for _, node := range nodes {
			gone = gone || node == have
		}
		if !gone {
			rest = append(rest, have)
		}
	}
	n.Nodes = rest
	return err
}

// Add prepares a node in a directory of its name; args are appended to its command line.
func (n *Net) Add(kind daemon.Kind, name string, args ...string) (*daemon.Node, error) {
	return n.add(kind, name, false, args)
}

// AddLight is Add for an nwnd that follows the chain by neutrino.
func (n *Net) AddLight(name string, args ...string) (*daemon.Node, error) {
	return n.add(daemon.NWND, name, true, args)
}

func (n *Net) add(kind daemon.Kind, name string, light bool, args []string) (*daemon.Node, error) {
	binary := n.programs.Nwnd
	if kind == daemon.LND {
		binary = n.programs.Lnd
	} else if n.EVM != nil {
		args = append([]string{n.EVM.Option()}, args...)
	}
	node, err := daemon.New(daemon.Config{
		Kind: kind, Name: name, Dir: filepath.Join(n.Dir, name), Binary: binary,
		Chain: n.Chain.RPC(), Light: light, Args: args,
	})
	if err != nil {
		return nil, err
	}
	n.Nodes = append(n.Nodes, node)
	return node, nil
}

// Turn makes a node that doesn't run one of another kind at its next start.
func (n *Net) Turn(node *daemon.Node, kind daemon.Kind) {
	node.Kind, node.Binary = kind, n.programs.Nwnd
	if kind == daemon.LND {
		node.Binary = n.programs.Lnd
	}
}

// StartAll starts the nodes that don't run, all at once.
func (n *Net) StartAll(ctx context.Context) error {
	return n.each(n.Nodes, func(node *daemon.Node) error {
		if node.Running() {
			return nil
		}
		return node.Start(ctx)
	})
}

// Fund gives each node's wallet this much, confirmed.
func (n *Net) Fund(ctx context.Context, amount btcutil.Amount, nodes ...*daemon.Node) error {
	var addrs []string
	for _, node := range nodes {
		a, err := node.NewAddress(ctx)
		if err != nil {
			return err
		}
		addrs = append(addrs, a)
	}
	txid, err := n.Chain.Pay(amount, addrs...)
	if err != nil {
		return err
	}
	n.payouts[txid] = nodes
	if err := n.Mine(ctx, 1); err != nil {
		return err
	}
	return n.each(nodes, func(node *daemon.Node) error { return node.AwaitConfirmed(ctx, int64(amount)) })
}

// Mine adds blocks and waits until every running node has seen them.
func (n *Net) Mine(ctx context.Context, blocks int) error {
	if _, err := n.Chain.Mine(blocks); err != nil {
		return err
	}
	height, _, err := n.Chain.Best()
	if err != nil {
		return err
	}
	return n.each(n.Nodes, func(node *daemon.Node) error {
		if !node.Running() {
			return nil
		}
		return node.AwaitHeight(ctx, uint32(height))
	})
}

// patience is how long nodes are given to act before another block is mined: far more than they take,
// and if they need longer they have it after that block.
const patience = 500 * time.Millisecond

// MineUntil mines one block after the other, at most limit, until a condition holds.
func (n *Net) MineUntil(ctx context.Context, limit int, ok func(context.Context) error) error {
	var err error
	for range limit {
		short, cancel := context.WithTimeout(ctx, patience)
		err = proc.Await(short, "the nodes to act", ok)
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
		if err := n.Mine(ctx, 1); err != nil {
			return err
		}
	}
	return fmt.Errorf("devnet: after %d blocks: %w", limit, err)
}

// BlockHash is the id of the block at a height.
func (n *Net) BlockHash(height int64) (chainhash.Hash, error) {
	hash, err := n.rpc.GetBlockHash(height)
	if err != nil {
		return chainhash.Hash{}, fmt.Errorf("devnet: block %d: %w", height, err)
	}
	return *hash, nil
}

// Confirm waits until transactions are in the mempool and buries them.
func (n *Net) Confirm(ctx context.Context, txids ...chainhash.Hash) error {
	return n.confirm(ctx, deep, txids)
}

// ConfirmOnce waits until transactions are in the mempool and mines one block.
func (n *Net) ConfirmOnce(ctx context.Context, txids ...chainhash.Hash) error {
	return n.confirm(ctx, 1, txids)
}

func (n *Net) confirm(ctx context.Context, blocks int, txids []chainhash.Hash) error {
	err := proc.Await(ctx, "the mempool", func(context.Context) error {
		pool, err := n.rpc.GetRawMempool()
		if err != nil {
			return err
		}
		have := make(map[chainhash.Hash]bool, len(pool))
		for _, id := range pool {
			have[*id] = true
		}
		for _, id := range txids {
			if !have[id] {
				return fmt.Errorf("%v is not among %d transactions", id, len(pool))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return n.Mine(ctx, blocks)
}

// Link is one channel to open, and after OpenAll the one that was opened.
type Link struct {
	From, To *daemon.Node
	Capacity int64
	Push     int64
	Private  bool   // not to be announced
	Delay    uint32 // blocks that To's balance waits if To closes alone, 0: as From sees fit
	Point    wire.OutPoint
}

// OpenAll connects the ends of the links, opens them, buries the funding and waits
// until both ends can use each and every node of the links has all that are announced in its graph.
func (n *Net) OpenAll(ctx context.Context, links ...*Link) error {
	var funding []chainhash.Hash
	for _, l := range links {
		if err := l.From.Connect(ctx, l.To); err != nil {
			return err
		}
		point, err := l.From.Open(ctx, l.To, daemon.Opening{Capacity: l.Capacity, Push: l.Push, Private: l.Private, Delay: l.Delay})
		if err != nil {
			return err
		}
		l.Point = point
		funding = append(funding, point.Hash)
	}
	if err := n.Confirm(ctx, funding...); err != nil {
		return err
	}
	return n.AwaitUsable(ctx, links...)
}

// AwaitUsable waits until every link is active at both ends and, if announced, in the graph of every end.
func (n *Net) AwaitUsable(ctx context.Context, links ...*Link) error {
	var ends []*daemon.Node
	announced := 0
	for _, l := range links {
		if !l.Private {
			announced++
		}
		for _, end := range []*daemon.Node{l.From, l.To} {
			if err := end.AwaitChannel(ctx, l.Point, "an active channel", daemon.Active); err != nil {
				return err
			}
			ends = append(ends, end)
		}
	}
	return n.each(ends, func(end *daemon.Node) error { return end.AwaitGraph(ctx, announced) })
}

// each runs f for all nodes at once and joins what went wrong.
func (n *Net) each(nodes []*daemon.Node, f func(*daemon.Node) error) error {
	errs := make([]error, len(nodes))
	var wg sync.WaitGroup
	for i, node := range nodes {
		wg.Go(func() { errs[i] = f(node) })
	}
	wg.Wait()
	return errors.Join(errs...)
}
