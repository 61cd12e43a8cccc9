package node

import (
	"encoding/binary"
	"fmt"

	"github.com/lightningnetwork/lnd/lnwire"
)

// ChannelPolicy is what this node asks for forwarding out of one of its channels (BOLT 7,
// channel_update).
type ChannelPolicy struct {
	BaseFee   lnwire.MilliSatoshi
	FeePPM    uint32
	CLTVDelta uint16
	MinHTLC   lnwire.MilliSatoshi
	MaxHTLC   lnwire.MilliSatoshi
}

// DefaultPolicy is lnd's: one unit and a millionth, 80 blocks.
var DefaultPolicy = ChannelPolicy{BaseFee: 1000, FeePPM: 1, CLTVDelta: 80, MinHTLC: 1000}

// Fee is what forwarding amt costs, in BOLT 7's formula.
func (p ChannelPolicy) Fee(amt lnwire.MilliSatoshi) lnwire.MilliSatoshi {
	return p.BaseFee + amt/1_000_000*lnwire.MilliSatoshi(p.FeePPM) +
		amt%1_000_000*lnwire.MilliSatoshi(p.FeePPM)/1_000_000
}

const policySize = 8 + 4 + 2 + 8 + 8

func (p ChannelPolicy) encode() []byte {
	b := make([]byte, 0, policySize)
	b = binary.BigEndian.AppendUint64(b, uint64(p.BaseFee))
	b = binary.BigEndian.AppendUint32(b, p.FeePPM)
	b = binary.BigEndian.AppendUint16(b, p.CLTVDelta)
	b = binary.BigEndian.AppendUint64(b, uint64(p.MinHTLC))
	return binary.BigEndian.AppendUint64(b, uint64(p.MaxHTLC))
}

func decodePolicy(b []byte) (ChannelPolicy, error) {
	if len(b) != policySize {
		return ChannelPolicy{}, fmt.Errorf("node: stored policy has %d bytes, want %d", len(b), policySize)
	}
	return ChannelPolicy{
		BaseFee:   lnwire.MilliSatoshi(binary.BigEndian.Uint64(b)),
		FeePPM:    binary.BigEndian.Uint32(b[8:]),
		CLTVDelta: binary.BigEndian.Uint16(b[12:]),
		MinHTLC:   lnwire.MilliSatoshi(binary.BigEndian.Uint64(b[14:])),
		MaxHTLC:   lnwire.MilliSatoshi(binary.BigEndian.Uint64(b[22:])),
	}, nil
}
