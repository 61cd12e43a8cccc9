package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
)

func (a *app) getInfo() *cobra.Command {
	return &cobra.Command{
		Use:     "getinfo",
		Short:   "Show the node",
		Example: "  nwcli getinfo",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			i, err := c.GetInfo(ctx, &lnrpc.GetInfoRequest{})
			if err != nil {
				return err
			}
			return a.show(i, func(t *table) {
				c.alarms(ctx, t)
				t.row("key", i.IdentityPubkey)
				t.row("alias", i.Alias)
				t.row("version", i.Version)
				for _, u := range i.Uris {
					t.row("address", u)
				}
				for _, ch := range i.Chains {
					t.row("network", ch.Network)
				}
				sync := "synced"
				if !i.SyncedToChain {
					sync = "catching up, last block of " + ago(i.BestHeaderTimestamp)
				}
				t.row("chain", fmt.Sprintf("height %d, %s", i.BlockHeight, sync))
				t.row("graph synced", yesNo(i.SyncedToGraph))
				t.row("peers", i.NumPeers)
				t.row("channels", fmt.Sprintf("%d active, %d inactive, %d pending",
					i.NumActiveChannels, i.NumInactiveChannels, i.NumPendingChannels))
			})
		}),
	}
}

func (a *app) peers() *cobra.Command {
	return &cobra.Command{
		Use:     "peers",
		Short:   "List the connected peers",
		Example: "  nwcli peers",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			l, err := c.ListPeers(ctx, &lnrpc.ListPeersRequest{})
			if err != nil {
				return err
			}
			return a.show(l, func(t *table) {
				t.row("KEY", "NAME", "ADDRESS", "DIRECTION", "PING", "SENT", "RECEIVED")
				for _, p := range l.Peers {
					dir := "outbound"
					if p.Inbound {
						dir = "inbound"
					}
					ping := "-"
					if p.PingTime > 0 {
						ping = (time.Duration(p.PingTime) * time.Microsecond).String()
					}
					t.row(p.PubKey, c.name(ctx, p.PubKey), p.Address, dir, ping, p.BytesSent, p.BytesRecv)
				}
			})
		}),
	}
}

func (a *app) connect() *cobra.Command {
	var keep bool
	c := &cobra.Command{
		Use:     "connect <key>@<host>[:port]",
		Short:   "Connect to a peer",
		Example: "  nwcli connect 02ab…cd@203.0.113.7:9735",
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			key, host, err := splitPeer(args[0])
			if err != nil {
				return err
			}
			if host == "" {
				return usage("the peer's address is missing: key@host:port")
			}
			r, err := c.ConnectPeer(ctx, &lnrpc.ConnectPeerRequest{
				Addr: &lnrpc.LightningAddress{Pubkey: key, Host: host}, Perm: keep,
			})
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) { t.row(r.Status) })
		}),
	}
	c.Flags().BoolVar(&keep, "keep", false, "keep trying in the background")
	return c
}

func (a *app) disconnect() *cobra.Command {
	return &cobra.Command{
		Use:     "disconnect <key>",
		Short:   "Disconnect from a peer",
		Example: "  nwcli disconnect 02ab…cd",
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			if _, err := nodeKey(args[0]); err != nil {
				return err
			}
			r, err := c.DisconnectPeer(ctx, &lnrpc.DisconnectPeerRequest{PubKey: args[0]})
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) { t.row("disconnected") })
		}),
	}
}

// splitPeer reads "key@host:port" or "key".
func splitPeer(s string) (key, host string, err error) {
	key, host, _ = strings.Cut(s, "@")
	_, err = nodeKey(key)
	return key, host, err
}
