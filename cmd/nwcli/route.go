package main

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

func (a *app) route() *cobra.Command {
	var limit string
	var finalDelta int32
	c := &cobra.Command{
		Use:   "route <key> <amount>",
		Short: "Show how a payment would go",
		Long: "Show how a payment would go: the nodes, what each keeps of it, when its HTLC expires, and how\n" +
			"likely it is, by what earlier payments taught, that each forwards it. Nothing is sent.",
		Example: "  nwcli route 0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798 50ksat",
		Args:    cobra.ExactArgs(2),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			if _, err := nodeKey(args[0]); err != nil {
				return err
			}
			amt, err := parseAmount(args[1])
			if err != nil {
				return err
			}
			if amt == 0 {
				return usage("amount %q is nothing", args[1])
			}
			most, err := feeLimit(limit, amt)
			if err != nil {
				return err
			}
			r, err := c.QueryRoutes(ctx, &lnrpc.QueryRoutesRequest{
				PubKey: args[0], AmtMsat: int64(amt), FinalCltvDelta: finalDelta, UseMissionControl: true,
				FeeLimit: &lnrpc.FeeLimit{Limit: &lnrpc.FeeLimit_FixedMsat{FixedMsat: int64(most)}},
			})
			if err != nil {
				return err
			}
			if a.json {
				return a.show(r, nil)
			}
			info, err := c.GetInfo(ctx, &lnrpc.GetInfoRequest{})
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) {
				for _, x := range r.Routes {
					c.hopRows(ctx, t, info, x)
				}
				t.row("success", fmt.Sprintf("%.0f %%", 100*r.SuccessProb))
			})
		}),
	}
	c.Flags().StringVar(&limit, "fee-limit", "", "most to pay in fees, an amount or a percentage")
	c.Flags().Int32Var(&finalDelta, "final-delta", 0, "blocks that the recipient asks for (0: nwnd's default)")
	return c
}

// hopRows lists a route's nodes and adds up what it takes.
func (c *client) hopRows(ctx context.Context, t *table, info *lnrpc.GetInfoResponse, x *lnrpc.Route) {
	t.row("HOP", "CHANNEL", "TO", "GETS", "KEEPS", "EXPIRES", "LIKELY")
	from, gets := info.IdentityPubkey, msat(x.TotalAmtMsat)
	for i, h := range x.Hops {
		// The first of our channels is ours to know; of others we know what payments taught.
		likely := "100 %"
		if i > 0 {
			likely = c.likely(ctx, from, h.PubKey, msat(h.AmtToForwardMsat))
		}
		t.row(i+1, scid(h.ChanId), c.name(ctx, h.PubKey), gets, msat(h.FeeMsat), h.Expiry, likely)
		gets, from = msat(h.AmtToForwardMsat), h.PubKey
	}
	t.row("")
	t.row("sends", msat(x.TotalAmtMsat))
	t.row("fees", msat(x.TotalFeesMsat))
	t.row("time lock", fmt.Sprintf("block %d, %d from now", x.TotalTimeLock, int64(x.TotalTimeLock)-int64(info.BlockHeight)))
}

// likely is how likely a node is to forward an amount to another.
func (c *client) likely(ctx context.Context, from, to string, amt msat) string {
	f, errFrom := hex.DecodeString(from)
	n, errTo := hex.DecodeString(to)
	if errFrom != nil || errTo != nil {
		return "-"
	}
	r, err := c.router.QueryProbability(ctx, &routerrpc.QueryProbabilityRequest{FromNode: f, ToNode: n, AmtMsat: int64(amt)})
	if err != nil {
		return "-" // the route is as good without
	}
	return fmt.Sprintf("%.0f %%", 100*r.Probability)
}
