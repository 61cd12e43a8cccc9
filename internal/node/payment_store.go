package node

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/internal/onion"
)

// Buckets of payments, by index from 1. What a payment is, is written once with its first
// attempt; each attempt and the end are small records of their own.
const (
	bucketPayments     = "payments"         // index -> what was asked
	bucketPaymentEnd   = "payment_end"      // index -> how it ended
	bucketPaymentHash  = "payment_hash"     // payment_hash -> index of the latest
	bucketPaymentOpen  = "payment_open"     // index -> nothing; those in flight
	bucketAttempts     = "payment_attempts" // index, attempt -> route and session key
	bucketAttemptEnd   = "attempt_end"      // index, attempt -> outcome
	paymentVersion     = 4                  // 3 is of those in bitcoin, 2 knew no preference of time and no routes of the caller's, 1 neither parts nor keysend
	paymentEndVersion  = 1
	attemptVersion     = 1
	attemptOwnVersion  = 2 // its route is the caller's, so all of it is written
	attemptEndVersion  = 1
	attemptsPerPayment = 1 << 16
)

// order is what a payment must do: what is needed to try again after a restart.
type order struct {
	dest       PubKey
	secret     *[32]byte // payment_secret
	amount     lnwire.MilliSatoshi
	feeLimit   lnwire.MilliSatoshi
	finalDelta uint32
	cltvLimit  uint32
	deadline   int64 // unix nanoseconds; no attempt is begun after it
	hints      [][]HopHint
	chans      []lnwire.ShortChannelID
	lastHop    *PubKey
	metadata   []byte
	maxParts   uint32 // in flight at once; 1: it isn't split
	maxShard   lnwire.MilliSatoshi
	keysend    *[32]byte      // preimage, told to the last node
	custom     []onion.Record // for the last node, ascending
	timePref   float64        // -1 cheap .. 1 sure
	asset      AssetID        // zero: bitcoin
	byRoute    bool           // its routes are the caller's: nothing is tried that he doesn't send
}

// address says in a route what its last node is told.
func (o *order) address(route *Route) {
	last := &route.Hops[len(route.Hops)-1]
	last.Metadata = o.metadata
	if o.secret != nil {
		last.PaymentAddr, last.TotalAmount = o.secret, o.amount
	}
	if len(o.custom) == 0 && o.keysend == nil {
		return
	}
	last.CustomRecords = make(map[uint64][]byte, len(o.custom)+1)
	for _, c := range o.custom {
		last.CustomRecords[c.Type] = c.Value
	}
	if o.keysend != nil {
		last.CustomRecords[KeysendRecord] = o.keysend[:]
	}
}

func encodePayment(p *payment) []byte {
	version := byte(paymentVersion)
	if p.order.asset == (AssetID{}) {
		version--
	}
	w := newRecord(version)
	o := &p.order
	w.raw(p.Hash[:]).time(p.Created).bytes([]byte(p.PaymentRequest))
	w.raw(o.dest[:]).u64(uint64(o.amount)).u64(uint64(o.feeLimit))
	w.u32(o.finalDelta).u32(o.cltvLimit).u64(uint64(o.deadline))
	w.flag(o.secret != nil)
	if o.secret != nil {
		w.raw(o.secret[:])
	}
	w.u32(uint32(len(o.hints)))
	for _, route := range o.hints {
		w.u32(uint32(len(route)))
		for _, h := range route {
			w.raw(h.Node[:]).u64(h.SCID.ToUint64()).u32(h.BaseFee).u32(h.FeePPM).u32(uint32(h.CLTVDelta))
		}
	}
	w.u32(uint32(len(o.chans)))
	for _, c := range o.chans {
		w.u64(c.ToUint64())
	}
	w.flag(o.lastHop != nil)
	if o.lastHop != nil {
		w.raw(o.lastHop[:])
	}
	w.bytes(o.metadata).u32(o.maxParts).u64(uint64(o.maxShard)).flag(o.keysend != nil)
	if o.keysend != nil {
		w.raw(o.keysend[:])
	}
	w.u32(uint32(len(o.custom)))
	for _, c := range o.custom {
		w.u64(c.Type).bytes(c.Value)
	}
	w.u64(math.Float64bits(o.timePref)).flag(o.byRoute)
	if o.asset != (AssetID{}) {
		w.raw(o.asset[:])
	}
	return w.b
}

const maxCustomRecords = 100 // of one payment; an onion has room for fewer

const maxHintHops = 1000 // of all route hints of an invoice together

