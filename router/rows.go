package router

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
)

// Row is one row of the graph on disk: all of an announced channel, or a node's announcement. A
// later row replaces one with the same table and key.
type Row struct {
	Table Table
	Key   []byte // chain_hash and short_channel_id, 40 bytes; or node_id, 33 bytes
	Value []byte // nil: there is no such row any more
}

// Table is where a row belongs.
type Table uint8

// The tables, in the order in which they are loaded.
const (
	ChannelRows Table = iota
	NodeRows
)

// ErrRow is the cause of a row that can't be loaded.
var ErrRow = errors.New("router: stored row is wrong")

const rowVersion = 1

// row encodes what a change is about as it is now. The caller holds mu.
func (g *Graph) row(c change) Row {
	if c.node {
		n := &g.nodes[c.at]
		row := Row{Table: NodeRows, Key: bytes.Clone(n.key[:])}
		if n.raw != nil {
			row.Value = append([]byte{rowVersion}, n.raw...)
		}
		return row
	}
	chain := g.chains[c.chain]
	row := Row{Table: ChannelRows, Key: binary.BigEndian.AppendUint64(bytes.Clone(chain[:]), c.at)}
	if at, ok := g.chanNo[chanKey{c.chain, c.at}]; ok && g.chans[at].public && g.chans[at].scid == c.at {
		row.Value = g.chans[at].encode()
	}
	return row
}

func (c *channel) encode() []byte {
	b := make([]byte, 0, 64+len(c.raw)+len(c.update[0])+len(c.update[1]))
	b = append(b, rowVersion)
	b = binary.BigEndian.AppendUint64(b, c.capacity)
	b = binary.BigEndian.AppendUint32(b, c.added)
	b = binary.BigEndian.AppendUint32(b, c.spent)
	b = append(b, c.funding.Hash[:]...)
	b = binary.BigEndian.AppendUint32(b, c.funding.Index)
	for _, part := range [][]byte{c.raw, c.update[0], c.update[1]} {
		b = binary.BigEndian.AppendUint16(b, uint16(len(part))) // a message's payload is less than 64 KiB
		b = append(b, part...)
	}
	return b
}

// Load puts a stored row back, channels before nodes. Nothing is verified that was verified
// before it was stored. A row that is refused, with ErrRow, is to be deleted; ErrFull is among its causes.
func (s *Gossip) Load(row Row) error {
	s.g.mu.Lock()
	defer s.g.mu.Unlock()
	if len(row.Value) == 0 || row.Value[0] != rowVersion {
		return fmt.Errorf("%w: version of %x", ErrRow, row.Key)
	}
	switch row.Table {
	case ChannelRows:
		return s.loadChannel(row)
	case NodeRows:
		return s.g.loadNode(row)
	}
	return fmt.Errorf("%w: table %d", ErrRow, row.Table)
}

func (s *Gossip) loadChannel(row Row) error {
	g, r := s.g, reader{b: row.Value[1:]}
	c := channel{capacity: r.u64(), added: r.u32(), spent: r.u32()}
	copy(c.funding.Hash[:], r.take(32))
	c.funding.Index = r.u32()
	c.raw = r.part()
	updates := [2][]byte{r.part(), r.part()}
	id, nodes, err := announced(c.raw)
	switch {
	case r.short || len(r.b) > 0:
		return fmt.Errorf("%w: channel %x has %d bytes", ErrRow, row.Key, len(row.Value))
	case err != nil:
		return err
	case !bytes.Equal(row.Key, binary.BigEndian.AppendUint64(bytes.Clone(id.Chain[:]), id.SCID.ToUint64())):
		return fmt.Errorf("%w: channel %v at %x", ErrRow, id, row.Key)
	}
	if err := s.knows(id.Chain); err != nil {
		return fmt.Errorf("%w: %w", ErrRow, err)
	}
	if _, ok := g.lookup(id); ok {
		return fmt.Errorf("%w: channel %v is there already", ErrRow, id)
	}
	at, err := g.insert(id, nodes[0], nodes[1], lnwire.MilliSatoshi(c.capacity), c.added)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRow, err)
	}
	g.chans[at].public, g.chans[at].raw = true, c.raw
	g.setFunding(at, c.funding)
	g.setSpent(at, c.spent)
	for d, u := range updates {
		if len(u) == 0 {
			continue
		}
		p, err := g.chans[at].stored(Direction(d), u)
		if err != nil {
			g.remove(at)
			return err
		}
		g.chans[at].update[d], g.chans[at].told[d] = u, p.Updated
		g.setPolicy(at, Direction(d), p)
	}
	return nil
}

