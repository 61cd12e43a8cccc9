package ethereum

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"
)

const (
	// roundTimeout is how long an endpoint may take to tell of the blocks up to its head, before another is asked.
	roundTimeout = time.Minute
	// headersAtOnce are asked for together.
	headersAtOnce = 100
	// leastLag is how far, in chain seconds, an endpoint may be behind the newest head and still has a say in
	// what is final.
	leastLag = 600
	// aheadSlack is added to what a profile says of timestamps ahead of real time.
	aheadSlack = 60
)

// round moves the view to what the endpoints say now. One of them, the primary, is followed; what is final is
// decided by a majority of those in step: a block is when more than half say so, and none of them contradicts its hash, or
// only a minority does, which is then not listened to. Of two that contradict each other neither is believed: the head
// goes on, so that deadlines are seen, nothing gets final any more, and Health says why.
func (c *Chain) round(ctx context.Context) {
	for range c.ends {
		quorum := c.quorum()
		p := c.choose(quorum)
		if p == nil {
			break
		}
		c.mu.Lock()
		c.fit = append([]*endpoint{p}, slices.DeleteFunc(slices.Clone(quorum), func(e *endpoint) bool { return e == p })...)
		c.mu.Unlock()
		bounded, cancel := context.WithTimeout(ctx, roundTimeout)
		err := c.advance(bounded, p, quorum)
		cancel()
		if err == nil || ctx.Err() != nil {
			return
		}
		if errors.Is(err, errMinority) {
			c.convict(p, err.Error())
		} else {
			p.setAside(err)
		}
	}
}

// quorum are the endpoints that have a say: those that answer and keep up. One that failed lately is left out, unless
// all did.
func (c *Chain) quorum() []*endpoint {
	var all []*endpoint
	var newest uint64
	for _, e := range c.ends {
		if r := e.report(); r.known && !e.lies() {
			all = append(all, e)
			if t := r.head.Time; t > newest && c.plausible(t) {
				newest = t
			}
		}
	}
	lag := uint64(max(c.cfg.Profile.Settles, leastLag))
	all = slices.DeleteFunc(all, func(e *endpoint) bool { return e.report().head.Time+lag < newest })
	if fit := slices.DeleteFunc(slices.Clone(all), (*endpoint).isAside); len(fit) > 0 {
		return fit
	}
	return all
}

// plausible tells whether a block may have this time by now.
func (c *Chain) plausible(t uint64) bool {
	return t <= uint64(c.cfg.Now().Unix())+uint64(c.cfg.Profile.Ahead)+aheadSlack
}

// choose keeps the primary as long as it keeps up; else it is the first of those that do.
func (c *Chain) choose(quorum []*endpoint) *endpoint {
	fit := slices.Clone(quorum)
	if sane := slices.DeleteFunc(slices.Clone(fit), func(e *endpoint) bool { return !c.plausible(e.report().head.Time) }); len(sane) > 0 {
		fit = sane
	}
	if len(fit) == 0 {
		c.primary = nil
		return nil
	}
	best := uint64(0)
	for _, e := range fit {
		best = max(best, e.report().head.Time)
	}
	slack := 2 * uint64(c.cfg.Profile.Polling)
	fit = slices.DeleteFunc(fit, func(e *endpoint) bool { return e.report().head.Time+slack < best })
	if !slices.Contains(fit, c.primary) {
		if c.primary != nil {
			c.cfg.Log.Warn("another endpoint is followed", "from", c.primary.name, "to", fit[0].name)
		}
		c.primary = fit[0]
	}
	return c.primary
}

// advance follows one endpoint to its head.
func (c *Chain) advance(ctx context.Context, p *endpoint, quorum []*endpoint) error {
	v, _ := c.now()
	r := p.report()
	target := max(finalBy(quorum), v.final.Number)
	// A head that is below ours is no reorganisation: services with many machines behind them do that.
	if h, ok := v.trail.at(r.head.Number); !ok || h.Hash != r.head.Hash {
		var err error
		if v, err = c.reach(ctx, p, quorum, v, r.head, target); err != nil {
			return err
		}
		if len(quorum) > 1 {
			c.publish(v) // the vote may take its time
		}
	}
	target = min(target, v.trail.top().Number)
	if target > v.final.Number || v.final == (Head{}) {
		if err := c.finalize(ctx, p, quorum, &v, target); err != nil {
			return err
		}
	}
	c.publish(v)
	p.fine()
	return nil
}

// finalBy is the highest number that more than half of the endpoints call final.
func finalBy(quorum []*endpoint) uint64 {
	finals := make([]uint64, 0, len(quorum))
	for _, e := range quorum {
		finals = append(finals, e.report().final)
	}
	slices.Sort(finals)
	slices.Reverse(finals)
	return finals[len(finals)/2]
}

// finalize has the endpoints vote on a block.
func (c *Chain) finalize(ctx context.Context, p *endpoint, quorum []*endpoint, v *view, target uint64) (err error) {
	mine, kept := v.trail.at(target)
	if !kept {
		if mine, err = p.header(ctx, target); err != nil {
			return err
		}
	}
	switch t := c.vote(ctx, p, quorum, mine.Head); {
	case t.against >= t.most:
		return fmt.Errorf("%w: %s says that block %d is %v, the others don't", errMinority, p.name, target, mine.Hash)
	case t.against > 0 && t.agree < t.most:
		c.alarms.raise(fmt.Sprintf("no majority for block %d: %s", target, t.words))
		return nil
	case t.agree < t.most:
		return nil // somebody didn't answer
	default:
		for _, e := range t.liars {
			c.convict(e, fmt.Sprintf("%s says otherwise than the others of block %d", e.name, target))
		}
	}
	v.final = mine.Head
	c.alarms.agreed()
	c.acquit(ctx, v.final)
	return nil
}

