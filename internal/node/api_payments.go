package node

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/lightningnetwork/lnd/zpay32"

	"github.com/nichework/nwnd/internal/onion"
)

// Defaults of a payment, as lnd has them.
const (
	defaultPaymentTimeout = time.Minute
	maxPaymentTimeout     = 24 * time.Hour
	defaultCLTVLimit      = maxExpiryAhead
)

// SendPayment pays and streams what becomes of it. The payment goes on when the caller
// leaves.
func (n *Node) SendPayment(ctx context.Context, req SendPayment) iter.Seq2[Payment, error] {
	return func(yield func(Payment, error) bool) {
		hash, o, err := n.order(req)
		if err == nil {
			err = n.stale.err()
		}
		if err != nil {
			yield(Payment{}, err)
			return
		}
		p, err := n.payments.Start(hash, req.PaymentRequest, o)
		if err != nil {
			yield(Payment{}, err)
			return
		}
		if req.Cancelable {
			defer n.payments.cancelWith(ctx, p)()
		}
		n.follow(ctx, n.payments, p, req.OnlyFinalUpdate, yield)
	}
}

// TrackPayments streams what becomes of all payments: those in flight as they are now, and every
// change from now on.
func (n *Node) TrackPayments(ctx context.Context) iter.Seq2[Payment, error] {
	return func(yield func(Payment, error) bool) {
		ch, leave, err := n.payments.followers.join()
		if err == nil {
			defer leave()
			for _, v := range n.payments.inFlight() {
				if !yield(v, nil) {
					return
				}
			}
			err = follow(ctx, n.ctx, ch, func(v Payment) bool { return yield(v, nil) })
			if err == nil {
				return
			}
		}
		yield(Payment{}, err)
	}
}

// inFlight are the payments that have not ended, the oldest first.
func (s *Payments) inFlight() []Payment {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Payment, 0, len(s.flight))
	for _, index := range slices.Sorted(maps.Keys(s.flight)) {
		all = append(all, s.flight[index].snapshot())
	}
	return all
}

// TrackPayment streams what becomes of a payment made earlier.
func (n *Node) TrackPayment(ctx context.Context, hash lntypes.Hash) iter.Seq2[Payment, error] {
	return func(yield func(Payment, error) bool) {
		p, err := n.payments.find(hash)
		if err != nil {
			yield(Payment{}, err)
			return
		}
		n.follow(ctx, n.payments, p, false, yield)
	}
}

func (n *Node) follow(ctx context.Context, s *Payments, p *payment, onlyFinal bool, yield func(Payment, error) bool) {
	for {
		v, changed := s.watch(p)
		if changed == nil {
			yield(v, nil)
			return
		}
		if !onlyFinal && !yield(v, nil) {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			yield(Payment{}, ctx.Err())
			return
		case <-n.ctx.Done():
			yield(Payment{}, ErrStopped)
			return
		}
	}
}

// order turns a request into what the payment must do, or says what is wrong with it.
func (n *Node) order(req SendPayment) (lntypes.Hash, order, error) {
	return n.orderIn(AssetID{}, req)
}

