package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// noInvoice is what is said of an invoice that isn't bitcoin's.
var noInvoice = status.Error(codes.NotFound, "unable to locate invoice")

func (f *fake) LookupInvoice(context.Context, *lnrpc.PaymentHash) (*lnrpc.Invoice, error) {
	return nil, noInvoice
}

// assetFake is what a fake daemon answers about assets. It keeps the last request of each kind.
type assetFake struct {
	nwnrpc.UnimplementedAssetsServer
	nwnrpc.UnimplementedTokenChannelsServer
	nwnrpc.UnimplementedTokenPaymentsServer
	nwnrpc.UnimplementedAssetForwardingServer
	nwnrpc.UnimplementedPointsServer
	nwnrpc.UnimplementedMeterServer

	none      bool // no EVM chain is configured
	got       any  // the last request that changes something
	gasNeeded string
	allowed   *nwnrpc.Allowance
	channel   func(*nwnrpc.TokenChannel)
	decoded   *nwnrpc.TokenPayReq
	payment   []*nwnrpc.TokenPayment
	pages     []uint64 // offsets that were asked for
	hangs     bool     // openings and closes don't end
	price     *nwnrpc.Price
}

var (
	miles = &nwnrpc.Asset{
		Id: strings.Repeat("aa", 32), Symbol: "MILES", Name: "Miles\x1b[2J", Chain: "dev", ChainId: 1337,
		Adjudicator: "0xADJ", Token: "0xTOK", Decimals: 2, NumChannels: 1,
	}
	ether   = &nwnrpc.Asset{Id: strings.Repeat("ee", 32), Symbol: "ETH", Chain: "dev", ChainId: 1337, Decimals: 18, UnitExponent: 12}
	chanID  = "0x" + strings.Repeat("0b", 32)
	tokenID = uint64(16_400_007<<40 | 312<<16 | 9)
)

// startWithAssets serves a fake daemon that follows an EVM chain.
func startWithAssets(t *testing.T) (*bench, *assetFake) {
	f := &assetFake{gasNeeded: "20000000000000000", allowed: &nwnrpc.Allowance{Token: "0xTOK", Spender: "0xADJ", Have: "0", Need: "25000", Permit: true}}
	return start(t, func(s *grpc.Server) {
		nwnrpc.RegisterAssetsServer(s, f)
		nwnrpc.RegisterTokenChannelsServer(s, f)
		nwnrpc.RegisterTokenPaymentsServer(s, f)
		nwnrpc.RegisterAssetForwardingServer(s, f)
		nwnrpc.RegisterPointsServer(s, f)
		nwnrpc.RegisterMeterServer(s, f)
	}), f
}

func (f *assetFake) refusal() error {
	if f.none {
		return status.Error(codes.FailedPrecondition, "no EVM chain is configured: see evm.chain")
	}
	return nil
}

func (f *assetFake) ListChains(context.Context, *nwnrpc.ListChainsRequest) (*nwnrpc.ListChainsResponse, error) {
	return &nwnrpc.ListChainsResponse{Chains: []*nwnrpc.Chain{{
		Name: "dev", ChainId: 1337, Profile: "dev", BlockHeight: 9, FinalHeight: 7, GasNeeded: f.gasNeeded,
		Accounts: []*nwnrpc.GasAccount{{Address: "0xGAS", Balance: "10000000000000000"}, {Address: "0xMORE", Balance: "5"}},
	}}}, f.refusal()
}

func (f *assetFake) ListAssets(context.Context, *nwnrpc.ListAssetsRequest) (*nwnrpc.ListAssetsResponse, error) {
	return &nwnrpc.ListAssetsResponse{Assets: []*nwnrpc.Asset{miles, ether}}, f.refusal()
}

func (f *assetFake) AddAsset(_ context.Context, in *nwnrpc.AddAssetRequest) (*nwnrpc.Asset, error) {
	f.got = in
	return miles, f.refusal()
}

func (f *assetFake) RemoveAsset(_ context.Context, in *nwnrpc.RemoveAssetRequest) (*nwnrpc.RemoveAssetResponse, error) {
	f.got = in
	return &nwnrpc.RemoveAssetResponse{}, f.refusal()
}

