package rpcserver

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/node"
	routing "github.com/nichework/nwnd/router"
)

var errDead = errors.New("this node answers nothing")

// deadNode is a node that refuses all that it is asked.
type deadNode struct{ node.API }

func dead[T any]() iter.Seq2[T, error] { return all[T](nil, errDead) }

func (deadNode) AbandonChannel(context.Context, wire.OutPoint) error { return errDead }
func (deadNode) Alerts(context.Context) ([]node.Alert, error)        { return nil, errDead }
func (deadNode) AlertCounts(context.Context) ([]node.AlertCount, error) {
	return nil, errDead
}
func (deadNode) Sweeps(context.Context) ([]node.Sweep, error) { return nil, errDead }
func (deadNode) Accounts(context.Context) ([]node.Account, error) {
	return *new([]node.Account), errDead
}
func (deadNode) AddInvoice(context.Context, node.AddInvoice) (node.Invoice, error) {
	return *new(node.Invoice), errDead
}
func (deadNode) Blocks(context.Context, *node.Block) iter.Seq2[node.Block, error] {
	return dead[node.Block]()
}
func (deadNode) BuildRoute(context.Context, node.BuildRoute) (node.Route, error) {
	return *new(node.Route), errDead
}
func (deadNode) BumpFee(context.Context, node.BumpFee) (node.Bump, error) {
	return *new(node.Bump), errDead
}
func (deadNode) Bumps(context.Context) ([]node.BumpState, error) {
	return *new([]node.BumpState), errDead
}
func (deadNode) CancelInvoice(context.Context, lntypes.Hash) error { return errDead }
func (deadNode) ChannelBalance(context.Context) (node.ChannelBalance, error) {
	return *new(node.ChannelBalance), errDead
}
func (deadNode) ChannelEvents(context.Context) iter.Seq2[node.ChannelEvent, error] {
	return dead[node.ChannelEvent]()
}
func (deadNode) ChannelInfo(context.Context, lnwire.ShortChannelID) (node.GraphEdge, error) {
	return *new(node.GraphEdge), errDead
}
func (deadNode) ChannelInfoAt(context.Context, wire.OutPoint) (node.GraphEdge, error) {
	return *new(node.GraphEdge), errDead
}
func (deadNode) CloseChannel(context.Context, node.CloseChannel) iter.Seq2[node.CloseUpdate, error] {
	return dead[node.CloseUpdate]()
}
func (deadNode) ClosedChannels(context.Context) ([]node.ClosedChannel, error) {
	return *new([]node.ClosedChannel), errDead
}
func (deadNode) ConnectPeer(context.Context, node.ConnectPeer) error { return errDead }
func (deadNode) DecodePayReq(context.Context, string) (node.PayReq, error) {
	return *new(node.PayReq), errDead
}
func (deadNode) DescribeGraph(context.Context, bool, func(node.GraphNode) error, func(node.GraphEdge) error) error {
	return errDead
}
func (deadNode) DisconnectPeer(context.Context, node.PubKey) error { return errDead }
func (deadNode) EstimateFee(context.Context, uint32) (node.FeeEstimate, error) {
	return *new(node.FeeEstimate), errDead
}
func (deadNode) EstimateRouteFee(context.Context, node.RouteFee) (node.RouteCost, error) {
	return *new(node.RouteCost), errDead
}
func (deadNode) EstimateSend(context.Context, node.SendMany) (node.SendEstimate, error) {
	return *new(node.SendEstimate), errDead
}
func (deadNode) FailedForwards(context.Context, node.ListFailedForwards) ([]node.FailedForward, error) {
	return *new([]node.FailedForward), errDead
}
func (deadNode) FeeReport(context.Context) (node.FeeReport, error) {
	return *new(node.FeeReport), errDead
}
func (deadNode) HTLCEvents(context.Context) iter.Seq2[node.HTLCEvent, error] {
	return dead[node.HTLCEvent]()
}
func (deadNode) ImportMissionControl(context.Context, []routing.Pair, bool) error     { return errDead }
func (deadNode) Info(context.Context) (node.Info, error)                              { return *new(node.Info), errDead }
func (deadNode) LabelTransaction(context.Context, chainhash.Hash, string, bool) error { return errDead }
func (deadNode) LeaseCoin(context.Context, [32]byte, wire.OutPoint, time.Duration) (time.Time, error) {
	return *new(time.Time), errDead
}
func (deadNode) Leases(context.Context) ([]node.Lease, error) { return *new([]node.Lease), errDead }
func (deadNode) ListChannels(context.Context) ([]node.Channel, error) {
	return *new([]node.Channel), errDead
}
func (deadNode) ListForwards(context.Context, node.ListForwards) (node.ForwardPage, error) {
	return *new(node.ForwardPage), errDead
}
func (deadNode) ListInvoices(context.Context, node.ListInvoices) (node.InvoicePage, error) {
	return *new(node.InvoicePage), errDead
}
func (deadNode) ListPayments(context.Context, node.ListPayments) (node.PaymentPage, error) {
	return *new(node.PaymentPage), errDead
}
func (deadNode) ListPeers(context.Context) ([]node.Peer, error) { return *new([]node.Peer), errDead }
func (deadNode) LookupInvoice(context.Context, lntypes.Hash) (node.Invoice, error) {
	return *new(node.Invoice), errDead
}
func (deadNode) MissionControl(context.Context) ([]routing.Pair, error) {
	return *new([]routing.Pair), errDead
}
func (deadNode) MissionControlSettings(context.Context) (routing.Settings, error) {
	return *new(routing.Settings), errDead
}
func (deadNode) NetworkInfo(context.Context) (node.NetworkInfo, error) {
	return *new(node.NetworkInfo), errDead
}
func (deadNode) NewAddress(context.Context, node.AddressType) (btcutil.Address, error) {
	return *new(btcutil.Address), errDead
}
func (deadNode) NodeInfo(context.Context, node.PubKey, bool) (node.NodeInfo, error) {
	return *new(node.NodeInfo), errDead
}
func (deadNode) OpenChannel(context.Context, node.OpenChannel) iter.Seq2[node.OpenUpdate, error] {
	return dead[node.OpenUpdate]()
}
func (deadNode) PairProbability(context.Context, node.PubKey, node.PubKey, lnwire.MilliSatoshi) (float64, routing.Pair, error) {
	return *new(float64), *new(routing.Pair), errDead
}
func (deadNode) PendingChannels(context.Context) (node.PendingChannels, error) {
	return *new(node.PendingChannels), errDead
}
func (deadNode) PublishTransaction(context.Context, *wire.MsgTx, string) error { return errDead }
func (deadNode) QueryRoutes(context.Context, node.QueryRoutes) ([]node.RouteFound, error) {
	return *new([]node.RouteFound), errDead
}
func (deadNode) Recovery(context.Context) (node.Recovery, error)            { return *new(node.Recovery), errDead }
func (deadNode) ReleaseCoin(context.Context, [32]byte, wire.OutPoint) error { return errDead }
func (deadNode) ResetMissionControl(context.Context) error                  { return errDead }
func (deadNode) SendCoins(context.Context, node.SendCoins) (chainhash.Hash, error) {
	return *new(chainhash.Hash), errDead
}
func (deadNode) SendMany(context.Context, node.SendMany) (chainhash.Hash, error) {
	return *new(chainhash.Hash), errDead
}
func (deadNode) SendPayment(context.Context, node.SendPayment) iter.Seq2[node.Payment, error] {
	return dead[node.Payment]()
}
func (deadNode) SendToRoute(context.Context, node.SendToRoute) (node.Attempt, error) {
	return *new(node.Attempt), errDead
}
func (deadNode) SettleInvoice(context.Context, lntypes.Preimage) error { return errDead }
func (deadNode) SignMessage(context.Context, []byte, bool) (string, error) {
	return *new(string), errDead
}
func (deadNode) SubscribeInvoice(context.Context, lntypes.Hash) iter.Seq2[node.Invoice, error] {
	return dead[node.Invoice]()
}
func (deadNode) SubscribeInvoices(context.Context, uint64, uint64) iter.Seq2[node.Invoice, error] {
	return dead[node.Invoice]()
}
func (deadNode) SubscribePeers(context.Context) iter.Seq2[node.PeerEvent, error] {
	return dead[node.PeerEvent]()
}
func (deadNode) SubscribeTransactions(context.Context) iter.Seq2[node.Transaction, error] {
	return dead[node.Transaction]()
}
func (deadNode) TrackPayment(context.Context, lntypes.Hash) iter.Seq2[node.Payment, error] {
	return dead[node.Payment]()
}
func (deadNode) TrackPayments(context.Context) iter.Seq2[node.Payment, error] {
	return dead[node.Payment]()
}
func (deadNode) Transactions(context.Context, int32, int32, bool) ([]node.Transaction, error) {
	return *new([]node.Transaction), errDead
}
func (deadNode) Unspent(context.Context, int32, int32) ([]node.Coin, error) {
	return *new([]node.Coin), errDead
}
func (deadNode) UpdatePolicy(context.Context, node.UpdatePolicy) ([]node.FailedPolicyUpdate, error) {
	return *new([]node.FailedPolicyUpdate), errDead
}
func (deadNode) VerifyMessage(context.Context, []byte, string) (node.Signed, error) {
	return *new(node.Signed), errDead
}
func (deadNode) WalletAddresses(context.Context) ([]node.WalletAddress, error) {
	return *new([]node.WalletAddress), errDead
}
func (deadNode) RequiredReserve(context.Context, uint32) (btcutil.Amount, error) { return 0, errDead }
func (deadNode) WalletBalance(context.Context, int32) (node.WalletBalance, error) {
	return *new(node.WalletBalance), errDead
}
func (deadNode) WalletTransaction(context.Context, chainhash.Hash) (node.Transaction, error) {
	return *new(node.Transaction), errDead
}
func (deadNode) Confirmations(context.Context, node.ConfWatch) iter.Seq2[node.ConfEvent, error] {
	return dead[node.ConfEvent]()
}
func (deadNode) Spends(context.Context, node.SpendWatch) iter.Seq2[node.SpendEvent, error] {
	return dead[node.SpendEvent]()
}
