package rpcserver

import (
	"context"
	"iter"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/node"
)

// fakeMore is what a fakeNode answers about coins, messages, the network and the past.
type fakeMore struct {
	coins       []node.Coin
	txs         []node.Transaction
	gotConfs    [2]int32
	gotHeights  [2]int32
	unconfirmed bool
	signed      node.Signed
	edge        node.GraphEdge
	gotSCID     lnwire.ShortChannelID
	gotPoint    wire.OutPoint
	network     node.NetworkInfo
	forwards    node.ForwardPage
	gotForwards node.ListForwards
	invoices    []node.Invoice
	gotIndices  [2]uint64
	closed      []node.ClosedChannel
	events      []node.ChannelEvent
	peerEvents  []node.PeerEvent
	fakeEnforce
}

func (f *fakeNode) Unspent(_ context.Context, least, most int32) ([]node.Coin, error) {
	f.gotConfs = [2]int32{least, most}
	return f.coins, f.err
}

func (f *fakeNode) Transactions(_ context.Context, from, to int32, unconfirmed bool) ([]node.Transaction, error) {
	f.gotHeights, f.unconfirmed = [2]int32{from, to}, unconfirmed
	return f.txs, f.err
}

func (f *fakeNode) SignMessage(_ context.Context, msg []byte, _ bool) (string, error) {
	return "signed " + string(msg), f.err
}

func (f *fakeNode) VerifyMessage(context.Context, []byte, string) (node.Signed, error) {
	return f.signed, f.err
}

func (f *fakeNode) ChannelInfo(_ context.Context, scid lnwire.ShortChannelID) (node.GraphEdge, error) {
	f.gotSCID = scid
	return f.edge, f.err
}

func (f *fakeNode) ChannelInfoAt(_ context.Context, point wire.OutPoint) (node.GraphEdge, error) {
	f.gotPoint = point
	return f.edge, f.err
}

func (f *fakeNode) NetworkInfo(context.Context) (node.NetworkInfo, error) { return f.network, f.err }

func (f *fakeNode) SubscribePeers(context.Context) iter.Seq2[node.PeerEvent, error] {
	return all(f.peerEvents, f.err)
}
