package htlc

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/lightningnetwork/lnd/lnwire"
)

// The types of our messages, in the range that BOLT 1 leaves to custom ones. They are odd, and are
// sent only to a peer that has the feature.
const (
	MsgUpdateDeposit  lnwire.MessageType = 40961
	MsgUpdateWithdraw lnwire.MessageType = 40963
	MsgWithdrawSigned lnwire.MessageType = 40965
)

// UpdateDeposit (update_deposit) says what its sender has put into the channel on chain, in all and
// final, in units: an update of both commitments, like update_fee.
type UpdateDeposit struct {
	ChanID lnwire.ChannelID
	Total  Sat
}

// UpdateWithdraw (update_withdraw) says what its sender wants paid out of the channel, in all, in
// units: an update of both commitments, like update_fee.
type UpdateWithdraw struct {
	ChanID lnwire.ChannelID
	Total  Sat
}

// WithdrawSigned (withdraw_signed) is its sender's signature on what the channel has paid out to both,
// in all, in units. A is the opener.
type WithdrawSigned struct {
	ChanID         lnwire.ChannelID
	TotalA, TotalB Sat
	Signature      lnwire.Sig
}

var (
	_ lnwire.Message = (*UpdateDeposit)(nil)
	_ lnwire.Message = (*UpdateWithdraw)(nil)
	_ lnwire.Message = (*WithdrawSigned)(nil)
)

// MsgType is MsgUpdateDeposit.
func (*UpdateDeposit) MsgType() lnwire.MessageType { return MsgUpdateDeposit }

// MsgType is MsgUpdateWithdraw.
func (*UpdateWithdraw) MsgType() lnwire.MessageType { return MsgUpdateWithdraw }

// MsgType is MsgWithdrawSigned.
func (*WithdrawSigned) MsgType() lnwire.MessageType { return MsgWithdrawSigned }

// Encode writes channel_id (32) and the total (8).
func (m *UpdateDeposit) Encode(w *bytes.Buffer, _ uint32) error {
	return put(w, m.ChanID, nil, m.Total)
}

// Encode writes channel_id (32) and the total (8).
func (m *UpdateWithdraw) Encode(w *bytes.Buffer, _ uint32) error {
	return put(w, m.ChanID, nil, m.Total)
}

// Encode writes channel_id (32), both totals (8 each) and the signature (64).
func (m *WithdrawSigned) Encode(w *bytes.Buffer, _ uint32) error {
	return put(w, m.ChanID, m.Signature.RawBytes(), m.TotalA, m.TotalB)
}

// Decode reads what Encode wrote. More bytes behind it are ignored.
func (m *UpdateDeposit) Decode(r io.Reader, _ uint32) error {
	return take(r, &m.ChanID, nil, &m.Total)
}

// Decode reads what Encode wrote. More bytes behind it are ignored.
func (m *UpdateWithdraw) Decode(r io.Reader, _ uint32) error {
	return take(r, &m.ChanID, nil, &m.Total)
}

// Decode reads what Encode wrote. More bytes behind it are ignored.
func (m *WithdrawSigned) Decode(r io.Reader, _ uint32) error {
	var raw [64]byte
	if err := take(r, &m.ChanID, raw[:], &m.TotalA, &m.TotalB); err != nil {
		return err
	}
	var err error
	m.Signature, err = lnwire.NewSigFromWireECDSA(raw[:])
	return err
}

func put(w *bytes.Buffer, id lnwire.ChannelID, tail []byte, totals ...Sat) error {
	w.Write(id[:])
	for _, t := range totals {
		w.Write(binary.BigEndian.AppendUint64(nil, uint64(t)))
	}
	w.Write(tail)
	return nil
}

// take reads the fields. Amounts beyond MaxCapacity are refused here: behind it they could wrap.
func take(r io.Reader, id *lnwire.ChannelID, tail []byte, totals ...*Sat) error {
	if _, err := io.ReadFull(r, id[:]); err != nil {
		return fmt.Errorf("htlc: message too short: %w", err)
	}
	for _, t := range totals {
		var b [8]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return fmt.Errorf("htlc: message too short: %w", err)
		}
		n := binary.BigEndian.Uint64(b[:])
		if n > uint64(MaxCapacity) {
			return fmt.Errorf("htlc: total of %d units, at most %d", n, MaxCapacity)
		}
		*t = Sat(n)
	}
	if _, err := io.ReadFull(r, tail); err != nil {
		return fmt.Errorf("htlc: message too short: %w", err)
	}
	return nil
}

// CustomChannel is the channel that a custom message is for; ok is false if it is none of ours.
func CustomChannel(m *lnwire.Custom) (id lnwire.ChannelID, ok bool) {
	if !IsCustom(m.Type) || len(m.Data) < len(id) {
		return id, false
	}
	return lnwire.ChannelID(m.Data[:len(id)]), true
}

// IsCustom reports whether a type is that of one of our messages.
func IsCustom(t lnwire.MessageType) bool { return newCustom(t) != nil }

func newCustom(t lnwire.MessageType) lnwire.Message {
	switch t {
	case MsgUpdateDeposit:
		return &UpdateDeposit{}
	case MsgUpdateWithdraw:
		return &UpdateWithdraw{}
	case MsgWithdrawSigned:
		return &WithdrawSigned{}
	}
	return nil
}

// parseCustom reads one of our messages out of what lnwire doesn't know.
func parseCustom(m *lnwire.Custom) (lnwire.Message, error) {
	msg := newCustom(m.Type)
	if msg == nil {
		return nil, warn("custom message of type %d", m.Type)
	}
	if err := msg.Decode(bytes.NewReader(m.Data), 0); err != nil {
		return nil, fail("custom message of type %d: %w", m.Type, err)
	}
	return msg, nil
}