func decodePayment(index uint64, b []byte) (*payment, error) {
	version := versionOf(b, paymentVersion)
	r := openRecord(b, version)
	p := &payment{}
	o := &p.order
	p.Index = index
	p.Hash, p.Created, p.PaymentRequest = r.array32(), r.time(), string(r.bytes())
	o.dest, o.amount, o.feeLimit = r.array33(), lnwire.MilliSatoshi(r.u64()), lnwire.MilliSatoshi(r.u64())
	o.finalDelta, o.cltvLimit, o.deadline = r.u32(), r.u32(), int64(r.u64())
	if r.flag() {
		s := r.array32()
		o.secret = &s
	}
	for range bounded(r, maxHintHops) {
		route := make([]HopHint, bounded(r, maxHintHops))
		for i := range route {
			route[i] = HopHint{Node: r.array33(), SCID: lnwire.NewShortChanIDFromInt(r.u64()),
				BaseFee: r.u32(), FeePPM: r.u32(), CLTVDelta: uint16(r.u32())}
		}
		o.hints = append(o.hints, route)
	}
	for range bounded(r, maxHintHops) {
		o.chans = append(o.chans, lnwire.NewShortChanIDFromInt(r.u64()))
	}
	if r.flag() {
		n := r.array33()
		o.lastHop = &n
	}
	if m := r.bytes(); len(m) > 0 {
		o.metadata = bytes.Clone(m)
	}
	o.maxParts = 1
	if version > 1 {
		o.decodeParts(r)
	}
	if version > 2 {
		o.timePref, o.byRoute = math.Float64frombits(r.u64()), r.flag()
	}
	if version > 3 {
		o.asset = r.array32()
	}
	p.Amount = o.amount
	if err := r.done(); err != nil {
		return nil, fmt.Errorf("payment %d: %w", index, err)
	}
	return p, nil
}

// decodeParts reads what version 2 added.
func (o *order) decodeParts(r *recordReader) {
	o.maxParts, o.maxShard = r.u32(), lnwire.MilliSatoshi(r.u64())
	if r.flag() {
		k := r.array32()
		o.keysend = &k
	}
	for range bounded(r, maxCustomRecords) {
		o.custom = append(o.custom, onion.Record{Type: r.u64(), Value: bytes.Clone(r.bytes())})
	}
}

// bounded reads a count and refuses one that no record of ours can have.
func bounded(r *recordReader, most uint32) int {
	n := r.u32()
	if n > most {
		if r.err == nil {
			r.err = fmt.Errorf("node: stored record counts %d things, at most %d", n, most)
		}
		return 0
	}
	return int(n)
}

func encodeAttempt(a *attempt) []byte {
	version := byte(attemptVersion)
	if a.own {
		version = attemptOwnVersion
	}
	w := newRecord(version)
	w.raw(a.session[:]).time(a.Sent).u64(uint64(a.Route.TotalAmount)).u64(uint64(a.Route.TotalFees))
	w.u32(a.Route.TotalTimeLock).u32(uint32(len(a.Route.Hops)))
	for i := range a.Route.Hops {
		h := &a.Route.Hops[i]
		w.raw(h.Node[:]).u64(h.SCID.ToUint64()).u64(uint64(h.AmountToForward)).u64(uint64(h.Fee)).u32(h.Expiry)
		w.u64(uint64(h.Capacity))
		if a.own {
			h.encodePayload(w)
		}
	}
	return w.b
}

// encodePayload writes what a node is told beyond amount and expiry.
func (h *Hop) encodePayload(w *recordWriter) {
	w.bytes(h.Metadata).flag(h.PaymentAddr != nil)
	if h.PaymentAddr != nil {
		w.raw(h.PaymentAddr[:]).u64(uint64(h.TotalAmount))
	}
	w.custom(h.CustomRecords)
}

func (w *recordWriter) custom(all map[uint64][]byte) {
	w.u32(uint32(len(all)))
	for _, typ := range slices.Sorted(maps.Keys(all)) {
		w.u64(typ).bytes(all[typ])
	}
}

// custom is nil for no records.
func (r *recordReader) custom() map[uint64][]byte {
	n := bounded(r, maxCustomRecords)
	if n == 0 {
		return nil
	}
	all := make(map[uint64][]byte, n)
	for range n {
		typ := r.u64() // before the value, which stands behind it
		all[typ] = bytes.Clone(r.bytes())
	}
	return all
}

func (h *Hop) decodePayload(r *recordReader) {
	if m := r.bytes(); len(m) > 0 {
		h.Metadata = bytes.Clone(m)
	}
	if r.flag() {
		addr := r.array32()
		h.PaymentAddr, h.TotalAmount = &addr, lnwire.MilliSatoshi(r.u64())
	}
	h.CustomRecords = r.custom()
}

