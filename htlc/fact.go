package htlc

import (
	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"
)

// fact is one durable change. Its apply is the only code that makes that change: a live
// step and the replay after a crash run the same one, and what only a live step knows
// yet (an HTLC that was proposed but not signed) is put there first by whichever comes
// first.
type fact interface {
	kind() factKind
	encode(*encoder)
	decode(*decoder)
	apply(*stepper) error
}

type factKind uint8

const (
	factResolved factKind = iota + 1
	factSent
	factPreimage
	factReceived
	factRevoked
	factForgot
	factConfirmed
	factReady
	factShutdown
	factClosed
	factHalted
	factSpent
	factTimedOut
	factGrant
)

func newFact(k factKind) fact {
	switch k {
	case factResolved:
		return &resolvedFact{}
	case factSent:
		return &sentFact{}
	case factPreimage:
		return &preimageFact{}
	case factReceived:
		return &receivedFact{}
	case factRevoked:
		return &revokedFact{}
	case factForgot:
		return &forgotFact{}
	case factConfirmed:
		return &confirmedFact{}
	case factReady:
		return &readyFact{}
	case factShutdown:
		return &shutdownFact{}
	case factClosed:
		return &closedFact{}
	case factHalted:
		return &haltedFact{}
	case factSpent:
		return &spentFact{}
	case factTimedOut:
		return &timedOutFact{}
	case factGrant:
		return &grantFact{}
	}
	return nil
}

// record makes a fact durable and applies it.
func (s *stepper) record(f fact) error {
	if err := f.apply(s); err != nil {
		return err
	}
	e := encoder{}
	e.byte(version)
	e.byte(byte(f.kind()))
	f.encode(&e)
	s.eff.Facts = append(s.eff.Facts, e.b)
	return nil
}

// Apply folds one durable fact, as it was in Effects.Facts, into the channel. The
// channel must be disconnected, as Decode gives it.
func (c *Channel) Apply(b []byte) (*Channel, error) {
	d := decoder{b: b}
	if err := d.begin("fact"); err != nil {
		return nil, err
	}
	k := factKind(d.byte())
	f := newFact(k)
	if f == nil {
		return nil, corrupt("fact of unknown kind %d", k)
	}
	f.decode(&d)
	if err := d.end(); err != nil {
		return nil, err
	}
	s := begin(c)
	if err := f.apply(s); err != nil {
		return nil, err
	}
	return s.c, nil
}

// resolvedFact: this node proposed how an incoming HTLC ends.
type resolvedFact struct {
	id  uint64
	out *outcome
}

func (*resolvedFact) kind() factKind      { return factResolved }
func (f *resolvedFact) encode(e *encoder) { e.uint(f.id); e.outcome(f.out) }
func (f *resolvedFact) decode(d *decoder) { f.id = d.uint(); f.out = d.outcome() }

func (f *resolvedFact) apply(s *stepper) error {
	e := s.entry(Remote, f.id)
	switch {
	case e == nil || f.out == nil:
	case e.state == committed(Remote):
		e.state, e.out = removing(Remote), f.out
		return nil
	case s.c.takesLate(e, f.out):
		e.late = &f.out.preimage
		return nil
	}
	return corrupt("incoming HTLC %d resolved that isn't committed", f.id)
}

// preimageFact: the peer gave the preimage of an outgoing HTLC, or it was seen elsewhere.
type preimageFact struct {
	id       uint64
	preimage Preimage
}

func (*preimageFact) kind() factKind      { return factPreimage }
func (f *preimageFact) encode(e *encoder) { e.uint(f.id); e.fixed(f.preimage[:]) }
func (f *preimageFact) decode(d *decoder) { f.id = d.uint(); d.fixed(f.preimage[:]) }

func (f *preimageFact) apply(s *stepper) error {
	e := s.entry(Local, f.id)
	switch {
	case e == nil || e.known() || e.state == sentAddHTLC:
		return corrupt("preimage for outgoing HTLC %d that awaits none", f.id)
	case e.out == nil || e.state == rcvdRemoveHTLC: // no signature covers a failure
		e.out = &outcome{kind: fulfilled, preimage: f.preimage}
	default:
		e.late = &f.preimage
	}
	return nil
}

