package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/backup"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/enforce/records"
	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/internal/peer"
	"github.com/nichework/nwnd/internal/tor"
	"github.com/nichework/nwnd/internal/wallet"
)

// storeFile holds channels, invoices and payments.
const storeFile = "nwnd.db"

// running is a node in operation. failed gives the error that ended it by itself; stop
// ends it, and may leave work unfinished only when its context ends.
type running struct {
	api    node.API
	failed <-chan error
	stop   func(context.Context) error

	stats func() channeldb.Stats      // of the store
	alive func(context.Context) error // nil while the node and its store answer
	chain func(context.Context) error // nil while the chain's source does
	htlcs func(context.Context) iter.Seq2[node.HTLCEvent, error]
	onion func(context.Context) error // nil while Tor has the onion service; no function without one
}

// parts are what a node stands on, in the order in which they are made.
type parts struct {
	backend   *backend
	wallet    *wallet.Wallet
	chain     *chain.Follower
	db        *channeldb.DB
	listeners []net.Listener
	onion     *tor.Service // nil without one
	addresses *announced
	evm       *evmChains
}

// close ends them in the opposite order.
func (p *parts) close() error {
	var errs []error
	if p.onion != nil {
		ctx, cancel := context.WithTimeout(context.Background(), torTimeout)
		defer cancel()
		_ = p.onion.Stop(ctx) // it ends with this process in any case
	}
	for _, l := range p.listeners {
		errs = append(errs, ignoreClosed(l.Close()))
	}
	p.evm.close() // what it signs is in the store
	if p.db != nil {
		errs = append(errs, p.db.Close())
	}
	if p.chain != nil {
		p.chain.Close()
	}
	if p.wallet != nil {
		errs = append(errs, p.wallet.Close()) // before what it learns of the chain from
	}
	if p.backend != nil {
		errs = append(errs, p.backend.stop())
	}
	return errors.Join(errs...)
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// startNode puts the node together on an open wallet, which the caller closes after it.
func startNode(ctx context.Context, cfg *config.Config, w *wallet.Wallet, logs func(subsystem string) *slog.Logger) (*running, error) {
	p, err := openParts(ctx, cfg, logs)
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	p.wallet = w
	if err := w.Start(context.WithoutCancel(ctx), p.backend.wallet); err != nil {
		return nil, errors.Join(err, p.close())
	}
	was := p.addresses.now(ctx)
	base, err := w.Keys().BackupKey()
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	conf := nodeConfig(cfg, p, w, was, logs("NODE"))
	failed, ended := make(chan error, 1), make(chan struct{})
	p.evm, err = openEVM(cfg, w, p.db, logs("EVM"), func(err error) {
		select {
		case failed <- err:
		default: // another reason was first
		}
	})
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	conf.EVM = p.evm.all
	conf.Backup = backup.File{Path: cfg.BackupFilePath, Key: backup.NewKey(base)}
	n, err := node.New(conf)
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	go func() {
		defer close(ended)
		if err := n.Run(); err != nil {
			select {
			case failed <- err:
			default:
			}
		}
	}()
	if err := started(ctx, n, failed); err != nil {
		n.Close()
		<-ended
		return nil, errors.Join(err, p.close())
	}
	p.evm.addAssets(cfg, n, logs("EVM"))
	following, unfollow := context.WithCancel(context.WithoutCancel(ctx))
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		p.addresses.follow(following, was, n.SetAddresses)
	}()
	keepPeers(ctx, cfg, n, logs("NODE"))
	r := &running{api: n, failed: failed, stats: p.db.Stats, alive: alive(n, p.db), htlcs: n.HTLCEvents, chain: func(ctx context.Context) error {
		_, _, err := p.backend.source.Tip(ctx)
		return err
	}}
	if p.onion != nil {
		r.onion = p.onion.Check
	}
	r.stop = func(ctx context.Context) error {
		unfollow()
		<-followed
		n.Close()
		select {
		case <-ended:
		case <-ctx.Done():
			return fmt.Errorf("the node did not stop in time: %w", ctx.Err())
		}
		return p.close()
	}
	return r, nil
}

