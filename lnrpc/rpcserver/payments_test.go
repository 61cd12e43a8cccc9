package rpcserver

import (
	"context"
	"io"
	"iter"
	"math"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

func received(t *testing.T, s grpc.ServerStreamingClient[lnrpc.Payment]) (out []*lnrpc.Payment) {
	t.Helper()
	for {
		p, err := s.Recv()
		if err == io.EOF {
			return out
		}
		require.NoError(t, err)
		out = append(out, p)
	}
}

func TestSendPaymentTellsEveryUpdate(t *testing.T) {
	w := up(t)
	var got node.SendPayment
	_, dest := point(7)
	addr := [32]byte{9}
	sent := time.Unix(1_700_000_000, 5)
	final := node.Payment{
		Hash: lntypes.Hash{1}, Preimage: lntypes.Preimage{2}, Amount: 1_234_567, Fee: 2_999, Created: sent,
		PaymentRequest: "lnbcrt1", Status: node.PaymentSucceeded, Index: 3,
		Attempts: []node.Attempt{{
			ID: 4, Status: node.AttemptFailed, Sent: sent, Resolved: sent.Add(1),
			Failure: &node.AttemptFailure{SourceIndex: 1, Message: lnwire.NewTemporaryChannelFailure(
				&lnwire.ChannelUpdate1{ShortChannelID: lnwire.NewShortChanIDFromInt(77), FeeRate: 5})},
		}, {
			ID: 5, Status: node.AttemptSucceeded, Sent: sent, Resolved: sent.Add(2), Preimage: lntypes.Preimage{2},
			Route: node.Route{TotalAmount: 1_237_566, TotalFees: 2_999, TotalTimeLock: 900, Hops: []node.Hop{
				{Node: dest, SCID: lnwire.NewShortChanIDFromInt(11), Capacity: 5_000_000,
					AmountToForward: 1_234_567, Fee: 2_999, Expiry: 820},
				{Node: dest, SCID: lnwire.NewShortChanIDFromInt(12), AmountToForward: 1_234_567, Expiry: 820,
					PaymentAddr: &addr, TotalAmount: 1_234_567},
			}},
		}},
	}
	w.node.send = func(_ context.Context, r node.SendPayment) iter.Seq2[node.Payment, error] {
		got = r
		return all([]node.Payment{{Status: node.PaymentInitiated}, {Status: node.PaymentInFlight}, final}, nil)
	}
	client, ctx := routerrpc.NewRouterClient(w.admin(t)), within(t)
	s, err := client.SendPaymentV2(ctx, &routerrpc.SendPaymentRequest{PaymentRequest: "lnbcrt1", FeeLimitSat: 7, OutgoingChanIds: []uint64{11}})
	require.NoError(t, err)
	updates := received(t, s)
	require.Len(t, updates, 3)
	require.Equal(t, lnrpc.Payment_IN_FLIGHT, updates[0].Status)
	require.EqualValues(t, 7000, got.FeeLimit)
	require.Equal(t, time.Minute, got.Timeout)
	require.EqualValues(t, 16, got.MaxParts)
	require.Equal(t, []lnwire.ShortChannelID{lnwire.NewShortChanIDFromInt(11)}, got.OutgoingChans)

	key := hexKey(dest)
	want := &lnrpc.Payment{
		PaymentHash: final.Hash.String(), PaymentPreimage: final.Preimage.String(), PaymentRequest: "lnbcrt1",
		Value: 1234, ValueSat: 1234, ValueMsat: 1_234_567, Fee: 2, FeeSat: 2, FeeMsat: 2_999,
		CreationDate: 1_700_000_000, CreationTimeNs: 1_700_000_000_000_000_005, Status: lnrpc.Payment_SUCCEEDED,
		PaymentIndex: 3,
		Htlcs: []*lnrpc.HTLCAttempt{{
			AttemptId: 4, Status: lnrpc.HTLCAttempt_FAILED, Route: &lnrpc.Route{},
			AttemptTimeNs: 1_700_000_000_000_000_005, ResolveTimeNs: 1_700_000_000_000_000_006,
			Failure: &lnrpc.Failure{Code: lnrpc.Failure_TEMPORARY_CHANNEL_FAILURE, FailureSourceIndex: 1,
				ChannelUpdate: &lnrpc.ChannelUpdate{ChanId: 77, FeeRate: 5, Signature: make([]byte, 64), ChainHash: make([]byte, 32)}},
		}, {
			AttemptId: 5, Status: lnrpc.HTLCAttempt_SUCCEEDED, Preimage: final.Preimage[:],
			AttemptTimeNs: 1_700_000_000_000_000_005, ResolveTimeNs: 1_700_000_000_000_000_007,
			Route: &lnrpc.Route{TotalTimeLock: 900, TotalFees: 2, TotalFeesMsat: 2_999, TotalAmt: 1237, TotalAmtMsat: 1_237_566, FirstHopAmountMsat: 1_237_566,
				Hops: []*lnrpc.Hop{
					{ChanId: 11, ChanCapacity: 5_000_000, AmtToForward: 1234, AmtToForwardMsat: 1_234_567, Fee: 2,
						FeeMsat: 2_999, Expiry: 820, PubKey: key, TlvPayload: true},
					{ChanId: 12, ChanCapacity: 1234, AmtToForward: 1234, AmtToForwardMsat: 1_234_567, Expiry: 820,
						PubKey: key, TlvPayload: true,
						MppRecord: &lnrpc.MPPRecord{PaymentAddr: addr[:], TotalAmtMsat: 1_234_567}},
				}},
		}},
	}
	require.True(t, proto.Equal(want, updates[2]), "want %v\ngot  %v", want, updates[2])

	s, err = client.SendPaymentV2(ctx, &routerrpc.SendPaymentRequest{PaymentRequest: "lnbcrt1", NoInflightUpdates: true})
	require.NoError(t, err)
	require.Len(t, received(t, s), 1)
	require.True(t, got.OnlyFinalUpdate)
}

func TestPaymentErrorsAreLnds(t *testing.T) {
	w := up(t)
	client, ctx := routerrpc.NewRouterClient(w.admin(t)), within(t)
	for err, text := range map[error]string{
		node.ErrAlreadyPaid:  "invoice is already paid",
		node.ErrInTransition: "payment is in transition",
	} {
		w.node.send = func(context.Context, node.SendPayment) iter.Seq2[node.Payment, error] {
			return all([]node.Payment(nil), err)
		}
		s, err := client.SendPaymentV2(ctx, &routerrpc.SendPaymentRequest{PaymentRequest: "x"})
		require.NoError(t, err)
		_, err = s.Recv()
		require.Equal(t, codes.AlreadyExists, status.Code(err))
		require.Equal(t, text, status.Convert(err).Message())
	}
	w.node.track = func(context.Context, lntypes.Hash) iter.Seq2[node.Payment, error] {
		return all([]node.Payment(nil), node.ErrNotFound)
	}
	s, err := client.TrackPaymentV2(ctx, &routerrpc.TrackPaymentRequest{PaymentHash: make([]byte, 32)})
	require.NoError(t, err)
	_, err = s.Recv()
	require.Equal(t, codes.NotFound, status.Code(err))
	require.ErrorContains(t, err, "payment isn't initiated")
}

func TestPaymentRequestsThatAreRefused(t *testing.T) {
	_, key := point(3)
	hash := make([]byte, 32)
	for name, in := range map[string]*routerrpc.SendPaymentRequest{
		"nothing":        {},
		"both amounts":   {PaymentRequest: "x", Amt: 1, AmtMsat: 1},
		"negative":       {PaymentRequest: "x", Amt: -1},
		"overflow":       {PaymentRequest: "x", Amt: math.MaxInt64},
		"both fees":      {PaymentRequest: "x", FeeLimitSat: 1, FeeLimitMsat: 1},
		"dest too":       {PaymentRequest: "x", Dest: key[:]},
		"hash too":       {PaymentRequest: "x", PaymentHash: hash},
		"time pref":      {PaymentRequest: "x", TimePref: 2},
		"time pref NaN":  {PaymentRequest: "x", TimePref: math.NaN()},
		"timeout":        {PaymentRequest: "x", TimeoutSeconds: -1},
		"parts":          {PaymentRequest: "x", MaxParts: 1001},
		"long":           {PaymentRequest: string(make([]byte, maxPayReq+1))},
		"no amount":      {Dest: key[:], PaymentHash: hash},
		"short hash":     {Dest: key[:], PaymentHash: hash[1:], Amt: 1},
		"short addr":     {Dest: key[:], PaymentHash: hash, Amt: 1, PaymentAddr: hash[1:]},
		"no point":       {Dest: hash, PaymentHash: hash, Amt: 1},
		"last hop":       {PaymentRequest: "x", LastHopPubkey: hash},
		"feature":        {PaymentRequest: "x", DestFeatures: []lnrpc.FeatureBit{-1}},
		"feature pair":   {PaymentRequest: "x", DestFeatures: []lnrpc.FeatureBit{8, 9}},
		"hint, no key":   {PaymentRequest: "x", RouteHints: []*lnrpc.RouteHint{{HopHints: []*lnrpc.HopHint{{}}}}},
		"too many hints": {PaymentRequest: "x", RouteHints: make([]*lnrpc.RouteHint, maxHints+1)},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sendPayment(in)
			require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", err)
		})
	}
	req, err := sendPayment(&routerrpc.SendPaymentRequest{Dest: key[:], PaymentHash: hash, Amt: 5, PaymentAddr: hash})
	require.NoError(t, err)
	require.Equal(t, key, *req.Destination)
	require.NotNil(t, req.PaymentAddr)
	require.EqualValues(t, 5000, req.Amount)
}

