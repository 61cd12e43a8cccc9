package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

func (a *app) bumpFee() *cobra.Command {
	var f fee
	var budget string
	c := &cobra.Command{
		Use:   "bumpfee <transaction>[:output]",
		Short: "Make an unconfirmed transaction confirm sooner",
		Long: "Make an unconfirmed transaction confirm sooner, by spending an output of it that is ours at a fee\n" +
			"that pays for both. Without an output, the wallet's largest of the transaction is taken. An output that\n" +
			"nwcli sweeps lists is taken at a higher fee; that of an anchor makes its channel's commitment confirm.",
		Example: "  nwcli bumpfee 97f2e465f0d6ae29fbc40c9b822af0d72451760ad18d0b81043fc40971e0b299 --sat-per-vbyte=20",
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			req := &walletrpc.BumpFeeRequest{TargetConf: uint32(f.target), SatPerVbyte: f.rate, Immediate: true}
			if f.rate == 0 && f.target == 0 {
				return usage("say how much: --sat-per-vbyte, or --conf-target")
			}
			if budget != "" {
				n, err := parseSats(budget)
				if err != nil {
					return err
				}
				req.Budget = uint64(n)
			}
			var err error
			if req.Outpoint, err = c.output(ctx, args[0]); err != nil {
				return err
			}
			return a.bump(ctx, c, req, &f)
		}),
	}
	f.flags(c)
	c.Flags().StringVar(&budget, "budget", "", "most to pay in fees (default: half of the output)")
	return c
}

// bump asks, and has it done.
func (a *app) bump(ctx context.Context, c *client, req *walletrpc.BumpFeeRequest, f *fee) error {
	spends := fmt.Sprintf("%s:%d", req.Outpoint.TxidStr, req.Outpoint.OutputIndex)
	sweep, err := c.sweep(ctx, spends)
	if err != nil {
		return err
	}
	done := "bumped; nwcli transactions shows what pays for both"
	if sweep != nil {
		done = "bumped; nwcli sweeps shows what takes it"
		err = a.ask(ctx, "Take %s, %s sat, %s, at a fee of %s?", spends, sats(sweep.AmountSat), sweep.What, f)
	} else {
		err = a.ask(ctx, "Spend %s to ourselves, fee of both transactions %s?", spends, f)
	}
	if err != nil {
		return err
	}
	r, err := c.wallet.BumpFee(ctx, req)
	if err != nil {
		return err
	}
	return a.show(r, func(t *table) { t.row(done) })
}

// output reads "txid:index", or finds the largest coin of a transaction.
func (c *client) output(ctx context.Context, s string) (*lnrpc.OutPoint, error) {
	if strings.Contains(s, ":") {
		p, err := channelPoint(s)
		if err != nil {
			return nil, usage("%q is no output: transaction:index", s)
		}
		return &lnrpc.OutPoint{TxidStr: p.GetFundingTxidStr(), OutputIndex: p.OutputIndex}, nil
	}
	if len(s) != 64 {
		return nil, usage("%q is no transaction: 64 hex digits", s)
	}
	l, err := c.ListUnspent(ctx, &lnrpc.ListUnspentRequest{MinConfs: 0, MaxConfs: 0})
	if err != nil {
		return nil, err
	}
	var best *lnrpc.Utxo
	for _, u := range l.Utxos {
		if u.Outpoint.GetTxidStr() == s && (best == nil || u.AmountSat > best.AmountSat) {
			best = u
		}
	}
	if best == nil {
		return nil, fmt.Errorf("no unconfirmed coin of the wallet is of transaction %s; nwcli unspent lists the coins", s)
	}
	return best.Outpoint, nil
}
