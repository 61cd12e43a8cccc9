package devnet

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/btcsuite/btcd/btcutil"

	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// maxNodes bounds what one machine is asked to run.
const maxNodes = 20

// fundsEach is what every node's wallet starts with.
const fundsEach btcutil.Amount = btcutil.SatoshiPerBitcoin

// Main is `nwnd devnet`: it runs until ctx ends and returns the exit status.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && (args[0] == "mine" || args[0] == "warp") {
		return moveMain(ctx, args, stdout, stderr)
	}
	flags := flag.NewFlagSet("nwnd devnet", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var opt options
	opt.register(flags)
	count := flags.Int("n", 3, "number of nodes")
	channels := flags.Bool("channels", false, "open a line of channels between them")
	every := flags.Duration("blocktime", blockTime, "time between blocks")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case *count < 1 || *count > maxNodes || *every < 100*time.Millisecond:
		fmt.Fprintf(stderr, "devnet: want 1 to %d nodes and a block time of at least 100ms\n", maxNodes)
		return 2
	}
	net, end, err := opt.start(ctx)
	if err == nil {
		err = end(run(ctx, net, opt.kind(), *count, *channels, *every, stdout))
	}
	if err != nil {
		fmt.Fprintln(stderr, "devnet:", err)
		return 1
	}
	return 0
}

// run brings the nodes up and mines until ctx ends, which is no error.
func run(ctx context.Context, net *Net, kind daemon.Kind, count int, channels bool, every time.Duration, out io.Writer) error {
	fmt.Fprintf(out, "starting %d nodes below %s\n", count, net.Dir)
	err := build(ctx, net, kind, count, channels)
	if err != nil {
		if ctx.Err() != nil {
			return nil // stopped by its user
		}
		return err
	}
	more, err := addSpare(net, name(count))
	if err != nil {
		return err
	}
	c, err := serveControl(net)
	if err != nil {
		return err
	}
	paste(out, net.Nodes)
	more.paste(out)
	suggest(out, net.Nodes)
	net.describe(out)
	fmt.Fprintf(out, "a block of bitcoin every %v; Ctrl-C ends it all\n", every)
	return errors.Join(net.mineEvery(ctx, every), c.Close())
}

// describe prints the EVM chain, as comments, and how to move both.
func (n *Net) describe(out io.Writer) {
	if n.EVM != nil {
		fmt.Fprintf(out, "# EVM chain %d, a block every %v: %s\n#   adjudicator %v\n",
			n.EVM.ChainID(), evmPeriod, n.EVM.URL(), n.EVM.Adjudicator)
		for _, t := range n.EVM.Tokens {
			fmt.Fprintf(out, "#   %-11s %v  %d decimals\n", t.Symbol, t.Address, t.Decimals)
		}
	}
	fmt.Fprintf(out, "# blocks now: %s devnet mine -dir %s 6; time too: warp in mine's place, 12h in 6's\n", program("nwnd"), n.Dir)
}

// mineEvery mines a block now and then until ctx ends, which is no error.
func (n *Net) mineEvery(ctx context.Context, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-n.Chain.Done():
			return errors.New("devnet: btcd ended")
		case <-tick.C:
			if _, err := n.Chain.Mine(1); err != nil {
				return err
			}
		}
	}
}

// build starts, funds and connects the nodes in a line.
func build(ctx context.Context, net *Net, kind daemon.Kind, count int, channels bool) error {
	if kind == daemon.NWND {
		if err := net.AddEVM(ctx); err != nil {
			return err
		}
		net.EVM.Every(evmPeriod)
	}
	for i := range count {
		if _, err := net.Add(kind, name(i), "--accept-keysend"); err != nil {
			return err
		}
	}
	if err := net.StartAll(ctx); err != nil {
		return err
	}
	if err := net.Fund(ctx, fundsEach, net.Nodes...); err != nil {
		return err
	}
	if net.EVM != nil {
		if err := net.FundEVM(ctx, net.Nodes...); err != nil {
			return err
		}
		if err := net.GiveTokens(ctx, net.Nodes...); err != nil {
			return err
		}
	}
	if channels {
		return net.OpenAll(ctx, line(net.Nodes)...)
	}
	for i := range net.Nodes[1:] {
		if err := net.Nodes[i].Connect(ctx, net.Nodes[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// blockTime is short enough that nobody who tries things waits long for six blocks.
const blockTime = 5 * time.Second

// capacity of each channel of a line; its opener holds all of it.
const capacity = 10_000_000

// line is a channel from each node to the next.
func line(nodes []*daemon.Node) []*Link {
	var links []*Link
	for i := range nodes[1:] {
		links = append(links, &Link{From: nodes[i], To: nodes[i+1], Capacity: capacity})
	}
	return links
}

// name gives the first nodes names that are easy to say.
func name(i int) string {
	names := []string{"alice", "bob", "carol", "dave", "erin", "frank"}
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("node%d", i+1)
}
