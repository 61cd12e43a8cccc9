package node

import (
	"errors"
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/onion"
)

// errDropped is why a forward that never went out failed, for the log.
var errDropped = errors.New("node: connection ended before the HTLC was committed")

// maxExpiryAhead is the furthest an HTLC's expiry may lie ahead of the tip, in blocks
// (two weeks, as the network has it): beyond it a peer could lock our money for long.
const maxExpiryAhead = 2016

// minExpiryAhead is the least an outgoing HTLC's expiry may lie ahead of the tip: closer
// than this we could not get it resolved on chain in time.
const minExpiryAhead = 3

// finalHop is what the onion told the last node.
type finalHop struct {
	Payload *onion.Payload
	Secret  [32]byte
}

// onionKeeper peels onions.
type onionKeeper interface {
	Process(packet *[onion.Size]byte, paymentHash [32]byte) onion.Result
	ProcessAll(jobs []onion.Job) []onion.Result
}

// policyBook knows what this node asks on each channel, and the channel_update that says so.
type policyBook interface {
	Policy(d *driver) ChannelPolicy
	Update(d *driver) *lnwire.ChannelUpdate1 // nil before it has a short_channel_id
	temporaryFailure(d *driver) lnwire.FailureMessage
}

// lockedIn decides what becomes of HTLCs that were just irrevocably committed.
func (s *Switch) lockedIn(d *driver, locked []htlc.LockedIn) {
	if stopped(d) {
		// What came in can't be claimed before the channel is resolved on chain, so neither
		// our money nor a preimage goes out for it.
		d.log.Warn("HTLCs came in on a channel that has stopped; they are left to the chain",
			"count", len(locked), "state", d.channel().State())
		s.returned(d, locked)
		return
	}
	jobs := make([]onion.Job, len(locked))
	for i, l := range locked {
		jobs[i] = onion.Job{Onion: l.HTLC.Onion, PaymentHash: l.HTLC.Hash}
	}
	for i, r := range s.onions.ProcessAll(jobs) {
		h := locked[i].HTLC
		var mark []channeldb.KV
		if r.Malformed == 0 {
			var seen bool
			if mark, seen = s.replays.mark(r.Secret, incomingKey{Chan: d.id, ID: h.ID}, s.usableUntil(d, h, &r)); seen {
				r = onion.Result{Malformed: lnwire.CodeInvalidOnionVersion}
			}
		}
		switch {
		case r.Malformed != 0:
			d.post(s.events.failing(job{in: htlc.FailMalformed{
				ID: h.ID, Code: uint16(r.Malformed), OnionHash: onion.BadOnionHash(h.Onion),
			}}, HTLCForward, d, h, r.Malformed, DetailNone))
		case r.Failure != nil:
			d.post(s.events.failing(s.failJob(d, h.ID, &r.Secret, r.Failure, mark...), roleOf(&r), d, h, r.Failure.Code(), DetailNone))
		case locked[i].OverDust:
			m := s.book.temporaryFailure(d)
			d.post(s.events.failing(s.failJob(d, h.ID, &r.Secret, m, mark...), roleOf(&r), d, h, m.Code(), DetailAddFailed))
		case r.Final():
			for _, j := range s.final.Receive(d, h, finalHop{Payload: r.Payload, Secret: r.Secret}) {
				j.puts = append(j.puts, mark...)
				d.post(j)
			}
		default:
			s.forward(d, h, &r, mark)
		}
	}
}

// returned takes back HTLCs of a stopped channel that end here and were accepted before: its other
// parts may be in channels that go on, and a preimage that is given for them must be there to claim
// this one on chain.
func (s *Switch) returned(d *driver, locked []htlc.LockedIn) {
	if d.channel().State() == htlc.Closed {
		return
	}
	for _, l := range locked {
		r := s.onions.Process(l.HTLC.Onion, l.HTLC.Hash)
		if r.Malformed == 0 && r.Failure == nil && r.Final() {
			d.post(s.final.Returned(d, l.HTLC, finalHop{Payload: r.Payload, Secret: r.Secret})...)
		}
	}
}

func stopped(d *driver) bool {
	state := d.channel().State()
	return state == htlc.Halted || state == htlc.Closed
}

// usableUntil is the height, or time, from which an onion is refused whoever brings it. It is
// bounded though the expiries in it are a stranger's to choose.
func (s *Switch) usableUntil(d *driver, h *htlc.HTLC, r *onion.Result) uint32 {
	expiry := h.Expiry
	if r.Payload != nil {
		expiry = min(expiry, r.Payload.Expiry)
	}
	t := s.times(d)
	return min(expiry, t.now+t.most)
}

