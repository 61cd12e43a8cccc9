package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func (a *app) meter() *cobra.Command {
	key := "02abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcd"
	c := &cobra.Command{
		Use:     "meter",
		Short:   "Services that charge for what they serve: ask for the price, establish, top up, close",
		Example: "  nwcli meter price " + key,
		Long: "A service charges for what it serves in the smallest of steps, over a channel. A customer asks for its price,\n" +
			"establishes a channel with a deposit, watches the balance and tops it up, and closes. The provider sets its price,\n" +
			"books what it earned, which takes no transaction, and may close too. Programs use the same calls of the API:\n" +
			"docs/spec/meter.md.",
	}
	c.AddCommand(a.meterPrice(key), a.meterSetPrice(), a.meterEstablish(key), a.meterBalance(key), a.meterTopUp(key),
		a.meterBook(key), a.meterClose(key))
	return c
}

func (a *app) meterPrice(key string) *cobra.Command {
	return &cobra.Command{
		Use:     "price <provider's key>",
		Short:   "Ask a provider, who is a peer, for its price",
		Example: "  nwcli meter price " + key,
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			provider, err := nodeKey(args[0])
			if err != nil {
				return err
			}
			p, err := c.meter.PriceQuery(ctx, &nwnrpc.PriceQueryRequest{Provider: provider})
			if err != nil {
				return err
			}
			if a.json {
				return a.show(p, nil)
			}
			v, err := c.asset(ctx, p.Symbol)
			if err != nil {
				return err
			}
			return a.show(p, func(t *table) { priceRows(t, p, v) })
		}),
	}
}

func priceRows(t *table, p *nwnrpc.Price, v *nwnrpc.Asset) {
	t.row("price", fmt.Sprintf("%s for each %s", milliText(p.PerUnitMilli, v), p.Unit))
	t.row("least deposit", unitText(p.MinimumUnits, v))
}

func (a *app) meterSetPrice() *cobra.Command {
	var symbol, least string
	c := &cobra.Command{
		Use:     "setprice <amount> <unit>",
		Short:   "Publish what this node's service costs",
		Example: "  nwcli meter setprice 0.01 MB --asset=MILES --minimum=5",
		Args:    cobra.ExactArgs(2),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			v, err := c.assetFor(ctx, symbol, args[0])
			if err != nil {
				return err
			}
			if v == nil {
				return usage("a price is in an asset: give --asset, or its symbol after the amount")
			}
			p := &nwnrpc.Price{Symbol: v.Symbol, Unit: args[1]}
			if p.PerUnitMilli, err = parseMilli(args[0], v, unitPlaces(v)+milliPlaces); err != nil {
				return err
			}
			if least != "" {
				if p.MinimumUnits, err = parseUnits(least, v); err != nil {
					return err
				}
			}
			r, err := c.meter.SetPrice(ctx, p)
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) { priceRows(t, p, v) })
		}),
	}
	assetFlag(c, &symbol, "`symbol` of the asset that is charged")
	c.Flags().StringVar(&least, "minimum", "", "least `amount` of a deposit")
	return c
}

func (a *app) meterEstablish(key string) *cobra.Command {
	var symbol string
	var wait bool
	c := &cobra.Command{
		Use:     "establish <provider's key> <deposit>",
		Short:   "Open a channel to a provider, with a deposit",
		Example: "  nwcli meter establish " + key + " 50 --asset=MILES --wait",
		Args:    cobra.ExactArgs(2),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			provider, v, n, err := c.meterDeposit(ctx, args, symbol)
			if err != nil {
				return err
			}
			if err := a.allowance(ctx, c, v, n); err != nil {
				return err
			}
			if err := a.ask(ctx, "Deposit %s with %s?", unitText(n, v), short(args[0])); err != nil {
				return err
			}
			s, err := c.meter.Establish(ctx, &nwnrpc.EstablishRequest{Provider: provider, Symbol: v.Symbol, DepositUnits: n})
			if err != nil {
				return err
			}
			return a.followTokenOpen(ctx, s, wait)
		}),
	}
	assetFlag(c, &symbol, "`symbol` of the asset that the provider charges")
	c.Flags().BoolVar(&wait, "wait", false, "wait until the channel can be used")
	return c
}

