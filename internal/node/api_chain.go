package node

import (
	"context"
	"fmt"
	"iter"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/lightningnetwork/lnd/lnwallet/chainfee"
)

// Block is the last block of the chain at some time.
type Block struct {
	Height uint32
	Hash   chainhash.Hash
}

// FeeEstimate is in satoshi per 1000 weight units.
type FeeEstimate struct {
	Rate    uint64
	Relayed uint64 // the least that is relayed
}

// Account is all of the wallet's addresses of one type.
type Account struct {
	Name               string
	Type               AddressType
	ExtendedKey        string // public
	DerivationPath     string
	External, Internal uint32 // keys that were derived
}

// maxBacklog is how many blocks a stream may begin behind: each is read in whole.
const maxBacklog = 4032

// maxBacklogs is how many of these are read at once, for whatever number of streams, so that the source
// has time for the node.
const maxBacklogs = 2

// maxConfTarget is the furthest block that a fee is estimated for: a week's.
const maxConfTarget = 1008

// Blocks streams the last block, now and whenever it changes; who is slow is told of the
// last only. With a block to begin after every one behind it comes first, from its height on
// if it is no longer in the chain.
func (n *Node) Blocks(ctx context.Context, after *Block) iter.Seq2[Block, error] {
	return func(yield func(Block, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(n.ctx, cancel)()
		told := Block{}
		for tip := range n.chain.Blocks(ctx) {
			if after != nil {
				var ok bool
				if told, ok = n.backlog(ctx, *after, uint32(max(tip.Height, 0)), yield); !ok {
					return
				}
				after = nil
			}
			b := Block{Height: uint32(max(tip.Height, 0)), Hash: tip.Hash}
			if b != told && !yield(b, nil) {
				return
			}
		}
		if n.ctx.Err() != nil || ctx.Err() == nil {
			yield(Block{}, ErrStopped)
			return
		}
		yield(Block{}, ctx.Err())
	}
}

// backlog tells of the blocks behind one, up to a height, and gives the last; false if the
// reader has enough or was told of an error.
func (n *Node) backlog(ctx context.Context, after Block, upTo uint32, yield func(Block, error) bool) (last Block, ok bool) {
	blocks, can := n.chain.(blockReader)
	switch {
	case !can:
		yield(Block{}, fmt.Errorf("%w: a block to begin from", ErrUnimplemented))
		return last, false
	case after.Height > upTo || upTo-after.Height > maxBacklog:
		yield(Block{}, fmt.Errorf("%w: a backlog from block %d, the last is %d; %d blocks may be between",
			ErrInvalid, after.Height, upTo, maxBacklog))
		return last, false
	}
	from := after.Height + 1
	if hash, err := n.oldBlock(ctx, blocks, after.Height); err == nil && hash != after.Hash {
		from = after.Height // another is there now
	}
	for h := from; h <= upTo; h++ {
		hash, err := n.oldBlock(ctx, blocks, h)
		if err != nil {
			yield(Block{}, err)
			return last, false
		}
		last = Block{Height: h, Hash: hash}
		if !yield(last, nil) {
			return last, false
		}
	}
	return last, true
}

// oldBlock reads a block when it is its turn.
func (n *Node) oldBlock(ctx context.Context, blocks blockReader, height uint32) (chainhash.Hash, error) {
	select {
	case n.backlogs <- struct{}{}:
		defer func() { <-n.backlogs }()
	case <-ctx.Done():
		return chainhash.Hash{}, ctx.Err()
	}
	_, hash, err := blocks.BlockAt(ctx, int32(height))
	return hash, err
}

// EstimateFee estimates what confirms within target blocks.
func (n *Node) EstimateFee(ctx context.Context, target uint32) (FeeEstimate, error) {
	if target == 0 || target > maxConfTarget {
		return FeeEstimate{}, fmt.Errorf("%w: confirmation target must be 1 to %d, is %d", ErrInvalid, maxConfTarget, target)
	}
	rate, err := n.chain.EstimateFee(ctx, target)
	return FeeEstimate{Rate: uint64(rate), Relayed: uint64(chainfee.FeePerKwFloor)}, err
}

// Accounts lists the wallet's accounts.
func (n *Node) Accounts(context.Context) ([]Account, error) {
	found, err := n.wallet.Accounts()
	if err != nil {
		return nil, walletError(err)
	}
	var all []Account
	for _, a := range found {
		all = append(all, Account{
			Name: a.Name, Type: AddressType(a.Kind), ExtendedKey: a.Key, DerivationPath: a.Path,
			External: a.External, Internal: a.Internal,
		})
	}
	return all, nil
}
