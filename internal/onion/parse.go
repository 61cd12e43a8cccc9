package onion

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"
)

// payloadError is a payload that BOLT 4 says to refuse: the record to blame
// and where it starts in the decrypted bytes, the length before the records
// included.
type payloadError struct {
	typ    uint64
	offset int
	why    string
}

func (e *payloadError) Error() string {
	return fmt.Sprintf("onion: payload record %d at byte %d: %s",
		e.typ, e.offset, e.why)
}

func (e *payloadError) failure() lnwire.FailureMessage {
	return lnwire.NewInvalidOnionPayload(e.typ, uint16(e.offset))
}

// splitPayload finds the records and the HMAC at the front of decrypted
// payloads. used counts the bytes that belong to this hop.
func splitPayload(in []byte) (records []byte, mac [macSize]byte, used int, err *payloadError) {
	length, prefix := readBigSize(in)
	switch {
	case prefix == 0:
		return nil, mac, 0, &payloadError{why: "length not readable"}
	case length < 2: // 0 was the fixed format of old, 1 is reserved
		return nil, mac, 0, &payloadError{why: "fixed-size format is gone"}
	case length > uint64(len(in)-prefix-macSize):
		return nil, mac, 0, &payloadError{why: "length beyond the onion"}
	}
	end := prefix + int(length)
	return in[prefix:end], [macSize]byte(in[end:]), end + macSize, nil
}

// parsePayload reads the records and checks that what the node's role needs is
// there and nothing that it must not be told. base is the offset of records.
func parsePayload(records []byte, base int, final bool) (*Payload, *payloadError) {
	var (
		p    Payload
		seen = map[uint64]int{}
		last uint64
	)
	for at := 0; at < len(records); {
		typ, n := readBigSize(records[at:])
		bad := func(why string) *payloadError {
			return &payloadError{typ: typ, offset: base + at, why: why}
		}
		if n == 0 {
			return nil, bad("type not readable")
		}
		if at > 0 && typ <= last {
			return nil, bad("types not ascending")
		}
		length, m := readBigSize(records[at+n:])
		if m == 0 {
			return nil, bad("length not readable")
		}
		rest := records[at+n+m:]
		if length > uint64(len(rest)) {
			return nil, bad("length beyond the payload")
		}
		if why := p.set(typ, rest[:length]); why != "" {
			return nil, bad(why)
		}
		seen[typ], last = base+at, typ
		at += n + m + int(length)
	}

	need, never := []uint64{typeAmount, typeExpiry}, []uint64{typeChannel}
	if !final {
		need = append(need, typeChannel)
		never = []uint64{typePaymentData, typeMetadata}
	}
	for _, typ := range need {
		if _, ok := seen[typ]; !ok {
			return nil, &payloadError{typ: typ, offset: base, why: "missing"}
		}
	}
	for _, typ := range never {
		if at, ok := seen[typ]; ok {
			return nil, &payloadError{typ: typ, offset: at, why: "not for this node"}
		}
	}
	return &p, nil
}

// set stores one record; why is empty unless it must be refused.
func (p *Payload) set(typ uint64, value []byte) (why string) {
	ok := true
	switch typ {
	case typeAmount:
		var n uint64
		n, ok = readTruncated(value, 8)
		p.Amount = lnwire.MilliSatoshi(n)

	case typeExpiry:
		var n uint64
		n, ok = readTruncated(value, 4)
		p.Expiry = uint32(n)

	case typeChannel:
		if ok = len(value) == 8; ok {
			p.Channel = lnwire.NewShortChanIDFromInt(
				binary.BigEndian.Uint64(value))
		}

	case typePaymentData:
		if ok = len(value) >= 32; ok {
			var total uint64
			total, ok = readTruncated(value[32:], 8)
			p.PaymentData = &PaymentData{
				Secret: [32]byte(value),
				Total:  lnwire.MilliSatoshi(total),
			}
		}

	case typeMetadata:
		p.Metadata = append([]byte{}, value...)

	case TypeAsset:
		if ok = len(value) == 32; ok {
			p.Asset = (*[32]byte)(bytes.Clone(value))
		}

	case typeKeysend:
		if ok = len(value) == 32; ok {
			preimage := [32]byte(value)
			p.Keysend = &preimage
		}

	default:
		switch {
		case typ >= FirstCustom:
			p.Custom = append(p.Custom, Record{typ, bytes.Clone(value)})
		case typ%2 == 0:
			return "not understood and even"
		}
	}
	if !ok {
		return "malformed value"
	}
	return ""
}
