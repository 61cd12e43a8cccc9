package signer

import (
	"runtime"
	"sync"
)

// Pool bounds the goroutines that all channels' signers together add to their callers'.
// A nil pool adds none.
type Pool struct{ free chan struct{} }

// NewPool makes a pool of so many goroutines; 0 or less means one for each core but the
// caller's.
func NewPool(workers int) *Pool {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0) - 1
	}
	return &Pool{free: make(chan struct{}, workers)}
}

// small is how much work is not worth a goroutine: about 100 us of signing.
const small = 6

// each calls do for 0..n-1, in chunks on whatever goroutines are free and on the
// caller's. It never waits for a goroutine to become free. It returns the first error by
// index; a chunk ends at its first error.
func (p *Pool) each(n int, do func(i int) error) error {
	extra := 0
	if p != nil && n > small {
		for extra < cap(p.free) && extra+1 < n/(small/2) && p.take() {
			extra++
		}
	}
	if extra == 0 {
		return span(0, n, do)
	}
	errs := make([]error, extra+1)
	var wg sync.WaitGroup
	for w := range extra {
		wg.Go(func() {
			defer func() { <-p.free }()
			errs[w] = span(n*w/(extra+1), n*(w+1)/(extra+1), do)
		})
	}
	errs[extra] = span(n*extra/(extra+1), n, do)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *Pool) take() bool {
	select {
	case p.free <- struct{}{}:
		return true
	default:
		return false
	}
}

// Busy is how many of the pool's goroutines are at work.
func (p *Pool) Busy() int { return len(p.free) }

func span(from, to int, do func(i int) error) error {
	for i := from; i < to; i++ {
		if err := do(i); err != nil {
			return err
		}
	}
	return nil
}
