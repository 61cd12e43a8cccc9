package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/health"
	"github.com/nichework/nwnd/lnrpc/rpcserver"
)

// stopTimeout is how long calls under way may take to finish when the daemon stops.
const stopTimeout = 10 * time.Second

// daemon runs a node until ctx ends, a client stops it or something fails.
func daemon(ctx context.Context, args []string, stdout io.Writer) error {
	cfg, err := config.Load(args)
	if help := (*config.Help)(nil); errors.As(err, &help) {
		fmt.Fprint(stdout, usage, help.Text)
		return nil
	}
	if errors.Is(err, config.ErrShowLevels) {
		fmt.Fprintln(stdout, "Supported subsystems", subsystems())
		return nil
	}
	if err != nil {
		return err
	}
	if err := refuseLndsDir(cfg); err != nil {
		return err
	}
	unlock, err := lockDir(cfg.ChainDir())
	if err != nil {
		return err
	}
	defer unlock()
	if err := health.DiskFloor(cfg.ChainDir())(ctx); err != nil {
		return err // before anything is written that would be half there
	}
	logs, err := newLogs(cfg, stdout)
	if err != nil {
		return err
	}
	defer logs.Close()
	log := logs.For("NWND")
	log.Info("starting", "version", version(), "network", cfg.Network.Name, "dir", cfg.NwndDir,
		"file", cfg.File)
	for _, i := range cfg.Ignored {
		log.Warn("option of lnd's is ignored", "option", i.Name, "reason", i.Reason)
	}

	ctx, shutdown := context.WithCancel(ctx)
	defer shutdown()
	err = serve(ctx, cfg, logs, shutdown)
	if err != nil {
		log.Error("stopped by an error", "err", err)
	} else {
		log.Info("stopped")
	}
	return err
}

// serve serves the API from before the wallet is open to after the node has stopped.
func serve(ctx context.Context, cfg *config.Config, logs *logs, shutdown func()) (err error) {
	k := &keeper{cfg: cfg, log: logs.For("WLLT")}
	defer func() { err = errors.Join(err, k.Close()) }()
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	ops, err := startOps(ctx, cfg, logs, fail)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ops.close()) }()
	server, err := newServer(cfg, k, logs, shutdown)
	if err != nil {
		return err
	}
	listeners, err := listen(cfg.RPCListen)
	if err != nil {
		return err
	}
	rest, err := newREST(cfg, server, logs)
	if err != nil {
		for _, l := range listeners {
			l.Close()
		}
		return err
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(listeners...); err != nil {
			fail(err)
		}
	})
	serving.Go(func() {
		if err := rest.run(); err != nil {
			fail(err)
		}
	})
	for _, l := range listeners {
		logs.For("RPCS").Info("serving the API", "address", l.Addr())
	}

	ops.serving()
	node, err := start(ctx, cfg, k, server, logs, ops)
	if err == nil {
		ops.up(ctx, node)
		select {
		case <-ctx.Done():
		case err = <-node.failed:
			if ctx.Err() != nil {
				// What it stands on ended with ctx; its complaint is no failure.
				logs.For("NWND").Info("the node ended with the rest", "err", err)
				err = nil
			}
		}
	} else if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = nil // stopped while starting
	}

	// New calls are refused from here on; those under way end with the node.
	logs.For("NWND").Info("stopping")
	ops.stopping()
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	serving.Go(func() { server.Stop(stopping) })
	serving.Go(func() { rest.stop(stopping) })
	if node != nil {
		err = errors.Join(err, node.stop(stopping))
	}
	serving.Wait()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		err = errors.Join(err, cause)
	}
	return err
}

// start opens the wallet, waiting for someone to do it if need be, and starts the node.
func start(ctx context.Context, cfg *config.Config, k *keeper, server *rpcserver.Server, logs *logs, ops *ops) (*running, error) {
	opened, err := k.auto(ctx)
	if err != nil {
		return nil, err
	}
	if opened {
		server.Unlocked()
	} else {
		logs.For("NWND").Info("waiting for the wallet: use nwcli create or nwcli unlock")
		ops.notify.Status("waiting for the wallet: nwcli create or nwcli unlock")
	}
	if err := server.WaitUnlocked(ctx); err != nil {
		return nil, err
	}
	ops.notify.Status("waiting for the chain's source")
	node, err := startNode(ctx, cfg, k.wallet(), logs.For)
	if err != nil {
		return nil, err
	}
	restored, err := server.RestoreGiven(ctx, node.api)
	if err != nil {
		logs.For("NWND").Error("of the channel backups given with the wallet not all can be restored; "+
			"nwcli backup restore tries it again", "err", err)
	} else if restored > 0 {
		logs.For("NWND").Info("channels are restored from their backups", "count", restored)
	}
	server.Activate(node.api)
	server.Ready()
	logs.For("NWND").Info("the node is up")
	return node, nil
}

func newServer(cfg *config.Config, k *keeper, logs *logs, shutdown func()) (*rpcserver.Server, error) {
	tls, err := rpcserver.LoadTLS(rpcserver.CertConfig{
		CertPath: cfg.TLSCertPath, KeyPath: cfg.TLSKeyPath, ExtraIPs: cfg.TLSExtraIP,
		ExtraDomains: cfg.TLSExtraDomain, Lifetime: cfg.TLSCertDuration, Refresh: cfg.TLSAutoRefresh,
		NoAutofill: cfg.TLSNoAutofill,
	})
	if err != nil {
		return nil, err
	}
	macaroons, err := openMacaroons(cfg)
	if err != nil {
		return nil, err
	}
	return rpcserver.New(rpcserver.Config{
		Log: logs.For("RPCS"), Logs: logs, Version: version(), CommitHash: commit(), TLS: tls, Macaroons: macaroons,
		Wallet: k, Shutdown: shutdown,
	})
}

// listen opens every address, or none.
func listen(addrs []string) (out []net.Listener, err error) {
	for _, a := range addrs {
		l, err := net.Listen("tcp", a)
		if err != nil {
			for _, o := range out {
				o.Close()
			}
			return nil, fmt.Errorf("the API cannot listen: %w", err)
		}
		out = append(out, l)
	}
	return out, nil
}
