package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
)

func (a *app) closeChannel() *cobra.Command {
	var f fee
	var address string
	var force, wait bool
	c := &cobra.Command{
		Use:   "close <channel point or id>",
		Short: "Close a channel",
		Long: "Close a channel together with its peer. With --force, close it alone: our newest commitment goes on chain, as it\n" +
			"is, with the fee that it has. What is ours comes after the channel's delay, and each HTLC in it is settled on\n" +
			"chain. That is slower and dearer, so it is for peers that don't come back.",
		Example: "  nwcli close 105x1x0 --wait\n  nwcli close 105x1x0 --force",
		Args:    cobra.ExactArgs(1),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			if force && (address != "" || f.rate != 0 || f.target != 0) {
				return usage("--force publishes the commitment as it is: leave the fee and --address out")
			}
			ch, err := findChannel(ctx, c, args[0])
			if err != nil {
				if ch, _ := c.findTokenChannel(ctx, args[0]); ch != nil {
					return a.closeToken(ctx, c, ch, force, wait, address != "" || f.rate != 0 || f.target != 0)
				}
				return err
			}
			point, err := channelPoint(ch.ChannelPoint)
			if err != nil {
				return err
			}
			if err := a.askToClose(ctx, ch, address, force, &f); err != nil {
				return err
			}
			return a.followClose(ctx, c, &lnrpc.CloseChannelRequest{
				ChannelPoint: point, Force: force, TargetConf: f.target, SatPerVbyte: f.rate,
				DeliveryAddress: address,
			}, wait)
		}),
	}
	f.flags(c)
	c.Flags().StringVar(&address, "address", "", "where our balance goes (default: our wallet)")
	c.Flags().BoolVar(&force, "force", false, "close without the peer")
	c.Flags().BoolVar(&wait, "wait", false, "wait until the closing transaction confirmed")
	return c
}

func (a *app) askToClose(ctx context.Context, ch *lnrpc.Channel, address string, force bool, f *fee) error {
	if force {
		return a.ask(ctx, "%s", forcing(ch))
	}
	to := "our wallet"
	if address != "" {
		to = clean(address)
	}
	return a.ask(ctx, "Close the channel with %s, our %s sat to %s, fee %s?",
		short(ch.RemotePubkey), sats(ch.LocalBalance), to, f)
}

// forcing asks whether to force a close, and says what that costs.
func forcing(ch *lnrpc.Channel) string {
	delay := ch.LocalConstraints.GetCsvDelay()
	text := fmt.Sprintf("Force close the channel with %s? Our %s sat can be spent %d blocks (about %s) after our commitment is in a block",
		short(ch.RemotePubkey), sats(ch.LocalBalance), delay, duration(delay))
	payer := "the peer's"
	if ch.Initiator {
		payer = "ours"
	}
	text += fmt.Sprintf(".\nThe commitment's fee of %s sat is %s; taking what it pays us, or making it confirm sooner, costs more.",
		sats(ch.CommitFee), payer)
	if n := len(ch.PendingHtlcs); n > 0 {
		text += fmt.Sprintf("\n%s of %s sat in it will be settled on chain.", plural(n, "HTLC"), sats(ch.UnsettledBalance))
	}
	if ch.Active {
		return text + "\nThe peer is online: closing without --force is cheaper and pays at once. Force it all the same?"
	}
	return text + "\nThe peer is away; if it may come back, closing without --force then is cheaper. Force it?"
}

func (a *app) followClose(ctx context.Context, c *client, req *lnrpc.CloseChannelRequest, wait bool) error {
	s, err := c.CloseChannel(ctx, req)
	if err != nil {
		return err
	}
	for updates := 0; ; updates++ {
		u, err := s.Recv()
		if err != nil {
			return goesOn(ctx, updates, err, "the channel's closing")
		}
		switch {
		case u.GetClosePending() != nil:
			if err := a.show(u, func(t *table) { t.row("closing by", reversed(u.GetClosePending().Txid)) }); err != nil || !wait {
				return err
			}
			if req.Force {
				a.note("Waiting for the commitment to confirm; nwcli pendingchannels shows what comes of it.")
			}
		case u.GetChanClose() != nil:
			return a.show(u, func(t *table) {
				if req.Force {
					t.row("The commitment is in a block; nwcli funds shows when what it pays can be spent.")
				} else {
					t.row("The channel is closed.")
				}
			})
		}
	}
}

// plural counts things.
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
