package node

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// A route over nodes of the caller's choice is what they ask for, and can be sent.
func TestBuiltRouteCanBeSent(t *testing.T) {
	n, alice, bob, carol, dave := diamond(t)
	inv := dave.invoice(50_000 * sat)
	for _, via := range []*testNode{bob, carol} { // the cheap way and the dear one
		route, err := alice.BuildRoute(t.Context(), BuildRoute{Hops: []PubKey{via.self, dave.self}, Amount: 50_000 * sat})
		require.NoError(t, err)
		require.Equal(t, alice.to(via).channel().SCID(), route.Hops[0].SCID)
		require.Equal(t, via.to(dave).channel().SCID(), route.Hops[1].SCID)
		fee := via.policies.Policy(via.to(dave)).Fee(50_000 * sat)
		require.Equal(t, fee, route.TotalFees)
		require.Equal(t, 50_000*sat+fee, route.TotalAmount)
		require.Equal(t, fee, route.Hops[0].Fee)
		require.Equal(t, route.Hops[0].Expiry, route.Hops[1].Expiry, "the recipient is told what reaches it")
		require.EqualValues(t, 80, route.TotalTimeLock-route.Hops[0].Expiry)
	}
	route, err := alice.BuildRoute(t.Context(), BuildRoute{Hops: []PubKey{carol.self, dave.self}, Amount: 50_000 * sat,
		PaymentAddr: &inv.PaymentAddr, OutgoingChan: alice.to(carol).channel().SCID(), FinalCLTVDelta: uint32(inv.CLTVExpiry)})
	require.NoError(t, err)
	require.Equal(t, inv.PaymentAddr, *route.Hops[1].PaymentAddr)
	got, err := alice.SendToRoute(t.Context(), SendToRoute{Hash: inv.Hash, Route: route})
	require.NoError(t, err)
	require.Equal(t, AttemptSucceeded, got.Status, "%+v", got.Failure)
	n.settled(alice, bob, carol, dave)
	require.Equal(t, 50_000*sat, dave.balance())
}

// Without an amount it is the least that every channel takes.
func TestBuiltRouteOfTheLeastAmount(t *testing.T) {
	n := newTestNet(t)
	alice, carol := n.node("alice"), n.node("carol")
	bob := n.node("bob", func(c *Config) { c.Policy = DefaultPolicy; c.Policy.MinHTLC = 3 * sat })
	n.open(alice, bob, 1_000_000, 0)
	n.open(bob, carol, 1_000_000, 0)
	n.known(2, alice, bob, carol)
	route, err := alice.BuildRoute(t.Context(), BuildRoute{Hops: []PubKey{bob.self, carol.self}})
	require.NoError(t, err)
	require.Equal(t, 3*sat, route.Hops[1].AmountToForward)
	require.Equal(t, 3*sat+bob.policies.Policy(bob.to(carol)).Fee(3*sat), route.TotalAmount)
	_, err = alice.BuildRoute(t.Context(), BuildRoute{Hops: []PubKey{bob.self, carol.self}, Amount: 3*sat - 1})
	require.ErrorIs(t, err, ErrNoRoute)
}

func TestRoutesThatCantBeBuiltAreRefused(t *testing.T) {
	_, alice, bob, carol, dave := diamond(t)
	for name, c := range map[string]struct {
		req  BuildRoute
		want error
	}{
		"no hops":                  {BuildRoute{}, ErrInvalid},
		"too many":                 {BuildRoute{Hops: make([]PubKey, 21)}, ErrInvalid},
		"more than all":            {BuildRoute{Hops: []PubKey{bob.self}, Amount: 1 << 63}, ErrInvalid},
		"nodes that don't connect": {BuildRoute{Hops: []PubKey{bob.self, carol.self}, Amount: sat}, ErrNoRoute},
		"no peer":                  {BuildRoute{Hops: []PubKey{dave.self}, Amount: sat}, ErrNoRoute},
		"too much":                 {BuildRoute{Hops: []PubKey{bob.self, dave.self}, Amount: 1_000_001 * sat}, ErrNoRoute},
		"another's channel": {BuildRoute{Hops: []PubKey{bob.self}, Amount: sat,
			OutgoingChan: bob.to(dave).channel().SCID()}, ErrNoRoute},
		"a long lock": {BuildRoute{Hops: []PubKey{bob.self}, Amount: sat, FinalCLTVDelta: maxExpiryAhead + 1}, ErrNoRoute},
	} {
		_, err := alice.BuildRoute(t.Context(), c.req)
		require.ErrorIs(t, err, c.want, name)
	}
}

// A direction of a channel can be kept out of the search, ours and others'; what the recipient is to be
// told comes with the route.
func TestQueriedRouteAvoidsEdges(t *testing.T) {
	_, alice, bob, carol, dave := diamond(t)
	ask := func(edges ...Edge) Route {
		t.Helper()
		found, err := alice.QueryRoutes(t.Context(), QueryRoutes{Destination: dave.self, Amount: sat, FeeLimit: 1000 * sat,
			IgnoreEdges: edges, CustomRecords: map[uint64][]byte{65537: {1}}})
		require.NoError(t, err)
		require.Equal(t, map[uint64][]byte{65537: {1}}, found[0].Route.Hops[1].CustomRecords)
		require.Empty(t, found[0].Route.Hops[0].CustomRecords)
		return found[0].Route
	}
	edge := func(from, to *testNode) Edge {
		return Edge{SCID: from.to(to).channel().SCID(), Reverse: bytes.Compare(from.self[:], to.self[:]) > 0}
	}
	back := func(e Edge) Edge { e.Reverse = !e.Reverse; return e }
	require.Equal(t, PubKey(bob.self), ask().Hops[0].Node)
	for _, e := range []Edge{edge(alice, bob), edge(bob, dave)} {
		require.Equal(t, PubKey(carol.self), ask(e).Hops[0].Node)
		require.Equal(t, PubKey(bob.self), ask(back(e)).Hops[0].Node, "the other direction")
	}
}
