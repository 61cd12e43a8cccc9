package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

// openByFirst opens with and without a push; open itself checks both views.
func openByFirst(ctx context.Context, w *world) error {
	if err := w.open(ctx, 1_000_000, 300_000); err != nil {
		return err
	}
	return w.payFirstToLast(ctx, 50_000)
}

// payFirstToLast pays an invoice along the whole line and notes it.
func (w *world) payFirstToLast(ctx context.Context, sat int64) error {
	inv, err := w.last().Invoice(ctx, sat)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	p, err := w.first().PayOK(ctx, inv.PaymentRequest)
	if err != nil {
		return err
	}
	w.moved(sat, p.FeeMsat)
	return settled(ctx, w.last(), inv.RHash, sat)
}

// settled demands that a receiver counts an invoice as paid, once and in full.
func settled(ctx context.Context, n *daemon.Node, hash []byte, sat int64) error {
	inv, err := n.LookupInvoice(ctx, hash)
	if err != nil {
		return err
	}
	if inv.State != lnrpc.Invoice_SETTLED || inv.AmtPaidSat != sat {
		return fmt.Errorf("%s: invoice over %d sat is %v with %d sat", n.Name, sat, inv.State, inv.AmtPaidSat)
	}
	return nil
}

// payBothWays pays in both directions, dust and large, one at a time and then many at once.
func payBothWays(ctx context.Context, w *world) error {
	if err := w.open(ctx, 5_000_000, 2_000_000); err != nil {
		return err
	}
	c := w.channels[0]
	for _, sat := range []int64{1, 353, 354, 1000, 12_345, 900_000} {
		if err := w.payFirstToLast(ctx, sat); err != nil {
			return fmt.Errorf("%s pays %d sat: %w", c.From.Name, sat, err)
		}
		inv, err := c.From.Invoice(ctx, sat)
		if err != nil {
			return err
		}
		if _, err := c.To.PayOK(ctx, inv.PaymentRequest); err != nil {
			return fmt.Errorf("%s pays %d sat: %w", c.To.Name, sat, err)
		}
		w.moved(-sat, 0)
		if err := w.check(ctx); err != nil {
			return err
		}
	}
	const count, sat = 30, 2_000
	err := inParallel(
		func() error { return burst(ctx, c.From, c.To, count, sat) },
		func() error { return burst(ctx, c.To, c.From, count, 3*sat) },
	)
	w.moved(count*sat-count*3*sat, 0)
	return err
}

// burst makes invoices, pays all of them at once and demands that each is settled.
func burst(ctx context.Context, from, to *daemon.Node, count int, sat int64) error {
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	pay := make([]func() error, count)
	for i := range pay {
		inv, err := to.Invoice(ctx, sat)
		if err != nil {
			return err
		}
		pay[i] = func() error {
			if _, err := from.PayOK(ctx, inv.PaymentRequest); err != nil {
				return err
			}
			return settled(ctx, to, inv.RHash, sat)
		}
	}
	return inParallel(pay...)
}

// inParallel runs all functions at once and joins their errors.
func inParallel(f ...func() error) error {
	errs := make([]error, len(f))
	var wg sync.WaitGroup
	for i := range f {
		wg.Go(func() { errs[i] = f[i]() })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// payThrough pays over two channels; the node in the middle keeps exactly the fee.
func payThrough(ctx context.Context, w *world) error {
	if err := w.open(ctx, 2_000_000, 500_000); err != nil {
		return err
	}
	for _, sat := range []int64{1_000, 77_777, 250_000} {
		if err := w.payFirstToLast(ctx, sat); err != nil {
			return err
		}
		if err := w.check(ctx); err != nil {
			return err
		}
	}
	middle := w.nodes[1]
	report, err := middle.Lightning().ListChannels(ctx, &lnrpc.ListChannelsRequest{})
	if err != nil {
		return err
	}
	var sum, want int64
	opened := w.channels[1] // by the node in the middle
	for _, c := range report.Channels {
		sum += c.LocalBalance
		if c.Initiator {
			sum += opened.commitFee(c.CommitFee)
		}
	}
	for i, c := range w.channels {
		if i == 0 {
			want += c.to / 1000
		} else {
			want += c.from/1000 + c.fee
		}
	}
	if sum != want {
		return fmt.Errorf("%s holds %d sat in its channels, want %d", middle.Name, sum, want)
	}
	return nil
}

// refused pays what the last node must refuse, so that its encrypted error travels
// back over the node in the middle; then what the middle must refuse; then a payment
// that still works.
func refused(ctx context.Context, w *world) error {
	if err := w.open(ctx, 1_000_000, 400_000); err != nil {
		return err
	}
	middle := w.nodes[1]
	inv, err := w.last().Invoice(ctx, 5_000)
	if err != nil {
		return err
	}
	// The middle pays it first, so that the first node's payment comes too late.
	if _, err := middle.PayOK(ctx, inv.PaymentRequest); err != nil {
		return err
	}
	w.channels[1].from -= 5_000_000
	w.channels[1].to += 5_000_000
	late, err := w.first().Pay(ctx, inv.PaymentRequest)
	if err != nil {
		return err
	}
	if late.Status != lnrpc.Payment_FAILED ||
		late.FailureReason != lnrpc.PaymentFailureReason_FAILURE_REASON_INCORRECT_PAYMENT_DETAILS {
		return fmt.Errorf("paying a settled invoice: %v, %v", late.Status, late.FailureReason)
	}
	if err := w.check(ctx); err != nil {
		return err
	}
	// The middle has about 600,000 sat toward the last node, spends most, and can't forward more.
	if inv, err = w.last().Invoice(ctx, 400_000); err != nil {
		return err
	}
	if _, err := middle.PayOK(ctx, inv.PaymentRequest); err != nil {
		return err
	}
	w.channels[1].from -= 400_000_000
	w.channels[1].to += 400_000_000
	if inv, err = w.last().Invoice(ctx, 300_000); err != nil {
		return err
	}
	short, err := w.first().Pay(ctx, inv.PaymentRequest)
	if err != nil {
		return err
	}
	if short.Status != lnrpc.Payment_FAILED || len(short.Htlcs) == 0 {
		return fmt.Errorf("paying more than the middle has: %v after %d attempts", short.Status, len(short.Htlcs))
	}
	code := short.Htlcs[len(short.Htlcs)-1].GetFailure().GetCode()
	if code != lnrpc.Failure_TEMPORARY_CHANNEL_FAILURE {
		return fmt.Errorf("paying more than the middle has: the error is %v", code)
	}
	return w.payFirstToLast(ctx, 1_000)
}
