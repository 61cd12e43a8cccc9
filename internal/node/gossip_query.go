package node

import (
	"context"
	"errors"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/chain"
)

// answer replies to a gossip query, a bounded chunk at a time.
func (gp *gossipPeer) answer(ctx context.Context, msg lnwire.Message) error {
	switch m := msg.(type) {
	case *lnwire.QueryChannelRange:
		reply, err := gp.g.gate.ReplyChannelRange(gp.id, m, gp.g.now())
		if err != nil {
			return err
		}
		for r := reply.Next(); r != nil; r = reply.Next() {
			if !gp.push(ctx, r) {
				return nil
			}
		}
	case *lnwire.QueryShortChanIDs:
		reply, err := gp.g.gate.ReplyShortChanIDs(gp.id, m, gp.g.now())
		if err != nil {
			return err
		}
		for chunk := reply.Next(gossipChunk); len(chunk) > 0; chunk = reply.Next(gossipChunk) {
			for _, r := range chunk {
				if !gp.push(ctx, r) {
					return nil
				}
			}
		}
	}
	return nil
}

// chainSaysNo tells an output that isn't there from a chain that doesn't answer, or that
// hasn't come to that block yet.
func chainSaysNo(err error) bool {
	return errors.Is(err, chain.ErrNoSuchTx) ||
		errors.Is(err, chain.ErrNoSuchOutput) || errors.Is(err, chain.ErrSpent)
}
