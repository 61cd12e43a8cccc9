package main

import (
	"context"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func (a *app) assetAddress(ctx context.Context, c *client, symbol string) error {
	r, err := c.assets.AssetAddress(ctx, &nwnrpc.AssetAddressRequest{Symbol: symbol})
	if err != nil {
		return err
	}
	return a.show(r, func(t *table) { t.row(r.Address) })
}

// sendAsset sends an amount, or all, of an asset on chain.
func (a *app) sendAsset(ctx context.Context, c *client, v *nwnrpc.Asset, to, amount string) error {
	req := &nwnrpc.SendAssetRequest{Symbol: v.Symbol, Address: to}
	var err error
	if amount == "all" {
		req.Amount, err = c.allOf(ctx, v)
	} else {
		req.Amount, err = parseBase(amount, v)
	}
	if err != nil {
		return err
	}
	if err := a.ask(ctx, "Send %s to %s on %s?", baseText(req.Amount, v), to, v.Chain); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	r, err := c.assets.SendAsset(ctx, req)
	if err != nil {
		return err
	}
	return a.show(r, func(t *table) { t.row(r.TxHash) })
}

// allOf is what our account has of a token.
func (c *client) allOf(ctx context.Context, v *nwnrpc.Asset) (string, error) {
	if v.Token == "" {
		return "", usage("all of a chain's coin would leave nothing for gas: give an amount")
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	l, err := c.assets.AssetBalances(ctx, &nwnrpc.AssetBalancesRequest{Symbol: v.Symbol})
	if err != nil {
		return "", err
	}
	for _, b := range l.Assets {
		if integer(b.OnChain).Sign() > 0 {
			return b.OnChain, nil
		}
	}
	return "", &fault{exitFailed, "FailedPrecondition", "there is no " + clean(v.Symbol) + " in our account on chain"}
}
