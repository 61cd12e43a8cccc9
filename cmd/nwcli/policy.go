package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
)

// terms are what we ask for forwarding over one channel. The delta and the limits are
// absent while the channel isn't in the graph.
type terms struct {
	fee    *lnrpc.ChannelFeeReport
	policy *lnrpc.RoutingPolicy
	theirs *lnrpc.RoutingPolicy // the peer's
	peer   string
}

// ourTerms joins what is known of our channels.
func ourTerms(ctx context.Context, c *client) ([]terms, *lnrpc.FeeReportResponse, error) {
	fees, err := c.FeeReport(ctx, &lnrpc.FeeReportRequest{})
	if err != nil {
		return nil, nil, err
	}
	info, err := c.GetInfo(ctx, &lnrpc.GetInfoRequest{})
	if err != nil {
		return nil, nil, err
	}
	byPoint := map[string]terms{}
	if n, err := c.GetNodeInfo(ctx, &lnrpc.NodeInfoRequest{PubKey: info.IdentityPubkey, IncludeChannels: true}); err == nil {
		for _, e := range n.Channels {
			byPoint[e.ChanPoint] = terms{policy: e.Node1Policy, theirs: e.Node2Policy, peer: e.Node2Pub}
			if e.Node2Pub == info.IdentityPubkey {
				byPoint[e.ChanPoint] = terms{policy: e.Node2Policy, theirs: e.Node1Policy, peer: e.Node1Pub}
			}
		}
	}
	var out []terms
	for _, f := range fees.ChannelFees {
		x := byPoint[f.ChannelPoint]
		x.fee = f
		out = append(out, x)
	}
	return out, fees, nil
}

func (a *app) policy() *cobra.Command {
	c := &cobra.Command{
		Use:     "policy",
		Short:   "Show what we and our peers ask for forwarding, or change ours",
		Example: "  nwcli policy",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			all, report, err := ourTerms(ctx, c)
			if err != nil {
				return err
			}
			others, err := c.assetFees(ctx)
			if err != nil {
				return err
			}
			if a.json && others != nil {
				return a.showMerged(report, others)
			}
			return a.show(report, func(t *table) {
				t.row("ID", "PEER", "BASE FEE", "FEE PPM", "DELTA", "MIN", "MAX", "THE PEER ASKS")
				slices.SortFunc(all, func(x, y terms) int { return cmp.Compare(x.fee.ChanId, y.fee.ChanId) })
				for _, x := range all {
					delta, low, high, peer := "-", "-", "-", "-"
					if p := x.policy; p != nil {
						delta = fmt.Sprint(p.TimeLockDelta)
						low, high = msat(p.MinHtlc).String(), msat(p.MaxHtlcMsat).String()
					}
					if x.peer != "" {
						peer = c.name(ctx, x.peer)
					}
					t.row(scid(x.fee.ChanId), peer, msat(x.fee.BaseFeeMsat), x.fee.FeePerMil, delta, low, high, asks(x.theirs))
				}
				t.row("")
				t.row("earned", fmt.Sprintf("%s sat in a day, %s in a week, %s in a month",
					sats(int64(report.DayFeeSum)), sats(int64(report.WeekFeeSum)), sats(int64(report.MonthFeeSum))))
				assetFeeRows(t, others)
			})
		}),
	}
	c.AddCommand(a.policySet())
	return c
}

