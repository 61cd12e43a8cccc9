package rpcserver

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// maxPointsDecimals is the most that amounts of channels allow.
const maxPointsDecimals = 24

// points serves nwnrpc.Points.
type points struct {
	nwnrpc.UnimplementedPointsServer
	s *Server
}

// CreatePoints is of nwnrpc.PointsServer.
func (p *points) CreatePoints(ctx context.Context, in *nwnrpc.CreatePointsRequest) (*nwnrpc.Asset, error) {
	api, err := p.s.assetAPI()
	if err != nil {
		return nil, err
	}
	req, err := createPoints(in)
	if err != nil {
		return nil, err
	}
	made, err := api.CreatePoints(ctx, req)
	if err != nil {
		return nil, err
	}
	return asset(&made), nil
}

func createPoints(in *nwnrpc.CreatePointsRequest) (req node.CreatePoints, err error) {
	if req.Chain, err = word("chain", in.Chain); err != nil {
		return req, err
	}
	if req.Adjudicator, err = payee("adjudicator", in.Adjudicator); err != nil {
		return req, err
	}
	if req.Symbol, err = newSymbol(in.Symbol); err != nil {
		return req, err
	}
	hidden := func(r rune) bool { return !unicode.IsPrint(r) }
	switch {
	case in.Name == "" || len(in.Name) > maxTokenName:
		return req, invalid("name has %d bytes, it may have 1 to %d", len(in.Name), maxTokenName)
	case !utf8.ValidString(in.Name) || strings.ContainsFunc(in.Name, hidden):
		return req, invalid("name %q has characters that can't be seen", in.Name)
	case in.Decimals > maxPointsDecimals:
		return req, invalid("decimals is %d, at most %d", in.Decimals, maxPointsDecimals)
	}
	req.Name, req.Decimals, req.MembersOnly = in.Name, uint8(in.Decimals), in.MembersOnly
	return req, nil
}

// IssuePoints is of nwnrpc.PointsServer.
func (p *points) IssuePoints(ctx context.Context, in *nwnrpc.IssuePointsRequest) (*nwnrpc.PointsResponse, error) {
	api, err := p.s.assetAPI()
	if err != nil {
		return nil, err
	}
	ref, err := reference(in.Reference)
	if err != nil {
		return nil, err
	}
	to, err := sendAsset(&nwnrpc.SendAssetRequest{Symbol: in.Symbol, Address: in.Address, Amount: in.Amount})
	if err != nil {
		return nil, err
	}
	return pointsSent(api.IssuePoints(ctx, to.Symbol, to.To, to.Amount, ref))
}

// RedeemPoints is of nwnrpc.PointsServer.
func (p *points) RedeemPoints(ctx context.Context, in *nwnrpc.RedeemPointsRequest) (*nwnrpc.PointsResponse, error) {
	api, err := p.s.assetAPI()
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
	ref, err := reference(in.Reference)
	if err != nil {
		return nil, err
	}
	return pointsSent(api.RedeemPoints(ctx, symbol, amount, ref))
}

// SetMember is of nwnrpc.PointsServer.
func (p *points) SetMember(ctx context.Context, in *nwnrpc.SetMemberRequest) (*nwnrpc.PointsResponse, error) {
	api, err := p.s.assetAPI()
	if err != nil {
		return nil, err
	}
	symbol, err := symbolOf(in.Symbol)
	if err != nil {
		return nil, err
	}
	who, err := payee("address", in.Address)
	if err != nil {
		return nil, err
	}
	return pointsSent(api.SetMember(ctx, symbol, who, in.Member))
}

func pointsSent(tx common.Hash, err error) (*nwnrpc.PointsResponse, error) {
	if err != nil {
		return nil, err
	}
	return &nwnrpc.PointsResponse{TxHash: txText(tx)}, nil
}
