package node

import (
	"fmt"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
)

const (
	// mppTimeout is how long the first part of a payment waits for the others (BOLT 4,
	// "Basic Multi-Part Payments": at least 60 seconds).
	mppTimeout = time.Minute

	// revealMargin is how many blocks an HTLC must have left when its preimage is revealed:
	// claimMargin, at which it would be used on chain, and a few to settle it with the peer.
	// An accepted hold invoice is canceled when one of its HTLCs has no more than this.
	revealMargin = claimMargin + 3
)

// part is one HTLC that pays an invoice.
type part struct {
	d  *driver
	h  *htlc.HTLC
	f  finalHop
	at time.Time
	times
}

// partSet are the HTLCs of one payment that are held (BOLT 4, "HTLC set"). They are durable
// in their channels, which repeat them at start; so the set lives in memory only. Invoices.mu
// guards it until it is out of Invoices.sets and marked as settling.
type partSet struct {
	v        *Invoice
	total    lnwire.MilliSatoshi
	sum      lnwire.MilliSatoshi
	parts    []*part
	accepted bool        // complete, and held until the invoice is settled or canceled
	stop     func() bool // of the timer
}

// afterFunc is time.AfterFunc as Invoices needs it.
func afterFunc(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }

// close takes a set from those that wait; s.mu is held.
func (s *Invoices) close(set *partSet) {
	delete(s.sets, set.v.Hash)
	if set.stop != nil {
		set.stop()
	}
}

// join adds a part to its set; s.mu is held. The verdict is on what that makes of it.
func (s *Invoices) join(v *Invoice, p *part, unknown verdict) verdict {
	set := s.sets[v.Hash]
	if set == nil {
		set = &partSet{v: v, total: p.f.Payload.PaymentData.Total}
	}
	switch {
	case set.has(p):
		return verdict{}
	case set.accepted, len(set.parts) >= maxInvoiceHTLCs:
		unknown.detail = DetailInvoiceNotOpen
		return unknown
	case v.Amount > 0 && set.sum+p.h.Amount > 2*v.Amount:
		unknown.detail = DetailOverpaid
		return unknown
	case set.total != p.f.Payload.PaymentData.Total:
		s.close(set)
		unknown.set, unknown.detail = set, DetailTotalMismatch
		return unknown
	}
	set.parts = append(set.parts, p)
	set.sum += p.h.Amount
	if set.sum < set.total {
		if len(set.parts) == 1 {
			s.sets[v.Hash] = set
			set.stop = s.after(mppTimeout, func() { s.timeout(set) })
		}
		return verdict{}
	}
	s.close(set)
	if set.tooClose(s.times) {
		set.parts = set.parts[:len(set.parts)-1] // it is answered by whoever asked
		unknown.set, unknown.detail = set, DetailInvoiceExpiry
		return unknown
	}
	s.settling[v.Hash] = make(chan struct{})
	if v.hold() {
		set.accepted = true
		s.sets[v.Hash] = set
	} else {
		s.settled++
		v.SettleIndex = s.settled
	}
	set.v = v
	return verdict{set: set}
}

// size and value are those of what is held; of no set, nothing.
func (t *partSet) size() int {
	if t == nil {
		return 0
	}
	return len(t.parts)
}

func (t *partSet) value() lnwire.MilliSatoshi {
	if t == nil {
		return 0
	}
	return t.sum
}

func (t *partSet) has(p *part) bool {
	for _, q := range t.parts {
		if q.d.id == p.d.id && q.h.ID == p.h.ID {
			return true
		}
	}
	return false
}

// tooClose reports whether a part's expiry is too near for revealing the preimage, now.
func (t *partSet) tooClose(at func(*driver) times) bool {
	for _, p := range t.parts {
		if now := at(p.d); p.h.Expiry <= now.now+now.claim {
			return true
		}
	}
	return false
}

// blind is why the time on a part's chain can't be told, "" if it can.
func (t *partSet) blind(at func(*driver) times) string {
	for _, p := range t.parts {
		if now := at(p.d); now.blind {
			return now.stale
		}
	}
	return ""
}

