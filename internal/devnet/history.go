package devnet

import (
	"context"
	"fmt"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/devnet/proc"
)

// history is the chain as far as it was read: Start's first block and all after it.
type history struct {
	base   int64 // height of the first block
	blocks []pastBlock
}

type pastBlock struct {
	hash chainhash.Hash
	txs  []*wire.MsgTx
}

// Spend is a transaction that takes an output.
type Spend struct {
	Tx     *wire.MsgTx
	Input  int
	Height int64 // of its block; 0: in the mempool
}

// catchUp reads what is new, after leaving blocks that are in the chain no more.
func (n *Net) catchUp(ctx context.Context) error {
	tip, err := n.rpc.GetBlockCount()
	if err != nil {
		return fmt.Errorf("devnet: %w", err)
	}
	h := &n.past
	for len(h.blocks) > 0 {
		last := h.base + int64(len(h.blocks)) - 1
		if last <= tip {
			hash, err := n.rpc.GetBlockHash(last)
			if err != nil {
				return fmt.Errorf("devnet: block %d: %w", last, err)
			}
			if *hash == h.blocks[len(h.blocks)-1].hash {
				break
			}
		}
		h.blocks = h.blocks[:len(h.blocks)-1]
	}
	for at := h.base + int64(len(h.blocks)); at <= tip; at++ {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		hash, err := n.rpc.GetBlockHash(at)
		if err != nil {
			return fmt.Errorf("devnet: block %d: %w", at, err)
		}
		block, err := n.rpc.GetBlock(hash)
		if err != nil {
			return fmt.Errorf("devnet: block %d: %w", at, err)
		}
		h.blocks = append(h.blocks, pastBlock{hash: *hash, txs: block.Transactions})
	}
	return nil
}

// Spends tells what took each output that was spent since Start, in blocks and in the mempool.
func (n *Net) Spends(ctx context.Context) (map[wire.OutPoint]Spend, error) {
	if err := n.catchUp(ctx); err != nil {
		return nil, err
	}
	spends := map[wire.OutPoint]Spend{}
	for i, b := range n.past.blocks {
		for _, tx := range b.txs {
			note(spends, tx, n.past.base+int64(i))
		}
	}
	pool, err := n.rpc.GetRawMempool()
	if err != nil {
		return nil, fmt.Errorf("devnet: mempool: %w", err)
	}
	for _, id := range pool {
		tx, err := n.rpc.GetRawTransaction(id)
		if err != nil {
			continue // it was replaced or mined since
		}
		note(spends, tx.MsgTx(), 0)
	}
	return spends, nil
}

// AwaitSpend waits until an output is spent, in the mempool at least.
func (n *Net) AwaitSpend(ctx context.Context, out wire.OutPoint) (s Spend, err error) {
	err = proc.Await(ctx, "a spend", func(ctx context.Context) error {
		spends, err := n.Spends(ctx)
		if s = spends[out]; err == nil && s.Tx == nil {
			err = fmt.Errorf("nothing spends %v", out)
		}
		return err
	})
	return s, err
}

func note(spends map[wire.OutPoint]Spend, tx *wire.MsgTx, height int64) {
	for i, in := range tx.TxIn {
		if _, mined := spends[in.PreviousOutPoint]; !mined || height > 0 {
			spends[in.PreviousOutPoint] = Spend{Tx: tx, Input: i, Height: height}
		}
	}
}
