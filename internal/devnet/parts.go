package devnet

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

const (
	bigAmount     = 15_000_000 // satoshi; half as much again as a channel's capacity
	maxParts      = 16
	keysendAmount = 25_000
)

// payInParts opens a second way from the payer to the payee and pays more than any one
// channel of either holds.
func (d *demo) payInParts(ctx context.Context) error {
	d.Step("Pay in parts what no channel can carry")
	n := d.net.Nodes
	more := []*Link{{From: n[0], To: n[2], Capacity: capacity}, {From: n[1], To: n[3], Capacity: capacity}}
	if err := d.net.OpenAll(ctx, more...); err != nil {
		return err
	}
	d.links = append(d.links, more...)
	if err := d.net.AwaitUsable(ctx, d.links...); err != nil {
		return err
	}
	d.Say("opened", nil, "%s - %s and %s - %s are open too: a second way", n[0].Name, n[2].Name, n[1].Name, n[3].Name)

	from, to := d.ends()
	inv, err := to.Invoice(ctx, bigAmount)
	if err != nil {
		return err
	}
	whole, err := from.Pay(ctx, inv.PaymentRequest)
	if err != nil {
		return err
	}
	if whole.Status != lnrpc.Payment_FAILED {
		return fmt.Errorf("%d sat went through channels of %d in one part: %v", bigAmount, capacity, whole.Status)
	}
	d.Say("one_part", fields{"sat": bigAmount, "reason": whole.FailureReason.String()},
		"%s sat in one part: %v", group(bigAmount), whole.FailureReason)

	had, err := d.holds(ctx, to)
	if err != nil {
		return err
	}
	p, err := from.PayInParts(ctx, inv.PaymentRequest, maxParts)
	if err != nil {
		return err
	}
	if err := d.parts(p); err != nil {
		return err
	}
	got, err := to.LookupInvoice(ctx, inv.RHash)
	if err != nil {
		return err
	}
	if err := received(got, bigAmount); err != nil {
		return err
	}
	return d.holdsMore(ctx, to, had, bigAmount)
}

// parts shows the parts of a payment and demands that they add up, over two channels at least.
func (d *demo) parts(p *lnrpc.Payment) error {
	names := map[string]string{}
	for _, n := range d.net.Nodes {
		names[n.Key()] = n.Name
	}
	ways := map[uint64]bool{}
	var sum int64
	count := 0
	for _, h := range p.Htlcs {
		if h.Status != lnrpc.HTLCAttempt_SUCCEEDED {
			continue
		}
		count++
		way := []string{d.net.Nodes[0].Name}
		for _, hop := range h.Route.Hops {
			way = append(way, names[hop.PubKey])
		}
		msat := h.Route.Hops[len(h.Route.Hops)-1].AmtToForwardMsat
		sum += msat
		ways[h.Route.Hops[0].ChanId] = true
		d.Say("part", fields{"number": count, "msat": msat, "way": way}, "part %d: %14s sat over %s", count, group(msat/1000), strings.Join(way, " - "))
	}
	if sum != bigAmount*1000 || len(ways) < 2 {
		return fmt.Errorf("%d parts over %d channels bring %d msat, want %d over 2 at least", count, len(ways), sum, int64(bigAmount)*1000)
	}
	d.Say("paid_in_parts", fields{"parts": count, "sat": bigAmount, "fee_msat": p.FeeMsat},
		"%s sat in %d parts, fee %d msat", group(bigAmount), count, p.FeeMsat)
	return nil
}

// keysend pays a node that made no invoice: the preimage travels with the payment.
func (d *demo) keysend(ctx context.Context) error {
	d.Step("Pay without an invoice: keysend")
	from, to := d.ends()
	had, err := d.holds(ctx, to)
	if err != nil {
		return err
	}
	var preimage [32]byte
	if _, err := rand.Read(preimage[:]); err != nil {
		return err
	}
	p, err := from.Keysend(ctx, to, preimage, keysendAmount)
	if err != nil {
		return err
	}
	hash := sha256.Sum256(preimage[:])
	inv, err := to.LookupInvoice(ctx, hash[:])
	if err != nil {
		return err
	}
	if !inv.IsKeysend {
		return fmt.Errorf("%s does not take %x for a keysend", to.Name, hash)
	}
	if err := received(inv, keysendAmount); err != nil {
		return err
	}
	d.Say("keysend", fields{"sat": keysendAmount, "fee_msat": p.FeeMsat, "hash": fmt.Sprintf("%x", hash)},
		"%s sent %s %s sat, fee %d msat", from.Name, to.Name, group(keysendAmount), p.FeeMsat)
	return d.holdsMore(ctx, to, had, keysendAmount)
}

// received demands that an invoice was settled with exactly an amount.
func received(inv *lnrpc.Invoice, sat int64) error {
	if inv.State != lnrpc.Invoice_SETTLED || inv.AmtPaidMsat != sat*1000 {
		return fmt.Errorf("invoice %x is %v with %d msat, want it settled with %d", inv.RHash, inv.State, inv.AmtPaidMsat, sat*1000)
	}
	return nil
}

// holds is what a node has in its channels, once nothing is pending, in satoshi.
func (d *demo) holds(ctx context.Context, n *daemon.Node) (int64, error) {
	var sum int64
	err := n.Await(ctx, "HTLCs to resolve", func(ctx context.Context) error {
		list, err := n.Lightning().ListChannels(ctx, &lnrpc.ListChannelsRequest{})
		if err != nil {
			return err
		}
		sum = 0
		for _, c := range list.Channels {
			if err := daemon.Settled(c); err != nil {
				return err
			}
			sum += c.LocalBalance
		}
		return nil
	})
	return sum, err
}

// holdsMore demands that a node's channels have gained exactly an amount.
func (d *demo) holdsMore(ctx context.Context, n *daemon.Node, had, gain int64) error {
	has, err := d.holds(ctx, n)
	if err != nil {
		return err
	}
	if has-had != gain {
		return fmt.Errorf("%s holds %d sat in its channels, %d before: want %d more", n.Name, has, had, gain)
	}
	d.Say("gained", fields{"name": n.Name, "sat": gain}, "%s holds exactly %s sat more in its channels", n.Name, group(gain))
	return nil
}
