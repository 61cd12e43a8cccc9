package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// crash kills each node of a line in turn, with SIGKILL in the middle of a stream of payments, and
// starts it again. Every payment that was reported settled must be settled then, and the channels
// must hold, to the thousandth of a satoshi, what the payments say.
func (r *runner) crash(ctx context.Context, nodes []*daemon.Node) error {
	var settled int
	var slowest time.Duration
	for i, role := range []string{"payer", "forwarder", "payee"} {
		c := &crash{runner: r, nodes: nodes, victim: nodes[i], role: role, all: make([]payment, r.opt.crashed)}
		if err := c.run(ctx); err != nil {
			return fmt.Errorf("the %s was killed: %w", role, err)
		}
		settled += c.settled
		slowest = max(slowest, c.restart)
	}
	r.got.set("crash_settled", float64(settled))
	r.got.set("crash_lost", 0) // anything else was an error
	r.got.set("crash_restart_ms", ms(slowest))
	return nil
}

// payment is one of the stream, and what its payer was told.
type payment struct {
	hash    []byte
	request string
	told    *lnrpc.Payment // final state; nil if the node died first
}

// crash is one stream and one kill.
type crash struct {
	*runner
	nodes  []*daemon.Node
	victim *daemon.Node
	role   string
	all    []payment

	gate    sync.RWMutex // held for writing while the victim is down
	ended   atomic.Int64
	begun   atomic.Int64
	settled int
	restart time.Duration
}

func (c *crash) run(ctx context.Context) error {
	err := parallel(ctx, len(c.all), 16, func(i int) error {
		inv, err := c.nodes[2].Invoice(ctx, amount)
		if err == nil {
			c.all[i] = payment{hash: inv.RHash, request: inv.PaymentRequest}
		}
		return err
	})
	if err != nil {
		return err
	}
	before, err := c.holdings(ctx)
	if err != nil {
		return err
	}
	if err := c.stream(ctx); err != nil {
		return err
	}
	if err := c.learn(ctx); err != nil {
		return err
	}
	sum, err := c.compare(ctx)
	if err != nil {
		return err
	}
	if err := c.addUp(ctx, before, sum); err != nil {
		return err
	}
	return c.back(ctx)
}

