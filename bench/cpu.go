package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/internal/devnet/proc"
)

// parts are what CPU time is told apart into, in order: a sample counts for the first
// part that has a name in any of its frames; if the innermost is the kernel's, it is a
// system call's. C frames end a stack: libsecp256k1's multiplication is the onion's.
var parts = []struct {
	name  string
	frame []string
}{
	{"garbage collection", []string{"runtime.gcBgMarkWorker", "runtime.gcAssist", "runtime.bgsweep", "runtime.bgscavenge"}},
	{"onion", []string{"lightning-onion", "nwnd/internal/onion", "secp256k1_ext_scalar_mul"}},
	{"signatures", []string{"nwnd/internal/signer", "nwnd/internal/secp", "secp256k1", "btcec"}},
	{"store", []string{"bbolt", "nwnd/channeldb"}},
	{"gRPC", []string{"google.golang.org/grpc", "google.golang.org/protobuf", "net/http2", "nwnd/lnrpc"}},
	{"transport", []string{"brontide", "nwnd/internal/peer"}},
	{"channel core", []string{"nwnd/htlc"}},
	{"router", []string{"nwnd/router"}},
	{"node", []string{"nwnd/internal/node"}},
	{"logging", []string{"log/slog", "btclog"}},
}

const (
	partKernel = "system calls"
	partOther  = "scheduler and the rest"
)

// profile samples the nodes with perf over a run of its own and says where their CPU
// time goes. Without perf it says so.
func (r *runner) profile(ctx context.Context, name string, nodes []*daemon.Node) error {
	path, err := exec.LookPath("perf")
	if err != nil {
		r.say("no profile: %v", err)
		return nil
	}
	jobs, err := prepare(ctx, nodes, min(r.opt.payments, 2*turn))
	if err != nil {
		return err
	}
	var pids []string
	for _, n := range nodes {
		pids = append(pids, strconv.Itoa(n.PID()))
	}
	data := filepath.Join(r.dir, fmt.Sprintf("perf-%s-%s", r.kind, name))
	p, err := proc.Start(proc.Spec{Name: "perf", Path: path, Log: data + ".log", Args: []string{
		"record", "-e", "cpu-clock", "-F", "499", "--call-graph", "dwarf,4096", "-o", data, "-p", strings.Join(pids, ","),
	}})
	if err != nil {
		return err
	}
	defer p.Kill()
	before, err := sample(nodes)
	if err != nil {
		return err
	}
	if _, err := payAll(ctx, jobs, r.opt.inFlight); err != nil {
		return err
	}
	after, err := sample(nodes)
	if err != nil {
		return err
	}
	stop, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	p.Stop(stop) // perf ends by the signal, with its file complete
	out, err := exec.CommandContext(ctx, path, "script", "-i", data, "-F", "ip,sym,dso").Output()
	if err != nil {
		r.say("no profile: perf script: %v; %s", err, proc.Tail(data+".log", 3))
		return nil
	}
	shares, err := byPart(bytes.NewReader(out))
	if err != nil {
		return err
	}
	perPayment := (after.cpu - before.cpu).Seconds() * 1000 / float64(len(jobs))
	cores := float64(runtime.NumCPU())
	r.say("%s: CPU per payment, all nodes: %.2f ms; at that, %.0f cores are full at %.0f payments/s", name, perPayment, cores, cores*1000/perPayment)
	for _, s := range shares {
		r.say("%s: cpu %-24s %5.1f %%  %.3f ms", name, s.part, 100*s.share, s.share*perPayment)
	}
	return nil
}

// share is a part of all samples.
type share struct {
	part  string
	share float64
}

// byPart reads perf script's stacks, innermost frame first, with empty lines between.
func byPart(in io.Reader) ([]share, error) {
	counts := map[string]int{}
	total := 0
	var stack []string
	count := func() {
		if len(stack) > 0 {
			counts[partOf(stack)]++
			total++
		}
		stack = stack[:0]
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" {
			stack = append(stack, line)
		} else {
			count()
		}
	}
	count()
	if total == 0 {
		return nil, errors.Join(errors.New("perf took no samples"), lines.Err())
	}
	var all []share
	for part, n := range counts {
		all = append(all, share{part, float64(n) / float64(total)})
	}
	slices.SortFunc(all, func(a, b share) int { return strings.Compare(b.order(), a.order()) })
	return all, lines.Err()
}

// order sorts shares by size, then by name.
func (s share) order() string { return fmt.Sprintf("%9.6f %s", s.share, s.part) }

func partOf(stack []string) string {
	if strings.Contains(stack[0], "([kernel") || strings.Contains(stack[0], "([unknown") {
		return partKernel
	}
	for _, p := range parts {
		for _, frame := range stack {
			for _, name := range p.frame {
				if strings.Contains(frame, name) {
					return p.name
				}
			}
		}
	}
	return partOther
}
