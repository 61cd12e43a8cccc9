package node

import (
	"net"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
)

// Recovery is how far the search for the coins of a restored wallet has got.
type Recovery struct {
	Wanted   bool // the wallet was opened to look for coins
	Finished bool
	Progress float64 // of the blocks since the wallet's birthday: 0 to 1
}

// Info describes the node itself.
type Info struct {
	IdentityKey   *btcec.PublicKey
	Alias         string
	Color         [3]byte // red, green, blue
	Peers         int
	Active        int // channels
	Inactive      int
	Pending       int // channels being opened
	Height        uint32
	BlockHash     chainhash.Hash
	BlockTime     time.Time
	SyncedToChain bool
	SyncedToGraph bool
	URIs          []string // pubkey@host:port, what others can reach
	Network       string   // "regtest", "simnet", "testnet", "testnet4", "signet"
	Features      *lnwire.RawFeatureVector
}

// WalletBalance counts coins on chain.
type WalletBalance struct {
	Confirmed     btcutil.Amount // at least minConfs deep
	Unconfirmed   btcutil.Amount
	Locked        btcutil.Amount // leased to an open in progress
	AnchorReserve btcutil.Amount // of these, what stays for the fees of force closes
}

// AddressType is the script an address pays to.
type AddressType uint8

// The address types a wallet makes.
const (
	WitnessPubKeyHash AddressType = iota // BIP 84
	TaprootPubKey                        // BIP 86
)

// FeeRate asks for a fee: by rate, or by target when SatPerVByte is zero, or the
// node's default when both are.
type FeeRate struct {
	SatPerVByte uint64
	ConfTarget  uint32 // blocks
}

// SendCoins pays from the on-chain wallet. All ignores Amount and sends everything
// but what channels hold in reserve.
type SendCoins struct {
	Address          string
	Amount           btcutil.Amount
	All              bool
	Fee              FeeRate
	Label            string
	MinConfs         int32
	SpendUnconfirmed bool
	Coins            []wire.OutPoint // none: any; else no others
}

// SendMany pays several addresses in one transaction. Coins are for EstimateSend only.
type SendMany struct {
	Outputs          map[string]btcutil.Amount
	Fee              FeeRate
	Label            string
	MinConfs         int32
	SpendUnconfirmed bool
	Coins            []wire.OutPoint
}

// SendEstimate is what a payment on chain would cost, and what it would spend.
type SendEstimate struct {
	Fee         btcutil.Amount
	SatPerVByte uint64
	Coins       []wire.OutPoint
}

// ConnectPeer dials Key at Host ("host:port", port 9735 when absent). Permanent
// keeps trying in the background and returns at once; else the call ends connected
// or with an error, after Timeout at most (0: the node's default).
type ConnectPeer struct {
	Key       *btcec.PublicKey
	Host      string
	Permanent bool
	Timeout   time.Duration
}

// Peer is a live connection.
type Peer struct {
	Key           PubKey
	Address       net.Addr
	Inbound       bool
	BytesSent     uint64
	BytesReceived uint64
	PingTime      time.Duration
	Features      *lnwire.RawFeatureVector
	GossipSyncer  SyncType
	Since         time.Time
	Flaps         int // times that it came or went
	LastFlap      time.Time
	Errors        []PeerError // what it complained of, oldest first
}

// SyncType is how gossip is exchanged with a peer.
type SyncType uint8

// The ways to exchange gossip.
const (
	SyncUnknown SyncType = iota
	SyncActive
	SyncPassive
)
