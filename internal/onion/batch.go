package onion

import (
	"sync"
	"sync/atomic"
)

// Job is one onion to peel.
type Job struct {
	Onion       *[Size]byte
	PaymentHash [32]byte
}

// ProcessAll peels many onions, results in the order of the jobs. The caller's
// goroutine works too; helpers join while cores are free, at most GOMAXPROCS-1
// of them over all calls at a time.
func (p *Peeler) ProcessAll(jobs []Job) []Result {
	var (
		results = make([]Result, len(jobs))
		next    atomic.Int64
		wait    sync.WaitGroup
	)
	work := func() {
		for {
			i := int(next.Add(1)) - 1
			if i >= len(jobs) {
				return
			}
			results[i] = p.Process(jobs[i].Onion, jobs[i].PaymentHash)
		}
	}

	for range len(jobs) - 1 {
		select {
		case p.helpers <- struct{}{}:
			wait.Go(func() {
				defer func() { <-p.helpers }()
				work()
			})
			continue
		default:
		}
		break
	}
	work()
	wait.Wait()
	return results
}
