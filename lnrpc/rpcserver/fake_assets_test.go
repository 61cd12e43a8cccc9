package rpcserver

import (
	"context"
	"iter"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/ethereum/go-ethereum/common"
	"github.com/lightningnetwork/lnd/lntypes"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// assetNode is a fakeNode that follows an EVM chain. It keeps what it was asked.
type assetNode struct {
	*fakeNode
	mu   sync.Mutex
	name string // of the last call
	got  any    // what it was asked
	err  error  // of every call

	assets   []node.Asset
	balances []node.AssetBalance
	chains   []node.EVMChain
	channels []node.TokenChannel
	invoices []node.TokenInvoice
	payments []node.TokenPayment
	decoded  node.TokenPayReq
	allowed  node.Allowance
	price    node.Price
	metered  []node.MeterBalance
	fees     node.AssetFeeReport

	forwarded node.AssetForwardPage
}

// The things that the tests are about.
var (
	adjudicatorAt = common.HexToAddress("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
	tokenAt       = common.HexToAddress("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")
	someone       = common.HexToAddress("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")
	miles         = node.Asset{
		Asset:  evm.Asset{ChainID: 1337, Adjudicator: adjudicatorAt, Token: tokenAt, Decimals: 8},
		Symbol: "MILES", Name: "Miles \xff", Chain: "dev", Channels: 2, ID: node.AssetID{0xaa},
	}
	milesMessage = &nwnrpc.Asset{
		Id: "aa" + zeros(62), Symbol: "MILES", Name: "Miles ?", Chain: "dev", ChainId: 1337, Adjudicator: adjudicatorAt.Hex(),
		Token: tokenAt.Hex(), Decimals: 8, UnitExponent: 2, NumChannels: 2,
	}
	tokenPoint = wire.OutPoint{Hash: chainhash.Hash{1, 2}}
	someTx     = common.Hash{0xee}
	someTxText = "0xee" + zeros(62)
)

func zeros(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = '0'
	}
	return string(b)
}

// upWithAssets is a server with a node behind it that follows an EVM chain.
func upWithAssets(t testing.TB) (*world, *assetNode) {
	w := serve(t, true, nil)
	n := &assetNode{fakeNode: w.node, assets: []node.Asset{miles}}
	w.Unlocked()
	w.Activate(n)
	w.Ready()
	return w, n
}

// keep notes a call.
func (n *assetNode) keep(name string, got any) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.name, n.got = name, got
	return n.err
}

func (n *assetNode) Chains(context.Context) ([]node.EVMChain, error) {
	return n.chains, n.keep("Chains", nil)
}

func (n *assetNode) AddAsset(_ context.Context, r node.AddAsset) (node.Asset, error) {
	return miles, n.keep("AddAsset", r)
}

func (n *assetNode) RemoveAsset(_ context.Context, symbol string) error {
	return n.keep("RemoveAsset", symbol)
}

func (n *assetNode) Assets(context.Context) ([]node.Asset, error) {
	return n.assets, n.keep("Assets", nil)
}

func (n *assetNode) AssetBalances(context.Context) ([]node.AssetBalance, error) {
	return n.balances, n.keep("AssetBalances", nil)
}

func (n *assetNode) AssetAddress(_ context.Context, symbol string) (common.Address, error) {
	return someone, n.keep("AssetAddress", symbol)
}

func (n *assetNode) SendAsset(_ context.Context, r node.SendAsset) (common.Hash, error) {
	return someTx, n.keep("SendAsset", r)
}

func (n *assetNode) Allowance(_ context.Context, symbol string, amount *big.Int) (node.Allowance, error) {
	return n.allowed, n.keep("Allowance", []any{symbol, amount.String()})
}

func (n *assetNode) OpenTokenChannel(_ context.Context, r node.OpenTokenChannel) iter.Seq2[node.OpenUpdate, error] {
	err := n.keep("OpenTokenChannel", r)
	return all([]node.OpenUpdate{{ChannelPoint: tokenPoint}, {ChannelPoint: tokenPoint, Open: true, Deposit: someTx}}, err)
}

