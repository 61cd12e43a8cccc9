package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

// graph gives a node the whole public network of a file, from its store, and measures its memory and
// how it finds routes there.
func (r *runner) graph(ctx context.Context, nodes []*daemon.Node) error {
	path := r.opt.graph
	if path == "" {
		if _, err := os.Stat(graphFile); errors.Is(err, fs.ErrNotExist) {
			r.say("the graph is left out: there is no %s; name a file with -graph", graphFile)
			return nil
		}
		path = graphFile
	}
	channels, err := readGraph(path)
	if err != nil {
		return err
	}
	n := nodes[0]
	chain, err := chainOf(ctx, n)
	if err != nil {
		return err
	}
	g, p, err := memoryGraph(chain, channels)
	if err != nil {
		return err
	}
	if err := r.routes(g, p); err != nil {
		return err
	}
	if err := n.Stop(ctx); err != nil {
		return err
	}
	store, err := storeOf(n)
	if err != nil {
		return err
	}
	if err := writeGraph(store, chain, channels); err != nil {
		return err
	}
	began := time.Now()
	if err := n.Start(ctx); err != nil {
		return err
	}
	err = n.Await(ctx, "the graph to be read", func(ctx context.Context) error {
		info, err := n.Lightning().GetNetworkInfo(ctx, &lnrpc.NetworkInfoRequest{})
		if err == nil && (int(info.NumChannels) != len(channels) || int(info.NumNodes) != len(p.nodes)) {
			err = fmt.Errorf("the node knows %d nodes and %d channels, its store was given %d and %d",
				info.NumNodes, info.NumChannels, len(p.nodes), len(channels))
		}
		return err
	})
	if err != nil {
		return err
	}
	start := time.Since(began)
	if err := r.queryRoutes(ctx, n, p); err != nil {
		return err
	}
	used, err := settled(ctx, n)
	if err != nil {
		return err
	}
	r.got.set("graph_2024_mb", used.all)
	r.got.set("graph_2024_start_ms", ms(start))
	r.say("a node with %d nodes and %d channels uses %v, and starts in %.1fs", len(p.nodes), len(channels), used, start.Seconds())
	return nil
}

// chainOf is the chain_hash of the node's network: the hash of its first block.
func chainOf(ctx context.Context, n *daemon.Node) (chainhash.Hash, error) {
	rpc, err := n.Chain.Client()
	if err != nil {
		return chainhash.Hash{}, err
	}
	defer rpc.Shutdown()
	h, err := rpc.GetBlockHash(0)
	if err != nil {
		return chainhash.Hash{}, err
	}
	return *h, ctx.Err()
}

// storeFile is the name of a node's store.
const storeFile = "nwnd.db"

// storeOf finds a node's store below its directory.
func storeOf(n *daemon.Node) (path string, err error) {
	err = filepath.WalkDir(n.DataDir(), func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.Name() == storeFile {
			path = p
		}
		return err
	})
	if err == nil && path == "" {
		err = fmt.Errorf("%s has no %s below %s", n.Name, storeFile, n.DataDir())
	}
	return path, err
}

// memory is what a node uses, in MB; files is what of it are pages of files, its store's above all.
type memory struct{ all, files float64 }

func (m memory) String() string {
	return fmt.Sprintf("%.0f MB of memory, of which %.0f MB are pages of files", m.all, m.files)
}

// settled is a node's memory once it has given back what its start needed (the derivation of a key
// takes 256 MB): when it has not fallen by a MB over some looks.
func settled(ctx context.Context, n *daemon.Node) (least memory, err error) {
	const looks = 200
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	same := 0
	err = n.Await(ctx, "memory to settle", func(context.Context) error {
		all, files, err := rss(n)
		if err != nil {
			return err
		}
		now := memory{float64(all) / (1 << 20), float64(files) / (1 << 20)}
		if same++; least.all == 0 || now.all < least.all-1 {
			least, same = now, 0
		}
		if same < looks {
			return errors.New(now.String())
		}
		return nil
	})
	if errors.Is(err, context.DeadlineExceeded) && least.all > 0 {
		err = nil // it falls still: what it was last is no less than what it will be
	}
	return least, err
}
