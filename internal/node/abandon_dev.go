//go:build nwnd_dev

package node

import (
	"context"
	"fmt"

	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/channeldb"
)

// AbandonChannel forgets a channel at once, whatever is in it or on chain. Its summary stays.
func (n *Node) AbandonChannel(ctx context.Context, point wire.OutPoint) error {
	d := n.channelAt(point)
	if d == nil {
		return fmt.Errorf("%w: no channel with funding output %v", ErrNotFound, point)
	}
	done := make(chan error, 1)
	d.post(job{after: func() {
		v := n.summary(d, nil)
		v.Kind, v.Height = Abandoned, n.height()
		n.drop(d)
		done <- n.db.Append(channeldb.Batch{Puts: []channeldb.KV{closedPut(&v)}})
	}})
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-n.ctx.Done():
		return ErrStopped
	}
}