// meterDeposit reads a provider, and an amount that goes to the channel with it.
func (c *client) meterDeposit(ctx context.Context, args []string, symbol string) ([]byte, *nwnrpc.Asset, uint64, error) {
	provider, err := nodeKey(args[0])
	if err != nil {
		return nil, nil, 0, err
	}
	v, err := c.assetFor(ctx, symbol, args[1])
	if err != nil {
		return nil, nil, 0, err
	}
	if v == nil {
		return nil, nil, 0, usage("a deposit is in an asset: give --asset, or its symbol after the amount")
	}
	n, err := parseUnits(args[1], v)
	return provider, v, n, err
}

func (a *app) meterBalance(key string) *cobra.Command {
	return &cobra.Command{
		Use:     "balance <provider's key>",
		Short:   "Show what is left to spend with a provider, and what was spent",
		Example: "  nwcli meter balance " + key,
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			provider, err := nodeKey(args[0])
			if err != nil {
				return err
			}
			r, err := c.meter.CheckBalance(ctx, &nwnrpc.CheckBalanceRequest{Provider: provider})
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) {
				t.row("LEFT", "SPENT", "CHANNEL")
				for _, b := range r.Balances {
					t.row(milliText(b.LocalMilli, b.Asset), milliText(b.SentMilli, b.Asset), b.ChannelId)
				}
			})
		}),
	}
}

func (a *app) meterTopUp(key string) *cobra.Command {
	var symbol string
	c := &cobra.Command{
		Use:     "topup <provider's key> <amount>",
		Short:   "Add to the deposit with a provider",
		Example: "  nwcli meter topup " + key + " 20 --asset=MILES",
		Args:    cobra.ExactArgs(2),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			provider, v, n, err := c.meterDeposit(ctx, args, symbol)
			if err != nil {
				return err
			}
			if err := a.allowance(ctx, c, v, n); err != nil {
				return err
			}
			if err := a.ask(ctx, "Add %s to the deposit with %s?", unitText(n, v), short(args[0])); err != nil {
				return err
			}
			r, err := c.meter.TopUp(ctx, &nwnrpc.TopUpRequest{Provider: provider, Symbol: v.Symbol, Units: n})
			if err != nil && ctx.Err() != nil {
				return tokenGoesOn(ctx, 0, err, "the deposit")
			}
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) { doneBy(t, r.TxHash) })
		}),
	}
	assetFlag(c, &symbol, "`symbol` of the asset that the provider charges")
	return c
}

func (a *app) meterBook(key string) *cobra.Command {
	return &cobra.Command{
		Use:     "book <customer's key>",
		Short:   "Show what was earned from a customer, and is ours for good",
		Long:    "Show what was earned from a customer. Each payment is ours for good when it arrives: booking takes no transaction.",
		Example: "  nwcli meter book " + key,
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			customer, err := nodeKey(args[0])
			if err != nil {
				return err
			}
			r, err := c.meter.Book(ctx, &nwnrpc.BookRequest{Customer: customer})
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) {
				t.row("EARNED", "OURS", "LEFT TO SPEND", "CHANNEL")
				for _, b := range r.Balances {
					t.row(milliText(b.ReceivedMilli, b.Asset), milliText(b.LocalMilli, b.Asset), milliText(b.RemoteMilli, b.Asset), b.ChannelId)
				}
			})
		}),
	}
}

func (a *app) meterClose(key string) *cobra.Command {
	var wait bool
	c := &cobra.Command{
		Use:     "close <key> <symbol>",
		Short:   "Close the channel with a provider or a customer",
		Example: "  nwcli meter close " + key + " MILES --wait",
		Args:    cobra.ExactArgs(2),
		RunE: a.wait(func(ctx context.Context, c *client, args []string) error {
			peer, err := nodeKey(args[0])
			if err != nil {
				return err
			}
			if err := a.ask(ctx, "Close the channel in %s with %s?", args[1], short(args[0])); err != nil {
				return err
			}
			s, err := c.meter.CloseService(ctx, &nwnrpc.CloseServiceRequest{NodePubkey: peer, Symbol: args[1]})
			if err != nil {
				return err
			}
			return a.followTokenClose(ctx, s, wait)
		}),
	}
	c.Flags().BoolVar(&wait, "wait", false, "wait until the close is final")
	return c
}
