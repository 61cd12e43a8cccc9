package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
)

// Limits of payments.
const (
	maxPaymentsInFlight = 10_000
	maxAttempts         = 100 // of one payment, then it fails
)

// Payments are what this node pays. A payment's record is written by the append that makes
// its HTLC durable, by those of all its parts until one of them is, and its end by the append
// in which the channel forgets the first HTLC that was fulfilled, so no crash can separate
// them; nothing is ever paid twice, since a hash that is in flight or paid is refused, and no
// part is sent when the preimage is known or while the parts that are out already make up the
// amount.
type Payments struct {
	db     reader
	append func(...channeldb.Batch) error
	log    *slog.Logger
	now    func() time.Time
	routes routeFinder
	events *htlcEvents

	followers subscribers[Payment] // of all payments

	ctx context.Context // of the node; ends the goroutines
	wg  *sync.WaitGroup

	mu     sync.Mutex
	last   uint64 // last index given out
	flight map[uint64]*payment
	byHash map[lntypes.Hash]*payment

	space space // of the rows

	starting map[lntypes.Hash]struct{} // claimed by a call of Start

	shards sync.Mutex // held while a payment by the caller's routes is begun, or a part added
	after  func(time.Duration, func()) (stop func() bool)
}

func newPayments(ctx context.Context, wg *sync.WaitGroup, db reader, appendFn func(...channeldb.Batch) error,
	log *slog.Logger, now func() time.Time, routes routeFinder) (*Payments, error) {

	last, err := lastIndex(db, bucketPayments)
	if err != nil {
		return nil, err
	}
	return &Payments{
		db: db, append: appendFn, log: log, now: now, routes: routes, ctx: ctx, wg: wg,
		last: last, flight: make(map[uint64]*payment), byHash: make(map[lntypes.Hash]*payment),
		starting: make(map[lntypes.Hash]struct{}), after: afterFunc,
	}, nil
}

// load reads the payments that were in flight when the node stopped. It runs before the
// channels repeat their results; resume follows it.
func (s *Payments) load() error {
	var indices []uint64
	err := s.db.Scan(bucketPaymentOpen, nil, false, func(k, _ []byte) bool {
		indices = append(indices, beUint64(k))
		return true
	})
	if err != nil {
		return err
	}
	for _, index := range indices {
		p, err := loadPayment(s.db, index)
		if err != nil {
			return err
		}
		p.written = true
		for _, a := range p.attempts {
			a.asset = p.order.asset
		}
		s.track(p)
	}
	return nil
}

// resume goes on with what was loaded. Attempts of which no channel knows never left.
func (s *Payments) resume(known map[uint64]bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var puts []channeldb.KV
	for _, p := range s.flight {
		for _, a := range p.attempts {
			if a.Status != AttemptInFlight || known[a.ID] {
				continue
			}
			a.Status, a.Resolved = AttemptFailed, s.now()
			a.Failure = &AttemptFailure{Internal: "the node stopped before the HTLC left it"}
			puts = append(puts, put(bucketAttemptEnd, key64(a.ID), encodeAttemptEnd(&a.Attempt)))
		}
		if p.known && p.out() == 0 {
			p.closed = true
			puts = append(puts, p.endPuts(true)...)
		}
	}
	if err := s.append(channeldb.Batch{Puts: puts}); err != nil {
		return err
	}
	for _, p := range s.flight {
		s.wg.Add(1)
		if p.order.byRoute {
			s.resumeRoutes(p)
			go s.runRoutes(p)
		} else {
			go s.run(p, p.out())
		}
	}
	return nil
}

func (s *Payments) track(p *payment) {
	p.known = p.Status == PaymentSucceeded
	p.changed = make(chan struct{})
	p.outcome = make(chan outcome, max(p.out(), int(p.order.maxParts), 1))
	s.flight[p.Index] = p
	s.byHash[p.Hash] = p
}

