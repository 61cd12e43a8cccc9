package ethereum

import (
	"context"
	"errors"
	"fmt"
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
	open   string // no majority
	recent []alarm
	undone string
}

type alarm struct {
	text string
	at   time.Time
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

// note remembers a contradiction that was settled. It reports whether it is a new one.
func (a *alarms) note(now time.Time, text string) (first bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range a.recent {
		if a.recent[i].text == text {
			a.recent[i].at = now
			return false
		}
	}
	a.recent = append(a.recent, alarm{text, now})
	if len(a.recent) > maxAlarms {
		a.recent = a.recent[1:]
	}
	return true
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

// Health implements Reader. The errors are ErrNoEndpoint, ErrDisagree, ErrStale and ErrUndone, joined.
func (c *Chain) Health() error {
	now := c.cfg.Now()
	errs := c.alarms.errs(now)
	var why []error
	for _, e := range c.ends {
		r := e.report()
		switch {
		case r.known && e.lies():
			errs = append(errs, fmt.Errorf("%w: %s is outvoted, and not listened to", ErrDisagree, e.name))
			why = append(why, fmt.Errorf("%s is outvoted", e.name))
		case !r.known && r.err != nil:
			why = append(why, fmt.Errorf("%s: %w", e.name, r.err))
		case !r.known:
			why = append(why, fmt.Errorf("%s has not answered yet", e.name))
		}
	}
	if len(why) == len(c.ends) {
		errs = append(errs, fmt.Errorf("%w: %w", ErrNoEndpoint, errors.Join(why...)))
	}
	return errors.Join(append(errs, c.stale(now)...)...)
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

// convict stops listening to an endpoint that the others contradict.
func (c *Chain) convict(e *endpoint, text string) {
	e.mu.Lock()
	e.liar = true
	e.mu.Unlock()
	c.disagree(text)
}

// disagree tells of a contradiction.
func (c *Chain) disagree(text string) {
	if c.alarms.note(c.cfg.Now(), text) {
		c.cfg.Log.Error("endpoints contradict each other", "what", text)
	}
}

func (e *endpoint) lies() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.liar
}

// acquit listens again to those that agree with the others on a final block.
func (c *Chain) acquit(ctx context.Context, final Head) {
	var all []*endpoint
	for _, e := range c.ends {
		if e.lies() && e.report().known {
			all = append(all, e)
		}
	}
	for i, hash := range askAll(ctx, all, final.Number) {
		if e := all[i]; hash == final.Hash {
			e.log.Info("an endpoint agrees with the others again")
			e.mu.Lock()
			e.liar = false
			e.mu.Unlock()
		}
	}
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
