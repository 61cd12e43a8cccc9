package devnet

import (
	"context"
	"fmt"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

// compare holds the payer's word on each payment against the payee's: settled at one
// if and only if at the other, with exactly the invoice's amount, and the channels at
// both ends of the line have moved by exactly the sum.
func (d *demo) compare(ctx context.Context, payments []sent) error {
	from, to := d.ends()
	var settled, value, fee int64
	failed := map[string]int{} // by the sender's reason and the last hop's word
	for _, p := range payments {
		if p.err != nil {
			return fmt.Errorf("%w: %w", errUnknownEnd, p.err)
		}
		inv, err := to.LookupInvoice(ctx, p.hash)
		if err != nil {
			return err
		}
		paid, got := p.payment.Status == lnrpc.Payment_SUCCEEDED, inv.State == lnrpc.Invoice_SETTLED
		if paid != got {
			return fmt.Errorf("payment %x is %v at %s, its invoice %v at %s", p.hash, p.payment.Status, from.Name, inv.State, to.Name)
		}
		if !paid {
			failed[why(p.payment)]++
			continue
		}
		if inv.AmtPaidMsat != p.sat*1000 {
			return fmt.Errorf("invoice %x over %d sat was paid with %d msat", p.hash, p.sat, inv.AmtPaidMsat)
		}
		settled++
		value += p.sat
		fee += p.payment.FeeMsat
	}
	if err := d.once(ctx, payments); err != nil {
		return err
	}
	if err := d.moved(ctx, value, fee); err != nil {
		return err
	}
	d.Say("payments", fields{"settled": settled, "failed": int64(len(payments)) - settled, "reasons": failed, "sat": value, "fees_msat": fee},
		"%d settled, %d failed; %s received %s sat, fees %s msat", settled, int64(len(payments))-settled, to.Name, group(value), group(fee))
	for reason, count := range failed {
		d.Say("failed", fields{"count": count, "reason": reason}, "%d failed for good: %s", count, reason)
	}
	return d.balances(ctx)
}

// why is the reason of a failed payment, and of its last attempt.
func why(p *lnrpc.Payment) string {
	reason := p.FailureReason.String()
	if len(p.Htlcs) == 0 {
		return reason + ", never sent"
	}
	last := p.Htlcs[len(p.Htlcs)-1].GetFailure()
	return fmt.Sprintf("%s, hop %d: %v", reason, last.GetFailureSourceIndex(), last.GetCode())
}

// once demands that the payer knows each payment hash once, and that at most one of its
// attempts succeeded.
func (d *demo) once(ctx context.Context, payments []sent) error {
	from, _ := d.ends()
	list, err := from.Lightning().ListPayments(ctx, &lnrpc.ListPaymentsRequest{IncludeIncomplete: true, MaxPayments: 10_000})
	if err != nil {
		return err
	}
	records := map[string]int{}
	for _, p := range list.Payments {
		records[p.PaymentHash]++
		succeeded := 0
		for _, h := range p.Htlcs {
			if h.Status == lnrpc.HTLCAttempt_SUCCEEDED {
				succeeded++
			}
		}
		if succeeded > 1 {
			return fmt.Errorf("payment %s succeeded %d times", p.PaymentHash, succeeded)
		}
	}
	for _, p := range payments {
		if got := records[fmt.Sprintf("%x", p.hash)]; got != 1 {
			return fmt.Errorf("%s lists payment %x %d times, want once", from.Name, p.hash, got)
		}
	}
	return nil
}

// moved waits until the line is at rest and demands that the payee holds exactly what it
// was paid, and the first hop exactly that and all the fees.
func (d *demo) moved(ctx context.Context, value, feeMsat int64) error {
	for _, l := range d.links {
		for _, end := range []*daemon.Node{l.From, l.To} {
			if err := end.AwaitChannel(ctx, l.Point, "HTLCs to resolve", daemon.Settled); err != nil {
				return err
			}
		}
	}
	wants := []int64{(value*1000 + feeMsat) / 1000, -1, value}
	for i, l := range d.links {
		c, err := l.To.Channel(ctx, l.Point)
		if err != nil {
			return err
		}
		if wants[i] >= 0 && c.LocalBalance != wants[i] {
			return fmt.Errorf("%s holds %d sat in its channel with %s, want %d", l.To.Name, c.LocalBalance, l.From.Name, wants[i])
		}
	}
	return nil
}

// addUp compares the wallets at the end with what was put in, less the fees that the
// chain's own transactions paid.
func (d *demo) addUp(ctx context.Context) error {
	accounts, err := d.net.Accounts(ctx)
	if err != nil {
		return err
	}
	var fees int64
	for txid, fee := range accounts.Fee {
		fees += fee
		d.Say("chain_fee", fields{"txid": txid.String(), "sat": fee}, "%v paid %d sat of fee", txid, fee)
	}
	ledger, err := d.net.Ledger(ctx, d.cases...)
	if err != nil {
		return err
	}
	want := int64(fundsEach)*int64(len(d.net.Nodes)) - fees - ledger.Lost
	var sum int64
	err = d.net.Nodes[0].Await(ctx, "the wallets to add up", func(ctx context.Context) error {
		sum = 0
		for _, n := range d.net.Nodes {
			have, err := n.Confirmed(ctx)
			if err != nil {
				return err
			}
			sum += have
		}
		if sum != want {
			return fmt.Errorf("the wallets hold %d sat, want %d", sum, want)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, n := range d.net.Nodes {
		have, err := n.Confirmed(ctx)
		if err != nil {
			return err
		}
		d.Say("wallet", fields{"name": n.Name, "sat": have, "change_sat": have - int64(fundsEach)},
			"%-6s %12s sat  (%s)", n.Name, group(have), group(have-int64(fundsEach)))
	}
	initial := int64(fundsEach) * int64(len(d.net.Nodes))
	d.Say("sum", fields{"initial_sat": initial, "final_sat": sum, "chain_fees_sat": fees, "anchors_sat": ledger.Lost},
		"%s sat at first = %s sat now + %s sat of fees on chain + %d sat in anchors, which nobody takes",
		group(initial), group(sum), group(fees), ledger.Lost)
	return nil
}
