package node

import (
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/enforce"
	"github.com/nichework/nwnd/internal/enforce/records"
	"github.com/nichework/nwnd/internal/peer"
)

// Buckets beside the channels' streams.
const (
	bucketChannel = "channel"     // channel id -> channelRecord
	bucketClosed  = "closed"      // channel id -> ClosedChannel
	bucketMemo    = "memo"        // channel id -> what its opener notes
	bucketHost    = "peer_host"   // node id -> address that worked last
	bucketKeys    = "key_indices" // one row: the next key index
)

const channelPrefix = "channel/"

// channelRecord is what the shell must know of a channel before it can read its stream.
type channelRecord struct {
	keyIndex uint32
	hint     uint32  // height below which the funding transaction can't be
	created  uint64  // unix seconds
	asset    AssetID // zero: bitcoin
}

const channelRecordVersion = 2 // 1 is of channels in bitcoin

func (r channelRecord) encode() []byte {
	if r.asset == (AssetID{}) {
		return newRecord(1).u32(r.keyIndex).u32(r.hint).u64(r.created).b
	}
	return newRecord(channelRecordVersion).u32(r.keyIndex).u32(r.hint).u64(r.created).raw(r.asset[:]).b
}

func decodeChannelRecord(b []byte) (channelRecord, error) {
	version := versionOf(b, channelRecordVersion)
	r := openRecord(b, version)
	v := channelRecord{keyIndex: r.u32(), hint: r.u32(), created: r.u64()}
	if version > 1 {
		v.asset = r.array32()
	}
	return v, r.done()
}

// streamOf names a channel's log.
func streamOf(id lnwire.ChannelID) channeldb.Stream {
	return channeldb.Stream(channelPrefix + string(id[:]))
}

