package main

import (
	"context"
	"fmt"
	"os"

	"github.com/btcsuite/btcd/chaincfg/chainhash"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

// restoredFrom has a node lose everything but its seed and the file that it backs its channels up
// in. Restored from these, it publishes nothing; its peer closes the channel, and both have what is
// theirs. If turned, the other implementation is restored from them.
func restoredFrom(victim int, turned bool) func(context.Context, *world) error {
	return func(ctx context.Context, w *world) error {
		c, err := w.openCourt(ctx)
		if err != nil {
			return err
		}
		if err := w.payBack(ctx, 20_000); err != nil {
			return err
		}
		if err := c.note(ctx); err != nil {
			return err
		}
		lost, peer := w.nodes[victim], w.nodes[1-victim]
		c.publisher, c.channels = peer, nil
		if err := c.lose(ctx, lost, turned); err != nil {
			return err
		}
		txid, err := awaitCommitment(ctx, peer, c.Point.String())
		if err != nil {
			return err
		}
		if err := c.net.ConfirmOnce(ctx, txid); err != nil {
			return err
		}
		if err := c.takeAll(ctx); err != nil {
			return err
		}
		return c.judge(ctx)
	}
}

// lose kills a node, keeps its backup file alone, and starts it again from that.
func (c *court) lose(ctx context.Context, lost *daemon.Node, turned bool) error {
	key := lost.Key()
	if err := lost.Kill(); err != nil {
		return err
	}
	backup, err := os.ReadFile(lost.BackupFile())
	if err != nil {
		return err
	}
	if err := lost.Wipe(backup); err != nil {
		return err
	}
	if turned {
		other := daemon.LND
		if lost.Kind == daemon.LND {
			other = daemon.NWND
		}
		c.net.Turn(lost, other)
	}
	if err := lost.Start(ctx); err != nil {
		return err
	}
	if lost.Key() != key {
		return fmt.Errorf("%s has key %s after it was restored, it was %s", lost.Name, lost.Key(), key)
	}
	return nil
}

// awaitCommitment waits until a node closes a channel with its own commitment, and gives that.
func awaitCommitment(ctx context.Context, n *daemon.Node, point string) (txid chainhash.Hash, err error) {
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	err = n.Await(ctx, "its commitment", func(ctx context.Context) error {
		pending, err := n.Lightning().PendingChannels(ctx, &lnrpc.PendingChannelsRequest{})
		if err != nil {
			return err
		}
		for _, p := range pending.WaitingCloseChannels {
			if p.Channel.GetChannelPoint() != point {
				continue
			}
			id, err := chainhash.NewHashFromStr(p.Commitments.GetLocalTxid())
			if err != nil {
				return err
			}
			txid = *id
			return nil
		}
		return fmt.Errorf("%v is not among %d channels that are being closed", point, len(pending.WaitingCloseChannels))
	})
	return txid, err
}
