package node

import (
	"github.com/lightningnetwork/lnd/lntypes"
)

// spontaneous makes an invoice for an HTLC that brings its preimage along (keysend), if
// this node takes such; s.mu is held. It is written with the fulfil.
func (s *Invoices) spontaneous(p *part, unknown verdict) verdict {
	preimage, data := lntypes.Preimage(*p.f.Payload.Keysend), p.f.Payload.PaymentData
	_, busy := s.settling[p.h.Hash]
	_, adding := s.adding[p.h.Hash]
	unknown.detail = DetailInvalidKeysend
	switch {
	case !s.keysend || busy || adding,
		preimage.Hash() != p.h.Hash,
		data != nil && data.Total > p.h.Amount, // it comes in one part
		p.d.token != nil, uint64(p.h.Expiry) < uint64(p.now)+minFinalDelta:
		return unknown
	}
	s.added++
	s.settled++
	v := &Invoice{
		Preimage: preimage, Hash: p.h.Hash, Amount: p.h.Amount, Created: p.at, Expiry: defaultInvoiceExpiry,
		CLTVExpiry: minFinalDelta, Keysend: true, AddIndex: s.added, SettleIndex: s.settled,
		Features: invoiceFeatures(),
	}
	total := p.h.Amount
	if data != nil {
		v.PaymentAddr, total = data.Secret, data.Total
	}
	s.settling[p.h.Hash] = make(chan struct{})
	return verdict{set: &partSet{v: v, total: total, sum: p.h.Amount, parts: []*part{p}}}
}
