package rpcserver

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func TestPoints(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewPointsClient(w.admin(t)), within(t)
	made, err := c.CreatePoints(ctx, &nwnrpc.CreatePointsRequest{
		Chain: "dev", Adjudicator: adjudicatorAt.Hex(), Name: "Bob's Miles", Symbol: "MILES", Decimals: 2, MembersOnly: true,
	})
	require.NoError(t, err)
	equal(t, milesMessage, made)
	require.Equal(t, node.CreatePoints{
		Chain: "dev", Adjudicator: adjudicatorAt, Name: "Bob's Miles", Symbol: "MILES", Decimals: 2, MembersOnly: true,
	}, n.got)
	order := [32]byte{'o', '7'}
	for _, call := range []struct {
		do   func() (*nwnrpc.PointsResponse, error)
		want []any
	}{
		{func() (*nwnrpc.PointsResponse, error) {
			return c.IssuePoints(ctx, &nwnrpc.IssuePointsRequest{Symbol: "MILES", Address: someone.Hex(), Amount: "5", Reference: []byte("o7")})
		}, []any{"MILES", someone, "5", order}},
		{func() (*nwnrpc.PointsResponse, error) {
			return c.RedeemPoints(ctx, &nwnrpc.RedeemPointsRequest{Symbol: "MILES", Amount: "5", Reference: order[:]})
		}, []any{"MILES", "5", order}},
		{func() (*nwnrpc.PointsResponse, error) {
			return c.SetMember(ctx, &nwnrpc.SetMemberRequest{Symbol: "MILES", Address: someone.Hex(), Member: true})
		}, []any{"MILES", someone, true}},
	} {
		r, err := call.do()
		require.NoError(t, err)
		require.Equal(t, someTxText, r.TxHash)
		require.Equal(t, call.want, n.got)
	}
}

func TestWhatIsAskedOfPointsIsChecked(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewPointsClient(w.admin(t)), within(t)
	at := adjudicatorAt.Hex()
	for _, in := range []*nwnrpc.CreatePointsRequest{
		{Adjudicator: at, Name: "M", Symbol: "M"}, {Chain: "dev", Name: "M", Symbol: "M"}, {Chain: "dev", Adjudicator: at, Symbol: "M"},
		{Chain: "dev", Adjudicator: at, Name: "M"}, {Chain: "dev", Adjudicator: at, Name: "M", Symbol: "M", Decimals: 25},
		{Chain: "dev", Adjudicator: at, Name: strings.Repeat("M", 65), Symbol: "M"}, {Chain: "dev", Adjudicator: at, Name: "a\nb", Symbol: "M"},
		{Chain: "dev", Adjudicator: at, Name: "M", Symbol: "sats"},
	} {
		_, err := c.CreatePoints(ctx, in)
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", in)
	}
	for _, call := range []func() (*nwnrpc.PointsResponse, error){
		func() (*nwnrpc.PointsResponse, error) {
			return c.IssuePoints(ctx, &nwnrpc.IssuePointsRequest{Symbol: "M", Address: at, Amount: "1", Reference: make([]byte, 33)})
		},
		func() (*nwnrpc.PointsResponse, error) {
			return c.IssuePoints(ctx, &nwnrpc.IssuePointsRequest{Symbol: "M", Address: "0x" + zeros(40), Amount: "1"})
		},
		func() (*nwnrpc.PointsResponse, error) {
			return c.RedeemPoints(ctx, &nwnrpc.RedeemPointsRequest{Symbol: "M", Amount: "1", Reference: make([]byte, 33)})
		},
		func() (*nwnrpc.PointsResponse, error) {
			return c.RedeemPoints(ctx, &nwnrpc.RedeemPointsRequest{Symbol: "M"})
		},
		func() (*nwnrpc.PointsResponse, error) {
			return c.RedeemPoints(ctx, &nwnrpc.RedeemPointsRequest{Amount: "1"})
		},
		func() (*nwnrpc.PointsResponse, error) { return c.SetMember(ctx, &nwnrpc.SetMemberRequest{Symbol: "M"}) },
		func() (*nwnrpc.PointsResponse, error) {
			return c.SetMember(ctx, &nwnrpc.SetMemberRequest{Address: at})
		},
	} {
		_, err := call()
		require.Equal(t, codes.InvalidArgument, status.Code(err))
	}
	require.Empty(t, n.name, "the node was asked nothing")
}

