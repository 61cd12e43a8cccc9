package ethereum

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	// alarmLasts is for how long Health tells of a contradiction that isn't there any more.
	alarmLasts = time.Hour
	maxAlarms  = 16
	maxPenalty = 10 * time.Minute
)

// alarms are contradictions that were seen.
type alarms struct {
	mu     sync.Mutex
	open   string  // no majority
	recent []alarm // not settled: nobody knows who is right
	lies   []alarm // settled: so an endpoint that is listened to was outvoted
	undone string
}

type alarm struct {
	text string
	at   time.Time
	ends []*endpoint // that contradict each other
}

// raise says that endpoints contradict each other, and nobody knows who is right.
func (a *alarms) raise(text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.open = text
}

// agreed ends that.
func (a *alarms) agreed() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.open = ""
}

// note remembers a contradiction that nobody could settle. It reports whether it is a new one.
func (a *alarms) note(now time.Time, text string, ends []*endpoint) (first bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.recent, first = remember(a.recent, alarm{text, now, ends})
	return first
}

// settle remembers whom a majority contradicted, which explains what else that one contradicted.
func (a *alarms) settle(now time.Time, text string, liar *endpoint) (first bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.recent = slices.DeleteFunc(a.recent, func(v alarm) bool { return slices.Contains(v.ends, liar) })
	a.lies, first = remember(a.lies, alarm{text, now, []*endpoint{liar}})
	return first
}

func remember(all []alarm, v alarm) (_ []alarm, first bool) {
	for i := range all {
		if all[i].text == v.text {
			all[i].at = v.at
			return all, false
		}
	}
	all = append(all, v)
	return all[max(0, len(all)-maxAlarms):], true
}

func (a *alarms) undo(from, final uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.undone = fmt.Sprintf("from %d on, %d was final", from, final)
}

func (a *alarms) errs(now time.Time) (errs []error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.undone != "" {
		errs = append(errs, fmt.Errorf("%w: %s", ErrUndone, a.undone))
	}
	if a.open != "" {
		errs = append(errs, fmt.Errorf("%w: %s", ErrDisagree, a.open))
	}
	for _, r := range a.recent {
		if now.Sub(r.at) < alarmLasts {
			errs = append(errs, fmt.Errorf("%w: %s", ErrDisagree, r.text))
		}
	}
	return errs
}

// Health implements Reader. An endpoint that most of the others contradict is no trouble (Outvoted). The errors are ErrNoEndpoint, ErrDisagree, ErrStale and ErrUndone, joined.
func (c *Chain) Health() error {
	now := c.cfg.Now()
	errs := c.alarms.errs(now)
	var why []error
	good, lie := 0, 0
	for _, e := range c.ends {
		r := e.report()
		switch {
		case r.known && e.lies():
			lie++
			why = append(why, fmt.Errorf("%s is outvoted", e.name))
		case r.known:
			good++
		case !r.known && r.err != nil:
			why = append(why, fmt.Errorf("%s: %w", e.name, r.err))
		case !r.known:
			why = append(why, fmt.Errorf("%s has not answered yet", e.name))
		}
	}
	if len(why) == len(c.ends) {
		errs = append(errs, fmt.Errorf("%w: %w", ErrNoEndpoint, errors.Join(why...)))
	}
	if lie > 0 && lie >= good {
		errs = append(errs, fmt.Errorf("%w: %d of %d that answer are outvoted: %w", ErrDisagree, lie, lie+good, errors.Join(why...)))
	}
	return errors.Join(append(errs, c.stale(now)...)...)
}

// Outvoted implements Reader.
func (c *Chain) Outvoted() error {
	var errs []error
	for _, e := range c.ends {
		if v := e.charged(); v != nil {
			errs = append(errs, fmt.Errorf("%w: %s is not listened to until it agrees: %s", ErrDisagree, e.name, v.text))
		}
	}
	for _, v := range c.alarms.lately(c.cfg.Now()) {
		errs = append(errs, fmt.Errorf("%w: %s agrees again: %s", ErrDisagree, v.ends[0].name, v.text))
	}
	return errors.Join(errs...)
}

