package devnet

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

// The stream of payments that a forwarding node is killed in.
const (
	wantInFlight = 10    // HTLCs that must be in flight at the kill
	streamLength = 300   // payments of one attempt
	streamAmount = 2_000 // satoshi of each; not dust
	firstAmount  = 150_000
)

// loads are the payments kept in flight, attempt by attempt, until enough are caught
// on their way.
var loads = []int{50, 50, 50, 100, 100, 200, 200}

// sent is a payment and how it ended, in the payer's words.
type sent struct {
	hash    []byte
	sat     int64
	payment *lnrpc.Payment
	err     error
}

// payOnce pays one invoice from the first node to the last.
func (d *demo) payOnce(ctx context.Context) (sent, error) {
	from, to := d.ends()
	inv, err := to.Invoice(ctx, firstAmount)
	if err != nil {
		return sent{}, err
	}
	p, err := from.PayOK(ctx, inv.PaymentRequest)
	if err != nil {
		return sent{}, err
	}
	hops := 0
	for _, h := range p.Htlcs {
		if h.Status == lnrpc.HTLCAttempt_SUCCEEDED {
			hops = len(h.Route.GetHops())
		}
	}
	d.Say("paid", fields{"sat": int64(firstAmount), "fee_msat": p.FeeMsat, "hops": hops},
		"%s paid %s: %s sat over %d hops, fee %d msat", from.Name, to.Name, group(firstAmount), hops, p.FeeMsat)
	if hops != 3 {
		return sent{}, fmt.Errorf("the payment took %d hops, want 3", hops)
	}
	return sent{hash: inv.RHash, sat: firstAmount, payment: p}, d.balances(ctx)
}

// killAndRestart sends streams of payments until a forwarding node could be killed with
// enough HTLCs in flight, and returns every payment that it made.
func (d *demo) killAndRestart(ctx context.Context) ([]sent, error) {
	d.Step("Kill a forwarding node in the middle of a stream of payments")
	var all []sent
	for _, load := range loads {
		s := &stream{demo: d, victim: d.links[0].To, back: make(chan struct{})}
		done, killed, err := s.run(ctx, load)
		all = append(all, done...)
		if err != nil || killed {
			return all, err
		}
		d.Say("retry", fields{"load": load}, "that interrupted fewer than %d payments; again", wantInFlight)
	}
	return all, fmt.Errorf("%d streams of payments were never interrupted with %d in flight", len(loads), wantInFlight)
}

// stream is one attempt.
type stream struct {
	*demo
	victim *daemon.Node
	back   chan struct{} // closed when the victim runs again, or was not killed
	begun  atomic.Int64  // payments
	ended  atomic.Int64
}

// run makes the invoices, pays them with load at a time, and kills the victim meanwhile.
func (s *stream) run(ctx context.Context, load int) ([]sent, bool, error) {
	_, to := s.ends()
	all := make([]sent, streamLength)
	requests := make([]string, streamLength)
	for i := range all {
		inv, err := to.Invoice(ctx, streamAmount)
		if err != nil {
			return nil, false, err
		}
		all[i], requests[i] = sent{hash: inv.RHash, sat: streamAmount}, inv.PaymentRequest
	}
	s.Say("stream", fields{"payments": streamLength, "load": load}, "%d payments of %s sat, %d at a time", streamLength, group(streamAmount), load)
	var wg sync.WaitGroup
	var next atomic.Int64
	for range load {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < streamLength; i = next.Add(1) - 1 {
				s.pay(ctx, &all[i], requests[i])
			}
		})
	}
	finished := make(chan struct{})
	go func() { wg.Wait(); close(finished) }()
	killed, err := s.strike(ctx, finished)
	close(s.back)
	<-finished
	s.Say("stream_end", fields{"ended": s.ended.Load()}, "all %d payments have ended", s.ended.Load())
	return all, killed, err
}

// pay sends one payment. After a failure it waits for the victim to be back, so that the
// stream isn't spent on a line that is cut.
func (s *stream) pay(ctx context.Context, one *sent, request string) {
	from, _ := s.ends()
	s.begun.Add(1)
	one.payment, one.err = from.Pay(ctx, request)
	s.ended.Add(1)
	if one.err == nil && one.payment.Status == lnrpc.Payment_SUCCEEDED {
		return
	}
	select {
	case <-s.back:
	case <-ctx.Done():
	}
}

// strike kills the victim as soon as enough HTLCs are between its two channels, and
// restarts it. It reports false if the stream ended first, or if too many slipped
// through between the count and the kill, so that nothing much was interrupted.
func (s *stream) strike(ctx context.Context, finished <-chan struct{}) (bool, error) {
	for {
		select {
		case <-finished:
			return false, nil
		case <-ctx.Done():
			return false, ctx.Err()
		default:
		}
		if s.ended.Load() < streamLength/10 {
			continue
		}
		count, err := between(ctx, s.victim)
		if err != nil {
			return false, err
		}
		if count < wantInFlight {
			continue
		}
		if err := s.victim.Kill(); err != nil {
			return false, err
		}
		s.Say("kill", fields{"node": s.victim.Name, "in_flight": count, "ended": s.ended.Load()},
			"HTLCs in flight at SIGKILL: %d  (%s, after %d payments)", count, s.victim.Name, s.ended.Load())
		waiting, err := s.revive(ctx)
		return waiting >= wantInFlight, err
	}
}

// between is how many payments a forwarding node has taken in and passed on, and not
// yet heard the end of: pending on both sides of it.
func between(ctx context.Context, n *daemon.Node) (int, error) {
	list, err := n.Lightning().ListChannels(ctx, &lnrpc.ListChannelsRequest{})
	if err != nil {
		return 0, err
	}
	in, out := map[string]bool{}, map[string]bool{}
	for _, c := range list.Channels {
		for _, h := range c.PendingHtlcs {
			if h.Incoming {
				in[string(h.HashLock)] = true
			} else {
				out[string(h.HashLock)] = true
			}
		}
	}
	both := 0
	for hash := range in {
		if out[hash] {
			both++
		}
	}
	return both, nil
}

// revive starts the victim again and waits until its channels work. It returns how many
// payments could not end before that.
func (s *stream) revive(ctx context.Context) (int64, error) {
	from, _ := s.ends()
	err := from.AwaitChannel(ctx, s.links[0].Point, s.victim.Name+" to be missed", func(c *lnrpc.Channel) error {
		if c.Active {
			return errors.New("the channel is active")
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	waiting := s.begun.Load() - s.ended.Load()
	s.Say("waiting", fields{"payments": waiting}, "payments that cannot end without it: %d", waiting)
	if err := s.victim.Start(ctx); err != nil {
		return 0, err
	}
	if err := s.net.AwaitUsable(ctx, s.links...); err != nil {
		return 0, err
	}
	s.Say("restarted", fields{"node": s.victim.Name, "pid": s.victim.PID()}, "%s is back, pid %d, its channels are active", s.victim.Name, s.victim.PID())
	return waiting, nil
}

// ends are the payer and the payee: the line's first and last.
func (d *demo) ends() (*daemon.Node, *daemon.Node) {
	return d.net.Nodes[0], d.net.Nodes[3]
}

// errUnknownEnd is a payment of which the payer could not say how it ended.
var errUnknownEnd = errors.New("how a payment ended is not known")
