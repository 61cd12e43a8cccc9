package node

import (
	"log/slog"
	"sync"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
)

// Switch carries HTLCs between channels. It keeps nothing durable of its own: which
// incoming HTLC belongs to which outgoing one is the outgoing one's Ref, and every result
// is repeated by the channels at start until its consequence is durable.
//
// The order that makes a crash harmless at any point:
//
//   - An outgoing HTLC is durable, with its Ref, before the peer sees it. An incoming HTLC
//     without an outgoing one is decided anew at start.
//   - A preimage is durable in the outgoing channel before it is used. The incoming
//     channel makes its fulfil durable, answers Resolved, and only then does the outgoing
//     channel Forget. So an outcome is always in at least one of the two.
//   - A failure goes back only when the outgoing HTLC is irrevocably removed from both
//     commitments, or has ended on chain without a preimage.
type Switch struct {
	log      *slog.Logger
	circuits *circuits
	replays  *replays
	onions   onionKeeper
	final    receiver // HTLCs that end here
	own      sender   // HTLCs that began here
	blocks   interface{ Height() uint32 }
	book     policyBook
	history  *forwards       // in bitcoin; nil: no record is kept
	failures *failedForwards // nil: no record is kept
	events   *htlcEvents
	waiting  waitingForwards
	stale    *staleness // nil: never

	tokenHistory *forwards // in or between assets; nil: no record is kept

	mu     sync.RWMutex
	byID   map[lnwire.ChannelID]*driver
	bySCID map[uint64]*driver
}

// receiver decides what becomes of HTLCs whose onion ends here (invoices).
type receiver interface {
	// Receive answers with the job that resolves the HTLC, or none if it is held.
	Receive(d *driver, h *htlc.HTLC, f finalHop) []job
	// Returned is told of the HTLCs of a channel that has stopped, of which none is accepted that
	// wasn't before.
	Returned(d *driver, h *htlc.HTLC, f finalHop) []job
}

// sender is told what became of this node's own HTLCs (payments). The jobs it returns
// are for the driver that reported: Forget with the payment's record.
type sender interface {
	Fulfilled(d *driver, h *htlc.HTLC, p htlc.Preimage) []job
	Failed(d *driver, f htlc.Failed) []job
	Refused(d *driver, ref htlc.Ref, err error) []job
}

// add makes a channel known to the switch; its circuits must be placed before any
// channel's results are replayed.
func (s *Switch) add(d *driver) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID[d.id] = d
	if scid := d.channel().SCID(); scid != (lnwire.ShortChannelID{}) {
		s.bySCID[scid.ToUint64()] = d
	}
}

// index makes a channel reachable by a short_channel_id.
func (s *Switch) index(scid lnwire.ShortChannelID, d *driver) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bySCID[scid.ToUint64()] = d
}

func (s *Switch) remove(d *driver) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byID, d.id)
	for scid, other := range s.bySCID {
		if other == d {
			delete(s.bySCID, scid)
		}
	}
}

func (s *Switch) channelByID(id lnwire.ChannelID) *driver {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byID[id]
}

func (s *Switch) channelBySCID(scid lnwire.ShortChannelID) *driver {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.bySCID[scid.ToUint64()]
}

// channels are those in bitcoin that aren't closed: all that lnd's API knows of.
func (s *Switch) channels() []*driver {
	return s.filter(func(d *driver) bool { return d.token == nil && d.channel().State() != htlc.Closed })
}

// live are those in any asset that aren't closed.
func (s *Switch) live() []*driver {
	return s.filter(func(d *driver) bool { return d.channel().State() != htlc.Closed })
}

// tokens are those in tokens, closed or not.
func (s *Switch) tokens() []*driver {
	return s.filter(func(d *driver) bool { return d.token != nil })
}

// closed are the channels in bitcoin whose end is final, and which are kept in case it is undone.
func (s *Switch) closed() []*driver {
	return s.filter(func(d *driver) bool { return d.token == nil && d.channel().State() == htlc.Closed })
}

func (s *Switch) filter(want func(*driver) bool) []*driver {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]*driver, 0, len(s.byID))
	for _, d := range s.byID {
		if want(d) {
			all = append(all, d)
		}
	}
	return all
}

// restore rebuilds the circuits from the channels, then repeats what they have pending.
// It runs before any driver does.
func (s *Switch) restore(all []*driver) {
	for _, d := range all {
		for _, h := range d.channel().HTLCs() {
			if h.Offerer == htlc.Local && !h.Ref.Own() && !h.Forgotten {
				s.circuits.place(h.Ref, d.id, h.ID)
			}
		}
	}
	for _, d := range all {
		s.Handle(d, d.channel().Pending())
	}
}

