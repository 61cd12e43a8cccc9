package rpcserver

import (
	"context"

	"github.com/btcsuite/btcd/btcutil"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
	"github.com/nichework/nwnd/lnrpc/walletrpc"
)

// BumpFee is of walletrpc.WalletKitServer. nwnd bumps at once, whether immediate is set or
// not, and doesn't raise the fee by itself as a deadline comes nearer.
func (w *walletKit) BumpFee(ctx context.Context, in *walletrpc.BumpFeeRequest) (*walletrpc.BumpFeeResponse, error) {
	switch {
	case in.Force && in.Immediate:
		return nil, invalid("either Force or Immediate should be set, but not both")
	case in.DeadlineDelta != 0:
		return nil, unimplemented("deadline_delta")
	case in.Budget > maxSat:
		return nil, invalid("budget of %d sat is above all the bitcoin there will be", in.Budget)
	case in.TargetConf > 1<<30:
		return nil, invalid("target_conf of %d is out of range", in.TargetConf)
	}
	coin, err := coinPoint(in.Outpoint)
	if err != nil {
		return nil, err
	}
	fee, err := feeRate(in.SatPerVbyte, int64(in.SatPerByte), int32(in.TargetConf))
	if err != nil {
		return nil, err
	}
	b, err := w.s.node().BumpFee(ctx, node.BumpFee{Coin: coin, Fee: fee, Budget: btcutil.Amount(in.Budget)})
	if err != nil {
		return nil, err
	}
	if b.Attempts > 1 {
		return &walletrpc.BumpFeeResponse{Status: "Successfully registered rbf-tx with sweeper"}, nil
	}
	return &walletrpc.BumpFeeResponse{Status: "Successfully registered CPFP-tx with the sweeper"}, nil
}

// PendingSweeps is of walletrpc.WalletKitServer.
func (w *walletKit) PendingSweeps(ctx context.Context, _ *walletrpc.PendingSweepsRequest) (*walletrpc.PendingSweepsResponse, error) {
	all, err := w.s.node().Bumps(ctx)
	if err != nil {
		return nil, err
	}
	out := &walletrpc.PendingSweepsResponse{}
	for _, b := range all {
		if b.Height > 0 {
			continue
		}
		s := &walletrpc.PendingSweep{
			Outpoint: rpcOutPoint(b.Coin), WitnessType: walletrpc.WitnessType_WITNESS_KEY_HASH,
			AmountSat: uint32(min(b.Amount, 1<<32-1)), SatPerVbyte: uint64(b.Rate.FeePerVByte()),
			RequestedSatPerVbyte: uint64(b.Rate.FeePerVByte()), BroadcastAttempts: b.Attempts, Immediate: true,
			Budget: uint64(b.Budget),
		}
		if node.AddressType(b.Kind) == node.TaprootPubKey {
			s.WitnessType = walletrpc.WitnessType_TAPROOT_PUB_KEY_SPEND
		}
		out.PendingSweeps = append(out.PendingSweeps, s)
	}
	return out, nil
}

// ListSweeps is of walletrpc.WalletKitServer.
func (w *walletKit) ListSweeps(ctx context.Context, in *walletrpc.ListSweepsRequest) (*walletrpc.ListSweepsResponse, error) {
	if in.StartHeight < -1 {
		return nil, invalid("start_height of %d", in.StartHeight)
	}
	all, err := w.s.node().Bumps(ctx)
	if err != nil {
		return nil, err
	}
	ids := &walletrpc.ListSweepsResponse_TransactionIDs{}
	details := &lnrpc.TransactionDetails{}
	for _, b := range all {
		if b.Height > 0 && (in.StartHeight == -1 || b.Height < in.StartHeight) {
			continue
		}
		ids.TransactionIds = append(ids.TransactionIds, b.Tx.String())
		if !in.Verbose {
			continue
		}
		t, err := w.s.node().WalletTransaction(ctx, b.Tx)
		if err != nil {
			return nil, err
		}
		shown, err := transaction(&t)
		if err != nil {
			return nil, err
		}
		details.Transactions = append(details.Transactions, shown)
	}
	if in.Verbose {
		details.LastIndex = uint64(max(len(details.Transactions)-1, 0))
		return &walletrpc.ListSweepsResponse{
			Sweeps: &walletrpc.ListSweepsResponse_TransactionDetails{TransactionDetails: details},
		}, nil
	}
	return &walletrpc.ListSweepsResponse{Sweeps: &walletrpc.ListSweepsResponse_TransactionIds{TransactionIds: ids}}, nil
}