// lately are the contradictions of the last hour by endpoints that agree again.
func (a *alarms) lately(now time.Time) (all []alarm) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, v := range a.lies {
		if now.Sub(v.at) < alarmLasts && !v.ends[0].lies() {
			all = append(all, v)
		}
	}
	return all
}

// stale compares the chain's clock with ours.
func (c *Chain) stale(now time.Time) (errs []error) {
	c.mu.Lock()
	head, seen := c.view.head(), c.seen
	c.mu.Unlock()
	p := c.cfg.Profile
	outage := time.Duration(p.Outage) * time.Second
	if silent := now.Sub(seen); silent > outage {
		errs = append(errs, fmt.Errorf("%w: no block for %v, at most %v is expected", ErrStale, silent.Round(time.Second), outage))
	}
	if head == (Head{}) || p.ByHand {
		return errs
	}
	of := time.Unix(int64(min(head.Time, 1<<40)), 0)
	behind := outage + time.Duration(p.Behind)*time.Second
	if late := now.Sub(of); late > behind {
		errs = append(errs, fmt.Errorf("%w: block %d is %v old, at most %v is expected", ErrStale, head.Number, late.Round(time.Second), behind))
	}
	if early := of.Sub(now); early > time.Duration(p.Ahead+aheadSlack)*time.Second {
		errs = append(errs, fmt.Errorf("%w: block %d is %v ahead of our clock, one of the two is wrong", ErrStale, head.Number, early.Round(time.Second)))
	}
	return errs
}

// convict stops listening to an endpoint that the others contradict. again tells whether it agrees now; nil: the final
// blocks do.
func (c *Chain) convict(e *endpoint, text string, again func(ctx context.Context) bool) {
	e.mu.Lock()
	e.charge = &charge{text, again}
	e.mu.Unlock()
	if c.alarms.settle(c.cfg.Now(), text, e) {
		c.cfg.Log.Error("an endpoint contradicts the others, and is left out", "what", text)
	}
}

// disagree tells of a contradiction that nobody could settle.
func (c *Chain) disagree(text string, ends ...*endpoint) {
	if slices.ContainsFunc(ends, (*endpoint).lies) {
		return // it is explained
	}
	if c.alarms.note(c.cfg.Now(), text, ends) {
		c.cfg.Log.Error("endpoints contradict each other", "what", text)
	}
}

func (e *endpoint) charged() *charge {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.charge
}

func (e *endpoint) lies() bool { return e.charged() != nil }

// acquit listens again to those that agree with the others on a final block, and on what they were contradicted about.
func (c *Chain) acquit(ctx context.Context, final Head) {
	var all []*endpoint
	for _, e := range c.ends {
		if e.lies() && e.report().known {
			all = append(all, e)
		}
	}
	var wait sync.WaitGroup
	for i, hash := range askAll(ctx, all, final.Number) {
		if hash != final.Hash {
			continue
		}
		wait.Go(func() {
			e := all[i]
			v := e.charged()
			if v.again != nil && !v.again(ctx) {
				return
			}
			e.log.Info("an endpoint agrees with the others again")
			e.mu.Lock()
			defer e.mu.Unlock()
			if e.charge == v { // else it was contradicted meanwhile
				e.charge = nil
			}
		})
	}
	wait.Wait()
}

// setAside leaves an endpoint out for a while, longer each time.
func (e *endpoint) setAside(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.penalty = min(max(2*e.penalty, e.cfg.Poll), maxPenalty)
	e.aside = time.Now().Add(e.penalty)
	e.log.Warn("an endpoint is left out for a while", "err", err, "for", e.penalty)
}

// fine ends that.
func (e *endpoint) fine() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.penalty, e.aside = 0, time.Time{}
}

// lately is 1 if an endpoint was well so short a time ago.
func (e *endpoint) lately(d time.Duration) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.good.IsZero() || time.Since(e.good) >= d {
		return 0
	}
	return 1
}

// still tells whether an endpoint has had the same head for so long.
func (e *endpoint) still(d time.Duration) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Since(e.moved) > d
}

func (e *endpoint) isAside() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Now().Before(e.aside)
}
