package rpcserver

import (
	"context"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// maxRouteHops bounds a route before it is looked at.
const maxRouteHops = 64

// SendToRouteV2 is of routerrpc.RouterServer. The HTLC goes on when the caller leaves.
func (r *router) SendToRouteV2(ctx context.Context, in *routerrpc.SendToRouteRequest) (*lnrpc.HTLCAttempt, error) {
	switch {
	case in.Route == nil:
		return nil, invalid("unable to send, no routes provided")
	case len(in.FirstHopCustomRecords) > 0:
		return nil, unimplemented("first_hop_custom_records")
	}
	hash, err := hashBytes(in.PaymentHash)
	if err != nil {
		return nil, err
	}
	way, err := fromRoute(in.Route)
	if err != nil {
		return nil, err
	}
	a, err := r.s.node().SendToRoute(ctx, node.SendToRoute{Hash: hash, Route: way, SkipTempErr: in.SkipTempErr})
	if err != nil {
		return nil, err
	}
	return attempt(&a, true), nil
}

// fromRoute reads a route. Fees are what the amounts leave, as in lnd.
func fromRoute(in *lnrpc.Route) (out node.Route, err error) {
	if len(in.Hops) > maxRouteHops {
		return out, invalid("the route has %d hops, at most %d", len(in.Hops), maxRouteHops)
	}
	if len(in.CustomChannelData) > 0 {
		return out, unimplemented("custom_channel_data")
	}
	out.TotalTimeLock = in.TotalTimeLock
	if out.TotalAmount, err = either(in.TotalAmt, in.TotalAmtMsat); err != nil {
		return out, err
	}
	for i, h := range in.Hops {
		hop, err := fromHop(i, h)
		if err != nil {
			return out, err
		}
		out.Hops = append(out.Hops, hop)
	}
	return out, nil
}

func fromHop(i int, in *lnrpc.Hop) (out node.Hop, err error) {
	switch {
	case in.AmpRecord != nil:
		return out, unimplemented("amp_record")
	case len(in.BlindingPoint) > 0 || len(in.EncryptedData) > 0 || in.TotalAmtMsat != 0:
		return out, unimplemented("a blinded route")
	}
	out = node.Hop{
		SCID: lnwire.NewShortChanIDFromInt(in.ChanId), Expiry: in.Expiry, CustomRecords: in.CustomRecords, Metadata: in.Metadata,
	}
	if out.AmountToForward, err = either(in.AmtToForward, in.AmtToForwardMsat); err != nil {
		return out, err
	}
	if in.PubKey != "" {
		if out.Node, err = keyHex(in.PubKey); err != nil {
			return out, err
		}
	}
	if mpp := in.MppRecord; mpp != nil {
		if len(mpp.PaymentAddr) != 32 {
			return out, invalid("hop %d: unable to parse payment_addr: it has %d bytes, needs 32", i+1, len(mpp.PaymentAddr))
		}
		addr := [32]byte(mpp.PaymentAddr)
		out.PaymentAddr = &addr
		if out.TotalAmount, err = msat(0, mpp.TotalAmtMsat); err != nil {
			return out, err
		}
	}
	return out, nil
}

// either reads an amount that may be given in satoshis too, rounded down.
func either(sat, milli int64) (lnwire.MilliSatoshi, error) {
	if milli != 0 {
		sat = 0
	}
	return msat(sat, milli)
}

// BuildRoute is of routerrpc.RouterServer.
func (r *router) BuildRoute(ctx context.Context, in *routerrpc.BuildRouteRequest) (*routerrpc.BuildRouteResponse, error) {
	req, err := buildRequest(in)
	if err != nil {
		return nil, err
	}
	way, err := r.s.node().BuildRoute(ctx, req)
	if err != nil {
		return nil, err
	}
	return &routerrpc.BuildRouteResponse{Route: route(&way, true)}, nil
}

func buildRequest(in *routerrpc.BuildRouteRequest) (req node.BuildRoute, err error) {
	switch {
	case len(in.HopPubkeys) == 0:
		return req, invalid("no hops specified")
	case len(in.HopPubkeys) > maxRouteHops:
		return req, invalid("%d hops, at most %d", len(in.HopPubkeys), maxRouteHops)
	case len(in.FirstHopCustomRecords) > 0:
		return req, unimplemented("first_hop_custom_records")
	case in.FinalCltvDelta < 0 || in.FinalCltvDelta > 1<<16-1:
		return req, invalid("final_cltv_delta %d is out of range", in.FinalCltvDelta)
	}
	req.FinalCLTVDelta = uint32(in.FinalCltvDelta)
	if req.Amount, err = msat(0, in.AmtMsat); err != nil {
		return req, err
	}
	for _, b := range in.HopPubkeys {
		key, err := keyBytes(b)
		if err != nil {
			return req, err
		}
		req.Hops = append(req.Hops, key)
	}
	if in.OutgoingChanId != 0 {
		req.OutgoingChan = lnwire.NewShortChanIDFromInt(in.OutgoingChanId)
	}
	if n := len(in.PaymentAddr); n != 0 {
		if n != 32 {
			return req, invalid("payment_addr has %d bytes, needs 32", n)
		}
		addr := [32]byte(in.PaymentAddr)
		req.PaymentAddr = &addr
	}
	return req, nil
}