// A payment outlives its caller, and the caller's leaving is no failure.
func TestCallerLeaves(t *testing.T) {
	w := up(t)
	left := make(chan error, 1)
	w.node.send = func(ctx context.Context, _ node.SendPayment) iter.Seq2[node.Payment, error] {
		return func(yield func(node.Payment, error) bool) {
			yield(node.Payment{Status: node.PaymentInFlight}, nil)
			<-ctx.Done()
			left <- ctx.Err()
			yield(node.Payment{}, ctx.Err())
		}
	}
	ctx, cancel := context.WithCancel(within(t))
	s, err := routerrpc.NewRouterClient(w.admin(t)).SendPaymentV2(ctx, &routerrpc.SendPaymentRequest{PaymentRequest: "x"})
	require.NoError(t, err)
	_, err = s.Recv()
	require.NoError(t, err)
	cancel()
	require.ErrorIs(t, <-left, context.Canceled)
}

// Every error of BOLT 4 that lnwire knows has a number of its own.
func TestOnionErrorsHaveTheirNumbers(t *testing.T) {
	seen := map[lnrpc.Failure_FailureCode]bool{}
	for code, number := range failureCode {
		require.False(t, seen[number], "%v", code)
		seen[number] = true
	}
	require.Len(t, seen, 25)
	for _, f := range []struct {
		in   node.AttemptFailure
		want lnrpc.Failure_FailureCode
	}{
		{node.AttemptFailure{Message: lnwire.NewFailIncorrectDetails(5, 6)}, lnrpc.Failure_INCORRECT_OR_UNKNOWN_PAYMENT_DETAILS},
		{node.AttemptFailure{Internal: "the channel closed"}, lnrpc.Failure_INTERNAL_FAILURE},
		{node.AttemptFailure{}, lnrpc.Failure_UNREADABLE_FAILURE},
	} {
		require.Equal(t, f.want, failure(&f.in).Code)
	}
}

