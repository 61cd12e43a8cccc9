package router

import (
	"bytes"
	"encoding/hex"
	"fmt"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
)

// Node is a node_id: a compressed public key (BOLT 7).
type Node [33]byte

// String is the key in hex.
func (n Node) String() string { return hex.EncodeToString(n[:]) }

// ParseNode reads the hex form of a node_id. It checks the length only.
func ParseNode(s string) (Node, error) {
	var n Node
	b, err := hex.DecodeString(s)
	if err != nil {
		return n, fmt.Errorf("router: node id: %w", err)
	}
	if len(b) != len(n) {
		return n, fmt.Errorf("router: node id has %d bytes, needs %d", len(b), len(n))
	}
	copy(n[:], b)
	return n, nil
}

// ChanID names a channel across assets: a short channel id alone does not, since
// every chain counts its blocks from zero.
type ChanID struct {
	Chain chainhash.Hash
	SCID  lnwire.ShortChannelID
}

// String is the short channel id, which is what a person looks for.
func (c ChanID) String() string { return c.SCID.String() }

// Direction of a channel: 0 is from the node with the lesser node_id, as the low
// bit of channel_flags has it (BOLT 7).
type Direction uint8

// DirectionFrom is the direction in which from sends to to.
func DirectionFrom(from, to Node) Direction {
	if bytes.Compare(from[:], to[:]) < 0 {
		return 0
	}
	return 1
}

// Policy is what one node asks for forwarding over one channel, from its
// channel_update (BOLT 7).
type Policy struct {
	Updated   uint32 // unix time
	Disabled  bool
	CLTVDelta uint16 // blocks, or seconds where the chain counts time
	HTLCMin   lnwire.MilliSatoshi
	HTLCMax   lnwire.MilliSatoshi
	FeeBase   uint32 // thousandths of a unit
	FeeRate   uint32 // millionths of the amount forwarded
}

// Channel is one channel as a reader sees it.
type Channel struct {
	ID       ChanID
	Nodes    [2]Node // in ascending order
	Capacity lnwire.MilliSatoshi
	Policies [2]*Policy // by Direction; nil until its channel_update came
	Public   bool       // announced to the network

	// Funding is the output that was verified, of a channel that others announced.
	Funding wire.OutPoint
}

// PolicyOf returns the policy that from asks on this channel, nil if it is not known.
func (c Channel) PolicyOf(from Node) *Policy {
	if from == c.Nodes[0] {
		return c.Policies[0]
	}
	return c.Policies[1]
}

// NodeInfo is one node as a reader sees it. Announcement is nil when no
// node_announcement came; it is the caller's own copy.
type NodeInfo struct {
	Key          Node
	Announcement *lnwire.NodeAnnouncement1
	Channels     int
	Capacity     lnwire.MilliSatoshi
}

// Stats counts what the graph holds.
type Stats struct {
	Nodes     int // with at least one channel
	Announced int // of those, with a node_announcement
	Channels  int
	Private   int // of those, not announced
	Policies  int
	Capacity  lnwire.MilliSatoshi
	Bytes     int // of raw gossip kept for relaying
}
