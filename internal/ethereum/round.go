package ethereum

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// roundTimeout is how long an endpoint may take to tell of the blocks up to its head, before another is asked.
const roundTimeout = time.Minute

// round moves the view to what the endpoints say now. One of them, the primary, is followed; what is final is
// decided by a majority of those in step: a block is when more than half say so, and none of them contradicts its hash, or
// only a minority does, which is then not listened to. Of two that contradict each other neither is believed: the head
// goes on, so that deadlines are seen, nothing gets final any more, and Health says why.
func (c *Chain) round(ctx context.Context) {
	for range c.ends {
		quorum, silent := c.quorum()
		p := c.choose(quorum)
		if p == nil {
			break
		}
		c.mu.Lock()
		c.fit = append([]*endpoint{p}, slices.DeleteFunc(slices.Clone(quorum), func(e *endpoint) bool { return e == p })...)
		c.silent = silent
		c.mu.Unlock()
		bounded, cancel := context.WithTimeout(ctx, roundTimeout)
		err := c.advance(bounded, p, quorum, silent)
		cancel()
		if err == nil || ctx.Err() != nil || errors.Is(err, errUndecided) {
			return
		}
		if errors.Is(err, errMinority) {
			c.convict(p, err.Error(), nil)
		} else {
			p.setAside(err)
		}
	}
}

// advance follows one endpoint to its head.
func (c *Chain) advance(ctx context.Context, p *endpoint, quorum []*endpoint, silent int) error {
	v, _ := c.now()
	r := p.report()
	// A head that is below ours is no reorganisation: services with many machines behind them do that.
	if h, ok := v.trail.at(r.head.Number); !ok || h.Hash != r.head.Hash {
		var err error
		if v, err = c.reach(ctx, p, quorum, silent, v, r.head); err != nil {
			return err
		}
		if len(quorum) > 1 {
			c.publish(v) // the vote may take its time
		}
	}
	target := min(max(finalBy(quorum, silent), v.final.Number), v.trail.top().Number)
	if target > v.final.Number || v.final == (Head{}) {
		if err := c.finalize(ctx, p, quorum, silent, &v, target); err != nil {
			return err
		}
	}
	c.publish(v)
	p.fine()
	return nil
}

// reach gives the view with a trail up to an endpoint's head.
func (c *Chain) reach(ctx context.Context, p *endpoint, quorum []*endpoint, silent int, v view, head header) (view, error) {
	target := max(finalBy(quorum, silent), v.final.Number)
	if target == 0 {
		target = p.report().final // not decided yet: so far down the blocks are wanted
	}
	low := max(min(target-min(target, keptFinal), head.Number), head.Number-min(head.Number, maxTrail-1))
	if len(v.trail) > 0 && low <= v.trail.top().Number {
		low = v.trail[0].Number // else it begins anew: what is between is final
	}
	fresh, err := p.ancestors(ctx, head, low, v.trail)
	if err != nil {
		return v, err
	}
	before, known := v.final, v.trail
	v.trail = v.trail.graft(fresh)
	if before == (Head{}) {
		return v, nil
	}
	fork := fresh[len(fresh)-1].Number
	still, kept := v.trail.at(before.Number)
	if !kept && before.Number < v.trail[0].Number {
		if still, err = p.header(ctx, before.Number); err != nil {
			return v, err
		}
	}
	if still.Hash != before.Hash {
		// It is undone, or this endpoint lies.
		still.Number = before.Number // p's chain may end below it
		t, err := c.vote(ctx, p, quorum, silent, still.Head)
		if err != nil {
			return v, err
		}
		if t.agree < t.most && t.against == 0 {
			return v, errUndecided
		}
		if t.agree < t.most {
			return v, fmt.Errorf("%w: %s has undone block %d, which was final", errMinority, p.name, before.Number)
		}
		if fork > before.Number {
			if fork, err = p.fork(ctx, known, before.Number); err != nil {
				return v, err
			}
		}
		c.cfg.Log.Error("blocks were undone that were final: the chain's profile promises too much", "from", fork, "final", before.Number)
		c.alarms.undo(fork, before.Number)
		v.forks = append(slices.Clip(v.forks), fork)
		v.final = Head{}
	}
	v.trail = v.trail.prune(v.final.Number)
	return v, nil
}
