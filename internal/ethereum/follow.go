package ethereum

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// piece is how many blocks of the past are told at once. An Update of such a piece has the piece's last block as
// its Head and Final, and nothing Pending: what the chain was then.
var piece = uint64(10_000)

const (
	// maxSettled is how many logs wait for a follower before reading goes on.
	maxSettled = 1 << 15
	retryWait  = time.Second
)

// follower tells one contract's logs. Its goroutine owns it.
type follower struct {
	c        *Chain
	contract common.Address
	out      chan Update

	told    uint64    // logs up to this block were put into an Update's Settled
	undone  int       // as in the view that was looked at last
	pending []inOne   // blocks after told
	step    uint64    // blocks of the past to read at once
	unsure  time.Time // since when only one of two endpoints tells of what is final
}

// inOne is the logs of one block.
type inOne struct {
	Head
	logs []types.Log
	sure bool // by all the endpoints that are asked
}

// Follow implements Reader. After a long absence the past comes in pieces of at most 10,000 blocks, oldest first:
// an Update whose Head is its Final, both the last block of the piece. Blocks that were undone although they
// were final (ErrUndone) are told again as they are now.
func (c *Chain) Follow(ctx context.Context, contract common.Address, after uint64) <-chan Update {
	f := &follower{c: c, contract: contract, out: make(chan Update), told: after, step: piece}
	v, _ := c.now()
	f.undone = len(v.forks)
	go f.run(ctx)
	return f.out
}

func (f *follower) run(ctx context.Context) {
	defer close(f.out)
	var next *Update // waits for the follower to take it
	var last Update  // was looked at
	for ctx.Err() == nil {
		v, changed := f.c.now()
		more := v.head() != (Head{}) && v.final != (Head{}) && (v.head() != last.Head || v.final != last.Final)
		var retry <-chan time.Time
		if more && (next == nil || len(next.Settled) < maxSettled) {
			switch u, err := f.update(ctx, v); {
			case err != nil:
				f.c.cfg.Log.Debug("logs could not be read: tried again", "contract", f.contract, "err", err)
				retry = time.After(f.c.retry())
			default:
				next, last = merge(next, u), u
				if u.Head != v.head() {
					changed = closed // there is more of the past
				}
			}
		}
		var out chan<- Update
		var u Update
		if next != nil {
			out, u = f.out, *next
		}
		select {
		case <-ctx.Done():
		case <-changed:
			if next == nil || len(next.Settled) < maxSettled {
				continue
			}
			select {
			case <-ctx.Done():
			case out <- u:
				next = nil
			}
		case <-retry:
		case out <- u:
			next = nil
		}
	}
}

// closed is a channel that is always ready.
var closed = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// retry is how long to wait before a failed question is asked again, if no block comes.
func (c *Chain) retry() time.Duration { return min(c.cfg.Poll, retryWait) }

// merge is what to tell who didn't hear the last one.
func merge(before *Update, now Update) *Update {
	if before != nil {
		now.Settled = append(slices.Clip(before.Settled), now.Settled...)
	}
	return &now
}

// update reads what is new in a view.
func (f *follower) update(ctx context.Context, v view) (Update, error) {
	for _, fork := range v.forks[f.undone:] {
		f.told = min(f.told, fork-min(fork, 1))
	}
	f.undone = len(v.forks)
	if v.final.Number > f.told && v.final.Number-f.told > f.step {
		return f.past(ctx, v)
	}
	known := make(map[common.Hash]inOne, len(f.pending))
	for _, b := range f.pending {
		known[b.Hash] = b
	}
	blocks, err := f.blocks(ctx, v, known)
	if err != nil {
		return Update{}, err
	}
	u := Update{Head: v.head(), Final: v.final}
	f.pending = f.pending[:0:0]
	for _, b := range blocks {
		if b.Number <= v.final.Number {
			u.Settled = append(u.Settled, b.logs...)
			continue
		}
		u.Pending = append(u.Pending, b.logs...)
		f.pending = append(f.pending, b)
	}
	f.told = max(f.told, v.final.Number)
	return u, nil
}

// blocks are those after what was told, up to the head. What isn't known by its hash is read, in ranges; what
// only one of two endpoints told of is read again when it is final.
func (f *follower) blocks(ctx context.Context, v view, known map[common.Hash]inOne) ([]inOne, error) {
	var all []inOne
	head := v.head().Number
	for n := f.told + 1; n <= head; {
		h, ok := v.trail.at(n)
		if b, is := known[h.Hash]; ok && is && (b.sure || n > v.final.Number) {
			all = append(all, b)
			n++
			continue
		}
		end := n
		for ; end < head; end++ {
			if h, ok := v.trail.at(end + 1); ok {
				if b, is := known[h.Hash]; is && (b.sure || end+1 > v.final.Number) {
					break
				}
			}
		}
		logs, sure, err := f.c.read(ctx, v, f.contract, n, end)
		for errors.Is(err, errManyLogs) && end > n {
			end = n + (end-n)/2
			logs, sure, err = f.c.read(ctx, v, f.contract, n, end)
		}
		if err != nil {
			return nil, err
		}
		if err := f.wait(sure || n > v.final.Number); err != nil {
			return nil, err
		}
		all = append(all, byBlock(v, n, end, logs, sure)...)
		n = end + 1
	}
	return all, nil
}

var errUnsure = errors.New("one of two endpoints has no answer")

// wait is nil if logs were told by all that are asked, or if that has been waited for long enough.
func (f *follower) wait(sure bool) error {
	switch {
	case sure:
		f.unsure = time.Time{}
	case f.unsure.IsZero():
		f.unsure = time.Now()
		return errUnsure
	case time.Since(f.unsure) < graceLooks*f.c.cfg.Poll:
		return errUnsure
	}
	return nil
}

// byBlock puts logs, in order, into blocks. Those of the trail are there without logs too.
func byBlock(v view, from, to uint64, logs []types.Log, sure bool) []inOne {
	var all []inOne
	for n := from; n <= to; n++ {
		b := inOne{Head: Head{Number: n}, sure: sure}
		if h, ok := v.trail.at(n); ok {
			b.Head = h.Head
		}
		for len(logs) > 0 && logs[0].BlockNumber == n {
			b.logs, logs = append(b.logs, logs[0]), logs[1:]
		}
		if b.Hash != (common.Hash{}) || len(b.logs) > 0 {
			all = append(all, b)
		}
	}
	return all
}

// past reads a piece of what was final long ago.
func (f *follower) past(ctx context.Context, v view) (Update, error) {
	end := f.told + f.step
	logs, sure, err := f.c.read(ctx, v, f.contract, f.told+1, end)
	if errors.Is(err, errManyLogs) {
		f.step = max(f.step/2, 1)
	}
	if err != nil {
		return Update{}, err
	}
	if err := f.wait(sure); err != nil {
		return Update{}, err
	}
	last, err := f.c.at(ctx, v, end)
	if err != nil {
		return Update{}, err
	}
	f.told, f.pending = end, nil
	return Update{Head: last, Final: last, Settled: logs}, nil
}

// at is the block of a number, in the trail or asked for.
func (c *Chain) at(ctx context.Context, v view, n uint64) (Head, error) {
	if h, ok := v.trail.at(n); ok {
		return h.Head, nil
	}
	for _, e := range c.readers(n) {
		h, err := e.header(ctx, n)
		return h.Head, err
	}
	return Head{}, ErrNoEndpoint
}
