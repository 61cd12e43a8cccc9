package node

import (
	"context"
	"errors"
	"fmt"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
)

// hold reports whether the preimage isn't ours to give yet.
func (v *Invoice) hold() bool { return v.Preimage.Hash() != v.Hash }

// accept makes it durable that a hold invoice's set is complete. From then on its HTLCs are
// held, over restarts too, until SettleInvoice, CancelInvoice or revealMargin.
func (s *Invoices) accept(set *partSet) {
	v := set.v
	v.State = InvoiceAccepted
	v.record(set, InvoiceHTLCAccepted)
	if err := s.append(channeldb.Batch{Puts: []channeldb.KV{
		{Bucket: bucketInvoiceState, Key: key64(v.AddIndex), Value: encodeInvoiceState(v)},
	}}); err != nil {
		s.log.Error("invoice can't be accepted: its record can't be written", "hash", v.Hash, "err", err)
		return // the store has failed and the node stops
	}
	s.log.Info("hold invoice is accepted", "hash", v.Hash, "amount", set.sum, "parts", len(set.parts))
	s.done(v.Hash)
}

// restored says that the channels have repeated all that they hold.
func (s *Invoices) restored() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.restoring = false
}

// rejoin takes an HTLC of an accepted invoice back after a restart; s.mu is held.
func (s *Invoices) rejoin(v *Invoice, p *part) {
	set := s.sets[v.Hash]
	if set == nil {
		set = &partSet{v: v, total: p.f.Payload.PaymentData.Total, accepted: true}
		s.sets[v.Hash] = set
	}
	if !set.has(p) {
		set.parts, set.sum = append(set.parts, p), set.sum+p.h.Amount
	}
}

// Returned takes an HTLC of a stopped channel back if it is among those recorded: it is held again, or
// gets its preimage, which stays in the channel until that is resolved on chain.
func (s *Invoices) Returned(d *driver, h *htlc.HTLC, f finalHop) []job {
	p := s.part(d, h, f)
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.find(h.Hash)
	if err != nil || !v.holds(p) {
		return nil
	}
	switch v.State {
	case InvoiceSettled:
		return []job{s.fulfil(p, v.Preimage)}
	case InvoiceAccepted:
		s.rejoin(v, p)
	}
	return nil
}

// Settle gives the preimage of a hold invoice whose HTLCs are all there. Settling one that
// is settled is no error.
func (s *Invoices) Settle(ctx context.Context, preimage lntypes.Preimage) error {
	hash := preimage.Hash()
	set, err := s.claimHeld(ctx, preimage)
	if err != nil || set == nil {
		return err
	}
	switch why := set.blind(s.times); {
	case why != "":
		s.mu.Lock()
		s.release(hash)
		s.mu.Unlock()
		return fmt.Errorf("%w: invoice %v can't be settled now, whether its HTLCs expire soon can't be told: %s", ErrNotReady, hash, why)
	case set.tooClose(s.times):
		s.mu.Lock()
		s.release(hash)
		s.mu.Unlock()
		return errors.Join(fmt.Errorf("%w: invoice %v can't be settled: an HTLC of it has too little time left before its expiry; it is canceled",
			ErrInvalid, hash), s.Cancel(ctx, hash))
	}
	s.mu.Lock()
	s.close(set)
	s.settled++
	set.v.SettleIndex, set.v.Preimage = s.settled, preimage
	s.mu.Unlock()
	_, err = s.settle(set, nil)
	return err
}

// claimHeld marks an accepted invoice as settling; nil if it is settled already.
func (s *Invoices) claimHeld(ctx context.Context, preimage lntypes.Preimage) (*partSet, error) {
	hash := preimage.Hash()
	if err := s.lockIdle(ctx, hash); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	v, err := loadInvoice(s.db, hash)
	if err != nil {
		return nil, err
	}
	set := s.sets[hash]
	switch {
	case v.State == InvoiceSettled:
		return nil, nil
	case v.State == InvoiceCanceled:
		return nil, fmt.Errorf("%w: invoice %v is already canceled", ErrInvalid, hash)
	case v.State != InvoiceAccepted:
		return nil, fmt.Errorf("%w: invoice %v is still open: no HTLCs are held for it", ErrInvalid, hash)
	case s.restoring:
		return nil, fmt.Errorf("%w: the HTLCs of invoice %v are still being read", ErrNotReady, hash)
	case set == nil || len(set.parts) != len(v.HTLCs):
		return nil, fmt.Errorf("%w: %d of %d HTLCs of invoice %v are gone with their channels, and %v would be paid of %v; it can only be canceled",
			ErrInvalid, len(v.HTLCs)-set.size(), len(v.HTLCs), hash, set.value(), v.AmountPaid)
	}
	s.settling[hash] = make(chan struct{})
	set.v = v
	return set, nil
}

// Cancel fails the HTLCs of an invoice, if any are held, and takes no more. Canceling one
// that is canceled is no error.
func (s *Invoices) Cancel(ctx context.Context, hash lntypes.Hash) error {
	v, set, err := s.claimCancel(ctx, hash)
	if err != nil || v == nil {
		return err
	}
	v.State = InvoiceCanceled
	for i := range v.HTLCs {
		v.HTLCs[i].State, v.HTLCs[i].Resolved = InvoiceHTLCCanceled, s.now()
	}
	v.AmountPaid = 0
	if err := s.append(channeldb.Batch{Puts: []channeldb.KV{
		{Bucket: bucketInvoiceState, Key: key64(v.AddIndex), Value: encodeInvoiceState(v)},
	}}); err != nil {
		return err
	}
	s.done(hash)
	if set != nil {
		for _, p := range set.parts {
			p.d.post(s.fail(p, lnwire.NewFailIncorrectDetails(p.h.Amount, s.times(p.d).now), DetailInvoiceCanceled))
		}
	}
	return nil
}

func (s *Invoices) claimCancel(ctx context.Context, hash lntypes.Hash) (*Invoice, *partSet, error) {
	if err := s.lockIdle(ctx, hash); err != nil {
		return nil, nil, err
	}
	defer s.mu.Unlock()
	v, err := loadInvoice(s.db, hash)
	if err != nil {
		return nil, nil, err
	}
	_, adding := s.adding[hash]
	switch {
	case adding: // to be canceled it must first be known to be there
		return nil, nil, fmt.Errorf("%w: invoice %v is still being added", ErrBusy, hash)
	case v.State == InvoiceCanceled:
		return nil, nil, nil
	case v.State == InvoiceSettled:
		return nil, nil, fmt.Errorf("%w: invoice %v is already settled", ErrInvalid, hash)
	}
	s.settling[hash] = make(chan struct{})
	set := s.sets[hash]
	if set != nil {
		s.close(set)
	}
	return v, set, nil
}

// block cancels accepted invoices whose HTLCs come too close to their expiry.
func (s *Invoices) block(ctx context.Context) {
	s.mu.Lock()
	var late []lntypes.Hash
	for hash, set := range s.sets {
		if set.accepted && set.tooClose(s.times) {
			late = append(late, hash)
		}
	}
	s.mu.Unlock()
	for _, hash := range late {
		s.log.Warn("hold invoice is canceled: an HTLC of it is about to expire", "hash", hash)
		if err := s.Cancel(ctx, hash); err != nil && ctx.Err() == nil && !errors.Is(err, channeldb.ErrClosed) {
			s.log.Error("hold invoice can't be canceled", "hash", hash, "err", err)
		}
	}
}
