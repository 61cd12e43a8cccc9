package chain

import (
	"context"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
)

// BlockAt gives the block at a height of the source's best chain, or ErrUnknownBlock. It may be ahead
// of Best.
func (f *Follower) BlockAt(ctx context.Context, height int32) (*wire.MsgBlock, chainhash.Hash, error) {
	hash, err := f.source.HashAt(ctx, height)
	if err != nil {
		return nil, hash, err
	}
	block, err := f.source.Block(ctx, hash)
	return block, hash, err
}
