package btcd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/rpcclient"
)

const (
	startAttempts = 3                     // when another process took the port meanwhile
	readyTimeout  = 2 * time.Minute       // from start to the first RPC answer
	readyPoll     = 20 * time.Millisecond // between two questions whether it is ready
	stopTimeout   = 15 * time.Second      // from the interrupt to the kill

	// Below the ports that systems give to outgoing connections, so that nobody has a btcd's when it comes back.
	firstPort, lastPort = 10_000, 17_999
)

// Node is a btcd process and the miner of its chain. Its methods are safe for concurrent use.
type Node struct {
	cfg    Config
	params *chaincfg.Params
	log    *slog.Logger
	binary string
	rpc    RPCConfig
	mining btcutil.Address
	faucet *faucet

	mu     sync.Mutex // guards what follows, and orders starting, stopping and mining
	client *rpcclient.Client
	proc   *process
}

// Start runs btcd and returns when it answers and its chain has reached cfg.Height. The process
// lives until Stop, or until ctx ends.
func Start(ctx context.Context, cfg Config) (*Node, error) {
	params, err := cfg.params()
	if err != nil {
		return nil, err
	}
	cfg.Network = params.Name
	n := &Node{cfg: cfg, params: params, log: cfg.Log, binary: cfg.Binary}
	if n.log == nil {
		n.log = slog.New(slog.DiscardHandler)
	}
	if n.binary == "" {
		if n.binary, err = Find(); err != nil {
			return nil, err
		}
	}
	if err := n.prepare(); err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.launch(ctx); err != nil {
		return nil, err
	}
	if err := n.mineUpTo(ctx, cfg.Height); err != nil {
		return nil, errors.Join(err, n.halt())
	}
	return n, nil
}

// launch starts the process and waits until it answers. A port chosen here may be taken by
// somebody else before btcd binds it; then another one is tried.
func (n *Node) launch(ctx context.Context) error {
	free := n.rpc.Host == ""
	var err error
	for range startAttempts {
		if free {
			if n.rpc.Host, err = freePort(); err != nil {
				return err
			}
			n.rpc.P2P = ""
		}
		if n.rpc.P2P == "" {
			if n.rpc.P2P, err = freePort(); err != nil {
				return err
			}
		}
		if err = n.launchOnce(ctx); err == nil {
			return nil
		}
		if !free || !errors.Is(err, ErrExited) {
			return err
		}
	}
	return err
}

func (n *Node) launchOnce(ctx context.Context) error {
	if err := os.WriteFile(n.confPath(), []byte(n.conf()), 0o600); err != nil {
		return fmt.Errorf("btcd: config file: %w", err)
	}
	proc, err := run(ctx, n.binary, n.args(), filepath.Join(n.cfg.Dir, "btcd.out"))
	if err != nil {
		return err
	}
	client, err := n.rpc.Client()
	if err != nil {
		return errors.Join(err, proc.stop())
	}
	if err := ready(ctx, n.rpc.Host, client, proc); err != nil {
		client.Shutdown()
		return errors.Join(err, proc.stop())
	}
	n.proc, n.client = proc, client
	n.log.Info("btcd is up", "rpc", n.rpc.Host, "network", n.params.Name, "dir", n.cfg.Dir)
	return nil
}

// ready polls until the process answers a question. It asks only who listens, since rpcclient
// goes on asking those who don't for half a minute.
func ready(ctx context.Context, host string, client *rpcclient.Client, proc *process) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	tick := time.NewTicker(readyPoll)
	defer tick.Stop()
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", host)
		if err == nil {
			conn.Close()
			if _, err = client.GetBlockCount(); err == nil {
				return nil
			}
		}
		select {
		case <-proc.done:
			return fmt.Errorf("%w: %v, see %s", ErrExited, proc.err, proc.output)
		case <-ctx.Done():
			return fmt.Errorf("btcd: no answer to RPC after %v: %w (%w)", readyTimeout, err, ctx.Err())
		case <-tick.C:
		}
	}
}

// RPC says how to reach this node; it stays the same over Restart.
func (n *Node) RPC() RPCConfig {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.rpc
}

// Params gives the chain's parameters.
func (n *Node) Params() *chaincfg.Params { return n.params }

// Dir is where the node keeps its files.
func (n *Node) Dir() string { return n.cfg.Dir }

// Done is closed when the process has ended, however it did.
func (n *Node) Done() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.proc == nil {
		done := make(chan struct{})
		close(done)
		return done
	}
	return n.proc.done
}

// Stop ends the process in order and waits for it. A second call does nothing.
func (n *Node) Stop() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.halt()
}

func (n *Node) halt() error {
	if n.proc == nil {
		return nil
	}
	n.client.Shutdown()
	err := n.proc.stop()
	n.proc, n.client = nil, nil
	return err
}

// Restart stops the process if it runs, and starts it again on the same port with the same
// credentials and, on simnet, the same blocks. The mempool is lost.
func (n *Node) Restart(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.halt(); err != nil {
		return err
	}
	n.faucet.forget()
	return n.launch(ctx)
}

// freePort gives a loopback address on which nobody listens now.
func freePort() (string, error) {
	var last error
	for range 1000 {
		addr := fmt.Sprintf("127.0.0.1:%d", firstPort+rand.IntN(lastPort-firstPort+1))
		l, err := net.Listen("tcp", addr)
		if err == nil {
			return addr, l.Close()
		}
		last = err
	}
	return "", fmt.Errorf("btcd: no free port from %d to %d: %w", firstPort, lastPort, last)
}
