package rpcserver

import (
	"context"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// maxIgnored is the most nodes or pairs that a caller may exclude.
const maxIgnored = 10_000

// firstCustom is the first type of a record that is free for applications (BOLT 1).
const firstCustom = 65536

// QueryRoutes is of lnrpc.LightningServer.
func (l *lightning) QueryRoutes(ctx context.Context, in *lnrpc.QueryRoutesRequest) (*lnrpc.QueryRoutesResponse, error) {
	req, err := routeQuery(in)
	if err != nil {
		return nil, err
	}
	found, err := l.s.node().QueryRoutes(ctx, req)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, node.ErrNoRoute
	}
	out := &lnrpc.QueryRoutesResponse{SuccessProb: found[0].Probability}
	for i := range found {
		out.Routes = append(out.Routes, route(&found[i].Route, true))
	}
	return out, nil
}

func routeQuery(in *lnrpc.QueryRoutesRequest) (req node.QueryRoutes, err error) {
	switch {
	case len(in.BlindedPaymentPaths) > 0:
		return req, unimplemented("blinded_payment_paths")
	case in.TimePref < -1 || in.TimePref > 1 || in.TimePref != in.TimePref:
		return req, invalid("time preference out of range")
	case len(in.IgnoredNodes) > maxIgnored || len(in.IgnoredPairs) > maxIgnored || len(in.IgnoredEdges) > maxIgnored:
		return req, invalid("more than %d nodes, pairs or edges are ignored", maxIgnored)
	case in.FinalCltvDelta < 0 || in.FinalCltvDelta > 1<<16-1:
		return req, invalid("final_cltv_delta %d is out of range", in.FinalCltvDelta)
	}
	if req.Destination, err = keyHex(in.PubKey); err != nil {
		return req, err
	}
	if in.SourcePubKey != "" {
		k, err := keyHex(in.SourcePubKey)
		if err != nil {
			return req, err
		}
		req.Source = &k
	}
	if req.Amount, err = msat(in.Amt, in.AmtMsat); err != nil {
		return req, err
	}
	if req.FeeLimit, err = feeLimit(in.FeeLimit, req.Amount); err != nil {
		return req, err
	}
	for _, b := range in.IgnoredNodes {
		k, err := keyBytes(b)
		if err != nil {
			return req, err
		}
		req.IgnoreNodes = append(req.IgnoreNodes, k)
	}
	for _, p := range in.IgnoredPairs {
		from, err := keyBytes(p.GetFrom())
		if err != nil {
			return req, err
		}
		to, err := keyBytes(p.GetTo())
		if err != nil {
			return req, err
		}
		req.IgnorePairs = append(req.IgnorePairs, [2]node.PubKey{from, to})
	}
	for _, e := range in.IgnoredEdges {
		req.IgnoreEdges = append(req.IgnoreEdges, node.Edge{
			SCID: lnwire.NewShortChanIDFromInt(e.GetChannelId()), Reverse: e.GetDirectionReverse(),
		})
	}
	for typ := range in.DestCustomRecords {
		if typ < firstCustom {
			return req, invalid("dest_custom_records of type %d; the first free one is %d", typ, firstCustom)
		}
	}
	req.CustomRecords = in.DestCustomRecords
	if _, err := featureBits(in.DestFeatures); err != nil { // no route depends on them
		return req, err
	}
	if req.LastHop, err = optionalKey(in.LastHopPubkey); err != nil {
		return req, err
	}
	req.RouteHints, err = fromHints(in.RouteHints)
	req.OutgoingChans = scids(in.OutgoingChanIds)
	req.FinalCLTVDelta, req.CLTVLimit = uint32(in.FinalCltvDelta), in.CltvLimit
	req.UseMissionControl, req.TimePref = in.UseMissionControl, in.TimePref
	return req, err
}

// feeLimit is the amount itself where none is given, as in lnd.
func feeLimit(in *lnrpc.FeeLimit, amt lnwire.MilliSatoshi) (lnwire.MilliSatoshi, error) {
	switch f := in.GetLimit().(type) {
	case *lnrpc.FeeLimit_Fixed:
		return msat(f.Fixed, 0)
	case *lnrpc.FeeLimit_FixedMsat:
		return msat(0, f.FixedMsat)
	case *lnrpc.FeeLimit_Percent:
		if f.Percent < 0 || f.Percent > 100 {
			return 0, invalid("fee limit of %d percent is out of range", f.Percent)
		}
		return amt * lnwire.MilliSatoshi(f.Percent) / 100, nil
	}
	return amt, nil
}

// route tells a way; without its hops the totals stay.
func route(r *node.Route, hops bool) *lnrpc.Route {
	out := &lnrpc.Route{
		TotalTimeLock: r.TotalTimeLock,
		TotalFees:     int64(r.TotalFees.ToSatoshis()),
		TotalFeesMsat: int64(r.TotalFees),
		TotalAmt:      int64(r.TotalAmount.ToSatoshis()),
		TotalAmtMsat:  int64(r.TotalAmount),

		FirstHopAmountMsat: int64(r.TotalAmount),
	}
	if !hops {
		return out
	}
	all := make([]lnrpc.Hop, len(r.Hops)) // one allocation for all
	out.Hops = make([]*lnrpc.Hop, len(r.Hops))
	into := r.TotalAmount.ToSatoshis()
	for i := range r.Hops {
		h, o := &r.Hops[i], &all[i]
		o.ChanId = h.SCID.ToUint64()
		o.ChanCapacity = int64(capacity(h.Capacity, into))
		o.AmtToForward = int64(h.AmountToForward.ToSatoshis())
		o.AmtToForwardMsat = int64(h.AmountToForward)
		o.Fee = int64(h.Fee.ToSatoshis())
		o.FeeMsat = int64(h.Fee)
		o.Expiry = h.Expiry
		o.PubKey = hexKey(h.Node)
		o.TlvPayload = true
		o.CustomRecords = h.CustomRecords
		o.Metadata = h.Metadata
		if h.PaymentAddr != nil {
			o.MppRecord = &lnrpc.MPPRecord{
				PaymentAddr: h.PaymentAddr[:], TotalAmtMsat: int64(h.TotalAmount),
			}
		}
		out.Hops[i] = o
		into = h.AmountToForward.ToSatoshis()
	}
	return out
}

// capacity is at least what goes through where it isn't known.
func capacity(known, through btcutil.Amount) btcutil.Amount {
	if known == 0 {
		return through
	}
	return known
}
