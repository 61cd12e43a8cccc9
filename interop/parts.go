package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"

	"github.com/nichework/nwnd/lnrpc"
)

// keysendArgs let both implementations take payments that nobody asked for.
var keysendArgs = []string{"--accept-keysend"}

// payInParts pays more than either of two channels between the same nodes can carry.
func payInParts(ctx context.Context, w *world) error {
	const capacity, sat = 1_000_000, 1_500_000
	for range 2 {
		if err := w.open(ctx, capacity, 50_000); err != nil {
			return err
		}
	}
	short, cancel := context.WithTimeout(ctx, 2*soon)
	defer cancel()
	if err := w.first().AwaitGraph(short, len(w.channels)); err != nil {
		return err // lnd pays only over channels that its graph has
	}
	inv, err := w.last().Invoice(ctx, sat)
	if err != nil {
		return err
	}
	p, err := w.first().PayInParts(short, inv.PaymentRequest, 16)
	if err != nil {
		return err
	}
	var parts int
	for _, h := range p.Htlcs {
		if h.Status == lnrpc.HTLCAttempt_SUCCEEDED {
			parts++
		}
	}
	if parts < 2 {
		return fmt.Errorf("%s paid %d sat in %d parts", w.first().Name, sat, parts)
	}
	if err := settled(ctx, w.last(), inv.RHash, sat); err != nil {
		return err
	}
	return w.shared(short, sat)
}

// shared takes the payer's word for how a payment was spread over the channels, and
// demands that all of it arrived; check then demands that the payee says the same.
func (w *world) shared(ctx context.Context, sat int64) error {
	var sum int64
	for _, c := range w.channels {
		var left int64
		err := c.From.AwaitChannel(ctx, c.Point, "its parts to settle", func(v *lnrpc.Channel) error {
			left = v.LocalBalance + c.commitFee(v.CommitFee) - c.fee
			if len(v.PendingHtlcs) > 0 {
				return fmt.Errorf("%d HTLCs are pending", len(v.PendingHtlcs))
			}
			return nil
		})
		if err != nil {
			return err
		}
		moved := c.from/1000 - left
		sum += moved
		c.from -= moved * 1000
		c.to += moved * 1000
	}
	if sum != sat {
		return fmt.Errorf("%d sat left the payer's channels, %d were to be paid", sum, sat)
	}
	return w.check(ctx)
}

// keysend pays both ways without an invoice.
func keysend(ctx context.Context, w *world) error {
	if err := w.open(ctx, 1_000_000, 400_000); err != nil {
		return err
	}
	const sat = 12_345
	for i, from := range w.nodes {
		to := w.nodes[1-i]
		var preimage [32]byte
		if _, err := rand.Read(preimage[:]); err != nil {
			return err
		}
		short, cancel := context.WithTimeout(ctx, soon)
		_, err := from.Keysend(short, to, preimage, sat)
		cancel()
		if err != nil {
			return err
		}
		hash := sha256.Sum256(preimage[:])
		if err := settled(ctx, to, hash[:], sat); err != nil {
			return err
		}
		if i == 0 {
			w.moved(sat, 0)
		} else {
			w.moved(-sat, 0)
		}
		if err := w.check(ctx); err != nil {
			return err
		}
	}
	return nil
}

// holdAndResolve holds payments at the last node, settles some and cancels the others.
func holdAndResolve(ctx context.Context, w *world) error {
	if err := w.open(ctx, 2_000_000, 50_000); err != nil {
		return err
	}
	all, err := w.hold(ctx)
	if err != nil {
		return err
	}
	return w.resolve(ctx, all)
}
