package node

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A node that joins late learns by queries also what is too old for its filter.
func TestNewcomerLearnsWhatHappenedBeforeItCame(t *testing.T) {
	n, _, bob, _ := line(t)
	n.eventually("bob knows all", func() bool { s := bob.graph.Stats(); return s.Announced == 3 && s.Policies == 4 })
	later := func(c *Config) { c.Now = func() time.Time { return time.Now().Add(3 * time.Hour) } }
	dave := n.node("dave", later)
	info, err := dave.Info(t.Context())
	require.NoError(t, err)
	require.False(t, info.SyncedToGraph)

	n.connect(dave, bob)
	n.known(2, dave)
	n.eventually("dave has the nodes as well", func() bool { return dave.graph.Stats().Announced == 3 })
	n.eventually("dave says so", func() bool {
		info, err := dave.Info(t.Context())
		require.NoError(t, err)
		return info.SyncedToGraph
	})
	before, fee := dave.graph.Stats(), bob.cfg.Policy.BaseFee+7
	_, err = bob.UpdatePolicy(t.Context(), UpdatePolicy{BaseFee: &fee})
	require.NoError(t, err)
	n.eventually("dave hears the news", func() bool {
		changed := 0
		for c := range dave.graph.Channels() {
			if p := c.PolicyOf(bob.self); p != nil && p.FeeBase == uint32(fee) {
				changed++
			}
		}
		return changed == 2
	})
	require.Equal(t, before.Channels, dave.graph.Stats().Channels)
}
