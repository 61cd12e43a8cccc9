package main

import (
	"context"
	"fmt"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// allowance tells, before anything is signed, what a deposit of so many units lets the adjudicator
// take. A chain's coin is sent, so that nothing is allowed.
func (a *app) allowance(ctx context.Context, c *client, v *nwnrpc.Asset, units uint64) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	l, err := c.assets.GetAllowance(ctx, &nwnrpc.AllowanceRequest{Symbol: v.Symbol, Amount: baseUnits(units, v).String()})
	if err != nil {
		return err
	}
	if l.Token != "" {
		a.note("%s", allowed(l, v))
	}
	return nil
}

// allowed says what an adjudicator may take, and will be allowed.
func allowed(l *nwnrpc.Allowance, v *nwnrpc.Asset) string {
	has := fmt.Sprintf("The adjudicator %s may take %s of this account", l.Spender, baseText(l.Have, v))
	if integer(l.Have).Cmp(integer(l.Need)) >= 0 {
		return has + ": nothing more is allowed it."
	}
	how := "by a signature (permit)"
	if l.NeedTransaction || !l.Permit {
		how = "by a transaction of its own (approve)"
	}
	return fmt.Sprintf("%s now and will be allowed %s, exactly what it takes, %s.", has, baseText(l.Need, v), how)
}