// forward offers the HTLC to the next channel, now or when its peer is back after our start.
func (s *Switch) forward(in *driver, h *htlc.HTLC, r *onion.Result, mark []channeldb.KV) {
	ref := incomingKey{Chan: in.id, ID: h.ID}
	if !s.circuits.open(ref, r.Secret, h.Amount) {
		return // offered before a restart; the outgoing HTLC will answer
	}
	out := s.channelBySCID(r.Payload.Channel)
	if out != nil && s.waiting.hold(out, waitingForward{in: in, h: h, r: *r, mark: mark}, s.times(out)) {
		return
	}
	s.offer(in, h, r, mark, out)
}

// offer offers the HTLC to the next channel, or fails it back saying why. Its circuit is open.
func (s *Switch) offer(in *driver, h *htlc.HTLC, r *onion.Result, mark []channeldb.KV, out *driver) {
	ref := incomingKey{Chan: in.id, ID: h.ID}
	bad := s.admit(in, h, r.Payload, out)
	if bad == nil {
		placed := out.post(job{in: htlc.Add{
			Amount: r.Payload.Amount,
			Hash:   h.Hash,
			Expiry: r.Payload.Expiry,
			Onion:  r.Next,
			Ref:    ref,
		}, puts: mark, after: s.offering(out, in, h)})
		if placed {
			return
		}
		bad = &notForwarded{msg: s.book.temporaryFailure(out), detail: DetailNotEligible}
	}
	s.circuits.close(ref)
	s.log.Debug("forward refused", "in", in.id, "htlc", h.ID, "out", r.Payload.Channel,
		"amount", r.Payload.Amount, "failure", bad.msg, "why", bad.why)
	v := cameIn(HTLCLinkFailed, HTLCForward, in, h)
	v.Out, v.AmtOut, v.ExpiryOut = r.Payload.Channel, r.Payload.Amount, r.Payload.Expiry
	in.post(s.refusing(in, &r.Secret, bad, v, mark))
}

// notForwarded is why an HTLC isn't forwarded.
type notForwarded struct {
	msg    lnwire.FailureMessage // for its sender
	detail FailureDetail
	why    string // the numbers that disagree
}

func roleOf(r *onion.Result) HTLCRole {
	if r.Final() {
		return HTLCReceive
	}
	return HTLCForward
}

// offering tells that an HTLC was offered, if anyone wants to know.
func (s *Switch) offering(out, in *driver, h *htlc.HTLC) func() {
	if s.events == nil || !s.events.anyone() {
		return nil
	}
	return func() {
		s.events.offered(out, incomingKey{Chan: in.id, ID: h.ID}, cameIn(HTLCForwarded, HTLCForward, in, h))
	}
}

// refusing fails an HTLC back that this node doesn't forward, and keeps why.
func (s *Switch) refusing(in *driver, secret *[32]byte, bad *notForwarded, v HTLCEvent, puts []channeldb.KV) job {
	v.Failure, v.Detail, v.Why = bad.msg.Code(), bad.detail, bad.why
	puts = append(puts, s.failures.put(FailedForward{
		In: v.In, Out: v.Out, InID: v.InID, AmtIn: v.AmtIn, AmtOut: v.AmtOut,
		Failure: v.Failure, Detail: v.Detail, Why: v.Why,
	})...)
	j := s.failJob(in, v.InID, secret, bad.msg, puts...)
	j.after = func() { s.events.say(v) }
	return j
}

