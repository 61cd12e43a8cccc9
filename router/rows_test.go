package router

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"
)

// outpointOf is the funding output that tests give channel n.
func outpointOf(n uint64) wire.OutPoint {
	return wire.OutPoint{Hash: chainhash.Hash{0xf0, byte(n), byte(n >> 8), byte(n >> 16)}, Index: uint32(n)}
}

// known announces channel n with its output, both updates and both nodes.
func (s *Gossip) known(t testing.TB, n uint64, a, b person) {
	t.Helper()
	check, err := s.Receive(a.id, announcement(t, n, a, b), testNow)
	require.NoError(t, err)
	check.Funding = outpointOf(n)
	require.NoError(t, s.Confirm(check, 1_000_000_000, testNow))
	for d, by := range []person{a, b} {
		_, err = s.Receive(by.id, channelUpdate(t, n, by, Direction(d), testUnix), testNow)
		require.NoError(t, err)
		if _, err = s.Receive(by.id, nodeAnnouncement(t, by, testUnix), testNow); err != nil {
			require.ErrorIs(t, err, ErrDuplicate)
		}
	}
}

// stored applies rows to a map, as a database does.
type stored map[Table]map[string][]byte

func (m stored) put(rows ...Row) {
	for _, r := range rows {
		if m[r.Table] == nil {
			m[r.Table] = map[string][]byte{}
		}
		if r.Value == nil {
			delete(m[r.Table], string(r.Key))
		} else {
			m[r.Table][string(r.Key)] = r.Value
		}
	}
}

func (m stored) load(t testing.TB) *Gossip {
	s := newTestGossip(GossipConfig{})
	for _, table := range []Table{ChannelRows, NodeRows} {
		for k, v := range m[table] {
			require.NoError(t, s.Load(Row{table, []byte(k), v}))
		}
	}
	s.Graph().Journal()
	require.Empty(t, s.Graph().Changed(10, 1<<20), "what is loaded is no change")
	return s
}

// drain takes out everything that changed.
func drain(g *Graph) (all []Row) {
	for rows := g.Changed(3, 1<<20); len(rows) > 0; rows = g.Changed(3, 1<<20) {
		all = append(all, rows...)
	}
	return all
}

// sameGraph compares all that readers and peers can see.
func sameGraph(t testing.TB, want, got *Gossip) {
	t.Helper()
	require.Equal(t, want.Graph().Stats(), got.Graph().Stats())
	for c := range want.Graph().Channels() {
		have, ok := got.Graph().Channel(c.ID)
		require.True(t, ok)
		require.Equal(t, c, have)
	}
	for n := range want.Graph().Nodes() {
		have, ok := got.Graph().Node(n.Key)
		require.True(t, ok)
		require.Equal(t, n, have)
	}
	all := func(s *Gossip) map[string]bool {
		seen := map[string]bool{}
		var c Cursor
		for !c.Done() {
			for _, m := range s.Backlog(&c, Filter{Chain: testChain, Range: 1<<32 - 1}, 100) {
				seen[fmt.Sprint(m.Type, m.Payload)] = true
			}
		}
		return seen
	}
	require.Equal(t, all(want), all(got), "what is relayed")
}

func TestGraphComesBackFromItsRows(t *testing.T) {
	p := people(4)
	s, disk := newTestGossip(GossipConfig{}), stored{}
	s.Graph().Journal()
	s.known(t, 1, p[0], p[1])
	s.known(t, 2, p[1], p[2])
	s.known(t, 3, p[2], p[3])
	require.NoError(t, s.Graph().AddPrivate(cid(9), p[0].id, p[3].id, 5))
	disk.put(drain(s.Graph())...)
	require.True(t, s.Graph().RemoveChannel(cid(9)), "private channels have no rows")
	sameGraph(t, s, disk.load(t))

	t.Run("a newer update replaces the row", func(t *testing.T) {
		_, err := s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix+100), testNow)
		require.NoError(t, err)
		rows := drain(s.Graph())
		require.Len(t, rows, 1)
		disk.put(rows...)
		sameGraph(t, s, disk.load(t))
	})
	t.Run("a forgotten channel's rows go, and its nodes' if it was their last", func(t *testing.T) {
		require.True(t, s.Graph().RemoveChannel(cid(3)))
		disk.put(drain(s.Graph())...)
		require.Len(t, disk[ChannelRows], 2)
		require.Len(t, disk[NodeRows], 3)
		sameGraph(t, s, disk.load(t))
	})
	t.Run("stale channels go as well", func(t *testing.T) {
		later := testNow.Add(StaleAfter + time.Hour)
		require.Len(t, s.Prune(later, 10), 2)
		disk.put(drain(s.Graph())...)
		require.Empty(t, disk[ChannelRows])
		require.Empty(t, disk[NodeRows])
	})
}

