package geth

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/miner"
)

// Mine makes blocks of the transactions that wait. Their timestamps are the chain's clock, or
// one second after the block before if that is later.
func (n *Node) Mine(count int) error { return n.extend(count, false) }

// Skip makes blocks without transactions, as a chain does that censors or is full of others'.
func (n *Node) Skip(count int) error { return n.extend(count, true) }

func (n *Node) extend(count int, empty bool) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return ErrClosed
	}
	for range count {
		block, err := n.build(n.Head(), empty)
		if err != nil {
			return err
		}
		if err := n.adopt(block); err != nil {
			return err
		}
	}
	return nil
}

// Warp moves the chain's clock ahead, for good, and makes a block there.
func (n *Node) Warp(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("geth: a chain's clock can't go back by %v", -d)
	}
	n.mu.Lock()
	ahead := time.Until(time.Unix(int64(n.Head().Time), 0)) // Mine may have run ahead of the clock
	n.offset = max(n.offset, ahead) + d
	n.mu.Unlock()
	return n.Mine(1)
}

// Now is the chain's clock: the time of a block that is made now, at least.
func (n *Node) Now() time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	return time.Now().Add(n.offset)
}

// Reorg exchanges the newest blocks, none of them final, for one more without transactions. The
// transactions of the lost ones wait again to be mined, unless those are more than 64: then
// go-ethereum forgets them.
func (n *Node) Reorg(depth int) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return ErrClosed
	}
	head := n.Head().Number.Uint64()
	if depth < 1 || uint64(depth) > head {
		return fmt.Errorf("geth: %d blocks to undo, want 1 to %d", depth, head)
	}
	fork := head - uint64(depth)
	if final := n.chain().CurrentFinalBlock(); final != nil && fork < final.Number.Uint64() {
		return fmt.Errorf("geth: undoing %d of %d blocks would undo number %v, which is final", depth, head, final.Number)
	}
	parent := n.chain().GetHeaderByNumber(fork)
	if !n.chain().HasState(parent.Root) {
		// It must be computed anew, which go-ethereum does for a head only.
		if _, err := n.chain().SetCanonical(n.chain().GetBlockByHash(parent.Hash())); err != nil {
			return fmt.Errorf("geth: back to block %d: %w", fork, err)
		}
	}
	var last *types.Block
	for range depth + 1 {
		block, err := n.build(parent, true)
		if err != nil {
			return err
		}
		last, parent = block, block.Header()
	}
	return n.adopt(last)
}

// Forget drops all transactions that wait.
func (n *Node) Forget() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return ErrClosed
	}
	if err := n.eth.TxPool().Sync(); err != nil {
		return fmt.Errorf("geth: pool: %w", err)
	}
	n.eth.TxPool().Clear()
	return nil
}

// build makes a block on a parent and stores it, without making it the head.
func (n *Node) build(parent *types.Header, empty bool) (*types.Block, error) {
	// The pool learns of a new head in the background.
	if err := n.eth.TxPool().Sync(); err != nil {
		return nil, fmt.Errorf("geth: pool: %w", err)
	}
	args := &miner.BuildPayloadArgs{
		Parent:      parent.Hash(),
		Timestamp:   max(parent.Time+1, uint64(time.Now().Add(n.offset).Unix())),
		Withdrawals: types.Withdrawals{},
		BeaconRoot:  &common.Hash{},
	}
	rand.Read(args.Random[:])
	block, _, err := n.eth.Miner().BuildTestingPayload(args, nil, empty, nil)
	if err != nil {
		return nil, fmt.Errorf("geth: build block %v: %w", parent.Number.Uint64()+1, err)
	}
	if _, err := n.chain().InsertBlockWithoutSetHead(context.Background(), block, false); err != nil {
		return nil, fmt.Errorf("geth: block %v: %w", block.Number(), err)
	}
	return block, nil
}

// adopt makes a block the head, and the ones deep below it safe and final.
func (n *Node) adopt(head *types.Block) error {
	if _, err := n.chain().SetCanonical(head); err != nil {
		return fmt.Errorf("geth: block %v: %w", head.Number(), err)
	}
	n.chain().SetSafe(n.below(head, n.cfg.Safe, n.chain().CurrentSafeBlock()))
	n.chain().SetFinalized(n.below(head, n.cfg.Final, n.chain().CurrentFinalBlock()))
	// SetCanonical has told the pool; this waits until the pool has gone by it.
	if err := n.eth.TxPool().Sync(); err != nil {
		return fmt.Errorf("geth: pool: %w", err)
	}
	return nil
}

// below is the block so deep below the head, or the one before it was.
func (n *Node) below(head *types.Block, depth uint64, had *types.Header) *types.Header {
	at := head.NumberU64() - min(depth, head.NumberU64())
	if had != nil && at < had.Number.Uint64() && n.chain().GetCanonicalHash(had.Number.Uint64()) == had.Hash() {
		return had
	}
	return n.chain().GetHeaderByNumber(at)
}

// Every has the node make a block each period from now on, none by itself if it is 0.
func (n *Node) Every(period time.Duration) {
	n.mu.Lock()
	if n.stop != nil {
		close(n.stop)
		n.stop = nil
	}
	n.mu.Unlock()
	n.ticks.Wait()
	if period <= 0 {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed || n.stop != nil {
		return
	}
	stop := make(chan struct{})
	n.stop = stop
	n.ticks.Go(func() { n.loop(stop, period) })
}

// loop makes blocks until it is told to stop or can't.
func (n *Node) loop(stop <-chan struct{}, period time.Duration) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			if err := n.Mine(1); err != nil {
				n.mu.Lock()
				n.failure = err
				n.mu.Unlock()
				return
			}
		}
	}
}