func (n *assetNode) CloseTokenChannel(_ context.Context, r node.CloseTokenChannel) iter.Seq2[node.TokenCloseUpdate, error] {
	err := n.keep("CloseTokenChannel", r)
	return all([]node.TokenCloseUpdate{{Tx: someTx}, {Tx: someTx, Closed: true}}, err)
}

func (n *assetNode) DepositToChannel(_ context.Context, p wire.OutPoint, units uint64) (common.Hash, error) {
	return someTx, n.keep("DepositToChannel", []any{p, units})
}

func (n *assetNode) WithdrawFromChannel(_ context.Context, p wire.OutPoint, units uint64) (common.Hash, error) {
	return someTx, n.keep("WithdrawFromChannel", []any{p, units})
}

func (n *assetNode) TokenChannels(context.Context) ([]node.TokenChannel, error) {
	return n.channels, n.keep("TokenChannels", nil)
}

func (n *assetNode) AddTokenInvoice(_ context.Context, r node.AddTokenInvoice) (node.TokenInvoice, error) {
	return n.invoice(), n.keep("AddTokenInvoice", r)
}

func (n *assetNode) TokenInvoice(_ context.Context, h lntypes.Hash) (node.TokenInvoice, error) {
	return n.invoice(), n.keep("TokenInvoice", h)
}

func (n *assetNode) invoice() (i node.TokenInvoice) {
	if len(n.invoices) > 0 {
		i = n.invoices[0]
	}
	return i
}

func (n *assetNode) TokenInvoices(_ context.Context, r node.ListInvoices) ([]node.TokenInvoice, error) {
	return n.invoices, n.keep("TokenInvoices", r)
}

func (n *assetNode) SettleTokenInvoice(_ context.Context, p lntypes.Preimage) error {
	return n.keep("SettleTokenInvoice", p)
}

func (n *assetNode) CancelTokenInvoice(_ context.Context, h lntypes.Hash) error {
	return n.keep("CancelTokenInvoice", h)
}

func (n *assetNode) SubscribeTokenInvoice(_ context.Context, h lntypes.Hash) iter.Seq2[node.TokenInvoice, error] {
	err := n.keep("SubscribeTokenInvoice", h)
	return all(n.invoices, err)
}

func (n *assetNode) DecodeTokenInvoice(_ context.Context, s string) (node.TokenPayReq, error) {
	return n.decoded, n.keep("DecodeTokenInvoice", s)
}

func (n *assetNode) PayToken(_ context.Context, r node.PayToken) iter.Seq2[node.TokenPayment, error] {
	err := n.keep("PayToken", r)
	return all(n.payments, err)
}

func (n *assetNode) TrackTokenPayment(_ context.Context, h lntypes.Hash) iter.Seq2[node.TokenPayment, error] {
	err := n.keep("TrackTokenPayment", h)
	return all(n.payments, err)
}

func (n *assetNode) TokenPayments(_ context.Context, r node.ListPayments) ([]node.TokenPayment, error) {
	return n.payments, n.keep("TokenPayments", r)
}

func (n *assetNode) UpdateAssetPolicy(_ context.Context, r node.UpdateAssetPolicy) (int, []node.FailedPolicyUpdate, error) {
	return 2, []node.FailedPolicyUpdate{{ChannelPoint: tokenPoint, Reason: "too\nmuch"}}, n.keep("UpdateAssetPolicy", r)
}

func (n *assetNode) AssetFeeReport(context.Context) (node.AssetFeeReport, error) {
	return n.fees, n.keep("AssetFeeReport", nil)
}

func (n *assetNode) AssetForwards(_ context.Context, r node.AssetForwards) (node.AssetForwardPage, error) {
	return n.forwarded, n.keep("AssetForwards", r)
}

func (n *assetNode) CreatePoints(_ context.Context, r node.CreatePoints) (node.Asset, error) {
	return miles, n.keep("CreatePoints", r)
}

