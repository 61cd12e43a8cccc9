package main

import (
	"context"
	"fmt"

	"github.com/nichework/nwnd/internal/devnet"
	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

// How HTLCs end in these scenarios.
func settledAll(int) bool   { return true }
func expiredAll(int) bool   { return false }
func everyOther(i int) bool { return i%2 == 0 }

// forceBy closes the channel from one side alone, with HTLCs in flight each way. Those to be settled are
// settled when the commitment is in a block, the others time out.
func forceBy(closer, count int, settle func(int) bool) func(context.Context, *world) error {
	return forceAmid(closer, count, settle, nil)
}

// forceAmid is forceBy with something that happens before each block that is mined once the commitment is
// in one.
func forceAmid(closer, count int, settle func(int) bool, disturb disturbance) func(context.Context, *world) error {
	return func(ctx context.Context, w *world) error {
		c, err := w.openCourt(ctx)
		if err != nil {
			return err
		}
		if c.disturb = disturb; disturb != nil {
			if err := w.net.Mine(ctx, deepest); err != nil {
				return err
			}
		}
		if err := c.fly(ctx, count, settle); err != nil {
			return err
		}
		if err := c.force(ctx, w.nodes[closer]); err != nil {
			return err
		}
		if err := c.settle(ctx); err != nil {
			return err
		}
		if err := c.takeAll(ctx); err != nil {
			return err
		}
		return c.judge(ctx)
	}
}

// force has one node publish its commitment, and mines it or, if that was faster, the other's: one that is
// told of it may close the channel with its own.
func (c *court) force(ctx context.Context, by *daemon.Node) error {
	if err := c.note(ctx); err != nil {
		return err
	}
	c.channels = nil // there are no balances to compare any more
	txid, err := by.ForceClose(ctx, c.Point)
	if err != nil {
		return err
	}
	short, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	spend, err := c.net.AwaitSpend(short, c.Point)
	if err != nil {
		return err
	}
	if c.publisher = by; spend.Tx.TxHash() != txid {
		c.publisher = c.other(by)
	}
	return c.net.Mine(ctx, 1)
}

// other is the node that isn't this one.
func (c *court) other(n *daemon.Node) *daemon.Node {
	if n == c.From {
		return c.To
	}
	return c.From
}

// settle gives the preimages that are to be given and mines until they are used on chain.
func (c *court) settle(ctx context.Context) error {
	values := map[int64]bool{}
	for _, f := range c.flights {
		if !f.settle {
			continue
		}
		values[f.sat] = true
		if err := f.to.SettleHold(ctx, f.preimage); err != nil {
			return err
		}
	}
	return c.take(ctx, func(o devnet.Output) bool { return values[o.Sat] && !o.Staged })
}

// mostFees is more than any side should pay here, in satoshi, as long as fees haven't risen.
const mostFees = courtCapacity / 10

// reasonable is an error if a node has paid more fees than it should.
func (c *court) reasonable(l *devnet.Ledger, n *daemon.Node) error {
	most := int64(mostFees)
	if c.dear {
		most *= 3
	}
	if l.Fees[n] > most {
		return fmt.Errorf("%s paid %d sat of fees, at most %d are reasonable", n.Name, l.Fees[n], most)
	}
	return nil
}

// judge demands that payers and payees know how each HTLC ended, that the wallets have what the chain's
// transactions give them, and that nothing is pending.
func (c *court) judge(ctx context.Context) error {
	if err := c.net.Mine(ctx, 6); err != nil {
		return err
	}
	short, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	for _, f := range c.flights {
		if err := f.ended(short); err != nil {
			return err
		}
	}
	l, err := c.net.Ledger(short, &devnet.Closing{Link: &c.Link, Publisher: c.publisher, Owner: c.owner})
	if err != nil {
		return err
	}
	c.print(l)
	for _, end := range c.nodes {
		if err := c.reasonable(l, end); err != nil {
			return err
		}
		if want := c.share(l, end); l.Coins[end] != want {
			return fmt.Errorf("the chain gives %s %d sat, want %d", end.Name, l.Coins[end], want)
		}
		if err := end.AwaitConfirmed(short, l.Coins[end]); err != nil {
			return err
		}
	}
	for _, end := range c.nodes {
		if err := gone(short, end, c.Point); err != nil {
			return err
		}
	}
	return nil
}

// share is what a node must have in the end: what it had, less what it put into the channel, and what that was
// worth when it was closed, less the fees of its own transactions.
func (c *court) share(l *devnet.Ledger, end *daemon.Node) int64 {
	sat := funds - l.Fees[end] + l.Anchors[end]*devnet.AnchorValue + c.left(end)
	if end == c.From {
		sat -= courtCapacity
	}
	for _, f := range c.flights {
		if !f.dust() && f.winner() == end {
			sat += f.sat
		}
	}
	return sat
}

// ended demands that both ends of an HTLC know what became of it.
func (f *flight) ended(ctx context.Context) error {
	p, err := f.from.Track(ctx, f.hash[:])
	if err != nil {
		return fmt.Errorf("HTLC of %d sat: %w", f.sat, err)
	}
	inv, err := f.to.LookupInvoice(ctx, f.hash[:])
	if err != nil {
		return err
	}
	if paid := p.Status == lnrpc.Payment_SUCCEEDED; paid != f.settle || f.settle != (inv.State == lnrpc.Invoice_SETTLED) {
		return fmt.Errorf("HTLC of %d sat from %s, settled: %v: the payment is %v, the invoice %v",
			f.sat, f.from.Name, f.settle, p.Status, inv.State)
	}
	return nil
}

func (c *court) print(l *devnet.Ledger) {
	for _, end := range c.nodes {
		fmt.Fprintf(c.out, "     %s: %d sat at first, %d in the end, %d of fees\n", end.Name, funds, l.Coins[end], l.Fees[end])
	}
}
