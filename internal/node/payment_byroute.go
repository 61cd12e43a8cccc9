package node

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"

	"github.com/nichework/nwnd/htlc"
)

// Bounds of a payment whose routes the caller gives.
const (
	maxRouteAttempts = 1000      // in all; at most maxAttempts are out at once
	routePatience    = time.Hour // how long it waits for another part when none is out
)

// Send sends one part of a payment along a route of the caller's. The first one makes the payment;
// others join it if they carry the same payment_secret and total (BOLT 4, "Basic Multi-Part
// Payments").
func (s *Payments) Send(hash lntypes.Hash, a *attempt, d *driver) (*payment, error) {
	packet, err := buildOnion(a, hash)
	if err != nil {
		return nil, fmt.Errorf("%w: the route's onion can't be built: %w", ErrInvalid, err)
	}
	add := htlc.Add{Amount: a.Route.TotalAmount, Hash: hash, Expiry: a.Route.TotalTimeLock, Onion: packet}
	s.shards.Lock()
	defer s.shards.Unlock()
	s.mu.Lock()
	p := s.byHash[hash]
	s.mu.Unlock()
	if p == nil {
		if p, err = s.begin(hash, a); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := p.admits(a); err != nil {
		if len(p.attempts) == 0 {
			p.reason = FailureError
			s.notify(p)
		}
		return nil, err
	}
	return p, s.launch(p, a, d, add)
}

// begin makes a payment for its first part.
func (s *Payments) begin(hash lntypes.Hash, a *attempt) (*payment, error) {
	last := &a.Route.Hops[len(a.Route.Hops)-1]
	o := order{dest: last.Node, amount: last.AmountToForward, byRoute: true, maxParts: 1}
	if last.PaymentAddr != nil {
		o.secret, o.amount, o.maxParts = last.PaymentAddr, last.TotalAmount, maxAttempts
	}
	if err := s.claim(hash); err != nil {
		return nil, err
	}
	err := s.checkPaid(hash) // reads the store, so not under the lock
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.starting, hash)
	if err == nil && s.ctx.Err() != nil {
		err = ErrStopped
	}
	if err != nil {
		return nil, err
	}
	p := s.create(hash, "", o)
	s.wg.Add(1)
	go s.runRoutes(p)
	return p, nil
}

// admits checks that a part may be sent; Payments.mu is held.
func (p *payment) admits(a *attempt) error {
	last := &a.Route.Hops[len(a.Route.Hops)-1]
	left, _ := p.left()
	switch {
	case p.known:
		return fmt.Errorf("%w: payment hash %v", ErrAlreadyPaid, p.Hash)
	case p.ending, !p.order.byRoute, len(p.attempts) > 0 && (p.order.secret == nil || last.PaymentAddr == nil):
		return fmt.Errorf("%w: payment hash %v", ErrInTransition, p.Hash)
	case p.reason != FailureNone:
		return fmt.Errorf("%w: payment hash %v has failed, and %d parts of it are still out", ErrInTransition, p.Hash, p.out())
	case last.PaymentAddr != nil && *last.PaymentAddr != *p.order.secret:
		return fmt.Errorf("%w: the payment address differs from that of the parts that were sent", ErrInvalid)
	case last.PaymentAddr != nil && last.TotalAmount != p.order.amount:
		return fmt.Errorf("%w: the total of %v differs from %v of the parts that were sent", ErrInvalid, last.TotalAmount, p.order.amount)
	case a.delivers() > left:
		return fmt.Errorf("%w: the part of %v is more than the %v that are left of %v", ErrInvalid, a.delivers(), left, p.order.amount)
	case p.unlearnt() >= int(p.order.maxParts):
		return fmt.Errorf("%w: %d parts of this payment are out", ErrBusy, p.unlearnt())
	case len(p.attempts) >= maxRouteAttempts:
		return fmt.Errorf("%w: %d parts of this payment were tried", ErrBusy, len(p.attempts))
	}
	return nil
}

