package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func (a *app) forwards() *cobra.Command {
	var since time.Duration
	var most, offset uint32
	var all, failed bool
	var symbol string
	c := &cobra.Command{
		Use:     "forwards",
		Short:   "List what was forwarded, or could not be",
		Example: "  nwcli forwards --since=24h\n  nwcli forwards --failed\n  nwcli forwards --asset=MILES",
		Args:    cobra.NoArgs,
		RunE: a.wait(func(ctx context.Context, c *client, _ []string) error {
			if failed {
				return a.failedForwards(ctx, c, since, most, all)
			}
			if symbol != "" {
				inAsset := &nwnrpc.AssetForwardsRequest{Symbol: symbol, NumMaxEvents: most, IndexOffset: offset}
				if since > 0 {
					inAsset.StartTime = uint64(max(time.Now().Add(-since).Unix(), 1))
				}
				return a.assetForwards(ctx, c, inAsset, all)
			}
			req := &lnrpc.ForwardingHistoryRequest{NumMaxEvents: most, IndexOffset: offset, PeerAliasLookup: true}
			if since > 0 {
				req.StartTime = uint64(max(time.Now().Add(-since).Unix(), 1))
			}
			if all {
				req.NumMaxEvents = page
			}
			var fees msat
			return a.paged(ctx, all, func(ctx context.Context, header bool) (bool, error) {
				l, err := c.ForwardingHistory(ctx, req)
				if err != nil {
					return false, err
				}
				req.IndexOffset = l.LastOffsetIndex
				more := len(l.ForwardingEvents) == int(req.NumMaxEvents)
				if more && !all {
					a.note("There may be more: nwcli forwards --offset %d", l.LastOffsetIndex)
				}
				return more, a.show(l, func(t *table) {
					fees += forwardRows(t, l.ForwardingEvents, header)
					if !more || !all {
						t.row("together", "", "", "", "", fees)
					}
				})
			})
		}),
	}
	c.Flags().DurationVar(&since, "since", 0, "only those of this time, 24h for the last day")
	c.Flags().Uint32Var(&most, "max", 100, "how many")
	c.Flags().Uint32Var(&offset, "offset", 0, "how many to pass over")
	c.Flags().BoolVar(&all, "all", false, "list every one")
	c.Flags().BoolVar(&failed, "failed", false, "those that came to nothing, and why, the newest first")
	c.MarkFlagsMutuallyExclusive("max", "all")
	c.Flags().StringVar(&symbol, "asset", "", "those in the asset with this symbol, instead of those in bitcoin")
	c.MarkFlagsMutuallyExclusive("failed", "offset")
	c.MarkFlagsMutuallyExclusive("failed", "asset")
	return c
}

// forwardRows lists forwards and adds up their fees.
func forwardRows(t *table, all []*lnrpc.ForwardingEvent, header bool) (fees msat) {
	if header {
		t.row("TIME", "FROM", "TO", "IN", "OUT", "FEE")
	}
	for _, f := range all {
		t.row(time.Unix(0, int64(f.TimestampNs)).Format("2006-01-02 15:04:05"), named(f.ChanIdIn, f.PeerAliasIn),
			named(f.ChanIdOut, f.PeerAliasOut), msat(f.AmtInMsat), msat(f.AmtOutMsat), msat(f.FeeMsat))
		fees += msat(f.FeeMsat)
	}
	return fees
}

// named is a channel with its peer's name.
func named(id uint64, alias string) string {
	if alias == "" {
		return scid(id)
	}
	return scid(id) + " " + alias
}

func (a *app) closedChannels() *cobra.Command {
	return &cobra.Command{
		Use:     "closedchannels",
		Short:   "List the channels that are no more",
		Example: "  nwcli closedchannels",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			l, err := c.ClosedChannels(ctx, &lnrpc.ClosedChannelsRequest{})
			if err != nil {
				return err
			}
			return a.show(l, func(t *table) {
				t.row("ID", "PEER", "CAPACITY", "WE GOT", "HOW", "HEIGHT", "BY TRANSACTION", "CHANNEL POINT")
				for _, ch := range l.Channels {
					how := strings.ToLower(strings.ReplaceAll(ch.CloseType.String(), "_", " "))
					t.row(scid(ch.ChanId), short(ch.RemotePubkey), sats(ch.Capacity), sats(ch.SettledBalance), how,
						ch.CloseHeight, ch.ClosingTxHash, ch.ChannelPoint)
				}
			})
		}),
	}
}

func (a *app) signMessage() *cobra.Command {
	return &cobra.Command{
		Use:     "signmessage <message>",
		Short:   "Sign a message with the node's key",
		Example: `  nwcli signmessage "it is me"`,
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			r, err := c.SignMessage(ctx, &lnrpc.SignMessageRequest{Msg: []byte(args[0])})
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) { t.row(r.Signature) })
		}),
	}
}

func (a *app) verifyMessage() *cobra.Command {
	return &cobra.Command{
		Use:     "verifymessage <message> <signature>",
		Short:   "Tell which node signed a message",
		Example: `  nwcli verifymessage "it is me" rbx…9p`,
		Args:    cobra.ExactArgs(2),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			r, err := c.VerifyMessage(ctx, &lnrpc.VerifyMessageRequest{Msg: []byte(args[0]), Signature: args[1]})
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) {
				switch {
				case r.Valid:
					t.row("signed by", r.Pubkey)
				case r.Pubkey != "":
					t.row("not valid: no node of the network has the key", r.Pubkey)
				default:
					t.row("not valid")
				}
			})
		}),
	}
}
