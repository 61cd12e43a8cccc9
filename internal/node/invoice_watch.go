package node

import (
	"context"
	"iter"

	"github.com/lightningnetwork/lnd/lntypes"
)

// invoiceWatch wakes those who follow one invoice.
type invoiceWatch struct {
	followers int
	changed   chan struct{}
}

// watch is closed at the next change of an invoice; done must be called.
func (s *Invoices) watch(hash lntypes.Hash) (changed <-chan struct{}, done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.watchers[hash]
	if w == nil {
		w = &invoiceWatch{changed: make(chan struct{})}
		s.watchers[hash] = w
	}
	w.followers++
	return w.changed, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if w.followers--; w.followers == 0 && s.watchers[hash] == w {
			delete(s.watchers, hash)
		}
	}
}

// notify wakes the followers of an invoice; s.mu is held.
func (s *Invoices) notify(hash lntypes.Hash) {
	s.news.tell(invoiceNews{hash: hash})
	if w := s.watchers[hash]; w != nil {
		close(w.changed)
		delete(s.watchers, hash)
	}
}

// SubscribeInvoice streams where one invoice stands, first as it is now. It ends only with
// its context or the node, as lnd's does.
func (n *Node) SubscribeInvoice(ctx context.Context, hash lntypes.Hash) iter.Seq2[Invoice, error] {
	return n.followInvoice(ctx, n.invoices, hash)
}

func (n *Node) followInvoice(ctx context.Context, s *Invoices, hash lntypes.Hash) iter.Seq2[Invoice, error] {
	return func(yield func(Invoice, error) bool) {
		for last := InvoiceState(255); ; {
			changed, done := s.watch(hash)
			v, err := s.Lookup(hash)
			if err != nil {
				done()
				yield(Invoice{}, err)
				return
			}
			if v.State != last && !yield(v, nil) {
				done()
				return
			}
			last = v.State
			select {
			case <-changed:
			case <-ctx.Done():
				err = ctx.Err()
			case <-n.ctx.Done():
				err = ErrStopped
			}
			done()
			if err != nil {
				yield(Invoice{}, err)
				return
			}
		}
	}
}
