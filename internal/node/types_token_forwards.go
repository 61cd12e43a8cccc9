package node

import (
	"context"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
)

// AssetForwardingAPI is for who forwards payments in assets. Amounts are in thousandths of an asset's unit, time lock
// deltas in ticks (evm.Tick seconds each), as BOLT 7's channel_update has them.
type AssetForwardingAPI interface {
	// UpdateAssetPolicy changes what is asked for forwarding over a channel in an asset, or over all in one, and tells
	// the network. It returns how many channels were changed, and those that kept what they had.
	UpdateAssetPolicy(context.Context, UpdateAssetPolicy) (int, []FailedPolicyUpdate, error)
	// AssetFeeReport lists what is asked on open channels in assets, and what forwarding earned.
	AssetFeeReport(context.Context) (AssetFeeReport, error)
	// AssetForwards gives a page of what was forwarded in assets or between them, oldest first.
	AssetForwards(context.Context, AssetForwards) (AssetForwardPage, error)
}

// UpdateAssetPolicy is an UpdatePolicy for its ChannelPoint or, without one, for all channels in the asset with a
// symbol.
type UpdateAssetPolicy struct {
	Symbol string
	UpdatePolicy
}

// AssetFeeReport is what a node asks for forwarding in assets, and what that earned.
type AssetFeeReport struct {
	Channels []AssetChannelFee
	Earned   []AssetEarned // of each asset that earned something
}

// AssetEarned is what forwarding in an asset earned.
type AssetEarned struct {
	Asset Asset
	Earned
}

// AssetChannelFee is what is asked on one open channel.
type AssetChannelFee struct {
	Asset        Asset
	SCID         lnwire.ShortChannelID
	ChannelPoint wire.OutPoint
	Peer         PubKey
	PeerAlias    string
	Ours         ChannelPolicy
	Theirs       *Policy // nil: the peer's isn't known
}

// AssetForwards is a ListForwards of those that came in or went out in the asset with a symbol; "": in any.
type AssetForwards struct {
	Symbol string
	ListForwards
}

// AssetForward is a Forward with the assets that it came and went in. One that isn't known any more has no symbol;
// bitcoin has no id.
type AssetForward struct {
	Forward
	From, To Asset
}

// AssetForwardPage is a page of them; Next is the offset of the page behind it.
type AssetForwardPage struct {
	Forwards []AssetForward
	Next     uint32
}
