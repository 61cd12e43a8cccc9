package devnet

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/internal/devnet/proc"
)

// demo is one run of `nwnd demo`: four nodes in a line, of which the first pays the last, and later a
// fifth that cheats, in bitcoin and in points.
type demo struct {
	*report
	net   *Net
	kind  daemon.Kind
	links []*Link
	cases []*Closing // channels that were closed by one end
}

// demoTimeout ends a demo that hangs; it takes a small part of it.
const demoTimeout = 20 * time.Minute

// DemoMain is `nwnd demo`; it returns the exit status: 0 only if everything held.
func DemoMain(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("nwnd demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var opt options
	opt.register(flags)
	asJSON := flags.Bool("json", false, "print one JSON object per line")
	keep := flags.Bool("keep", false, "leave the nodes up at the end, until Ctrl-C")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	d := &demo{report: &report{out: stdout, json: *asJSON, began: time.Now(), steps: 12}, kind: opt.kind()}
	if d.kind == daemon.NWND {
		d.steps += pointsSteps
	}
	err := d.all(ctx, &opt, *keep, stdout)
	if err != nil && !*keep {
		d.End(err)
	}
	if err != nil {
		return 1
	}
	if !*keep {
		d.End(nil)
	}
	return 0
}

// all runs the steps and, where asked, waits for the user in between.
func (d *demo) all(ctx context.Context, opt *options, keep bool, out io.Writer) error {
	d.Step("Start chains and four nodes")
	net, end, err := opt.start(ctx)
	if err != nil {
		return err
	}
	d.net = net
	limited, cancel := context.WithTimeout(ctx, demoTimeout)
	defer cancel()
	err = d.play(limited)
	if err != nil {
		d.logs()
	}
	if keep {
		err = d.keep(ctx, err, out)
	}
	return end(err)
}

// play is the demo's story.
func (d *demo) play(ctx context.Context) error {
	if d.kind == daemon.NWND {
		if err := d.net.AddEVM(ctx); err != nil {
			return err
		}
		d.net.EVM.Every(evmPeriod)
	}
	for i := range 4 {
		if _, err := d.net.Add(d.kind, name(i), "--accept-keysend"); err != nil {
			return err
		}
	}
	if err := d.net.StartAll(ctx); err != nil {
		return err
	}
	for _, n := range d.net.Nodes {
		d.Say("node", fields{"name": n.Name, "key": n.Key(), "pid": n.PID()}, "%-6s %s  pid %d", n.Name, n.Key(), n.PID())
	}
	d.Step("Give each node coins")
	if err := d.net.Fund(ctx, fundsEach, d.net.Nodes...); err != nil {
		return err
	}
	d.Say("funds", fields{"each_sat": int64(fundsEach)}, "%s sat each", group(int64(fundsEach)))

	d.Step("Open a line of channels: alice - bob - carol - dave")
	d.links = line(d.net.Nodes)
	if err := d.net.OpenAll(ctx, d.links...); err != nil {
		return err
	}
	if err := d.balances(ctx); err != nil {
		return err
	}
	d.Step("Pay an invoice over three hops")
	first, err := d.payOnce(ctx)
	if err != nil {
		return err
	}
	stream, err := d.killAndRestart(ctx)
	if err != nil {
		return err
	}
	d.Step("Every payment has ended, none was paid twice")
	if err := d.compare(ctx, append(stream, first)); err != nil {
		return err
	}
	if err := d.payInParts(ctx); err != nil {
		return err
	}
	if err := d.keysend(ctx); err != nil {
		return err
	}
	d.Step("Close the channels cooperatively")
	if err := d.closeLinks(ctx, d.links...); err != nil {
		return err
	}
	if err := d.court(ctx); err != nil {
		return err
	}
	if d.kind == daemon.NWND {
		if err := d.points(ctx); err != nil {
			return err
		}
	}
	d.Step("Add up every satoshi")
	return d.addUp(ctx)
}

// closeLinks has an end of each channel close it, alternating who asks.
func (d *demo) closeLinks(ctx context.Context, links ...*Link) error {
	var txids []chainhash.Hash
	for i, l := range links {
		asks := l.From
		if i%2 == 1 {
			asks = l.To
		}
		txid, err := asks.Close(ctx, l.Point)
		if err != nil {
			return err
		}
		txids = append(txids, txid)
		d.Say("close", fields{"by": asks.Name, "channel": l.Point.String(), "txid": txid.String()},
			"%s - %s, asked for by %s: %v", l.From.Name, l.To.Name, asks.Name, txid)
	}
	return d.net.Confirm(ctx, txids...)
}

// balances shows what each end of each channel holds.
func (d *demo) balances(ctx context.Context) error {
	for _, l := range d.links {
		c, err := l.From.Channel(ctx, l.Point)
		if err != nil {
			return err
		}
		d.Say("balance", fields{"from": l.From.Name, "to": l.To.Name, "from_sat": c.LocalBalance, "to_sat": c.RemoteBalance},
			"%-6s %11s  |  %-11s %s", l.From.Name, group(c.LocalBalance), group(c.RemoteBalance), l.To.Name)
	}
	return nil
}

// logs shows the end of every node's log after a failure.
func (d *demo) logs() {
	for _, n := range d.net.Nodes {
		tail := proc.Tail(n.LogFile(), 50)
		d.Say("log", fields{"name": n.Name, "file": n.LogFile(), "tail": tail}, "last lines of %s:\n%s", n.LogFile(), tail)
	}
}

// keep prints how to reach the nodes, then the result as the last line, and mines until
// the user has had enough. It returns the error that it was given, or its own.
func (d *demo) keep(ctx context.Context, err error, out io.Writer) error {
	if err == nil {
		again := line(d.net.Nodes[:4])
		if err = d.net.OpenAll(ctx, again...); err == nil {
			d.Say("reopened", nil, "the channels are open again, for you")
		}
	}
	if d.json {
		for _, n := range d.net.Nodes {
			d.Say("reach", fields{"name": n.Name, "rpc": n.RPCAddress(), "cert": n.CertFile(), "macaroon": n.MacaroonFile()}, "")
		}
	} else {
		paste(out, d.net.Nodes)
		suggest(out, d.net.Nodes)
		fmt.Fprintf(out, "a block every %v; Ctrl-C ends it all\n", blockTime)
	}
	d.End(err)
	return errors.Join(err, d.net.mineEvery(ctx, blockTime))
}

// group writes a number with commas, as people read amounts.
func group(n int64) string {
	if n < 0 {
		return "-" + group(-n)
	}
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", group(n/1000), n%1000)
}
