package main

import (
	"context"
	"fmt"
	"math/big"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func (a *app) assets() *cobra.Command {
	c := &cobra.Command{
		Use:     "assets",
		Short:   "Assets other than bitcoin: list, add and remove them, show balances",
		Example: "  nwcli assets list",
		Long: "Assets other than bitcoin are the tokens and coins of EVM chains that nwnd follows. Once added they have a\n" +
			"symbol, which other commands take: nwcli open --asset MILES. docs/assets.md tells more.",
	}
	c.AddCommand(a.assetsList(), a.assetsAdd(), a.assetsRemove(), a.assetsBalances(), a.assetsChains())
	return c
}

func (a *app) assetsList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the assets that nwnd knows",
		Example: "  nwcli assets list",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			l, err := c.assets.ListAssets(ctx, &nwnrpc.ListAssetsRequest{})
			if err != nil {
				return err
			}
			return a.show(l, func(t *table) {
				t.row("SYMBOL", "NAME", "CHAIN", "DECIMALS", "CHANNELS", "TOKEN", "ADJUDICATOR")
				for _, v := range l.Assets {
					t.row(v.Symbol, orDash(v.Name), v.Chain, v.Decimals, v.NumChannels, tokenOrCoin(v.Token), v.Adjudicator)
				}
			})
		}),
	}
}

func tokenOrCoin(address string) string {
	if address == "" {
		return "the chain's coin"
	}
	return address
}

func (a *app) assetsAdd() *cobra.Command {
	var symbol string
	var unusual bool
	c := &cobra.Command{
		Use:   "add <chain> <token|coin> <adjudicator>",
		Short: "Make an asset known",
		Long: "Make an asset known by its chain, a name of nwnd.conf, the address of the token, or coin for the chain's own, and\n" +
			"the address of the contract that keeps its channels. Symbol and decimals are read from the token. Anyone can make\n" +
			"a token with any symbol: compare the address with what its issuer says. Two nodes can open channels if they name\n" +
			"the same three.\n\n" +
			"A token is refused that takes a fee of each transfer, or whose balances change by themselves: a channel may then hold\n" +
			"less than it says. --allow-unusual takes it as it is, also one that is known already: of a deposit counts what arrives,\n" +
			"and what is lacking is sent again a few times.",
		Example: "  nwcli assets add dev 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed 0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359 --symbol=MILES",
		Args:    cobra.ExactArgs(3),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			req := &nwnrpc.AddAssetRequest{Chain: args[0], Token: args[1], Adjudicator: args[2], Symbol: symbol, AllowUnusual: unusual}
			if req.Token == "coin" {
				req.Token = ""
			}
			r, err := c.assets.AddAsset(ctx, req)
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) { assetRows(t, r) })
		}),
	}
	c.Flags().StringVar(&symbol, "symbol", "", "what to call it (default: the token's own symbol)")
	c.Flags().BoolVar(&unusual, "allow-unusual", false, "take a token that takes a fee or changes balances")
	return c
}

func assetRows(t *table, v *nwnrpc.Asset) {
	t.row("symbol", v.Symbol)
	t.row("name", orDash(v.Name))
	t.row("chain", fmt.Sprintf("%s (%d)", v.Chain, v.ChainId))
	t.row("token", tokenOrCoin(v.Token))
	t.row("adjudicator", v.Adjudicator)
	t.row("decimals", v.Decimals)
	t.row("channels count in", unitText(1, v))
	if v.Unusual != "" || v.UnusualAllowed {
		t.row("unusual", unusualText(v))
	}
	t.row("id", v.Id)
}

// unusualText is what is known of a token that isn't as others are, and whether it is taken.
func unusualText(v *nwnrpc.Asset) string {
	switch {
	case v.Unusual == "":
		return "allowed"
	case v.UnusualAllowed:
		return "allowed; " + v.Unusual
	}
	return "nothing is deposited: " + v.Unusual
}

func (a *app) assetsRemove() *cobra.Command {
	return &cobra.Command{
		Use:     "remove <symbol>",
		Short:   "Forget an asset that no channel is in",
		Example: "  nwcli assets remove MILES",
		Args:    cobra.ExactArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			r, err := c.assets.RemoveAsset(ctx, &nwnrpc.RemoveAssetRequest{Symbol: args[0]})
			if err != nil {
				return err
			}
			return a.show(r, func(t *table) { t.row("removed", args[0]) })
		}),
	}
}

func (a *app) assetsBalances() *cobra.Command {
	return &cobra.Command{
		Use:     "balances [symbol]",
		Short:   "Show what there is of each asset: on chain, in channels, on its way",
		Example: "  nwcli assets balances\n  nwcli assets balances MILES",
		Args:    cobra.MaximumNArgs(1),
		RunE: a.with(func(ctx context.Context, c *client, args []string) error {
			l, err := c.assets.AssetBalances(ctx, &nwnrpc.AssetBalancesRequest{Symbol: strings.Join(args, "")})
			if err != nil {
				return err
			}
			return a.show(l, func(t *table) { balanceRows(t, l.Assets) })
		}),
	}
}

// balanceRows list what there is of each asset, in whole tokens.
func balanceRows(t *table, all []*nwnrpc.AssetBalance) {
	t.row("ASSET", "ON CHAIN", "IN CHANNELS", "THE PEERS'", "COMING IN", "GOING OUT", "OPENING", "SETTLING", "OWED")
	for _, b := range all {
		milli := func(n uint64) string { return decimal(new(big.Int).SetUint64(n), unitPlaces(b.Asset)+milliPlaces) }
		base := func(n string) string { return decimal(integer(n), int(b.Asset.GetDecimals())) }
		t.row(b.Asset.GetSymbol(), base(b.OnChain), milli(b.LocalMilli), milli(b.RemoteMilli), milli(b.UnsettledIncomingMilli),
			milli(b.UnsettledOutgoingMilli), milli(b.PendingMilli), milli(b.LimboMilli), base(b.Owed))
	}
}

