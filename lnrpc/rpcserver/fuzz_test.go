package rpcserver

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// No request, however strange, makes the server panic or lets an amount through that
// there can't be.
func FuzzRequests(f *testing.F) {
	_, key := point(1)
	for i, m := range []proto.Message{
		&routerrpc.SendPaymentRequest{Dest: key[:], PaymentHash: make([]byte, 32), Amt: 1,
			RouteHints: []*lnrpc.RouteHint{{HopHints: []*lnrpc.HopHint{{NodeId: hexKey(key)}}}}},
		&lnrpc.OpenChannelRequest{NodePubkey: key[:], LocalFundingAmount: 100_000},
		&lnrpc.QueryRoutesRequest{PubKey: hexKey(key), IgnoredPairs: []*lnrpc.NodePair{{From: key[:], To: key[:]}}},
		&lnrpc.PolicyUpdateRequest{Scope: &lnrpc.PolicyUpdateRequest_ChanPoint{ChanPoint: channelPoint(aPoint)}},
		&lnrpc.Invoice{Value: 5},
		&lnrpc.Route{TotalAmtMsat: 5, Hops: []*lnrpc.Hop{{ChanId: 1, AmtToForward: 5, PubKey: hexKey(key),
			MppRecord: &lnrpc.MPPRecord{PaymentAddr: make([]byte, 32), TotalAmtMsat: 7}}}},
		&routerrpc.BuildRouteRequest{AmtMsat: 5, HopPubkeys: [][]byte{key[:]}},
		&routerrpc.PairHistory{NodeFrom: key[:], NodeTo: key[:], History: &routerrpc.PairData{FailTime: 1, FailAmtSat: 2}},
	} {
		b, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(byte(i), b)
	}
	f.Fuzz(func(t *testing.T, kind byte, b []byte) {
		check := func(err error, amounts ...uint64) {
			for _, a := range amounts {
				if err == nil && a > maxSat*1000 {
					t.Fatalf("amount %d", a)
				}
			}
		}
		switch kind % 8 {
		case 0:
			var m routerrpc.SendPaymentRequest
			if proto.Unmarshal(b, &m) == nil {
				r, err := sendPayment(&m)
				check(err, uint64(r.Amount), uint64(r.FeeLimit))
			}
		case 1:
			var m lnrpc.OpenChannelRequest
			if proto.Unmarshal(b, &m) == nil {
				r, err := openRequest(&m)
				check(err, uint64(r.Capacity), uint64(r.Push), uint64(r.RemoteReserve), uint64(r.MinHTLC))
			}
		case 2:
			var m lnrpc.QueryRoutesRequest
			if proto.Unmarshal(b, &m) == nil {
				r, err := routeQuery(&m)
				check(err, uint64(r.Amount), uint64(r.FeeLimit))
			}
		case 3:
			var m lnrpc.PolicyUpdateRequest
			if proto.Unmarshal(b, &m) == nil {
				r, err := policyUpdate(&m)
				if err == nil {
					check(err, uint64(*r.BaseFee))
				}
			}
		case 4:
			var m lnrpc.Invoice
			if proto.Unmarshal(b, &m) == nil {
				r, err := newInvoice(&m)
				check(err, uint64(r.Amount))
			}
		case 5:
			var m lnrpc.Route
			if proto.Unmarshal(b, &m) == nil {
				r, err := fromRoute(&m)
				check(err, uint64(r.TotalAmount))
				for _, h := range r.Hops {
					check(err, uint64(h.AmountToForward), uint64(h.TotalAmount))
				}
			}
		case 6:
			var m routerrpc.BuildRouteRequest
			if proto.Unmarshal(b, &m) == nil {
				r, err := buildRequest(&m)
				check(err, uint64(r.Amount))
			}
		case 7:
			var m routerrpc.PairHistory
			if proto.Unmarshal(b, &m) == nil {
				p, err := fromPair(&m)
				check(err, uint64(p.Failed), uint64(p.Passed))
			}
		}
	})
}
