package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"github.com/nichework/nwnd/config"
	"github.com/nichework/nwnd/internal/metrics"
	"github.com/nichework/nwnd/internal/systemd"
)

// ops is what an operator sees of the daemon from outside: metrics, profiles, systemd, and
// the checks that stop it before harm is done.
type ops struct {
	cfg     *config.Config
	logs    *logs
	fail    func(error) // stops the daemon
	notify  *systemd.Notifier
	metrics *metrics.Collector
	htlcs   *metrics.HTLCs // nil when nobody looks

	ctx    context.Context // ends with close
	cancel context.CancelFunc
	tasks  sync.WaitGroup
	closes []func() error
}

// startOps begins with what needs no node: whatever can't be had fails the start.
func startOps(ctx context.Context, cfg *config.Config, logs *logs, fail func(error)) (o *ops, err error) {
	o = &ops{cfg: cfg, logs: logs, fail: fail}
	// Its end is close, after the node's: until then it shows what goes on.
	o.ctx, o.cancel = context.WithCancel(context.WithoutCancel(ctx))
	defer func() {
		if err != nil {
			err = errors.Join(err, o.close())
		}
	}()
	if o.notify, err = systemd.New(os.Getenv, logs.For("NWND")); err != nil {
		return o, err
	}
	o.closes = append(o.closes, o.notify.Close)
	o.metrics = metrics.New(metrics.Config{
		Log: logs.For("PROM"), Version: version(), PerChannel: cfg.Prometheus.Channels, Started: time.Now(),
	})
	if cfg.Prometheus.Enable {
		if err := o.serveMetrics(); err != nil {
			return o, err
		}
	}
	return o, o.startProfiles()
}

func (o *ops) serveMetrics() error {
	l, err := net.Listen("tcp", o.cfg.Prometheus.Listen)
	if err != nil {
		return fmt.Errorf("prometheus.listen: %w", err)
	}
	log := o.logs.For("PROM")
	o.htlcs = metrics.NewHTLCs(log)
	log.Info("showing metrics", "address", l.Addr())
	o.tasks.Go(func() {
		if err := metrics.Serve(o.ctx, l, metrics.Handler(o.metrics, o.htlcs), log); err != nil {
			log.Error("metrics ended", "err", err)
		}
	})
	return nil
}

// serving says that the API can be called; the wallet may be closed still.
func (o *ops) serving() {
	o.notify.Ready()
}

// up watches over a node that runs: it is shown, checked, and told about until ctx ends, or
// close.
func (o *ops) up(ctx context.Context, n *running) {
	ctx, cancel := context.WithCancel(ctx)
	context.AfterFunc(o.ctx, cancel)
	o.metrics.Attach(n.api, n.stats)
	o.tasks.Go(func() { o.watchHealth(ctx, n) })
	o.tasks.Go(func() { o.notify.Watch(ctx, n.alive) })
	if o.htlcs != nil {
		o.tasks.Go(func() { o.htlcs.Follow(ctx, n.htlcs) })
	}
	o.tasks.Go(func() { newProgress(o).follow(ctx, n.api) })
}

// stopping says that a shutdown has begun.
func (o *ops) stopping() {
	o.notify.Stopping()
	o.notify.Status("stopping")
}

// close ends it all, after the node.
func (o *ops) close() error {
	o.cancel()
	o.tasks.Wait()
	var errs []error
	for i := len(o.closes) - 1; i >= 0; i-- {
		errs = append(errs, o.closes[i]())
	}
	return errors.Join(errs...)
}
