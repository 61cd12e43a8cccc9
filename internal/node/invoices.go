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

// Invoices issues BOLT 11 invoices and decides about the HTLCs that pay them. An invoice
// is settled, with the HTLCs that paid it, by the append that makes the only fulfil durable,
// or, if it is paid in parts, by one before any of them: an HTLC that comes again after a
// crash is fulfilled if it is among those recorded.
type Invoices struct {
	db      reader
	append  func(...channeldb.Batch) error
	log     *slog.Logger
	now     func() time.Time
	after   func(time.Duration, func()) (stop func() bool)
	height  func() uint32
	sign    func(*invoiceDraft) (string, error)
	keysend bool // spontaneous payments are taken
	news    subscribers[invoiceNews]
	events  *htlcEvents
	stale   *staleness // nil: never

	restoring bool // the channels haven't repeated what they hold; guarded by mu

	mu       sync.Mutex
	added    uint64                         // last add_index given out
	settled  uint64                         // last settle_index given out
	settling map[lntypes.Hash]chan struct{} // decided, not yet durable; closed when it is
	sets     map[lntypes.Hash]*partSet      // HTLCs that are held
	watchers map[lntypes.Hash]*invoiceWatch
	adding   map[lntypes.Hash]struct{}
	space    space                     // of the rows
	recent   map[lntypes.Hash]*Invoice // open ones; what is here need not be read to be paid
}

// maxRecent bounds the invoices kept in memory, at about 1 kB each.
const maxRecent = 50_000

func newInvoices(db reader, appendFn func(...channeldb.Batch) error, log *slog.Logger,
	now func() time.Time, height func() uint32, sign func(*invoiceDraft) (string, error)) (*Invoices, error) {

	added, err := lastIndex(db, bucketInvoices)
	if err != nil {
		return nil, err
	}
	settled, err := lastIndex(db, bucketSettled)
	if err != nil {
		return nil, err
	}
	return &Invoices{
		db: db, append: appendFn, log: log, now: now, height: height, sign: sign,
		added: added, settled: settled, after: afterFunc,
		sets: make(map[lntypes.Hash]*partSet), watchers: make(map[lntypes.Hash]*invoiceWatch),
		settling: make(map[lntypes.Hash]chan struct{}), adding: make(map[lntypes.Hash]struct{}),
		recent: make(map[lntypes.Hash]*Invoice),
	}, nil
}

// Add issues an invoice; it is durable when Add returns.
func (s *Invoices) Add(ctx context.Context, req AddInvoice) (Invoice, error) {
	return s.addIn(ctx, req, inBitcoin)
}

// addIn issues an invoice in an asset.
func (s *Invoices) addIn(_ context.Context, req AddInvoice, in invoiceAsset) (Invoice, error) {
	draft, err := s.draft(req, in)
	if err != nil {
		return Invoice{}, err
	}
	v := &draft.Invoice
	if err := s.reserve(v.Hash); err != nil {
		return Invoice{}, err
	}
	defer s.unreserve(v.Hash)
	if v.PaymentRequest, err = s.sign(draft); err != nil {
		return Invoice{}, fmt.Errorf("node: invoice can't be encoded: %w", err)
	}
	s.mu.Lock()
	s.added++
	v.AddIndex = s.added
	s.mu.Unlock()
	if err := s.append(channeldb.Batch{Puts: invoicePuts(v)}); err != nil {
		return Invoice{}, err
	}
	s.remember(v)
	return *v, nil
}

func (s *Invoices) remember(v *Invoice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.recent) >= maxRecent {
		for hash := range s.recent { // any one: it can be read again
			delete(s.recent, hash)
			break
		}
	}
	s.recent[v.Hash] = v
}

// find is a copy of the invoice of a hash; s.mu is held.
func (s *Invoices) find(hash lntypes.Hash) (*Invoice, error) {
	if v := s.recent[hash]; v != nil {
		c := *v
		return &c, nil
	}
	return loadInvoice(s.db, hash)
}

// reserve claims a payment hash, so that two requests can't both add it.
func (s *Invoices) reserve(hash lntypes.Hash) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, busy := s.adding[hash]
	if _, spontaneous := s.settling[hash]; spontaneous {
		busy = true
	}
	if !busy {
		known, err := s.db.Get(bucketInvoiceHash, hash[:])
		if err != nil {
			return err
		}
		busy = known != nil
	}
	if busy {
		return fmt.Errorf("%w: an invoice with payment hash %v", ErrDuplicate, hash)
	}
	s.adding[hash] = struct{}{}
	return nil
}

func (s *Invoices) unreserve(hash lntypes.Hash) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.adding, hash)
}

// Lookup finds one by its hash.
func (s *Invoices) Lookup(hash lntypes.Hash) (Invoice, error) {
	v, err := loadInvoice(s.db, hash)
	if err != nil {
		return Invoice{}, err
	}
	s.expire(v)
	return *v, nil
}

// expire shows an open invoice past its expiry as canceled, which is how it is treated.
func (s *Invoices) expire(v *Invoice) {
	if v.State == InvoiceOpen && s.now().After(v.Created.Add(v.Expiry)) {
		v.State = InvoiceCanceled
	}
}

