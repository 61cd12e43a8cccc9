package node

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/htlc"
)

// htlcEvents are those who follow what happens to HTLCs. Nothing is made for nobody. An event is
// told when what it says is durable.
type htlcEvents struct {
	subscribers[HTLCEvent]
	now func() time.Time
}

func (e *htlcEvents) say(v HTLCEvent) {
	if e == nil || !e.anyone() || isTokenSCID(v.In) || isTokenSCID(v.Out) {
		return // lnd's clients would take its amounts for bitcoin
	}
	v.Time = e.now()
	e.tell(v)
}

// offered tells of an HTLC that a channel has taken, if it did; it runs on that channel's
// goroutine when its Add has been done.
func (e *htlcEvents) offered(out *driver, ref htlc.Ref, v HTLCEvent) {
	if e == nil || !e.anyone() {
		return
	}
	for _, h := range out.channel().HTLCs() {
		if h.Offerer == htlc.Local && h.Ref == ref {
			v.Kind, v.Out, v.OutID = HTLCForwarded, out.channel().SCID(), h.ID
			v.AmtOut, v.ExpiryOut = h.Amount, h.Expiry
			e.say(v)
			return
		}
	}
}

// outgoing tells how an HTLC that we offered ended.
func (e *htlcEvents) outgoing(kind HTLCEventKind, d, in *driver, h *htlc.HTLC, preimage htlc.Preimage) {
	if e == nil || !e.anyone() {
		return
	}
	v := HTLCEvent{Kind: kind, Role: HTLCSend, Out: d.channel().SCID(), OutID: h.ID, Preimage: lntypes.Preimage(preimage)}
	if in != nil {
		v.Role, v.In, v.InID = HTLCForward, in.channel().SCID(), h.Ref.ID
	}
	e.say(v)
}

// cameIn describes an HTLC that came in.
func cameIn(kind HTLCEventKind, role HTLCRole, d *driver, h *htlc.HTLC) HTLCEvent {
	return HTLCEvent{Kind: kind, Role: role, In: d.channel().SCID(), InID: h.ID, AmtIn: h.Amount, ExpiryIn: h.Expiry}
}

// failing is a job that fails an HTLC which came in, and tells of it when that is durable.
func (e *htlcEvents) failing(j job, role HTLCRole, d *driver, h *htlc.HTLC, code lnwire.FailCode, detail FailureDetail) job {
	if e != nil && e.anyone() {
		v := cameIn(HTLCLinkFailed, role, d, h)
		v.Failure, v.Detail = code, detail
		j.after = func() { e.say(v) }
	}
	return j
}

// settling is a job that fulfils an HTLC which ends here.
func (e *htlcEvents) settling(j job, d *driver, h *htlc.HTLC, preimage lntypes.Preimage) job {
	if e != nil && e.anyone() {
		v := cameIn(HTLCSettled, HTLCReceive, d, h)
		v.Preimage = preimage
		j.after = func() { e.say(v) }
	}
	return j
}

// finals tells which incoming HTLCs are gone since the last batch. It runs on the channel's
// goroutine after every batch.
func (e *htlcEvents) finals(d *driver) {
	if !e.anyone() {
		d.incoming = nil
		return
	}
	now := make(map[uint64]bool)
	for _, h := range d.channel().HTLCs() {
		if h.Offerer == htlc.Remote && !h.Removed {
			now[h.ID] = h.Fulfilled
		}
	}
	for id, settled := range d.incoming {
		if _, there := now[id]; !there {
			e.say(HTLCEvent{Kind: HTLCFinal, In: d.channel().SCID(), InID: id, Settled: settled})
		}
	}
	d.incoming = now
}

// HTLCEvents streams what happens to HTLCs from now on, after one event that says that it does.
func (n *Node) HTLCEvents(ctx context.Context) iter.Seq2[HTLCEvent, error] {
	return func(yield func(HTLCEvent, error) bool) {
		ch, leave, err := n.htlcs.join()
		if err == nil {
			defer leave()
			for _, d := range n.sw.channels() {
				d.post(job{}) // it notes which HTLCs it has
			}
			if !yield(HTLCEvent{Kind: HTLCSubscribed, Time: n.now()}, nil) {
				return
			}
			err = follow(ctx, n.ctx, ch, func(e HTLCEvent) bool { return yield(e, nil) })
			if err == nil {
				return
			}
		}
		yield(HTLCEvent{}, err)
	}
}

// detailOf is why a channel refused to take an HTLC.
func detailOf(err error) FailureDetail {
	switch {
	case errors.Is(err, errDropped):
		return DetailIncompleteForward
	case errors.Is(err, htlc.ErrReserve), errors.Is(err, htlc.ErrFee), errors.Is(err, htlc.ErrInFlight),
		errors.Is(err, htlc.ErrTooMany), errors.Is(err, htlc.ErrFeeAllowance):
		return DetailInsufficientBalance
	case errors.Is(err, htlc.ErrNotOpen):
		return DetailNotEligible
	}
	return DetailAddFailed
}