// What a payment costs the API itself: one connection, 50 at once, a node that answers
// at once with one attempt over three hops.
func BenchmarkSendPayment(b *testing.B) {
	w := up(b)
	_, pub := btcec.PrivKeyFromBytes([]byte{1})
	hop := node.Hop{Node: node.PubKey(pub.SerializeCompressed()), AmountToForward: 1e7, Expiry: 500}
	done := node.Payment{Status: node.PaymentSucceeded, Amount: 1e7, Attempts: []node.Attempt{{
		Status: node.AttemptSucceeded, Route: node.Route{TotalAmount: 1e7, Hops: []node.Hop{hop, hop, hop}},
	}}}
	w.node.send = func(context.Context, node.SendPayment) iter.Seq2[node.Payment, error] {
		return all([]node.Payment{{Status: node.PaymentInFlight}, done}, nil)
	}
	client := routerrpc.NewRouterClient(w.admin(b))
	b.SetParallelism(25) // times the cores
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			s, err := client.SendPaymentV2(context.Background(), &routerrpc.SendPaymentRequest{PaymentRequest: "lnbcrt1", NoInflightUpdates: true})
			if err != nil {
				b.Error(err)
				return
			}
			for err == nil {
				_, err = s.Recv()
			}
			if err != io.EOF {
				b.Error(err)
				return
			}
		}
	})
}