// timeout fails a set that is still incomplete.
func (s *Invoices) timeout(set *partSet) {
	s.mu.Lock()
	waits := s.sets[set.v.Hash] == set && !set.accepted
	if waits {
		s.close(set)
	}
	s.mu.Unlock()
	if waits {
		s.log.Info("payment is incomplete; its parts are failed", "hash", set.v.Hash, "parts", len(set.parts),
			"have", set.sum, "total", set.total)
		s.failParts(set, &lnwire.FailMPPTimeout{}, DetailMPPTimeout)
	}
}

func (s *Invoices) failParts(set *partSet, m lnwire.FailureMessage, detail FailureDetail) {
	for _, p := range set.parts {
		p.d.post(s.fail(p, m, detail))
	}
}

// settle reveals the preimage for all parts of a set that was marked as settling. The jobs
// are those for the part that asked, if one did; the others are posted.
func (s *Invoices) settle(set *partSet, asked *part) ([]job, error) {
	v := set.v
	v.State, v.Settled = InvoiceSettled, s.now()
	v.record(set, InvoiceHTLCSettled)
	key := key64(v.AddIndex)
	puts := []channeldb.KV{
		{Bucket: bucketInvoiceState, Key: key, Value: encodeInvoiceState(v)},
		{Bucket: bucketSettled, Key: key64(v.SettleIndex), Value: key},
	}
	if v.Keysend {
		puts = append(puts, invoicePuts(v)...)
	}
	if len(set.parts) == 1 && asked != nil {
		j := s.fulfil(asked, v.Preimage)
		tell := j.after
		j.puts, j.after = s.space.rows(puts), func() {
			s.done(v.Hash)
			if tell != nil {
				tell()
			}
		}
		return []job{j}, nil
	}
	// The parts are of different channels, whose appends have no order. That they are to be
	// fulfilled, all of them, must be durable before the first is.
	if err := s.append(channeldb.Batch{Puts: puts}); err != nil {
		// The store has failed and the node stops; the parts are judged anew at start.
		return nil, fmt.Errorf("node: invoice %v can't be settled: its record can't be written: %w", v.Hash, err)
	}
	s.done(v.Hash)
	var own []job
	for _, p := range set.parts {
		if p == asked {
			own = append(own, s.fulfil(p, v.Preimage))
		} else {
			p.d.post(s.fulfil(p, v.Preimage))
		}
	}
	return own, nil
}

// record notes the set's HTLCs in the invoice.
func (v *Invoice) record(set *partSet, state InvoiceHTLCState) {
	var resolved time.Time
	if state != InvoiceHTLCAccepted {
		resolved = v.Settled
	}
	if len(v.HTLCs) == 0 {
		v.AmountPaid = set.sum
		for _, p := range set.parts {
			v.HTLCs = append(v.HTLCs, InvoiceHTLC{
				Channel: p.d.id, SCID: p.d.channel().SCID(), Index: p.h.ID, Amount: p.h.Amount,
				AcceptHeight: p.now, Accepted: p.at, Expiry: p.h.Expiry, TotalAmount: set.total,
				CustomRecords: p.custom(),
			})
		}
	}
	for i := range v.HTLCs {
		v.HTLCs[i].State, v.HTLCs[i].Resolved = state, resolved
	}
}

// custom is what the payer told beyond BOLT 4: as much of it as is stored, which the payer
// of so many records in one onion has to live with.
func (p *part) custom() map[uint64][]byte {
	told := p.f.Payload
	if told == nil || len(told.Custom) == 0 && told.Keysend == nil {
		return nil
	}
	all := make(map[uint64][]byte, len(told.Custom)+1)
	for _, r := range told.Custom[:min(len(told.Custom), maxCustomRecords-1)] {
		all[r.Type] = r.Value
	}
	if told.Keysend != nil {
		all[KeysendRecord] = told.Keysend[:]
	}
	return all
}

// holds reports whether an HTLC is one of those recorded.
func (v *Invoice) holds(p *part) bool {
	for i := range v.HTLCs {
		if h := &v.HTLCs[i]; h.Channel == p.d.id && h.Index == p.h.ID {
			return true
		}
	}
	return false
}
