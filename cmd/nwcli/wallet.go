package main

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
)

func (a *app) balance() *cobra.Command {
	return &cobra.Command{
		Use:     "balance",
		Short:   "Show what is on chain and in channels",
		Example: "  nwcli balance",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			w, err := c.WalletBalance(ctx, &lnrpc.WalletBalanceRequest{})
			if err != nil {
				return err
			}
			ch, err := c.ChannelBalance(ctx, &lnrpc.ChannelBalanceRequest{})
			if err != nil {
				return err
			}
			others, err := c.assetBalances(ctx)
			if err != nil {
				return err
			}
			if a.json {
				all := []any{"wallet", w, "channels", ch}
				if others != nil {
					all = append(all, "assets", others)
				}
				return a.showAll(all...)
			}
			return a.show(nil, func(t *table) {
				t.row("on chain, confirmed", sats(w.ConfirmedBalance)+" sat")
				t.row("on chain, unconfirmed", sats(w.UnconfirmedBalance)+" sat")
				if w.LockedBalance != 0 {
					t.row("on chain, locked", sats(w.LockedBalance)+" sat")
				}
				if w.ReservedBalanceAnchorChan != 0 {
					t.row("on chain, reserved for closing", sats(w.ReservedBalanceAnchorChan)+" sat")
				}
				t.row("in channels, ours", msat(ch.LocalBalance.GetMsat()))
				t.row("in channels, the peers'", msat(ch.RemoteBalance.GetMsat()))
				for _, l := range []struct {
					name string
					amt  *lnrpc.Amount
				}{
					{"in channels, coming in", ch.UnsettledLocalBalance}, {"in channels, going out", ch.UnsettledRemoteBalance},
					{"in channels being opened, ours", ch.PendingOpenLocalBalance},
				} {
					if l.amt.GetMsat() != 0 {
						t.row(l.name, msat(l.amt.GetMsat()))
					}
				}
				if all := others.GetAssets(); len(all) > 0 {
					t.row("")
					balanceRows(t, all)
				}
			})
		}),
	}
}

func (a *app) address() *cobra.Command {
	var taproot bool
	var symbol string
	c := &cobra.Command{
		Use:     "address",
		Short:   "Make an address to be paid at on chain",
		Example: "  nwcli address --taproot\n  nwcli address --asset=MILES",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			if symbol != "" {
				if taproot {
					return usage("--taproot is for bitcoin: an EVM chain has one kind of address")
				}
				return a.assetAddress(ctx, c, symbol)
			}
			kind := lnrpc.AddressType_WITNESS_PUBKEY_HASH
			if taproot {
				kind = lnrpc.AddressType_TAPROOT_PUBKEY
			}
			r, err := c.NewAddress(ctx, &lnrpc.NewAddressRequest{Type: kind})
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) { t.row(r.Address) })
		}),
	}
	assetFlag(c, &symbol, "`symbol` of the asset to be paid in (default: bitcoin)")
	c.Flags().BoolVar(&taproot, "taproot", false, "make a taproot address (BIP 86)")
	return c
}

// fee is how a transaction's fee is chosen.
type fee struct {
	rate   uint64
	target int32
}

func (f *fee) flags(c *cobra.Command) {
	c.Flags().Uint64Var(&f.rate, "sat-per-vbyte", 0, "fee rate of the transaction")
	c.Flags().Int32Var(&f.target, "conf-target", 0, "blocks in which it should confirm; chooses the fee rate")
	c.MarkFlagsMutuallyExclusive("sat-per-vbyte", "conf-target")
}

func (f *fee) String() string {
	switch {
	case f.rate != 0:
		return fmt.Sprintf("%d sat/vbyte", f.rate)
	case f.target != 0:
		return fmt.Sprintf("estimated for %d blocks", f.target)
	}
	return "estimated"
}

// likelyFee is what a transaction will cost, where nwnd can tell beforehand.
func (c *client) likelyFee(ctx context.Context, req *lnrpc.SendCoinsRequest, f *fee) string {
	if f.rate != 0 || req.SendAll {
		return f.String()
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	e, err := c.EstimateFee(ctx, &lnrpc.EstimateFeeRequest{
		AddrToAmount: map[string]int64{req.Addr: req.Amount}, TargetConf: cmp.Or(req.TargetConf, defaultTarget),
	})
	if err != nil {
		return f.String() // sending says what is wrong
	}
	return fmt.Sprintf("about %s sat, %d sat/vbyte", sats(e.FeeSat), e.SatPerVbyte)
}

// defaultTarget is in how many blocks nwnd lets a transaction confirm unless it is told.
const defaultTarget = 6

func (a *app) send() *cobra.Command {
	var f fee
	var label, symbol string
	c := &cobra.Command{
		Use:     "send <address> <amount|all>",
		Short:   "Pay an address on chain",
		Example: "  nwcli send tb1q…7x 0.001btc --sat-per-vbyte=2\n  nwcli send 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed 12.5 --asset=MILES",
		Args:    cobra.ExactArgs(2),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			v, err := c.assetFor(ctx, symbol, args[1])
			if err != nil {
				return err
			}
			if v != nil {
				if label != "" || f.rate != 0 || f.target != 0 {
					return usage("fees and --label are for bitcoin: leave them out")
				}
				return a.sendAsset(ctx, c, v, args[0], args[1])
			}
			req := &lnrpc.SendCoinsRequest{Addr: args[0], SatPerVbyte: f.rate, TargetConf: f.target, Label: label}
			what := "everything in the wallet"
			if args[1] == "all" {
				req.SendAll = true
			} else {
				amt, err := parseSats(args[1])
				if err != nil {
					return err
				}
				req.Amount, what = amt, sats(amt)+" sat"
			}
			if err := a.ask(ctx, "Send %s to %s, fee %s?", what, args[0], c.likelyFee(ctx, req, &f)); err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(ctx, callTimeout)
			defer cancel()
			r, err := c.SendCoins(ctx, req)
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) { t.row(r.Txid) })
		}),
	}
	f.flags(c)
	assetFlag(c, &symbol, "`symbol` of the asset to send (default: bitcoin)")
	c.Flags().StringVar(&label, "label", "", "note to keep with the transaction")
	return c
}