// launch hands a part to its channel; s.mu is held.
func (s *Payments) launch(p *payment, a *attempt, d *driver, add htlc.Add) error {
	a.ID = p.Index*attemptsPerPayment + uint64(len(p.attempts))
	a.Sent = s.now()
	add.Ref = htlc.Ref{ID: a.ID}
	puts := s.space.rows(p.beginPuts(a))
	p.attempts = append(p.attempts, a)
	if d.post(job{in: add, puts: puts, after: func() {
		s.wrote(p)
		s.events.offered(d, add.Ref, HTLCEvent{Role: HTLCSend})
	}}) {
		s.notify(p)
		return nil
	}
	p.attempts = p.attempts[:len(p.attempts)-1]
	if len(p.attempts) == 0 {
		p.reason = FailureError
	}
	s.notify(p)
	return fmt.Errorf("%w: channel %v has just ended", ErrInvalid, a.Route.Hops[0].SCID)
}

// resumeRoutes readies a payment that was loaded; s.mu is held.
func (s *Payments) resumeRoutes(p *payment) {
	for _, a := range p.attempts {
		a.learnt = a.Status != AttemptInFlight
		a.handled = a.learnt
	}
	if p.unlearnt() == 0 {
		p.reason = FailureError // whoever would have sent more is gone
	}
}

// runRoutes ends a payment whose routes are the caller's: when it is paid, or a part failed and
// that is to be the end, and no part is out any more; or when nothing more is sent.
func (s *Payments) runRoutes(p *payment) {
	defer s.wg.Done()
	for {
		over, idle, changed := s.routeOver(p)
		if over {
			s.end(p, p.reason)
			s.release(p)
			return
		}
		s.release(p)
		waited, stop := s.idleTimer(idle)
		select {
		case <-s.ctx.Done():
			stop()
			return // all that matters is durable; the next start resumes it
		case <-changed:
		case <-waited:
			s.giveUp(p, FailureTimeout)
		case o := <-p.outcome:
			s.learnRoute(p, o)
		}
		stop()
	}
}

// unlearnt counts the parts that are out, or whose end was not taken into account; Payments.mu is
// held.
func (p *payment) unlearnt() (n int) {
	for _, a := range p.attempts {
		if !a.learnt {
			n++
		}
	}
	return n
}

// routeOver reports whether a payment has come to its end, after which it takes no more parts; and
// if no part is out. What comes next closes the channel.
func (s *Payments) routeOver(p *payment) (over, idle bool, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	idle = p.unlearnt() == 0
	p.ending = idle && (p.known || p.reason != FailureNone)
	return p.ending, idle, p.changed
}

// learnRoute takes a part's end into account.
func (s *Payments) learnRoute(p *payment, o outcome) {
	if o.settled {
		s.routes.succeeded(o.attempt)
	} else {
		reason := s.routes.learn(o, newIgnored())
		if reason == FailureNone && !o.attempt.skip {
			reason = FailureError
		}
		s.giveUp(p, reason)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o.attempt.learnt = true
}

// giveUp lets a payment send no more parts; the first reason counts.
func (s *Payments) giveUp(p *payment, reason FailureReason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.reason == FailureNone {
		p.reason = reason
	}
}

// release lets those go on who wait for parts whose end was taken into account.
func (s *Payments) release(p *payment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	some := false
	for _, a := range p.attempts {
		some = some || a.learnt && !a.handled
		a.handled = a.learnt
	}
	if some {
		p.notify()
	}
}

// idleTimer fires when a payment has waited long enough for another part; never while one is out.
func (s *Payments) idleTimer(idle bool) (<-chan struct{}, func() bool) {
	if !idle {
		return nil, func() bool { return false }
	}
	fired := make(chan struct{})
	return fired, s.after(routePatience, func() { close(fired) })
}

// await waits for a part's end.
func (s *Payments) await(ctx context.Context, p *payment, a *attempt) (Attempt, error) {
	for {
		s.mu.Lock()
		v, done, changed := a.Attempt, a.handled, p.changed
		s.mu.Unlock()
		if done {
			return v, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return v, ctx.Err()
		case <-s.ctx.Done():
			return v, ErrStopped
		}
	}
}

// routeAttempt makes an attempt of a route.
func routeAttempt(route Route, skip bool, session [32]byte) *attempt {
	route.Hops = slices.Clone(route.Hops)
	return &attempt{Attempt: Attempt{Route: route}, session: session, own: true, skip: skip}
}