func (f *assetFake) AssetBalances(_ context.Context, in *nwnrpc.AssetBalancesRequest) (*nwnrpc.AssetBalancesResponse, error) {
	return &nwnrpc.AssetBalancesResponse{Assets: []*nwnrpc.AssetBalance{{
		Asset: miles, OnChain: "123456", LocalMilli: 1_250_000, RemoteMilli: 50_000, PendingMilli: 1000, Owed: "7",
	}}}, f.refusal()
}

func (f *assetFake) AssetAddress(_ context.Context, in *nwnrpc.AssetAddressRequest) (*nwnrpc.AssetAddressResponse, error) {
	f.got = in
	return &nwnrpc.AssetAddressResponse{Address: "0xME"}, f.refusal()
}

func (f *assetFake) SendAsset(_ context.Context, in *nwnrpc.SendAssetRequest) (*nwnrpc.SendAssetResponse, error) {
	f.got = in
	return &nwnrpc.SendAssetResponse{TxHash: "0xTX"}, f.refusal()
}

func (f *assetFake) GetAllowance(_ context.Context, in *nwnrpc.AllowanceRequest) (*nwnrpc.Allowance, error) {
	return f.allowed, f.refusal()
}

func (f *assetFake) OpenTokenChannel(in *nwnrpc.OpenTokenChannelRequest, to grpc.ServerStreamingServer[nwnrpc.TokenOpenUpdate]) error {
	f.got = in
	return f.opens(to)
}

func (f *assetFake) opens(to grpc.ServerStreamingServer[nwnrpc.TokenOpenUpdate]) error {
	if err := to.Send(&nwnrpc.TokenOpenUpdate{ChannelId: chanID}); err != nil {
		return err
	}
	if f.hangs {
		<-to.Context().Done()
		return nil
	}
	return to.Send(&nwnrpc.TokenOpenUpdate{ChannelId: chanID, Open: true, TxHash: "0xIN"})
}

func (f *assetFake) CloseTokenChannel(in *nwnrpc.CloseTokenChannelRequest, to grpc.ServerStreamingServer[nwnrpc.TokenCloseUpdate]) error {
	f.got = in
	return f.closes(to)
}

func (f *assetFake) closes(to grpc.ServerStreamingServer[nwnrpc.TokenCloseUpdate]) error {
	if err := to.Send(&nwnrpc.TokenCloseUpdate{TxHash: "0xTX"}); err != nil {
		return err
	}
	if f.hangs {
		<-to.Context().Done()
		return nil
	}
	return to.Send(&nwnrpc.TokenCloseUpdate{TxHash: "0xTX", Closed: true})
}

func (f *assetFake) DepositToChannel(_ context.Context, in *nwnrpc.ChannelAmountRequest) (*nwnrpc.ChannelAmountResponse, error) {
	f.got = in
	return &nwnrpc.ChannelAmountResponse{TxHash: "0xIN"}, f.refusal()
}

func (f *assetFake) WithdrawFromChannel(_ context.Context, in *nwnrpc.ChannelAmountRequest) (*nwnrpc.ChannelAmountResponse, error) {
	f.got = in
	return &nwnrpc.ChannelAmountResponse{TxHash: "0xOUT"}, f.refusal()
}

func (f *assetFake) ListTokenChannels(context.Context, *nwnrpc.ListTokenChannelsRequest) (*nwnrpc.ListTokenChannelsResponse, error) {
	ch := &nwnrpc.TokenChannel{
		ChannelPoint: strings.Repeat("0b", 32) + ":0", ChannelId: chanID, ChanId: tokenID, RemotePubkey: key, PeerAlias: "bob\x1b[2J", Asset: miles,
		State: nwnrpc.TokenChannelState_TOKEN_CHANNEL_OPEN, Active: true, Initiator: true, LocalMilli: 1_250_000, RemoteMilli: 50_000,
		UnsettledOutgoingMilli: 3000, UnsettledIncomingMilli: 2000, LocalReserveUnits: 50, Delay: 86_400,
		Htlcs: []*nwnrpc.TokenHTLC{{}, {}}, Params: &nwnrpc.TokenChannelParams{PayA: "0xPAYA", PayB: "0xPAYB"},
	}
	if f.channel != nil {
		f.channel(ch)
	}
	return &nwnrpc.ListTokenChannelsResponse{TokenChannels: []*nwnrpc.TokenChannel{ch}}, f.refusal()
}

