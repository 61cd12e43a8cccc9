package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

// job is one payment to make.
type job struct {
	from    *daemon.Node
	request string
}

// prepare makes the invoices of count payments between the ends of the line. The
// direction turns every turn payments, and for fewer than that at half of them, so that
// the channels end as they began.
func prepare(ctx context.Context, nodes []*daemon.Node, count int) ([]job, error) {
	ends := [2]*daemon.Node{nodes[0], nodes[len(nodes)-1]}
	jobs := make([]job, count)
	every := min(turn, (count+1)/2)
	err := parallel(ctx, count, 16, func(i int) error {
		way := i / every % 2
		inv, err := ends[1-way].Invoice(ctx, amount)
		if err != nil {
			return err
		}
		jobs[i] = job{from: ends[way], request: inv.PaymentRequest}
		return nil
	})
	return jobs, err
}

// times are how long payments took, from the call to its last update, and all together.
type times struct {
	each []time.Duration // sorted
	all  time.Duration
}

// errFailed is a payment that failed: the work is chosen so that none has to.
var errFailed = errors.New("a payment failed")

// payAll pays the jobs in order with so many in flight. All must settle.
func payAll(ctx context.Context, jobs []job, inFlight int) (times, error) {
	t := times{each: make([]time.Duration, len(jobs))}
	began := time.Now()
	err := parallel(ctx, len(jobs), inFlight, func(i int) error {
		start := time.Now()
		p, err := jobs[i].from.Pay(ctx, jobs[i].request)
		if err != nil {
			return err
		}
		if p.Status != lnrpc.Payment_SUCCEEDED {
			return fmt.Errorf("%w: number %d: %v after %d attempts", errFailed, i, p.FailureReason, len(p.Htlcs))
		}
		t.each[i] = time.Since(start)
		return nil
	})
	t.all = time.Since(began)
	slices.SortFunc(t.each, cmp.Compare)
	return t, err
}

// parallel calls f for 0 to count-1, in order, so many at a time, and stops early after an error.
func parallel(ctx context.Context, count, width int, f func(int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range width {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < count && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := f(i); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// rate is payments per second.
func (t times) rate() float64 { return float64(len(t.each)) / t.all.Seconds() }

// percentile is in milliseconds.
func (t times) percentile(p int) float64 {
	i := (len(t.each)*p + 99) / 100
	return float64(t.each[max(i, 1)-1]) / float64(time.Millisecond)
}

func (t times) String() string {
	return fmt.Sprintf("%d payments in %.1fs, %.1f/s, p50 %.1f ms, p99 %.1f ms",
		len(t.each), t.all.Seconds(), t.rate(), t.percentile(50), t.percentile(99))
}
