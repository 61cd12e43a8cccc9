package chain

import (
	"context"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
)

// Source answers questions about the best chain. An error that is none of those named means that
// there is no answer now.
type Source interface {
	// Tip gives the last block.
	Tip(ctx context.Context) (chainhash.Hash, int32, error)

	// HashAt gives the block at a height of the best chain, or ErrUnknownBlock.
	HashAt(ctx context.Context, height int32) (chainhash.Hash, error)

	// Block gives a block, of the best chain or not, or ErrUnknownBlock.
	Block(ctx context.Context, hash chainhash.Hash) (*wire.MsgBlock, error)

	// TxIDs gives the ids of a block's transactions in order, or ErrUnknownBlock.
	TxIDs(ctx context.Context, hash chainhash.Hash) ([]chainhash.Hash, error)

	// Unspent gives a confirmed output that no block has spent; nil if there is none. block is
	// the one that has the output, zero if the caller doesn't know: a source without an index
	// of outputs needs it, and answers ErrUnknownBlock then.
	Unspent(ctx context.Context, outpoint wire.OutPoint, block chainhash.Hash) (*wire.TxOut, error)

	// Publish hands over a transaction. One known or confirmed already is no error;
	// ErrRejected is a refusal.
	Publish(ctx context.Context, tx *wire.MsgTx) error

	// EstimateFee gives a rate, 0 if it has no idea.
	EstimateFee(ctx context.Context, target uint32) (SatPerKWeight, error)
}

// Filters tell without a block that it holds nothing of interest (BIP 157). A follower that has
// them (Config) asks for a block only if it may hold something.
type Filters interface {
	// Header gives the header of a block of the best chain, or ErrUnknownBlock.
	Header(ctx context.Context, hash chainhash.Hash) (*wire.BlockHeader, error)

	// MayContain says whether a block may pay to one of the scripts or spend an output that
	// has one: false is certain, true is not. OP_RETURN outputs are in no filter.
	MayContain(ctx context.Context, hash chainhash.Hash, scripts [][]byte) (bool, error)
}