// orderIn is order for an asset; an invoice may tell of which, if any but bitcoin is asked for.
func (n *Node) orderIn(asset AssetID, req SendPayment) (lntypes.Hash, order, error) {
	o := order{
		asset: asset, amount: req.Amount, feeLimit: req.FeeLimit, cltvLimit: req.CLTVLimit, finalDelta: req.FinalCLTVDelta,
		secret: req.PaymentAddr, hints: req.RouteHints, chans: req.OutgoingChans, lastHop: req.LastHop,
		maxShard: req.MaxShardSize, maxParts: 1, timePref: req.TimePref,
	}
	if splittable(req.Features) {
		o.maxParts = maxAttempts
	}
	hash := req.Hash
	switch {
	case req.PaymentRequest != "":
		inv, id, err := n.decodeIn(o.asset, req.PaymentRequest)
		if err != nil {
			return hash, o, err
		}
		o.asset = id
		if err := o.fromInvoice(inv, n.now()); err != nil {
			return hash, o, err
		}
		hash = *inv.PaymentHash
	case req.Destination == nil:
		return hash, o, fmt.Errorf("%w: neither a payment request nor a destination is given", ErrInvalid)
	default:
		o.dest = *req.Destination
		if unknown := lnwire.NewFeatureVector(req.Features, lnwire.Features).UnknownRequiredFeatures(); len(unknown) > 0 {
			return hash, o, fmt.Errorf("%w: the destination requires unknown features %v", ErrInvalid, unknown)
		}
	}
	if err := o.customRecords(hash, req.CustomRecords); err != nil {
		return hash, o, err
	}
	return hash, o, n.completeOrder(&o, req)
}

// splittable reports whether a recipient takes a payment in parts.
func splittable(f *lnwire.RawFeatureVector) bool {
	return f != nil && (f.IsSet(lnwire.MPPOptional) || f.IsSet(lnwire.MPPRequired))
}

const maxCustomBytes = 1000 // of records for the recipient; an onion holds 1300 in all

// customRecords takes what the recipient is told beyond the payment itself. The record of
// keysend is the preimage.
func (o *order) customRecords(hash lntypes.Hash, records map[uint64][]byte) error {
	size := 0
	for _, typ := range slices.Sorted(maps.Keys(records)) {
		value := records[typ]
		size += len(value) + 12
		switch {
		case typ == onion.TypeAsset:
			return fmt.Errorf("%w: custom record of type %d tells of assets, and is the node's to set", ErrInvalid, typ)
		case typ < onion.FirstCustom:
			return fmt.Errorf("%w: custom record of type %d; the first free one is %d", ErrInvalid, typ, onion.FirstCustom)
		case len(o.custom) >= maxCustomRecords || size > maxCustomBytes:
			return fmt.Errorf("%w: custom records of more than %d bytes", ErrInvalid, maxCustomBytes)
		case typ != KeysendRecord:
			o.custom = append(o.custom, onion.Record{Type: typ, Value: value})
			continue
		case len(value) != 32 || sha256.Sum256(value) != hash:
			return fmt.Errorf("%w: the keysend record must be the preimage of the payment hash", ErrInvalid)
		}
		preimage := [32]byte(value)
		o.keysend = &preimage
	}
	return nil
}

func (n *Node) completeOrder(o *order, req SendPayment) error {
	if o.dest == PubKey(n.self) && !req.AllowSelf {
		return fmt.Errorf("%w: self-payments are not allowed", ErrInvalid)
	}
	most := inBitcoin
	if o.asset != (AssetID{}) {
		t, err := n.token(o.asset)
		if err != nil {
			return err
		}
		most = t.invoices()
	}
	if o.finalDelta == 0 {
		o.finalDelta = uint32(most.usual)
	}
	if o.cltvLimit == 0 {
		o.cltvLimit = defaultCLTVLimit
	}
	timeout := req.Timeout
	if timeout <= 0 {
		timeout = defaultPaymentTimeout
	}
	switch {
	case o.secret == nil || o.keysend != nil: // parts couldn't be told from others'
		o.maxParts = 1
	case req.MaxParts == 0:
		o.maxParts = min(o.maxParts, defaultMaxParts)
	default:
		o.maxParts = min(o.maxParts, req.MaxParts)
	}
	o.deadline = n.now().Add(min(timeout, maxPaymentTimeout)).UnixNano()
	hops := 0
	for _, h := range o.hints {
		hops += len(h) + 1
	}
	switch {
	case max(len(o.chans), hops) > maxHintHops: // what a record holds
		return fmt.Errorf("%w: %d outgoing channels and %d hint hops, at most %d of each", ErrInvalid, len(o.chans), hops, maxHintHops)
	case o.amount == 0:
		return fmt.Errorf("%w: amount must be more than zero", ErrInvalid)
	case o.amount > most.most:
		return fmt.Errorf("%w: amount of %d thousandths is more than there can be, %d", ErrInvalid, uint64(o.amount), uint64(most.most))
	case o.maxShard > 0 && o.keysend != nil:
		return fmt.Errorf("%w: keysend payments cannot specify a max shard amount - MPP not supported with keysend payments", ErrInvalid)
	case o.maxShard > 0 && (o.amount-1)/o.maxShard >= lnwire.MilliSatoshi(o.maxParts):
		return fmt.Errorf("%w: payment amount %v exceeds what max_parts=%d and max_shard_size_msat=%d can carry",
			ErrInvalid, o.amount, o.maxParts, uint64(o.maxShard))
	case o.finalDelta > o.cltvLimit:
		return fmt.Errorf("%w: cltv limit %d is less than the final delta %d", ErrInvalid, o.cltvLimit, o.finalDelta)
	}
	return nil
}