func TestLoadedGossipIsKnown(t *testing.T) {
	p := people(2)
	s, disk := newTestGossip(GossipConfig{}), stored{}
	s.Graph().Journal()
	s.known(t, 1, p[0], p[1])
	disk.put(drain(s.Graph())...)
	s = disk.load(t)
	_, err := s.Receive(p[0].id, announcement(t, 1, p[0], p[1]), testNow)
	require.ErrorIs(t, err, ErrDuplicate)
	_, err = s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix), testNow)
	require.ErrorIs(t, err, ErrDuplicate)
	_, err = s.Receive(p[0].id, nodeAnnouncement(t, p[0], testUnix), testNow)
	require.ErrorIs(t, err, ErrDuplicate)
	require.Equal(t, 1, s.Graph().Spend(testChain, []wire.OutPoint{outpointOf(1)}, 500), "its output is known too")
}

func TestChangedIsBounded(t *testing.T) {
	p := people(3)
	s := newTestGossip(GossipConfig{})
	s.Graph().Journal()
	for n := uint64(1); n <= 20; n++ {
		s.known(t, n, p[0], p[1])
	}
	require.Len(t, s.Graph().Changed(7, 1<<20), 7, "in rows")
	rows := s.Graph().Changed(100, 1000)
	require.Len(t, rows, 2, "in bytes: the row that passes the bound is the last")
	require.Len(t, s.Graph().Changed(100, 1<<20), 22-7-2, "a row is listed once, whatever changed in it")
	require.Nil(t, s.Graph().Changed(100, 1<<20))

	quiet := newTestGossip(GossipConfig{})
	quiet.known(t, 1, p[0], p[1])
	require.Empty(t, quiet.Graph().journal.changes, "nobody asked for them")
}

// Whatever a disk gives back, loading it ends in a graph or an error.
func TestDamagedRowsAreRefused(t *testing.T) {
	p := people(2)
	s := newTestGossip(GossipConfig{})
	s.Graph().Journal()
	s.known(t, 1, p[0], p[1])
	rows := drain(s.Graph())
	seed := uint64(time.Now().UnixNano())
	if v := os.Getenv("NWND_SEED"); v != "" {
		seed, _ = strconv.ParseUint(v, 10, 64)
	}
	t.Logf("replay with NWND_SEED=%d go test -run %s", seed, t.Name())
	rng := rand.New(rand.NewPCG(seed, 1))
	for range 3000 {
		fresh := newTestGossip(GossipConfig{})
		for _, r := range rows {
			v := append([]byte{}, r.Value...)
			switch rng.IntN(3) {
			case 0:
				v = v[:rng.IntN(len(v)+1)]
			case 1:
				v[rng.IntN(len(v))] ^= byte(1 + rng.IntN(255))
			}
			_ = fresh.Load(Row{r.Table, r.Key, v})
		}
		for c := range fresh.Graph().Channels() {
			require.Equal(t, cid(1), c.ID)
		}
		_ = fresh.Graph().RemoveChannel(cid(1))
		require.Zero(t, fresh.Graph().Stats().Channels)
		require.Empty(t, fresh.Graph().byFunding)
		require.Empty(t, fresh.Graph().spent)
	}
	for _, r := range []Row{{}, {ChannelRows, nil, []byte{1}}, {NodeRows, nil, []byte{1}}, {7, nil, []byte{1}}, {ChannelRows, rows[0].Key, []byte{2}}} {
		require.ErrorIs(t, newTestGossip(GossipConfig{}).Load(r), ErrRow)
	}
}

