package chain

import (
	"context"
	"errors"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwallet/chainfee"
	"github.com/lightningnetwork/lnd/lnwire"
)

// Errors of this package.
var (
	// ErrUnavailable: the source didn't answer, or not in a way that means anything. Try later.
	ErrUnavailable = errors.New("chain: the source does not answer")
	// ErrWrongNetwork: the source follows another chain than it should. A follower doesn't start then.
	ErrWrongNetwork = errors.New("chain: the source is on another network")
	// ErrUnknownBlock: no block at that height, or of that hash, in the chain.
	ErrUnknownBlock = errors.New("chain: unknown block")
	// ErrNoSuchTx: the block has no transaction at that index.
	ErrNoSuchTx = errors.New("chain: no such transaction")
	// ErrNoSuchOutput: the transaction has no output at that index.
	ErrNoSuchOutput = errors.New("chain: no such output")
	// ErrSpent: the output has been spent, or can't be (OP_RETURN).
	ErrSpent = errors.New("chain: output is spent")
	// ErrRejected: the source refuses the transaction. The next three tell more.
	ErrRejected      = errors.New("chain: transaction rejected")
	ErrMissingInputs = errors.New("chain: an input is unknown or spent")
	ErrFeeTooLow     = errors.New("chain: fee too low")
	ErrConflict      = errors.New("chain: conflicts with a transaction that waits for a block")
	// ErrTooManyWatches: the limit of watches is reached.
	ErrTooManyWatches = errors.New("chain: too many watches")
	// ErrClosed: the follower has ended.
	ErrClosed = errors.New("chain: closed")
)

// SatPerKWeight is a fee rate in satoshi per 1000 weight units.
type SatPerKWeight = chainfee.SatPerKWeight

// Tip is the last block of the best chain.
type Tip struct {
	Height int32
	Hash   chainhash.Hash
	Time   time.Time // of its header
}

// Health is how long ago something was heard of the chain, by the clock of who follows it.
type Health struct {
	Silent time.Duration // since the source last answered what the tip is, and led there
	Still  time.Duration // since the tip last changed, or the start
}

// ConfEvent tells that a transaction reached its depth, or that it is no longer in the chain
// after it had. The two alternate, beginning with the former.
type ConfEvent struct {
	Confirmed bool        // false: what follows was true and is not any more
	Tx        *wire.MsgTx // shared, read only
	Height    int32
	TxIndex   uint32 // within the block
	BlockHash chainhash.Hash
}

// SpendEvent tells that an output was spent in a block, or that its spend is no longer in the
// chain. The two alternate, beginning with the former. How deep is deep enough is the caller's:
// WatchConfirmed of the spending transaction tells.
type SpendEvent struct {
	Spent     bool
	Tx        *wire.MsgTx // the spender; shared, read only
	Input     uint32      // of the spender
	Height    int32
	BlockHash chainhash.Hash
}

// Chain is what the node knows and does on the bitcoin chain. Channels that it returns are closed
// when their context or the chain ends, and hold no more than a few events whatever their reader does.
type Chain interface {
	// Best gives the tip that events have been given out up to. Whether it is stale is for
	// the caller to judge by its time, and by Health.
	Best() Tip

	// Health tells how long there has been no answer, and no block.
	Health() Health

	// Blocks gives the tip now and whenever it changes; a slow reader gets the latest.
	Blocks(ctx context.Context) <-chan Tip

	// WatchConfirmed tells when a transaction is depth blocks deep (1: in the last block).
	// script is that of one of its outputs, for sources that search by script. The
	// transaction is in no block before heightHint.
	WatchConfirmed(ctx context.Context, txid chainhash.Hash, script []byte, depth uint32,
		heightHint int32) (<-chan ConfEvent, error)

	// WatchSpent tells when an output with this script is spent in a block. It is spent in
	// no block before heightHint.
	WatchSpent(ctx context.Context, outpoint wire.OutPoint, script []byte,
		heightHint int32) (<-chan SpendEvent, error)

	// Unspent says that an output which WatchSpent follows is not spent in any block up to the
	// tip of now. While the past is still searched that isn't known, and it is false.
	Unspent(outpoint wire.OutPoint) bool

	// Depth is how deep a block of that height and hash is at the tip of now, 1 for the tip; 0 if it
	// isn't in the chain. What is older than 1008 blocks is taken to be.
	Depth(height int32, block chainhash.Hash) uint32

	// WatchMempool tells of unconfirmed transactions that spend the outputs which are added to
	// it, until ctx ends; ErrNoMempool where the source sees none.
	WatchMempool(ctx context.Context) (*MempoolWatch, error)

	// FundingOutput gives the output at a position of the chain, if it is unspent there
	// (mempool aside): else ErrUnknownBlock, ErrNoSuchTx, ErrNoSuchOutput or ErrSpent.
	// Nothing is said of its script and amount: compare them.
	FundingOutput(ctx context.Context, scid lnwire.ShortChannelID) (wire.OutPoint, *wire.TxOut, error)

	// Publish hands a transaction to the network. One that is known or confirmed already is
	// a success; ErrRejected is final for this transaction as things stand.
	Publish(ctx context.Context, tx *wire.MsgTx) error

	// EstimateFee gives the rate for confirmation within target blocks, within the limits
	// of Fees; it is never 0, and an error means that the context ended.
	EstimateFee(ctx context.Context, target uint32) (SatPerKWeight, error)
}
