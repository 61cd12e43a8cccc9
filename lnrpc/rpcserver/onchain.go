package rpcserver

import (
	"context"
	"strings"

	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// Alerts is of nwnrpc.NodeServer.
func (o *own) Alerts(ctx context.Context, _ *nwnrpc.AlertsRequest) (*nwnrpc.AlertsResponse, error) {
	all, err := o.s.node().Alerts(ctx)
	if err != nil {
		return nil, err
	}
	out := &nwnrpc.AlertsResponse{}
	for i := range all {
		a := &all[i]
		out.Alerts = append(out.Alerts, &nwnrpc.Alert{
			Kind: a.Kind.String(), ChannelPoint: pointString(a.Channel), Since: unix(a.Since), Text: strings.ToValidUTF8(a.Text, "?"),
		})
	}
	return out, nil
}

// pointString is empty for no output.
func pointString(p wire.OutPoint) string {
	if p == (wire.OutPoint{}) {
		return ""
	}
	return p.String()
}

// OnChainChannels is of nwnrpc.NodeServer.
func (o *own) OnChainChannels(ctx context.Context, _ *nwnrpc.OnChainChannelsRequest) (*nwnrpc.OnChainChannelsResponse, error) {
	info, err := o.s.node().Info(ctx)
	if err != nil {
		return nil, err
	}
	p, err := o.s.node().PendingChannels(ctx)
	if err != nil {
		return nil, err
	}
	out := &nwnrpc.OnChainChannelsResponse{BlockHeight: info.Height}
	for i := range p.Forced {
		out.Channels = append(out.Channels, onChain(&p.Forced[i]))
	}
	return out, nil
}

func onChain(c *node.ForceClose) *nwnrpc.OnChainChannel {
	out := &nwnrpc.OnChainChannel{
		ChannelPoint: c.ChannelPoint.String(), RemotePubkey: hexKey(c.Peer), Capacity: int64(c.Capacity),
		Reason: strings.ToValidUTF8(c.Reason, "?"), // the peer may have had a word in it
		Stale:  c.Stale, ClosingTxid: closingTxid(c), CloseHeight: c.Height, LimboBalance: int64(c.Limbo),
		RecoveredBalance: int64(c.Recovered), MaturityHeight: c.Matures,
	}
	if c.Height == 0 {
		out.LimboBalance = limboBefore(c)
	}
	if seen(c) {
		out.Ending = c.Ending.String()
	}
	for i := range c.Coins {
		out.Coins = append(out.Coins, chainCoin(&c.Coins[i]))
	}
	return out
}

func chainCoin(c *node.ChainCoin) *nwnrpc.ChainCoin {
	out := &nwnrpc.ChainCoin{
		Outpoint: c.Outpoint.String(), AmountSat: int64(c.Amount), What: c.What, Next: c.Next, State: nwnrpc.CoinState(c.State),
		MaturityHeight: c.Matures, DeadlineHeight: c.Deadline, SpendingTxid: txidString(c.Spend), SpendHeight: c.SpentAt,
	}
	out.NeedsPreimage, out.Anchor = c.Unknown, c.Path == bitcoin.Anchor || c.Path == bitcoin.OtherAnchor
	if c.HTLC {
		out.Htlc, out.Incoming, out.HtlcId = true, c.Incoming, c.HTLCID
		out.ExpiryHeight, out.Stage = c.Expiry, uint32(c.Stage)
	}
	return out
}

// Sweeps is of nwnrpc.NodeServer.
func (o *own) Sweeps(ctx context.Context, _ *nwnrpc.SweepsRequest) (*nwnrpc.SweepsResponse, error) {
	all, err := o.s.node().Sweeps(ctx)
	if err != nil {
		return nil, err
	}
	out := &nwnrpc.SweepsResponse{}
	for i := range all {
		s := &all[i]
		out.Sweeps = append(out.Sweeps, &nwnrpc.Sweep{
			Outpoint: s.Outpoint.String(), ChannelPoint: pointString(s.Channel), AmountSat: int64(s.Amount), What: s.What,
			Txid: txidString(s.Txid), SatPerKw: uint64(s.Rate), FeeSat: int64(s.Fee), BudgetSat: int64(s.Budget),
			Attempts: s.Attempts, DeadlineHeight: s.Deadline, MaturityHeight: s.Matures,
			State: nwnrpc.SweepState(s.State), Note: s.Note,
		})
	}
	return out, nil
}
