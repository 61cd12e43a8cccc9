package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// lncliTour runs lnd's own client, unmodified, through the same commands against each of
// two nodes, and then demands that what it printed for nwnd has all that it printed for
// lnd: every key, and a value wherever lnd gave one.
func lncliTour(ctx context.Context, w *world) error {
	short, cancel := context.WithTimeout(ctx, 2*soon)
	defer cancel()
	binary, err := w.tools.Lncli(short)
	if err != nil {
		return err
	}
	var clients []*lncli
	for _, n := range w.nodes {
		clients = append(clients, newLncli(short, binary, w.net.Chain.RPC().Network, n))
	}
	ours, lnds := clients[0], clients[1]
	tours := []*tour{{lncli: ours, peer: lnds, net: w.net}, {lncli: lnds, peer: ours, net: w.net}}
	for _, t := range tours {
		t.stranger()
	}
	if err := w.open(ctx, 2_000_000, 800_000); err != nil {
		return err
	}
	if err := w.payBack(short, 1000); err != nil {
		return err
	}
	w.channels = nil // lncli moves their balances from here on
	for _, t := range tours {
		t.run()
	}
	for _, t := range tours {
		t.lookBack()
	}
	for _, t := range tours {
		t.end()
	}
	return errors.Join(append(ours.failed, append(lnds.failed, compare(lnds.answers, ours.answers)...)...)...)
}

// payBack pays there and back.
func (w *world) payBack(ctx context.Context, sat int64) error {
	for i, from := range w.nodes {
		inv, err := w.nodes[1-i].Invoice(ctx, sat)
		if err != nil {
			return err
		}
		if _, err := from.PayOK(ctx, inv.PaymentRequest); err != nil {
			return err
		}
	}
	return w.check(ctx)
}

// commandTimeout is far above what any command takes.
const commandTimeout = 2 * time.Minute

// lncli is the client for one node. A command that fails is noted, and the rest goes on.
type lncli struct {
	ctx     context.Context
	node    *daemon.Node
	binary  string
	global  []string
	answers map[string][]any // of each command
	failed  []error
}

func newLncli(ctx context.Context, binary, network string, n *daemon.Node) *lncli {
	return &lncli{
		ctx: ctx, node: n, binary: binary, answers: map[string][]any{},
		global: []string{
			"--rpcserver=" + n.RPCAddress(), "--lnddir=" + n.DataDir(), "--macaroonpath=" + n.MacaroonFile(),
			"--network=" + network,
		},
	}
}

// text runs a command and gives what it printed.
func (c *lncli) text(args ...string) string {
	return c.with(c.global, args...)
}

func (c *lncli) with(global []string, args ...string) string {
	out, err := c.exec(global, args...)
	if err != nil {
		c.fail("lncli %s: %w", strings.Join(args, " "), err)
	}
	return string(out)
}

func (c *lncli) exec(global []string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(c.ctx, commandTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.binary, append(slices.Clone(global), args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%w: %s", errors.Join(err, ctx.Err()), strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}

// json runs a command, whose name is the first words up to the first flag or argument,
// and keeps the documents that it printed; the last is returned.
func (c *lncli) json(name string, args ...string) any {
	out := c.text(append(strings.Fields(name), args...)...)
	if out == "" {
		return nil // it failed, which is noted
	}
	docs := json.NewDecoder(strings.NewReader(out))
	var last any
	for docs.More() {
		if err := docs.Decode(&last); err != nil {
			c.fail("lncli %s: it printed %q: %w", name, out, err)
			return nil
		}
		c.answers[name] = append(c.answers[name], last)
	}
	return last
}

func (c *lncli) fail(format string, args ...any) {
	c.failed = append(c.failed, fmt.Errorf("%s: "+format, append([]any{c.node.Name}, args...)...))
}

// at finds a value in a document by keys and indices, "" if it isn't there.
func at(doc any, path ...any) string {
	for _, p := range path {
		switch key := p.(type) {
		case string:
			object, _ := doc.(map[string]any)
			doc = object[key]
		case int:
			list, _ := doc.([]any)
			if key >= len(list) {
				return ""
			}
			doc = list[key]
		}
	}
	if doc == nil {
		return ""
	}
	return fmt.Sprint(doc)
}
