package rpcserver

import (
	"context"

	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// ListChannels is of lnrpc.LightningServer.
func (l *lightning) ListChannels(ctx context.Context, in *lnrpc.ListChannelsRequest) (*lnrpc.ListChannelsResponse, error) {
	switch {
	case in.ActiveOnly && in.InactiveOnly:
		return nil, invalid("either `active_only` or `inactive_only` can be set, but not both")
	case in.PublicOnly && in.PrivateOnly:
		return nil, invalid("either `public_only` or `private_only` can be set, but not both")
	}
	peer, err := optionalKey(in.Peer)
	if err != nil {
		return nil, err
	}
	all, err := l.s.node().ListChannels(ctx)
	if err != nil {
		return nil, err
	}
	out := &lnrpc.ListChannelsResponse{}
	for _, c := range all {
		if peer != nil && c.Peer != *peer || in.ActiveOnly && !c.Active ||
			in.InactiveOnly && c.Active || in.PublicOnly && c.Private || in.PrivateOnly && !c.Private {
			continue
		}
		out.Channels = append(out.Channels, channel(&c, in.PeerAliasLookup))
	}
	return out, nil
}

func channel(c *node.Channel, alias bool) *lnrpc.Channel {
	out := &lnrpc.Channel{
		Active:                c.Active,
		RemotePubkey:          hexKey(c.Peer),
		ChannelPoint:          c.ChannelPoint.String(),
		ChanId:                c.SCID.ToUint64(),
		Capacity:              int64(c.Capacity),
		LocalBalance:          int64(c.LocalBalance.ToSatoshis()),
		RemoteBalance:         int64(c.RemoteBalance.ToSatoshis()),
		CommitFee:             int64(c.CommitFee),
		CommitWeight:          c.CommitWeight,
		FeePerKw:              c.FeePerKW,
		TotalSatoshisSent:     int64(c.TotalSent.ToSatoshis()),
		TotalSatoshisReceived: int64(c.TotalReceived.ToSatoshis()),
		NumUpdates:            c.NumUpdates,
		CsvDelay:              uint32(c.Local.CSVDelay),
		Private:               c.Private,
		Initiator:             c.Initiator,
		ChanStatusFlags:       "ChanStatusDefault",
		LocalChanReserveSat:   int64(c.Local.Reserve),
		RemoteChanReserveSat:  int64(c.Remote.Reserve),
		CommitmentType:        lnrpc.CommitmentType_ANCHORS,
		Lifetime:              int64(c.Monitored.Seconds()),
		Uptime:                int64(c.Uptime.Seconds()),
		CloseAddress:          c.CloseAddress,
		PushAmountSat:         uint64(c.Push),
		LocalConstraints:      constraints(c.Local),
		RemoteConstraints:     constraints(c.Remote),
		ZeroConf:              c.ZeroConf,
		PeerScidAlias:         c.PeerAliasSCID.ToUint64(),
		Memo:                  c.Memo,
	}
	if c.ShutdownRequested {
		out.ChanStatusFlags = "ChanStatusCoopBroadcasted"
	}
	if alias {
		out.PeerAlias = c.PeerAlias
	}
	for _, a := range c.Aliases {
		out.AliasScids = append(out.AliasScids, a.ToUint64())
	}
	var unsettled lnwire.MilliSatoshi
	for _, h := range c.HTLCs {
		unsettled += h.Amount
		out.PendingHtlcs = append(out.PendingHtlcs, &lnrpc.HTLC{
			Incoming: h.Incoming, Amount: int64(h.Amount.ToSatoshis()), HashLock: h.Hash[:],
			ExpirationHeight: h.Expiry, HtlcIndex: h.Index, LockedIn: h.LockedIn,
			ForwardingChannel:   h.ForwardingChannel.ToUint64(),
			ForwardingHtlcIndex: h.ForwardingIndex,
		})
	}
	out.UnsettledBalance = int64(unsettled.ToSatoshis())
	return out
}

func constraints(s node.ChannelSide) *lnrpc.ChannelConstraints {
	return &lnrpc.ChannelConstraints{
		CsvDelay: uint32(s.CSVDelay), ChanReserveSat: uint64(s.Reserve), DustLimitSat: uint64(s.DustLimit),
		MaxPendingAmtMsat: uint64(s.MaxInFlight), MinHtlcMsat: uint64(s.MinHTLC),
		MaxAcceptedHtlcs: uint32(s.MaxHTLCs),
	}
}

// ChannelBalance is of lnrpc.LightningServer.
func (l *lightning) ChannelBalance(ctx context.Context, _ *lnrpc.ChannelBalanceRequest) (*lnrpc.ChannelBalanceResponse, error) {
	b, err := l.s.node().ChannelBalance(ctx)
	if err != nil {
		return nil, err
	}
	return &lnrpc.ChannelBalanceResponse{
		Balance:                  int64(b.Local.ToSatoshis()),
		PendingOpenBalance:       int64(b.PendingLocal.ToSatoshis()),
		LocalBalance:             amount(b.Local),
		RemoteBalance:            amount(b.Remote),
		UnsettledLocalBalance:    amount(b.UnsettledLocal),
		UnsettledRemoteBalance:   amount(b.UnsettledRemote),
		PendingOpenLocalBalance:  amount(b.PendingLocal),
		PendingOpenRemoteBalance: amount(b.PendingRemote),
	}, nil
}

// ListAliases is of lnrpc.LightningServer: no channel of nwnd's has another name.
func (l *lightning) ListAliases(context.Context, *lnrpc.ListAliasesRequest) (*lnrpc.ListAliasesResponse, error) {
	return &lnrpc.ListAliasesResponse{}, nil
}