// loadChannels reads every channel: its snapshot and the facts behind it.
func (n *Node) loadChannels() ([]*driver, error) {
	streams, err := n.db.Streams()
	if err != nil {
		return nil, err
	}
	var all []*driver
	for _, s := range streams {
		id, ok := strings.CutPrefix(string(s), channelPrefix)
		if !ok || len(id) != 32 {
			continue
		}
		d, err := n.loadChannel(lnwire.ChannelID([]byte(id)))
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

func (n *Node) loadChannel(id lnwire.ChannelID) (*driver, error) {
	raw, err := n.db.Get(bucketChannel, id[:])
	if err != nil {
		return nil, err
	}
	record, err := decodeChannelRecord(raw)
	if err != nil {
		return nil, fmt.Errorf("channel %v: %w", id, err)
	}
	format, t := n.format, n.tokens.byHash(record.asset)
	switch {
	case t != nil:
		format = t.format()
	case record.asset != (AssetID{}):
		return nil, fmt.Errorf("node: channel %v is in asset %x, whose chain isn't configured: see the option evm.chain",
			id, record.asset[:])
	}
	s, err := n.signer(&htlc.Params{KeyIndex: record.keyIndex, ChainHash: record.asset})
	if err != nil {
		return nil, err
	}
	var c *htlc.Channel
	err = n.db.Replay(streamOf(id),
		func(b []byte) (err error) { c, err = htlc.Decode(b, format, s); return err },
		func(b []byte) error {
			if c == nil {
				return fmt.Errorf("node: facts of channel %v without a snapshot", id)
			}
			next, err := c.Apply(b)
			if err == nil {
				c = next
			}
			return err
		})
	if err == nil && c == nil {
		err = fmt.Errorf("node: channel %v has no snapshot", id)
	}
	if err != nil {
		return nil, fmt.Errorf("node: channel %v can't be read: %w", id, err)
	}
	d := n.newDriver(c, record.hint)
	d.made = time.Unix(int64(record.created), 0)
	if err := n.policies.load(d); err != nil {
		return nil, err
	}
	memo, err := n.db.Get(bucketMemo, d.id[:])
	if err != nil {
		return nil, err
	}
	d.memo = string(memo)
	if err := n.totals.load(n.db, d.id); err != nil {
		return nil, err
	}
	n.sw.add(d)
	return d, nil
}

func (n *Node) newDriver(c *htlc.Channel, hint uint32) *driver {
	d := newDriver(c, n.db, n.log.With("part", "channel"), n.dispatch)
	d.hint, d.born, d.token = hint, n.now(), n.tokens.byHash(c.Params().ChainHash)
	d.before = n.events.peers.total(peer.ID(c.Params().Peer), d.born)
	return d
}

// storeNew makes a channel that was just agreed durable, with what else is known of it.
func (n *Node) storeNew(c *htlc.Channel, record channelRecord, puts []channeldb.KV) error {
	id := c.ID()
	err := n.db.Append(channeldb.Batch{
		Stream: streamOf(id), Snapshot: c.Encode(),
		Puts: append(puts, put(bucketChannel, id[:], record.encode())),
	})
	if err == nil {
		if record.asset == (AssetID{}) {
			n.events.tell(ChannelEvent{Kind: ChannelPending, ChannelPoint: c.Params().Outpoint})
		}
	}
	return err
}

// forgetChannel drops an ended channel's log; its summary stays, or is written if the channel was
// never funded.
func (n *Node) forgetChannel(d *driver) error {
	var puts []channeldb.KV
	v := n.summary(d, nil)
	unfunded := d.channel().Spent() == nil
	if unfunded {
		puts = append(puts, d.space().rows([]channeldb.KV{closedPut(&v)})...)
	}
	err := n.db.Append(channeldb.Batch{
		Stream: streamOf(d.id), Forget: true,
		Puts: append(puts, []channeldb.KV{
			d.jobRow(),
			{Bucket: bucketChannel, Key: d.id[:]},
			{Bucket: bucketPolicy, Key: d.id[:]},
			{Bucket: bucketMemo, Key: d.id[:]},
			{Bucket: bucketTotals, Key: d.id[:]},
			{Bucket: bucketAnnounced, Key: d.id[:]},
			{Bucket: bucketDeposits, Key: d.id[:]},
		}...),
		Drops: []channeldb.Prefix{records.Drop(d.channel())},
	})
	if err == nil && unfunded && d.token == nil {
		n.events.ended(v)
	}
	return err
}

func (d *driver) jobRow() channeldb.KV {
	if b := d.bench.Load(); b != nil {
		return b.court.JobRow(d.id)
	}
	return enforce.JobRow(d.id)
}

// nextKeyIndex gives out a key index that no channel has; it is durable before it is used.
func (n *Node) nextKeyIndex() (uint32, error) {
	n.keys.Lock()
	defer n.keys.Unlock()
	raw, err := n.db.Get(bucketKeys, []byte("next"))
	if err != nil {
		return 0, err
	}
	index := uint32(beUint64(raw))
	return index, n.db.Append(channeldb.Batch{
		Puts: []channeldb.KV{put(bucketKeys, []byte("next"), key64(uint64(index)+1))},
	})
}

// hosts remembers where peers with channels were reached last.
type hosts struct{ db *channeldb.DB }

func (h *hosts) remember(id peer.ID, addr string) error {
	known, err := h.db.Get(bucketHost, id[:])
	if err != nil || string(known) == addr {
		return err
	}
	return h.db.Append(channeldb.Batch{Puts: []channeldb.KV{put(bucketHost, id[:], []byte(addr))}})
}

func (h *hosts) find(id peer.ID) (string, error) {
	addr, err := h.db.Get(bucketHost, id[:])
	if err != nil || len(addr) == 0 {
		return "", err
	}
	if _, _, err := net.SplitHostPort(string(addr)); err != nil {
		return "", fmt.Errorf("node: stored address of peer %v: %w", id, err)
	}
	return string(addr), nil
}
