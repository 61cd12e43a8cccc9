package main

import (
	"context"
	"time"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// assetForwards lists what was forwarded in an asset, or from it into another.
func (a *app) assetForwards(ctx context.Context, c *client, req *nwnrpc.AssetForwardsRequest, all bool) error {
	asset, err := c.asset(ctx, req.Symbol)
	if err != nil {
		return err
	}
	req.Symbol = asset.Symbol
	if all {
		req.NumMaxEvents = page
	}
	return a.paged(ctx, all, func(ctx context.Context, header bool) (bool, error) {
		l, err := c.forwards.AssetForwards(ctx, req)
		if err != nil {
			return false, err
		}
		req.IndexOffset = l.LastOffsetIndex
		more := len(l.AssetForwards) == int(req.NumMaxEvents)
		if more && !all {
			a.note("There may be more: nwcli forwards --asset=%s --offset %d", asset.Symbol, l.LastOffsetIndex)
		}
		return more, a.show(l, func(t *table) {
			if header {
				t.row("TIME", "FROM", "TO", "IN", "OUT", "FEE")
			}
			for _, f := range l.AssetForwards {
				t.row(time.Unix(0, int64(f.TimestampNs)).Format("2006-01-02 15:04:05"), named(f.ChanIdIn, f.PeerAliasIn),
					named(f.ChanIdOut, f.PeerAliasOut), forwardText(f.AmtInMilli, f.AssetIn), forwardText(f.AmtOutMilli, f.AssetOut),
					forwardFee(f))
			}
		})
	})
}

// forwardText is an amount in an asset or, without one, in bitcoin.
func forwardText(milli uint64, asset *nwnrpc.Asset) string {
	if asset == nil {
		return msat(milli).String()
	}
	return milliText(milli, asset)
}

func forwardFee(f *nwnrpc.AssetForward) string {
	if f.AssetIn.GetId() != f.AssetOut.GetId() {
		return "in the exchange"
	}
	return forwardText(f.FeeMilli, f.AssetIn)
}
