package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func (a *app) pending() *cobra.Command {
	return &cobra.Command{
		Use:   "pendingchannels",
		Short: "List channels being opened or closed",
		Long: "List channels being opened or closed. Of those that are closed on chain, each output is listed: what it is,\n" +
			"how far it is, when it can be spent and what happens next.",
		Example: "  nwcli pendingchannels",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			l, err := c.PendingChannels(ctx, &lnrpc.PendingChannelsRequest{})
			if err != nil {
				return err
			}
			if a.json {
				return a.show(l, nil)
			}
			on, err := c.onChainChannels(ctx)
			if err != nil {
				return err
			}
			return a.show(nil, func(t *table) { pendingRows(t, l, on) })
		}),
	}
}

// pendingRows lists what is pending, and then the outputs of what is on chain.
func pendingRows(t *table, l *lnrpc.PendingChannelsResponse, on *nwnrpc.OnChainChannelsResponse) {
	told := make(map[string]*nwnrpc.OnChainChannel)
	for _, ch := range on.GetChannels() {
		told[ch.ChannelPoint] = ch
	}
	t.row("CHANNEL POINT", "PEER", "CAPACITY", "OURS", "WHAT")
	row := func(p *lnrpc.PendingChannelsResponse_PendingChannel, what string) {
		if ch := told[p.GetChannelPoint()]; ch != nil {
			what = whyOnChain(ch)
		}
		t.row(p.GetChannelPoint(), short(p.GetRemoteNodePub()), sats(p.GetCapacity()), sats(p.GetLocalBalance()), what)
	}
	for _, p := range l.PendingOpenChannels {
		row(p.Channel, "opening"+toGo(p.ConfirmationsUntilActive))
	}
	for _, p := range l.WaitingCloseChannels {
		what := "closing"
		if p.ClosingTxid != "" {
			what = "closing by " + p.ClosingTxid + toGo(p.BlocksTilCloseConfirmed)
		}
		row(p.Channel, what)
	}
	for _, p := range l.PendingForceClosingChannels {
		row(p.Channel, fmt.Sprintf("on chain by %s, %s sat to come, %s", p.ClosingTxid, sats(p.LimboBalance),
			plural(len(p.PendingHtlcs), "HTLC")))
	}
	for _, ch := range on.GetChannels() {
		if len(ch.Coins) > 0 {
			coinRows(t, ch, on.BlockHeight)
		}
	}
}

// toGo is nothing while nobody knows.
func toGo(blocks uint32) string {
	if blocks == 0 {
		return ""
	}
	return fmt.Sprintf(", %d blocks to go", blocks)
}
