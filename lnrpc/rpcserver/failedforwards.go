package rpcserver

import (
	"context"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
	"github.com/nichework/nwnd/lnrpc/routerrpc"
)

// own serves nwnrpc.
type own struct {
	nwnrpc.UnimplementedNodeServer
	s *Server
}

// FailedForwards is of nwnrpc.NodeServer.
func (o *own) FailedForwards(ctx context.Context, in *nwnrpc.FailedForwardsRequest) (*nwnrpc.FailedForwardsResponse, error) {
	after, err := fromUnix(in.StartTime)
	if err != nil {
		return nil, err
	}
	list, err := o.s.node().FailedForwards(ctx, node.ListFailedForwards{Before: in.BeforeIndex, Max: in.Max, After: after})
	if err != nil {
		return nil, err
	}
	out := &nwnrpc.FailedForwardsResponse{}
	for i := range list {
		f := &list[i]
		v := &nwnrpc.FailedForward{
			Index: f.Index, TimestampNs: uint64(unixNano(f.Time)), ChanIdIn: f.In.ToUint64(), ChanIdOut: f.Out.ToUint64(),
			IncomingHtlcId: f.InID, OutgoingHtlcId: f.OutID, AmtInMsat: uint64(f.AmtIn), AmtOutMsat: uint64(f.AmtOut),
			FailedBehind: f.Behind, Reason: f.Why,
		}
		if !f.Behind {
			v.WireFailure, v.FailureDetail = failureCodeOf(f.Failure), routerrpc.FailureDetail(f.Detail)
			v.Reason = words(f.Why, f.Detail.String(), f.Failure.String())
		}
		out.Forwards = append(out.Forwards, v)
	}
	return out, nil
}

// failureCodeOf numbers a failure as the API does.
func failureCodeOf(code lnwire.FailCode) lnrpc.Failure_FailureCode {
	if n, ok := failureCode[code]; ok {
		return n
	}
	return lnrpc.Failure_UNKNOWN_FAILURE
}
