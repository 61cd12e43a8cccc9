package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/btcsuite/btcd/btcutil"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/internal/devnet"
	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/internal/devnet/tools"
	"github.com/nichework/nwnd/lnrpc"
)

// scenario is one thing that must work between the two implementations.
type scenario struct {
	name  string
	core  bool     // part of the short list
	nodes []string // "N..." is nwnd, "L..." is lnd
	run   func(context.Context, *world) error
	args  []string // of all its nodes, whichever implementation
}

var scenarios = []scenario{
	{"open-by-nwnd", true, []string{"N", "L"}, openByFirst, nil},
	{"open-by-lnd", true, []string{"L", "N"}, openByFirst, nil},
	{"pay-on-channel-of-nwnd", true, []string{"N", "L"}, payBothWays, nil},
	{"pay-on-channel-of-lnd", false, []string{"L", "N"}, payBothWays, nil},
	{"lnd-pays-lnd-through-nwnd", true, []string{"L1", "N", "L2"}, payThrough, nil},
	{"nwnd-pays-nwnd-through-lnd", true, []string{"N1", "L", "N2"}, payThrough, nil},
	{"errors-through-nwnd", false, []string{"L1", "N", "L2"}, refused, nil},
	{"errors-through-lnd", false, []string{"N1", "L", "N2"}, refused, nil},
	{"restart-nwnd-that-pays", true, []string{"N", "L"}, restartPayer, nil},
	{"restart-lnd-that-is-paid", false, []string{"N", "L"}, restartPayee, nil},
	{"restart-nwnd-that-forwards", false, []string{"L1", "N", "L2"}, restartForwarder, nil},
	{"restart-lnd-around-nwnd", false, []string{"L1", "N", "L2"}, restartEnds, nil},
	{"restart-lnd-in-a-stream", false, []string{"N1", "L", "N2"}, restartInStream, nil},
	{"restart-nwnd-in-a-stream", false, []string{"L1", "N", "L2"}, restartInStream, nil},
	{"restart-nwnd-that-is-paid", true, []string{"L", "N"}, restartInStream, nil},
	{"close-by-nwnd", true, []string{"N", "L"}, closeByFirst, nil},
	{"close-by-lnd", false, []string{"L", "N"}, closeByFirst, nil},
	{"close-by-nwnd-of-lnds-channel", false, []string{"N", "L"}, closeByAcceptor, nil},
	{"close-by-lnd-of-nwnds-channel", false, []string{"L", "N"}, closeByAcceptor, nil},
	{"parts-from-nwnd", true, []string{"N", "L"}, payInParts, nil},
	{"parts-from-lnd", true, []string{"L", "N"}, payInParts, nil},
	{"keysend", false, []string{"N", "L"}, keysend, keysendArgs},
	{"hold-by-nwnd", false, []string{"L", "N"}, holdAndResolve, nil},
	{"hold-by-lnd", false, []string{"N", "L"}, holdAndResolve, nil},
	{"restart-nwnd-that-holds", false, []string{"L", "N"}, restartPayee, nil},
	{"private-of-nwnd", false, []string{"L1", "N", "L2"}, payToPrivate, nil},
	{"private-of-lnd", true, []string{"N1", "L", "N2"}, payToPrivate, nil},
	{"gossip-of-20-channels", false, []string{"N1", "N2", "N3", "L", "N-late", "L-late"}, gossip, nil},
	{"lncli", true, []string{"N", "L"}, lncliTour, keysendArgs},
	{"rest", true, []string{"N", "L"}, restTour, nil},
	{"force-by-nwnd-0", false, []string{"N", "L"}, forceBy(0, 0, nil), courtArgs},
	{"force-by-lnd-0", false, []string{"N", "L"}, forceBy(1, 0, nil), courtArgs},
	{"force-by-nwnd-1-settled", true, []string{"N", "L"}, forceBy(0, 1, settledAll), courtArgs},
	{"force-by-nwnd-1-expired", false, []string{"L", "N"}, forceBy(1, 1, expiredAll), courtArgs},
	{"force-by-lnd-1-settled", true, []string{"N", "L"}, forceBy(1, 1, settledAll), courtArgs},
	{"force-by-lnd-1-expired", false, []string{"L", "N"}, forceBy(0, 1, expiredAll), courtArgs},
	{"force-by-nwnd-20", false, []string{"L", "N"}, forceBy(1, 20, everyOther), courtArgs},
	{"force-by-lnd-20", false, []string{"L", "N"}, forceBy(0, 20, everyOther), courtArgs},
	{"breach-by-lnd-10", true, []string{"L", "N"}, breachBy(0, 10, false), courtArgs},
	{"breach-by-lnd-100", false, []string{"N", "L"}, breachBy(1, 100, false), courtArgs},
	{"breach-by-lnd-1000", false, []string{"L", "N"}, breachBy(0, 1000, false), courtArgs},
	{"breach-by-lnd-10-staged", false, []string{"N", "L"}, breachBy(1, 10, true), courtArgs},
	{"breach-by-nwnd-10", false, []string{"N", "L"}, breachBy(0, 10, false), courtArgs},
	{"breach-by-nwnd-10-staged", false, []string{"L", "N"}, breachBy(1, 10, true), courtArgs},
	{"backup-of-nwnd", true, []string{"N", "L"}, restoredFrom(0, false), courtArgs},
	{"backup-of-nwnd-that-accepted", false, []string{"L", "N"}, restoredFrom(1, false), courtArgs},
	{"backup-of-nwnd-by-lnd", false, []string{"N", "L"}, restoredFrom(0, true), courtArgs},
	{"backup-of-lnd-by-nwnd", false, []string{"L", "N"}, restoredFrom(0, true), courtArgs},
	{"backups-of-nwnds", false, []string{"N1", "N2"}, restoredFrom(0, false), courtArgs},
	{"nwnds-force-20", false, []string{"N1", "N2"}, forceBy(0, 20, everyOther), courtArgs},
	{"nwnds-force-killed", false, []string{"N1", "N2"}, forceAmid(0, 4, everyOther, kill), courtArgs},
	{"nwnds-force-reorg-1", false, []string{"N1", "N2"}, forceAmid(1, 4, everyOther, reorg(1)), courtArgs},
	{"nwnds-force-reorg-6", false, []string{"N1", "N2"}, forceAmid(0, 4, everyOther, reorg(6)), courtArgs},
	{"nwnds-force-reorg-30", false, []string{"N1", "N2"}, forceAmid(1, 4, everyOther, reorg(deepest)), courtArgs},
	{"nwnds-force-backend-away", false, []string{"N1", "N2"}, forceAmid(0, 4, everyOther, backendAway), courtArgs},
	{"nwnds-force-fees-rise", false, []string{"N1", "N2"}, dearly(forceAmid(1, 3, everyOther, feesRise)), courtArgs},
	{"nwnds-breach-killed", false, []string{"N1", "N2"}, breachAmid(0, 10, false, kill), courtArgs},
	{"nwnds-breach-reorg-6", false, []string{"N1", "N2"}, breachAmid(1, 10, true, reorg(6)), courtArgs},
	{"nwnds-breach-backend-away", false, []string{"N1", "N2"}, breachAmid(0, 10, true, backendAway), courtArgs},
	{"nwnds-breach-fees-rise", false, []string{"N1", "N2"}, dearly(breachAmid(1, 10, false, feesRise)), courtArgs},
}

