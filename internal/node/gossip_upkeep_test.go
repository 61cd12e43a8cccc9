package node

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// saysDisabled is whether a node's graph has another's channel to a third as disabled.
func (n *testNode) saysDisabled(from, to *testNode) bool {
	for _, c := range n.graph.ChannelsOf(from.self) {
		if p := c.PolicyOf(from.self); p != nil && (c.Nodes[0] == to.self || c.Nodes[1] == to.self) {
			return p.Disabled
		}
	}
	return false
}

func TestChannelIsDisabledWhileItsPeerIsAwayForLong(t *testing.T) {
	n, alice, bob, carol := line(t)
	u, now := &upkeep{n: bob.Node}, time.Now()
	u.tick(now)
	require.NoError(t, carol.stop())
	n.eventually("bob lost carol", func() bool { return !bob.to(carol).channel().Connected() })

	now = now.Add(upkeepEvery)
	u.tick(now)
	u.tick(now.Add(disableAfter - time.Second))
	require.False(t, bob.saysDisabled(bob, carol))
	u.tick(now.Add(disableAfter - time.Second + upkeepEvery))
	require.True(t, bob.saysDisabled(bob, carol))
	require.False(t, bob.saysDisabled(bob, alice))
	n.eventually("alice was told", func() bool { return alice.saysDisabled(bob, carol) })
	stamp := bob.policies.Update(bob.to(carol)).Timestamp
	u.tick(now.Add(2 * disableAfter))
	require.Equal(t, stamp, bob.policies.Update(bob.to(carol)).Timestamp, "it is said once")

	carol.start()
	n.eventually("carol is back", func() bool { return bob.usable() })
	u.tick(now.Add(3 * disableAfter))
	require.False(t, bob.saysDisabled(bob, carol))
	n.eventually("alice was told", func() bool { return !alice.saysDisabled(bob, carol) })
}

func TestAShortAbsenceIsToldToNobody(t *testing.T) {
	n, _, bob, carol := line(t)
	u, now := &upkeep{n: bob.Node}, time.Now()
	for range 5 {
		require.NoError(t, carol.stop())
		n.eventually("bob lost carol", func() bool { return !bob.to(carol).channel().Connected() })
		u.tick(now)
		now = now.Add(disableAfter / 2)
		u.tick(now)
		carol.start()
		n.eventually("carol is back", func() bool { return bob.usable() })
		now = now.Add(upkeepEvery)
		u.tick(now)
	}
	require.False(t, bob.saysDisabled(bob, carol))
}

func TestOwnAnnouncementsAreToldAnewBeforeTheyAreStale(t *testing.T) {
	n, alice, bob, carol := line(t)
	u := &upkeep{n: bob.Node}
	d := bob.to(carol)
	n.eventually("bob is announced", func() bool { return bob.announcedNode() != nil })
	update, node := bob.policies.Update(d), bob.announcedNode()

	u.tick(time.Now().Add(refreshAfter - time.Hour))
	require.Equal(t, update, bob.policies.Update(d))
	u.tick(time.Now().Add(refreshAfter + time.Hour))
	require.Greater(t, bob.policies.Update(d).Timestamp, update.Timestamp)
	require.Greater(t, bob.announcedNode().Timestamp, node.Timestamp)
	n.eventually("alice was told", func() bool {
		v, _ := alice.graph.Node(bob.self)
		return v.Announcement != nil && v.Announcement.Timestamp == bob.announcedNode().Timestamp
	})
}