// Start begins a payment and returns it for watching.
func (s *Payments) Start(hash lntypes.Hash, request string, o order) (*payment, error) {
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
	p := s.create(hash, request, o)
	s.wg.Add(1)
	go s.run(p, 0)
	return p, nil
}

// create makes a payment that is in flight; s.mu is held.
func (s *Payments) create(hash lntypes.Hash, request string, o order) *payment {
	s.last++
	p := &payment{order: o}
	p.Hash, p.PaymentRequest, p.Amount, p.Index = hash, request, o.amount, s.last
	p.Created, p.Status = s.now(), PaymentInFlight
	s.track(p)
	return p
}

// claim keeps a hash from being paid by two calls at once.
func (s *Payments) claim(hash lntypes.Hash) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, busy := s.starting[hash]
	switch p := s.byHash[hash]; {
	case p != nil && p.Status == PaymentSucceeded: // only parts of it are to be cleared up
		return fmt.Errorf("%w: payment hash %v", ErrAlreadyPaid, hash)
	case busy || p != nil:
		return fmt.Errorf("%w: payment hash %v", ErrInTransition, hash)
	}
	if n := len(s.flight) + len(s.starting); n >= maxPaymentsInFlight {
		return fmt.Errorf("%w: %d payments are in flight", ErrBusy, n)
	}
	s.starting[hash] = struct{}{}
	return nil
}

func (s *Payments) checkPaid(hash lntypes.Hash) error {
	index, err := paymentByHash(s.db, hash)
	if err != nil || index == 0 {
		return err
	}
	earlier, err := loadPayment(s.db, index)
	if err != nil {
		return err
	}
	switch earlier.Status {
	case PaymentSucceeded:
		return fmt.Errorf("%w: payment hash %v", ErrAlreadyPaid, hash)
	case PaymentInFlight: // and not in memory: the node has just started
		return fmt.Errorf("%w: payment hash %v", ErrInTransition, hash)
	}
	return nil
}

// run sends parts until they make up the amount, and others for those that failed, until
// the payment settles or nothing is left to try. It ends when no part is out. out is how many
// are at its beginning.
func (s *Payments) run(p *payment, out int) {
	defer s.wg.Done()
	ignore, reason := newIgnored(), FailureNone
	for {
		for reason == FailureNone && out < int(p.order.maxParts) && len(p.outcome) == 0 && s.lacks(p) {
			if reason = s.attempt(p, out, ignore); reason == FailureNone {
				out++
			}
		}
		if reason == FailureNone && s.canceled(p) { // after the last part, which it may have kept back
			reason = FailureCanceled
		}
		if out == 0 {
			s.end(p, reason)
			return
		}
		select {
		case <-s.ctx.Done():
			return // all that matters is durable; the next start resumes it
		case o := <-p.outcome:
			out--
			if o.settled {
				s.routes.succeeded(o.attempt)
			} else {
				reason = s.failedPart(o, ignore, reason)
			}
		}
	}
}

func (s *Payments) canceled(p *payment) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return p.canceled
}

// cancel lets a payment try no more. Parts that are out may still pay it.
func (s *Payments) cancel(p *payment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.canceled = true
}

// cancelWith lets a payment try no more when its caller's context ends. The caller calls left when it leaves: it may
// have seen the end of its context before AfterFunc did.
func (s *Payments) cancelWith(ctx context.Context, p *payment) (left func()) {
	stop := context.AfterFunc(ctx, func() { s.cancel(p) })
	return func() {
		if stop() && ctx.Err() != nil {
			s.cancel(p)
		}
	}
}

// lacks reports whether a part is to be sent.
func (s *Payments) lacks(p *payment) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	amount, _ := p.left()
	return amount > 0 && !p.known && !p.canceled
}