// onNeutrino are the scenarios that are run once more with every nwnd on neutrino: channels, announced and
// private, and payments of every kind, each way. The value says whether it is part of the short list.
var onNeutrino = map[string]bool{
	"open-by-nwnd": false, "open-by-lnd": false, "pay-on-channel-of-nwnd": false, "pay-on-channel-of-lnd": false,
	"lnd-pays-lnd-through-nwnd": false, "nwnd-pays-nwnd-through-lnd": true, "private-of-nwnd": false, "private-of-lnd": false,
	"parts-from-nwnd": false, "parts-from-lnd": false, "keysend": false, "hold-by-nwnd": false, "hold-by-lnd": false,
	"restart-nwnd-that-forwards": false, "close-by-nwnd": false, "close-by-lnd": false,
}

// variant is a scenario with nwnd's chain backend: btcd, or neutrino if light.
type variant struct {
	scenario
	light bool
}

// variants are all there is to run.
func variants() (all []variant) {
	for _, s := range slices.Concat(scenarios, tokenScenarios) {
		all = append(all, variant{scenario: s})
	}
	for _, s := range scenarios {
		if core, ok := onNeutrino[s.name]; ok {
			s.core, s.name = core, "neutrino-"+s.name
			all = append(all, variant{scenario: s, light: true})
		}
	}
	return all
}

// needsLnd tells whether one of its nodes is an lnd.
func (s scenario) needsLnd() bool {
	return slices.ContainsFunc(s.nodes, func(name string) bool { return !strings.HasPrefix(name, "N") })
}

// inTokens tells whether it is about an EVM chain.
func (s scenario) inTokens() bool {
	return slices.ContainsFunc(s.args, func(arg string) bool { return strings.HasPrefix(arg, evmChain) })
}

// nodeName is short enough for an alias.
func (v variant) nodeName(name string) string {
	if v.light {
		return "n-" + strings.TrimPrefix(v.name, "neutrino-") + "-" + name
	}
	return v.name + "-" + name
}

// soon bounds one step that waits for something: far above what it takes.
const soon = 3 * time.Minute

// feeURL among the arguments of a scenario's nodes has them ask a source that the scenario can change.
const feeURL = "--fee.url="

// funds is what each node's wallet starts with, in satoshi.
const funds = 10_000_000

// anchors is what the opener pays for the two anchor outputs, in satoshi (BOLT 3).
const anchors = 2 * 330

// world is the state of one scenario: its nodes, and what every channel must hold.
type world struct {
	net      *devnet.Net
	out      io.Writer
	fees     *devnet.FeeSource
	tools    tools.Builder
	nodes    []*daemon.Node
	channels []*channel

	evm     *devnet.EVM // of scenarios in tokens
	profile evm.Profile // of that chain
	doors   []*door     // the ways to it

	privateLast bool   // the last channel of the line is not announced
	held        int64  // the least HTLC that goes to court and isn't dust, 0: heldAmount
	delay       uint32 // of the acceptors' balances, 0: as the opener sees fit
}

