package peer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"
)

// ErrUnknownEven says that a peer sent a message which it must only send to
// nodes that understand it (BOLT 1, "Lightning Message Format").
var ErrUnknownEven = errors.New("peer: unknown message of even type")

// isGossip says that a type is BOLT 7's and not about the peer's own channel.
func isGossip(typ lnwire.MessageType) bool {
	return typ >= lnwire.MsgChannelAnnouncement &&
		typ <= lnwire.MsgGossipTimestampRange &&
		typ != lnwire.MsgAnnounceSignatures
}

// decode reads one message. It answers nil and no error for what is to be
// ignored: unknown odd types, and gossip that doesn't decode, since it may be
// another's fault than the peer's: else whoever finds bytes that other
// implementations relay and ours can't read cuts us off from all of them.
func decode(raw []byte, understands func(lnwire.MessageType) bool) (msg lnwire.Message, err error) {
	if len(raw) < 2 {
		return nil, fmt.Errorf("peer: message of %d bytes has no type", len(raw))
	}
	typ := lnwire.MessageType(binary.BigEndian.Uint16(raw))
	if _, err := lnwire.MakeEmptyMessage(typ); err != nil ||
		typ >= lnwire.CustomTypeStart && !understands(typ) {

		if typ%2 == 0 {
			return nil, fmt.Errorf("%w %d", ErrUnknownEven, typ)
		}
		return nil, nil
	}
	gossip := isGossip(typ)
	if gossip && compressed(typ, raw[2:]) {
		return nil, nil
	}

	defer func() {
		// What a peer sends must never end the process, whatever a
		// library makes of it.
		if r := recover(); r != nil {
			msg, err = nil, fmt.Errorf("peer: message of type %d: %v", typ, r)
		}
	}()
	msg, err = lnwire.ReadMessage(bytes.NewReader(raw), 0)
	switch {
	case err == nil:
		return msg, nil
	case gossip:
		return nil, nil
	default:
		return nil, fmt.Errorf("peer: message of type %d: %w", typ, err)
	}
}

// compressed says that a list of channel ids uses zlib, which BOLT 7 has
// withdrawn: 65 kB of it decompress to 67 MB.
func compressed(typ lnwire.MessageType, body []byte) bool {
	var at int
	switch typ {
	case lnwire.MsgQueryShortChanIDs:
		at = 32 + 2 // chain_hash, len
	case lnwire.MsgReplyChannelRange:
		at = 32 + 4 + 4 + 1 + 2 // chain_hash, first, number, complete, len
	default:
		return false
	}
	const zlib = 1
	return len(body) > at && body[at] == zlib
}