// sentFact: we signed the peer's next commitment. It carries the updates that only now
// become durable.
type sentFact struct {
	adds  []*HTLC
	fee   *FeeRate
	moved gross
}

func (*sentFact) kind() factKind { return factSent }

func (f *sentFact) encode(e *encoder) {
	e.uint(uint64(len(f.adds)))
	for _, h := range f.adds {
		e.htlc(h, true)
	}
	e.fee(f.fee)
	e.gross(f.moved)
}

func (f *sentFact) decode(d *decoder) {
	n := d.count(minHTLC)
	for range n {
		f.adds = append(f.adds, d.htlc(Local))
	}
	f.fee = d.fee()
	if d.version >= 3 {
		f.moved = d.gross()
	}
}

func (f *sentFact) apply(s *stepper) error {
	if s.c.unacked || s.c.remoteNext == nil {
		return corrupt("signed the peer's commitment %d too early", s.c.remoteNumber+1)
	}
	for _, h := range f.adds {
		if err := s.restore(h, false); err != nil {
			return err
		}
	}
	s.restoreFee(Local, f.fee)
	if err := s.restoreMoves(Local, f.moved); err != nil {
		return err
	}
	s.advance(sendCommit)
	s.c.unacked = true
	s.c.revokedLast = false
	return nil
}

// receivedFact: the peer signed our next commitment, and we revoke the one before. It
// carries the updates of the peer that only now become durable, and the signatures,
// without which the commitment can't be published.
type receivedFact struct {
	adds     []arrival
	removals []removal
	fee      *FeeRate
	sigs     []lnwire.Sig
	moved    gross
}

// arrival is an HTLC that the peer added; removal how it ended one of ours (no outcome
// if it was fulfilled: the preimage is durable already).
type (
	arrival struct {
		htlc     *HTLC
		overDust bool
	}
	removal struct {
		id  uint64
		out *outcome
	}
)

func (*receivedFact) kind() factKind { return factReceived }

func (f *receivedFact) encode(e *encoder) {
	e.uint(uint64(len(f.adds)))
	for _, a := range f.adds {
		e.htlc(a.htlc, true)
		e.bool(a.overDust)
	}
	e.uint(uint64(len(f.removals)))
	for _, r := range f.removals {
		e.uint(r.id)
		e.outcome(r.out)
	}
	e.fee(f.fee)
	e.sigs(f.sigs)
	e.gross(f.moved)
}

func (f *receivedFact) decode(d *decoder) {
	n := d.count(minHTLC)
	for range n {
		f.adds = append(f.adds, arrival{d.htlc(Remote), d.bool()})
	}
	n = d.count(2)
	for range n {
		f.removals = append(f.removals, removal{d.uint(), d.outcome()})
	}
	f.fee = d.fee()
	f.sigs = d.sigs()
	if d.version >= 3 {
		f.moved = d.gross()
	}
}

func (f *receivedFact) apply(s *stepper) error {
	for _, a := range f.adds {
		if err := s.restore(a.htlc, a.overDust); err != nil {
			return err
		}
	}
	for _, r := range f.removals {
		e := s.entry(Local, r.id)
		if e == nil || e.state != committed(Local) && e.state != removing(Local) {
			return corrupt("outgoing HTLC %d removed that isn't committed", r.id)
		}
		if e.out == nil {
			e.out = r.out
		}
		if e.out == nil {
			return corrupt("outgoing HTLC %d removed without an outcome", r.id)
		}
		e.state = removing(Local)
	}
	s.restoreFee(Remote, f.fee)
	if err := s.restoreMoves(Remote, f.moved); err != nil {
		return err
	}
	s.advance(recvCommit)
	s.advance(sendRevoke)
	s.c.localNumber++
	s.c.localSigs = f.sigs
	s.c.revokedLast = true
	return nil
}

// revokedFact: the peer acknowledged our last commitment_signed.
type revokedFact struct {
	secret [32]byte
	next   *btcec.PublicKey
}