// admit checks a forward against what this node asks for it (BOLT 4, "Failure Messages";
// BOLT 7, "HTLC Fees").
func (s *Switch) admit(in *driver, h *htlc.HTLC, p *onion.Payload, out *driver) *notForwarded {
	no := func(m lnwire.FailureMessage, d FailureDetail, why string, numbers ...any) *notForwarded {
		return &notForwarded{m, d, fmt.Sprintf(why, numbers...)}
	}
	t := s.times(out)
	if t.stale != "" {
		return no(&lnwire.FailTemporaryNodeFailure{}, DetailNone, "%s", t.stale)
	}
	if out == nil {
		return no(&lnwire.FailUnknownNextPeer{}, DetailNone, "no channel %v here", p.Channel)
	}
	if out.token != in.token {
		return no(&lnwire.FailUnknownNextPeer{}, DetailNotEligible, "channel %v is in another asset", p.Channel)
	}
	if bad := wrongAsset(out, p); bad != "" {
		return no(lnwire.NewInvalidOnionPayload(onion.TypeAsset, 0), DetailNone, "%s", bad)
	}
	c := out.channel()
	switch {
	case c.State() != htlc.Open:
		return no(s.book.temporaryFailure(out), DetailNotEligible, "the outgoing channel is %v", c.State())
	case !c.Connected():
		return no(s.book.temporaryFailure(out), DetailNotEligible, "the outgoing channel's peer is away")
	}
	policy, update := s.book.Policy(out), s.book.Update(out)
	if update == nil {
		return no(&lnwire.FailUnknownNextPeer{}, DetailNotEligible, "the outgoing channel was never announced to its peer")
	}
	switch fee := policy.Fee(p.Amount); {
	case p.Amount < policy.MinHTLC:
		return no(lnwire.NewAmountBelowMinimum(p.Amount, *update), DetailNone,
			"%v is below the least amount of %v", p.Amount, policy.MinHTLC)
	case p.Amount > policy.MaxHTLC:
		return no(lnwire.NewTemporaryChannelFailure(update), DetailExceedsMax,
			"%v is above the largest amount of %v", p.Amount, policy.MaxHTLC)
	case h.Amount < p.Amount || h.Amount-p.Amount < fee:
		return no(lnwire.NewFeeInsufficient(h.Amount, *update), DetailNone,
			"%v came for %v to go on, the fee is %v", h.Amount, p.Amount, fee)
	case h.Expiry < p.Expiry || h.Expiry-p.Expiry < uint32(policy.CLTVDelta)*t.tick:
		return no(lnwire.NewIncorrectCltvExpiry(h.Expiry, *update), DetailNone,
			"expires at %d and behind us at %d, needs %d %s between", h.Expiry, p.Expiry, uint32(policy.CLTVDelta)*t.tick, t.unit)
	case p.Expiry <= t.now+t.least:
		return no(lnwire.NewExpiryTooSoon(*update), DetailNone,
			"expires behind us at %d, it is %d now, needs %d %s more than that", p.Expiry, t.now, t.least+1, t.unit)
	case p.Expiry > t.now+t.most:
		return no(&lnwire.FailExpiryTooFar{}, DetailNone,
			"expires behind us at %d, it is %d now, at most %d %s more are taken", p.Expiry, t.now, t.most, t.unit)
	}
	return nil
}

// backward is how an outgoing failure is told to the incoming channel's peer.
func (s *Switch) backward(in *driver, r htlc.Failed, c circuit) htlc.Input {
	id := r.HTLC.Ref.ID
	secret, err := s.secretOf(in, id, c.secret)
	if err != nil {
		// Without the secret no readable reason can be made; fail it all the same.
		s.log.Error("can't encrypt failure", "in", in.id, "htlc", id, "err", err)
		return htlc.Fail{ID: id, Reason: make([]byte, onion.MinFailure)}
	}
	var reason []byte
	switch {
	case r.OnChain: // nobody behind us gave a reason
		reason, err = onion.EncryptFailure(secret, &lnwire.FailPermanentChannelFailure{})
	case r.Code != 0:
		reason, err = onion.ConvertMalformed(secret, lnwire.FailCode(r.Code), r.OnionHash)
	default:
		reason, err = onion.WrapFailure(secret, r.Reason)
	}
	if err != nil {
		s.log.Error("can't wrap failure", "in", in.id, "htlc", id, "err", err)
		return htlc.Fail{ID: id, Reason: make([]byte, onion.MinFailure)}
	}
	return htlc.Fail{ID: id, Reason: reason}
}

// failJob fails an incoming HTLC with a message of this node's own, and writes what else
// belongs to that.
func (s *Switch) failJob(in *driver, id uint64, known *[32]byte, m lnwire.FailureMessage, puts ...channeldb.KV) job {
	reason := make([]byte, onion.MinFailure)
	secret, err := s.secretOf(in, id, known)
	if err == nil {
		var encrypted []byte
		if encrypted, err = onion.EncryptFailure(secret, m); err == nil {
			reason = encrypted
		}
	}
	if err != nil {
		s.log.Error("can't encrypt failure", "in", in.id, "htlc", id, "failure", m, "err", err)
	}
	return job{in: htlc.Fail{ID: id, Reason: reason}, puts: puts}
}

// secretOf is the secret shared with the sender: remembered, or found again by peeling
// the HTLC's onion, which the incoming channel keeps until it is resolved.
func (s *Switch) secretOf(in *driver, id uint64, known *[32]byte) ([32]byte, error) {
	if known != nil {
		return *known, nil
	}
	for _, h := range in.channel().HTLCs() {
		if h.Offerer != htlc.Remote || h.ID != id || h.Onion == nil {
			continue
		}
		r := s.onions.Process(h.Onion, h.Hash)
		if r.Secret == ([32]byte{}) {
			return [32]byte{}, fmt.Errorf("node: onion of incoming HTLC %d of %v can't be peeled", id, in.id)
		}
		return r.Secret, nil
	}
	return [32]byte{}, fmt.Errorf("node: incoming HTLC %d of %v is not there", id, in.id)
}
