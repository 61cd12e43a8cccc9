package node

import (
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/enforce"
)

// ForceClose is a channel that is settled on chain: its commitment was published by one side, or
// must be.
type ForceClose struct {
	PendingChannel
	Commitments
	Reason    string             // why it stopped
	Ending    adjudicator.Ending // of the spend that was seen; Unknown before that
	Stale     bool               // our data is old: only the peer can close
	Tx        *wire.MsgTx        // that spends the funding output, ours to publish before one is seen; nil: none
	Txid      chainhash.Hash
	Height    uint32         // of its block, 0: it is in none
	Limbo     btcutil.Amount // ours, and not in the wallet yet
	Recovered btcutil.Amount // in the wallet, final
	Matures   uint32         // first block that may hold the spend of our balance, 0: unknown or none
	Coins     []ChainCoin
}

// CoinState is how far one output of a channel on chain is.
type CoinState uint8

// The states of a coin, in order.
const (
	CoinWaits     CoinState = iota // for a block, or for a preimage
	CoinSweeping                   // a transaction that takes it is published
	CoinTaken                      // a transaction of ours that takes it is in a block
	CoinLost                       // somebody else's is
	CoinAbandoned                  // taking it costs more than it is worth
)

// ChainCoin is one output of a channel on chain that is or may become ours.
type ChainCoin struct {
	Outpoint wire.OutPoint
	Amount   btcutil.Amount
	Path     bitcoin.Path
	What     string // what it is and how it is taken, for people
	Next     string // what happens next and when, for people
	State    CoinState
	Unknown  bool // it is ours only if a preimage comes that isn't known yet
	HTLC     bool // it is an HTLC's: the next four fields say something
	Incoming bool
	HTLCID   uint64
	Expiry   uint32
	Stage    uint8          // 1, or 2 for the output of an HTLC transaction
	Matures  uint32         // first block that may hold our claim
	Deadline uint32         // first block that is too late, 0: there is none
	Spend    chainhash.Hash // of what takes it, zero before that
	SpentAt  uint32         // its block, 0: it is in none
}

// Sweep is an output that the sweeper is taking.
type Sweep = enforce.Sweep

// AlertKind is what is wrong.
type AlertKind uint8

// What can be wrong.
const (
	AlertDeadline   AlertKind = iota // an output or an HTLC must be taken within a few blocks
	AlertBreach                      // a peer published a revoked commitment
	AlertChainStale                  // no block for long, or the backend doesn't answer: nothing is forwarded
	AlertUnknown                     // a channel's funds were spent in a way that isn't known
	AlertReserve                     // too few coins to raise the fee of a force close
	AlertStaleData                   // this node's data of a channel is old
	AlertGas                         // too little coin to close every channel on an EVM chain
	AlertOwed                        // a token's payment to us was refused, and waits in the adjudicator
	AlertToken                       // of a deposit in an asset less arrived than was sent
	AlertEndpoint                    // an endpoint of an EVM chain contradicts the others, and is left out
)

// Alert is something that an operator must know now.
type Alert struct {
	Kind    AlertKind
	Channel wire.OutPoint // zero: it is about no channel
	Since   time.Time
	Text    string // what is wrong and what to do
}
