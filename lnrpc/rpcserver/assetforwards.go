package rpcserver

import (
	"context"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// AssetForwards is of nwnrpc.AssetForwardingServer.
func (a *assetForwarding) AssetForwards(ctx context.Context, in *nwnrpc.AssetForwardsRequest) (*nwnrpc.AssetForwardsResponse, error) {
	api, err := a.s.assetAPI()
	if err != nil {
		return nil, err
	}
	req := node.AssetForwards{ListForwards: node.ListForwards{Offset: in.IndexOffset, Max: in.NumMaxEvents, Aliases: true}}
	if req.Symbol, err = optionalSymbol(in.Symbol); err != nil {
		return nil, err
	}
	if req.After, err = fromUnix(in.StartTime); err != nil {
		return nil, err
	}
	if req.Before, err = fromUnix(in.EndTime); err != nil {
		return nil, err
	}
	page, err := api.AssetForwards(ctx, req)
	if err != nil {
		return nil, err
	}
	out := &nwnrpc.AssetForwardsResponse{LastOffsetIndex: page.Next}
	for i := range page.Forwards {
		f := &page.Forwards[i]
		out.AssetForwards = append(out.AssetForwards, &nwnrpc.AssetForward{
			TimestampNs: uint64(unixNano(f.Time)), ChanIdIn: f.In.ToUint64(), ChanIdOut: f.Out.ToUint64(), IncomingHtlcId: f.InID,
			OutgoingHtlcId: f.OutID, AssetIn: forwardedIn(&f.From), AssetOut: forwardedIn(&f.To), AmtInMilli: uint64(f.AmtIn),
			AmtOutMilli: uint64(f.AmtOut), FeeMilli: uint64(f.Fee()), PeerAliasIn: text(f.AliasIn), PeerAliasOut: text(f.AliasOut),
		})
	}
	return out, nil
}

// forwardedIn is an asset, absent for bitcoin.
func forwardedIn(a *node.Asset) *nwnrpc.Asset {
	if a.ID == (node.AssetID{}) {
		return nil
	}
	return asset(a)
}
