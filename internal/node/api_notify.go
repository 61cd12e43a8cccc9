package node

import (
	"context"
	"fmt"
	"iter"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/chain"
)

// What the chain says of a transaction and of an output.
type (
	// ConfEvent tells that a transaction is deep enough, or no longer there.
	ConfEvent = chain.ConfEvent
	// SpendEvent tells that an output is spent, or no longer.
	SpendEvent = chain.SpendEvent
)

// ConfWatch asks for a transaction, one of whose outputs has this script, to be so deep.
type ConfWatch struct {
	Tx     chainhash.Hash
	Script []byte
	Depth  uint32 // from 1
	Hint   uint32 // a height below which it can't be
}

// SpendWatch asks for the spend of an output with this script.
type SpendWatch struct {
	Output wire.OutPoint
	Script []byte
	Hint   uint32
}

// Limits of what a caller may have watched.
const (
	maxWatchDepth  = 144
	maxWatchScript = 10_000
)

// Confirmations streams what becomes of a transaction.
func (n *Node) Confirmations(ctx context.Context, w ConfWatch) iter.Seq2[ConfEvent, error] {
	return func(yield func(ConfEvent, error) bool) {
		switch {
		case w.Depth < 1 || w.Depth > maxWatchDepth:
			yield(ConfEvent{}, fmt.Errorf("%w: %d confirmations are asked for, 1 to %d can be", ErrInvalid, w.Depth, maxWatchDepth))
			return
		case !findable(w.Script):
			yield(ConfEvent{}, fmt.Errorf("%w: a script of %d bytes, 1 to %d are needed, without OP_RETURN first", ErrInvalid, len(w.Script), maxWatchScript))
			return
		}
		ctx, cancel := context.WithCancel(chain.Guest(ctx))
		defer cancel()
		events, err := n.chain.WatchConfirmed(ctx, w.Tx, w.Script, w.Depth, n.hint(w.Hint))
		if err != nil {
			yield(ConfEvent{}, err)
			return
		}
		hand(ctx, n.ctx, events, yield)
	}
}

// Spends streams what becomes of an output.
func (n *Node) Spends(ctx context.Context, w SpendWatch) iter.Seq2[SpendEvent, error] {
	return func(yield func(SpendEvent, error) bool) {
		if !findable(w.Script) {
			yield(SpendEvent{}, fmt.Errorf("%w: a script of %d bytes, 1 to %d are needed, without OP_RETURN first", ErrInvalid, len(w.Script), maxWatchScript))
			return
		}
		ctx, cancel := context.WithCancel(chain.Guest(ctx))
		defer cancel()
		events, err := n.chain.WatchSpent(ctx, w.Output, w.Script, n.hint(w.Hint))
		if err != nil {
			yield(SpendEvent{}, err)
			return
		}
		hand(ctx, n.ctx, events, yield)
	}
}

// findable reports whether filters tell of a script; to look for another is to fetch every block.
func findable(script []byte) bool {
	return len(script) > 0 && len(script) <= maxWatchScript && script[0] != txscript.OP_RETURN
}

// hint is a caller's, which may be any number.
func (n *Node) hint(h uint32) int32 { return int32(min(h, n.height())) }

// hand hands events on until the reader has enough, or the call or the node ends.
func hand[T any](ctx, node context.Context, events <-chan T, yield func(T, error) bool) {
	var zero T
	for {
		select {
		case e, ok := <-events:
			if !ok {
				yield(zero, orElse(ctx.Err(), ErrStopped))
				return
			}
			if !yield(e, nil) {
				return
			}
		case <-ctx.Done():
			yield(zero, ctx.Err())
			return
		case <-node.Done():
			yield(zero, ErrStopped)
			return
		}
	}
}
