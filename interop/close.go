package main

import (
	"context"
	"fmt"

	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/lnrpc"
)

// closeByFirst closes a channel from the side that opened it.
func closeByFirst(ctx context.Context, w *world) error {
	return closeBy(ctx, w, w.first(), w.last())
}

// closeByAcceptor closes a channel from the side that accepted it.
func closeByAcceptor(ctx context.Context, w *world) error {
	w.nodes[0], w.nodes[1] = w.nodes[1], w.nodes[0]
	return closeBy(ctx, w, w.last(), w.first())
}

// closeBy opens from the first node, pays, closes, and then counts the wallets: the
// acceptor has its balance, the opener the rest less what the chain's transactions paid.
func closeBy(ctx context.Context, w *world, closer, other *daemon.Node) error {
	if err := w.open(ctx, 2_000_000, 600_000); err != nil {
		return err
	}
	if err := w.payFirstToLast(ctx, 123_456); err != nil {
		return err
	}
	if err := w.check(ctx); err != nil {
		return err
	}
	c := w.channels[0]
	w.channels = nil
	short, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	txid, err := closer.Close(short, c.Point)
	if err != nil {
		return err
	}
	if err := w.net.Confirm(short, txid); err != nil {
		return err
	}
	accounts, err := w.net.Accounts(short)
	if err != nil {
		return err
	}
	fees := accounts.Fee[c.Point.Hash] + accounts.Fee[txid]
	wantTo := funds + c.to/1000
	wantFrom := funds - c.to/1000 - fees
	if err := c.To.AwaitConfirmed(short, wantTo); err != nil {
		return err
	}
	if err := c.From.AwaitConfirmed(short, wantFrom); err != nil {
		return err
	}
	for _, n := range []*daemon.Node{closer, other} {
		if err := gone(short, n, c.Point); err != nil {
			return err
		}
	}
	return nil
}

// gone waits until a node has neither the channel nor anything pending of it.
func gone(ctx context.Context, n *daemon.Node, point wire.OutPoint) error {
	return n.Await(ctx, "the channel to be forgotten", func(ctx context.Context) error {
		open, err := n.Lightning().ListChannels(ctx, &lnrpc.ListChannelsRequest{})
		if err != nil {
			return err
		}
		pending, err := n.Lightning().PendingChannels(ctx, &lnrpc.PendingChannelsRequest{})
		if err != nil {
			return err
		}
		if left := len(open.Channels) + len(pending.WaitingCloseChannels) + len(pending.PendingForceClosingChannels); left > 0 {
			return fmt.Errorf("%v: %d open, %d waiting, %d forced", point, len(open.Channels),
				len(pending.WaitingCloseChannels), len(pending.PendingForceClosingChannels))
		}
		return nil
	})
}
