package node

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
)

// What a call of API may fail with. An error wraps at most one of these; its text
// is shown to the caller as it is, so it names the numbers and never a secret.
var (
	// ErrNotFound: the thing asked about isn't known here.
	ErrNotFound = errors.New("node: not found")
	// ErrInvalid: the request contradicts itself or the protocol; repeating it is useless.
	ErrInvalid = errors.New("node: invalid request")
	// ErrUnimplemented: a client of lnd may ask this, and nwnd doesn't do it.
	ErrUnimplemented = errors.New("node: not implemented")
	// ErrBusy: a limit on concurrent work is reached; later it may go.
	ErrBusy = errors.New("node: too busy")
	// ErrNotReady: the node is starting, or not synced to the chain.
	ErrNotReady = errors.New("node: not ready")
	// ErrStopped: the node is stopping or has stopped.
	ErrStopped = errors.New("node: stopped")
	// ErrInsufficientFunds: the wallet or the channels hold too little.
	ErrInsufficientFunds = errors.New("node: insufficient funds")
	// ErrPeerOffline: the call needs a connected peer.
	ErrPeerOffline = errors.New("node: peer is not connected")
	// ErrAlreadyConnected: ConnectPeer for a peer that is connected.
	ErrAlreadyConnected = errors.New("node: already connected to peer")
	// ErrAlreadyPaid: the payment hash was paid before.
	ErrAlreadyPaid = errors.New("node: invoice is already paid")
	// ErrInTransition: a payment with this hash is in flight.
	ErrInTransition = errors.New("node: payment is in transition")
	// ErrDuplicate: an invoice with this payment hash exists.
	ErrDuplicate = errors.New("node: already exists")
	// ErrNoRoute: QueryRoutes found no way.
	ErrNoRoute = errors.New("node: unable to find a path to destination")
	// ErrNotEnforceable: this node's data of the channel is old, so only the peer can close it.
	ErrNotEnforceable = errors.New("node: the channel can't be closed from here")
	// ErrNoChain: the call is about assets, and the node follows no EVM chain.
	ErrNoChain = errors.New("node: no EVM chain is configured: see evm.chain")
)

// PubKey is a node's compressed public key, as gossip carries it.
type PubKey = [33]byte

