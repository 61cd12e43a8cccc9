package metrics

import (
	"context"
	"encoding/hex"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/internal/node"
)

// Node is what a scrape reads; node.API has it.
type Node interface {
	Info(context.Context) (node.Info, error)
	WalletBalance(ctx context.Context, minConfs int32) (node.WalletBalance, error)
	Unspent(ctx context.Context, minConfs, maxConfs int32) ([]node.Coin, error)
	ListChannels(context.Context) ([]node.Channel, error)
	PendingChannels(context.Context) (node.PendingChannels, error)
	ClosedChannels(context.Context) ([]node.ClosedChannel, error)
	Sweeps(context.Context) ([]node.Sweep, error)
	AlertCounts(context.Context) ([]node.AlertCount, error)
	ChannelBalance(context.Context) (node.ChannelBalance, error)
	NetworkInfo(context.Context) (node.NetworkInfo, error)
}

// Limits of a scrape.
const (
	readTimeout = 5 * time.Second // for all that the node is asked
	graphAge    = time.Minute     // how old what is slow to read may be
	maxChannels = 1000            // with series of their own
)

// Config is what a Collector needs.
type Config struct {
	Log        *slog.Logger
	Version    string
	PerChannel bool // a series for each of the first 1,000 channels too
	Started    time.Time
}

// Collector is a prometheus.Collector of a node, which may come later.
type Collector struct {
	cfg Config
	all map[string]described

	mu    sync.Mutex
	node  Node
	store func() channeldb.Stats
	took  time.Duration // until the node was there
	slow  map[string]aged
}

type described struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
}

// aged is what a slow part read last.
type aged struct {
	at  time.Time
	out []prometheus.Metric
}

// New makes a collector of a node that isn't there yet.
func New(cfg Config) *Collector {
	c := &Collector{cfg: cfg, all: make(map[string]described), slow: make(map[string]aged)}
	names := families()
	if cfg.PerChannel {
		names = append(names, channelFamilies()...)
	}
	for _, f := range names {
		c.all[f.name] = described{f.desc(), f.kind()}
	}
	return c
}

// Attach shows a node from now on.
func (c *Collector) Attach(n Node, store func() channeldb.Stats) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.node, c.store, c.took = n, store, time.Since(c.cfg.Started)
}

// Describe is of prometheus.Collector.
func (c *Collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range c.all {
		out <- d.desc
	}
}

// sink takes the values of one part of a scrape.
type sink struct {
	c   *Collector
	out []prometheus.Metric
}

func (s *sink) put(name string, value float64, labels ...string) {
	d := s.c.all[name]
	s.out = append(s.out, prometheus.MustNewConstMetric(d.desc, d.kind, value, labels...))
}

func number(on bool) float64 {
	if on {
		return 1
	}
	return 0
}

// Collect is of prometheus.Collector. A part that fails or takes too long is missing, and
// said to be.
func (c *Collector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	c.mu.Lock()
	n, store, took := c.node, c.store, c.took
	c.mu.Unlock()
	up := &sink{c: c}
	up.put("nwnd_up", number(n != nil))
	if n != nil {
		up.put("lnd_time_to_start_secs", took.Seconds())
		up.store(store())
	}
	send(out, up.out)
	if n == nil {
		return
	}
	for _, p := range []struct {
		name string
		slow bool
		read func(*sink, context.Context, Node) error
	}{
		{"info", false, (*sink).info},
		{"channels", false, (*sink).channels},
		{"pending", false, (*sink).pending},
		{"sweeps", false, (*sink).sweeps},
		{"alerts", false, (*sink).alerts},
		{"wallet", false, (*sink).wallet},
		{"closed", true, (*sink).closed},
		{"graph", true, (*sink).graph},
	} {
		c.part(ctx, out, p.name, p.slow, func(s *sink) error { return p.read(s, ctx, n) })
	}
}

func (c *Collector) part(ctx context.Context, out chan<- prometheus.Metric, name string, slow bool, read func(*sink) error) {
	if slow {
		c.mu.Lock()
		last, ok := c.slow[name]
		c.mu.Unlock()
		if ok && time.Since(last.at) < graphAge {
			send(out, last.out)
			return
		}
	}
	s := &sink{c: c}
	err := ctx.Err()
	if err == nil {
		err = read(s)
	}
	if err != nil {
		c.cfg.Log.Warn("a part of the metrics could not be read", "metrics", name, "err", err)
		s.out = nil
	}
	s.put("nwnd_scrape_failed", number(err != nil), name)
	if slow && err == nil {
		c.mu.Lock()
		c.slow[name] = aged{time.Now(), s.out}
		c.mu.Unlock()
	}
	send(out, s.out)
}

func send(out chan<- prometheus.Metric, all []prometheus.Metric) {
	for _, m := range all {
		out <- m
	}
}

func keyHex(k node.PubKey) string { return hex.EncodeToString(k[:]) }
