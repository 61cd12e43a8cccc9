package node

import (
	"context"
	"iter"
	"math/big"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/wire"
	"github.com/ethereum/go-ethereum/common"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
)

// AssetID is what BOLT messages carry as chain_hash for a token channel.
type AssetID = evm.AssetID

// AssetAPI is what the RPC server asks of a node about assets other than bitcoin. Amounts of
// channels, invoices and payments are in thousandths of the asset's unit (lnwire.MilliSatoshi),
// those on chain in base units.
type AssetAPI interface {
	// Chains lists the EVM chains that the node is configured for.
	Chains(context.Context) ([]EVMChain, error)
	// AddAsset makes an asset known by a symbol; symbol and decimals are read from the chain.
	AddAsset(context.Context, AddAsset) (Asset, error)
	// RemoveAsset forgets one that no channel is in.
	RemoveAsset(ctx context.Context, symbol string) error
	Assets(context.Context) ([]Asset, error)
	AssetBalances(context.Context) ([]AssetBalance, error)

	// AssetAddress is where tokens and coins of a chain are received.
	AssetAddress(ctx context.Context, symbol string) (common.Address, error)
	// SendAsset sends tokens or coins on chain.
	SendAsset(context.Context, SendAsset) (common.Hash, error)
	// Allowance tells what opening with or adding so much needs: the adjudicator is allowed exactly that.
	Allowance(ctx context.Context, symbol string, amount *big.Int) (Allowance, error)

	OpenTokenChannel(context.Context, OpenTokenChannel) iter.Seq2[OpenUpdate, error]
	CloseTokenChannel(context.Context, CloseTokenChannel) iter.Seq2[TokenCloseUpdate, error]
	// DepositToChannel adds money to our side; it returns when both sides' states account for it.
	DepositToChannel(ctx context.Context, channel wire.OutPoint, units uint64) (common.Hash, error)
	// WithdrawFromChannel takes money out of our side without closing.
	WithdrawFromChannel(ctx context.Context, channel wire.OutPoint, units uint64) (common.Hash, error)
	TokenChannels(context.Context) ([]TokenChannel, error)

	// ExportTokenBackup makes the backup of all channels in tokens; RestoreTokenBackup takes over those that this
	// node doesn't know, asks their peers to close them, and tells how many.
	ExportTokenBackup(context.Context) ([]byte, error)
	RestoreTokenBackup(ctx context.Context, packed []byte) (int, error)

	AddTokenInvoice(context.Context, AddTokenInvoice) (TokenInvoice, error)
	TokenInvoice(context.Context, lntypes.Hash) (TokenInvoice, error)
	TokenInvoices(context.Context, ListInvoices) ([]TokenInvoice, error)
	SettleTokenInvoice(context.Context, lntypes.Preimage) error
	CancelTokenInvoice(context.Context, lntypes.Hash) error
	SubscribeTokenInvoice(context.Context, lntypes.Hash) iter.Seq2[TokenInvoice, error]
	DecodeTokenInvoice(ctx context.Context, invoice string) (TokenPayReq, error)

	PayToken(context.Context, PayToken) iter.Seq2[TokenPayment, error]
	// TrackTokenPayment streams what becomes of a payment made earlier.
	TrackTokenPayment(context.Context, lntypes.Hash) iter.Seq2[TokenPayment, error]
	TokenPayments(context.Context, ListPayments) ([]TokenPayment, error)

	AssetForwardingAPI
	PointsAPI
	MeterAPI
}

// EVMChain is one that the node follows.
type EVMChain struct {
	Name     string
	ID       uint64
	Profile  string
	Head     uint64
	HeadTime time.Time
	Final    uint64
	Healthy  string           // "" or what is wrong
	Accounts []common.Address // that pay for gas
	Gas      []*big.Int       // wei that each has
	Needed   *big.Int         // wei to close every open channel at the fee ceiling
}

// AddAsset names a token by where it is. A zero Token is the chain's coin.
type AddAsset struct {
	Symbol      string // "": the token's own
	Chain       string // name of a configured chain
	Adjudicator common.Address
	Token       common.Address

	// AllowUnusual takes a token that takes a fee of transfers, or whose balances change by themselves, as it is; also of an
	// asset that is known.
	AllowUnusual bool
}

// Asset is one that the node knows. Bitcoin isn't among them.
type Asset struct {
	evm.Asset
	ID       AssetID
	Symbol   string
	Name     string // the token's own
	Chain    string
	Channels int    // open or pending
	Unusual  string // what was seen when less of a deposit arrived than was sent; "" nothing
	Allowed  bool   // it may be unusual
}

// AssetBalance is what we have of an asset: base units on chain, thousandths of units in channels.
type AssetBalance struct {
	Asset
	OnChain           *big.Int
	Local, Remote     lnwire.MilliSatoshi // in open channels
	Pending           lnwire.MilliSatoshi // in channels that open
	Limbo             lnwire.MilliSatoshi // in channels that are settled on chain
	Owed              *big.Int            // could not be pushed to us; waits in the adjudicator
	UnsettledIncoming lnwire.MilliSatoshi
	UnsettledOutgoing lnwire.MilliSatoshi
}

// SendAsset sends base units on chain.
type SendAsset struct {
	Symbol string
	To     common.Address
	Amount *big.Int
}