func (*revokedFact) kind() factKind      { return factRevoked }
func (f *revokedFact) encode(e *encoder) { e.fixed(f.secret[:]); e.key(f.next) }
func (f *revokedFact) decode(d *decoder) { d.fixed(f.secret[:]); f.next = d.key() }

func (f *revokedFact) apply(s *stepper) error {
	if !s.c.unacked || f.next == nil {
		return corrupt("revocation of the peer's commitment %d too early", s.c.remoteNumber)
	}
	secrets := *s.c.secrets
	secret := hash(f.secret)
	if err := secrets.AddNextEntry(&secret); err != nil {
		return corrupt("secret of the peer's commitment %d: %v", s.c.remoteNumber, err)
	}
	s.c.secrets = &secrets
	s.advance(recvRevoke)
	s.c.unacked = false
	s.c.remoteNumber++
	s.c.remotePoint, s.c.remoteNext = s.c.remoteNext, f.next
	return nil
}

// forgotFact: the switch needs no outcome of an outgoing HTLC any more.
type forgotFact struct{ id uint64 }

func (*forgotFact) kind() factKind      { return factForgot }
func (f *forgotFact) encode(e *encoder) { e.uint(f.id) }
func (f *forgotFact) decode(d *decoder) { f.id = d.uint() }

func (f *forgotFact) apply(s *stepper) error {
	e := s.entry(Local, f.id)
	if e == nil {
		return corrupt("outgoing HTLC %d forgotten that isn't there", f.id)
	}
	e.forgotten = true
	if e.state.dead() {
		s.sweep(Local)
	}
	return nil
}

// minHTLC is less than the shortest encoding of an HTLC.
const minHTLC = 32

func (e *encoder) fee(f *FeeRate) {
	e.bool(f != nil)
	if f != nil {
		e.uint(uint64(*f))
	}
}

func (d *decoder) fee() *FeeRate {
	if !d.bool() {
		return nil
	}
	f := FeeRate(d.uint())
	return &f
}

// restore puts an HTLC in its first state, unless a live step did so already.
func (s *stepper) restore(h *HTLC, overDust bool) error {
	if have := s.c.nextID[h.Offerer]; h.ID > have {
		return corrupt("%v HTLC %d added, next is %d", h.Offerer, h.ID, have)
	} else if h.ID == have {
		s.append(h, overDust)
	}
	return nil
}

// restoreFee puts a fee update in its first state.
func (s *stepper) restoreFee(opener Side, rate *FeeRate) {
	if rate != nil {
		s.c.fees = s.c.fees.push(feeUpdate{*rate, proposed(opener)})
	}
}

// advance moves every HTLC, the fee and what is paid in and out by an event, and tells the switch of those that
// are now irrevocable.
func (s *stepper) advance(ev event) {
	s.c.fees = s.c.fees.advance(ev)
	s.advanceMoves(ev)
	for _, side := range [...]Side{Local, Remote} {
		gone := false
		list := s.c.htlcs[side]
		for i := range list {
			to := next[ev][list[i].state]
			if to == noState {
				continue
			}
			list = s.own(side)
			e := &list[i]
			e.state = to
			switch {
			case to == rcvdAddAckRevocation:
				s.result(LockedIn{HTLC: e.HTLC, OverDust: e.overDust})
			case to.dead():
				s.settle(e)
				gone = true
			}
		}
		if gone {
			s.sweep(side)
		}
	}
}

// settle books an HTLC that is out of both commitments.
func (s *stepper) settle(e *entry) {
	if e.fulfilled() {
		s.c.balance[e.Offerer] -= e.Amount
		s.c.balance[e.Offerer.Other()] += e.Amount
	} else if e.Offerer == Local && !e.known() {
		s.result(e.result())
	}
}

// sweep drops the dead HTLCs that nobody asks for any more.
func (s *stepper) sweep(side Side) {
	list := s.own(side)
	kept := list[:0]
	for _, e := range list {
		if !e.state.dead() || side == Local && !e.forgotten {
			kept = append(kept, e)
		}
	}
	clear(list[len(kept):])
	s.c.htlcs[side] = kept
}
