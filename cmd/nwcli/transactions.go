package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
)

func (a *app) transactions() *cobra.Command {
	var most uint32
	c := &cobra.Command{
		Use:     "transactions",
		Short:   "List the wallet's transactions on chain, the newest first",
		Example: "  nwcli transactions --max=10",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			l, err := c.GetTransactions(ctx, &lnrpc.GetTransactionsRequest{EndHeight: -1})
			if err != nil {
				return err
			}
			// A page of the API counts from the oldest.
			if most > 0 && len(l.Transactions) > int(most) {
				l.Transactions = l.Transactions[:most]
			}
			return a.show(l, func(t *table) {
				t.row("TIME", "BLOCK", "SAT", "FEE", "TRANSACTION", "LABEL")
				for _, x := range l.Transactions {
					block := any("-")
					if x.BlockHeight > 0 {
						block = x.BlockHeight
					}
					t.row(ago(x.TimeStamp), block, sats(x.Amount), sats(x.TotalFees), x.TxHash, x.Label)
				}
			})
		}),
	}
	c.Flags().Uint32Var(&most, "max", 50, "most transactions to list (0: all)")
	return c
}
