package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
)

func (a *app) recovery() *cobra.Command {
	var wait bool
	c := &cobra.Command{
		Use:     "recovery",
		Short:   "Show how far the search for a restored wallet's coins has come",
		Example: "  nwcli recovery --wait",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			a.asked = true
			if wait {
				if err := a.awaitCoins(cmd.Context()); err != nil {
					return err
				}
			}
			return a.with(func(ctx context.Context, c *client, _ []string) error {
				r, err := c.GetRecoveryInfo(ctx, &lnrpc.GetRecoveryInfoRequest{})
				if err != nil {
					return err
				}
				return a.show(r, func(t *table) { t.row(searched(r)) })
			})(cmd, args)
		},
	}
	c.Flags().BoolVar(&wait, "wait", false, "wait until all blocks were searched")
	return c
}

func searched(r *lnrpc.GetRecoveryInfoResponse) string {
	switch {
	case !r.RecoveryMode:
		return "the wallet was not restored; there is nothing to search for"
	case r.RecoveryFinished:
		return "all blocks were searched"
	}
	return fmt.Sprintf("%.0f %% of the blocks were searched", 100*r.Progress)
}
