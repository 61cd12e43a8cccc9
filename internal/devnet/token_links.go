package devnet

import (
	"context"
	"errors"
	"fmt"

	"github.com/nichework/nwnd/internal/devnet/daemon"
	"github.com/nichework/nwnd/internal/devnet/proc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// tokenLink is a channel in points, all of which the opener has at first.
type tokenLink struct {
	from, to *daemon.Node
	units    uint64
	id       string
}

// maxEVMBlocks is how many blocks are mined, besides those that come by themselves, while something is waited for.
const maxEVMBlocks = 240

// evmUntil mines one block after the other on the EVM chain until a condition holds.
func (d *demo) evmUntil(ctx context.Context, what string, ok func(context.Context) error) error {
	var err error
	for range maxEVMBlocks {
		short, cancel := context.WithTimeout(ctx, patience)
		err = proc.Await(short, what, ok)
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
		if err := d.net.EVM.Mine(1); err != nil {
			return err
		}
	}
	return fmt.Errorf("after %d blocks on the EVM chain: %w", maxEVMBlocks, err)
}

// open opens channels in points and waits until both ends can use each.
func (c *coffee) open(ctx context.Context, links ...*tokenLink) error {
	for _, l := range links {
		if err := l.from.Connect(ctx, l.to); err != nil {
			return err
		}
		id, err := l.from.OpenToken(ctx, l.to, pointsSymbol, l.units)
		if err != nil {
			return err
		}
		l.id = id
		c.Say("points_channel", fields{"from": l.from.Name, "to": l.to.Name, "points": l.units, "channel": id},
			"%s - %s: a channel of %d %s", l.from.Name, l.to.Name, l.units, pointsSymbol)
	}
	return c.usable(ctx, links...)
}

// usable waits until both ends of channels can use them.
func (c *coffee) usable(ctx context.Context, links ...*tokenLink) error {
	return c.both(ctx, "active channels in points", links, func(ch *nwnrpc.TokenChannel) error {
		if !ch.Active {
			return errors.New("it is inactive")
		}
		return nil
	})
}

// ended waits until both ends of channels have closed them.
func (c *coffee) ended(ctx context.Context, links ...*tokenLink) error {
	return c.both(ctx, "channels in points to end", links, func(ch *nwnrpc.TokenChannel) error {
		if ch.State != nwnrpc.TokenChannelState_TOKEN_CHANNEL_CLOSED {
			return fmt.Errorf("it is %v: %s", ch.State, ch.Next)
		}
		return nil
	})
}

func (c *coffee) both(ctx context.Context, what string, links []*tokenLink, ok func(*nwnrpc.TokenChannel) error) error {
	return c.evmUntil(ctx, what, func(ctx context.Context) error {
		for _, l := range links {
			for _, end := range []*daemon.Node{l.from, l.to} {
				ch, err := end.TokenChannel(ctx, l.id)
				if err == nil {
					err = ok(ch)
				}
				if err != nil {
					return fmt.Errorf("%s - %s, as %s sees it: %w", l.from.Name, l.to.Name, end.Name, err)
				}
			}
		}
		return nil
	})
}

// payPoints pays an invoice. Who doesn't know the way yet hears of it soon.
func (c *coffee) payPoints(ctx context.Context, from, to *daemon.Node, points uint64) (*nwnrpc.TokenPayment, error) {
	inv, err := to.TokenInvoice(ctx, pointsSymbol, points*1000)
	if err != nil {
		return nil, err
	}
	var paid *nwnrpc.TokenPayment
	return paid, c.evmUntil(ctx, "a way for points", func(context.Context) error {
		paid, err = from.PayToken(ctx, inv.PaymentRequest, pointsMost*1000)
		return err
	})
}

// holdsPoints demands that a node's channels hold so many points of its own, once nothing is on its way.
func (c *coffee) holdsPoints(ctx context.Context, n *daemon.Node, points uint64) error {
	return n.Await(ctx, "points to arrive", func(ctx context.Context) error {
		b, err := n.TokenBalance(ctx, pointsSymbol)
		if err != nil {
			return err
		}
		if b.LocalMilli != points*1000 || b.UnsettledIncomingMilli+b.UnsettledOutgoingMilli != 0 {
			return fmt.Errorf("%d thousandths in channels, %d on their way, want %d", b.LocalMilli,
				b.UnsettledIncomingMilli+b.UnsettledOutgoingMilli, points*1000)
		}
		return nil
	})
}