func (f *assetFake) AddTokenInvoice(_ context.Context, in *nwnrpc.AddTokenInvoiceRequest) (*nwnrpc.TokenInvoice, error) {
	f.got = in
	return &nwnrpc.TokenInvoice{Asset: miles, PaymentRequest: "lnnw1", PaymentHash: strings.Repeat("ab", 32)}, f.refusal()
}

func (f *assetFake) invoice(state lnrpc.Invoice_InvoiceState, index uint64) *nwnrpc.TokenInvoice {
	return &nwnrpc.TokenInvoice{
		Asset: miles, PaymentRequest: "lnnw1", PaymentHash: strings.Repeat("ab", 32), ValueMilli: 1_250_000, State: state, AddIndex: index,
		PaidMilli: 1_250_000, Memo: "tea", CreationDate: 100, Expiry: 3600,
		Parts: []*nwnrpc.TokenInvoicePart{{ChanId: tokenID, AmountMilli: 1_250_000, State: lnrpc.InvoiceHTLCState_SETTLED}},
	}
}

func (f *assetFake) LookupTokenInvoice(_ context.Context, in *nwnrpc.LookupTokenInvoiceRequest) (*nwnrpc.TokenInvoice, error) {
	if in.PaymentHash[0] != 0xab {
		return nil, status.Error(codes.NotFound, "unable to locate invoice")
	}
	return f.invoice(lnrpc.Invoice_SETTLED, 3), f.refusal()
}

func (f *assetFake) SubscribeTokenInvoice(_ *nwnrpc.LookupTokenInvoiceRequest, to grpc.ServerStreamingServer[nwnrpc.TokenInvoice]) error {
	if err := to.Send(f.invoice(lnrpc.Invoice_OPEN, 3)); err != nil {
		return err
	}
	return to.Send(f.invoice(lnrpc.Invoice_ACCEPTED, 3))
}

func (f *assetFake) ListTokenInvoices(_ context.Context, in *nwnrpc.ListTokenInvoicesRequest) (*nwnrpc.ListTokenInvoicesResponse, error) {
	f.pages = append(f.pages, in.IndexOffset)
	out := &nwnrpc.ListTokenInvoicesResponse{}
	for i := in.IndexOffset + 1; i <= 1200 && i <= in.IndexOffset+in.Max; i++ {
		if i%2 == 0 { // the others are in another asset
			out.Invoices = append(out.Invoices, f.invoice(lnrpc.Invoice_OPEN, i))
		}
		out.LastIndexOffset = i
	}
	return out, f.refusal()
}

func (f *assetFake) SettleTokenInvoice(_ context.Context, in *nwnrpc.SettleTokenInvoiceRequest) (*nwnrpc.SettleTokenInvoiceResponse, error) {
	f.got = in
	return &nwnrpc.SettleTokenInvoiceResponse{}, f.refusal()
}

func (f *assetFake) CancelTokenInvoice(_ context.Context, in *nwnrpc.CancelTokenInvoiceRequest) (*nwnrpc.CancelTokenInvoiceResponse, error) {
	f.got = in
	return &nwnrpc.CancelTokenInvoiceResponse{}, f.refusal()
}

func (f *assetFake) DecodeTokenInvoice(context.Context, *nwnrpc.DecodeTokenInvoiceRequest) (*nwnrpc.TokenPayReq, error) {
	if f.decoded == nil {
		f.decoded = &nwnrpc.TokenPayReq{
			AssetId: miles.Id, Asset: miles, Destination: key, PaymentHash: strings.Repeat("ab", 32), ValueMilli: 1_250_000,
			Timestamp: time.Now().Unix(), Expiry: 3600, Description: "tea", FinalDelta: 43_200,
		}
	}
	return f.decoded, f.refusal()
}