func decodeAttempt(id uint64, b []byte) (*attempt, error) {
	version := versionOf(b, attemptOwnVersion)
	r := openRecord(b, version)
	a := &attempt{session: r.array32(), own: version == attemptOwnVersion}
	a.ID, a.Sent = id, r.time()
	a.Route.TotalAmount, a.Route.TotalFees = lnwire.MilliSatoshi(r.u64()), lnwire.MilliSatoshi(r.u64())
	a.Route.TotalTimeLock = r.u32()
	for range bounded(r, 64) {
		a.Route.Hops = append(a.Route.Hops, Hop{Node: r.array33(), SCID: lnwire.NewShortChanIDFromInt(r.u64()),
			AmountToForward: lnwire.MilliSatoshi(r.u64()), Fee: lnwire.MilliSatoshi(r.u64()), Expiry: r.u32(),
			Capacity: satoshis(r.u64())})
		if a.own {
			a.Route.Hops[len(a.Route.Hops)-1].decodePayload(r)
		}
	}
	return a, r.done()
}

func encodeAttemptEnd(a *Attempt) []byte {
	w := newRecord(attemptEndVersion).u8(uint8(a.Status)).time(a.Resolved).raw(a.Preimage[:])
	w.flag(a.Failure != nil)
	if f := a.Failure; f != nil {
		var message bytes.Buffer
		if f.Message != nil && lnwire.EncodeFailureMessage(&message, f.Message, 0) != nil {
			message.Reset()
		}
		w.u32(f.SourceIndex).bytes(message.Bytes()).bytes([]byte(f.Internal))
	}
	return w.b
}

func decodeAttemptEnd(a *Attempt, b []byte) error {
	r := openRecord(b, attemptEndVersion)
	a.Status, a.Resolved, a.Preimage = AttemptStatus(r.u8()), r.time(), r.array32()
	if r.flag() {
		f := &AttemptFailure{SourceIndex: r.u32()}
		if raw := r.bytes(); len(raw) > 0 {
			if m, err := lnwire.DecodeFailureMessage(bytes.NewReader(raw), 0); err == nil {
				f.Message = m
			}
		}
		f.Internal = string(r.bytes())
		a.Failure = f
	}
	return r.done()
}

func encodePaymentEnd(p *Payment) []byte {
	return newRecord(paymentEndVersion).u8(uint8(p.Status)).u8(uint8(p.FailureReason)).raw(p.Preimage[:]).b
}

func decodePaymentEnd(p *Payment, b []byte) error {
	r := openRecord(b, paymentEndVersion)
	p.Status, p.FailureReason, p.Preimage = PaymentStatus(r.u8()), FailureReason(r.u8()), r.array32()
	return r.done()
}

// loadPayment reads one with its attempts. An attempt without an end is in flight.
func loadPayment(db reader, index uint64) (*payment, error) {
	key := key64(index)
	said, err := db.Get(bucketPayments, key)
	if err != nil {
		return nil, err
	}
	if said == nil {
		return nil, fmt.Errorf("%w: payment %d", ErrNotFound, index)
	}
	p, err := decodePayment(index, said)
	if err != nil {
		return nil, err
	}
	p.Status = PaymentInFlight
	if err := p.loadAttempts(db, key); err != nil {
		return nil, err
	}
	end, err := db.Get(bucketPaymentEnd, key)
	if err == nil && end != nil {
		err = decodePaymentEnd(&p.Payment, end)
	}
	p.Fee = p.fee()
	return p, err
}

func (p *payment) loadAttempts(db reader, key []byte) error {
	var bad error
	err := db.Scan(bucketAttempts, key64(p.Index*attemptsPerPayment), false, func(k, v []byte) bool {
		id := beUint64(k)
		if id/attemptsPerPayment != p.Index {
			return false
		}
		a, err := decodeAttempt(id, v)
		if err != nil {
			bad = fmt.Errorf("attempt %d of payment %d: %w", id%attemptsPerPayment, p.Index, err)
			return false
		}
		if len(a.Route.Hops) > 0 && !a.own {
			p.order.address(&a.Route)
		}
		p.attempts = append(p.attempts, a)
		return true
	})
	if err == nil {
		err = bad
	}
	if err != nil {
		return err
	}
	for _, a := range p.attempts {
		end, err := db.Get(bucketAttemptEnd, key64(a.ID))
		if err != nil {
			return err
		}
		if end == nil {
			continue
		}
		if err := decodeAttemptEnd(&a.Attempt, end); err != nil {
			return err
		}
		if a.Status == AttemptSucceeded {
			p.Preimage = a.Preimage
		}
	}
	return nil
}

// paymentByHash is the index of the latest payment of a hash; 0 if there is none.
func paymentByHash(db reader, hash lntypes.Hash) (uint64, error) {
	key, err := db.Get(bucketPaymentHash, hash[:])
	return beUint64(key), err
}

func put(bucket string, key, value []byte) channeldb.KV {
	if value == nil {
		value = []byte{}
	}
	return channeldb.KV{Bucket: bucket, Key: key, Value: value}
}
