package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"time"

	"github.com/nichework/nwnd/internal/devnet"
	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/internal/devnet/proc"
	"github.com/nichework/nwnd/internal/devnet/tools"
)

// options are the command's flags.
type options struct {
	run   *regexp.Regexp
	core  bool
	cache string
	dir   string
	self  daemon.Kind
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := interop(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "interop:", err)
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	flags := flag.NewFlagSet("interop", flag.ContinueOnError)
	run := flags.String("run", "", "run the scenarios whose name matches this regular expression")
	core := flags.Bool("core", false, "run the short list that every change must pass")
	cache := flags.String("cache", os.Getenv("NWND_CACHE"), "where lnd is built once (default: the user's cache directory)")
	dir := flags.String("dir", "", "keep the nodes' files here (default: a temporary directory, removed on success)")
	self := flags.String("self", string(daemon.NWND), `what runs in nwnd's place; "lnd" tests the scenarios themselves`)
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	pattern, err := regexp.Compile(*run)
	if err != nil {
		return options{}, err
	}
	return options{run: pattern, core: *core, cache: *cache, dir: *dir, self: daemon.Kind(*self)}, nil
}

func interop(ctx context.Context, args []string, out io.Writer) error {
	opt, err := parse(args)
	if err != nil {
		return err
	}
	chosen := opt.choose(variants())
	programs, err := programs(ctx, opt, chosen)
	if err != nil {
		return err
	}
	dir := opt.dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "nwnd-interop-"); err != nil {
			return err
		}
	}
	net, err := devnet.Start(ctx, dir, programs)
	if err != nil {
		return err
	}
	err = errors.Join(runAll(ctx, net, opt, chosen, out), net.Stop(context.WithoutCancel(ctx)))
	if err == nil && opt.dir == "" {
		return os.RemoveAll(dir)
	}
	if err != nil {
		fmt.Fprintln(out, "the nodes' files are below", dir)
	}
	return err
}

// choose gives those that are asked for. An lnd has no channels in tokens.
func (o options) choose(all []variant) []variant {
	return slices.DeleteFunc(all, func(v variant) bool {
		return o.core && !v.core || !o.run.MatchString(v.name) || o.self == daemon.LND && v.inTokens()
	})
}

// programs finds or builds what the chosen scenarios need.
func programs(ctx context.Context, opt options, chosen []variant) (p devnet.Programs, err error) {
	b := tools.Builder{Cache: opt.cache, Progress: os.Stderr}
	if opt.self == daemon.LND || slices.ContainsFunc(chosen, func(v variant) bool { return v.needsLnd() }) {
		if p.Lnd, err = b.Lnd(ctx); err != nil {
			return p, err
		}
	}
	if p.Btcd, err = b.Btcd(ctx); err != nil {
		return p, err
	}
	if opt.self == daemon.NWND {
		p.Nwnd, err = b.Nwnd(ctx)
	}
	return p, err
}

// scenarioTimeout is several times what the longest scenario takes.
const scenarioTimeout = 15 * time.Minute

// runAll runs the chosen scenarios one after the other, each with nodes of its own on
// the shared chain, and goes on after a failure.
func runAll(ctx context.Context, net *devnet.Net, opt options, chosen []variant, out io.Writer) error {
	var failed []error
	ran, start := 0, time.Now()
	for _, s := range chosen {
		if ctx.Err() != nil {
			break
		}
		ran++
		began := time.Now()
		if err := runOne(ctx, net, opt, s, out); err != nil {
			fmt.Fprintf(out, "interop %s: FAILED after %.1fs: %v\n", s.name, time.Since(began).Seconds(), err)
			failed = append(failed, errors.New(s.name))
			continue
		}
		fmt.Fprintf(out, "interop %s: ok\n", s.name)
	}
	switch {
	case len(failed) > 0:
		return fmt.Errorf("%d of %d scenarios failed: %w", len(failed), ran, errors.Join(failed...))
	case ran == 0:
		return errors.New("no scenario matches")
	}
	fmt.Fprintf(out, "interop: all %d scenarios held, in %.0fs\n", ran, time.Since(start).Seconds())
	return ctx.Err()
}

func runOne(ctx context.Context, net *devnet.Net, opt options, s variant, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, scenarioTimeout)
	defer cancel()
	fees, err := devnet.NewFeeSource(calm)
	if err != nil {
		return err
	}
	defer fees.Close()
	w := &world{net: net, out: out, fees: fees, tools: tools.Builder{Cache: opt.cache}}
	err = w.start(ctx, opt.self, s)
	if err == nil {
		err = s.run(ctx, w)
	}
	if err == nil {
		err = w.check(ctx)
	}
	if err != nil {
		for _, n := range w.nodes {
			fmt.Fprintf(out, "--- last lines of %s (%s)\n%s\n", n.Name, filepath.Base(n.Binary), proc.Tail(n.LogFile(), 50))
		}
	}
	return errors.Join(err, net.Drop(context.WithoutCancel(ctx), w.nodes...), w.closeEVM())
}