// started waits until the node has read what it must know before anything is asked of it.
func started(ctx context.Context, n *node.Node, failed <-chan error) error {
	select {
	case <-n.Started():
		return nil
	case err := <-failed:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// keepPeers connects to the peers that the options name, and stays connected.
func keepPeers(ctx context.Context, cfg *config.Config, n *node.Node, log *slog.Logger) {
	for _, p := range cfg.AddPeers {
		text, host, _ := strings.Cut(p, "@")
		raw, err := hex.DecodeString(text)
		var key *btcec.PublicKey
		if err == nil {
			key, err = btcec.ParsePubKey(raw)
		}
		if err == nil {
			err = n.ConnectPeer(ctx, node.ConnectPeer{Key: key, Host: host, Permanent: true})
		}
		if err != nil {
			log.Warn("addpeer", "peer", p, "err", err)
		}
	}
}

// alive asks the node and its store whether they answer. One question at a time: if the last
// one hangs, they don't.
func alive(n *node.Node, db *channeldb.DB) func(context.Context) error {
	busy := make(chan struct{}, 1)
	return func(ctx context.Context) error {
		select {
		case busy <- struct{}{}:
		default:
			return errors.New("the node has not answered the last question")
		}
		done := make(chan error, 1)
		go func() {
			defer func() { <-busy }()
			_, err := n.Info(ctx)
			done <- errors.Join(err, db.Append())
		}()
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return fmt.Errorf("the node does not answer: %w", ctx.Err())
		}
	}
}

func openParts(ctx context.Context, cfg *config.Config, logs func(string) *slog.Logger) (p *parts, err error) {
	p = &parts{}
	if p.backend, err = openBackend(cfg, logs); err != nil {
		return p, err
	}
	follow := chain.Config{Log: logs("CHAN"), Filters: p.backend.filters, Hints: p.backend.hints}
	if cfg.Network.Worthless {
		follow.Poll = 100 * time.Millisecond // blocks come on demand there
	}
	// It ends with close, after the node; ctx only ends the wait for the backend.
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	waiting := context.AfterFunc(ctx, cancel)
	p.chain, err = chain.Start(own, p.backend.source, follow)
	if !waiting() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		cancel()
		return p, err
	}
	store := channeldb.Options{Program: "nwnd " + version(), Rising: []string{records.Bucket}}
	if p.db, err = channeldb.Open(filepath.Join(cfg.ChainDir(), storeFile), store); err != nil {
		return p, err
	}
	return p, openDoors(ctx, cfg, p, logs("NODE"))
}

// openDoors listens for peers and finds out under which addresses they reach us.
func openDoors(ctx context.Context, cfg *config.Config, p *parts, log *slog.Logger) (err error) {
	p.addresses = &announced{log: log, lookup: dialer(cfg).LookupHost, hosts: cfg.ExternalHosts}
	p.addresses.fix(ctx, cfg.ExternalIP)
	if cfg.DisableListen {
		return nil
	}
	for _, addr := range cfg.Listen {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return fmt.Errorf("peers cannot be listened for: %w", err)
		}
		p.listeners = append(p.listeners, l)
	}
	onion, addr, err := openOnion(ctx, cfg, p.listeners)
	if err != nil || onion == nil {
		return err
	}
	log.Info("reachable as an onion service", "address", addr)
	p.onion = onion
	p.addresses.fixed = append(p.addresses.fixed, addr)
	return nil
}

func nodeConfig(cfg *config.Config, p *parts, w *wallet.Wallet, addrs []net.Addr, log *slog.Logger) node.Config {
	return node.Config{
		Network: cfg.Network.Params, Identity: w.Keys().NodePrivate(), DB: p.db, Chain: p.chain,
		Wallet: node.OnChain{Wallet: w}, Log: log, Alias: cfg.Alias, Color: cfg.RGB, Listen: p.listeners,
		Version: version(), MinConfs: uint32(cfg.Bitcoin.DefaultNumConfs),
		FinalConfs: uint32(cfg.Bitcoin.FinalConfs), FinalConfsPerBTC: uint32(cfg.Bitcoin.FinalConfsPerBTC), MaxPending: cfg.MaxPendingChannels,
		MinChannel: cfg.MinChanSize, MaxChannel: cfg.MaxChanSize,
		TrustGraph:    cfg.Bitcoin.Node == config.NodeNeutrino && !cfg.Neutrino.ValidateChannels,
		AcceptKeysend: cfg.AcceptKeysend, Addresses: addrs, Dial: dialer(cfg).Dial, ConnectTimeout: cfg.ConnectTimeout,
		PeerLimits: peer.Limits{Connect: cfg.ConnectTimeout, MinBackoff: cfg.MinBackoff, MaxBackoff: cfg.MaxBackoff},
		Policy: node.ChannelPolicy{
			BaseFee: lnwire.MilliSatoshi(cfg.Bitcoin.BaseFee), FeePPM: uint32(cfg.Bitcoin.FeeRate),
			CLTVDelta: cfg.Bitcoin.TimeLockDelta, MinHTLC: lnwire.MilliSatoshi(cfg.Bitcoin.MinHTLCOut),
		},
	}
}
