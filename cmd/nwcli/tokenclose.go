package main

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// closeToken closes a channel in an asset; terms are bitcoin's: a fee, an address.
func (a *app) closeToken(ctx context.Context, c *client, ch *nwnrpc.TokenChannel, force, wait, terms bool) error {
	if terms {
		return usage("a channel in an asset pays to the address that was agreed, and nwnd chooses the fee: leave the fee and --address out")
	}
	if err := a.ask(ctx, "%s", closingToken(ch, force)); err != nil {
		return err
	}
	s, err := c.tokens.CloseTokenChannel(ctx, &nwnrpc.CloseTokenChannelRequest{Channel: ch.ChannelId, Force: force})
	if err != nil {
		return err
	}
	return a.followTokenClose(ctx, s, wait)
}

// closingToken asks whether to close, and says what that costs.
func closingToken(ch *nwnrpc.TokenChannel, force bool) string {
	ours, peer := milliText(ch.LocalMilli, ch.Asset), short(ch.RemotePubkey)
	if !force {
		to := ch.Params.GetPayB()
		if ch.Initiator {
			to = ch.Params.GetPayA()
		}
		return fmt.Sprintf("Close the channel with %s, our %s to %s?", peer, ours, to)
	}
	text := fmt.Sprintf("Force close the channel with %s? Our %s can be had %s after our state is on chain, and the gas is ours to pay.",
		peer, ours, seconds(ch.Delay))
	if n := len(ch.Htlcs); n > 0 {
		text += fmt.Sprintf("\n%s of %s in it will be settled on chain.", plural(n, "HTLC"),
			milliText(ch.UnsettledIncomingMilli+ch.UnsettledOutgoingMilli, ch.Asset))
	}
	if ch.Active {
		return text + "\nThe peer is online: closing without --force is cheaper and pays at once. Force it all the same?"
	}
	return text + "\nThe peer is away; if it may come back, closing without --force then is cheaper. Force it?"
}

// seconds is a time in words, roughly.
func seconds(n uint32) string {
	switch d := time.Duration(n) * time.Second; {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d seconds", n)
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes", int(d.Minutes()+0.5))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()+0.5))
	default:
		return fmt.Sprintf("%d days", int(d.Hours()/24+0.5))
	}
}

func (a *app) followTokenClose(ctx context.Context, s grpc.ServerStreamingClient[nwnrpc.TokenCloseUpdate], wait bool) error {
	for updates := 0; ; updates++ {
		u, err := s.Recv()
		if err != nil {
			return tokenGoesOn(ctx, updates, err, "the channel's closing")
		}
		if u.Closed {
			return a.show(u, func(t *table) { t.row("The channel is closed.") })
		}
		if err := a.show(u, func(t *table) { t.row("closing by", u.TxHash) }); err != nil || !wait {
			return err
		}
	}
}
