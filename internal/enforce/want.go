package enforce

import (
	"context"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/internal/chain"
)

// Want is one output to take, as its channel's resolver sees it at a tip. It is a value: at
// the next tip there is another one, or none if the output was taken.
type Want struct {
	Channel lnwire.ChannelID
	Point   wire.OutPoint // the channel's funding output
	Claim   *bitcoin.Claim
	Signer  bitcoin.Signer

	// Deadline is the first block that is too late, 0 for none: when somebody else may take
	// the output, or when the incoming HTLC behind it must be settled, whichever comes first.
	Deadline adjudicator.Height

	// Parent is the unconfirmed commitment whose Anchor this is, nil for every other claim.
	Parent *bitcoin.Parent
}

// Store is the part of channeldb that this package uses. An Append that fails ends the node.
type Store interface {
	Append(batches ...channeldb.Batch) error
	Get(bucket string, key []byte) ([]byte, error)
	Scan(bucket string, from []byte, reverse bool, each func(key, value []byte) bool) error
}

// Wallet is where what was taken goes, and where coins come from that pay fees of
// transactions which can't pay for themselves.
type Wallet interface {
	// SweepScript is a new script of the wallet's.
	SweepScript(ctx context.Context) ([]byte, error)

	// FeeCoins gives confirmed coins of at least an amount above what spending them costs
	// at a rate, at most max of them, and sets them aside for owner, the same ones at each
	// call as long as they suffice, until ReleaseFeeCoins(owner). The coins kept in reserve
	// for anchors are for this.
	FeeCoins(owner wire.OutPoint, amount btcutil.Amount, rate chain.SatPerKWeight, max int) ([]bitcoin.FeeInput, error)
	ReleaseFeeCoins(owner wire.OutPoint)

	// SignCoins signs the inputs of a transaction that spend these coins, with
	// SIGHASH_ALL; prev tells what its other inputs spend.
	SignCoins(tx *wire.MsgTx, coins []bitcoin.FeeInput, prev map[wire.OutPoint]*wire.TxOut) error

	// Publish hands a transaction to the network and notes its label. A refusal is
	// chain.ErrRejected, with one of the errors that tell more where that is known.
	Publish(ctx context.Context, tx *wire.MsgTx, label string) error
}
