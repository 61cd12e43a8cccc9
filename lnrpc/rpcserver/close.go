package rpcserver

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// CloseChannel is of lnrpc.LightningServer.
func (l *lightning) CloseChannel(in *lnrpc.CloseChannelRequest, to grpc.ServerStreamingServer[lnrpc.CloseStatusUpdate]) error {
	point, err := outPoint(in.ChannelPoint)
	if err != nil {
		return err
	}
	if in.Force && (in.SatPerVbyte != 0 || in.SatPerByte != 0 || in.TargetConf != 0 || in.MaxFeePerVbyte != 0) {
		return invalid("force closing a channel uses a pre-defined fee")
	}
	if in.MaxFeePerVbyte > 100_000 {
		return invalid("max_fee_per_vbyte of %d is above 100000", in.MaxFeePerVbyte)
	}
	fee, err := feeRate(in.SatPerVbyte, in.SatPerByte, in.TargetConf)
	if err != nil {
		return err
	}
	req := node.CloseChannel{
		ChannelPoint: point, Force: in.Force, Fee: fee, Address: in.DeliveryAddress, NoWait: in.NoWait,
		MaxFee: node.FeeRate{SatPerVByte: in.MaxFeePerVbyte},
	}
	if in.NoWait {
		if err := l.instant(req, to); err != nil {
			return err
		}
	}
	for u, err := range l.s.node().CloseChannel(to.Context(), req) {
		if err != nil {
			return notFound(err, "unable to find channel")
		}
		out := &lnrpc.CloseStatusUpdate{}
		if u.Closed {
			out.Update = &lnrpc.CloseStatusUpdate_ChanClose{
				ChanClose: &lnrpc.ChannelCloseUpdate{ClosingTxid: u.Txid[:], Success: true},
			}
		} else {
			out.Update = &lnrpc.CloseStatusUpdate_ClosePending{
				ClosePending: &lnrpc.PendingUpdate{Txid: u.Txid[:], OutputIndex: u.Output, LocalCloseTx: !in.Force},
			}
		}
		if err := to.Send(out); err != nil {
			return err
		}
	}
	return nil
}

// instant tells who won't wait that the close begins, unless it will be refused.
func (l *lightning) instant(req node.CloseChannel, to grpc.ServerStreamingServer[lnrpc.CloseStatusUpdate]) error {
	all, err := l.s.node().ListChannels(to.Context())
	if err != nil {
		return err
	}
	for i := range all {
		if c := &all[i]; c.ChannelPoint == req.ChannelPoint && (c.Active || req.Force) {
			return to.Send(&lnrpc.CloseStatusUpdate{Update: &lnrpc.CloseStatusUpdate_CloseInstant{
				CloseInstant: &lnrpc.InstantUpdate{NumPendingHtlcs: int32(len(c.HTLCs))},
			}})
		}
	}
	return nil
}

// AbandonChannel is of lnrpc.LightningServer.
func (l *lightning) AbandonChannel(ctx context.Context, in *lnrpc.AbandonChannelRequest) (*lnrpc.AbandonChannelResponse, error) {
	point, err := outPoint(in.ChannelPoint)
	if err != nil {
		return nil, err
	}
	if in.PendingFundingShimOnly {
		return nil, status.Errorf(codes.FailedPrecondition, "channel %v is not externally funded or not pending", point)
	}
	if err := l.s.node().AbandonChannel(ctx, point); err != nil {
		return nil, notFound(err, "unable to find channel")
	}
	return &lnrpc.AbandonChannelResponse{Status: fmt.Sprintf("channel %v abandoned", point)}, nil
}
