package node

import (
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/ethereum/go-ethereum/common"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
)

// OpenChannel funds a channel to a connected peer.
type OpenChannel struct {
	Peer              *btcec.PublicKey
	Capacity          btcutil.Amount
	Push              btcutil.Amount
	Private           bool
	Fee               FeeRate // of the funding transaction
	MinConfs          int32
	SpendUnconfirmed  bool
	MinHTLC           lnwire.MilliSatoshi // 0: default; what we accept
	RemoteCSVDelay    uint16              // 0: by capacity
	RemoteMaxInFlight lnwire.MilliSatoshi // 0: by capacity
	RemoteMaxHTLCs    uint16              // 0: by capacity, the most (htlc.Slots)
	RemoteReserve     btcutil.Amount      // 0: 1 % of capacity
	BaseFee           *lnwire.MilliSatoshi
	FeePPM            *uint32
	CloseAddress      string // upfront shutdown script; "": none
	Memo              string
}

// OpenUpdate tells that the funding transaction was broadcast, then, with Open, that
// both sides said channel_ready and the channel can carry payments.
type OpenUpdate struct {
	ChannelPoint wire.OutPoint
	PendingID    [32]byte // temporary_channel_id
	Open         bool
	Deposit      common.Hash // the transaction that made a channel in an asset, once it is open
}

// CloseChannel ends a channel cooperatively, or by publishing our commitment if Force is set.
type CloseChannel struct {
	ChannelPoint wire.OutPoint
	Force        bool
	Fee          FeeRate
	MaxFee       FeeRate // SatPerVByte only; 0: no limit of the caller's
	Address      string  // where our balance goes; "": the wallet
	NoWait       bool    // leave HTLCs to finish in the background
}

// CloseUpdate tells that a closing transaction was broadcast, then, with Closed, that
// it confirmed.
type CloseUpdate struct {
	Txid   chainhash.Hash
	Output uint32 // ours
	Closed bool
}

// ChannelSide is what one party of a channel is bound by.
type ChannelSide struct {
	CSVDelay     uint16
	Reserve      btcutil.Amount
	DustLimit    btcutil.Amount
	MaxInFlight  lnwire.MilliSatoshi
	MinHTLC      lnwire.MilliSatoshi
	MaxHTLCs     uint16
	UnsettledSum lnwire.MilliSatoshi // offered by this side and not yet resolved
}

// Channel is an open channel.
type Channel struct {
	ChannelPoint      wire.OutPoint
	ChannelID         lnwire.ChannelID
	SCID              lnwire.ShortChannelID // zero until it confirmed
	Peer              PubKey
	PeerAlias         string
	Active            bool // the peer is connected and updates can flow
	Private           bool
	Initiator         bool
	Capacity          btcutil.Amount
	LocalBalance      lnwire.MilliSatoshi // in our commitment, fee taken off if we pay it
	RemoteBalance     lnwire.MilliSatoshi
	CommitFee         btcutil.Amount
	CommitWeight      int64
	FeePerKW          int64
	TotalSent         lnwire.MilliSatoshi
	TotalReceived     lnwire.MilliSatoshi
	NumUpdates        uint64
	HTLCs             []HTLC
	Local, Remote     ChannelSide
	Push              btcutil.Amount
	CloseAddress      string
	Uptime            time.Duration // the peer's, since Monitored began
	Monitored         time.Duration
	Aliases           []lnwire.ShortChannelID
	PeerAliasSCID     lnwire.ShortChannelID
	ZeroConf          bool
	ShutdownRequested bool
	Memo              string
}

// HTLC is one that a channel holds and that isn't resolved.
type HTLC struct {
	Incoming          bool
	Amount            lnwire.MilliSatoshi
	Hash              lntypes.Hash
	Expiry            uint32 // block height
	Index             uint64 // its BOLT 2 id
	ForwardingChannel lnwire.ShortChannelID
	ForwardingIndex   uint64
	LockedIn          bool
}

// PendingChannel is what all pending channels have in common.
type PendingChannel struct {
	ChannelPoint  wire.OutPoint
	Peer          PubKey
	Capacity      btcutil.Amount
	LocalBalance  btcutil.Amount
	RemoteBalance btcutil.Amount
	LocalReserve  btcutil.Amount
	RemoteReserve btcutil.Amount
	Initiator     bool
	Private       bool
	Forwarding    int // packages
	Memo          string
}

// PendingOpen waits for its funding transaction or for the peer's channel_ready.
type PendingOpen struct {
	PendingChannel
	CommitFee             btcutil.Amount
	CommitWeight          int64
	FeePerKW              int64
	FundingExpiryBlocks   int32
	ConfirmationsLeft     uint32
	ConfirmationHeight    uint32 // 0: unconfirmed
	ConfirmationsRequired uint32
}

// Commitments are what could be published of a channel; zero where it isn't known.
type Commitments struct {
	Local, Remote, RemotePending          chainhash.Hash
	LocalFee, RemoteFee, RemotePendingFee btcutil.Amount
}

// PendingClose negotiates a cooperative close or waits for it to confirm.
type PendingClose struct {
	PendingChannel
	Commitments
	Txid           chainhash.Hash // zero while negotiating
	Tx             *wire.MsgTx    // nil while negotiating
	Height         uint32         // of its block, 0 if it is in none
	LimboBalance   btcutil.Amount
	BlocksTillDone uint32 // until it is final
}

// PendingChannels are those that can't carry payments yet, or any more. Forced
// are settled on chain.
type PendingChannels struct {
	Opening []PendingOpen
	Closing []PendingClose
	Forced  []ForceClose
}

// ChannelBalance sums the channels' balances.
type ChannelBalance struct {
	Local, Remote                   lnwire.MilliSatoshi
	UnsettledLocal, UnsettledRemote lnwire.MilliSatoshi // incoming HTLCs, outgoing ones
	PendingLocal, PendingRemote     lnwire.MilliSatoshi // channels being opened
}

// FeeReport lists our policies and what forwarding earned.
type FeeReport struct {
	Channels []ChannelFee
	Earned
}

// ChannelFee is our fee on one channel.
type ChannelFee struct {
	SCID         lnwire.ShortChannelID
	ChannelPoint wire.OutPoint
	BaseFee      lnwire.MilliSatoshi
	FeePPM       uint32
}

// UpdatePolicy changes what is not nil and leaves the rest as it was, on

// ChannelPoint, or on every channel when that is nil.
type UpdatePolicy struct {
	ChannelPoint  *wire.OutPoint
	BaseFee       *lnwire.MilliSatoshi
	FeePPM        *uint32
	TimeLockDelta *uint16
	MinHTLC       *lnwire.MilliSatoshi
	MaxHTLC       *lnwire.MilliSatoshi
}

// FailedPolicyUpdate is a channel whose policy stayed as it was.
type FailedPolicyUpdate struct {
	ChannelPoint wire.OutPoint
	Reason       string
	Err          error // of which Reason is the text
}
