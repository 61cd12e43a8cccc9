package node

import (
	"context"
	"fmt"

	"github.com/btcsuite/btcd/chaincfg/chainhash"

	"github.com/nichework/nwnd/htlc"
)

// beginForced stops a channel, which has its commitment published.
func (n *Node) beginForced(ctx context.Context, d *driver) (*driver, error) {
	c := d.channel()
	switch {
	case c.Stale():
		return nil, fmt.Errorf("%w: %s", ErrNotEnforceable, c.Halted())
	case c.State() == htlc.Halted:
		return d, nil
	}
	stopped := make(chan struct{})
	d.post(job{in: htlc.Halt{Reason: "its operator asked for a force close"}, after: func() { close(stopped) }})
	return d, n.await(ctx, stopped)
}

// followForced tells of our commitment when it is published, and of the one that is in a block.
func (n *Node) followForced(ctx context.Context, d *driver, yield func(CloseUpdate, error) bool) {
	var told chainhash.Hash
	for {
		changed := d.changes.wait()
		txid, height := n.published(d)
		switch {
		case height > 0:
			yield(CloseUpdate{Txid: txid, Closed: true}, nil)
			return
		case txid != told:
			told = txid
			if !yield(CloseUpdate{Txid: told}, nil) {
				return
			}
		}
		if err := n.await(ctx, changed); err != nil {
			yield(CloseUpdate{}, err)
			return
		}
	}
}

// await waits for something, unless the caller leaves or the node stops.
func (n *Node) await(ctx context.Context, something <-chan struct{}) error {
	select {
	case <-something:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-n.ctx.Done():
		return ErrStopped
	}
}