func (f *assetFake) PayToken(in *nwnrpc.PayTokenRequest, to grpc.ServerStreamingServer[nwnrpc.TokenPayment]) error {
	f.got = in
	return f.pays(to)
}

func (f *assetFake) pays(to grpc.ServerStreamingServer[nwnrpc.TokenPayment]) error {
	for _, p := range f.payment {
		if err := to.Send(p); err != nil {
			return err
		}
	}
	return nil
}

func (f *assetFake) TrackTokenPayment(in *nwnrpc.TrackTokenPaymentRequest, to grpc.ServerStreamingServer[nwnrpc.TokenPayment]) error {
	if in.PaymentHash[0] != 0xcd {
		return status.Error(codes.NotFound, "payment isn't initiated")
	}
	return f.pays(to)
}

func (f *assetFake) ListTokenPayments(_ context.Context, in *nwnrpc.ListTokenPaymentsRequest) (*nwnrpc.ListTokenPaymentsResponse, error) {
	f.got = in
	return &nwnrpc.ListTokenPaymentsResponse{Payments: f.payment}, f.refusal()
}

func (f *assetFake) CreatePoints(_ context.Context, in *nwnrpc.CreatePointsRequest) (*nwnrpc.Asset, error) {
	f.got = in
	return miles, f.refusal()
}

func (f *assetFake) points(in any) (*nwnrpc.PointsResponse, error) {
	f.got = in
	return &nwnrpc.PointsResponse{TxHash: "0xTX"}, f.refusal()
}

func (f *assetFake) IssuePoints(_ context.Context, in *nwnrpc.IssuePointsRequest) (*nwnrpc.PointsResponse, error) {
	return f.points(in)
}

func (f *assetFake) RedeemPoints(_ context.Context, in *nwnrpc.RedeemPointsRequest) (*nwnrpc.PointsResponse, error) {
	return f.points(in)
}

func (f *assetFake) SetMember(_ context.Context, in *nwnrpc.SetMemberRequest) (*nwnrpc.PointsResponse, error) {
	return f.points(in)
}

func (f *assetFake) SetPrice(_ context.Context, in *nwnrpc.Price) (*nwnrpc.SetPriceResponse, error) {
	f.got = in
	return &nwnrpc.SetPriceResponse{}, f.refusal()
}

func (f *assetFake) PriceQuery(context.Context, *nwnrpc.PriceQueryRequest) (*nwnrpc.Price, error) {
	return f.price, f.refusal()
}

func (f *assetFake) Establish(in *nwnrpc.EstablishRequest, to grpc.ServerStreamingServer[nwnrpc.TokenOpenUpdate]) error {
	f.got = in
	return f.opens(to)
}

func (f *assetFake) metered() (*nwnrpc.MeterResponse, error) {
	return &nwnrpc.MeterResponse{Balances: []*nwnrpc.MeterBalance{{
		ChannelId: chanID, Asset: miles, LocalMilli: 100_000, RemoteMilli: 200_000, SentMilli: 300_000, ReceivedMilli: 400_000,
	}}}, f.refusal()
}

func (f *assetFake) CheckBalance(context.Context, *nwnrpc.CheckBalanceRequest) (*nwnrpc.MeterResponse, error) {
	return f.metered()
}

func (f *assetFake) Book(context.Context, *nwnrpc.BookRequest) (*nwnrpc.MeterResponse, error) {
	return f.metered()
}

func (f *assetFake) TopUp(_ context.Context, in *nwnrpc.TopUpRequest) (*nwnrpc.TopUpResponse, error) {
	f.got = in
	return &nwnrpc.TopUpResponse{TxHash: "0xUP"}, f.refusal()
}

func (f *assetFake) CloseService(in *nwnrpc.CloseServiceRequest, to grpc.ServerStreamingServer[nwnrpc.TokenCloseUpdate]) error {
	f.got = in
	return f.closes(to)
}