// fromInvoice takes what the invoice says; the request's amount counts only where the
// invoice has none.
func (o *order) fromInvoice(inv *zpay32.Invoice, now time.Time) error {
	if end := inv.Timestamp.Add(inv.Expiry()); now.After(end) {
		return fmt.Errorf("%w: invoice expired %v ago, at %v", ErrInvalid, now.Sub(end).Round(time.Second),
			end.UTC().Format(time.RFC3339))
	}
	if inv.MilliSat != nil {
		if o.amount != 0 && o.amount != *inv.MilliSat {
			return fmt.Errorf("%w: amount %v is given, but the invoice asks for %v", ErrInvalid, o.amount, *inv.MilliSat)
		}
		o.amount = *inv.MilliSat
	} else if o.amount == 0 {
		return fmt.Errorf("%w: amount must be specified when paying a zero amount invoice", ErrInvalid)
	}
	if inv.Features != nil {
		if unknown := inv.Features.UnknownRequiredFeatures(); len(unknown) > 0 {
			return fmt.Errorf("%w: invoice requires unknown features %v", ErrInvalid, unknown)
		}
		if splittable(inv.Features.RawFeatureVector) {
			o.maxParts = maxAttempts
		}
	}
	inv.PaymentAddr.WhenSome(func(a [32]byte) { o.secret = &a })
	if o.secret == nil {
		return fmt.Errorf("%w: invoice has no payment secret; ask its issuer for a new one", ErrInvalid)
	}
	o.dest = PubKey(inv.Destination.SerializeCompressed())
	o.finalDelta = uint32(inv.MinFinalCLTVExpiry())
	o.metadata = inv.Metadata
	for _, route := range inv.RouteHints {
		o.hints = append(o.hints, hintsOf(route))
	}
	return nil
}

const maxPage = 10_000 // rows of one answer

// ListPayments gives a page. Rows are read until the page is full, and outside the time that
// is asked for hardly any.
func (n *Node) ListPayments(ctx context.Context, req ListPayments) (PaymentPage, error) {
	return n.payments.page(ctx, req)
}

