package node

import (
	"context"
	"fmt"
	"iter"

	"github.com/lightningnetwork/lnd/lntypes"
)

// invoiceNews tells that an invoice was added, or that it changed.
type invoiceNews struct {
	hash  lntypes.Hash
	added bool
}

// SubscribeInvoices streams what becomes of all invoices.
func (n *Node) SubscribeInvoices(ctx context.Context, added, settled uint64) iter.Seq2[Invoice, error] {
	return func(yield func(Invoice, error) bool) {
		ch, leave, err := n.invoices.news.join()
		if err != nil {
			yield(Invoice{}, err)
			return
		}
		defer leave()
		f := n.invoices.follower(func(v *Invoice) bool { return yield(*v, nil) })
		if err = f.past(ctx, added, settled); err == nil && !f.left {
			var bad error
			err = follow(ctx, n.ctx, ch, func(e invoiceNews) bool {
				bad = f.heard(e)
				return bad == nil && !f.left
			})
			err = orElse(err, bad)
		}
		if err != nil && !f.left {
			yield(Invoice{}, err)
		}
	}
}

// overlap is how far below the newest index something may still become durable: the calls
// that can be under way at once.
const overlap = 10_000

// invoiceFollower hands invoices to one subscriber: those of the past, and then the news
// that aren't among them.
type invoiceFollower struct {
	s     *Invoices
	yield func(*Invoice) bool
	left  bool // the subscriber wants no more

	addedBefore, settledBefore uint64 // the newest indices when it came
	toldAdded, toldSettled     map[uint64]struct{}
}

func (s *Invoices) follower(yield func(*Invoice) bool) *invoiceFollower {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &invoiceFollower{
		s: s, yield: yield, addedBefore: s.added, settledBefore: s.settled,
		toldAdded: make(map[uint64]struct{}), toldSettled: make(map[uint64]struct{}),
	}
}

func (f *invoiceFollower) tell(v *Invoice) bool {
	f.left = !f.yield(v)
	return !f.left
}

// past tells of what was added and settled beyond the indices that aren't 0.
func (f *invoiceFollower) past(ctx context.Context, added, settled uint64) error {
	var bad error
	one := func(told map[uint64]struct{}, newest, index, at uint64) bool {
		var v *Invoice
		if v, bad = f.s.byIndex(at); bad == nil {
			bad = ctx.Err()
		}
		if bad != nil {
			return false
		}
		if index+overlap > newest {
			told[index] = struct{}{}
		}
		return f.tell(v)
	}
	if added > 0 {
		err := scanPage(f.s.db, bucketInvoices, added, false, func(i uint64) bool {
			return one(f.toldAdded, f.addedBefore, i, i)
		})
		if err = orElse(err, bad); err != nil || f.left {
			return err
		}
	}
	if settled > 0 {
		err := scanPage(f.s.db, bucketSettled, settled, false, func(i uint64) bool {
			var key []byte
			if key, bad = f.s.db.Get(bucketSettled, key64(i)); bad == nil && len(key) != 8 {
				bad = fmt.Errorf("node: settled invoice %d is stored with a key of %d bytes, needs 8", i, len(key))
			}
			return bad == nil && one(f.toldSettled, f.settledBefore, i, beUint64(key))
		})
		return orElse(err, bad)
	}
	return nil
}

// heard tells of news, unless it is old.
func (f *invoiceFollower) heard(e invoiceNews) error {
	v, err := f.s.Lookup(e.hash)
	if err != nil {
		return err
	}
	var old bool
	if e.added {
		_, old = f.toldAdded[v.AddIndex]
	} else {
		_, old = f.toldSettled[v.SettleIndex]
		old = old || v.State != InvoiceSettled
	}
	if !old {
		f.tell(&v)
	}
	return nil
}
