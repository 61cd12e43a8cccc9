package main

import (
	"context"
	"math/big"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// assetFunds is all that nwnd has in assets; nil if it has none.
type assetFunds struct {
	chains   *nwnrpc.ListChainsResponse
	balances *nwnrpc.AssetBalancesResponse
	channels *nwnrpc.ListTokenChannelsResponse
}

func (c *client) assetFunds(ctx context.Context) (*assetFunds, error) {
	chains, err := c.assets.ListChains(ctx, &nwnrpc.ListChainsRequest{})
	if noAssets(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f := &assetFunds{chains: chains}
	if f.balances, err = c.assetBalances(ctx); err != nil {
		return nil, err
	}
	f.channels, err = c.tokenChannels(ctx)
	return f, err
}

// assetBalances asks for what there is of each asset; nil if the daemon has none.
func (c *client) assetBalances(ctx context.Context) (*nwnrpc.AssetBalancesResponse, error) {
	l, err := c.assets.AssetBalances(ctx, &nwnrpc.AssetBalancesRequest{})
	if noAssets(err) {
		return nil, nil
	}
	return l, err
}

func (f *assetFunds) json() []any {
	if f == nil {
		return nil
	}
	return []any{"chains", f.chains, "assets", f.balances, "token_channels", f.channels}
}

// alerts tell of gas that is wanting.
func (f *assetFunds) alerts(t *table) {
	if f == nil {
		return
	}
	said := false
	for _, v := range f.chains.Chains {
		if alert := gasAlert(v, coinOf(v, f.known())); alert != "" {
			t.row("ALERT", alert)
			said = true
		}
	}
	if said {
		t.row("")
	}
}

// rows list where every token is, and the gas.
func (f *assetFunds) rows(t *table) {
	if f == nil {
		return
	}
	for _, b := range f.balances.GetAssets() {
		t.row("")
		f.asset(&tokenTable{table: t, asset: b.Asset, total: new(big.Int)}, b)
	}
	for _, v := range f.chains.Chains {
		coin := coinOf(v, f.known())
		t.row("")
		t.row("GAS ON", "ACCOUNT", "HAS")
		for _, account := range v.Accounts {
			t.row(v.Name, account.Address, coins(integer(account.Balance), coin))
		}
		t.row("to close all", "", coinsNeeded(integer(v.GasNeeded), coin))
	}
}

func (f *assetFunds) known() (all []*nwnrpc.Asset) {
	for _, b := range f.balances.GetAssets() {
		all = append(all, b.Asset)
	}
	return all
}

// asset lists where an asset is.
func (f *assetFunds) asset(t *tokenTable, b *nwnrpc.AssetBalance) {
	t.row("WHERE", "WHAT", b.Asset.GetSymbol(), "CAN BE SPENT")
	t.base("on chain", "in our account", integer(b.OnChain), "now")
	t.base("on chain", "owed by the adjudicator", integer(b.Owed), "when it is claimed: it could not be paid out to us")
	var incoming uint64
	for _, ch := range f.channels.GetTokenChannels() {
		if ch.Asset.GetId() == b.Asset.GetId() {
			t.channel(ch)
			incoming += ch.UnsettledIncomingMilli
		}
	}
	t.row("together", "", decimal(t.total, t.places()))
	if incoming != 0 {
		t.row("and if it arrives", "on its way in", decimal(new(big.Int).SetUint64(incoming), unitPlaces(b.Asset)+milliPlaces))
	}
}

// tokenTable adds up what it lists of an asset.
type tokenTable struct {
	*table
	asset *nwnrpc.Asset
	total *big.Int // of 10^-places tokens
}

// places has room for base units and for thousandths of units.
func (t *tokenTable) places() int {
	return max(int(t.asset.GetDecimals()), unitPlaces(t.asset)+milliPlaces)
}

// base lists an amount of base units.
func (t *tokenTable) base(where, what string, n *big.Int, when string) {
	t.line(where, what, n, int(t.asset.GetDecimals()), when)
}

// milli lists an amount of a channel.
func (t *tokenTable) milli(where, what string, n uint64, when string) {
	t.line(where, what, new(big.Int).SetUint64(n), unitPlaces(t.asset)+milliPlaces, when)
}

func (t *tokenTable) line(where, what string, n *big.Int, places int, when string) {
	if n.Sign() == 0 {
		return
	}
	t.row(where, what, decimal(n, places), when)
	up := big.NewInt(int64(t.places() - places))
	t.total.Add(t.total, up.Mul(n, up.Exp(big.NewInt(10), up, nil)))
}

// channel lists what is ours in a channel.
func (t *tokenTable) channel(ch *nwnrpc.TokenChannel) {
	where := "channel " + scid(ch.ChanId)
	if ch.ChanId == 0 {
		where = "channel " + short(ch.ChannelId)
	}
	switch ch.State {
	case nwnrpc.TokenChannelState_TOKEN_CHANNEL_OPENING:
		t.milli(where, "being opened", ch.LocalMilli, "over Lightning, once the channel is open")
	case nwnrpc.TokenChannelState_TOKEN_CHANNEL_CLOSING:
		t.milli(where, "being closed", ch.LocalMilli, "once the close is final")
	case nwnrpc.TokenChannelState_TOKEN_CHANNEL_FORCED:
		t.row(where, "why", "", whyTokenOnChain(ch))
		t.milli(where, "on chain", ch.LimboMilli, "once it is settled")
	case nwnrpc.TokenChannelState_TOKEN_CHANNEL_OPEN:
		reserve := min(ch.LocalMilli, ch.LocalReserveUnits*1000)
		when := "over Lightning, now; on chain by withdrawing or closing"
		if !ch.Active {
			when = "when its peer is back; on chain by closing"
		}
		t.milli(where, "ours", ch.LocalMilli-reserve, when)
		t.milli(where, "reserve", reserve, "on chain, by closing")
		t.milli(where, "on its way out", ch.UnsettledOutgoingMilli, "never, if it arrives; as ours, if it fails")
	}
}
