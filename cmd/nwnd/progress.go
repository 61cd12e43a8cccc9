package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/nichework/nwnd/internal/node"
)

// progressEvery is how often the node's state is looked at for a line of status.
const progressEvery = 2 * time.Second

// progressLog is the least time between two lines of the log about a sync under way.
const progressLog = 10 * time.Second

// progress tells how far the node is: to systemd, and to the log while it syncs.
type progress struct {
	log     *slog.Logger
	status  func(string)
	genesis time.Time

	synced bool
	logged time.Time
}

func newProgress(o *ops) *progress {
	return &progress{log: o.logs.For("NWND"), status: o.notify.Status,
		genesis: o.cfg.Network.Params.GenesisBlock.Header.Timestamp}
}

// infoer is the part of node.API that this asks.
type infoer interface {
	Info(context.Context) (node.Info, error)
}

func (p *progress) follow(ctx context.Context, n infoer) {
	again := time.NewTicker(progressEvery)
	defer again.Stop()
	for {
		if v, err := n.Info(ctx); err == nil {
			p.tell(v, time.Now())
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return
		}
	}
}

func (p *progress) tell(v node.Info, now time.Time) {
	if !v.SyncedToChain {
		share := done(p.genesis, v.BlockTime, now)
		p.status(fmt.Sprintf("syncing to the chain: block %d of %s, %.1f %%", v.Height, v.BlockTime.Format(time.DateOnly), share))
		if p.synced || now.Sub(p.logged) >= progressLog {
			p.log.Info("syncing to the chain", "height", v.Height, "time", v.BlockTime.UTC().Format(time.DateTime),
				"percent", fmt.Sprintf("%.1f", share))
			p.logged = now
		}
		p.synced = false
		return
	}
	if !p.synced {
		p.log.Info("synced to the chain", "height", v.Height)
		p.synced = true
	}
	graph := ""
	if !v.SyncedToGraph {
		graph = ", learning the graph"
	}
	p.status(fmt.Sprintf("block %d%s, %d peers, %d channels of %d active", v.Height, graph, v.Peers, v.Active,
		v.Active+v.Inactive))
}

// done is how many percent of the chain's time lie behind a block of time at.
func done(genesis, at, now time.Time) float64 {
	if !now.After(genesis) || !at.After(genesis) {
		return 0
	}
	return min(100, 100*float64(at.Sub(genesis))/float64(now.Sub(genesis)))
}
