package rpcserver

import (
	"context"
	"encoding/hex"
	"math"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/lightningnetwork/lnd/lnwire"
	"google.golang.org/grpc"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// OpenChannel is of lnrpc.LightningServer.
func (l *lightning) OpenChannel(in *lnrpc.OpenChannelRequest, to grpc.ServerStreamingServer[lnrpc.OpenStatusUpdate]) error {
	req, err := openRequest(in)
	if err != nil {
		return err
	}
	for u, err := range l.s.node().OpenChannel(to.Context(), req) {
		if err != nil {
			return err
		}
		out := &lnrpc.OpenStatusUpdate{PendingChanId: u.PendingID[:]}
		if u.Open {
			out.Update = &lnrpc.OpenStatusUpdate_ChanOpen{
				ChanOpen: &lnrpc.ChannelOpenUpdate{ChannelPoint: channelPoint(u.ChannelPoint)},
			}
		} else {
			out.Update = &lnrpc.OpenStatusUpdate_ChanPending{ChanPending: &lnrpc.PendingUpdate{
				Txid: u.ChannelPoint.Hash[:], OutputIndex: u.ChannelPoint.Index,
			}}
		}
		if err := to.Send(out); err != nil {
			return err
		}
	}
	return nil
}

// OpenChannelSync is of lnrpc.LightningServer.
func (l *lightning) OpenChannelSync(ctx context.Context, in *lnrpc.OpenChannelRequest) (*lnrpc.ChannelPoint, error) {
	if len(in.NodePubkey) == 0 {
		in.NodePubkey, _ = hex.DecodeString(in.NodePubkeyString)
	}
	req, err := openRequest(in)
	if err != nil {
		return nil, err
	}
	for u, err := range l.s.node().OpenChannel(ctx, req) {
		if err != nil {
			return nil, err
		}
		return channelPoint(u.ChannelPoint), nil
	}
	return nil, node.ErrStopped
}

// maxChannelMemo is lnd's limit on what is noted of a channel, in bytes.
const maxChannelMemo = 500

func openRequest(in *lnrpc.OpenChannelRequest) (req node.OpenChannel, err error) {
	for what, set := range map[string]bool{
		"funding_shim": in.FundingShim != nil, "zero_conf": in.ZeroConf, "scid_alias": in.ScidAlias,
		"fund_max": in.FundMax, "choosing outpoints": len(in.Outpoints) > 0,
		"max_local_csv": in.MaxLocalCsv != 0,
		"commitment_type " + in.CommitmentType.String(): in.CommitmentType != lnrpc.CommitmentType_UNKNOWN_COMMITMENT_TYPE &&
			in.CommitmentType != lnrpc.CommitmentType_ANCHORS,
	} {
		if set {
			return req, unimplemented(what)
		}
	}
	if len(in.NodePubkey) == 0 {
		return req, invalid("NodePubkey is not set")
	}
	if req.Peer, err = btcec.ParsePubKey(in.NodePubkey); err != nil {
		return req, invalid("node_pubkey: %v", err)
	}
	if req.Capacity, err = sats("local_funding_amount", in.LocalFundingAmount); err != nil {
		return req, err
	}
	if req.Push, err = sats("push_sat", in.PushSat); err != nil {
		return req, err
	}
	switch {
	case req.Capacity == 0:
		return req, invalid("local funding amount must be non-zero")
	case req.Push >= req.Capacity:
		return req, invalid("amount pushed to remote peer for initial state must be below the local funding amount")
	case in.RemoteCsvDelay > 1<<16-1:
		return req, invalid("remote_csv_delay %d is above 65535", in.RemoteCsvDelay)
	case in.RemoteMaxHtlcs > 483:
		return req, invalid("remote_max_htlcs %d cannot be greater than 483", in.RemoteMaxHtlcs)
	case len(in.Memo) > maxChannelMemo:
		return req, invalid("provided memo (%.20s...) is of length %d, exceeds %d", in.Memo, len(in.Memo), maxChannelMemo)
	case in.BaseFee > math.MaxUint32:
		return req, invalid("base_fee of %d msat is above %d", in.BaseFee, uint32(math.MaxUint32))
	case in.RemoteChanReserveSat > uint64(req.Capacity/5):
		return req, invalid("remote channel reserve must be less than the %%20 of the channel capacity")
	}
	if req.MinHTLC, err = msat(0, in.MinHtlcMsat); err != nil {
		return req, err
	}
	if req.Fee, err = feeRate(in.SatPerVbyte, in.SatPerByte, in.TargetConf); err != nil {
		return req, err
	}
	if req.MinConfs, err = minConfs(in.MinConfs, in.SpendUnconfirmed); err != nil {
		return req, err
	}
	if in.UseBaseFee {
		base := lnwire.MilliSatoshi(in.BaseFee)
		req.BaseFee = &base
	}
	if in.UseFeeRate {
		if in.FeeRate > math.MaxUint32 {
			return req, invalid("fee_rate of %d ppm is above %d", in.FeeRate, uint32(math.MaxUint32))
		}
		ppm := uint32(in.FeeRate)
		req.FeePPM = &ppm
	}
	req.Memo = in.Memo
	req.Private, req.SpendUnconfirmed = in.Private, in.SpendUnconfirmed
	req.RemoteCSVDelay = uint16(in.RemoteCsvDelay)
	req.RemoteMaxInFlight = lnwire.MilliSatoshi(in.RemoteMaxValueInFlightMsat)
	req.RemoteMaxHTLCs = uint16(in.RemoteMaxHtlcs)
	// Within a fifth of the capacity, so within 63 bits.
	reserve, err := sats("remote_chan_reserve_sat", int64(in.RemoteChanReserveSat))
	req.RemoteReserve, req.CloseAddress = reserve, in.CloseAddress
	return req, err
}