func TestChannelIsForgotten72BlocksAfterItsSpend(t *testing.T) {
	p := people(3)
	s := newTestGossip(GossipConfig{})
	s.known(t, 1, p[0], p[1])
	s.known(t, 2, p[1], p[2])
	g := s.Graph()
	g.Journal()
	route := func() error {
		_, err := g.FindRoute(Query{Source: p[0].id, Target: p[1].id, Chain: testChain, Amount: 1000, MaxFee: NoFeeLimit, Now: testNow})
		return err
	}
	require.NoError(t, route())
	require.Zero(t, g.Spend(chainhash.Hash{9}, []wire.OutPoint{outpointOf(1)}, 800), "of another asset")
	require.Equal(t, 1, g.Spend(testChain, []wire.OutPoint{outpointOf(77), outpointOf(1)}, 800))
	require.Zero(t, g.Spend(testChain, []wire.OutPoint{outpointOf(1)}, 801), "it is spent already")
	require.Error(t, route(), "nothing goes over it any more")
	_, err := s.Receive(p[0].id, channelUpdate(t, 1, p[0], 0, testUnix+100), testNow)
	require.NoError(t, err)
	require.Error(t, route(), "nor after an update")

	require.Empty(t, g.Bury(testChain, 800+SpentDepth-1, 10))
	disk := stored{}
	disk.put(drain(g)...)
	require.Equal(t, 1, g.Unspend(testChain, 800), "a reorganisation takes it back")
	require.NoError(t, route())
	require.Empty(t, g.Bury(testChain, 5000, 10))

	require.Equal(t, 1, g.Spend(testChain, []wire.OutPoint{outpointOf(1)}, 801))
	require.Zero(t, g.Unspend(testChain, 802))
	require.Equal(t, []ChanID{cid(1)}, g.Bury(testChain, 801+SpentDepth, 10))
	require.Empty(t, g.Bury(testChain, 5000, 10))
	require.Equal(t, 1, g.Stats().Channels)

	again := newTestGossip(GossipConfig{})
	for k, v := range disk[ChannelRows] {
		require.NoError(t, again.Load(Row{ChannelRows, []byte(k), v}))
	}
	require.Len(t, again.Graph().Bury(testChain, 800+SpentDepth, 10), 1, "a spend is stored")
}

func TestBuryIsBounded(t *testing.T) {
	p := people(2)
	s := newTestGossip(GossipConfig{})
	var outs []wire.OutPoint
	for n := uint64(1); n <= 10; n++ {
		s.known(t, n, p[0], p[1])
		outs = append(outs, outpointOf(n))
	}
	require.Equal(t, 10, s.Graph().Spend(testChain, outs, 5))
	require.Len(t, s.Graph().Bury(testChain, 1000, 4), 4)
	require.Len(t, s.Graph().Bury(testChain, 1000, 40), 6)
}

// TestAChannelIsFoundByItsOutput, on its own chain, until it leaves the graph.
func TestAChannelIsFoundByItsOutput(t *testing.T) {
	p := people(2)
	s := newTestGossip(GossipConfig{})
	s.known(t, 1, p[0], p[1])
	c, ok := s.Graph().ChannelAt(testChain, outpointOf(1))
	require.True(t, ok)
	require.Equal(t, cid(1), c.ID)
	require.Equal(t, outpointOf(1), c.Funding)
	_, ok = s.Graph().ChannelAt(chainhash.Hash{9}, outpointOf(1))
	require.False(t, ok)
	_, ok = s.Graph().ChannelAt(testChain, outpointOf(2))
	require.False(t, ok)
	s.Graph().RemoveChannel(c.ID)
	_, ok = s.Graph().ChannelAt(testChain, outpointOf(1))
	require.False(t, ok)
}
