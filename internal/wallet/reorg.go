package wallet

import (
	"github.com/btcsuite/btcwallet/chain"
)

// feed is btcwallet's view of a backend, with a remedy for what btcwallet v0.16.18 does wrong: when a
// block leaves the chain it notes an empty hash for the block before, so that it doesn't
// recognise that one if it leaves next, and keeps its transactions as confirmed. So every
// notice that a block left is followed by one for the same height with the empty hash, which
// is recognised exactly if the former was not. For its other remedies see outbox and FilterBlocks.
type feed struct {
	chain.Interface
	out     chan any
	quit    <-chan struct{}
	scanned func(height int32) // notes how far a recovery has looked
	box     *outbox
}

// newFeed passes notifications on until the client or the wallet ends.
func newFeed(client chain.Interface, quit <-chan struct{}, scanned func(int32), box *outbox) *feed {
	f := &feed{client, make(chan any), quit, scanned, box}
	go func() {
		defer close(f.out)
		for n := range client.Notifications() {
			list := []any{n}
			if left, ok := n.(chain.BlockDisconnected); ok {
				again := left
				again.Hash = [32]byte{}
				list = append(list, again)
			}
			for _, n := range list {
				select {
				case f.out <- n:
				case <-quit:
					return
				}
			}
		}
	}()
	return f
}

// Notifications overrides those of the client.
func (f *feed) Notifications() <-chan any { return f.out }
