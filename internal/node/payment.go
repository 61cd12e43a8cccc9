package node

import (
	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/internal/onion"
)

// payment is one in flight. Payments.mu guards what changes.
type payment struct {
	Payment
	order    order
	attempts []*attempt
	written  bool          // its record is on disk
	known    bool          // its preimage is, durable or not yet: no part is sent any more
	closed   bool          // it is no longer among the open ones on disk
	changed  chan struct{} // closed and replaced at every change, for those who watch
	outcome  chan outcome  // to the goroutine that runs it; room for every part that is out
	reason   FailureReason // of one whose routes are the caller's: no part is sent any more
	ending   bool          // it takes no part any more, whatever becomes of it
	canceled bool          // nothing more is tried
	ended    bool          // those who follow all payments were told how it ended
}

// attempt is one HTLC of a payment. Its id is the Ref that the HTLC carries.
type attempt struct {
	Attempt
	session [32]byte // session key of the onion, from which failures are read

	asset   AssetID // that it is in; zero: bitcoin
	own     bool    // its route is the caller's
	skip    bool    // that it fails on its way doesn't end its payment
	learnt  bool    // its end was taken into account
	handled bool    // whoever sent it may go on
}

// delivers is what an attempt brings to the recipient.
func (a *attempt) delivers() lnwire.MilliSatoshi { return a.Route.TotalAmount - a.Route.TotalFees }

// out counts the attempts that are in flight.
func (p *payment) out() (n int) {
	for _, a := range p.attempts {
		if a.Status == AttemptInFlight {
			n++
		}
	}
	return n
}

// left is what no attempt delivers yet, and what may be spent on fees for it; Payments.mu
// is held.
func (p *payment) left() (amount, fees lnwire.MilliSatoshi) {
	amount, fees = p.order.amount, p.order.feeLimit
	for _, a := range p.attempts {
		if a.Status != AttemptFailed {
			amount -= min(amount, a.delivers())
			fees -= min(fees, a.Route.TotalFees)
		}
	}
	return amount, fees
}

// fee is what a payment costs. Once its preimage is known, parts in flight count: the
// recipient can take them.
func (p *payment) fee() (sum lnwire.MilliSatoshi) {
	for _, a := range p.attempts {
		if a.Status == AttemptSucceeded || a.Status == AttemptInFlight && p.Status == PaymentSucceeded {
			sum += a.Route.TotalFees
		}
	}
	return sum
}

// outcome is what became of an attempt that was out.
type outcome struct {
	attempt *attempt
	failure *onion.Failure // what a node of the route said
	err     error          // a failure of our own
	settled bool
}

// snapshot is a copy for readers; Payments.mu is held.
//
// A payment whose preimage is known is shown as in flight while parts are out, as lnd does:
// what it cost is known only when they have ended.
func (p *payment) snapshot() Payment {
	v := p.Payment
	if v.Status == PaymentSucceeded && p.out() > 0 {
		v.Status = PaymentInFlight
	}
	v.Attempts = make([]Attempt, len(p.attempts))
	for i, a := range p.attempts {
		v.Attempts[i] = a.Attempt
	}
	return v
}

func (p *payment) find(id uint64) *attempt {
	for _, a := range p.attempts {
		if a.ID == id {
			return a
		}
	}
	return nil
}

func (p *payment) notify() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// keys are the secrets of an attempt's onion, derived again from its session key.
func (a *attempt) keys() (onion.Keys, error) {
	session, _ := btcec.PrivKeyFromBytes(a.session[:])
	nodes := make([]*btcec.PublicKey, len(a.Route.Hops))
	for i := range a.Route.Hops {
		key, err := btcec.ParsePubKey(a.Route.Hops[i].Node[:])
		if err != nil {
			return onion.Keys{}, err
		}
		nodes[i] = key
	}
	return onion.Rederive(session, nodes)
}

// beginPuts are the records that must be durable together with an attempt's HTLC.
func (p *payment) beginPuts(a *attempt) []channeldb.KV {
	puts := []channeldb.KV{put(bucketAttempts, key64(a.ID), encodeAttempt(a))}
	if p.written {
		return puts
	}
	key := key64(p.Index)
	return append(puts,
		put(bucketPayments, key, encodePayment(p)),
		put(bucketPaymentHash, p.Hash[:], key),
		put(bucketPaymentOpen, key, nil))
}

// endPuts are the records of a payment of which it is known how it ended. It stays among
// the open ones while parts of it are out.
func (p *payment) endPuts(closed bool) []channeldb.KV {
	key := key64(p.Index)
	puts := []channeldb.KV{put(bucketPaymentEnd, key, encodePaymentEnd(&p.Payment))}
	if closed {
		puts = append(puts, channeldb.KV{Bucket: bucketPaymentOpen, Key: key})
	}
	if !p.written { // nothing was ever sent; it is kept all the same, for the history
		puts = append(puts, put(bucketPayments, key, encodePayment(p)), put(bucketPaymentHash, p.Hash[:], key))
	}
	return puts
}

func satoshis(n uint64) btcutil.Amount { return btcutil.Amount(n) }
