package chain

import (
	"context"
	"sync"
)

// cell holds what is true now of one watch, and hands changes to one reader. What is true is a
// pointer to the found thing, nil for "not found"; another pointer is another finding. A reader
// that is slow misses what came and went meanwhile, but what it is told always alternates, and
// ends with what is true. So the memory for a watch is bounded whatever the chain does.
type cell[T any] struct {
	mu      sync.Mutex
	now     *T
	changed chan struct{} // of one slot
}

func newCell[T any]() *cell[T] {
	return &cell[T]{changed: make(chan struct{}, 1)}
}

func (c *cell[T]) set(now *T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now == now {
		return
	}
	c.now = now
	select {
	case c.changed <- struct{}{}:
	default:
	}
}

func (c *cell[T]) get() *T {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// deliver sends to out until ctx ends, and closes it. yes and no make the events for a finding
// and for its end.
func deliver[T, E any](ctx context.Context, c *cell[T], out chan<- E, yes, no func(*T) E) {
	defer close(out)
	var told *T
	for {
		now := c.get()
		if now == told {
			select {
			case <-c.changed:
				continue
			case <-ctx.Done():
				return
			}
		}
		var event E
		var next *T
		if told == nil {
			event, next = yes(now), now
		} else {
			event = no(told) // also before another finding
		}
		select {
		case out <- event:
			told = next
		case <-c.changed: // look again: it may not be true any more
		case <-ctx.Done():
			return
		}
	}
}