// failedPart learns from a failure. What is final stays so; that there was no route for the
// rest may change when a part comes back, unless it does only because the rest was missing.
func (s *Payments) failedPart(o outcome, ignore *ignored, reason FailureReason) FailureReason {
	final := s.routes.learn(o, ignore)
	soft := reason == FailureNoRoute || reason == FailureInsufficientBalance
	switch {
	case reason != FailureNone && !soft:
		return reason
	case final != FailureNone:
		return final
	case soft && o.failure != nil && o.failure.Code == lnwire.CodeMPPTimeout:
		return reason
	}
	return FailureNone
}

// attempt finds a route for what is left, or for a part of it, and hands its HTLC to the
// first channel. It returns the reason when there is nothing to try.
func (s *Payments) attempt(p *payment, out int, ignore *ignored) FailureReason {
	for len(p.attempts) < maxAttempts {
		if s.now().UnixNano() > p.order.deadline {
			return FailureTimeout
		}
		a, d, add, err := s.split(p, out, ignore)
		if err != nil {
			s.log.Info("payment has no route", "hash", p.Hash, "attempts", len(p.attempts), "out", out, "err", err)
			return s.routes.reasonOf(err)
		}
		s.mu.Lock()
		if p.known { // since it was looked at; there is nothing to send any more
			s.mu.Unlock()
			return FailureError // never told: the payment succeeded
		}
		a.ID = p.Index*attemptsPerPayment + uint64(len(p.attempts))
		a.Sent = s.now()
		add.Ref = htlc.Ref{ID: a.ID}
		puts := s.space.rows(p.beginPuts(a))
		p.attempts = append(p.attempts, a)
		s.notify(p)
		s.mu.Unlock()
		if d.post(job{in: add, puts: puts, after: func() {
			s.wrote(p)
			s.events.offered(d, add.Ref, HTLCEvent{Role: HTLCSend})
		}}) {
			return FailureNone
		}
		ignore.channel(d) // it ended in between; its records were not written
		s.mu.Lock()
		p.attempts = p.attempts[:len(p.attempts)-1]
		s.mu.Unlock()
	}
	return FailureNoRoute
}

// wrote notes that a payment's record is durable: later parts need not write it again.
func (s *Payments) wrote(p *payment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.written = true
}

// Fulfilled makes the end of a payment durable, together with the channel forgetting its
// HTLC. The first preimage is enough: whoever gave it can take the other parts.
func (s *Payments) Fulfilled(d *driver, h *htlc.HTLC, preimage htlc.Preimage) []job {
	return s.resolve(h.Ref.ID, htlc.Forget{ID: h.ID}, func(p *payment, a *attempt) outcome {
		a.Status, a.Preimage = AttemptSucceeded, lntypes.Preimage(preimage)
		p.Preimage, p.Status = a.Preimage, PaymentSucceeded
		return outcome{attempt: a, settled: true}
	})
}

// Failed reads who failed the HTLC and why. One that ended on chain was failed by this node: the
// payment goes on without that channel.
func (s *Payments) Failed(d *driver, f htlc.Failed) []job {
	return s.resolve(f.HTLC.Ref.ID, htlc.Forget{ID: f.HTLC.ID}, func(p *payment, a *attempt) outcome {
		o := outcome{attempt: a}
		a.Status = AttemptFailed
		if f.OnChain {
			o.err = &refusal{channel: d, err: errTimedOut}
			a.Failure = &AttemptFailure{Message: &lnwire.FailPermanentChannelFailure{}, Internal: errTimedOut.Error()}
			return o
		}
		a.Failure, o.failure, o.err = readFailure(a, f)
		return o
	})
}

// Refused: the first channel didn't take the HTLC, or lost it before it was committed.
func (s *Payments) Refused(d *driver, ref htlc.Ref, err error) []job {
	return s.resolve(ref.ID, nil, func(p *payment, a *attempt) outcome {
		a.Status = AttemptFailed
		a.Failure = &AttemptFailure{Message: lnwire.NewTemporaryChannelFailure(nil), Internal: err.Error()}
		return outcome{attempt: a, err: &refusal{channel: d, err: err}}
	})
}

