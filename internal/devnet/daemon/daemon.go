package daemon

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"google.golang.org/grpc"

	"github.com/nichework/nwnd/internal/btcd"
	"github.com/nichework/nwnd/internal/devnet/proc"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// Kind is which implementation a node runs.
type Kind string

// The implementations.
const (
	NWND Kind = "nwnd"
	LND  Kind = "lnd"
)

// Config says which daemon to run and where. Dir holds everything the node writes.
type Config struct {
	Kind   Kind
	Name   string // also its alias
	Dir    string
	Binary string
	Chain  btcd.RPCConfig
	Light  bool     // follow the chain as a peer of btcd (neutrino), not by its RPC
	Args   []string // appended to the ones this package makes
}

// Node is a daemon that can be started, stopped, killed and asked. Its ports stay
// the same over restarts. A Node is driven by one goroutine; its clients may be used
// by any number while it is up.
type Node struct {
	Config
	p2p, rpc, rest int

	proc   *proc.Process
	conn   *grpc.ClientConn
	key    string
	seed   []string // of the wallet
	backup []byte   // of the channels, to be restored with it
}

// Times that calls which have no deadline of their own are given. They are far above
// what any of it takes on a slow machine: hitting one is a failure, not a delay.
const (
	startTimeout = 5 * time.Minute
	stopTimeout  = 3 * time.Minute
)

// New prepares a node; nothing runs yet.
func New(cfg Config) (*Node, error) {
	ports, err := proc.FreePorts(3)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("daemon: %s: %w", cfg.Name, err)
	}
	n := &Node{Config: cfg, p2p: ports[0], rpc: ports[1], rest: ports[2]}
	return n, os.WriteFile(n.passwordFile(), []byte("correct horse battery"), 0o600)
}

// Start runs the daemon and returns once it serves: its wallet created (the first
// time) and unlocked, its view of the chain current.
func (n *Node) Start(ctx context.Context) error {
	if n.Running() {
		return fmt.Errorf("daemon: %s runs already", n.Name)
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	p, err := proc.Start(proc.Spec{Name: n.Name, Path: n.Binary, Args: n.args(), Log: n.LogFile()})
	if err != nil {
		return err
	}
	n.proc = p
	if err := n.serve(ctx); err != nil {
		return fmt.Errorf("daemon: %s: start: %w", n.Name, err)
	}
	return nil
}

// serve waits for each stage of a daemon's start and connects to it.
func (n *Node) serve(ctx context.Context) error {
	if err := n.unlock(ctx); err != nil {
		return err
	}
	if err := n.dial(n.macaroon); err != nil {
		return err
	}
	return n.proc.Await(ctx, "the chain to be synced", func(ctx context.Context) error {
		info, err := n.Lightning().GetInfo(ctx, &lnrpc.GetInfoRequest{})
		if err != nil {
			return err
		}
		if !info.SyncedToChain {
			return fmt.Errorf("at height %d", info.BlockHeight)
		}
		n.key = info.IdentityPubkey
		return nil
	})
}

// Stop asks the daemon to end and waits till it did.
func (n *Node) Stop(ctx context.Context) error {
	if n.proc == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	n.hangUp()
	err := n.proc.Stop(ctx)
	n.proc = nil
	return err
}

// Kill sends SIGKILL and returns when the process is gone.
func (n *Node) Kill() error {
	if n.proc == nil {
		return nil
	}
	err := n.proc.Kill()
	n.hangUp()
	n.proc = nil
	return err
}

// Restart stops the daemon as an operator would and starts it again.
func (n *Node) Restart(ctx context.Context) error {
	return errors.Join(n.Stop(ctx), n.Start(ctx))
}

// Running says whether the process was started and has not ended.
func (n *Node) Running() bool {
	if n.proc == nil {
		return false
	}
	select {
	case <-n.proc.Done():
		return false
	default:
		return true
	}
}

// PID is the process id, 0 when it does not run.
func (n *Node) PID() int {
	if n.proc == nil {
		return 0
	}
	return n.proc.PID()
}

// Lightning is the client of lnd's main service.
func (n *Node) Lightning() lnrpc.LightningClient { return lnrpc.NewLightningClient(n.conn) }

// Router is the client of the payment service.
func (n *Node) Router() routerrpc.RouterClient { return routerrpc.NewRouterClient(n.conn) }

// Key is the node's identity in hex, known after its first start.
func (n *Node) Key() string { return n.key }

// KeyBytes is Key as 33 bytes.
func (n *Node) KeyBytes() []byte {
	b, err := hex.DecodeString(n.key)
	if err != nil {
		return nil // the server refuses an empty key
	}
	return b
}

// Address is where peers reach it.
func (n *Node) Address() string { return loopback(n.p2p) }

// LogFile is where the daemon's output goes.
func (n *Node) LogFile() string { return filepath.Join(n.Dir, "output.log") }

// DataDir holds what the daemon keeps.
func (n *Node) DataDir() string { return filepath.Join(n.Dir, "home") }