func (n *assetNode) IssuePoints(_ context.Context, symbol string, to common.Address, amount *big.Int, ref [32]byte) (common.Hash, error) {
	return someTx, n.keep("IssuePoints", []any{symbol, to, amount.String(), ref})
}

func (n *assetNode) RedeemPoints(_ context.Context, symbol string, amount *big.Int, ref [32]byte) (common.Hash, error) {
	return someTx, n.keep("RedeemPoints", []any{symbol, amount.String(), ref})
}

func (n *assetNode) SetMember(_ context.Context, symbol string, who common.Address, member bool) (common.Hash, error) {
	return someTx, n.keep("SetMember", []any{symbol, who, member})
}

func (n *assetNode) SetPrice(_ context.Context, p node.Price) error { return n.keep("SetPrice", p) }

func (n *assetNode) PriceQuery(_ context.Context, k *btcec.PublicKey) (node.Price, error) {
	return n.price, n.keep("PriceQuery", k)
}

func (n *assetNode) Establish(_ context.Context, k *btcec.PublicKey, symbol string, deposit uint64) iter.Seq2[node.OpenUpdate, error] {
	err := n.keep("Establish", []any{symbol, deposit})
	return all([]node.OpenUpdate{{ChannelPoint: tokenPoint, Open: true}}, err)
}

func (n *assetNode) CheckBalance(_ context.Context, k *btcec.PublicKey) ([]node.MeterBalance, error) {
	return n.metered, n.keep("CheckBalance", k)
}

func (n *assetNode) TopUp(_ context.Context, k *btcec.PublicKey, symbol string, units uint64) (common.Hash, error) {
	return someTx, n.keep("TopUp", []any{symbol, units})
}

func (n *assetNode) Book(_ context.Context, k *btcec.PublicKey) ([]node.MeterBalance, error) {
	return n.metered, n.keep("Book", k)
}

func (n *assetNode) CloseService(_ context.Context, k *btcec.PublicKey, symbol string) iter.Seq2[node.TokenCloseUpdate, error] {
	err := n.keep("CloseService", symbol)
	return all([]node.TokenCloseUpdate{{Tx: someTx, Closed: true}}, err)
}

var _ node.AssetAPI = (*assetNode)(nil)

// deadWithAssets is a node that refuses all that it is asked, of assets too.
type deadWithAssets struct {
	deadNode
	*assetNode
}

// milesChannel is a channel that is settled on chain.
func milesChannel() node.TokenChannel {
	_, key := point(1)
	return node.TokenChannel{
		Channel: node.Channel{
			ChannelPoint: tokenPoint, Peer: key, PeerAlias: "bob\xff", Active: true, Initiator: true, LocalBalance: 1_500, RemoteBalance: 2_000,
			TotalSent: 7, TotalReceived: 8, NumUpdates: 9, Memo: "mine",
			Local: node.ChannelSide{Reserve: 3}, Remote: node.ChannelSide{Reserve: 4},
			HTLCs: []node.HTLC{
				{Incoming: true, Amount: 5, Expiry: 1_700_000_000, Index: 1, LockedIn: true}, {Amount: 6}, {Amount: 7},
			},
		},
		Asset: miles, State: node.TokenForced, Params: evm.Params{A: someone, PayB: tokenAt, Delay: 86_400, Nonce: 1 << 63},
		Deposited: [2]uint64{10, 11}, Withdrawn: [2]uint64{12, 13}, Ending: 2, Deadline: time.Unix(1_700_000_500, 0), Reason: "the peer failed it",
		Next: "settled at the deadline", Limbo: 14, Recovered: 15, UndecidedHTLC: 2,
	}
}

func (n *assetNode) ExportTokenBackup(context.Context) ([]byte, error) {
	return []byte{1, 2, 3}, n.keep("ExportTokenBackup", nil)
}

func (n *assetNode) RestoreTokenBackup(_ context.Context, packed []byte) (int, error) {
	return 2, n.keep("RestoreTokenBackup", packed)
}
