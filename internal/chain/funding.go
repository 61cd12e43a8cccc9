package chain

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
)

// txidBlocks is how many blocks' transaction ids are kept: channels are often announced by block.
const txidBlocks = 64

// FundingOutput implements Chain.
func (f *Follower) FundingOutput(ctx context.Context, scid lnwire.ShortChannelID) (wire.OutPoint, *wire.TxOut, error) {
	select {
	case f.lookups <- struct{}{}:
		defer func() { <-f.lookups }()
	case <-ctx.Done():
		return wire.OutPoint{}, nil, ctx.Err()
	}
	hash, err := f.source.HashAt(ctx, int32(scid.BlockHeight)) // 24 bits
	if err != nil {
		return wire.OutPoint{}, nil, fmt.Errorf("funding output %v: %w", scid, err)
	}
	ids, err := f.txids(ctx, hash)
	if err != nil {
		return wire.OutPoint{}, nil, fmt.Errorf("funding output %v: %w", scid, err)
	}
	if int(scid.TxIndex) >= len(ids) {
		return wire.OutPoint{}, nil, fmt.Errorf("funding output %v: %w: the block has %d", scid, ErrNoSuchTx, len(ids))
	}
	at := wire.OutPoint{Hash: ids[scid.TxIndex], Index: uint32(scid.TxPosition)}
	out, err := f.source.Unspent(ctx, at, hash)
	if err != nil {
		return wire.OutPoint{}, nil, fmt.Errorf("funding output %v: %w", scid, err)
	}
	if out != nil {
		return at, out, nil
	}
	block, err := f.source.Block(ctx, hash)
	if err != nil {
		return wire.OutPoint{}, nil, fmt.Errorf("funding output %v: %w", scid, err)
	}
	if n := len(block.Transactions); n != len(ids) {
		return wire.OutPoint{}, nil, fmt.Errorf("funding output %v: %w: the block has %d transactions, and %d ids",
			scid, ErrUnavailable, n, len(ids))
	}
	if n := len(block.Transactions[scid.TxIndex].TxOut); int(scid.TxPosition) >= n {
		return wire.OutPoint{}, nil, fmt.Errorf("funding output %v: %w: the transaction has %d", scid, ErrNoSuchOutput, n)
	}
	return wire.OutPoint{}, nil, fmt.Errorf("funding output %v: %w", scid, ErrSpent)
}

func (f *Follower) txids(ctx context.Context, block chainhash.Hash) ([]chainhash.Hash, error) {
	if ids, ok := f.blocks.get(block); ok {
		return ids, nil
	}
	ids, err := f.source.TxIDs(ctx, block)
	if err != nil {
		return nil, err
	}
	f.blocks.put(block, ids)
	return ids, nil
}

// Publish implements Chain.
func (f *Follower) Publish(ctx context.Context, tx *wire.MsgTx) error {
	err := f.source.Publish(ctx, tx)
	switch {
	case err == nil:
		f.log.Info("published", "txid", tx.TxHash())
	case errors.Is(err, ErrRejected):
		f.log.Warn("not published", "txid", tx.TxHash(), "err", err)
	}
	return err
}

// txidCache keeps the transaction ids of some blocks; the oldest entry goes first.
type txidCache struct {
	mu    sync.Mutex
	order []chainhash.Hash
	size  int
	ids   map[chainhash.Hash][]chainhash.Hash
}

func newTxidCache(size int) *txidCache {
	return &txidCache{size: size, ids: make(map[chainhash.Hash][]chainhash.Hash, size)}
}

func (c *txidCache) get(block chainhash.Hash) ([]chainhash.Hash, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ids, ok := c.ids[block]
	return ids, ok
}

func (c *txidCache) put(block chainhash.Hash, ids []chainhash.Hash) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.ids[block]; ok {
		return
	}
	if len(c.order) == c.size {
		delete(c.ids, c.order[0])
		c.order = append(c.order[:0], c.order[1:]...)
	}
	c.order = append(c.order, block)
	c.ids[block] = ids
}
