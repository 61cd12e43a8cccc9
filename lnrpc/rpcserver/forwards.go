package rpcserver

import (
	"context"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// maxChannelFilter is the most channels that a history may be narrowed to.
const maxChannelFilter = 1000

// ForwardingHistory is of lnrpc.LightningServer.
func (l *lightning) ForwardingHistory(ctx context.Context, in *lnrpc.ForwardingHistoryRequest) (*lnrpc.ForwardingHistoryResponse, error) {
	req := node.ListForwards{
		Offset: in.IndexOffset, Max: in.NumMaxEvents, Aliases: in.PeerAliasLookup,
		In: scids(in.IncomingChanIds), Out: scids(in.OutgoingChanIds),
	}
	if n := len(in.IncomingChanIds) + len(in.OutgoingChanIds); n > maxChannelFilter {
		return nil, invalid("narrowed to %d channels, at most %d", n, maxChannelFilter)
	}
	var err error
	if req.After, err = fromUnix(in.StartTime); err != nil {
		return nil, err
	}
	if req.Before, err = fromUnix(in.EndTime); err != nil {
		return nil, err
	}
	page, err := l.s.node().ListForwards(ctx, req)
	if err != nil {
		return nil, err
	}
	out := &lnrpc.ForwardingHistoryResponse{LastOffsetIndex: page.Next}
	for i := range page.Forwards {
		out.ForwardingEvents = append(out.ForwardingEvents, forward(&page.Forwards[i]))
	}
	return out, nil
}

func forward(f *node.Forward) *lnrpc.ForwardingEvent {
	return &lnrpc.ForwardingEvent{
		Timestamp: uint64(f.Time.Unix()), TimestampNs: uint64(f.Time.UnixNano()),
		ChanIdIn: f.In.ToUint64(), ChanIdOut: f.Out.ToUint64(),
		AmtIn: uint64(f.AmtIn.ToSatoshis()), AmtOut: uint64(f.AmtOut.ToSatoshis()), Fee: uint64(f.Fee().ToSatoshis()),
		AmtInMsat: uint64(f.AmtIn), AmtOutMsat: uint64(f.AmtOut), FeeMsat: uint64(f.Fee()),
		PeerAliasIn: f.AliasIn, PeerAliasOut: f.AliasOut,
		IncomingHtlcId: &f.InID, OutgoingHtlcId: &f.OutID,
	}
}
