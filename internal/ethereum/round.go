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
	// graceLooks is for how many looks (Config.Poll) an endpoint that fails still has a say in what is final.
	graceLooks = 10
)

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
		c.mu.Unlock()
		bounded, cancel := context.WithTimeout(ctx, roundTimeout)
		err := c.advance(bounded, p, quorum, silent)
		cancel()
		if err == nil || ctx.Err() != nil || errors.Is(err, errUndecided) {
			return
		}
		if errors.Is(err, errMinority) {
			c.convict(p, err.Error())
		} else {
			p.setAside(err)
		}
	}
}

// quorum are the endpoints that have a say: those that answer and keep up. One that failed lately is left out, unless all
// did; silent counts those of them that were well a short time ago. They are counted, too: else a liar would only have to wait
// for the others to be away for a moment.
func (c *Chain) quorum() (all []*endpoint, silent int) {
	var newest uint64
	for _, e := range c.ends {
		r := e.report()
		switch {
		case e.lies():
		case !r.known:
			silent += e.lately(graceLooks * c.cfg.Poll)
		default:
			all = append(all, e)
			if t := r.head.Time; t > newest && c.plausible(t) {
				newest = t
			}
		}
	}
	lag := uint64(max(c.cfg.Profile.Settles, leastLag))
	all = slices.DeleteFunc(all, func(e *endpoint) bool { return behind(e.report().head.Time, newest, lag) })
	fit := slices.DeleteFunc(slices.Clone(all), (*endpoint).isAside)
	if len(fit) == 0 {
		return all, silent
	}
	for _, e := range all {
		if !slices.Contains(fit, e) {
			silent += e.lately(graceLooks * c.cfg.Poll)
		}
	}
	return fit, silent
}

// behind tells whether a time is more than so many seconds before another one.
func behind(t, other, seconds uint64) bool { return other > t && other-t > seconds }

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
	fit = slices.DeleteFunc(fit, func(e *endpoint) bool {
		t := e.report().head.Time
		return behind(t, best, slack) || t < best && e.still(2*c.cfg.Poll)
	})
	if !slices.Contains(fit, c.primary) {
		if c.primary != nil {
			c.cfg.Log.Warn("another endpoint is followed", "from", c.primary.name, "to", fit[0].name)
		}
		c.primary = fit[0]
	}
	return c.primary
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
	if c.heardAll() && (target > v.final.Number || v.final == (Head{})) {
		if err := c.finalize(ctx, p, quorum, silent, &v, target); err != nil {
			return err
		}
	}
	c.publish(v)
	p.fine()
	return nil
}

// heardAll tells whether every endpoint has answered, or failed to: the fastest one alone has no majority.
func (c *Chain) heardAll() bool {
	return !slices.ContainsFunc(c.ends, func(e *endpoint) bool { r := e.report(); return !r.known && r.err == nil })
}

// finalBy is the highest number that more than half of the endpoints call final, those counted too that are silent for a short
// time only.
func finalBy(quorum []*endpoint, silent int) uint64 {
	finals := make([]uint64, silent, silent+len(quorum))
	for _, e := range quorum {
		finals = append(finals, e.report().final)
	}
	slices.Sort(finals)
	slices.Reverse(finals)
	return finals[len(finals)/2]
}

// finalize has the endpoints vote on a block.
func (c *Chain) finalize(ctx context.Context, p *endpoint, quorum []*endpoint, silent int, v *view, target uint64) (err error) {
	mine, kept := v.trail.at(target)
	if !kept {
		if mine, err = p.header(ctx, target); err != nil {
			return err
		}
	}
	t, err := c.vote(ctx, p, quorum, silent, mine.Head)
	switch {
	case err != nil:
		return err
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

var (
	errMinority  = errors.New("ethereum: outvoted")
	errUndecided = errors.New("ethereum: too few endpoints answer")
)

// tally is the outcome of a vote.
type tally struct {
	most           int // so many are more than half
	agree, against int // against: the largest group of one mind
	liars          []*endpoint
	words          string
}

// vote asks all for the hash of a block. p, whose block it is, is asked too: it may have left it since.
func (c *Chain) vote(ctx context.Context, p *endpoint, quorum []*endpoint, silent int, block Head) (tally, error) {
	t := tally{most: (len(quorum)+silent)/2 + 1, words: fmt.Sprintf("%s has %v", p.name, block.Hash)}
	others := make(map[common.Hash]int)
	for i, got := range askAll(ctx, quorum, block.Number) {
		e := quorum[i]
		switch {
		case e == p && got != block.Hash:
			return t, fmt.Errorf("%s has just left block %v", p.name, block.Hash)
		case got == (common.Hash{}) && e != p:
		case got == block.Hash:
			t.agree++
		default:
			others[got]++
			t.against = max(t.against, others[got])
			t.liars = append(t.liars, e)
			t.words += fmt.Sprintf(", %s %v", e.name, got)
		}
	}
	return t, nil
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
			switch hashes[i] = h.Hash; {
			case err == nil:
				e.fine()
			case !answered(err) && !errors.Is(err, errNotThere):
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
func (c *Chain) reach(ctx context.Context, p *endpoint, quorum []*endpoint, silent int, v view, head header) (view, error) {
	target := max(finalBy(quorum, silent), v.final.Number)
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

// fork is the lowest block of a trail, up to a number, that an endpoint has another one of.
func (e *endpoint) fork(ctx context.Context, known trail, to uint64) (uint64, error) {
	for {
		low := max(known[0].Number, to-min(to, headersAtOnce-1))
		theirs, err := e.headers(ctx, span(low, to))
		if err != nil {
			return 0, err
		}
		for i := len(theirs) - 1; i >= 0; i-- {
			if ours, _ := known.at(theirs[i].Number); ours.Hash == theirs[i].Hash {
				return theirs[i].Number + 1, nil
			}
		}
		if low == known[0].Number {
			return low, nil
		}
		to = low - 1
	}
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
		more, err := e.headers(ctx, span(from, last.Number-1))
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
func (e *endpoint) headers(ctx context.Context, numbers []uint64) ([]header, error) {
	answers := make([]*wireHeader, len(numbers))
	ask := make([]rpc.BatchElem, len(numbers))
	for i, n := range numbers {
		ask[i] = rpc.BatchElem{Method: "eth_getBlockByNumber", Args: []any{number(n), false}, Result: &answers[i]}
	}
	if err := e.batch(ctx, ask); err != nil {
		return nil, err
	}
	all := make([]header, len(answers))
	for i, w := range answers {
		if ask[i].Error != nil {
			return nil, fmt.Errorf("block %d: %w", numbers[i], tidy(ask[i].Error))
		}
		h, err := w.header()
		if err != nil {
			return nil, fmt.Errorf("block %d: %w", numbers[i], err)
		}
		if h.Number != numbers[i] {
			return nil, fmt.Errorf("block %d, asked for %d", h.Number, numbers[i])
		}
		all[i] = h
	}
	return all, nil
}

// span are the numbers from one to another.
func span(from, to uint64) []uint64 {
	all := make([]uint64, 0, to-from+1)
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}
