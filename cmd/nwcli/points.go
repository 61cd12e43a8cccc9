package main

import (
	"context"
	"encoding/hex"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func (a *app) points() *cobra.Command {
	c := &cobra.Command{
		Use:     "points",
		Short:   "Loyalty points: create, issue and redeem them, and keep the list of members",
		Example: "  nwcli points create dev 0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 MILES \"Bob's Miles\"",
		Long: "Loyalty points are a token that its issuer makes: as rewards, for whom it likes, and that its holders redeem by\n" +
			"burning them with a reference that the issuer finds on chain. In between they are an asset like any other.",
	}
	c.AddCommand(a.pointsCreate(), a.pointsIssue(), a.pointsRedeem(), a.pointsMembers())
	return c
}

func (a *app) pointsCreate() *cobra.Command {
	req := &nwnrpc.CreatePointsRequest{}
	c := &cobra.Command{
		Use:   "create <chain> <adjudicator> <symbol> <name>",
		Short: "Put a new token on chain, whose issuer this node is",
		Long: "Put a new token on chain that this node's account issues, and add it as an asset. Its name, symbol and decimals\n" +
			"can't be changed later.",
		Example: "  nwcli points create dev 0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 MILES \"Bob's Miles\" --members-only",
		Args:    cobra.ExactArgs(4),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			req.Chain, req.Adjudicator, req.Symbol, req.Name = args[0], args[1], args[2], args[3]
			who := "anyone may hold them"
			if req.MembersOnly {
				who = "only members may hold them"
			}
			if err := a.ask(ctx, "Put the token %s (%s) of %s on %s? %s. The gas is ours to pay.",
				req.Symbol, req.Name, plural(int(req.Decimals), "decimal"), req.Chain, who); err != nil {
				return err
			}
			r, err := c.points.CreatePoints(ctx, req)
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) { assetRows(t, r) })
		}),
	}
	c.Flags().Uint32Var(&req.Decimals, "decimals", 2, "decimals of a point")
	c.Flags().BoolVar(&req.MembersOnly, "members-only", false, "only accounts on a list, kept with points members, may hold them")
	return c
}

// reference reads text of up to 32 bytes, or all 32 as 0x and hex.
func reference(s string) ([]byte, error) {
	if digits, ok := strings.CutPrefix(s, "0x"); ok {
		b, err := hex.DecodeString(digits)
		if err != nil || len(b) > 32 {
			return nil, usage("reference %q: after 0x come up to 64 hex digits", s)
		}
		return b, nil
	}
	if len(s) > 32 {
		return nil, usage("reference has %d bytes, it may have 32", len(s))
	}
	return []byte(s), nil
}

const referenceHelp = "text of up to 32 bytes, or 0x and hex, that stays on chain with it for everybody to see"

func (a *app) pointsIssue() *cobra.Command {
	var ref string
	c := &cobra.Command{
		Use:     "issue <symbol> <address> <amount>",
		Short:   "Make new points, for an account",
		Example: "  nwcli points issue MILES 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed 500 --reference \"order 17\"",
		Args:    cobra.ExactArgs(3),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			v, amount, err := c.assetAmount(ctx, args[0], args[2])
			if err != nil {
				return err
			}
			req := &nwnrpc.IssuePointsRequest{Symbol: v.Symbol, Address: args[1], Amount: amount}
			if req.Reference, err = reference(ref); err != nil {
				return err
			}
			if err := a.ask(ctx, "Issue %s to %s?", baseText(amount, v), args[1]); err != nil {
				return err
			}
			r, err := c.points.IssuePoints(ctx, req)
			return a.pointsDone(r, err)
		}),
	}
	c.Flags().StringVar(&ref, "reference", "", referenceHelp)
	return c
}

func (a *app) pointsRedeem() *cobra.Command {
	var ref string
	c := &cobra.Command{
		Use:     "redeem <symbol> <amount>",
		Short:   "Burn points of ours, for what their issuer gives for them",
		Example: "  nwcli points redeem MILES 120 --reference \"voucher 8\"",
		Args:    cobra.ExactArgs(2),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			v, amount, err := c.assetAmount(ctx, args[0], args[1])
			if err != nil {
				return err
			}
			req := &nwnrpc.RedeemPointsRequest{Symbol: v.Symbol, Amount: amount}
			if req.Reference, err = reference(ref); err != nil {
				return err
			}
			if err := a.ask(ctx, "Burn %s of this account, with the reference %q?", baseText(amount, v), ref); err != nil {
				return err
			}
			r, err := c.points.RedeemPoints(ctx, req)
			return a.pointsDone(r, err)
		}),
	}
	c.Flags().StringVar(&ref, "reference", "", referenceHelp)
	return c
}

func (a *app) pointsMembers() *cobra.Command {
	c := &cobra.Command{
		Use:     "members",
		Short:   "Keep the list of those who may hold points",
		Example: "  nwcli points members add MILES 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
	}
	for _, member := range []bool{true, false} {
		name, short := "add", "Let points reach an account"
		if !member {
			name, short = "remove", "Let no more points reach an account; those that it has it can still pay and redeem"
		}
		c.AddCommand(&cobra.Command{
			Use:     name + " <symbol> <address>",
			Short:   short,
			Example: "  nwcli points members " + name + " MILES 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
			Args:    cobra.ExactArgs(2),
			RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
				r, err := c.points.SetMember(ctx, &nwnrpc.SetMemberRequest{Symbol: args[0], Address: args[1], Member: member})
				return a.pointsDone(r, err)
			}),
		})
	}
	return c
}

// assetAmount reads an amount on chain of an asset.
func (c *client) assetAmount(ctx context.Context, symbol, amount string) (*nwnrpc.Asset, string, error) {
	v, err := c.asset(ctx, symbol)
	if err != nil {
		return nil, "", err
	}
	n, err := parseBase(amount, v)
	return v, n, err
}

func (a *app) pointsDone(r *nwnrpc.PointsResponse, err error) error {
	if err != nil {
		return err
	}
	return a.show(r, func(t *table) { doneBy(t, r.TxHash) })
}
