package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/nichework/nwnd/internal/devnet"
	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/internal/devnet/tools"
)

// graphFile is where the data that the project measures with lies beside a checkout.
const graphFile = "../shared/data/mainnet-graph-2024-09-22.csv.gz"

// options are the command's flags.
type options struct {
	payments int    // of each timed run
	inFlight int    // at once in the timed runs
	alone    int    // payments of the run with one in flight
	traced   int    // payments of the run under strace
	crashed  int    // payments of each run in which a node is killed
	history  int    // payments that a node has made when its lists are read
	states   int    // that a channel had when it is closed
	graph    string // file of a public network
	stages   []string
	profile  bool   // say where the CPU time goes
	dir      string // below it lie the nodes' files; a real disk
	cache    string
	kinds    []daemon.Kind
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := bench(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	var opt options
	flags.IntVar(&opt.payments, "n", 10_000, "payments of each timed run")
	flags.IntVar(&opt.inFlight, "in-flight", 50, "payments at once")
	flags.IntVar(&opt.alone, "alone", 200, "payments of the run with one in flight")
	flags.IntVar(&opt.traced, "traced", 500, "payments of the run that counts fsyncs")
	flags.BoolVar(&opt.profile, "profile", false, "sample nwnd with perf in runs of its own and say where CPU time goes")
	flags.StringVar(&opt.dir, "dir", "", "directory for the nodes' files, on a real disk (default: the system's temporary one)")
	flags.StringVar(&opt.cache, "cache", os.Getenv("NWND_CACHE"), "where lnd is built once (default: the user's cache directory)")
	flags.IntVar(&opt.crashed, "crashed", 1_000, "payments of each run in which a node is killed")
	flags.IntVar(&opt.history, "history", 1_000_000, "payments of the node whose lists are read")
	flags.IntVar(&opt.states, "states", 1_000_000, "past states of the channel that is closed")
	flags.StringVar(&opt.graph, "graph", os.Getenv("NWND_GRAPH"), "public network to load and route in, a gzipped CSV (default: "+graphFile+", if it is there)")
	names := flags.String("stages", strings.Join(stageNames(), ","), "what to measure")
	kinds := flags.String("kinds", "lnd,nwnd", "implementations to run, in this order")
	if err := flags.Parse(args); err != nil {
		return opt, err
	}
	for k := range strings.SplitSeq(*kinds, ",") {
		if k != string(daemon.LND) && k != string(daemon.NWND) {
			return opt, fmt.Errorf("unknown implementation %q", k)
		}
		opt.kinds = append(opt.kinds, daemon.Kind(k))
	}
	for name := range strings.SplitSeq(*names, ",") {
		if !slices.Contains(stageNames(), name) {
			return opt, fmt.Errorf("unknown stage %q", name)
		}
		opt.stages = append(opt.stages, name)
	}
	if opt.payments < 1 || opt.crashed < 1 || opt.history < 1 || opt.states < 100 || opt.inFlight < 1 || opt.alone < 1 || opt.traced < 0 {
		return opt, errors.New("the counts must be positive, and -states 100 or more")
	}
	if opt.crashed > turn {
		return opt, fmt.Errorf("at most %d payments fit the channel before it is turned", turn)
	}
	if opt.inFlight > maxInFlight {
		return opt, fmt.Errorf("at most %d in flight fit the channel", maxInFlight)
	}
	return opt, nil
}

func bench(ctx context.Context, args []string, out, progress io.Writer) error {
	opt, err := parse(args)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(opt.dir, "nwnd-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := realDisk(dir); err != nil {
		return err
	}
	programs, err := programs(ctx, opt, progress)
	if err != nil {
		return err
	}
	conditions(out, opt)
	results := map[daemon.Kind]figures{}
	for _, kind := range opt.kinds {
		results[kind] = figures{}
	}
	began := time.Now()
	for _, s := range stages { // all implementations at each, so that a machine that slows down hits both
		if !slices.Contains(opt.stages, s.name) {
			continue
		}
		for _, kind := range opt.kinds {
			if s.alone && kind != daemon.NWND {
				continue
			}
			r := &runner{opt: opt, kind: kind, dir: dir, programs: programs, out: progress, got: results[kind], began: began}
			run := r.with
			if s.nodes == 0 {
				run = r.without
			}
			if err := run(ctx, s.name, s.nodes, s.measure); err != nil {
				return fmt.Errorf("%s: %w", kind, err)
			}
		}
	}
	compareToken(results[daemon.NWND], results[daemon.LND])
	print(out, results[daemon.NWND], results[daemon.LND])
	return nil
}

func programs(ctx context.Context, opt options, progress io.Writer) (p devnet.Programs, err error) {
	b := tools.Builder{Cache: opt.cache, Progress: progress}
	if p.Btcd, err = b.Btcd(ctx); err != nil {
		return p, err
	}
	for _, kind := range opt.kinds {
		switch kind {
		case daemon.LND:
			p.Lnd, err = b.Lnd(ctx)
		case daemon.NWND:
			p.Nwnd, err = b.Nwnd(ctx)
		}
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

// conditions says what is compared, so that the numbers can be judged.
func conditions(out io.Writer, opt options) {
	fmt.Fprintf(out, `# %d payments of %d sat, single part, %d in flight, SendPaymentV2; invoices made before the clock starts.
# Channels of %d sat (no wumbo); every %d payments the direction turns, without a pause, so
# that the balance never runs out. After %d payments to warm up, which aren't counted.
# lnd %s at its defaults but for its gossip timers; nwnd at its defaults. Fresh nodes, btcd's
# simnet, all files on one disk, fsync on, logs to files. All processes and the client share the machine.
# Per payment: sums over all nodes; bytes_per_payment is what stays in their directories (logs too),
# fsyncs and bytes_written (by databases) are counted with strace on two nodes in a run of their own.
# token is direct over a channel in points on go-ethereum's chain, nwnd alone, evm.maxhtlcs at its most; its ratios are to direct.
# Signatures are counted as the channel core sends them, of both sides, for payments offered and settled one by one or 25 at once.
# The stages crash, graph, history and states are of nwnd alone. In states a channel gets %d states through
# the channel core and the store, without a node; their signatures and what is signed are stand-ins (but for the last
# few), and facts are appended many at a time, which changes no byte of what is stored.
`, opt.payments, amount, opt.inFlight, capacity, turn, warmUp, tools.LndVersion, opt.states)
}
