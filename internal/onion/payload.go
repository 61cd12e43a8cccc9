package onion

import (
	"fmt"
	"slices"

	"github.com/lightningnetwork/lnd/lnwire"
)

// Types of the records of a hop payload (BOLT 4, "The tlv_payload format").
// Keysend is not in the BOLTs; all implementations use this type.
const (
	typeAmount      = 2
	typeExpiry      = 4
	typeChannel     = 6
	typePaymentData = 8
	typeMetadata    = 16
	typeKeysend     = 5482373484

	// TypeAsset is ours, and even: who forwards tokens must understand it.
	TypeAsset = 0x6e776e64

	// FirstCustom is the first type of the range free for applications.
	FirstCustom = 65536
)

// Payload is what one node of a route is told.
type Payload struct {
	// Amount to forward, or for the last node the amount it should receive.
	Amount lnwire.MilliSatoshi

	// Expiry is the block height of the outgoing HTLC, or for the last node
	// the least expiry its HTLC must have.
	Expiry uint32

	// Channel to forward over. Zero says that this node is the last.
	Channel lnwire.ShortChannelID

	// PaymentData proves to the last node that the sender saw the invoice.
	PaymentData *PaymentData

	// Metadata is the invoice's payment_metadata, for the last node.
	Metadata []byte

	// Keysend is the preimage of a spontaneous payment, for the last node.
	Keysend *[32]byte

	// Asset is what Amount counts, on a channel in an asset other than bitcoin: its
	// chain_hash. Expiry is a unix time then.
	Asset *[32]byte

	// Custom records, types of FirstCustom and above, ascending.
	Custom []Record
}

// PaymentData is the record payment_data.
type PaymentData struct {
	Secret [32]byte
	Total  lnwire.MilliSatoshi // of all parts
}

// Record is one type and value.
type Record struct {
	Type  uint64
	Value []byte
}

// encode is the record stream, without the length before it.
func (p *Payload) encode() ([]byte, error) {
	out := make([]byte, 0, 96)
	out = appendRecord(out, typeAmount, truncated(uint64(p.Amount)))
	out = appendRecord(out, typeExpiry, truncated(uint64(p.Expiry)))
	if channel := p.Channel.ToUint64(); channel != 0 {
		out = appendRecord(out, typeChannel, bigEndian(channel))
	}
	if data := p.PaymentData; data != nil {
		total := truncated(uint64(data.Total))
		out = appendRecord(out, typePaymentData, append(data.Secret[:], total...))
	}
	if p.Metadata != nil {
		out = appendRecord(out, typeMetadata, p.Metadata)
	}

	custom := slices.Clone(p.Custom)
	if p.Keysend != nil {
		custom = append(custom, Record{Type: typeKeysend, Value: p.Keysend[:]})
	}
	if p.Asset != nil {
		custom = append(custom, Record{Type: TypeAsset, Value: p.Asset[:]})
	}
	slices.SortFunc(custom, func(a, b Record) int {
		if a.Type < b.Type {
			return -1
		}
		return 1
	})
	for i, record := range custom {
		if record.Type < FirstCustom {
			return nil, fmt.Errorf("custom record of type %d, "+
				"first free is %d", record.Type, FirstCustom)
		}
		if i > 0 && custom[i-1].Type == record.Type {
			return nil, fmt.Errorf("custom record of type %d twice",
				record.Type)
		}
		out = appendRecord(out, record.Type, record.Value)
	}
	return out, nil
}
