package rpcserver

import (
	"context"

	"github.com/btcsuite/btcd/btcutil"

	"github.com/nichework/nwnd/internal/node"
	"github.com/nichework/nwnd/lnrpc"
)

// maxLabel is lnd's limit on a transaction's label, in bytes.
const maxLabel = 500

// SendCoins is of lnrpc.LightningServer.
func (l *lightning) SendCoins(ctx context.Context, in *lnrpc.SendCoinsRequest) (*lnrpc.SendCoinsResponse, error) {
	req := node.SendCoins{
		Address: in.Addr, All: in.SendAll, Label: in.Label, SpendUnconfirmed: in.SpendUnconfirmed,
	}
	switch {
	case in.SendAll && in.Amount != 0:
		return nil, invalid("amount set while SendAll is active")
	case !in.SendAll && in.Amount <= 0:
		return nil, invalid("amount must be above 0 satoshis, is %d", in.Amount)
	}
	if err := checkLabel(in.Label); err != nil {
		return nil, err
	}
	if err := checkStrategy(in.CoinSelectionStrategy); err != nil {
		return nil, err
	}
	var err error
	if req.Coins, err = coinPoints(in.Outpoints); err != nil {
		return nil, err
	}
	if req.Amount, err = sats("amount", in.Amount); err != nil {
		return nil, err
	}
	if req.Fee, err = feeRate(in.SatPerVbyte, in.SatPerByte, in.TargetConf); err != nil {
		return nil, err
	}
	if req.MinConfs, err = minConfs(in.MinConfs, in.SpendUnconfirmed); err != nil {
		return nil, err
	}
	txid, err := l.s.node().SendCoins(ctx, req)
	if err != nil {
		return nil, err
	}
	return &lnrpc.SendCoinsResponse{Txid: txid.String()}, nil
}

// SendMany is of lnrpc.LightningServer.
func (l *lightning) SendMany(ctx context.Context, in *lnrpc.SendManyRequest) (*lnrpc.SendManyResponse, error) {
	if err := checkLabel(in.Label); err != nil {
		return nil, err
	}
	if err := checkStrategy(in.CoinSelectionStrategy); err != nil {
		return nil, err
	}
	req := node.SendMany{Label: in.Label, SpendUnconfirmed: in.SpendUnconfirmed}
	var err error
	if req.Outputs, err = payees(in.AddrToAmount); err != nil {
		return nil, err
	}
	if req.Fee, err = feeRate(in.SatPerVbyte, in.SatPerByte, in.TargetConf); err != nil {
		return nil, err
	}
	if req.MinConfs, err = minConfs(in.MinConfs, in.SpendUnconfirmed); err != nil {
		return nil, err
	}
	txid, err := l.s.node().SendMany(ctx, req)
	if err != nil {
		return nil, err
	}
	return &lnrpc.SendManyResponse{Txid: txid.String()}, nil
}

// EstimateFee is of lnrpc.LightningServer.
func (l *lightning) EstimateFee(ctx context.Context, in *lnrpc.EstimateFeeRequest) (*lnrpc.EstimateFeeResponse, error) {
	if err := checkStrategy(in.CoinSelectionStrategy); err != nil {
		return nil, err
	}
	req := node.SendMany{SpendUnconfirmed: in.SpendUnconfirmed}
	var err error
	if req.Outputs, err = payees(in.AddrToAmount); err != nil {
		return nil, err
	}
	if req.Fee, err = feeRate(0, 0, in.TargetConf); err != nil {
		return nil, err
	}
	if req.MinConfs, err = minConfs(in.MinConfs, in.SpendUnconfirmed); err != nil {
		return nil, err
	}
	if req.Coins, err = coinPoints(in.Inputs); err != nil {
		return nil, err
	}
	e, err := l.s.node().EstimateSend(ctx, req)
	if err != nil {
		return nil, err
	}
	out := &lnrpc.EstimateFeeResponse{
		FeeSat: int64(e.Fee), FeerateSatPerByte: int64(e.SatPerVByte), SatPerVbyte: e.SatPerVByte,
	}
	for _, c := range e.Coins {
		out.Inputs = append(out.Inputs, rpcOutPoint(c))
	}
	return out, nil
}

// maxPayees is how many addresses one transaction may pay.
const maxPayees = 1000

func payees(to map[string]int64) (map[string]btcutil.Amount, error) {
	if len(to) == 0 || len(to) > maxPayees {
		return nil, invalid("%d addresses to pay, 1 to %d may be", len(to), maxPayees)
	}
	out := make(map[string]btcutil.Amount, len(to))
	for addr, sat := range to {
		amount, err := sats("amount for "+addr, sat)
		if err != nil {
			return nil, err
		}
		out[addr] = amount
	}
	return out, nil
}

// checkStrategy takes the one strategy that there is, lnd's default.
func checkStrategy(s lnrpc.CoinSelectionStrategy) error {
	switch s {
	case lnrpc.CoinSelectionStrategy_STRATEGY_USE_GLOBAL_CONFIG, lnrpc.CoinSelectionStrategy_STRATEGY_LARGEST:
		return nil
	}
	return unimplemented("coin_selection_strategy " + s.String())
}