// stream pays all, and kills the victim when a third of it has ended.
func (c *crash) stream(ctx context.Context) error {
	strike := make(chan struct{})
	killed := make(chan error, 1)
	go func() {
		select {
		case <-strike:
			killed <- c.kill(ctx)
		case <-ctx.Done():
			killed <- ctx.Err()
		}
	}()
	err := parallel(ctx, len(c.all), c.opt.inFlight, func(i int) error {
		if err := c.pay(ctx, &c.all[i]); err != nil {
			return err
		}
		if c.ended.Add(1) == int64(len(c.all)+2)/3 {
			close(strike)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return <-killed
}

// pay sends one payment. It begins none while the victim is down. What the payer's death cut off
// is learnt later.
func (c *crash) pay(ctx context.Context, p *payment) error {
	c.gate.RLock()
	end, err := c.nodes[0].Send(ctx, p.request)
	c.begun.Add(1)
	c.gate.RUnlock()
	if err == nil {
		p.told, err = end()
	}
	if err != nil && c.victim != c.nodes[0] {
		return err
	}
	return ctx.Err()
}

// kill ends the victim at once and returns when it works again.
func (c *crash) kill(ctx context.Context) error {
	c.gate.Lock()
	defer c.gate.Unlock()
	waiting := c.begun.Load() - c.ended.Load()
	if err := c.victim.Kill(); err != nil {
		return err
	}
	c.say("%s killed after %d payments, with %d under way", c.role, c.ended.Load(), waiting)
	began := time.Now()
	if err := c.victim.Start(ctx); err != nil {
		return err
	}
	c.restart = time.Since(began)
	if err := c.usable(ctx); err != nil {
		return err
	}
	// What failed meanwhile keeps the payer off the only way there is; the rest of the stream needs it.
	_, err := c.nodes[0].Router().ResetMissionControl(ctx, &routerrpc.ResetMissionControlRequest{})
	return err
}

// usable waits until all channels are active at both ends.
func (c *crash) usable(ctx context.Context) error {
	for _, n := range c.nodes {
		err := n.Await(ctx, "active channels", func(ctx context.Context) error {
			list, err := n.Lightning().ListChannels(ctx, &lnrpc.ListChannelsRequest{})
			if err != nil {
				return err
			}
			for _, ch := range list.Channels {
				if err := daemon.Active(ch); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// learn asks for the payments whose end was cut off. One that the payer doesn't know was never begun.
func (c *crash) learn(ctx context.Context) error {
	for i := range c.all {
		p := &c.all[i]
		if p.told != nil {
			continue
		}
		told, err := c.nodes[0].Track(ctx, p.hash)
		if err != nil && status.Code(err) != codes.NotFound {
			return err
		}
		p.told = told
	}
	return nil
}

// sums is what the payments that settled say.
type sums struct{ value, fee int64 }

// compare holds what the payer was told against what payer and payee say after the restart.
func (c *crash) compare(ctx context.Context) (sum sums, err error) {
	records, err := c.records(ctx)
	if err != nil {
		return sum, err
	}
	failed, unknown := 0, 0
	for _, p := range c.all {
		inv, err := c.nodes[2].LookupInvoice(ctx, p.hash)
		if err != nil {
			return sum, err
		}
		listed := records[fmt.Sprintf("%x", p.hash)]
		paid := inv.State == lnrpc.Invoice_SETTLED
		switch {
		case p.told == nil && len(listed) == 0 && !paid:
			unknown++
		case p.told == nil || len(listed) != 1 || listed[0].Status != p.told.Status:
			return sum, fmt.Errorf("payment %x was told as %v, is listed as %v", p.hash, p.told.GetStatus(), listed)
		case paid != (p.told.Status == lnrpc.Payment_SUCCEEDED):
			return sum, fmt.Errorf("payment %x is %v, its invoice %v", p.hash, p.told.Status, inv.State)
		case !paid:
			failed++
		case inv.AmtPaidMsat != amount*1000 || listed[0].ValueMsat != amount*1000:
			return sum, fmt.Errorf("payment %x over %d sat: %d msat sent, %d received", p.hash, amount, listed[0].ValueMsat, inv.AmtPaidMsat)
		default:
			c.settled++
			sum.value += listed[0].ValueMsat
			sum.fee += listed[0].FeeMsat
		}
	}
	c.say("%s back after %.1fs: %d payments settled, %d failed, %d never begun; payer and payee agree on each",
		c.role, c.restart.Seconds(), c.settled, failed, unknown)
	if c.settled < len(c.all)/3 { // so many had when it was killed
		return sum, fmt.Errorf("only %d of %d payments settled", c.settled, len(c.all))
	}
	return sum, nil
}

// records are the payer's payments by hash, read page by page.
func (c *crash) records(ctx context.Context) (map[string][]*lnrpc.Payment, error) {
	all := map[string][]*lnrpc.Payment{}
	for offset := uint64(0); ; {
		list, err := c.nodes[0].Lightning().ListPayments(ctx, &lnrpc.ListPaymentsRequest{
			IncludeIncomplete: true, MaxPayments: 500, IndexOffset: offset,
		})
		if err != nil {
			return nil, err
		}
		if len(list.Payments) == 0 {
			return all, nil
		}
		for _, p := range list.Payments {
			all[p.PaymentHash] = append(all[p.PaymentHash], p)
		}
		offset = list.LastIndexOffset
	}
}

// commitWeight is the weight of a commitment with anchors and no HTLCs (BOLT 3, "Fee Calculation").
// The fee that the API tells has fractions of a satoshi in it that are no output's.
const commitWeight = 1124

// holdings are what each node has in its channels when nothing is pending, in millisatoshi, with
// the fee of the commitments that it would pay for.
func (c *crash) holdings(ctx context.Context) ([]int64, error) {
	var all []int64
	for _, n := range c.nodes {
		var sum int64
		err := n.Await(ctx, "HTLCs to resolve", func(ctx context.Context) error {
			list, err := n.Lightning().ListChannels(ctx, &lnrpc.ListChannelsRequest{})
			if err != nil {
				return err
			}
			balance, err := n.Lightning().ChannelBalance(ctx, &lnrpc.ChannelBalanceRequest{})
			if err != nil {
				return err
			}
			sum = int64(balance.LocalBalance.Msat)
			for _, ch := range list.Channels {
				if err := daemon.Settled(ch); err != nil {
					return err
				}
				if ch.Initiator { // it pays the fee of a commitment, which a new rate changes
					sum += ch.FeePerKw * commitWeight / 1000 * 1000
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		all = append(all, sum)
	}
	return all, nil
}

// addUp demands that the channels moved by what the payments say, and nothing else.
func (c *crash) addUp(ctx context.Context, before []int64, s sums) error {
	after, err := c.holdings(ctx)
	if err != nil {
		return err
	}
	for i, gain := range []int64{-s.value - s.fee, s.fee, s.value} {
		if after[i]-before[i] != gain {
			return fmt.Errorf("%s gained %d msat, its payments say %d", c.nodes[i].Name, after[i]-before[i], gain)
		}
	}
	c.say("balances moved by %d msat and %d msat of fees, exactly", s.value, s.fee)
	return nil
}

// back pays as many the other way, so that the next stream finds the channels as this did.
func (c *crash) back(ctx context.Context) error {
	jobs := make([]job, c.settled)
	err := parallel(ctx, len(jobs), 16, func(i int) error {
		inv, err := c.nodes[0].Invoice(ctx, amount)
		if err == nil {
			jobs[i] = job{from: c.nodes[2], request: inv.PaymentRequest}
		}
		return err
	})
	if err != nil {
		return err
	}
	_, err = payAll(ctx, jobs, c.opt.inFlight)
	return err
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