// Handle carries out the results of one driver's batch. They are durable. It runs on the
// driver's goroutine and never waits for another's.
func (s *Switch) Handle(d *driver, results []htlc.Result) {
	var locked []htlc.LockedIn
	for _, r := range results {
		switch r := r.(type) {
		case htlc.LockedIn:
			locked = append(locked, r)
		case htlc.Fulfilled:
			s.fulfilled(d, r)
		case htlc.Failed:
			s.failed(d, r)
		case htlc.Refused:
			s.refused(d, r.Add, r.Err)
		case htlc.Dropped:
			s.refused(d, htlc.Add{Amount: r.HTLC.Amount, Expiry: r.HTLC.Expiry, Ref: r.HTLC.Ref}, errDropped)
		case htlc.Resolved:
			s.resolved(d, r)
		}
	}
	if len(locked) > 0 {
		s.lockedIn(d, locked)
	}
}

func (s *Switch) fulfilled(d *driver, r htlc.Fulfilled) {
	if r.HTLC.Ref.Own() {
		s.events.outgoing(HTLCSettled, d, nil, r.HTLC, r.Preimage)
		d.post(s.own.Fulfilled(d, r.HTLC, r.Preimage)...)
		return
	}
	c := s.circuits.place(r.HTLC.Ref, d.id, r.HTLC.ID)
	in := s.channelByID(r.HTLC.Ref.Chan)
	s.events.outgoing(HTLCSettled, d, in, r.HTLC, r.Preimage)
	if in == nil {
		s.orphan(d, r.HTLC, "fulfilled")
		return
	}
	in.post(job{in: htlc.Fulfill{ID: r.HTLC.Ref.ID, Preimage: r.Preimage}, puts: s.earned(in, d, r.HTLC, c)})
}

func (s *Switch) failed(d *driver, r htlc.Failed) {
	if r.HTLC.Ref.Own() {
		s.events.outgoing(HTLCForwardFailed, d, nil, r.HTLC, htlc.Preimage{})
		d.post(s.own.Failed(d, r)...)
		return
	}
	c := s.circuits.place(r.HTLC.Ref, d.id, r.HTLC.ID)
	in := s.channelByID(r.HTLC.Ref.Chan)
	if in == nil {
		s.orphan(d, r.HTLC, "failed")
		return
	}
	s.events.outgoing(HTLCForwardFailed, d, in, r.HTLC, htlc.Preimage{})
	v := FailedForward{
		In: in.channel().SCID(), Out: d.channel().SCID(), InID: r.HTLC.Ref.ID, OutID: r.HTLC.ID,
		AmtIn: c.amount, AmtOut: r.HTLC.Amount, Behind: true, Why: "a node behind us failed it",
	}
	switch {
	case r.OnChain:
		v.Behind, v.Failure = false, lnwire.CodePermanentChannelFailure
		v.Why = "its channel was closed, and it timed out on chain"
	case r.Code != 0:
		v.Why = "the next peer could not read its onion: " + lnwire.FailCode(r.Code).String()
	}
	in.post(job{in: s.backward(in, r, c), puts: s.failures.put(v)})
}

// refused fails back an HTLC that the outgoing channel never committed to.
func (s *Switch) refused(d *driver, add htlc.Add, err error) {
	ref := add.Ref
	v := HTLCEvent{
		Kind: HTLCLinkFailed, Role: HTLCSend, Out: d.channel().SCID(), AmtOut: add.Amount, ExpiryOut: add.Expiry,
		Failure: lnwire.CodeTemporaryChannelFailure, Detail: detailOf(err), Why: err.Error(),
	}
	if ref.Own() {
		s.events.say(v)
		d.post(s.own.Refused(d, ref, err)...)
		return
	}
	c, ok := s.circuits.close(ref)
	in := s.channelByID(ref.Chan)
	if !ok || in == nil {
		return
	}
	s.log.Info("forward refused by outgoing channel", "in", in.id, "htlc", ref.ID, "out", d.id, "err", err)
	v.Role, v.In, v.InID, v.AmtIn = HTLCForward, in.channel().SCID(), ref.ID, c.amount
	in.post(s.refusing(in, c.secret, &notForwarded{s.book.temporaryFailure(d), v.Detail, v.Why}, v, nil))
}

// resolved closes the circuit: the incoming side is durable, the outgoing may forget.
func (s *Switch) resolved(d *driver, r htlc.Resolved) {
	c, ok := s.circuits.close(incomingKey{Chan: d.id, ID: r.ID})
	if !ok || !c.placed {
		return
	}
	if out := s.channelByID(c.out); out != nil {
		out.post(job{in: htlc.Forget{ID: c.outID}})
	}
}

// orphan handles an outcome whose incoming channel is gone. That channel was resolved
// on chain or is closed, so there is nothing to pass back to.
func (s *Switch) orphan(d *driver, h *htlc.HTLC, what string) {
	s.log.Error("outgoing HTLC was resolved but its incoming channel is gone; forgetting it",
		"outcome", what, "out", d.id, "htlc", h.ID, "incoming", h.Ref.Chan, "incoming_htlc", h.Ref.ID)
	s.circuits.close(h.Ref)
	d.post(job{in: htlc.Forget{ID: h.ID}})
}
