package node

import (
	"log/slog"
	"math"
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/router"
)

// A node that starts again knows the network before it has heard of any peer.
func TestGraphSurvivesARestart(t *testing.T) {
	n, alice, bob, carol := line(t)
	n.known(2, alice, bob, carol)
	n.eventually("alice knows the others' names", func() bool { return alice.graph.Stats().Announced == 3 })
	before := alice.graph.Stats()

	require.NoError(t, alice.stop())
	require.NoError(t, bob.stop())
	require.NoError(t, carol.stop())
	alice.start()
	n.eventually("alice is up", func() bool { return len(alice.sw.channels()) == 1 })
	after := alice.graph.Stats()
	before.Bytes, after.Bytes = 0, 0
	require.Equal(t, before, after)
}

// Whatever commit the machine dies at, the graph that is found again has all of each channel that
// it has, and the node starts.
func TestGraphIsLoadableAfterACrashAtAnyCommit(t *testing.T) {
	n, alice, bob, carol := line(t)
	n.known(2, alice, bob, carol)
	for _, outcome := range []dbtest.Outcome{dbtest.Lost, dbtest.Kept} {
		for at := 0; ; at++ {
			disk := dbtest.New(t)
			db := disk.Open()
			gate := heardAgain(t, alice)
			store := newGraphStore(db, gate, slog.New(slog.DiscardHandler))
			disk.FailAt(at, outcome)
			var err error
			for more := true; more && err == nil; { // a row at a time
				more, err = store.write(1, 1<<20)
			}
			disk.Crash()
			disk.FailAt(-1_000_000, outcome)
			fresh := router.NewGossip(router.NewGraph(), router.GossipConfig{Chains: []chainhash.Hash{alice.chainHash()}})
			require.NoError(t, newGraphStore(disk.Open(), fresh, slog.New(slog.DiscardHandler)).load(), "commit %d", at)
			require.LessOrEqual(t, fresh.Graph().Stats().Channels, 2)
			for c := range fresh.Graph().Channels() {
				want, ok := alice.graph.Channel(c.ID)
				require.True(t, ok)
				require.Equal(t, want, c)
			}
			if err == nil {
				require.Equal(t, alice.graph.Stats(), fresh.Graph().Stats())
				require.Greater(t, at, 3, "no commit was hit")
				break
			}
		}
	}
}

// heardAgain is a graph that was told by gossip all that a node knows, none of it stored yet.
func heardAgain(t *testing.T, n *testNode) *router.Gossip {
	gate := router.NewGossip(router.NewGraph(), router.GossipConfig{Chains: []chainhash.Hash{n.chainHash()}})
	gate.Graph().Journal()
	filter := router.Filter{Chain: n.chainHash(), Range: math.MaxUint32}
	for c := (router.Cursor{}); !c.Done(); {
		for _, raw := range n.gossip.gate.Backlog(&c, filter, 10) {
			msg, err := raw.Parsed()
			require.NoError(t, err)
			check, err := gate.Receive(n.self, msg, n.now())
			require.NoError(t, err)
			if check != nil {
				known, _ := n.graph.Channel(check.ID())
				check.Funding = known.Funding
				require.NoError(t, gate.Confirm(check, known.Capacity, n.now()))
			}
		}
	}
	return gate
}

func TestRowsThatCantBeUsedAreDeleted(t *testing.T) {
	db := dbtest.New(t).Open()
	require.NoError(t, db.Append(channeldb.Batch{Puts: []channeldb.KV{
		put(bucketGraph, []byte("bad"), []byte{1, 2, 3}),
		put(bucketGraphNodes, []byte("bad"), []byte{1, 2, 3}),
	}}))
	gate := router.NewGossip(router.NewGraph(), router.GossipConfig{})
	require.NoError(t, newGraphStore(db, gate, slog.New(slog.DiscardHandler)).load())
	for _, b := range []string{bucketGraph, bucketGraphNodes} {
		count, err := db.Count(b)
		require.NoError(t, err)
		require.Zero(t, count)
	}
}
