package node

import (
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/router"
)

// What a payment taught is told pair by pair, and is gone when it is reset.
func TestMissionControlTellsWhatPaymentsTaught(t *testing.T) {
	n, alice, bob, carol := line(t)
	p := alice.pay(carol.invoice(10_000 * sat).PaymentRequest)
	require.Equal(t, PaymentSucceeded, p.Status)
	n.settled(alice, bob, carol)
	all, err := alice.MissionControl(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, router.Node(bob.self), all[1].From)
	require.Equal(t, router.Node(carol.self), all[1].To)
	require.Equal(t, 10_000*sat, all[1].Passed)
	require.True(t, all[1].FailedAt.IsZero())
	require.WithinDuration(t, time.Now(), all[1].PassedAt, time.Minute)
	chance, pair, err := alice.PairProbability(t.Context(), bob.self, carol.self, 10_000*sat)
	require.NoError(t, err)
	require.Greater(t, chance, 0.98)
	require.Equal(t, all[1], pair)

	require.NoError(t, alice.ResetMissionControl(t.Context()))
	all, err = alice.MissionControl(t.Context())
	require.NoError(t, err)
	require.Empty(t, all)

	told := router.Pair{From: bob.self, To: carol.self, Failed: sat, FailedAt: time.Now()}
	require.NoError(t, alice.ImportMissionControl(t.Context(), []router.Pair{told}, false))
	chance, _, err = alice.PairProbability(t.Context(), bob.self, carol.self, 10_000*sat)
	require.NoError(t, err)
	require.Less(t, chance, 0.01)
}

// A node that failed as such is told as failing with each of its peers.
func TestMissionControlTellsOfNodesThatFailed(t *testing.T) {
	_, alice, bob, carol := line(t)
	route, err := alice.QueryRoutes(t.Context(), QueryRoutes{Destination: carol.self, Amount: sat, FeeLimit: 100 * sat})
	require.NoError(t, err)
	at := time.Now()
	alice.routes.history.Report(router.Attempt{
		Route:    asRouterRoute(alice.self, alice.chainHash(), &route[0].Route),
		FailedAt: 1, Code: lnwire.CodeTemporaryNodeFailure, Now: at,
	})
	all, err := alice.MissionControl(t.Context())
	require.NoError(t, err)
	failed := map[[2]router.Node]bool{}
	for _, p := range all {
		if !p.FailedAt.IsZero() {
			require.Zero(t, p.Failed)
			failed[[2]router.Node{p.From, p.To}] = true
		}
	}
	a, b, c := router.Node(alice.self), router.Node(bob.self), router.Node(carol.self)
	require.Equal(t, map[[2]router.Node]bool{{a, b}: true, {b, a}: true, {b, c}: true, {c, b}: true}, failed)
}