func (a *app) assetsChains() *cobra.Command {
	return &cobra.Command{
		Use:     "chains",
		Short:   "List the EVM chains that nwnd follows, and their gas",
		Example: "  nwcli assets chains",
		Args:    cobra.NoArgs,
		RunE: a.with(func(ctx context.Context, c *client, _ []string) error {
			l, err := c.assets.ListChains(ctx, &nwnrpc.ListChainsRequest{})
			if err != nil {
				return err
			}
			known, err := c.assets.ListAssets(ctx, &nwnrpc.ListAssetsRequest{})
			if err != nil {
				return err
			}
			return a.show(l, func(t *table) { chainRows(t, l.Chains, known.Assets) })
		}),
	}
}

func chainRows(t *table, all []*nwnrpc.Chain, known []*nwnrpc.Asset) {
	for _, v := range all {
		if alert := gasAlert(v, coinOf(v, known)); alert != "" {
			t.row("ALERT", alert)
		}
	}
	t.row("NAME", "ID", "PROFILE", "BLOCK", "ITS TIME", "FINAL", "GAS", "TO CLOSE ALL", "STATE")
	for _, v := range all {
		state := v.Trouble
		if state == "" {
			state = "followed"
		}
		coin := coinOf(v, known)
		t.row(v.Name, v.ChainId, v.Profile, v.BlockHeight, ago(v.BlockTime), v.FinalHeight, coins(gas(v), coin),
			coinsNeeded(integer(v.GasNeeded), coin), state)
	}
}

// coinOf is what a chain's coin is called, if it is an asset here.
func coinOf(v *nwnrpc.Chain, known []*nwnrpc.Asset) string {
	for _, a := range known {
		if a.ChainId == v.ChainId && a.Token == "" {
			return a.Symbol
		}
	}
	return "coins"
}

// gasPlaces are the decimals that gas is shown with: a millionth of a coin buys none.
const gasPlaces = 6

// weiShown is what is left out of a chain's coin, of 18 decimals, to show it.
var weiShown = big.NewInt(1_000_000_000_000)

// coins is what there is of a chain's coin, rounded down.
func coins(wei *big.Int, coin string) string {
	return decimal(new(big.Int).Quo(wei, weiShown), gasPlaces) + " " + coin
}

// coinsNeeded is what there must be of it, rounded up.
func coinsNeeded(wei *big.Int, coin string) string {
	up := new(big.Int).Add(wei, weiShown)
	return coins(up.Sub(up, big.NewInt(1)), coin)
}

// gas is what all accounts together have for it.
func gas(v *nwnrpc.Chain) *big.Int {
	sum := new(big.Int)
	for _, account := range v.Accounts {
		sum.Add(sum, integer(account.Balance))
	}
	return sum
}

// gasAlert says that channels could not be closed for want of gas; empty if they can.
func gasAlert(v *nwnrpc.Chain, coin string) string {
	has, need := gas(v), integer(v.GasNeeded)
	if has.Cmp(need) >= 0 {
		return ""
	}
	to := "the account that pays for gas"
	if len(v.Accounts) > 0 {
		to = v.Accounts[0].Address
	}
	return fmt.Sprintf("chain %s: %s for gas, closing every channel may take %s: send at least %s to %s", v.Name, coins(has, coin),
		coinsNeeded(need, coin), coinsNeeded(new(big.Int).Sub(need, has), coin), to)
}

// noAssets tells that a daemon follows no EVM chain, or knows nothing of them.
func noAssets(err error) bool {
	s, _ := status.FromError(err)
	return s.Code() == codes.Unimplemented || s.Code() == codes.FailedPrecondition && strings.Contains(s.Message(), "no EVM chain")
}

// asset finds an asset by its symbol.
func (c *client) asset(ctx context.Context, symbol string) (*nwnrpc.Asset, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	l, err := c.assets.ListAssets(ctx, &nwnrpc.ListAssetsRequest{})
	if err != nil {
		return nil, err
	}
	for _, v := range l.Assets {
		if strings.EqualFold(v.Symbol, symbol) {
			return v, nil
		}
	}
	does := "nwcli assets list lists them"
	if len(l.Assets) == 0 {
		does = "there are none; nwcli assets add makes one known, on a chain that evm.chain names"
	}
	return nil, &fault{exitFailed, codes.NotFound.String(), fmt.Sprintf("no asset is called %q; %s", symbol, does)}
}

// assetFor finds the asset that an amount is in: the flag's, else the one whose symbol follows the
// number. It is nil for bitcoin, also where what follows is unknown, which parseAmount complains of.
func (c *client) assetFor(ctx context.Context, flag, amount string) (*nwnrpc.Asset, error) {
	if flag != "" {
		return c.asset(ctx, flag)
	}
	number, symbol := splitAmount(amount)
	if number == "" || symbol == "" || isBitcoinUnit(symbol) {
		return nil, nil
	}
	v, err := c.asset(ctx, symbol)
	if f, ok := err.(*fault); noAssets(err) || ok && f.code == codes.NotFound.String() {
		return nil, nil
	}
	return v, err
}

func isBitcoinUnit(name string) bool {
	for _, u := range units {
		if u.name == name {
			return true
		}
	}
	return false
}

// assetFlag is --asset of a command that is for bitcoin without it.
func assetFlag(c *cobra.Command, to *string, what string) {
	c.Flags().StringVar(to, "asset", "", what)
}