// errTimedOut ends an attempt whose HTLC the chain gave back.
var errTimedOut = errors.New("node: the first channel was closed, and the HTLC timed out on chain")

// refusal is a failure of the first channel: the HTLC never left this node, or came back on chain.
type refusal struct {
	channel *driver
	err     error
}

func (r *refusal) Error() string { return r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

// resolve writes the end of an attempt. The change is seen by others, and the payment goes
// on, only when it is durable. Which attempt of a paid payment is the last to end can't be
// told here, since those of other channels may be under way: end closes it.
func (s *Payments) resolve(id uint64, in htlc.Input, end func(*payment, *attempt) outcome) []job {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.flight[id/attemptsPerPayment]
	var known *attempt
	if p != nil {
		known = p.find(id)
	}
	if known == nil || known.Status != AttemptInFlight {
		// Its end is durable already: only the channel hasn't forgotten it yet.
		return []job{{in: in}}
	}
	shadow, a := *p, *known
	a.Resolved = s.now()
	o := end(&shadow, &a)
	puts := []channeldb.KV{put(bucketAttemptEnd, key64(a.ID), encodeAttemptEnd(&a.Attempt))}
	closed := o.settled && p.out() == 1
	if o.settled {
		p.known = true
		puts = append(puts, shadow.endPuts(closed)...)
	}
	return []job{{in: in, puts: s.space.rows(puts), after: func() {
		s.mu.Lock()
		*known = a
		if o.settled {
			p.Status, p.Preimage, p.closed = PaymentSucceeded, shadow.Preimage, closed
		}
		p.Fee = p.fee()
		o.attempt = known
		s.notify(p)
		s.mu.Unlock()
		p.outcome <- o // room for every part that is out
	}}}
}

// end closes a payment of which nothing is in flight any more.
func (s *Payments) end(p *payment, reason FailureReason) {
	s.mu.Lock()
	shadow := *p
	s.mu.Unlock()
	if shadow.closed {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.finish(p)
		return
	}
	if shadow.Status != PaymentSucceeded {
		shadow.Status, shadow.FailureReason = PaymentFailed, reason
	}
	if err := s.append(channeldb.Batch{Puts: shadow.endPuts(true)}); err != nil {
		if !errors.Is(err, channeldb.ErrClosed) {
			s.log.Error("payment's end can't be written", "hash", p.Hash, "err", err)
		}
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Status, p.FailureReason = shadow.Status, shadow.FailureReason
	s.finish(p) // at once: who sees that it ended may pay the hash again
}

// finish takes an ended payment out of memory; s.mu is held.
func (s *Payments) finish(p *payment) {
	delete(s.flight, p.Index)
	delete(s.byHash, p.Hash)
	s.notify(p)
}

// notify tells those who watch a payment, or all payments, that it changed; s.mu is held.
func (s *Payments) notify(p *payment) {
	p.notify()
	if !s.followers.anyone() || p.ended {
		return
	}
	v := p.snapshot()
	p.ended = v.Status == PaymentSucceeded || v.Status == PaymentFailed
	s.followers.tell(v)
}

// watch returns a payment's state and a channel that is closed when it changes; nil when
// it has ended.
func (s *Payments) watch(p *payment) (Payment, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := p.snapshot()
	if v.Status == PaymentSucceeded || v.Status == PaymentFailed {
		return v, nil
	}
	return v, p.changed
}

// find is the payment in flight with that hash, or the latest one that ended.
func (s *Payments) find(hash lntypes.Hash) (*payment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.byHash[hash]; p != nil {
		return p, nil
	}
	index, err := paymentByHash(s.db, hash)
	if err != nil {
		return nil, err
	}
	if index == 0 {
		return nil, fmt.Errorf("%w: no payment with hash %v", ErrNotFound, hash)
	}
	p, err := loadPayment(s.db, index)
	if err == nil {
		p.changed = make(chan struct{})
	}
	return p, err
}