var errMinority = errors.New("ethereum: outvoted")

// tally is the outcome of a vote.
type tally struct {
	most           int // so many are more than half
	agree, against int // against: the largest group of one mind
	liars          []*endpoint
	words          string
}

// vote asks all but p, who agrees, for the hash of a block.
func (c *Chain) vote(ctx context.Context, p *endpoint, quorum []*endpoint, block Head) tally {
	t := tally{most: len(quorum)/2 + 1, agree: 1, words: fmt.Sprintf("%s has %v", p.name, block.Hash)}
	others := make(map[common.Hash]int)
	for i, got := range askAll(ctx, quorum, block.Number) {
		e := quorum[i]
		switch {
		case e == p || got == (common.Hash{}):
		case got == block.Hash:
			t.agree++
		default:
			others[got]++
			t.against = max(t.against, others[got])
			t.liars = append(t.liars, e)
			t.words += fmt.Sprintf(", %s %v", e.name, got)
		}
	}
	return t
}

// askAll asks all for a block's hash at once; zero: no answer.
func askAll(ctx context.Context, ends []*endpoint, n uint64) []common.Hash {
	hashes := make([]common.Hash, len(ends))
	done := make(chan struct{})
	for i, e := range ends {
		go func() {
			defer func() { done <- struct{}{} }()
			if e.report().head.Number < n {
				return // not there yet
			}
			h, err := e.header(ctx, n)
			if hashes[i] = h.Hash; err != nil {
				e.setAside(err)
			}
		}()
	}
	for range ends {
		<-done
	}
	return hashes
}

// reach gives the view with a trail up to an endpoint's head.
func (c *Chain) reach(ctx context.Context, p *endpoint, quorum []*endpoint, v view, head header, target uint64) (view, error) {
	low := max(min(target, head.Number), head.Number-min(head.Number, maxTrail-1))
	if len(v.trail) > 0 && low <= v.trail.top().Number {
		low = v.trail[0].Number // else it begins anew: what is between is final
	}
	fresh, err := p.ancestors(ctx, head, low, v.trail)
	if err != nil {
		return v, err
	}
	before := v.final
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
		t := c.vote(ctx, p, quorum, still.Head)
		if still.Head == (Head{}) {
			t = c.vote(ctx, p, quorum, Head{Number: before.Number}) // p's chain ends below it
		}
		if t.agree < t.most {
			return v, fmt.Errorf("%w: %s has undone block %d, which was final", errMinority, p.name, before.Number)
		}
		c.cfg.Log.Error("blocks were undone that were final: the chain's profile promises too much", "from", fork, "final", before.Number)
		c.alarms.undo(fork, before.Number)
		v.undone++
		if v.fork = min(fork, v.fork); v.undone == 1 {
			v.fork = fork
		}
		v.final = Head{}
		if h, ok := v.trail.at(fork - min(fork, 1)); ok && h.Number < fork {
			v.final = h.Head
		}
	}
	v.trail = v.trail.prune(v.final.Number)
	return v, nil
}

// ancestors are the blocks from an endpoint's head down to one whose parent is in a trail, or to the number low.
func (e *endpoint) ancestors(ctx context.Context, head header, low uint64, known trail) ([]header, error) {
	fresh := []header{head}
	for {
		last := fresh[len(fresh)-1]
		if last.Number <= low || last.Number == 0 {
			return fresh, nil
		}
		if h, ok := known.at(last.Number - 1); ok && h.Hash == last.parent {
			return fresh, nil
		}
		from := max(low, last.Number-min(last.Number, e.stride(last, known)))
		more, err := e.headers(ctx, from, last.Number-1)
		if err != nil {
			return nil, err
		}
		for i := len(more) - 1; i >= 0; i-- {
			if h, ok := known.at(last.Number - 1); ok && h.Hash == last.parent {
				return fresh, nil
			}
			if more[i].Hash != last.parent {
				return nil, fmt.Errorf("block %d is %v, but %d has the parent %v", more[i].Number, more[i].Hash, last.Number, last.parent)
			}
			last = more[i]
			fresh = append(fresh, last)
		}
	}
}

// stride is how many headers to ask for: down to the trail's top, or a few more each time below it.
func (e *endpoint) stride(last header, known trail) uint64 {
	if len(known) > 0 && last.Number > known.top().Number+1 {
		return min(headersAtOnce, last.Number-known.top().Number-1)
	}
	return headersAtOnce
}

// headers asks for blocks by number.
func (e *endpoint) headers(ctx context.Context, from, to uint64) ([]header, error) {
	answers := make([]*wireHeader, to-from+1)
	ask := make([]rpc.BatchElem, len(answers))
	for i := range ask {
		ask[i] = rpc.BatchElem{Method: "eth_getBlockByNumber", Args: []any{number(from + uint64(i)), false}, Result: &answers[i]}
	}
	if err := e.batch(ctx, ask); err != nil {
		return nil, err
	}
	all := make([]header, len(answers))
	for i, w := range answers {
		if ask[i].Error != nil {
			return nil, fmt.Errorf("block %d: %w", from+uint64(i), tidy(ask[i].Error))
		}
		h, err := w.header()
		if err != nil {
			return nil, fmt.Errorf("block %d: %w", from+uint64(i), err)
		}
		if h.Number != from+uint64(i) {
			return nil, fmt.Errorf("block %d, asked for %d", h.Number, from+uint64(i))
		}
		all[i] = h
	}
	return all, nil
}
