package rpcserver

import (
	"context"
	"encoding/hex"
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// registerAssets serves what is about assets other than bitcoin.
func (s *Server) registerAssets() {
	nwnrpc.RegisterAssetsServer(s.grpc, &assets{s: s})
	nwnrpc.RegisterTokenChannelsServer(s.grpc, &tokenChannels{s: s})
	nwnrpc.RegisterTokenPaymentsServer(s.grpc, &tokenPayments{s: s})
	nwnrpc.RegisterAssetForwardingServer(s.grpc, &assetForwarding{s: s})
	nwnrpc.RegisterPointsServer(s.grpc, &points{s: s})
	nwnrpc.RegisterMeterServer(s.grpc, &meter{s: s})
}

// assetAPI is the node's, if it has one.
func (s *Server) assetAPI() (node.AssetAPI, error) {
	if api, ok := s.node().(node.AssetAPI); ok {
		return api, nil
	}
	return nil, node.ErrNoChain
}

// assets serves nwnrpc.Assets.
type assets struct {
	nwnrpc.UnimplementedAssetsServer
	s *Server
}

// ListChains is of nwnrpc.AssetsServer.
func (a *assets) ListChains(ctx context.Context, _ *nwnrpc.ListChainsRequest) (*nwnrpc.ListChainsResponse, error) {
	api, err := a.s.assetAPI()
	if err != nil {
		return nil, err
	}
	all, err := api.Chains(ctx)
	if err != nil {
		return nil, err
	}
	out := &nwnrpc.ListChainsResponse{}
	for i := range all {
		out.Chains = append(out.Chains, evmChain(&all[i]))
	}
	return out, nil
}

func evmChain(c *node.EVMChain) *nwnrpc.Chain {
	out := &nwnrpc.Chain{
		Name: text(c.Name), ChainId: c.ID, Profile: c.Profile, BlockHeight: c.Head, BlockTime: unix(c.HeadTime),
		FinalHeight: c.Final, Trouble: text(c.Healthy), GasNeeded: baseText(c.Needed),
	}
	for i, account := range c.Accounts {
		g := &nwnrpc.GasAccount{Address: account.Hex(), Balance: "0"}
		if i < len(c.Gas) {
			g.Balance = baseText(c.Gas[i])
		}
		out.Accounts = append(out.Accounts, g)
	}
	return out
}

// AddAsset is of nwnrpc.AssetsServer.
func (a *assets) AddAsset(ctx context.Context, in *nwnrpc.AddAssetRequest) (*nwnrpc.Asset, error) {
	api, err := a.s.assetAPI()
	if err != nil {
		return nil, err
	}
	req, err := addAsset(in)
	if err != nil {
		return nil, err
	}
	added, err := api.AddAsset(ctx, req)
	if err != nil {
		return nil, err
	}
	return asset(&added), nil
}

func addAsset(in *nwnrpc.AddAssetRequest) (req node.AddAsset, err error) {
	req.AllowUnusual = in.AllowUnusual
	if in.Symbol != "" {
		if req.Symbol, err = newSymbol(in.Symbol); err != nil {
			return req, err
		}
	}
	if req.Chain, err = word("chain", in.Chain); err != nil {
		return req, err
	}
	if req.Adjudicator, err = payee("adjudicator", in.Adjudicator); err != nil {
		return req, err
	}
	if in.Token != "" {
		req.Token, err = payee("token", in.Token)
	}
	return req, err
}

// RemoveAsset is of nwnrpc.AssetsServer.
func (a *assets) RemoveAsset(ctx context.Context, in *nwnrpc.RemoveAssetRequest) (*nwnrpc.RemoveAssetResponse, error) {
	api, err := a.s.assetAPI()
	if err != nil {
		return nil, err
	}
	symbol, err := symbolOf(in.Symbol)
	if err != nil {
		return nil, err
	}
	return &nwnrpc.RemoveAssetResponse{}, api.RemoveAsset(ctx, symbol)
}

// ListAssets is of nwnrpc.AssetsServer.
func (a *assets) ListAssets(ctx context.Context, _ *nwnrpc.ListAssetsRequest) (*nwnrpc.ListAssetsResponse, error) {
	api, err := a.s.assetAPI()
	if err != nil {
		return nil, err
	}
	all, err := api.Assets(ctx)
	if err != nil {
		return nil, err
	}
	out := &nwnrpc.ListAssetsResponse{}
	for i := range all {
		out.Assets = append(out.Assets, asset(&all[i]))
	}
	return out, nil
}

func asset(a *node.Asset) *nwnrpc.Asset {
	return &nwnrpc.Asset{
		Id: hex.EncodeToString(a.ID[:]), Symbol: text(a.Symbol), Name: text(a.Name), Chain: text(a.Chain), ChainId: a.ChainID,
		Adjudicator: addressText(a.Adjudicator), Token: addressText(a.Token), Decimals: uint32(a.Decimals),
		UnitExponent: uint32(a.UnitExponent()), NumChannels: uint32(a.Channels), Unusual: text(a.Unusual), UnusualAllowed: a.Allowed,
	}
}

// AssetBalances is of nwnrpc.AssetsServer.
func (a *assets) AssetBalances(ctx context.Context, in *nwnrpc.AssetBalancesRequest) (*nwnrpc.AssetBalancesResponse, error) {
	api, err := a.s.assetAPI()
	if err != nil {
		return nil, err
	}
	wanted, err := optionalSymbol(in.Symbol)
	if err != nil {
		return nil, err
	}
	all, err := api.AssetBalances(ctx)
	if err != nil {
		return nil, err
	}
	out := &nwnrpc.AssetBalancesResponse{}
	for i := range all {
		if b := &all[i]; wanted == "" || strings.EqualFold(b.Symbol, wanted) {
			out.Assets = append(out.Assets, assetBalance(b))
		}
	}
	if wanted != "" && len(out.Assets) == 0 {
		return nil, noAsset(wanted)
	}
	return out, nil
}

func assetBalance(b *node.AssetBalance) *nwnrpc.AssetBalance {
	return &nwnrpc.AssetBalance{
		Asset: asset(&b.Asset), OnChain: baseText(b.OnChain), LocalMilli: uint64(b.Local), RemoteMilli: uint64(b.Remote),
		PendingMilli: uint64(b.Pending), LimboMilli: uint64(b.Limbo), Owed: baseText(b.Owed),
		UnsettledIncomingMilli: uint64(b.UnsettledIncoming), UnsettledOutgoingMilli: uint64(b.UnsettledOutgoing),
	}
}

// AssetAddress is of nwnrpc.AssetsServer.
func (a *assets) AssetAddress(ctx context.Context, in *nwnrpc.AssetAddressRequest) (*nwnrpc.AssetAddressResponse, error) {
	api, err := a.s.assetAPI()
	if err != nil {
		return nil, err
	}
	symbol, err := symbolOf(in.Symbol)
	if err != nil {
		return nil, err
	}
	where, err := api.AssetAddress(ctx, symbol)
	if err != nil {
		return nil, err
	}
	return &nwnrpc.AssetAddressResponse{Address: where.Hex()}, nil
}

// SendAsset is of nwnrpc.AssetsServer.
func (a *assets) SendAsset(ctx context.Context, in *nwnrpc.SendAssetRequest) (*nwnrpc.SendAssetResponse, error) {
	api, err := a.s.assetAPI()
	if err != nil {
		return nil, err
	}
	req, err := sendAsset(in)
	if err != nil {
		return nil, err
	}
	tx, err := api.SendAsset(ctx, req)
	if err != nil {
		return nil, err
	}
	return &nwnrpc.SendAssetResponse{TxHash: txText(tx)}, nil
}

func sendAsset(in *nwnrpc.SendAssetRequest) (req node.SendAsset, err error) {
	if req.Symbol, err = symbolOf(in.Symbol); err != nil {
		return req, err
	}
	if req.To, err = payee("address", in.Address); err != nil {
		return req, err
	}
	req.Amount, err = baseUnits("amount", in.Amount)
	return req, err
}

// GetAllowance is of nwnrpc.AssetsServer.
func (a *assets) GetAllowance(ctx context.Context, in *nwnrpc.AllowanceRequest) (*nwnrpc.Allowance, error) {
	api, err := a.s.assetAPI()
	if err != nil {
		return nil, err
	}
	symbol, err := symbolOf(in.Symbol)
	if err != nil {
		return nil, err
	}
	amount, err := baseUnits("amount", in.Amount)
	if err != nil {
		return nil, err
	}
	got, err := api.Allowance(ctx, symbol, amount)
	if err != nil {
		return nil, err
	}
	return &nwnrpc.Allowance{
		Token: addressText(got.Token), Spender: addressText(got.Spender), Have: baseText(got.Have), Need: baseText(got.Need),
		Permit: got.Permit, NeedTransaction: got.NeedTransaction,
	}, nil
}

// optionalSymbol may be empty: all assets.
func optionalSymbol(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	return symbolOf(s)
}

// txText is a transaction's hash, as explorers show it; empty where there is none to tell.
func txText(h common.Hash) string {
	if h == (common.Hash{}) {
		return ""
	}
	return h.Hex()
}