func (a *app) policySet() *cobra.Command {
	var everything bool
	var ask asked
	c := &cobra.Command{
		Use:     "set [channel point or id]",
		Short:   "Change what we ask for forwarding; what isn't named stays as it is",
		Example: "  nwcli policy set 105x1x0 --fee-ppm=100\n  nwcli policy set --asset=MILES --base-fee=0.01 --time-lock-delta=48h",
		Args:    cobra.MaximumNArgs(1),
	}
	c.RunE = a.with(func(ctx context.Context, cl *client, args []string) error {
		named := 0
		for _, v := range []bool{everything, ask.asset != "", len(args) == 1} {
			if v {
				named++
			}
		}
		if named != 1 {
			return usage("name one channel, or give --all, or --asset for those in one")
		}
		ask.named = c.Flags().Changed
		if done, err := a.tokenPolicySet(ctx, cl, &ask, args); done || err != nil {
			return err
		}
		all, _, err := ourTerms(ctx, cl)
		if err != nil {
			return err
		}
		changed := 0
		for _, x := range all {
			if !everything && args[0] != x.fee.ChannelPoint && args[0] != scid(x.fee.ChanId) &&
				args[0] != fmt.Sprint(x.fee.ChanId) {
				continue
			}
			// The API sets fees whether named or not, so what isn't named is repeated.
			req := &lnrpc.PolicyUpdateRequest{BaseFeeMsat: x.fee.BaseFeeMsat, FeeRatePpm: uint32(x.fee.FeePerMil)}
			point, err := channelPoint(x.fee.ChannelPoint)
			if err != nil {
				return err
			}
			req.Scope = &lnrpc.PolicyUpdateRequest_ChanPoint{ChanPoint: point}
			if x.policy != nil {
				req.TimeLockDelta = x.policy.TimeLockDelta
			}
			if err := ask.terms(req); err != nil {
				return err
			}
			r, err := cl.UpdateChannelPolicy(ctx, req)
			if err != nil {
				return err
			}
			for _, f := range r.FailedUpdates {
				return fmt.Errorf("channel %s kept its policy: %s", x.fee.ChannelPoint, strings.TrimPrefix(strings.TrimPrefix(f.UpdateError, "node: "), "invalid request: "))
			}
			changed++
		}
		if changed == 0 {
			return errors.New("no channel of ours is that one; nwcli policy lists them")
		}
		if a.json {
			return a.show(&lnrpc.PolicyUpdateResponse{}, nil)
		}
		return a.show(nil, func(t *table) { t.row(fmt.Sprintf("changed; channels: %d", changed)) })
	})
	c.Flags().BoolVar(&everything, "all", false, "every channel in bitcoin")
	c.Flags().StringVar(&ask.asset, "asset", "", "every channel in the asset with this symbol")
	c.Flags().StringVar(&ask.base, "base-fee", "", "fee for an HTLC, as an amount")
	c.Flags().Uint32Var(&ask.ppm, "fee-ppm", 0, "fee in millionths of the amount")
	c.Flags().StringVar(&ask.delta, "time-lock-delta", "", "between the expiries: blocks, or 48h for a channel in an asset")
	c.Flags().StringVar(&ask.low, "min-htlc", "", "smallest HTLC to forward")
	c.Flags().StringVar(&ask.high, "max-htlc", "", "largest HTLC to forward")
	return c
}

// asked is what a person wants to change.
type asked struct {
	named                         func(flag string) bool
	asset, base, delta, low, high string
	ppm                           uint32
}

// terms puts what was named into the request.
func (k *asked) terms(req *lnrpc.PolicyUpdateRequest) error {
	named := k.named
	if named("base-fee") {
		m, err := parseAmount(k.base)
		if err != nil {
			return err
		}
		req.BaseFeeMsat = int64(m)
	}
	if named("min-htlc") {
		m, err := parseAmount(k.low)
		if err != nil {
			return err
		}
		req.MinHtlcMsat, req.MinHtlcMsatSpecified = uint64(m), true
	}
	if named("max-htlc") {
		m, err := parseAmount(k.high)
		if err != nil {
			return err
		}
		if m == 0 {
			return usage("max-htlc must be above 0")
		}
		req.MaxHtlcMsat = uint64(m)
	}
	if named("fee-ppm") {
		req.FeeRatePpm = k.ppm
	}
	if named("time-lock-delta") {
		blocks, err := strconv.ParseUint(k.delta, 10, 32)
		if err != nil {
			return usage("time-lock-delta %q is no number of blocks", k.delta)
		}
		req.TimeLockDelta = uint32(blocks)
	}
	return nil
}
