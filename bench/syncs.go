package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/internal/devnet/proc"
)

// syncs counts the fsyncs of all nodes, and the bytes that their databases write, over a
// run of its own, since being traced slows a process. (/proc's write_bytes counts whole
// folios of the page cache, of up to 2 MB each.) Without strace, or where it may not
// attach, the lines are left out.
func (r *runner) syncs(ctx context.Context, nodes []*daemon.Node) error {
	path, err := exec.LookPath("strace")
	if err != nil || r.opt.traced == 0 {
		r.say("fsyncs_per_payment is left out: strace isn't there, or no payments are asked for")
		return nil
	}
	jobs, err := prepare(ctx, nodes, r.opt.traced)
	if err != nil {
		return err
	}
	var tracers []*tracer
	defer func() {
		for _, t := range tracers {
			t.proc.Kill()
		}
	}()
	for _, n := range nodes {
		t, err := attach(ctx, path, n, r.dir)
		if err != nil {
			r.say("fsyncs_per_payment is left out: %v", err)
			return nil
		}
		tracers = append(tracers, t)
	}
	if _, err := payAll(ctx, jobs, r.opt.inFlight); err != nil {
		return err
	}
	var total calls
	for _, t := range tracers {
		c, err := t.stop(ctx)
		if err != nil {
			return err
		}
		total.syncs += c.syncs
		total.written += c.written
	}
	r.got.set("fsyncs_per_payment", float64(total.syncs)/float64(len(jobs)))
	r.got.set("bytes_written_per_payment", float64(total.written)/float64(len(jobs)))
	r.say("%d fsyncs and %d bytes written in %d payments on %d nodes", total.syncs, total.written, len(jobs), len(nodes))
	return nil
}

// tracer is an strace attached to a node.
type tracer struct {
	proc  *proc.Process
	trace string // file of the calls
}

// attach starts strace on a node and returns once it counts.
func attach(ctx context.Context, strace string, n *daemon.Node, dir string) (*tracer, error) {
	base := filepath.Join(dir, fmt.Sprintf("strace-%s-%d", n.Name, n.PID()))
	t := &tracer{trace: base + ".calls"}
	log := base + ".log"
	p, err := proc.Start(proc.Spec{Name: "strace", Path: strace, Log: log, Args: []string{
		"-f", "-s", "0", "-e", "trace=fsync,fdatasync,sync_file_range,msync,pwrite64,pwritev", "-e", "signal=none",
		"-o", t.trace, "-p", strconv.Itoa(n.PID()),
	}})
	if err != nil {
		return nil, err
	}
	t.proc = p
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	err = p.Await(ctx, "strace to attach", func(context.Context) error {
		if !strings.Contains(proc.Tail(log, 100), "attached") {
			return errors.New("not yet")
		}
		return nil
	})
	if err != nil {
		p.Kill()
		return nil, err
	}
	return t, nil
}

// calls is what a tracer saw.
type calls struct {
	syncs   int
	written int64 // bytes at offsets of files, as databases write; logs append
}

// stop ends the count and returns it.
func (t *tracer) stop(ctx context.Context) (calls, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	// An interrupted strace detaches and ends by the same signal.
	if err := t.proc.Stop(ctx); err != nil && ctx.Err() != nil {
		return calls{}, err
	}
	b, err := os.ReadFile(t.trace)
	if err != nil {
		return calls{}, err
	}
	return count(b), nil
}

// count reads strace's lines. A call that another thread interrupts has two, of which
// the second says "resumed" and carries the result.
func count(trace []byte) calls {
	var c calls
	for line := range bytes.Lines(trace) {
		switch {
		case bytes.Contains(line, []byte("pwrite")):
			result := line[bytes.LastIndexByte(line, '=')+1:]
			if n, err := strconv.ParseInt(string(bytes.TrimSpace(result)), 10, 64); err == nil && n > 0 {
				c.written += n
			}
		case bytes.Contains(line, []byte("sync")) && !bytes.Contains(line, []byte("resumed")):
			c.syncs++
		}
	}
	return c
}
