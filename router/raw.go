package router

import (
	"bytes"
	"fmt"
	"io"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"
)

// RawMessage is a gossip message as its author signed it, byte for byte. lnwire's
// own Encode of a decoded channel_update drops TLVs that it does not know, which
// would break the signature at the next node; so relayed gossip goes out as this.
type RawMessage struct {
	Type    lnwire.MessageType
	Payload []byte // without the two bytes of type; shared, never written
}

var _ lnwire.Message = (*RawMessage)(nil)

// MsgType is the message's type on the wire.
func (m *RawMessage) MsgType() lnwire.MessageType { return m.Type }

// Encode writes the payload as it came.
func (m *RawMessage) Encode(w *bytes.Buffer, _ uint32) error {
	_, err := w.Write(m.Payload)
	return err
}

// Decode reads a payload to the end of r, which must not exceed a message's size.
func (m *RawMessage) Decode(r io.Reader, _ uint32) error {
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		return fmt.Errorf("router: raw message: %w", err)
	}
	if b.Len() > lnwire.MaxMsgBody {
		return fmt.Errorf("router: raw message has %d bytes, limit %d", b.Len(), lnwire.MaxMsgBody)
	}
	m.Payload = b.Bytes()
	return nil
}

// Raw freezes a gossip message as it was signed. One that goes to several peers must
// be sent like this: lnwire's Encode of a channel_update writes to the message.
func Raw(msg lnwire.Message) (*RawMessage, error) {
	var b []byte
	var err error
	switch m := msg.(type) {
	case *RawMessage:
		return m, nil
	case *lnwire.ChannelAnnouncement1:
		b, err = rawAnnouncement(m)
	case *lnwire.ChannelUpdate1:
		b, err = rawUpdate(m)
	case *lnwire.NodeAnnouncement1:
		b, err = rawNode(m)
	default:
		err = ErrNotGossip
	}
	if err != nil {
		return nil, fmt.Errorf("router: %T: %w", msg, err)
	}
	return &RawMessage{msg.MsgType(), b}, nil
}

// Parsed decodes the message.
func (m *RawMessage) Parsed() (lnwire.Message, error) {
	b := make([]byte, 2, 2+len(m.Payload))
	b[0], b[1] = byte(m.Type>>8), byte(m.Type)
	return lnwire.ReadMessage(bytes.NewReader(append(b, m.Payload...)), 0)
}

const sigSize = 64

// payloadOf lays a message out as its author signed it: signatures, then the
// signed part.
func payloadOf(sigs []lnwire.Sig, signed []byte) []byte {
	b := make([]byte, 0, len(sigs)*sigSize+len(signed))
	for i := range sigs {
		b = append(b, sigs[i].RawBytes()...)
	}
	return append(b, signed...)
}

// rawAnnouncement, rawUpdate and rawNode return a message's payload. The signed
// part starts at 256, 64 and 64 (BOLT 7).
func rawAnnouncement(m *lnwire.ChannelAnnouncement1) ([]byte, error) {
	if m.Features == nil {
		return nil, errNoFeatures
	}
	d, err := m.DataToSign()
	if err != nil {
		return nil, err
	}
	return payloadOf([]lnwire.Sig{m.NodeSig1, m.NodeSig2, m.BitcoinSig1, m.BitcoinSig2}, d), nil
}

func rawUpdate(m *lnwire.ChannelUpdate1) ([]byte, error) {
	d, err := m.DataToSign()
	if err != nil {
		return nil, err
	}
	return payloadOf([]lnwire.Sig{m.Signature}, d), nil
}

func rawNode(m *lnwire.NodeAnnouncement1) ([]byte, error) {
	if m.Features == nil {
		return nil, errNoFeatures
	}
	d, err := m.DataToSign()
	if err != nil {
		return nil, err
	}
	return payloadOf([]lnwire.Sig{m.Signature}, d), nil
}

// digest is what gossip signatures sign: the double SHA-256 of the signed part.
func digest(signed []byte) chainhash.Hash { return chainhash.DoubleHashH(signed) }