// Allowance is what the adjudicator may take of our tokens, now and for what is asked.
type Allowance struct {
	Token, Spender  common.Address
	Have, Need      *big.Int
	Permit          bool // the token takes a signature instead of a transaction
	NeedTransaction bool // approve must be sent
}

// OpenTokenChannel opens a channel in units of an asset to a connected peer.
type OpenTokenChannel struct {
	Peer     *btcec.PublicKey
	Symbol   string
	Capacity uint64 // units, our first deposit
	Push     uint64 // units
	Private  bool
	BaseFee  *lnwire.MilliSatoshi
	FeePPM   *uint32
	Memo     string
}

// CloseTokenChannel ends a channel.
type CloseTokenChannel struct {
	Channel wire.OutPoint // hash is the contract's channel id, index 0
	Force   bool
}

// TokenCloseUpdate tells of the call that closes, then, with Closed, that it is final.
type TokenCloseUpdate struct {
	Tx     common.Hash
	Closed bool
}

// TokenChannelState is how far a channel is.
type TokenChannelState uint8

// The states of a token channel.
const (
	TokenOpening TokenChannelState = iota
	TokenOpen
	TokenClosing // cooperatively
	TokenForced  // on chain
	TokenClosed
)

// TokenChannel is a channel in an asset. Balances are as of our newest commitment.
type TokenChannel struct {
	Channel       // bitcoin's fields that make no sense here (fees, weight) are zero
	Asset         Asset
	State         TokenChannelState
	Params        evm.Params
	Deposited     [2]uint64 // units, ours and the peer's, gross
	Withdrawn     [2]uint64
	Ending        adjudicator.Ending
	Deadline      time.Time // of the contest period; zero: none runs
	Reason        string    // why it is on chain
	Next          string    // what happens next, for people
	Limbo         lnwire.MilliSatoshi
	Recovered     lnwire.MilliSatoshi
	UndecidedHTLC int
}

// AddTokenInvoice asks to be paid in an asset.
type AddTokenInvoice struct {
	Symbol string
	AddInvoice
}

// TokenInvoice is an invoice in an asset.
type TokenInvoice struct {
	Invoice
	Asset Asset
}

// TokenPayReq is a decoded invoice in an asset; Asset.Symbol is empty if we don't know the asset.
type TokenPayReq struct {
	PayReq
	ID    AssetID
	Asset Asset
}

// PayToken pays an invoice in an asset. Its amounts are in that asset.
type PayToken struct {
	SendPayment
	Asset AssetID // needed without an invoice
}

// TokenPayment is a payment in an asset.
type TokenPayment struct {
	Payment
	Asset Asset
}

// PointsAPI is for issuers of loyalty points and those who hold them.
type PointsAPI interface {
	// CreatePoints deploys a LoyaltyPoints token that this node's account issues, and adds it as an asset.
	CreatePoints(context.Context, CreatePoints) (Asset, error)
	IssuePoints(ctx context.Context, symbol string, to common.Address, amount *big.Int, reference [32]byte) (common.Hash, error)
	// RedeemPoints burns ours with a reference for the issuer.
	RedeemPoints(ctx context.Context, symbol string, amount *big.Int, reference [32]byte) (common.Hash, error)
	SetMember(ctx context.Context, symbol string, who common.Address, member bool) (common.Hash, error)
}

// CreatePoints describes a new token.
type CreatePoints struct {
	Chain       string
	Adjudicator common.Address // that the asset uses; it becomes a member if there is a list
	Name        string
	Symbol      string
	Decimals    uint8
	MembersOnly bool
}

// MeterAPI is for services that charge for what they serve, in the smallest of steps, and for
// their customers: ask for the price, establish, pay as served, top up, close.
type MeterAPI interface {
	// SetPrice publishes what this node's service charges; PriceQuery asks a provider that is a peer for it.
	SetPrice(context.Context, Price) error
	PriceQuery(ctx context.Context, provider *btcec.PublicKey) (Price, error)
	// Establish opens a channel with a deposit for a service.
	Establish(ctx context.Context, provider *btcec.PublicKey, symbol string, deposit uint64) iter.Seq2[OpenUpdate, error]
	// CheckBalance is what is left to spend with a provider, and what was spent.
	CheckBalance(ctx context.Context, provider *btcec.PublicKey) ([]MeterBalance, error)
	// TopUp adds to the deposit.
	TopUp(ctx context.Context, provider *btcec.PublicKey, symbol string, units uint64) (common.Hash, error)
	// Book is what a provider earned from a customer and claims to its own books; it does not go on chain.
	Book(ctx context.Context, customer *btcec.PublicKey) ([]MeterBalance, error)
	// CloseService closes the channel with a provider or a customer.
	CloseService(ctx context.Context, peer *btcec.PublicKey, symbol string) iter.Seq2[TokenCloseUpdate, error]
}

// Price is what a service costs.
type Price struct {
	Symbol  string
	PerUnit lnwire.MilliSatoshi // thousandths of the asset's unit
	Unit    string              // "MB", "second"
	Minimum uint64              // least deposit, units
}

// MeterBalance is a channel with a provider or a customer.
type MeterBalance struct {
	Channel       wire.OutPoint
	Asset         Asset
	Local, Remote lnwire.MilliSatoshi
	Sent          lnwire.MilliSatoshi
	Received      lnwire.MilliSatoshi
}
