package rpcserver

import (
	"strings"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

var thirtyTwo = append([]byte{9}, make([]byte, 31)...)

func milesInvoice() node.TokenInvoice {
	return node.TokenInvoice{Asset: miles, Invoice: node.Invoice{
		Memo: "tea", Hash: lntypes.Hash{9}, Preimage: lntypes.Preimage{8}, PaymentAddr: [32]byte{7}, Amount: 5, AmountPaid: 6,
		PaymentRequest: "lnnw1", Created: time.Unix(100, 0), Settled: time.Unix(110, 0), Expiry: time.Hour, AddIndex: 3, SettleIndex: 1,
		State: node.InvoiceSettled, Private: true,
		HTLCs: []node.InvoiceHTLC{{
			SCID: lnwire.NewShortChanIDFromInt(77), Index: 4, Amount: 6, Accepted: time.Unix(105, 0), Resolved: time.Unix(110, 0),
			Expiry: 1_700_000_000, State: node.InvoiceHTLCSettled,
		}},
	}}
}

var milesInvoiceMessage = &nwnrpc.TokenInvoice{
	Asset: milesMessage, PaymentRequest: "lnnw1", PaymentHash: "09" + zeros(62), Preimage: "08" + zeros(62), Memo: "tea",
	ValueMilli: 5, PaidMilli: 6, State: lnrpc.Invoice_SETTLED, CreationDate: 100, SettleDate: 110, Expiry: 3600, AddIndex: 3, SettleIndex: 1,
	Private: true, PaymentAddr: append([]byte{7}, make([]byte, 31)...),
	Parts: []*nwnrpc.TokenInvoicePart{{
		ChanId: 77, HtlcId: 4, AmountMilli: 6, State: lnrpc.InvoiceHTLCState_SETTLED, AcceptTime: 105, ResolveTime: 110, Expiry: 1_700_000_000,
	}},
}

func TestTokenInvoices(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewTokenPaymentsClient(w.admin(t)), within(t)
	other := milesInvoice()
	other.Asset.Symbol, other.AddIndex, other.Preimage = "ETH", 9, lntypes.Preimage{}
	n.invoices = []node.TokenInvoice{milesInvoice(), other}
	made, err := c.AddTokenInvoice(ctx, &nwnrpc.AddTokenInvoiceRequest{
		Symbol: "MILES", ValueMilli: 5, Memo: "tea", Expiry: 60, Private: true, PaymentHash: thirtyTwo,
	})
	require.NoError(t, err)
	equal(t, milesInvoiceMessage, made)
	hash := lntypes.Hash(thirtyTwo)
	require.Equal(t, node.AddTokenInvoice{Symbol: "MILES", AddInvoice: node.AddInvoice{
		Memo: "tea", Amount: 5, Expiry: time.Minute, Private: true, Hash: &hash,
	}}, n.got)

	got, err := c.LookupTokenInvoice(ctx, &nwnrpc.LookupTokenInvoiceRequest{PaymentHash: thirtyTwo})
	require.NoError(t, err)
	equal(t, milesInvoiceMessage, got)
	page, err := c.ListTokenInvoices(ctx, &nwnrpc.ListTokenInvoicesRequest{Symbol: "MILES", IndexOffset: 2, PendingOnly: true})
	require.NoError(t, err)
	equal(t, &nwnrpc.ListTokenInvoicesResponse{
		Invoices: []*nwnrpc.TokenInvoice{milesInvoiceMessage}, FirstIndexOffset: 3, LastIndexOffset: 9,
	}, page)
	require.Equal(t, node.ListInvoices{PendingOnly: true, Offset: 2, Max: 100}, n.got, "the next page begins behind all that were looked at")
	_, err = c.SettleTokenInvoice(ctx, &nwnrpc.SettleTokenInvoiceRequest{Preimage: thirtyTwo})
	require.NoError(t, err)
	require.Equal(t, lntypes.Preimage(thirtyTwo), n.got)
	_, err = c.CancelTokenInvoice(ctx, &nwnrpc.CancelTokenInvoiceRequest{PaymentHash: thirtyTwo})
	require.NoError(t, err)
	require.Equal(t, hash, n.got)
	changes, err := drain(c.SubscribeTokenInvoice(ctx, &nwnrpc.LookupTokenInvoiceRequest{PaymentHash: thirtyTwo}))
	require.EqualError(t, err, "EOF")
	require.Len(t, changes, 2)
	require.Empty(t, changes[1].Preimage, "it isn't known yet")

	n.err = node.ErrNotFound
	_, err = c.LookupTokenInvoice(ctx, &nwnrpc.LookupTokenInvoiceRequest{PaymentHash: thirtyTwo})
	require.Equal(t, codes.NotFound, status.Code(err))
	require.ErrorContains(t, err, "unable to locate invoice")
}

func TestTokenInvoicesAreDecoded(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewTokenPaymentsClient(w.admin(t)), within(t)
	_, key := point(1)
	n.decoded = node.TokenPayReq{ID: node.AssetID{0xaa}, PayReq: node.PayReq{
		Destination: key, Hash: lntypes.Hash{9}, Amount: 5, Timestamp: time.Unix(100, 0), Expiry: time.Hour, Description: "tea\xff", CLTVExpiry: 4,
		RouteHints: make([][]node.HopHint, 2), PaymentAddr: [32]byte{7},
	}}
	got, err := c.DecodeTokenInvoice(ctx, &nwnrpc.DecodeTokenInvoiceRequest{PaymentRequest: "lnnw1"})
	require.NoError(t, err)
	want := &nwnrpc.TokenPayReq{
		AssetId: milesMessage.Id, Destination: hexKey(key), PaymentHash: "09" + zeros(62), ValueMilli: 5, Timestamp: 100, Expiry: 3600,
		Description: "tea?", FinalDelta: 2400, NumRouteHints: 2, PaymentAddr: append([]byte{7}, make([]byte, 31)...),
	}
	equal(t, want, got)
	n.decoded.Asset = miles
	got, err = c.DecodeTokenInvoice(ctx, &nwnrpc.DecodeTokenInvoiceRequest{PaymentRequest: "lnnw1"})
	require.NoError(t, err)
	equal(t, milesMessage, got.Asset)
	_, err = c.DecodeTokenInvoice(ctx, &nwnrpc.DecodeTokenInvoiceRequest{PaymentRequest: strings.Repeat("x", maxPayReq+1)})
	require.Equal(t, codes.InvalidArgument, status.Code(err))
}

func milesPayment(s node.PaymentStatus) node.TokenPayment {
	_, key := point(1)
	return node.TokenPayment{Asset: miles, Payment: node.Payment{
		Hash: lntypes.Hash{9}, Preimage: lntypes.Preimage{8}, Amount: 5, Fee: 1, Created: time.Unix(100, 0), Status: s, Index: 3,
		PaymentRequest: "lnnw1", FailureReason: node.FailureNoRoute,
		Attempts: []node.Attempt{{
			ID: 2, Status: node.AttemptFailed, Sent: time.Unix(100, 1), Resolved: time.Unix(100, 2), Failure: &node.AttemptFailure{
				SourceIndex: 1, Message: &lnwire.FailTemporaryChannelFailure{},
			},
			Route: node.Route{TotalAmount: 6, TotalFees: 1, Hops: []node.Hop{
				{Node: key, SCID: lnwire.NewShortChanIDFromInt(77), AmountToForward: 5, Fee: 1, Expiry: 1_700_000_000},
			}},
		}},
	}}
}

func TestPayingInAnAsset(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewTokenPaymentsClient(w.admin(t)), within(t)
	_, key := point(1)
	n.payments = []node.TokenPayment{milesPayment(node.PaymentInFlight), milesPayment(node.PaymentSucceeded)}
	got, err := drain(c.PayToken(ctx, &nwnrpc.PayTokenRequest{PaymentRequest: "lnnw1", ValueMilli: 5, FeeLimitMilli: 6, OutgoingChanIds: []uint64{77}}))
	require.EqualError(t, err, "EOF")
	require.Equal(t, node.PayToken{SendPayment: node.SendPayment{
		PaymentRequest: "lnnw1", Amount: 5, FeeLimit: 6, Timeout: defaultTimeout, MaxParts: defaultParts, OutgoingChans: scids([]uint64{77}),
	}}, n.got)
	require.Len(t, got, 2)
	equal(t, &nwnrpc.TokenPayment{
		Asset: milesMessage, PaymentHash: "09" + zeros(62), Preimage: "08" + zeros(62), ValueMilli: 5, FeeMilli: 1, Status: lnrpc.Payment_SUCCEEDED,
		FailureReason: lnrpc.PaymentFailureReason_FAILURE_REASON_NO_ROUTE, CreationTimeNs: 100e9, PaymentIndex: 3, PaymentRequest: "lnnw1",
		Attempts: []*nwnrpc.TokenAttempt{{
			AttemptId: 2, Status: lnrpc.HTLCAttempt_FAILED, ValueMilli: 5, FeeMilli: 1, AttemptTimeNs: 100e9 + 1, ResolveTimeNs: 100e9 + 2,
			Hops:        []*nwnrpc.TokenHop{{PubKey: hexKey(key), ChanId: 77, ValueMilli: 5, FeeMilli: 1, Expiry: 1_700_000_000}},
			FailureCode: lnrpc.Failure_TEMPORARY_CHANNEL_FAILURE, FailureSourceIndex: 1,
		}},
	}, got[1])

	got, err = drain(c.PayToken(ctx, &nwnrpc.PayTokenRequest{
		Symbol: "MILES", Destination: key[:], PaymentHash: thirtyTwo, ValueMilli: 5, NoInflightUpdates: true, TimeoutSeconds: 5, MaxParts: 2,
	}))
	require.EqualError(t, err, "EOF")
	require.Len(t, got, 1, "only its end")
	require.Equal(t, node.PayToken{Asset: miles.ID, SendPayment: node.SendPayment{
		Destination: &key, Hash: lntypes.Hash(thirtyTwo), Amount: 5, Timeout: 5 * time.Second, MaxParts: 2, OnlyFinalUpdate: true,
	}}, n.got)
	_, err = drain(c.PayToken(ctx, &nwnrpc.PayTokenRequest{Symbol: "ETH", Destination: key[:], PaymentHash: thirtyTwo, ValueMilli: 5}))
	require.ErrorContains(t, err, "no asset is called ETH")
	require.Equal(t, codes.NotFound, status.Code(err))
}

func TestTokenPaymentsAreListedAndFollowed(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewTokenPaymentsClient(w.admin(t)), within(t)
	other := milesPayment(node.PaymentFailed)
	other.Asset.Symbol, other.Index = "ETH", 9
	n.payments = []node.TokenPayment{milesPayment(node.PaymentSucceeded), other}
	got, err := c.ListTokenPayments(ctx, &nwnrpc.ListTokenPaymentsRequest{Symbol: "MILES", IncludeIncomplete: true, Max: 5, Reversed: true})
	require.NoError(t, err)
	require.Len(t, got.Payments, 1)
	require.Equal(t, [2]uint64{3, 9}, [2]uint64{got.FirstIndexOffset, got.LastIndexOffset})
	require.Equal(t, node.ListPayments{IncludeIncomplete: true, Max: 5, Reversed: true}, n.got)
	all, err := drain(c.TrackTokenPayment(ctx, &nwnrpc.TrackTokenPaymentRequest{PaymentHash: thirtyTwo}))
	require.EqualError(t, err, "EOF")
	require.Len(t, all, 2)
	n.payments, n.err = nil, node.ErrNotFound
	_, err = drain(c.TrackTokenPayment(ctx, &nwnrpc.TrackTokenPaymentRequest{PaymentHash: thirtyTwo}))
	require.ErrorContains(t, err, "payment isn't initiated")
	require.Equal(t, codes.NotFound, status.Code(err))
}

func TestWhatIsAskedOfTokenPaymentsIsChecked(t *testing.T) {
	w, n := upWithAssets(t)
	c, ctx := nwnrpc.NewTokenPaymentsClient(w.admin(t)), within(t)
	_, key := point(1)
	for _, in := range []*nwnrpc.AddTokenInvoiceRequest{
		{}, {Symbol: "MILES", ValueMilli: 1 << 63}, {Symbol: "MILES", Memo: strings.Repeat("x", maxMemo+1)}, {Symbol: "MILES", Expiry: -1},
		{Symbol: "MILES", Expiry: maxExpiry + 1}, {Symbol: "MILES", PaymentHash: []byte{1}}, {Symbol: "MILES", Preimage: []byte{1}},
		{Symbol: "MILES", DescriptionHash: []byte{1}}, {Symbol: "MILES", Preimage: thirtyTwo, PaymentHash: thirtyTwo},
	} {
		_, err := c.AddTokenInvoice(ctx, in)
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", in)
	}
	for _, in := range []*nwnrpc.PayTokenRequest{
		{}, {PaymentRequest: "x", Symbol: "MILES"}, {PaymentRequest: "x", Destination: key[:]}, {PaymentRequest: "x", PaymentHash: thirtyTwo},
		{PaymentRequest: strings.Repeat("x", maxPayReq+1)}, {PaymentRequest: "x", ValueMilli: 1 << 63}, {PaymentRequest: "x", FeeLimitMilli: 1 << 63},
		{PaymentRequest: "x", TimeoutSeconds: -1}, {PaymentRequest: "x", TimeoutSeconds: 86_401}, {PaymentRequest: "x", MaxParts: maxParts + 1},
		{PaymentRequest: "x", LastHopPubkey: []byte{2}}, {Symbol: "MILES", Destination: key[:], PaymentHash: thirtyTwo},
		{Symbol: "MILES", Destination: key[:], ValueMilli: 1}, {Symbol: "MILES", PaymentHash: thirtyTwo, ValueMilli: 1},
		{Destination: key[:], PaymentHash: thirtyTwo, ValueMilli: 1},
	} {
		_, err := drain(c.PayToken(ctx, in))
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", in)
	}
	for _, call := range []func() error{
		func() error {
			_, err := c.LookupTokenInvoice(ctx, &nwnrpc.LookupTokenInvoiceRequest{PaymentHash: []byte{1}})
			return err
		},
		func() error { _, err := c.SettleTokenInvoice(ctx, &nwnrpc.SettleTokenInvoiceRequest{}); return err },
		func() error { _, err := c.CancelTokenInvoice(ctx, &nwnrpc.CancelTokenInvoiceRequest{}); return err },
		func() error {
			_, err := drain(c.SubscribeTokenInvoice(ctx, &nwnrpc.LookupTokenInvoiceRequest{}))
			return err
		},
		func() error {
			_, err := drain(c.TrackTokenPayment(ctx, &nwnrpc.TrackTokenPaymentRequest{}))
			return err
		},
		func() error {
			_, err := c.ListTokenPayments(ctx, &nwnrpc.ListTokenPaymentsRequest{Symbol: " "})
			return err
		},
		func() error {
			_, err := c.ListTokenInvoices(ctx, &nwnrpc.ListTokenInvoicesRequest{Symbol: " "})
			return err
		},
	} {
		require.Equal(t, codes.InvalidArgument, status.Code(call()))
	}
	require.Empty(t, n.name, "the node was asked nothing")
}
