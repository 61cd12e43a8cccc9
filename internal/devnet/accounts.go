package devnet

import (
	"context"
	"fmt"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
)

// Accounts is what the chain's own transactions say, in satoshi: nothing that a node
// reports goes into it.
type Accounts struct {
	Height int64
	Fee    map[chainhash.Hash]int64 // by transaction; coinbases and what Fund sent left out
}

// Accounts reads the whole chain from its first block and adds it up.
func (n *Net) Accounts(ctx context.Context) (Accounts, error) {
	height, err := n.rpc.GetBlockCount()
	if err != nil {
		return Accounts{}, fmt.Errorf("devnet: %w", err)
	}
	a := Accounts{Height: height, Fee: map[chainhash.Hash]int64{}}
	outputs := map[wire.OutPoint]int64{}
	for h := int64(1); h <= height; h++ {
		if ctx.Err() != nil {
			return a, ctx.Err()
		}
		hash, err := n.rpc.GetBlockHash(h)
		if err != nil {
			return a, fmt.Errorf("devnet: block %d: %w", h, err)
		}
		block, err := n.rpc.GetBlock(hash)
		if err != nil {
			return a, fmt.Errorf("devnet: block %d: %w", h, err)
		}
		for i, tx := range block.Transactions {
			if err := a.add(tx, outputs, i == 0); err != nil {
				return a, err
			}
		}
	}
	for id := range n.payouts {
		delete(a.Fee, id) // the faucet's fee is nobody's
	}
	return a, nil
}

// add takes one transaction into the accounts; outputs holds the value of each earlier one.
func (a *Accounts) add(tx *wire.MsgTx, outputs map[wire.OutPoint]int64, coinbase bool) error {
	id := tx.TxHash()
	var fee int64
	if !coinbase {
		for _, in := range tx.TxIn {
			value, ok := outputs[in.PreviousOutPoint]
			if !ok {
				return fmt.Errorf("devnet: %v spends %v, which is not on the chain", id, in.PreviousOutPoint)
			}
			fee += value
		}
	}
	for i, out := range tx.TxOut {
		outputs[wire.OutPoint{Hash: id, Index: uint32(i)}] = out.Value
		fee -= out.Value
	}
	if !coinbase {
		a.Fee[id] = fee
	}
	return nil
}