func TestMetering(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewMeterClient(w.admin(t)), within(t)
	peer, key := point(1)
	n.price = node.Price{Symbol: "MILES", PerUnit: 7, Unit: "MB", Minimum: 9}
	price := &nwnrpc.Price{Symbol: "MILES", PerUnitMilli: 7, Unit: "MB", MinimumUnits: 9}
	_, err := c.SetPrice(ctx, price)
	require.NoError(t, err)
	require.Equal(t, n.price, n.got)
	got, err := c.PriceQuery(ctx, &nwnrpc.PriceQueryRequest{Provider: key[:]})
	require.NoError(t, err)
	equal(t, price, got)
	require.Equal(t, peer, n.got)

	opened, err := drain(c.Establish(ctx, &nwnrpc.EstablishRequest{Provider: key[:], Symbol: "MILES", DepositUnits: 50}))
	require.EqualError(t, err, "EOF")
	equal(t, &nwnrpc.TokenOpenUpdate{ChannelPoint: tokenPointText, ChannelId: tokenIDText, Open: true}, opened[0])
	require.Equal(t, []any{"MILES", uint64(50)}, n.got)
	up, err := c.TopUp(ctx, &nwnrpc.TopUpRequest{Provider: key[:], Symbol: "MILES", Units: 5})
	require.NoError(t, err)
	require.Equal(t, someTxText, up.TxHash)

	n.metered = []node.MeterBalance{{Channel: tokenPoint, Asset: miles, Local: 1, Remote: 2, Sent: 3, Received: 4}}
	want := &nwnrpc.MeterResponse{Balances: []*nwnrpc.MeterBalance{{
		ChannelPoint: tokenPointText, ChannelId: tokenIDText, Asset: milesMessage, LocalMilli: 1, RemoteMilli: 2, SentMilli: 3, ReceivedMilli: 4,
	}}}
	b, err := c.CheckBalance(ctx, &nwnrpc.CheckBalanceRequest{Provider: key[:]})
	require.NoError(t, err)
	equal(t, want, b)
	b, err = c.Book(ctx, &nwnrpc.BookRequest{Customer: key[:]})
	require.NoError(t, err)
	equal(t, want, b)
	require.Equal(t, "Book", n.name)
	closed, err := drain(c.CloseService(ctx, &nwnrpc.CloseServiceRequest{NodePubkey: key[:], Symbol: "MILES"}))
	require.EqualError(t, err, "EOF")
	require.True(t, closed[0].Closed)

	n.err = node.ErrPeerOffline
	_, err = c.PriceQuery(ctx, &nwnrpc.PriceQueryRequest{Provider: key[:]})
	require.Equal(t, codes.FailedPrecondition, status.Code(err))
}

func TestWhatIsAskedOfAMeterIsChecked(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewMeterClient(w.admin(t)), within(t)
	_, key := point(1)
	for _, in := range []*nwnrpc.Price{
		{Unit: "MB"}, {Symbol: "M"}, {Symbol: "M", Unit: "M B"}, {Symbol: "M", Unit: "MB", PerUnitMilli: 1 << 63},
		{Symbol: "M", Unit: "MB", MinimumUnits: maxUnits + 1},
	} {
		_, err := c.SetPrice(ctx, in)
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", in)
	}
	for _, call := range []func() error{
		func() error { _, err := c.PriceQuery(ctx, &nwnrpc.PriceQueryRequest{}); return err },
		func() error { _, err := c.CheckBalance(ctx, &nwnrpc.CheckBalanceRequest{}); return err },
		func() error { _, err := c.Book(ctx, &nwnrpc.BookRequest{Customer: key[:5]}); return err },
		func() error {
			_, err := drain(c.Establish(ctx, &nwnrpc.EstablishRequest{Provider: key[:], Symbol: "M"}))
			return err
		},
		func() error {
			_, err := drain(c.Establish(ctx, &nwnrpc.EstablishRequest{Provider: key[:], DepositUnits: 1}))
			return err
		},
		func() error { _, err := c.TopUp(ctx, &nwnrpc.TopUpRequest{Provider: key[:], Symbol: "M"}); return err },
		func() error { _, err := c.TopUp(ctx, &nwnrpc.TopUpRequest{Provider: key[:], Units: 1}); return err },
		func() error {
			_, err := drain(c.CloseService(ctx, &nwnrpc.CloseServiceRequest{NodePubkey: key[:]}))
			return err
		},
	} {
		require.Equal(t, codes.InvalidArgument, status.Code(call()))
	}
	require.Empty(t, n.name, "the node was asked nothing")
}
