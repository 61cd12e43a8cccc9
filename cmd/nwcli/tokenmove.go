package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func (a *app) deposit() *cobra.Command {
	return &cobra.Command{
		Use:   "deposit <channel> <amount>",
		Short: "Add to our side of a channel in an asset",
		Long: "Add tokens to our side of an open channel. It returns when both sides count them, once the deposit is final,\n" +
			"and tells its transaction. Interrupted, it goes on: nwcli channels and nwcli funds show it.",
		Example: "  nwcli deposit 16400007x312x9 12.5",
		Args:    cobra.ExactArgs(2),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			ch, n, err := c.channelAmount(ctx, args)
			if err != nil {
				return err
			}
			if err := a.allowance(ctx, c, ch.Asset, n); err != nil {
				return err
			}
			if err := a.ask(ctx, "Add %s to the channel with %s?", unitText(n, ch.Asset), short(ch.RemotePubkey)); err != nil {
				return err
			}
			r, err := c.tokens.DepositToChannel(ctx, &nwnrpc.ChannelAmountRequest{Channel: ch.ChannelId, Units: n})
			return a.moved(ctx, r, err, "the deposit")
		}),
	}
}

func (a *app) withdraw() *cobra.Command {
	return &cobra.Command{
		Use:   "withdraw <channel> <amount>",
		Short: "Take from our side of a channel in an asset",
		Long: "Take tokens out of our side of an open channel, to our account on chain. The peer must be online, and\n" +
			"sign. It tells the transaction once that is in a block.",
		Example: "  nwcli withdraw 16400007x312x9 5",
		Args:    cobra.ExactArgs(2),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			ch, n, err := c.channelAmount(ctx, args)
			if err != nil {
				return err
			}
			if err := a.ask(ctx, "Take %s out of the channel with %s?", unitText(n, ch.Asset), short(ch.RemotePubkey)); err != nil {
				return err
			}
			r, err := c.tokens.WithdrawFromChannel(ctx, &nwnrpc.ChannelAmountRequest{Channel: ch.ChannelId, Units: n})
			return a.moved(ctx, r, err, "the withdrawal")
		}),
	}
}

// channelAmount reads which channel is meant, and how much of its asset.
func (c *client) channelAmount(ctx context.Context, args []string) (*nwnrpc.TokenChannel, uint64, error) {
	ch, err := c.findTokenChannel(ctx, args[0])
	if err != nil {
		return nil, 0, err
	}
	n, err := parseUnits(args[1], ch.Asset)
	return ch, n, err
}

func (a *app) moved(ctx context.Context, r *nwnrpc.ChannelAmountResponse, err error, what string) error {
	if err != nil && ctx.Err() != nil {
		return tokenGoesOn(ctx, 0, err, what)
	}
	if err != nil {
		return err
	}
	return a.show(r, func(t *table) { doneBy(t, r.TxHash) })
}

// doneBy tells of a transaction, if there is one to tell of.
func doneBy(t *table, tx string) {
	if tx == "" {
		t.row("done")
		return
	}
	t.row("done by", tx)
}
