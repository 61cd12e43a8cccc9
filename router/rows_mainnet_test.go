package router

import (
	"runtime"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// BenchmarkLoadMainnet loads rows of the size of mainnet's, made from mainnetFile with the bytes of
// real announcements, and prints what they weigh on disk and in memory.
func BenchmarkLoadMainnet(b *testing.B) {
	g := mainnet(b)
	if g == nil {
		b.Logf("no %s; set NWND_GRAPH", mainnetFile)
		return
	}
	rows := mainnetRows(b, g)
	size := 0
	for _, r := range rows {
		size += len(r.Key) + len(r.Value)
	}
	var before, after runtime.MemStats
	var s *Gossip
	for b.Loop() {
		s = nil
		runtime.GC()
		runtime.ReadMemStats(&before)
		s = newTestGossip(GossipConfig{})
		start := time.Now()
		for _, r := range rows {
			if err := s.Load(r); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "load-ms")
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(rows)
	runtime.KeepAlive(g)
	st := s.Graph().Stats()
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-memory")
	b.ReportMetric(float64(size)/1e6, "MB-rows")
	b.ReportMetric(float64(st.Channels), "channels")
	b.ReportMetric(float64(st.Announced), "nodes")
}

// mainnetRows gives each channel of a graph without gossip an announcement and updates of the
// usual size. Their signatures are nobody's: loading does not look.
func mainnetRows(b *testing.B, g *Graph) []Row {
	g.Journal()
	sig := make([]byte, sigSize)
	for i := range sig {
		sig[i] = 1
	}
	for at := range g.chans {
		c := &g.chans[at]
		m := emptyAnnouncement(g, c)
		for range 4 {
			c.raw = append(c.raw, sig...)
		}
		c.raw = append(c.raw, m...)
		c.public, c.added = true, testUnix
		g.setFunding(uint32(at), outpointOf(c.scid>>40))
		for d := range c.update {
			if c.known[d] {
				c.update[d] = append(append([]byte{}, sig...), updateOf(b, g, c, Direction(d))...)
			}
		}
		g.touched(uint32(at))
	}
	for i := range g.nodes {
		n := &g.nodes[i]
		n.raw = append(append([]byte{}, sig...), nodeOf(b, n.key)...)
		g.touchedNode(uint32(i))
	}
	var rows []Row
	for more := g.Changed(1<<20, 1<<40); len(more) > 0; more = g.Changed(1<<20, 1<<40) {
		rows = append(rows, more...)
	}
	return rows
}

// emptyAnnouncement is the signed part of a channel's channel_announcement.
func emptyAnnouncement(g *Graph, c *channel) []byte {
	m := &lnwire.ChannelAnnouncement1{Features: lnwire.NewRawFeatureVector(), ChainHash: g.chains[c.chain],
		ShortChannelID: lnwire.NewShortChanIDFromInt(c.scid), NodeID1: g.nodes[c.nodes[0]].key, NodeID2: g.nodes[c.nodes[1]].key}
	d, _ := m.DataToSign()
	return d
}

func updateOf(b testing.TB, g *Graph, c *channel, d Direction) []byte {
	p := c.policy[d]
	m := &lnwire.ChannelUpdate1{ChainHash: g.chains[c.chain], ShortChannelID: lnwire.NewShortChanIDFromInt(c.scid),
		Timestamp: p.Updated, MessageFlags: lnwire.ChanUpdateRequiredMaxHtlc, ChannelFlags: lnwire.ChanUpdateChanFlags(d),
		TimeLockDelta: p.CLTVDelta, HtlcMinimumMsat: p.HTLCMin, HtlcMaximumMsat: p.HTLCMax, BaseFee: p.FeeBase, FeeRate: p.FeeRate}
	if p.Disabled {
		m.ChannelFlags |= lnwire.ChanUpdateDisabled
	}
	raw, err := m.DataToSign()
	require.NoError(b, err)
	return raw
}

func nodeOf(b testing.TB, key Node) []byte {
	m := &lnwire.NodeAnnouncement1{Features: lnwire.NewRawFeatureVector(0, 5, 7, 9, 12, 14, 17, 19, 23, 27, 45, 55), Timestamp: testUnix, NodeID: key}
	m.Alias, _ = lnwire.NewNodeAlias("a node on mainnet")
	raw, err := m.DataToSign()
	require.NoError(b, err)
	return raw
}