// channel is a link with the balances that its ends must see, in millisatoshi.
type channel struct {
	devnet.Link
	from, to int64
	fee      int64 // of the commitment, in satoshi, that from leaves out
}

func (w *world) start(ctx context.Context, self daemon.Kind, v variant) error {
	v.args = slices.Clone(v.args)
	for i, arg := range v.args {
		chain, found := strings.CutPrefix(arg, evmChain)
		switch {
		case arg == feeURL:
			v.args = append(v.args, "--fee.min-update-timeout=1s", "--fee.max-update-timeout=2s")
			v.args[i] += w.fees.URL
		case found:
			var err error
			if v.args[i], err = w.startEVM(ctx, chain); err != nil {
				return err
			}
		}
	}
	for _, name := range v.nodes {
		kind := daemon.LND
		if strings.HasPrefix(name, "N") {
			kind = self
		}
		add := func() (*daemon.Node, error) { return w.net.Add(kind, v.nodeName(name), v.args...) }
		if v.light && kind == daemon.NWND {
			add = func() (*daemon.Node, error) { return w.net.AddLight(v.nodeName(name), v.args...) }
		}
		n, err := add()
		if err != nil {
			return err
		}
		w.nodes = append(w.nodes, n)
	}
	if err := w.net.StartAll(ctx); err != nil || w.evm != nil {
		return err
	}
	return w.net.Fund(ctx, btcutil.Amount(funds), w.nodes...)
}

// open opens channels between neighbours, the earlier node opening, and checks what
// each side says of them at first.
func (w *world) open(ctx context.Context, capacity, push int64) error {
	var links []*devnet.Link
	for i := range w.nodes[1:] {
		private := w.privateLast && i == len(w.nodes)-2
		c := &channel{Link: devnet.Link{From: w.nodes[i], To: w.nodes[i+1], Capacity: capacity, Push: push, Private: private, Delay: w.delay}}
		w.channels = append(w.channels, c)
		links = append(links, &c.Link)
	}
	short, cancel := context.WithTimeout(ctx, 2*soon)
	defer cancel()
	if err := w.net.OpenAll(short, links...); err != nil {
		return err
	}
	for _, c := range w.channels {
		if err := c.begin(ctx); err != nil {
			return err
		}
	}
	return w.check(ctx)
}

// begin notes what the ends of a new channel must have.
func (c *channel) begin(ctx context.Context) error {
	view, err := c.From.Channel(ctx, c.Point)
	if err != nil {
		return err
	}
	if view.CommitFee <= 0 || view.Capacity != c.Capacity || view.Private != c.Private {
		return fmt.Errorf("new channel of %s: capacity %d, commit fee %d, private %v",
			c.From.Name, view.Capacity, view.CommitFee, view.Private)
	}
	c.fee = view.CommitFee
	c.from = (c.Capacity - c.Push - c.fee - anchors) * 1000
	c.to = c.Push * 1000
	return nil
}

// check waits until no HTLC is pending and both ends of every channel see the balances
// that they must.
func (w *world) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	for _, c := range w.channels {
		for _, end := range []*daemon.Node{c.From, c.To} {
			if err := end.AwaitChannel(ctx, c.Point, "its balance", c.balances); err != nil {
				return err
			}
		}
	}
	return nil
}

// commitFee is what of a commitment's fee the rate asks for: nodes count with it the satoshi that
// both balances lose when they are rounded down.
func (c *channel) commitFee(said int64) int64 {
	if c.from%1000 != 0 {
		return said - 1
	}
	return said
}

// balances is the condition that the channel is at rest with what its ends must have, which the
// API rounds down to the satoshi. The opener may have changed the commitment's fee, which it pays.
func (c *channel) balances(v *lnrpc.Channel) error {
	if err := daemon.Settled(v); err != nil {
		return err
	}
	local, remote := c.from/1000+c.fee-c.commitFee(v.CommitFee), c.to/1000
	if !v.Initiator {
		local, remote = remote, local
	}
	if v.LocalBalance != local || v.RemoteBalance != remote || v.UnsettledBalance != 0 {
		return fmt.Errorf("local %d remote %d unsettled %d sat, want local %d remote %d",
			v.LocalBalance, v.RemoteBalance, v.UnsettledBalance, local, remote)
	}
	return nil
}

// moved notes a payment that went along all channels from the first node to the last:
// value in satoshi, fee in millisatoshi, all of it taken by the node in the middle.
func (w *world) moved(value, fee int64) {
	for i, c := range w.channels {
		amount := value * 1000
		if i == 0 {
			amount += fee
		}
		c.from -= amount
		c.to += amount
	}
}

func (w *world) first() *daemon.Node { return w.nodes[0] }
func (w *world) last() *daemon.Node  { return w.nodes[len(w.nodes)-1] }
