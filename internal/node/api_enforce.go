package node

import (
	"context"
	"fmt"

	"github.com/btcsuite/btcd/wire"
)

// Sweeps lists what is being taken of channels on chain.
func (n *Node) Sweeps(context.Context) ([]Sweep, error) { return nil, nil }

// AbandonChannel is refused: what is in the channel would be lost.
func (n *Node) AbandonChannel(context.Context, wire.OutPoint) error {
	return fmt.Errorf("%w: abandoning a channel loses what is in it; force close it instead", ErrUnimplemented)
}
