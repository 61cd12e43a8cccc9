package htlc

import (
	"bytes"
	"encoding/binary"

	"github.com/lightningnetwork/lnd/lnwire"
)

// closed notes the close that both signed, and publishes it.
func (s *stepper) closed(fee Sat, ours, theirs lnwire.Sig) error {
	tx, err := s.c.format.CloseTx(s.c.params, s.c.close(fee), [2]lnwire.Sig{ours, theirs})
	if err != nil {
		return err
	}
	if !bytes.Equal(tx, s.c.life.closeTx) {
		if err := s.record(&closedFact{tx: tx}); err != nil {
			return err
		}
	}
	s.eff.Broadcast = append(s.eff.Broadcast, tx)
	return nil
}

// fundingSpent ends the channel: nothing can be agreed upon any more.
func (s *stepper) fundingSpent(in FundingSpent) error {
	if s.c.life.spent != nil {
		return nil
	}
	return s.record(&spentFact{FundingSpent: in})
}

// closedFact: both sides signed a cooperative close.
type closedFact struct{ tx []byte }

func (*closedFact) kind() factKind      { return factClosed }
func (f *closedFact) encode(e *encoder) { e.bytes(f.tx) }
func (f *closedFact) decode(d *decoder) { f.tx = d.bytes() }

func (f *closedFact) apply(s *stepper) error {
	s.c.life.closeTx = f.tx
	return nil
}

// spentFact: a spend of the funding output is final.
type spentFact struct{ FundingSpent }

func (*spentFact) kind() factKind      { return factSpent }
func (f *spentFact) encode(e *encoder) { e.fixed(f.TxID[:]); e.bool(f.Cooperative) }
func (f *spentFact) decode(d *decoder) { d.fixed(f.TxID[:]); f.Cooperative = d.bool() }

func (f *spentFact) apply(s *stepper) error {
	s.c.life.spent = &f.FundingSpent
	s.dropUnsigned()
	return nil
}

// RangedClosingSigned is closing_signed with BOLT 2's fee_range, which lnwire reads but
// does not write.
type RangedClosingSigned struct {
	*lnwire.ClosingSigned
	Min, Max Sat
}

const feeRangeType, feeRangeLen = 1, 16

// Encode writes the message with its fee_range TLV behind it.
func (m *RangedClosingSigned) Encode(w *bytes.Buffer, pver uint32) error {
	if err := m.ClosingSigned.Encode(w, pver); err != nil {
		return err
	}
	_, err := w.Write(m.feeRange())
	return err
}

// feeRange is the TLV stream with the range in it.
func (m *RangedClosingSigned) feeRange() []byte {
	tlv := []byte{feeRangeType, feeRangeLen}
	tlv = binary.BigEndian.AppendUint64(tlv, uint64(m.Min))
	return binary.BigEndian.AppendUint64(tlv, uint64(m.Max))
}

// feeRange reads the fee_range TLV; it is the stream's first record, having the lowest
// type in use.
func feeRange(msg *lnwire.ClosingSigned) (least, most Sat, ok bool) {
	b := msg.ExtraData
	if len(b) < 2+feeRangeLen || b[0] != feeRangeType || b[1] != feeRangeLen {
		return 0, 0, false
	}
	lo, hi := binary.BigEndian.Uint64(b[2:]), binary.BigEndian.Uint64(b[10:])
	const top = 1 << 62
	return Sat(min(lo, top)), Sat(min(hi, top)), true
}
