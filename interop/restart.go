package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

// heldCount HTLCs wait at the last node while others restart; heldSat is one's value.
const (
	heldCount = 8
	heldSat   = 15_000
)

// held is a payment that the last node holds: neither settled nor failed.
type held struct {
	preimage, hash [32]byte
}

// hold has the first node pay hold invoices of the last and waits until all HTLCs
// have arrived and every channel shows them.
func (w *world) hold(ctx context.Context) ([]held, error) {
	var all []held
	for range heldCount {
		var h held
		if _, err := rand.Read(h.preimage[:]); err != nil {
			return nil, err
		}
		h.hash = sha256.Sum256(h.preimage[:])
		payReq, err := w.last().HoldInvoice(ctx, h.hash, heldSat, 0)
		if err != nil {
			return nil, err
		}
		if err := w.first().Begin(ctx, payReq); err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	short, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	for _, h := range all {
		err := w.last().Await(short, "a held HTLC", func(ctx context.Context) error {
			inv, err := w.last().LookupInvoice(ctx, h.hash[:])
			if err == nil && inv.State != lnrpc.Invoice_ACCEPTED {
				err = fmt.Errorf("the invoice is %v", inv.State)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, w.pending(short, heldCount)
}

// pending waits until every channel is active and shows this many HTLCs at both ends.
func (w *world) pending(ctx context.Context, count int) error {
	for _, c := range w.channels {
		for _, end := range []*daemon.Node{c.From, c.To} {
			err := end.AwaitChannel(ctx, c.Point, "the held HTLCs", func(v *lnrpc.Channel) error {
				if len(v.PendingHtlcs) != count || !v.Active {
					return fmt.Errorf("%d HTLCs, active: %v; want %d", len(v.PendingHtlcs), v.Active, count)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// resolve settles every other held payment and cancels the rest; the payer must learn
// of each what became of it.
func (w *world) resolve(ctx context.Context, all []held) error {
	ctx, cancel := context.WithTimeout(ctx, 2*soon)
	defer cancel()
	for i, h := range all {
		var err error
		if i%2 == 0 {
			err = w.last().SettleHold(ctx, h.preimage)
		} else {
			err = w.last().CancelHold(ctx, h.hash)
		}
		if err != nil {
			return err
		}
	}
	for i, h := range all {
		p, err := w.first().Track(ctx, h.hash[:])
		if err != nil {
			return err
		}
		want := lnrpc.Payment_SUCCEEDED
		if i%2 == 1 {
			want = lnrpc.Payment_FAILED
		}
		if p.Status != want {
			return fmt.Errorf("held payment %d ended as %v (%v), want %v", i, p.Status, p.FailureReason, want)
		}
		if want == lnrpc.Payment_SUCCEEDED {
			w.moved(heldSat, p.FeeMsat)
		}
	}
	return w.check(ctx)
}

// restartHolding restarts the victims with HTLCs in flight, first as an operator does,
// then by SIGKILL; after each the HTLCs are still there, and in the end all resolve.
func restartHolding(ctx context.Context, w *world, victims ...*daemon.Node) error {
	if err := w.open(ctx, 3_000_000, 1_000_000); err != nil {
		return err
	}
	all, err := w.hold(ctx)
	if err != nil {
		return err
	}
	for _, down := range []func(*daemon.Node) error{
		func(n *daemon.Node) error { return n.Stop(ctx) },
		(*daemon.Node).Kill,
	} {
		for _, v := range victims {
			if err := down(v); err != nil {
				return err
			}
		}
		if err := w.net.StartAll(ctx); err != nil {
			return err
		}
		short, cancel := context.WithTimeout(ctx, 2*soon)
		err := w.pending(short, heldCount)
		cancel()
		if err != nil {
			return err
		}
	}
	if err := w.resolve(ctx, all); err != nil {
		return err
	}
	return w.payFirstToLast(ctx, 4_000)
}

func restartPayer(ctx context.Context, w *world) error { return restartHolding(ctx, w, w.first()) }
func restartPayee(ctx context.Context, w *world) error { return restartHolding(ctx, w, w.last()) }
func restartEnds(ctx context.Context, w *world) error {
	return restartHolding(ctx, w, w.first(), w.last())
}

func restartForwarder(ctx context.Context, w *world) error {
	return restartHolding(ctx, w, w.nodes[1])
}

// streamCount payments run at once while a node is killed, as soon as it shows inFlight HTLCs.
const (
	streamCount = 200
	streamSat   = 3_000
	inFlight    = 10
)

// restartInStream kills the second node in the middle of a stream of payments. Each of
// them must end, and the payer and the payee must agree on how.
func restartInStream(ctx context.Context, w *world) error {
	if err := w.open(ctx, 3_000_000, 1_000_000); err != nil {
		return err
	}
	var hashes [][]byte
	var begin []func() error
	for range streamCount {
		inv, err := w.last().Invoice(ctx, streamSat)
		if err != nil {
			return err
		}
		hashes = append(hashes, inv.RHash)
		begin = append(begin, func() error { return w.first().Begin(ctx, inv.PaymentRequest) })
	}
	begun := make(chan error, 1)
	go func() { begun <- inParallel(begin...) }()
	short, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	c := w.channels[0]
	err := c.To.AwaitChannel(short, c.Point, "HTLCs in flight", func(v *lnrpc.Channel) error {
		if len(v.PendingHtlcs) < inFlight {
			return fmt.Errorf("%d, want %d", len(v.PendingHtlcs), inFlight)
		}
		return nil
	})
	if err != nil {
		return errors.Join(err, <-begun)
	}
	if err := errors.Join(c.To.Kill(), <-begun); err != nil {
		return err
	}
	if err := w.net.StartAll(ctx); err != nil {
		return err
	}
	return w.agree(ctx, hashes)
}

// agree demands that the payer and the payee say the same of every payment.
func (w *world) agree(ctx context.Context, hashes [][]byte) error {
	for _, hash := range hashes {
		p, err := w.first().Track(ctx, hash)
		if err != nil {
			return err
		}
		inv, err := w.last().LookupInvoice(ctx, hash)
		if err != nil {
			return err
		}
		paid, got := p.Status == lnrpc.Payment_SUCCEEDED, inv.State == lnrpc.Invoice_SETTLED
		if paid != got || paid && inv.AmtPaidSat != streamSat {
			return fmt.Errorf("payment is %v, its invoice %v with %d sat", p.Status, inv.State, inv.AmtPaidSat)
		}
		if paid {
			w.moved(streamSat, p.FeeMsat)
		}
	}
	return w.check(ctx)
}
