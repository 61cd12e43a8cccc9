package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
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
			})
		}),
	}
	c.AddCommand(a.policySet())
	return c
}

func (a *app) policySet() *cobra.Command {
	var everything bool
	var base, low, high string
	var ppm, delta uint32
	c := &cobra.Command{
		Use:     "set [channel point or id]",
		Short:   "Change what we ask for forwarding; what isn't named stays as it is",
		Example: "  nwcli policy set 105x1x0 --fee-ppm=100",
		Args:    cobra.MaximumNArgs(1),
	}
	c.RunE = a.with(func(ctx context.Context, cl *client, args []string) error {
		if everything == (len(args) == 1) {
			return usage("name one channel, or give --all")
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
			if err := setTerms(c, req, base, low, high, ppm, delta); err != nil {
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
	c.Flags().BoolVar(&everything, "all", false, "every channel")
	c.Flags().StringVar(&base, "base-fee", "", "fee for an HTLC, as an amount")
	c.Flags().Uint32Var(&ppm, "fee-ppm", 0, "fee in millionths of the amount")
	c.Flags().Uint32Var(&delta, "time-lock-delta", 0, "blocks between the expiries")
	c.Flags().StringVar(&low, "min-htlc", "", "smallest HTLC to forward")
	c.Flags().StringVar(&high, "max-htlc", "", "largest HTLC to forward")
	return c
}

// setTerms puts what was named into the request.
func setTerms(c *cobra.Command, req *lnrpc.PolicyUpdateRequest, base, low, high string, ppm, delta uint32) error {
	named := func(flag string) bool { return c.Flags().Changed(flag) }
	if named("base-fee") {
		m, err := parseAmount(base)
		if err != nil {
			return err
		}
		req.BaseFeeMsat = int64(m)
	}
	if named("min-htlc") {
		m, err := parseAmount(low)
		if err != nil {
			return err
		}
		req.MinHtlcMsat, req.MinHtlcMsatSpecified = uint64(m), true
	}
	if named("max-htlc") {
		m, err := parseAmount(high)
		if err != nil {
			return err
		}
		if m == 0 {
			return usage("max-htlc must be above 0")
		}
		req.MaxHtlcMsat = uint64(m)
	}
	if named("fee-ppm") {
		req.FeeRatePpm = ppm
	}
	if named("time-lock-delta") {
		req.TimeLockDelta = delta
	}
	return nil
}
