package rpcserver

import (
	"context"
	"iter"
	"math"
	"strings"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/wire"
	"github.com/ethereum/go-ethereum/common"
	"github.com/lightningnetwork/lnd/lnwire"
	"google.golang.org/grpc"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

// tokenChannels serves nwnrpc.TokenChannels.
type tokenChannels struct {
	nwnrpc.UnimplementedTokenChannelsServer
	s *Server
}

// OpenTokenChannel is of nwnrpc.TokenChannelsServer.
func (t *tokenChannels) OpenTokenChannel(in *nwnrpc.OpenTokenChannelRequest, to grpc.ServerStreamingServer[nwnrpc.TokenOpenUpdate]) error {
	api, err := t.s.assetAPI()
	if err != nil {
		return err
	}
	req, err := openTokenChannel(in)
	if err != nil {
		return err
	}
	return tellOpening(api.OpenTokenChannel(to.Context(), req), to)
}

func openTokenChannel(in *nwnrpc.OpenTokenChannelRequest) (req node.OpenTokenChannel, err error) {
	if req.Peer, err = btcec.ParsePubKey(in.NodePubkey); err != nil {
		return req, invalid("node_pubkey: %v", err)
	}
	if req.Symbol, err = symbolOf(in.Symbol); err != nil {
		return req, err
	}
	if req.Capacity, err = channelUnits("capacity_units", in.CapacityUnits); err != nil {
		return req, err
	}
	switch {
	case in.PushUnits >= req.Capacity:
		return req, invalid("push_units %d must be below capacity_units %d", in.PushUnits, req.Capacity)
	case len(in.Memo) > maxChannelMemo:
		return req, invalid("memo has %d bytes, at most %d", len(in.Memo), maxChannelMemo)
	case in.BaseFeeMilli != nil && *in.BaseFeeMilli > math.MaxUint32:
		return req, invalid("base_fee_milli %d is above %d", *in.BaseFeeMilli, uint32(math.MaxUint32))
	}
	if in.BaseFeeMilli != nil {
		base := lnwire.MilliSatoshi(*in.BaseFeeMilli)
		req.BaseFee = &base
	}
	req.Push, req.Private, req.FeePPM, req.Memo = in.PushUnits, in.Private, in.FeeRatePpm, in.Memo
	return req, nil
}

func tellOpening(updates iter.Seq2[node.OpenUpdate, error], to grpc.ServerStreamingServer[nwnrpc.TokenOpenUpdate]) error {
	for u, err := range updates {
		if err != nil {
			return err
		}
		if err := to.Send(&nwnrpc.TokenOpenUpdate{
			ChannelPoint: u.ChannelPoint.String(), ChannelId: channelIDText(u.ChannelPoint), Open: u.Open, TxHash: txText(u.Deposit),
		}); err != nil {
			return err
		}
	}
	return nil
}

// CloseTokenChannel is of nwnrpc.TokenChannelsServer.
func (t *tokenChannels) CloseTokenChannel(in *nwnrpc.CloseTokenChannelRequest, to grpc.ServerStreamingServer[nwnrpc.TokenCloseUpdate]) error {
	api, err := t.s.assetAPI()
	if err != nil {
		return err
	}
	point, err := tokenChannelPoint(in.Channel)
	if err != nil {
		return err
	}
	updates := api.CloseTokenChannel(to.Context(), node.CloseTokenChannel{Channel: point, Force: in.Force})
	return notFound(tellClosing(updates, to), "unable to find channel")
}

func tellClosing(updates iter.Seq2[node.TokenCloseUpdate, error], to grpc.ServerStreamingServer[nwnrpc.TokenCloseUpdate]) error {
	for u, err := range updates {
		if err != nil {
			return err
		}
		if err := to.Send(&nwnrpc.TokenCloseUpdate{TxHash: txText(u.Tx), Closed: u.Closed}); err != nil {
			return err
		}
	}
	return nil
}

// DepositToChannel is of nwnrpc.TokenChannelsServer.
func (t *tokenChannels) DepositToChannel(ctx context.Context, in *nwnrpc.ChannelAmountRequest) (*nwnrpc.ChannelAmountResponse, error) {
	return t.move(ctx, in, node.AssetAPI.DepositToChannel)
}

// WithdrawFromChannel is of nwnrpc.TokenChannelsServer.
func (t *tokenChannels) WithdrawFromChannel(ctx context.Context, in *nwnrpc.ChannelAmountRequest) (*nwnrpc.ChannelAmountResponse, error) {
	return t.move(ctx, in, node.AssetAPI.WithdrawFromChannel)
}

func (t *tokenChannels) move(ctx context.Context, in *nwnrpc.ChannelAmountRequest,
	how func(node.AssetAPI, context.Context, wire.OutPoint, uint64) (common.Hash, error)) (*nwnrpc.ChannelAmountResponse, error) {

	api, err := t.s.assetAPI()
	if err != nil {
		return nil, err
	}
	point, err := tokenChannelPoint(in.Channel)
	if err != nil {
		return nil, err
	}
	n, err := channelUnits("units", in.Units)
	if err != nil {
		return nil, err
	}
	tx, err := how(api, ctx, point, n)
	if err != nil {
		return nil, notFound(err, "unable to find channel")
	}
	return &nwnrpc.ChannelAmountResponse{TxHash: txText(tx)}, nil
}

// ListTokenChannels is of nwnrpc.TokenChannelsServer.
func (t *tokenChannels) ListTokenChannels(ctx context.Context, in *nwnrpc.ListTokenChannelsRequest) (*nwnrpc.ListTokenChannelsResponse, error) {
	api, err := t.s.assetAPI()
	if err != nil {
		return nil, err
	}
	wanted, err := optionalSymbol(in.Symbol)
	if err != nil {
		return nil, err
	}
	all, err := api.TokenChannels(ctx)
	if err != nil {
		return nil, err
	}
	out := &nwnrpc.ListTokenChannelsResponse{}
	for i := range all {
		c := &all[i]
		if wanted != "" && !strings.EqualFold(c.Asset.Symbol, wanted) || c.State == node.TokenClosed && !in.IncludeClosed {
			continue
		}
		out.TokenChannels = append(out.TokenChannels, tokenChannel(c))
	}
	return out, nil
}

func tokenChannel(c *node.TokenChannel) *nwnrpc.TokenChannel {
	out := &nwnrpc.TokenChannel{
		ChannelPoint: c.ChannelPoint.String(), ChannelId: channelIDText(c.ChannelPoint), ChanId: c.SCID.ToUint64(),
		RemotePubkey: hexKey(c.Peer), PeerAlias: text(c.PeerAlias), Asset: asset(&c.Asset),
		State: nwnrpc.TokenChannelState(c.State), Active: c.Active, Private: c.Private, Initiator: c.Initiator,
		LocalMilli: uint64(c.LocalBalance), RemoteMilli: uint64(c.RemoteBalance),
		SentMilli: uint64(c.TotalSent), ReceivedMilli: uint64(c.TotalReceived),
		LocalDepositedUnits: c.Deposited[0], RemoteDepositedUnits: c.Deposited[1],
		LocalWithdrawnUnits: c.Withdrawn[0], RemoteWithdrawnUnits: c.Withdrawn[1],
		LocalReserveUnits: uint64(c.Local.Reserve), RemoteReserveUnits: uint64(c.Remote.Reserve),
		Delay: c.Params.Delay, Params: channelParams(&c.Params), NumUpdates: c.NumUpdates, Memo: text(c.Memo),
	}
	for _, h := range c.HTLCs {
		if h.Incoming {
			out.UnsettledIncomingMilli += uint64(h.Amount)
		} else {
			out.UnsettledOutgoingMilli += uint64(h.Amount)
		}
		out.Htlcs = append(out.Htlcs, &nwnrpc.TokenHTLC{
			Incoming: h.Incoming, AmountMilli: uint64(h.Amount), PaymentHash: h.Hash.String(), Expiry: int64(h.Expiry),
			HtlcId: h.Index, LockedIn: h.LockedIn,
		})
	}
	tokenChannelOnChain(out, c)
	return out
}

// tokenChannelOnChain tells of what happens on chain to a channel that has stopped.
func tokenChannelOnChain(out *nwnrpc.TokenChannel, c *node.TokenChannel) {
	out.Reason, out.Next, out.Deadline = text(c.Reason), text(c.Next), unix(c.Deadline)
	out.LimboMilli, out.RecoveredMilli, out.UndecidedHtlcs = uint64(c.Limbo), uint64(c.Recovered), uint32(c.UndecidedHTLC)
	if c.State == node.TokenForced || c.State == node.TokenClosed {
		out.Ending = c.Ending.String()
	}
}

func channelParams(p *evm.Params) *nwnrpc.TokenChannelParams {
	return &nwnrpc.TokenChannelParams{
		A: p.A.Hex(), B: p.B.Hex(), PayA: p.PayA.Hex(), PayB: p.PayB.Hex(), Token: addressText(p.Token), Delay: p.Delay, Nonce: p.Nonce,
	}
}

// ExportTokenBackup is of nwnrpc.TokenChannelsServer.
func (t *tokenChannels) ExportTokenBackup(ctx context.Context, _ *nwnrpc.ExportTokenBackupRequest) (*nwnrpc.TokenBackup, error) {
	api, err := t.s.assetAPI()
	if err != nil {
		return nil, err
	}
	packed, err := api.ExportTokenBackup(ctx)
	if err != nil {
		return nil, toStatus(err)
	}
	return &nwnrpc.TokenBackup{Packed: packed}, nil
}

// RestoreTokenBackup is of nwnrpc.TokenChannelsServer.
func (t *tokenChannels) RestoreTokenBackup(ctx context.Context, in *nwnrpc.TokenBackup) (*nwnrpc.RestoreTokenBackupResponse, error) {
	api, err := t.s.assetAPI()
	if err != nil {
		return nil, err
	}
	if len(in.Packed) == 0 {
		return nil, invalid("packed is empty: it takes what ExportTokenBackup gave, or the file token.backup has")
	}
	count, err := api.RestoreTokenBackup(ctx, in.Packed)
	if err != nil {
		return nil, toStatus(err)
	}
	return &nwnrpc.RestoreTokenBackupResponse{NumRestored: uint32(count)}, nil
}
