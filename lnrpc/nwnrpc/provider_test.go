package nwnrpc_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// fakeNode answers as a customer's node would, or a provider's before its first payment, and prints what
// happens.
type fakeNode struct {
	nwnrpc.UnimplementedMeterServer
	nwnrpc.UnimplementedTokenPaymentsServer
	left uint64
}

// fakeProvider serves a fakeNode in memory.
func fakeProvider() (conn *grpc.ClientConn, stop func()) {
	l, s, n := bufconn.Listen(1<<16), grpc.NewServer(), &fakeNode{}
	nwnrpc.RegisterMeterServer(s, n)
	nwnrpc.RegisterTokenPaymentsServer(s, n)
	go s.Serve(l)
	conn, err := grpc.NewClient("passthrough:///node", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return l.DialContext(ctx) }))
	if err != nil {
		panic(err)
	}
	return conn, func() { conn.Close(); s.Stop() }
}

func (n *fakeNode) SetPrice(_ context.Context, p *nwnrpc.Price) (*nwnrpc.SetPriceResponse, error) {
	fmt.Printf("price set: %d for each %s\n", p.PerUnitMilli, p.Unit)
	return &nwnrpc.SetPriceResponse{}, nil
}

func (n *fakeNode) PriceQuery(context.Context, *nwnrpc.PriceQueryRequest) (*nwnrpc.Price, error) {
	p := &nwnrpc.Price{Symbol: "MILES", PerUnitMilli: 10, Unit: "MB", MinimumUnits: 5}
	fmt.Printf("price: %d for each %s\n", p.PerUnitMilli, p.Unit)
	return p, nil
}

func (n *fakeNode) Establish(in *nwnrpc.EstablishRequest, to grpc.ServerStreamingServer[nwnrpc.TokenOpenUpdate]) error {
	n.left = in.DepositUnits * 1000
	fmt.Printf("established with %d units, %d thousandths\n", in.DepositUnits, n.left)
	if err := to.Send(&nwnrpc.TokenOpenUpdate{}); err != nil {
		return err
	}
	return to.Send(&nwnrpc.TokenOpenUpdate{Open: true})
}

func (n *fakeNode) PayToken(in *nwnrpc.PayTokenRequest, to grpc.ServerStreamingServer[nwnrpc.TokenPayment]) error {
	if hash := sha256.Sum256(in.CustomRecords[preimageRecord]); !bytes.Equal(hash[:], in.PaymentHash) || in.ValueMilli > n.left {
		return errors.New("no keysend")
	}
	n.left -= in.ValueMilli
	fmt.Printf("paid %d, left %d\n", in.ValueMilli, n.left)
	return to.Send(&nwnrpc.TokenPayment{Status: lnrpc.Payment_SUCCEEDED})
}

func (n *fakeNode) CheckBalance(context.Context, *nwnrpc.CheckBalanceRequest) (*nwnrpc.MeterResponse, error) {
	return &nwnrpc.MeterResponse{Balances: []*nwnrpc.MeterBalance{{Asset: &nwnrpc.Asset{Symbol: "MILES"}, LocalMilli: n.left}}}, nil
}

func (n *fakeNode) TopUp(_ context.Context, in *nwnrpc.TopUpRequest) (*nwnrpc.TopUpResponse, error) {
	n.left += in.Units * 1000
	fmt.Printf("topped up by %d units, left %d\n", in.Units, n.left)
	return &nwnrpc.TopUpResponse{}, nil
}

func (n *fakeNode) Book(context.Context, *nwnrpc.BookRequest) (*nwnrpc.MeterResponse, error) {
	return &nwnrpc.MeterResponse{}, nil
}

func (n *fakeNode) CloseService(_ *nwnrpc.CloseServiceRequest, to grpc.ServerStreamingServer[nwnrpc.TokenCloseUpdate]) error {
	fmt.Println("closed")
	return to.Send(&nwnrpc.TokenCloseUpdate{Closed: true})
}
