package node

import (
	"fmt"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/enforce"
)

// CloseKind is how a channel ended.
type CloseKind uint8

// The ways to end, numbered as lnd does.
const (
	ClosedCooperatively CloseKind = iota
	ClosedByUs
	ClosedByPeer
	ClosedByBreach
	NeverFunded
	Abandoned
)

// ClosedChannel is a channel that is no more. What a record of an older version lacks is zero.
type ClosedChannel struct {
	ChannelID    lnwire.ChannelID
	Chain        chainhash.Hash // its genesis block; filled in by the node that has the record
	ChannelPoint wire.OutPoint
	SCID         lnwire.ShortChannelID // zero: it was never funded
	Peer         PubKey
	Capacity     btcutil.Amount
	Settled      btcutil.Amount // what the closing transaction paid us
	Txid         chainhash.Hash // of the closing transaction
	Height       uint32         // of its block
	Kind         CloseKind
	Initiator    bool // we opened it
	OpenerKnown  bool // Initiator says something
	Private      bool
	When         time.Time // it was forgotten
	Resolutions  []Resolution
}

// closedVersion is the version of the record that is written. Version 1 ended with what
// it knew of the spend and had neither height nor balance, version 2 had no resolutions.
const closedVersion = 3

func (v *ClosedChannel) encode() []byte {
	w := newRecord(closedVersion).raw(v.ChannelPoint.Hash[:]).u32(v.ChannelPoint.Index)
	w.raw(v.Peer[:]).u64(uint64(v.Capacity)).u64(v.SCID.ToUint64())
	w.u8(uint8(v.Kind)).raw(v.Txid[:]).u32(v.Height).u64(uint64(v.Settled))
	w.flag(v.Initiator).flag(v.Private).time(v.When).u32(uint32(len(v.Resolutions)))
	for i := range v.Resolutions {
		v.Resolutions[i].write(w)
	}
	return w.b
}

func decodeClosed(id, b []byte) (ClosedChannel, error) {
	var v ClosedChannel
	if len(id) != len(v.ChannelID) {
		return v, fmt.Errorf("node: key of a closed channel has %d bytes, needs %d", len(id), len(v.ChannelID))
	}
	v.ChannelID = lnwire.ChannelID(id)
	version := byte(closedVersion)
	if len(b) > 0 && b[0] >= 1 {
		version = min(b[0], closedVersion)
	}
	r := openRecord(b, version)
	v.ChannelPoint = wire.OutPoint{Hash: r.array32(), Index: r.u32()}
	v.Peer, v.Capacity = r.array33(), btcutil.Amount(r.u64())
	v.SCID = lnwire.NewShortChanIDFromInt(r.u64())
	switch {
	case version > 1:
		v.Kind, v.Txid, v.Height = CloseKind(r.u8()), r.array32(), r.u32()
		v.Settled, v.Initiator, v.Private, v.When = btcutil.Amount(r.u64()), r.flag(), r.flag(), r.time()
		v.OpenerKnown = true
		if version > 2 {
			v.Resolutions = readResolutions(r)
		}
	case len(r.b) == 0:
		v.Kind = NeverFunded
	default:
		v.Txid = r.array32()
		if !r.flag() {
			v.Kind = ClosedByPeer
		}
	}
	if err := r.done(); err != nil {
		return v, fmt.Errorf("closed channel %x: %w", id, err)
	}
	return v, nil
}

// closing is how a channel ended on chain.
type closing struct {
	tx     *wire.MsgTx
	height uint32
	end    enforce.End
}

// kind is how lnd names the ending.
func (s *closing) kind() CloseKind {
	switch s.end.Ending {
	case adjudicator.Cooperative:
		return ClosedCooperatively
	case adjudicator.Local, adjudicator.LocalOther:
		return ClosedByUs
	case adjudicator.Revoked:
		return ClosedByBreach
	}
	return ClosedByPeer
}

// summary is what stays of a channel: of one that was never funded, if seen is nil.
func (n *Node) summary(d *driver, seen *closing) ClosedChannel {
	c := d.channel()
	p := c.Params()
	v := ClosedChannel{
		ChannelID: d.id, Chain: n.chainHash(), ChannelPoint: p.Outpoint, SCID: c.SCID(), Peer: PubKey(p.Peer), Capacity: p.Capacity,
		Kind: NeverFunded, Initiator: p.Opener == htlc.Local, OpenerKnown: true, Private: !p.Announce, When: n.now(),
	}
	if seen == nil {
		return v
	}
	v.Kind, v.Txid, v.Height, v.Settled = seen.kind(), seen.tx.TxHash(), seen.height, seen.end.Recovered
	if v.Kind == ClosedCooperatively {
		v.Settled = settled(c, seen.tx)
	}
	for i := range seen.end.Coins {
		c := chainCoin(&seen.end.Coins[i])
		v.Resolutions = append(v.Resolutions, c.Resolution())
	}
	return v
}

// settled is what a cooperative close paid us. The one who didn't open the channel has its
// balance, the opener what is left; an output below its owner's dust limit is left out
// (BOLT 3, "Legacy Closing Transaction").
func settled(c *htlc.Channel, tx *wire.MsgTx) btcutil.Amount {
	p := c.Params()
	other := p.Opener.Other()
	fixed := c.Balance(other).ToSatoshis()
	if fixed < p.Terms[other].DustLimit {
		fixed = 0
	}
	if other == htlc.Local {
		return fixed
	}
	var sum btcutil.Amount
	for _, out := range tx.TxOut {
		sum += btcutil.Amount(out.Value)
	}
	return max(sum-fixed, 0)
}

// closedChannels reads every record.
func closedChannels(db reader) (all []ClosedChannel, err error) {
	var bad error
	err = db.Scan(bucketClosed, nil, false, func(k, b []byte) bool {
		var v ClosedChannel
		if v, bad = decodeClosed(k, b); bad == nil {
			all = append(all, v)
		}
		return bad == nil
	})
	if err == nil {
		err = bad
	}
	return all, err
}

// closedPut is the row of a summary.
func closedPut(v *ClosedChannel) channeldb.KV { return put(bucketClosed, v.ChannelID[:], v.encode()) }
