package main

import (
	"bytes"
	"encoding/binary"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/router"
)

// channelAt is the id of the n-th channel of the file, on a chain of our own.
func channelAt(n int) lnwire.ShortChannelID {
	return lnwire.ShortChannelID{BlockHeight: uint32(1_000 + n), TxIndex: 1}
}

// writeGraph puts a public network into the store of a node that doesn't run, in the form of
// docs/spec/storage.md. The messages have the size of real ones; their signatures are nobody's, which
// a node doesn't look at again when it reads them.
func writeGraph(path string, chain chainhash.Hash, channels []public) error {
	db, err := channeldb.Open(path, channeldb.Options{})
	if err != nil {
		return err
	}
	w := writer{db: db}
	now := time.Now()
	seen := map[router.Node]bool{}
	for i := range channels {
		w.put(graphChannels, channelKey(chain, channelAt(i)), channelRow(chain, channelAt(i), &channels[i], now))
	}
	for i := range channels {
		for _, n := range channels[i].nodes {
			if !seen[n] {
				seen[n] = true
				w.put(graphNodes, n[:], nodeRow(n, now))
			}
		}
	}
	return w.close()
}

// The buckets and the version of the graph's rows.
const (
	graphChannels = "graph"
	graphNodes    = "graph_nodes"
	graphVersion  = 1
)

func channelKey(chain chainhash.Hash, id lnwire.ShortChannelID) []byte {
	return binary.BigEndian.AppendUint64(bytes.Clone(chain[:]), id.ToUint64())
}

func channelRow(chain chainhash.Hash, id lnwire.ShortChannelID, c *public, now time.Time) []byte {
	row := []byte{graphVersion}
	row = binary.BigEndian.AppendUint64(row, c.capacity*1000)
	row = binary.BigEndian.AppendUint32(row, uint32(now.Unix()))
	row = binary.BigEndian.AppendUint32(row, 0) // unspent
	funding := chainhash.HashH(channelKey(chain, id))
	row = binary.BigEndian.AppendUint32(append(row, funding[:]...), 0)
	row = part(row, &lnwire.ChannelAnnouncement1{
		Features: lnwire.NewRawFeatureVector(), ChainHash: chain, ShortChannelID: id,
		NodeID1: c.nodes[0], NodeID2: c.nodes[1], BitcoinKey1: c.nodes[0], BitcoinKey2: c.nodes[1],
	})
	for d, p := range c.policies {
		if p == nil {
			row = binary.BigEndian.AppendUint16(row, 0)
			continue
		}
		flags := lnwire.ChanUpdateChanFlags(d)
		if p.Disabled {
			flags |= lnwire.ChanUpdateDisabled
		}
		row = part(row, &lnwire.ChannelUpdate1{
			ChainHash: chain, ShortChannelID: id, Timestamp: uint32(now.Unix()),
			MessageFlags: lnwire.ChanUpdateRequiredMaxHtlc, ChannelFlags: flags, TimeLockDelta: p.CLTVDelta,
			HtlcMinimumMsat: p.HTLCMin, HtlcMaximumMsat: p.HTLCMax, BaseFee: p.FeeBase, FeeRate: p.FeeRate,
		})
	}
	return row
}

func nodeRow(n router.Node, now time.Time) []byte {
	m := &lnwire.NodeAnnouncement1{
		Features:  lnwire.NewRawFeatureVector(0, 5, 7, 9, 12, 14, 17, 19, 23, 27, 45, 55),
		Timestamp: uint32(now.Unix()), NodeID: n,
	}
	copy(m.Alias[:], "a node of 2024's mainnet")
	return append([]byte{graphVersion}, payload(m)...)
}

// part appends a message's payload with its length before it.
func part(row []byte, m message) []byte {
	p := payload(m)
	return append(binary.BigEndian.AppendUint16(row, uint16(len(p))), p...)
}

type message interface {
	Encode(*bytes.Buffer, uint32) error
}

// payload is a message as it is on the wire, without its type.
func payload(m message) []byte {
	var b bytes.Buffer
	if err := m.Encode(&b, 0); err != nil {
		panic(err) // these messages are ours, and a buffer takes all
	}
	return b.Bytes()
}

// writer appends rows to a store in batches that it takes.
type writer struct {
	db   *channeldb.DB
	puts []channeldb.KV
	size int
	err  error
}

// batchBytes is what one append takes, far below its limit.
const batchBytes = 4 << 20

func (w *writer) put(bucket string, key, value []byte) {
	w.puts = append(w.puts, channeldb.KV{Bucket: bucket, Key: key, Value: value})
	if w.size += len(key) + len(value); w.size >= batchBytes {
		w.flush()
	}
}

func (w *writer) flush() {
	if w.err == nil && len(w.puts) > 0 {
		w.err = w.db.Append(channeldb.Batch{Puts: w.puts})
	}
	w.puts, w.size = nil, 0
}

func (w *writer) close() error {
	w.flush()
	if err := w.db.Close(); w.err == nil {
		w.err = err
	}
	return w.err
}
