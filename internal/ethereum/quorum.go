package ethereum

import (
	"slices"
)

const (
	// leastLag is how far, in chain seconds, an endpoint may be behind the newest head and still has a say in
	// what is final.
	leastLag = 600
	// aheadSlack is added to what a profile says of timestamps ahead of real time.
	aheadSlack = 60
	// graceLooks is for how many looks (Config.Poll) an endpoint that fails still has a say in what is final.
	graceLooks = 10
)

// quorum are the endpoints that have a say: those that answer and keep up. One that failed lately is left out, unless
// all did; silent counts those of them that were well a short time ago, and those that have yet to say something. They
// count too: else a liar would only have to be the fastest, or wait for the others to be away for a moment.
func (c *Chain) quorum() (all []*endpoint, silent int) {
	var newest uint64
	for _, e := range c.ends {
		r := e.report()
		switch {
		case e.lies():
		case !r.known && r.err == nil:
			silent++ // not heard yet: the fastest one alone has no majority
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
			c.cfg.Log.Info("another endpoint is followed", "from", c.primary.name, "to", fit[0].name)
		}
		c.primary = fit[0]
	}
	return c.primary
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