// API is what the RPC server asks of a running node. Every method is safe for
// concurrent use. The context governs the call, never what the call set going: a
// payment or a channel that was begun goes on when its caller leaves.
//
// A sequence does nothing until it is ranged over; it ends after the last update,
// or after an error, which comes alone with the zero value. It never holds the
// node up: a slow reader sees fewer, later states.
type API interface {
	Info(context.Context) (Info, error)
	// Recovery tells how far the search for the coins of a restored wallet has got.
	Recovery(context.Context) (Recovery, error)

	WalletBalance(ctx context.Context, minConfs int32) (WalletBalance, error)
	// RequiredReserve is what must stay in the wallet to raise the fees of force closes if so
	// many channels more were opened.
	RequiredReserve(ctx context.Context, more uint32) (btcutil.Amount, error)
	NewAddress(context.Context, AddressType) (btcutil.Address, error)
	SendCoins(context.Context, SendCoins) (chainhash.Hash, error)
	Accounts(context.Context) ([]Account, error)
	EstimateFee(ctx context.Context, target uint32) (FeeEstimate, error)
	// Blocks streams the last block, now and whenever it changes; with a block to begin after,
	// first those behind it.
	Blocks(ctx context.Context, after *Block) iter.Seq2[Block, error]
	Confirmations(context.Context, ConfWatch) iter.Seq2[ConfEvent, error]
	Spends(context.Context, SpendWatch) iter.Seq2[SpendEvent, error]
	// Unspent lists the coins with so many confirmations (both included) that are free to spend.
	Unspent(ctx context.Context, minConfs, maxConfs int32) ([]Coin, error)
	// Transactions lists those in blocks of the given heights (both included), oldest
	// first; with unconfirmed also those in no block, last.
	Transactions(ctx context.Context, from, to int32, unconfirmed bool) ([]Transaction, error)
	SendMany(context.Context, SendMany) (chainhash.Hash, error)
	EstimateSend(context.Context, SendMany) (SendEstimate, error)
	WalletTransaction(context.Context, chainhash.Hash) (Transaction, error)
	LabelTransaction(ctx context.Context, txid chainhash.Hash, label string, overwrite bool) error
	PublishTransaction(ctx context.Context, tx *wire.MsgTx, label string) error
	// SubscribeTransactions streams the wallet's as they are seen, and again when they are in
	// a block.
	SubscribeTransactions(context.Context) iter.Seq2[Transaction, error]
	WalletAddresses(context.Context) ([]WalletAddress, error)
	BumpFee(context.Context, BumpFee) (Bump, error)
	Bumps(context.Context) ([]BumpState, error)
	LeaseCoin(ctx context.Context, id [32]byte, coin wire.OutPoint, length time.Duration) (time.Time, error)
	ReleaseCoin(ctx context.Context, id [32]byte, coin wire.OutPoint) error
	Leases(context.Context) ([]Lease, error)

	// SignMessage signs with the node's key; VerifyMessage tells whose signature it is.
	SignMessage(ctx context.Context, msg []byte, singleHash bool) (string, error)
	VerifyMessage(ctx context.Context, msg []byte, signature string) (Signed, error)

	ConnectPeer(context.Context, ConnectPeer) error
	DisconnectPeer(context.Context, PubKey) error
	ListPeers(context.Context) ([]Peer, error)
	// SubscribePeers streams peers that come and go from now on; a reader that is too slow is
	// told so by ErrBusy.
	SubscribePeers(context.Context) iter.Seq2[PeerEvent, error]

	OpenChannel(context.Context, OpenChannel) iter.Seq2[OpenUpdate, error]
	CloseChannel(context.Context, CloseChannel) iter.Seq2[CloseUpdate, error]
	ListChannels(context.Context) ([]Channel, error)
	PendingChannels(context.Context) (PendingChannels, error)
	// ClosedChannels lists the channels that are no more, the last one closed last.
	ClosedChannels(context.Context) ([]ClosedChannel, error)
	// ChannelEvents streams what happens from now on; a reader that is too slow is told
	// so by ErrBusy.
	ChannelEvents(context.Context) iter.Seq2[ChannelEvent, error]
	// AbandonChannel forgets a channel without closing it. What is in it is lost: builds for
	// tests alone do it.
	AbandonChannel(context.Context, wire.OutPoint) error
	// Sweeps lists what is being taken of channels on chain.
	Sweeps(context.Context) ([]Sweep, error)
	// Alerts lists what is wrong now, the oldest first.
	Alerts(context.Context) ([]Alert, error)
	AlertCounts(context.Context) ([]AlertCount, error)
	ChannelBalance(context.Context) (ChannelBalance, error)
	FeeReport(context.Context) (FeeReport, error)
	UpdatePolicy(context.Context, UpdatePolicy) ([]FailedPolicyUpdate, error)
	ListForwards(context.Context, ListForwards) (ForwardPage, error)

	AddInvoice(context.Context, AddInvoice) (Invoice, error)
	LookupInvoice(context.Context, lntypes.Hash) (Invoice, error)
	SettleInvoice(context.Context, lntypes.Preimage) error
	CancelInvoice(context.Context, lntypes.Hash) error
	SubscribeInvoice(context.Context, lntypes.Hash) iter.Seq2[Invoice, error]
	ListInvoices(context.Context, ListInvoices) (InvoicePage, error)
	// SubscribeInvoices streams invoices as they are added and as they are settled; first
	// those that were since the given indices, where these aren't 0. A reader that is too
	// slow is told so by ErrBusy.
	SubscribeInvoices(ctx context.Context, added, settled uint64) iter.Seq2[Invoice, error]
	DecodePayReq(ctx context.Context, invoice string) (PayReq, error)

	SendPayment(context.Context, SendPayment) iter.Seq2[Payment, error]
	TrackPayment(context.Context, lntypes.Hash) iter.Seq2[Payment, error]
	ListPayments(context.Context, ListPayments) (PaymentPage, error)

	// DescribeGraph hands nodes and edges one at a time, so that a large graph
	// isn't held twice; an error from a function ends it and is returned.
	DescribeGraph(ctx context.Context, includeUnannounced bool, node func(GraphNode) error, edge func(GraphEdge) error) error
	NodeInfo(ctx context.Context, key PubKey, withChannels bool) (NodeInfo, error)
	// ChannelInfo finds a channel by its id, or by its funding output where it is ours.
	ChannelInfo(context.Context, lnwire.ShortChannelID) (GraphEdge, error)
	ChannelInfoAt(context.Context, wire.OutPoint) (GraphEdge, error)
	NetworkInfo(context.Context) (NetworkInfo, error)
	QueryRoutes(context.Context, QueryRoutes) ([]RouteFound, error)

	RouterAPI
	BackupAPI
}
