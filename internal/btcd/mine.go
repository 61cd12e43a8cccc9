package btcd

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/btcsuite/btcd/blockchain"
	"github.com/btcsuite/btcd/btcjson"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/mining"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
)

// mineStep bounds the blocks asked of btcd in one RPC.
const mineStep = 50

// Mine mines n blocks with what is in the mempool, to the mining address, and returns their hashes.
func (n *Node) Mine(count int) ([]chainhash.Hash, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.mine(count)
}

func (n *Node) mine(count int) ([]chainhash.Hash, error) {
	if n.client == nil {
		return nil, ErrStopped
	}
	var hashes []chainhash.Hash
	for len(hashes) < count {
		mined, err := n.client.Generate(uint32(min(count-len(hashes), mineStep)))
		if err != nil {
			return hashes, fmt.Errorf("btcd: mine: %w", err)
		}
		for _, h := range mined {
			hashes = append(hashes, *h)
		}
	}
	return hashes, nil
}

// mineUpTo mines until the chain has the given height; 0 stands for SegwitHeight.
func (n *Node) mineUpTo(ctx context.Context, height int32) error {
	if height == 0 {
		height = SegwitHeight(n.params)
	}
	for ctx.Err() == nil {
		best, err := n.client.GetBlockCount()
		if err != nil {
			return fmt.Errorf("btcd: height: %w", err)
		}
		if best >= int64(height) {
			return nil
		}
		if _, err := n.mine(min(int(height)-int(best), mineStep)); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// MineTo mines n blocks with what is in the mempool, whose coinbase pays addr. Fees are left
// unclaimed: every block pays exactly the subsidy.
func (n *Node) MineTo(addr string, count int) ([]chainhash.Hash, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.client == nil {
		return nil, ErrStopped
	}
	to, err := btcutil.DecodeAddress(addr, n.params)
	if err != nil {
		return nil, fmt.Errorf("btcd: mine to: %w", err)
	}
	script, err := txscript.PayToAddrScript(to)
	if err != nil {
		return nil, fmt.Errorf("btcd: mine to: %w", err)
	}
	var hashes []chainhash.Hash
	for range count {
		hash, err := n.mineOne(script)
		if err != nil {
			return hashes, err
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

// mineOne builds, solves and submits a block.
func (n *Node) mineOne(script []byte) (chainhash.Hash, error) {
	// The template's transactions may be seconds old: only its header is used.
	template, err := n.client.GetBlockTemplate(&btcjson.TemplateRequest{
		Mode: "template", Capabilities: []string{"coinbasevalue"},
	})
	if err != nil {
		return chainhash.Hash{}, fmt.Errorf("btcd: block template (after a day without a block, Mine first): %w", err)
	}
	txs, err := n.mempool()
	if err != nil {
		return chainhash.Hash{}, err
	}
	height := int32(template.Height)
	coinbase, err := makeCoinbase(height, script, blockchain.CalcBlockSubsidy(height, n.params))
	if err != nil {
		return chainhash.Hash{}, err
	}
	txs = append([]*btcutil.Tx{btcutil.NewTx(coinbase)}, txs...)
	mining.AddWitnessCommitment(txs[0], txs)

	prev, err := chainhash.NewHashFromStr(template.PreviousHash)
	if err != nil {
		return chainhash.Hash{}, fmt.Errorf("btcd: block template: %w", err)
	}
	bits, err := strconv.ParseUint(template.Bits, 16, 32)
	if err != nil {
		return chainhash.Hash{}, fmt.Errorf("btcd: block template: %w", err)
	}
	block := wire.NewMsgBlock(&wire.BlockHeader{
		Version:    template.Version,
		PrevBlock:  *prev,
		MerkleRoot: blockchain.CalcMerkleRoot(txs, false),
		Timestamp:  unix(template.CurTime),
		Bits:       uint32(bits),
	})
	for _, tx := range txs {
		if err := block.AddTransaction(tx.MsgTx()); err != nil {
			return chainhash.Hash{}, fmt.Errorf("btcd: block: %w", err)
		}
	}
	if err := solve(&block.Header); err != nil {
		return chainhash.Hash{}, err
	}
	if err := n.client.SubmitBlock(btcutil.NewBlock(block), nil); err != nil {
		return chainhash.Hash{}, fmt.Errorf("btcd: submit block %d: %w", height, err)
	}
	return block.BlockHash(), nil
}

// mempool gives the waiting transactions, parents before children.
func (n *Node) mempool() ([]*btcutil.Tx, error) {
	waiting, err := n.client.GetRawMempoolVerbose()
	if err != nil {
		return nil, fmt.Errorf("btcd: mempool: %w", err)
	}
	var (
		txs   []*btcutil.Tx
		taken = make(map[string]bool, len(waiting))
		take  func(id string) error
	)
	take = func(id string) error {
		if taken[id] {
			return nil
		}
		taken[id] = true
		for _, parent := range waiting[id].Depends {
			if err := take(parent); err != nil {
				return err
			}
		}
		hash, err := chainhash.NewHashFromStr(id)
		if err != nil {
			return fmt.Errorf("btcd: mempool: %w", err)
		}
		tx, err := n.client.GetRawTransaction(hash)
		if err != nil {
			return fmt.Errorf("btcd: mempool transaction %s: %w", id, err)
		}
		txs = append(txs, tx)
		return nil
	}
	for id := range waiting {
		if err := take(id); err != nil {
			return nil, err
		}
	}
	return txs, nil
}

// makeCoinbase gives a coinbase for a height (BIP 34).
func makeCoinbase(height int32, script []byte, value int64) (*wire.MsgTx, error) {
	sig, err := txscript.NewScriptBuilder().AddInt64(int64(height)).AddData([]byte("nwnd")).Script()
	if err != nil {
		return nil, fmt.Errorf("btcd: coinbase: %w", err)
	}
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(wire.NewTxIn(&wire.OutPoint{Index: wire.MaxPrevOutIndex}, sig, nil))
	tx.AddTxOut(wire.NewTxOut(value, script))
	return tx, nil
}

// solve counts the nonce up until the header has enough work.
func solve(h *wire.BlockHeader) error {
	target := blockchain.CompactToBig(h.Bits)
	for nonce := range uint64(1 << 32) {
		h.Nonce = uint32(nonce)
		hash := h.BlockHash()
		if blockchain.HashToBig(&hash).Cmp(target) <= 0 {
			return nil
		}
	}
	return errors.New("btcd: no nonce solves the block")
}

// Invalidate has the node leave the given block and all after it: with further blocks mined,
// this is a reorganisation. Their transactions return to the mempool as far as they are valid.
func (n *Node) Invalidate(hash chainhash.Hash) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.client == nil {
		return ErrStopped
	}
	if err := n.client.InvalidateBlock(&hash); err != nil {
		return fmt.Errorf("btcd: invalidate %v: %w", hash, err)
	}
	return nil
}

// Best gives the chain's height and last block.
func (n *Node) Best() (int32, chainhash.Hash, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.client == nil {
		return 0, chainhash.Hash{}, ErrStopped
	}
	hash, height, err := n.client.GetBestBlock()
	if err != nil {
		return 0, chainhash.Hash{}, fmt.Errorf("btcd: best block: %w", err)
	}
	return height, *hash, nil
}