func (s *Payments) page(ctx context.Context, req ListPayments) (PaymentPage, error) {
	var page PaymentPage
	var bad error
	most := req.Max
	if most == 0 || most > maxPage {
		most = maxPage
	}
	w := window{s.db, bucketPayments, req.After, req.Before, s.created}
	offset, err := w.begin(req.Offset, req.Reversed)
	if err != nil {
		return PaymentPage{}, err
	}
	err = scanPage(s.db, bucketPayments, offset, req.Reversed, func(index uint64) bool {
		var v Payment
		var wanted bool
		if !w.open() {
			var made time.Time
			if made, bad = s.created(index); bad != nil || w.ends(made, req.Reversed) {
				return false
			}
		}
		if wanted, bad = s.wanted(index, &req); bad != nil || !wanted {
			return bad == nil && ctx.Err() == nil
		}
		if v, bad = s.byIndex(index); bad != nil {
			return false
		}
		if !inWindow(v.Created, req.After, req.Before) || !req.IncludeIncomplete && v.Status != PaymentSucceeded {
			return ctx.Err() == nil
		}
		page.Payments = append(page.Payments, v)
		return uint64(len(page.Payments)) < most && ctx.Err() == nil
	})
	if err = errors.Join(err, bad, ctx.Err()); err != nil {
		return PaymentPage{}, err
	}
	if req.Reversed {
		reverse(page.Payments)
	}
	if k := len(page.Payments); k > 0 {
		page.FirstOffset, page.LastOffset = page.Payments[0].Index, page.Payments[k-1].Index
	}
	if req.CountTotal {
		page.Total, err = lastIndex(s.db, bucketPayments)
	}
	return page, err
}

// created is when a payment was begun.
func (s *Payments) created(index uint64) (time.Time, error) {
	said, err := s.db.Get(bucketPayments, key64(index))
	if err != nil {
		return time.Time{}, err
	}
	p, err := decodePayment(index, said)
	if err != nil {
		return time.Time{}, err
	}
	return p.Created, nil
}

// wanted reports whether a payment may be on the page. Of one that isn't, a record or two are read,
// not all its attempts.
func (s *Payments) wanted(index uint64, req *ListPayments) (bool, error) {
	s.mu.Lock()
	_, flies := s.flight[index]
	s.mu.Unlock()
	if flies {
		return true, nil // what it is now is in memory
	}
	key := key64(index)
	if !req.IncludeIncomplete {
		var v Payment
		end, err := s.db.Get(bucketPaymentEnd, key)
		if err == nil && end != nil {
			err = decodePaymentEnd(&v, end)
		}
		if err != nil || v.Status != PaymentSucceeded {
			return false, err
		}
	}
	if req.After.IsZero() && req.Before.IsZero() {
		return true, nil
	}
	said, err := s.db.Get(bucketPayments, key)
	if err != nil {
		return false, err
	}
	p, err := decodePayment(index, said)
	return err == nil && inWindow(p.Created, req.After, req.Before), err
}

// byIndex is a payment's state now.
func (s *Payments) byIndex(index uint64) (Payment, error) {
	s.mu.Lock()
	if p := s.flight[index]; p != nil {
		defer s.mu.Unlock()
		return p.snapshot(), nil
	}
	s.mu.Unlock()
	p, err := loadPayment(s.db, index)
	if err != nil {
		return Payment{}, err
	}
	return p.snapshot(), nil
}

// pageChunk is how many keys are read before their records are: a record is read outside
// the scan, which holds the store.
const pageChunk = 256

// scanPage walks indices beyond offset until visit says stop. Offset 0 reversed begins at
// the last.
func scanPage(db reader, bucket string, offset uint64, reversed bool, visit func(uint64) bool) error {
	if offset == math.MaxUint64 && !reversed {
		return nil // nothing is behind it
	}
	for {
		from := key64(offset + 1)
		if reversed {
			if offset == 1 {
				return nil
			}
			from = key64(offset - 1) // 0 wraps to the greatest
		}
		var chunk []uint64
		err := db.Scan(bucket, from, reversed, func(k, _ []byte) bool {
			chunk = append(chunk, beUint64(k))
			return len(chunk) < pageChunk
		})
		if err != nil {
			return err
		}
		for _, index := range chunk {
			if !visit(index) {
				return nil
			}
		}
		if len(chunk) < pageChunk {
			return nil
		}
		offset = chunk[len(chunk)-1]
	}
}

func inWindow(t, after, before time.Time) bool {
	return (after.IsZero() || !t.Before(after)) && (before.IsZero() || !t.After(before))
}

func reverse[T any](s []T) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}
