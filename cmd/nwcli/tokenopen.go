package main

import (
	"context"
	"fmt"
	"strings"

	"google.golang.org/grpc"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// tokenOpening is a channel that is to be opened in an asset.
type tokenOpening struct {
	asset   *nwnrpc.Asset
	peer    string // key[@host:port]
	amount  string
	push    string
	private bool
	wait    bool
}

func (a *app) openToken(ctx context.Context, c *client, o *tokenOpening) error {
	key, host, err := splitPeer(o.peer)
	if err != nil {
		return err
	}
	req := &nwnrpc.OpenTokenChannelRequest{Symbol: o.asset.Symbol, Private: o.private}
	if req.NodePubkey, err = nodeKey(key); err != nil {
		return err
	}
	if req.CapacityUnits, err = parseUnits(o.amount, o.asset); err != nil {
		return err
	}
	given := ""
	if o.push != "" {
		if req.PushUnits, err = parseUnits(o.push, o.asset); err != nil {
			return err
		}
		given = fmt.Sprintf(", %s of it GIVEN to the peer", unitText(req.PushUnits, o.asset))
	}
	if err := a.allowance(ctx, c, o.asset, req.CapacityUnits); err != nil {
		return err
	}
	if err := a.ask(ctx, "Open a channel of %s to %s%s?", unitText(req.CapacityUnits, o.asset), short(key), given); err != nil {
		return err
	}
	if err := c.connectTo(ctx, key, host); err != nil {
		return err
	}
	s, err := c.tokens.OpenTokenChannel(ctx, req)
	if err != nil {
		return err
	}
	return a.followTokenOpen(ctx, s, o.wait)
}

// connectTo connects to a node that an address was given for.
func (c *client) connectTo(ctx context.Context, key, host string) error {
	if host == "" {
		return nil
	}
	_, err := c.ConnectPeer(ctx, &lnrpc.ConnectPeerRequest{Addr: &lnrpc.LightningAddress{Pubkey: key, Host: host}})
	if err != nil && !strings.Contains(err.Error(), "already connected") {
		return err
	}
	return nil
}

func (a *app) followTokenOpen(ctx context.Context, s grpc.ServerStreamingClient[nwnrpc.TokenOpenUpdate], wait bool) error {
	for updates := 0; ; updates++ {
		u, err := s.Recv()
		if err != nil {
			return tokenGoesOn(ctx, updates, err, "the channel's opening")
		}
		if u.Open {
			return a.show(u, func(t *table) {
				if u.TxHash == "" {
					t.row("The channel is open.")
					return
				}
				t.row("The channel is open, by the deposit in " + u.TxHash)
			})
		}
		if err := a.show(u, func(t *table) { t.row("channel", u.ChannelId) }); err != nil {
			return err
		}
		if !wait {
			a.note("Its deposit must become final now; nwcli channels shows how far it is.")
			return nil
		}
		a.note("Waiting for its deposit to become final.")
	}
}

// tokenGoesOn is why we stopped waiting for what nwnd does with a channel, and where to look after it.
func tokenGoesOn(ctx context.Context, updates int, err error, what string) error {
	if updates == 0 && ctx.Err() == nil {
		return ended(err)
	}
	why := ended(err).Error()
	if ctx.Err() != nil {
		why = "interrupted"
	}
	return &fault{exitUnknown, "OutcomeUnknown", fmt.Sprintf("%s; %s may go on: nwcli channels shows it", why, what)}
}
