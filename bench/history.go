package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// history gives both nodes a long past, payments to the one and invoices to the other, and measures
// how the first starts with it, and how both list it.
func (r *runner) history(ctx context.Context, nodes []*daemon.Node) error {
	payer, payee := nodes[0], nodes[1]
	inv, err := payee.Invoice(ctx, amount)
	if err != nil {
		return err
	}
	paid, err := payer.PayOK(ctx, inv.PaymentRequest)
	if err != nil {
		return err
	}
	preimage, err := hex.DecodeString(paid.PaymentPreimage)
	if err != nil {
		return err
	}
	empty, err := restarted(ctx, payer, payer.Stop)
	if err != nil {
		return err
	}
	began := time.Now()
	for i, n := range nodes {
		if err := n.Stop(ctx); err != nil {
			return err
		}
		path, err := storeOf(n)
		if err != nil {
			return err
		}
		if err := multiply(path, histories[i], inv.RHash, preimage, r.opt.history); err != nil {
			return fmt.Errorf("%s: %w", n.Name, err)
		}
	}
	r.say("%d payments and as many invoices are in the stores after %.1fs", r.opt.history, time.Since(began).Seconds())
	if err := r.starts(ctx, payer, empty); err != nil {
		return err
	}
	if err := r.lists(ctx, "listpayments", payments(payer)); err != nil {
		return err
	}
	if err := payee.Start(ctx); err != nil {
		return err
	}
	return r.lists(ctx, "listinvoices", invoices(payee))
}

// starts measures a start with a history, after the node was stopped and after it was killed.
func (r *runner) starts(ctx context.Context, n *daemon.Node, empty time.Duration) error {
	clean, err := restarted(ctx, n, n.Stop)
	if err != nil {
		return err
	}
	used, err := settled(ctx, n)
	if err != nil {
		return err
	}
	killed, err := restarted(ctx, n, func(context.Context) error { return n.Kill() })
	if err != nil {
		return err
	}
	r.got.set("start_empty_ms", ms(empty))
	r.got.set(r.of("start_%s_payments_ms"), ms(clean))
	r.got.set(r.of("start_%s_killed_ms"), ms(killed))
	r.got.set(r.of("start_%s_mb"), used.all)
	r.say("a start takes %.1fs with one payment, %.1fs with %d, %.1fs after a SIGKILL; then the node uses %v",
		empty.Seconds(), clean.Seconds(), r.opt.history, killed.Seconds(), used)
	return nil
}

// of names a figure after the size of the history.
func (r *runner) of(name string) string {
	size := fmt.Sprint(r.opt.history)
	if r.opt.history == 1_000_000 {
		size = "1m"
	}
	return fmt.Sprintf(name, size)
}

// restarted ends a node in some way and times its start, from the program to an API that answers.
func restarted(ctx context.Context, n *daemon.Node, end func(context.Context) error) (time.Duration, error) {
	if err := end(ctx); err != nil {
		return 0, err
	}
	began := time.Now()
	err := n.Start(ctx)
	return time.Since(began), err
}
