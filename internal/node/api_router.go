package node

import (
	"context"
	"iter"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/router"
)

// RouterAPI is the part of API about routes and HTLCs.
type RouterAPI interface {
	// HTLCEvents streams what happens to HTLCs from now on; a reader that is too slow is told
	// so by ErrBusy.
	HTLCEvents(context.Context) iter.Seq2[HTLCEvent, error]
	// FailedForwards lists forwards that came to nothing, the newest first.
	FailedForwards(context.Context, ListFailedForwards) ([]FailedForward, error)

	// SendToRoute sends an HTLC along a route and returns how it ended.
	SendToRoute(context.Context, SendToRoute) (Attempt, error)
	// EstimateRouteFee tells what a payment would cost.
	EstimateRouteFee(context.Context, RouteFee) (RouteCost, error)
	// BuildRoute makes a route of the nodes that it is to pass.
	BuildRoute(context.Context, BuildRoute) (Route, error)
	// TrackPayments streams all payments, those in flight first; a reader that is too slow is told
	// so by ErrBusy.
	TrackPayments(context.Context) iter.Seq2[Payment, error]

	MissionControl(context.Context) ([]router.Pair, error)
	ResetMissionControl(context.Context) error
	ImportMissionControl(ctx context.Context, pairs []router.Pair, force bool) error
	MissionControlSettings(context.Context) (router.Settings, error)
	PairProbability(ctx context.Context, from, to PubKey, amount lnwire.MilliSatoshi) (float64, router.Pair, error)
}
