package rpcserver

import (
	"context"

	"github.com/btcsuite/btcd/btcec/v2"
	"google.golang.org/grpc"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// meter serves nwnrpc.Meter.
type meter struct {
	nwnrpc.UnimplementedMeterServer
	s *Server
}

// SetPrice is of nwnrpc.MeterServer.
func (m *meter) SetPrice(ctx context.Context, in *nwnrpc.Price) (*nwnrpc.SetPriceResponse, error) {
	api, err := m.s.assetAPI()
	if err != nil {
		return nil, err
	}
	p, err := priceOf(in)
	if err != nil {
		return nil, err
	}
	return &nwnrpc.SetPriceResponse{}, api.SetPrice(ctx, p)
}

func priceOf(in *nwnrpc.Price) (p node.Price, err error) {
	if p.Symbol, err = symbolOf(in.Symbol); err != nil {
		return p, err
	}
	if p.Unit, err = word("unit", in.Unit); err != nil {
		return p, err
	}
	if p.PerUnit, err = milli("per_unit_milli", in.PerUnitMilli); err != nil {
		return p, err
	}
	if in.MinimumUnits > maxUnits {
		return p, invalid("minimum_units is %d, at most %d", in.MinimumUnits, uint64(maxUnits))
	}
	p.Minimum = in.MinimumUnits
	return p, nil
}

// PriceQuery is of nwnrpc.MeterServer.
func (m *meter) PriceQuery(ctx context.Context, in *nwnrpc.PriceQueryRequest) (*nwnrpc.Price, error) {
	api, provider, err := m.about("provider", in.Provider)
	if err != nil {
		return nil, err
	}
	p, err := api.PriceQuery(ctx, provider)
	if err != nil {
		return nil, err
	}
	return &nwnrpc.Price{
		Symbol: text(p.Symbol), PerUnitMilli: uint64(p.PerUnit), Unit: text(p.Unit), MinimumUnits: p.Minimum,
	}, nil
}

// Establish is of nwnrpc.MeterServer.
func (m *meter) Establish(in *nwnrpc.EstablishRequest, to grpc.ServerStreamingServer[nwnrpc.TokenOpenUpdate]) error {
	api, provider, err := m.about("provider", in.Provider)
	if err != nil {
		return err
	}
	symbol, err := symbolOf(in.Symbol)
	if err != nil {
		return err
	}
	n, err := channelUnits("deposit_units", in.DepositUnits)
	if err != nil {
		return err
	}
	return tellOpening(api.Establish(to.Context(), provider, symbol, n), to)
}

// CheckBalance is of nwnrpc.MeterServer.
func (m *meter) CheckBalance(ctx context.Context, in *nwnrpc.CheckBalanceRequest) (*nwnrpc.MeterResponse, error) {
	api, provider, err := m.about("provider", in.Provider)
	if err != nil {
		return nil, err
	}
	return metered(api.CheckBalance(ctx, provider))
}

// TopUp is of nwnrpc.MeterServer.
func (m *meter) TopUp(ctx context.Context, in *nwnrpc.TopUpRequest) (*nwnrpc.TopUpResponse, error) {
	api, provider, err := m.about("provider", in.Provider)
	if err != nil {
		return nil, err
	}
	symbol, err := symbolOf(in.Symbol)
	if err != nil {
		return nil, err
	}
	n, err := channelUnits("units", in.Units)
	if err != nil {
		return nil, err
	}
	tx, err := api.TopUp(ctx, provider, symbol, n)
	if err != nil {
		return nil, err
	}
	return &nwnrpc.TopUpResponse{TxHash: txText(tx)}, nil
}

// Book is of nwnrpc.MeterServer.
func (m *meter) Book(ctx context.Context, in *nwnrpc.BookRequest) (*nwnrpc.MeterResponse, error) {
	api, customer, err := m.about("customer", in.Customer)
	if err != nil {
		return nil, err
	}
	return metered(api.Book(ctx, customer))
}

// CloseService is of nwnrpc.MeterServer.
func (m *meter) CloseService(in *nwnrpc.CloseServiceRequest, to grpc.ServerStreamingServer[nwnrpc.TokenCloseUpdate]) error {
	api, peer, err := m.about("node_pubkey", in.NodePubkey)
	if err != nil {
		return err
	}
	symbol, err := symbolOf(in.Symbol)
	if err != nil {
		return err
	}
	return tellClosing(api.CloseService(to.Context(), peer, symbol), to)
}

// about is what every call begins with: the other side of the service.
func (m *meter) about(what string, key []byte) (node.AssetAPI, *btcec.PublicKey, error) {
	api, err := m.s.assetAPI()
	if err != nil {
		return nil, nil, err
	}
	k, err := btcec.ParsePubKey(key)
	if err != nil {
		return nil, nil, invalid("%s is no public key: %v", what, err)
	}
	return api, k, nil
}

func metered(all []node.MeterBalance, err error) (*nwnrpc.MeterResponse, error) {
	if err != nil {
		return nil, err
	}
	out := &nwnrpc.MeterResponse{}
	for i := range all {
		b := &all[i]
		out.Balances = append(out.Balances, &nwnrpc.MeterBalance{
			ChannelPoint: b.Channel.String(), ChannelId: channelIDText(b.Channel), Asset: asset(&b.Asset),
			LocalMilli: uint64(b.Local), RemoteMilli: uint64(b.Remote), SentMilli: uint64(b.Sent), ReceivedMilli: uint64(b.Received),
		})
	}
	return out, nil
}