// announced reads whose channel a channel_announcement's payload is about.
func announced(raw []byte) (id ChanID, nodes [2]Node, err error) {
	r := reader{b: raw}
	r.take(4 * sigSize)
	r.take(int(r.u16())) // features
	copy(id.Chain[:], r.take(chainhash.HashSize))
	id.SCID = lnwire.NewShortChanIDFromInt(r.u64())
	copy(nodes[0][:], r.take(33))
	copy(nodes[1][:], r.take(33))
	r.take(2 * 33)
	if r.short || bytes.Compare(nodes[0][:], nodes[1][:]) >= 0 {
		return id, nodes, fmt.Errorf("%w: channel_announcement of %d bytes", ErrRow, len(raw))
	}
	return id, nodes, nil
}

// stored reads a channel_update's payload for one direction of this channel.
func (c *channel) stored(d Direction, raw []byte) (Policy, error) {
	r := reader{b: raw}
	r.take(sigSize + chainhash.HashSize)
	scid := r.u64()
	p := Policy{Updated: r.u32()}
	r.take(1)
	flags := lnwire.ChanUpdateChanFlags(0)
	if b := r.take(1); b != nil {
		flags = lnwire.ChanUpdateChanFlags(b[0])
	}
	p.Disabled = flags.IsDisabled()
	p.CLTVDelta, p.HTLCMin = r.u16(), lnwire.MilliSatoshi(r.u64())
	p.FeeBase, p.FeeRate = r.u32(), r.u32()
	p.HTLCMax = lnwire.MilliSatoshi(r.u64())
	if r.short || scid != c.scid || Direction(flags&lnwire.ChanUpdateDirection) != d {
		return p, fmt.Errorf("%w: channel_update of %d bytes for channel %d", ErrRow, len(raw), c.scid)
	}
	return p, nil
}

func (g *Graph) loadNode(row Row) error {
	raw := bytes.Clone(row.Value[1:])
	r := reader{b: raw}
	r.take(sigSize)
	r.take(int(r.u16()))
	stamp := r.u32()
	var key Node
	copy(key[:], r.take(33))
	if r.short || !bytes.Equal(key[:], row.Key) {
		return fmt.Errorf("%w: node_announcement at %x", ErrRow, row.Key)
	}
	i, ok := g.nodeNo[key]
	if !ok || !g.announced(i) {
		return fmt.Errorf("%w: node %v without channels", ErrRow, key)
	}
	g.nodes[i].raw, g.nodes[i].timestamp = raw, stamp
	return nil
}

// reader cuts numbers and byte strings off a buffer; short stays once it was too short.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.short, r.b = true, nil
		return nil
	}
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) number(size int) (v uint64) {
	for _, b := range r.take(size) {
		v = v<<8 | uint64(b)
	}
	return v
}

func (r *reader) u16() uint16  { return uint16(r.number(2)) }
func (r *reader) u32() uint32  { return uint32(r.number(4)) }
func (r *reader) u64() uint64  { return r.number(8) }
func (r *reader) part() []byte { return bytes.Clone(r.take(int(r.u16()))) }

// setFunding notes a channel's output, so that Spend finds it. The caller holds mu.
func (g *Graph) setFunding(at uint32, o wire.OutPoint) {
	if o == (wire.OutPoint{}) {
		return
	}
	if _, ok := g.byFunding[o]; ok {
		return
	}
	g.chans[at].funding = o
	g.byFunding[o] = at
}
