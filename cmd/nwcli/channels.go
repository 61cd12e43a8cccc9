package main

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
)

func (a *app) open() *cobra.Command {
	var f fee
	var push, symbol string
	var private, wait, unconfirmed bool
	c := &cobra.Command{
		Use:     "open <key>[@host:port] <amount>",
		Short:   "Open a channel",
		Example: "  nwcli open 02ab…cd@203.0.113.7:9735 0.01btc --wait\n  nwcli open 02ab…cd@203.0.113.7:9735 250 --asset=MILES",
		Long: "Open a channel of an amount, all of which is ours but what is pushed. With the peer's address,\n" +
			"connect to it first.",
		Args: cobra.ExactArgs(2),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			v, err := c.assetFor(ctx, symbol, args[1])
			if err != nil {
				return err
			}
			if v != nil {
				if unconfirmed || f.rate != 0 || f.target != 0 {
					return usage("fees and --spend-unconfirmed are for bitcoin: leave them out")
				}
				return a.openToken(ctx, c, &tokenOpening{asset: v, peer: args[0], amount: args[1], push: push, private: private, wait: wait})
			}
			key, host, err := splitPeer(args[0])
			if err != nil {
				return err
			}
			req := &lnrpc.OpenChannelRequest{
				SatPerVbyte: f.rate, TargetConf: f.target, Private: private, SpendUnconfirmed: unconfirmed,
			}
			if req.NodePubkey, err = nodeKey(key); err != nil {
				return err
			}
			if req.LocalFundingAmount, err = parseSats(args[1]); err != nil {
				return err
			}
			given := ""
			if push != "" {
				if req.PushSat, err = parseSats(push); err != nil {
					return err
				}
				given = fmt.Sprintf(", %s sat of it GIVEN to the peer", sats(req.PushSat))
			}
			if err := a.ask(ctx, "Open a channel of %s sat to %s%s, fee of the transaction %s?",
				sats(req.LocalFundingAmount), short(key), given, &f); err != nil {
				return err
			}
			if err := c.connectTo(ctx, key, host); err != nil {
				return err
			}
			return a.followOpen(ctx, c, req, wait)
		}),
	}
	f.flags(c)
	assetFlag(c, &symbol, "`symbol` of the asset that the channel holds (default: bitcoin)")
	c.Flags().StringVar(&push, "push", "", "amount to give to the peer")
	c.Flags().BoolVar(&private, "private", false, "don't announce the channel")
	c.Flags().BoolVar(&wait, "wait", false, "wait until the channel can be used")
	c.Flags().BoolVar(&unconfirmed, "spend-unconfirmed", false, "use coins that haven't confirmed")
	return c
}

func (a *app) followOpen(ctx context.Context, c *client, req *lnrpc.OpenChannelRequest, wait bool) error {
	s, err := c.OpenChannel(ctx, req)
	if err != nil {
		return err
	}
	for updates := 0; ; updates++ {
		u, err := s.Recv()
		if err != nil {
			return goesOn(ctx, updates, err, "the channel's opening")
		}
		switch {
		case u.GetChanPending() != nil:
			p := u.GetChanPending()
			if err := a.show(u, func(t *table) {
				t.row("channel", fmt.Sprintf("%s:%d", reversed(p.Txid), p.OutputIndex))
			}); err != nil {
				return err
			}
			if !wait {
				a.note("Its funding transaction must confirm now; nwcli pendingchannels shows how far it is.")
				return nil
			}
			a.note("Waiting for its funding transaction to confirm.")
		case u.GetChanOpen() != nil:
			return a.show(u, func(t *table) { t.row("The channel is open.") })
		}
	}
}

// goesOn is why we stopped waiting for what nwnd does, and where to look after it.
func goesOn(ctx context.Context, updates int, err error, what string) error {
	if updates == 0 && ctx.Err() == nil {
		return ended(err)
	}
	why := ended(err).Error()
	if ctx.Err() != nil {
		why = "interrupted"
	}
	return &fault{exitUnknown, "OutcomeUnknown", fmt.Sprintf("%s; %s may go on: nwcli pendingchannels shows it", why, what)}
}

func (a *app) channels() *cobra.Command {
	return &cobra.Command{
		Use:     "channels",
		Short:   "List the open channels, of bitcoin and of assets",
		Example: "  nwcli channels",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			l, err := c.ListChannels(ctx, &lnrpc.ListChannelsRequest{PeerAliasLookup: true})
			if err != nil {
				return err
			}
			others, err := c.tokenChannels(ctx)
			if err != nil {
				return err
			}
			if a.json && others != nil {
				return a.showMerged(l, others)
			}
			return a.show(l, func(t *table) {
				channelRows(t, l.Channels)
				if all := others.GetTokenChannels(); len(all) > 0 {
					t.row("")
					tokenChannelRows(t, all)
				}
			})
		}),
	}
}

func channelRows(t *table, all []*lnrpc.Channel) {
	slices.SortFunc(all, func(x, y *lnrpc.Channel) int { return cmp.Compare(x.ChanId, y.ChanId) })
	var capacity, ours, theirs int64
	t.row("ID", "PEER", "NAME", "STATE", "CAPACITY", "OURS", "THEIRS", "HTLCS", "CHANNEL POINT")
	for _, ch := range all {
		capacity, ours, theirs = capacity+ch.Capacity, ours+ch.LocalBalance, theirs+ch.RemoteBalance
		state := "inactive"
		if ch.Active {
			state = "active"
		}
		if ch.Private {
			state += ", private"
		}
		t.row(scid(ch.ChanId), short(ch.RemotePubkey), ch.PeerAlias, state, sats(ch.Capacity),
			sats(ch.LocalBalance), sats(ch.RemoteBalance), len(ch.PendingHtlcs), ch.ChannelPoint)
	}
	if len(all) > 1 {
		t.row("together", "", "", "", sats(capacity), sats(ours), sats(theirs))
	}
}

// findChannel finds an open channel by its channel point, its id (105x1x0) or the id as
// one number.
func findChannel(ctx context.Context, c *client, name string) (*lnrpc.Channel, error) {
	l, err := c.ListChannels(ctx, &lnrpc.ListChannelsRequest{})
	if err != nil {
		return nil, err
	}
	for _, ch := range l.Channels {
		if ch.ChannelPoint == name || scid(ch.ChanId) == name || strconv.FormatUint(ch.ChanId, 10) == name {
			return ch, nil
		}
	}
	return nil, fmt.Errorf("no open channel is %q; nwcli channels lists them", name)
}

// channelPoint reads "txid:index".
func channelPoint(s string) (*lnrpc.ChannelPoint, error) {
	txid, index, ok := strings.Cut(s, ":")
	n, err := strconv.ParseUint(index, 10, 32)
	if !ok || err != nil || len(txid) != 64 {
		return nil, usage("%q is no channel point: txid:index", s)
	}
	return &lnrpc.ChannelPoint{
		FundingTxid: &lnrpc.ChannelPoint_FundingTxidStr{FundingTxidStr: txid}, OutputIndex: uint32(n),
	}, nil
}

// reversed is a txid as text.
func reversed(b []byte) string {
	out := make([]byte, len(b))
	for i := range b {
		out[len(b)-1-i] = b[i]
	}
	return hex.EncodeToString(out)
}
