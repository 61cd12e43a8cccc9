package rpcserver

import (
	"context"
	"slices"

	"github.com/btcsuite/btcd/btcutil"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

// BumpFee is of walletrpc.WalletKitServer. nwnd bumps at once, whether immediate is set or
// not. Of a coin of the wallet it doesn't raise the fee by itself as a deadline comes nearer; of an output
// that is being swept it goes on to.
func (w *walletKit) BumpFee(ctx context.Context, in *walletrpc.BumpFeeRequest) (*walletrpc.BumpFeeResponse, error) {
	if in.Force && in.Immediate {
		return nil, invalid("either Force or Immediate should be set, but not both")
	}
	coin, err := coinPoint(in.Outpoint)
	if err != nil {
		return nil, err
	}
	req, err := bumpRequest(in.Budget, in.TargetConf, in.DeadlineDelta, in.SatPerVbyte, in.SatPerByte)
	if err != nil {
		return nil, err
	}
	sweeps, err := w.s.node().Sweeps(ctx)
	if err != nil {
		return nil, err
	}
	req.Coin = coin
	b, err := w.s.node().BumpFee(ctx, req)
	if err != nil {
		return nil, err
	}
	swept := slices.ContainsFunc(sweeps, func(s node.Sweep) bool { return s.Outpoint == coin })
	if swept || b.Attempts > 1 {
		return &walletrpc.BumpFeeResponse{Status: "Successfully registered rbf-tx with sweeper"}, nil
	}
	return &walletrpc.BumpFeeResponse{Status: "Successfully registered CPFP-tx with the sweeper"}, nil
}

// bumpRequest reads what all requests for a higher fee have, but for what it is of.
func bumpRequest(budget uint64, target, deadline uint32, perVByte uint64, perByte uint32) (req node.BumpFee, err error) {
	switch {
	case deadline != 0:
		return req, unimplemented("deadline_delta")
	case budget > maxSat:
		return req, invalid("budget of %d sat is above all the bitcoin there will be", budget)
	case target > 1<<30:
		return req, invalid("target_conf of %d is out of range", target)
	}
	req.Budget = btcutil.Amount(budget)
	req.Fee, err = feeRate(perVByte, int64(perByte), int32(target))
	return req, err
}

// BumpForceCloseFee is of walletrpc.WalletKitServer. Of several commitments that may
// confirm, each one's anchor is bumped.
func (w *walletKit) BumpForceCloseFee(ctx context.Context, in *walletrpc.BumpForceCloseFeeRequest) (*walletrpc.BumpForceCloseFeeResponse, error) {
	if in.ChanPoint == nil {
		return nil, invalid("no chan_point provided")
	}
	point, err := outPoint(in.ChanPoint)
	if err != nil {
		return nil, err
	}
	req, err := bumpRequest(in.Budget, in.TargetConf, in.DeadlineDelta, in.StartingFeerate, 0)
	if err != nil {
		return nil, err
	}
	pending, err := w.s.node().PendingChannels(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(pending.Forced, func(c node.ForceClose) bool { return c.ChannelPoint == point && c.Height == 0 }) {
		return nil, status.Error(codes.NotFound, "channel not found: none whose commitment waits for a block is "+point.String())
	}
	sweeps, err := w.s.node().Sweeps(ctx)
	if err != nil {
		return nil, err
	}
	found := false
	for i := range sweeps {
		if sweeps[i].Channel != point || sweeps[i].Path != bitcoin.Anchor {
			continue
		}
		found = true
		req.Coin = sweeps[i].Outpoint
		if _, err := w.s.node().BumpFee(ctx, req); err != nil {
			return nil, err
		}
	}
	if !found {
		return nil, status.Error(codes.NotFound, "unable to find pending anchor outputs")
	}
	return &walletrpc.BumpForceCloseFeeResponse{
		Status: "Successfully registered anchor-cpfp transaction to bump channel force close transaction",
	}, nil
}

// PendingSweeps is of walletrpc.WalletKitServer.
func (w *walletKit) PendingSweeps(ctx context.Context, _ *walletrpc.PendingSweepsRequest) (*walletrpc.PendingSweepsResponse, error) {
	sweeps, err := w.s.node().Sweeps(ctx)
	if err != nil {
		return nil, err
	}
	bumps, err := w.s.node().Bumps(ctx)
	if err != nil {
		return nil, err
	}
	out := &walletrpc.PendingSweepsResponse{}
	for i := range sweeps {
		s := &sweeps[i]
		out.PendingSweeps = append(out.PendingSweeps, &walletrpc.PendingSweep{
			Outpoint: rpcOutPoint(s.Outpoint), WitnessType: witnessType(s.Path, s.Incoming), AmountSat: uint32(min(s.Amount, 1<<32-1)),
			SatPerVbyte: uint64(s.Rate.FeePerVByte()), BroadcastAttempts: s.Attempts, Budget: uint64(s.Budget),
			DeadlineHeight: s.Deadline, MaturityHeight: s.Matures,
		})
	}
	for i := range bumps {
		if bumps[i].Height == 0 {
			out.PendingSweeps = append(out.PendingSweeps, pendingBump(&bumps[i].Bump))
		}
	}
	return out, nil
}

func pendingBump(b *node.Bump) *walletrpc.PendingSweep {
	s := &walletrpc.PendingSweep{
		Outpoint: rpcOutPoint(b.Coin), WitnessType: walletrpc.WitnessType_WITNESS_KEY_HASH,
		AmountSat: uint32(min(b.Amount, 1<<32-1)), SatPerVbyte: uint64(b.Rate.FeePerVByte()),
		RequestedSatPerVbyte: uint64(b.Rate.FeePerVByte()), BroadcastAttempts: b.Attempts, Immediate: true,
		Budget: uint64(b.Budget),
	}
	if node.AddressType(b.Kind) == node.TaprootPubKey {
		s.WitnessType = walletrpc.WitnessType_TAPROOT_PUB_KEY_SPEND
	}
	return s
}

// witnessTypes are lnd's names of the paths, of HTLCs that we offered and that the peer offered.
var witnessTypes = map[bitcoin.Path][2]walletrpc.WitnessType{
	bitcoin.ToLocal:     {walletrpc.WitnessType_COMMITMENT_TIME_LOCK, walletrpc.WitnessType_COMMITMENT_TIME_LOCK},
	bitcoin.ToRemote:    {walletrpc.WitnessType_COMMITMENT_TO_REMOTE_CONFIRMED, walletrpc.WitnessType_COMMITMENT_TO_REMOTE_CONFIRMED},
	bitcoin.Anchor:      {walletrpc.WitnessType_COMMITMENT_ANCHOR, walletrpc.WitnessType_COMMITMENT_ANCHOR},
	bitcoin.OtherAnchor: {walletrpc.WitnessType_COMMITMENT_ANCHOR, walletrpc.WitnessType_COMMITMENT_ANCHOR},
	bitcoin.StageTimeout: {walletrpc.WitnessType_HTLC_OFFERED_TIMEOUT_SECOND_LEVEL_INPUT_CONFIRMED,
		walletrpc.WitnessType_HTLC_OFFERED_TIMEOUT_SECOND_LEVEL_INPUT_CONFIRMED},
	bitcoin.StageSuccess: {walletrpc.WitnessType_HTLC_ACCEPTED_SUCCESS_SECOND_LEVEL_INPUT_CONFIRMED,
		walletrpc.WitnessType_HTLC_ACCEPTED_SUCCESS_SECOND_LEVEL_INPUT_CONFIRMED},
	bitcoin.StageOutput: {walletrpc.WitnessType_HTLC_OFFERED_TIMEOUT_SECOND_LEVEL,
		walletrpc.WitnessType_HTLC_ACCEPTED_SUCCESS_SECOND_LEVEL},
	bitcoin.TimeoutHTLC:    {walletrpc.WitnessType_HTLC_OFFERED_REMOTE_TIMEOUT, walletrpc.WitnessType_HTLC_OFFERED_REMOTE_TIMEOUT},
	bitcoin.PreimageHTLC:   {walletrpc.WitnessType_HTLC_ACCEPTED_REMOTE_SUCCESS, walletrpc.WitnessType_HTLC_ACCEPTED_REMOTE_SUCCESS},
	bitcoin.RevokedToLocal: {walletrpc.WitnessType_COMMITMENT_REVOKE, walletrpc.WitnessType_COMMITMENT_REVOKE},
	bitcoin.RevokedHTLC:    {walletrpc.WitnessType_HTLC_OFFERED_REVOKE, walletrpc.WitnessType_HTLC_ACCEPTED_REVOKE},
	bitcoin.RevokedStage:   {walletrpc.WitnessType_HTLC_SECOND_LEVEL_REVOKE, walletrpc.WitnessType_HTLC_SECOND_LEVEL_REVOKE},
}

func witnessType(p bitcoin.Path, incoming bool) walletrpc.WitnessType {
	types := witnessTypes[p]
	if incoming {
		return types[1]
	}
	return types[0]
}
