package proc

import (
	"context"
	"fmt"
	"time"
)

// pollEvery is short against everything that is awaited here (blocks, gossip, a
// daemon's start) and long against the cost of asking once.
const pollEvery = 20 * time.Millisecond

// Await asks ok again and again until it answers nil or ctx ends; the error then
// says what was awaited and why it did not hold yet.
func Await(ctx context.Context, what string, ok func(context.Context) error) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	var last error
	for {
		err := ok(ctx)
		if err == nil {
			return nil
		}
		if last == nil || !ending(ctx) {
			last = err // at the deadline an error only repeats the deadline
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w: %w", what, ctx.Err(), last)
		case <-tick.C:
		}
	}
}

// ending says whether ctx has ended or is about to.
func ending(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && time.Until(deadline) < pollEvery
}