// Receive decides about an HTLC that ends here (BOLT 4, "Requirements" for the final
// node). The preimage is given only for HTLCs that carry the invoice's payment secret and
// together pay it in full, and never for one that is to be forwarded (CVE-2020-26896). What
// the payer may learn is always the same: incorrect_or_unknown_payment_details, so that
// nobody can probe which invoices exist.
func (s *Invoices) Receive(d *driver, h *htlc.HTLC, f finalHop) []job {
	p := s.part(d, h, f)
	v := s.judge(p)
	switch {
	case v.failure != nil:
		s.log.Info("payment refused", "hash", lntypes.Hash(h.Hash), "channel", d.id, "htlc", h.ID,
			"amount", h.Amount, "failure", v.failure, "why", v.detail)
		if v.set != nil {
			s.failParts(v.set, v.failure, v.detail)
		}
		return []job{s.fail(p, v.failure, v.detail)}
	case v.again:
		return []job{s.fulfil(p, v.preimage)}
	case v.set == nil:
		return []job{{}} // held; the mark of its onion is written
	case v.set.accepted:
		s.accept(v.set)
		return []job{{}}
	}
	jobs, err := s.settle(v.set, p)
	if err != nil {
		s.log.Error("payment is not taken", "why", err)
	}
	return jobs
}

// part is an HTLC that ends here, with what the time is on its chain.
func (s *Invoices) part(d *driver, h *htlc.HTLC, f finalHop) *part {
	return &part{d: d, h: h, f: f, at: s.now(), times: s.times(d)}
}

// times are those of a channel's chain.
func (s *Invoices) times(d *driver) times {
	if d.token != nil {
		return d.token.times()
	}
	t := blockTimes(s.height())
	t.stale = s.stale.reason()
	return t
}

// asset is what an HTLC is in; zero is bitcoin.
func (p *part) asset() AssetID {
	if p.d.token == nil {
		return AssetID{}
	}
	return p.d.token.ID
}

// done ends what judge began, once it is durable.
func (s *Invoices) done(hash lntypes.Hash) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.release(hash)
	delete(s.recent, hash)
	s.notify(hash)
}

// release ends a claim; s.mu is held.
func (s *Invoices) release(hash lntypes.Hash) {
	if claim := s.settling[hash]; claim != nil {
		close(claim)
		delete(s.settling, hash)
	}
}

// lockIdle locks s.mu at a moment when nothing is being decided about an invoice.
func (s *Invoices) lockIdle(ctx context.Context, hash lntypes.Hash) error {
	for {
		s.mu.Lock()
		claim := s.settling[hash]
		if claim == nil {
			return nil
		}
		s.mu.Unlock()
		select {
		case <-claim:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// verdict is what becomes of an HTLC. Without any field it is held.
type verdict struct {
	failure  lnwire.FailureMessage // it is failed, and with it the set, if there is one
	detail   FailureDetail         // why, for our own eyes
	again    bool                  // its set was settled before
	preimage lntypes.Preimage
	set      *partSet // complete: accepted for a hold invoice, else to be settled
}

// judge finds the invoice that an HTLC pays, and claims it if its set is complete.
func (s *Invoices) judge(p *part) verdict {
	h, pay := p.h, p.f.Payload
	unknown := verdict{failure: lnwire.NewFailIncorrectDetails(h.Amount, p.now), detail: DetailUnknownInvoice}
	switch {
	case wrongAsset(p.d, pay) != "":
		return unknown
	case h.Expiry < pay.Expiry:
		return verdict{failure: lnwire.NewFinalIncorrectCltvExpiry(h.Expiry), detail: DetailNone}
	case h.Amount < pay.Amount:
		return verdict{failure: lnwire.NewFinalIncorrectHtlcAmount(h.Amount), detail: DetailNone}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.find(h.Hash)
	if err == nil && v.holds(p) {
		switch v.State {
		case InvoiceSettled:
			return verdict{again: true, preimage: v.Preimage}
		case InvoiceAccepted:
			s.rejoin(v, p)
			return verdict{}
		}
	}
	if p.times.stale != "" { // whether it expires in time can't be told
		return verdict{failure: &lnwire.FailTemporaryNodeFailure{}, detail: DetailNone}
	}
	if errors.Is(err, ErrNotFound) && pay.Keysend != nil {
		return s.spontaneous(p, unknown)
	}
	if err != nil {
		return unknown
	}
	s.expire(v)
	if unknown.detail = s.objection(v, p); unknown.detail != 0 {
		return unknown
	}
	return s.join(v, p, unknown)
}

// objection is why an HTLC doesn't pay an invoice, 0 if it does; s.mu is held.
func (s *Invoices) objection(v *Invoice, p *part) FailureDetail {
	h, pay := p.h, p.f.Payload
	_, busy := s.settling[h.Hash]
	switch {
	case v.State == InvoiceSettled:
		return DetailAlreadySettled
	case v.State == InvoiceCanceled:
		return DetailInvoiceCanceled
	case busy || v.State != InvoiceOpen:
		return DetailInvoiceNotOpen
	case pay.PaymentData == nil, pay.PaymentData.Secret != v.PaymentAddr:
		return DetailAddressMismatch
	case pay.PaymentData.Total < v.Amount:
		return DetailTotalTooLow
	case v.Amount > 0 && max(pay.PaymentData.Total, h.Amount) > 2*v.Amount:
		return DetailOverpaid
	case v.asset != p.asset():
		return DetailUnknownInvoice
	case uint64(h.Expiry) < uint64(p.now)+v.CLTVExpiry*uint64(p.tick):
		return DetailInvoiceExpiry
	}
	return 0
}

// fail fails a part with a reason for its sender.
func (s *Invoices) fail(p *part, m lnwire.FailureMessage, detail FailureDetail) job {
	return s.events.failing(failFinal(p.d, p.h, p.f, m), HTLCReceive, p.d, p.h, m.Code(), detail)
}

// fulfil gives the preimage for a part.
func (s *Invoices) fulfil(p *part, preimage lntypes.Preimage) job {
	return s.events.settling(job{in: htlc.Fulfill{ID: p.h.ID, Preimage: htlc.Preimage(preimage)}}, p.d, p.h, preimage)
}
