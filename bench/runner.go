package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/btcsuite/btcd/btcutil"

	"github.com/nichework/nwnd/internal/devnet"
	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/internal/devnet/proc"
)

// The work. A channel takes turn payments one way and as many back: its opener starts
// with 13 million, so each side keeps 3 million for reserve, fees and what is in flight.
const (
	amount      = 10_000     // sat of a payment; far from dust
	capacity    = 16_000_000 // sat; below the limit of 2^24
	push        = 3_000_000
	turn        = 1_000
	warmUp      = 100
	maxInFlight = 200
	funds       = btcutil.Amount(20_000_000)
)

// runner measures one implementation.
type runner struct {
	opt      options
	kind     daemon.Kind
	dir      string
	programs devnet.Programs
	out      io.Writer
	got      figures
	began    time.Time
}

func (r *runner) say(format string, args ...any) {
	fmt.Fprintf(r.out, "%-4s %6.1fs  %s\n", r.kind, time.Since(r.began).Seconds(), fmt.Sprintf(format, args...))
}

// stage is something to measure, on nodes of its own, or on none.
type stage struct {
	name    string
	nodes   int
	alone   bool // of nwnd only
	measure func(*runner, context.Context, []*daemon.Node) error
}

var stages = []stage{
	{name: "direct", nodes: 2, measure: (*runner).direct},
	{name: "forwarded", nodes: 3, measure: (*runner).forwarded},
	{name: "token", alone: true, measure: (*runner).token},
	{name: "crash", nodes: 3, alone: true, measure: (*runner).crash},
	{name: "graph", nodes: 1, alone: true, measure: (*runner).graph},
	{name: "history", nodes: 2, alone: true, measure: (*runner).history},
	{name: "states", alone: true, measure: (*runner).states},
}

func stageNames() []string {
	var names []string
	for _, s := range stages {
		names = append(names, s.name)
	}
	return names
}

// with brings up a chain and a line of nodes with channels for f, and takes it down.
func (r *runner) with(ctx context.Context, name string, count int, f func(*runner, context.Context, []*daemon.Node) error) error {
	dir := filepath.Join(r.dir, fmt.Sprintf("%s-%s", r.kind, name))
	net, err := devnet.Start(context.WithoutCancel(ctx), dir, r.programs)
	if err != nil {
		return err
	}
	err = r.line(ctx, net, count)
	if err == nil {
		r.say("%s: %d nodes with channels are up", name, count)
		err = f(r, ctx, net.Nodes)
	}
	if err != nil {
		for _, n := range net.Nodes {
			fmt.Fprintf(r.out, "--- last lines of %s\n%s\n", n.Name, proc.Tail(n.LogFile(), 50))
		}
	}
	return errors.Join(err, net.Stop(context.WithoutCancel(ctx)))
}

// without is with for a stage that needs no nodes.
func (r *runner) without(ctx context.Context, _ string, _ int, f func(*runner, context.Context, []*daemon.Node) error) error {
	return f(r, ctx, nil)
}

func (r *runner) line(ctx context.Context, net *devnet.Net, count int) error {
	for i := range count {
		if _, err := net.Add(r.kind, fmt.Sprintf("%s%d", r.kind, i+1)); err != nil {
			return err
		}
	}
	if err := net.StartAll(ctx); err != nil {
		return err
	}
	if err := net.Fund(ctx, funds, net.Nodes...); err != nil {
		return err
	}
	var links []*devnet.Link
	for i := range net.Nodes[1:] {
		links = append(links, &devnet.Link{From: net.Nodes[i], To: net.Nodes[i+1], Capacity: capacity, Push: push})
	}
	return net.OpenAll(ctx, links...)
}

// direct measures two nodes: rate, disk, memory, CPU, then one payment at a time, then fsyncs.
func (r *runner) direct(ctx context.Context, nodes []*daemon.Node) error {
	if err := r.timed(ctx, "direct", nodes); err != nil {
		return err
	}
	jobs, err := prepare(ctx, nodes, r.opt.alone)
	if err != nil {
		return err
	}
	alone, err := payAll(ctx, jobs, 1)
	if err != nil {
		return err
	}
	r.got.set("alone_p50_ms", alone.percentile(50))
	r.got.set("alone_p99_ms", alone.percentile(99))
	r.say("one at a time: %v", alone)
	if err := r.syncs(ctx, nodes); err != nil || !r.profiled() {
		return err
	}
	return r.profile(ctx, "direct", nodes)
}

func (r *runner) forwarded(ctx context.Context, nodes []*daemon.Node) error {
	if err := r.timed(ctx, "forwarded", nodes); err != nil || !r.profiled() {
		return err
	}
	return r.profile(ctx, "forwarded", nodes)
}

// profiled says whether to look into the nodes: only ours, whose packages parts knows.
func (r *runner) profiled() bool { return r.opt.profile && r.kind == daemon.NWND }

// timed runs the payments of a name and keeps what they cost.
func (r *runner) timed(ctx context.Context, name string, nodes []*daemon.Node) error {
	warm, err := prepare(ctx, nodes, warmUp)
	if err != nil {
		return err
	}
	if _, err := payAll(ctx, warm, r.opt.inFlight); err != nil {
		return err
	}
	jobs, err := prepare(ctx, nodes, r.opt.payments)
	if err != nil {
		return err
	}
	r.say("%d invoices are made", len(jobs))
	if err := resetPeak(nodes); err != nil {
		return err
	}
	before, err := sample(nodes)
	if err != nil {
		return err
	}
	times, err := payAll(ctx, jobs, r.opt.inFlight)
	if err != nil {
		return err
	}
	after, err := sample(nodes)
	if err != nil {
		return err
	}
	r.say("%s: %v", name, times)
	per := float64(len(jobs))
	r.got.set(name, times.rate())
	r.got.set(name+"_p50_ms", times.percentile(50))
	r.got.set(name+"_p99_ms", times.percentile(99))
	r.got.set(name+"_cpu_ms_per_payment", (after.cpu-before.cpu).Seconds()*1000/per)
	r.got.set(name+"_bytes_per_payment", float64(after.kept-before.kept)/per)
	r.got.set(name+"_peak_rss_mb", float64(after.peakRSS)/(1<<20))
	return nil
}
