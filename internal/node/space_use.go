package node

import (
	"github.com/nichework/nwnd/htlc"
)

// inTokens are the invoices and payments in tokens.
type inTokens struct {
	*Invoices
	*Payments
}

func (n *Node) newInvoices(in space, sign func(*invoiceDraft) (string, error)) (*Invoices, error) {
	s, err := newInvoices(in.reader(n.db), in.append(n.db.Append), n.log.With("part", "invoices"), n.now, n.height, sign)
	if err != nil {
		return nil, err
	}
	s.space, s.stale, s.events, s.restoring = in, n.stale, n.htlcs, true
	if n.cfg.after != nil {
		s.after = n.cfg.after
	}
	return s, nil
}

func (n *Node) newPayments(in space) (*Payments, error) {
	s, err := newPayments(n.ctx, &n.wg, in.reader(n.db), in.append(n.db.Append), n.log.With("part", "payments"), n.now, n.routes)
	if err != nil {
		return nil, err
	}
	s.space, s.events = in, n.htlcs
	if n.cfg.after != nil {
		s.after = n.cfg.after
	}
	return s, nil
}

// receivers are who takes HTLCs that end here: of channels in bitcoin, and in tokens.
type receivers struct{ bitcoin, tokens receiver }

func (r receivers) of(d *driver) receiver {
	if d.token != nil {
		return r.tokens
	}
	return r.bitcoin
}

func (r receivers) Receive(d *driver, h *htlc.HTLC, f finalHop) []job {
	return r.of(d).Receive(d, h, f)
}

func (r receivers) Returned(d *driver, h *htlc.HTLC, f finalHop) []job {
	return r.of(d).Returned(d, h, f)
}

// senders are who is told of HTLCs that began here.
type senders struct{ bitcoin, tokens sender }

func (s senders) of(d *driver) sender {
	if d.token != nil {
		return s.tokens
	}
	return s.bitcoin
}

func (s senders) Fulfilled(d *driver, h *htlc.HTLC, p htlc.Preimage) []job {
	return s.of(d).Fulfilled(d, h, p)
}

func (s senders) Failed(d *driver, f htlc.Failed) []job { return s.of(d).Failed(d, f) }

func (s senders) Refused(d *driver, ref htlc.Ref, err error) []job {
	return s.of(d).Refused(d, ref, err)
}
