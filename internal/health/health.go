// Package health looks again and again at what the daemon can't do without, and says when it
// is gone for good: lnd's health checks, with their attempts, pauses and limits of time.
package health

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Check is something to look at.
type Check struct {
	Name     string
	Attempts int                         // failures in a row that are too many; 0: it isn't looked at
	Timeout  time.Duration               // of one attempt
	Backoff  time.Duration               // after a failed one
	Interval time.Duration               // between looks
	Run      func(context.Context) error // may go on beyond its time; the next attempt waits for it
}

// ErrFailed is why the daemon should stop.
var ErrFailed = errors.New("health: check failed")

// Watch looks at all until ctx ends, or returns ErrFailed with the first that failed too
// often. It leaves nothing running but an attempt that doesn't heed its context.
func Watch(ctx context.Context, log *slog.Logger, checks ...Check) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var all sync.WaitGroup
	for _, c := range checks {
		if c.Attempts <= 0 {
			continue
		}
		all.Go(func() {
			if err := c.watch(ctx, log.With("check", c.Name)); err != nil {
				stop(err)
			}
		})
	}
	<-ctx.Done()
	all.Wait()
	if cause := context.Cause(ctx); errors.Is(cause, ErrFailed) {
		return cause
	}
	return nil
}

func (c *Check) watch(ctx context.Context, log *slog.Logger) error {
	running := make(chan struct{}, 1) // so that attempts that hang don't pile up
	for pause(ctx, c.Interval) {
		for failures := 1; ; failures++ {
			err := c.attempt(ctx, running)
			if ctx.Err() != nil {
				return nil
			}
			if err == nil {
				break
			}
			if failures >= c.Attempts {
				return fmt.Errorf("%w: %s, %d times: %w", ErrFailed, c.Name, failures, err)
			}
			log.Warn("health check failed", "attempt", failures, "of", c.Attempts, "again", c.Backoff, "err", err)
			if !pause(ctx, c.Backoff) {
				return nil
			}
		}
	}
	return nil
}

func (c *Check) attempt(ctx context.Context, running chan struct{}) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.Timeout, fmt.Errorf("no answer within %v", c.Timeout))
	defer cancel()
	select {
	case running <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	done := make(chan error, 1)
	go func() {
		defer func() { <-running }()
		done <- c.Run(ctx)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// pause waits and tells whether to go on.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
