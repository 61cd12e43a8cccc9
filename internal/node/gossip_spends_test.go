package node

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/router"
)

// reaches says whether a node finds a way to another in its graph.
func (n *testNode) reaches(to *testNode) bool {
	_, err := n.QueryRoutes(n.net.t.Context(), QueryRoutes{Destination: PubKey(to.self), Amount: 1000 * sat, FeeLimit: 1000 * sat})
	return err == nil
}

// blindToSpends is a chain that tells of no spend.
type blindToSpends struct{ chain.Chain }

func (blindToSpends) WatchSpent(ctx context.Context, _ wire.OutPoint, _ []byte, _ int32) (<-chan chain.SpendEvent, error) {
	none := make(chan chain.SpendEvent)
	context.AfterFunc(ctx, func() { close(none) })
	return none, nil
}

// A channel of others is not routed over once its output is spent, comes back when a
// reorganisation takes the spend back, and is forgotten 72 blocks after it.
func TestClosedChannelOfOthersLeavesTheGraph(t *testing.T) {
	n := newTestNet(t)
	// Its own ends would stop the channel and say so.
	blind := func(c *Config) { c.Chain = blindToSpends{c.Chain} }
	alice, bob, carol := n.node("alice"), n.node("bob", blind), n.node("carol", blind)
	n.open(alice, bob, 1_000_000, 0)
	n.open(bob, carol, 1_000_000, 0)
	n.known(2, alice, bob, carol)
	n.eventually("alice reaches carol", func() bool { return alice.reaches(carol) })
	funding := carol.to(bob).channel().Params().Outpoint

	n.chain.Spend(funding)
	n.eventually("alice saw the spend", func() bool { return !alice.reaches(carol) })
	n.chain.Reorg(1)
	n.eventually("alice saw the reorganisation", func() bool { return alice.reaches(carol) })

	require.NoError(t, alice.stop())
	n.chain.Spend(funding)
	alice.start()
	n.eventually("alice saw what happened while it was down", func() bool { return alice.usable() && !alice.reaches(carol) })
	require.Equal(t, 2, alice.graph.Stats().Channels)

	n.chain.MineN(router.SpentDepth - 1)
	height := n.chain.Best().Height
	n.eventually("alice looked through the blocks", func() bool {
		at, _ := alice.gossip.spends.last()
		return at.height == height
	})
	require.Equal(t, 2, alice.graph.Stats().Channels)
	n.chain.MineN(1)
	n.eventually("alice forgot the channel", func() bool { return alice.graph.Stats().Channels == 1 })
}

// scriptedBlocks is a chain that a test forks.
type scriptedBlocks struct {
	best []chainhash.Hash
	all  map[chainhash.Hash]*wire.MsgBlock
	read int
	err  error
}

func newScriptedBlocks(n int) *scriptedBlocks {
	c := &scriptedBlocks{all: map[chainhash.Hash]*wire.MsgBlock{}}
	c.grow(n, 0)
	return c
}

// grow adds n blocks; salt makes them differ from others of their height.
func (c *scriptedBlocks) grow(n int, salt uint32) {
	for range n {
		b := &wire.MsgBlock{Header: wire.BlockHeader{Nonce: uint32(len(c.best)), Bits: salt}}
		if len(c.best) > 0 {
			b.Header.PrevBlock = c.best[len(c.best)-1]
		}
		c.all[b.BlockHash()] = b
		c.best = append(c.best, b.BlockHash())
	}
}

func (c *scriptedBlocks) BlockAt(_ context.Context, h int32) (*wire.MsgBlock, chainhash.Hash, error) {
	if c.err != nil {
		return nil, chainhash.Hash{}, c.err
	}
	if int(h) >= len(c.best) {
		return nil, chainhash.Hash{}, chain.ErrUnknownBlock
	}
	c.read++
	return c.all[c.best[h]], c.best[h], nil
}

func (c *scriptedBlocks) tip() chain.Tip {
	return chain.Tip{Height: int32(len(c.best) - 1), Hash: c.best[len(c.best)-1]}
}

func newTestSpends(c *scriptedBlocks) *spends {
	return &spends{log: slog.New(slog.DiscardHandler), blocks: c, graph: router.NewGraph()}
}

func TestEveryBlockIsLookedThroughOnce(t *testing.T) {
	c := newScriptedBlocks(10)
	s := newTestSpends(c)
	require.NoError(t, s.follow(t.Context(), c.tip()))
	require.Zero(t, c.read, "what was spent before the first start is not in the graph")
	c.grow(5, 0)
	require.NoError(t, s.follow(t.Context(), c.tip()))
	require.NoError(t, s.follow(t.Context(), c.tip()))
	require.Equal(t, 5, c.read)

	c.err = errors.New("away")
	c.grow(1, 0)
	require.ErrorIs(t, s.follow(t.Context(), c.tip()), c.err)
	c.err = nil
	require.NoError(t, s.follow(t.Context(), c.tip()))
	require.Equal(t, 6, c.read)

	c.grow(500, 0)
	require.NoError(t, s.follow(t.Context(), c.tip()))
	require.Len(t, s.recent, scanKept, "it is bounded")
}

func TestReorganisedBlocksAreLookedThroughAgain(t *testing.T) {
	for name, known := range map[string]bool{"known by hash": true, "after a restart": false} {
		t.Run(name, func(t *testing.T) {
			c := newScriptedBlocks(200)
			s := newTestSpends(c)
			require.NoError(t, s.follow(t.Context(), c.tip()))
			c.grow(20, 0)
			require.NoError(t, s.follow(t.Context(), c.tip()))
			if !known {
				s.recent = s.recent[len(s.recent)-1:]
			}
			for _, longer := range []int{1, 0, -1} { // also a chain that is no longer
				c.best, c.read = c.best[:len(c.best)-5], 0
				c.grow(5+longer, uint32(7+longer))
				require.NoError(t, s.follow(t.Context(), c.tip()))
				at, _ := s.last()
				require.Equal(t, c.tip().Hash, at.hash)
				require.GreaterOrEqual(t, c.read, 5+longer)
			}
		})
	}
}

func TestALongAbsenceReadsAMonthAtMost(t *testing.T) {
	c := newScriptedBlocks(10)
	s := newTestSpends(c)
	require.NoError(t, s.follow(t.Context(), c.tip()))
	c.grow(scanBack+500, 0)
	require.NoError(t, s.follow(t.Context(), c.tip()))
	require.Equal(t, scanBack, c.read)
}

// The row that says how far the graph is comes after all that it speaks of.
func TestScanIsStoredAfterItsSpends(t *testing.T) {
	db := dbtest.New(t).Open()
	gate := router.NewGossip(router.NewGraph(), router.GossipConfig{})
	store := newGraphStore(db, gate, slog.New(slog.DiscardHandler))
	c := newScriptedBlocks(3)
	s := newTestSpends(c)
	require.NoError(t, s.load(db))
	require.NoError(t, s.follow(t.Context(), c.tip()))
	store.at = s.last
	require.NoError(t, store.flush())

	again := newTestSpends(c)
	require.NoError(t, again.load(db))
	at, ok := again.last()
	require.True(t, ok)
	require.Equal(t, scanned{2, c.tip().Hash}, at)

	require.NoError(t, db.Append(channeldb.Batch{Puts: []channeldb.KV{put(bucketScan, []byte("last"), []byte{1, 2})}}))
	damaged := newTestSpends(c)
	require.NoError(t, damaged.load(db))
	_, ok = damaged.last()
	require.False(t, ok, "a row that can't be read is as good as none")
}
