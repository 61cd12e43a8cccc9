//go:build !nwnd_dev

package node

import (
	"context"
	"fmt"

	"github.com/btcsuite/btcd/wire"
)

// AbandonChannel is refused: what is in the channel would be lost.
func (n *Node) AbandonChannel(context.Context, wire.OutPoint) error {
	return fmt.Errorf("%w: only builds for tests abandon a channel, since what is in it is lost; force close it instead",
		ErrUnimplemented)
}
