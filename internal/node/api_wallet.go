package node

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/internal/wallet"
)

// defaultConfTarget is the block within which a transaction should confirm if nobody says.
const defaultConfTarget = 6

// kwPerVByte converts satoshi per virtual byte into satoshi per 1000 weight units.
const kwPerVByte = 250

// WalletBalance counts the coins on chain.
func (n *Node) WalletBalance(_ context.Context, minConfs int32) (WalletBalance, error) {
	b, err := n.wallet.Balance(max(minConfs, 1))
	if err != nil {
		return WalletBalance{}, err
	}
	leases, err := n.wallet.Leases()
	if err != nil {
		return WalletBalance{}, err
	}
	for _, l := range leases {
		b.Locked += l.Amount
	}
	return WalletBalance{
		Confirmed: b.Confirmed, Unconfirmed: b.Unconfirmed + b.Immature, Locked: b.Locked, AnchorReserve: n.reserved(),
	}, nil
}

// Recovery tells how far the search for the coins of a restored wallet has got.
func (n *Node) Recovery(context.Context) (Recovery, error) {
	r, err := n.wallet.Recovery()
	return Recovery{Wanted: r.Wanted, Finished: r.Finished, Progress: r.Progress}, err
}

// NewAddress derives a fresh address.
func (n *Node) NewAddress(ctx context.Context, kind AddressType) (btcutil.Address, error) {
	if kind == TaprootPubKey {
		return n.wallet.NewAddress(ctx, wallet.P2TR)
	}
	return n.wallet.NewAddress(ctx, wallet.P2WKH)
}

// SendCoins pays an address from the wallet.
func (n *Node) SendCoins(ctx context.Context, req SendCoins) (chainhash.Hash, error) {
	script, err := n.script(req.Address)
	if err != nil {
		return chainhash.Hash{}, err
	}
	rate, err := n.feeRate(ctx, req.Fee)
	if err != nil {
		return chainhash.Hash{}, err
	}
	confs := confirmations(req.MinConfs, req.SpendUnconfirmed)
	var tx *wire.MsgTx
	switch {
	case req.All && req.Amount != 0:
		err = fmt.Errorf("%w: an amount is given beside send-all", ErrInvalid)
	case req.All && len(req.Coins) > 0:
		tx, err = n.wallet.SendAllFrom(ctx, req.Coins, script, rate, confs, req.Label)
	case req.All:
		tx, err = n.wallet.SendAll(ctx, script, rate, confs, req.Label)
	case req.Amount <= 0 || req.Amount > btcutil.MaxSatoshi:
		err = fmt.Errorf("%w: amount of %d sat", ErrInvalid, int64(req.Amount))
	case len(req.Coins) > 0:
		tx, err = n.wallet.SendFrom(ctx, req.Coins, pays(script, req.Amount), rate, confs, req.Label)
	default:
		tx, err = n.wallet.Send(ctx, pays(script, req.Amount), rate, confs, req.Label)
	}
	if err != nil {
		return chainhash.Hash{}, walletError(err)
	}
	return tx.TxHash(), nil
}

func pays(script []byte, amount btcutil.Amount) []*wire.TxOut {
	return []*wire.TxOut{wire.NewTxOut(int64(amount), script)}
}

// SendMany pays several addresses from the wallet.
func (n *Node) SendMany(ctx context.Context, req SendMany) (chainhash.Hash, error) {
	outputs, err := n.outputs(req.Outputs)
	if err != nil {
		return chainhash.Hash{}, err
	}
	rate, err := n.feeRate(ctx, req.Fee)
	if err != nil {
		return chainhash.Hash{}, err
	}
	tx, err := n.wallet.Send(ctx, outputs, rate, confirmations(req.MinConfs, req.SpendUnconfirmed), req.Label)
	if err != nil {
		return chainhash.Hash{}, walletError(err)
	}
	return tx.TxHash(), nil
}

// EstimateSend tells what SendMany would pay for the transaction, without making it.
func (n *Node) EstimateSend(ctx context.Context, req SendMany) (SendEstimate, error) {
	outputs, err := n.outputs(req.Outputs)
	if err != nil {
		return SendEstimate{}, err
	}
	rate, err := n.feeRate(ctx, req.Fee)
	if err != nil {
		return SendEstimate{}, err
	}
	fee, coins, err := n.wallet.Estimate(req.Coins, outputs, rate, confirmations(req.MinConfs, req.SpendUnconfirmed))
	return SendEstimate{Fee: fee, Coins: coins, SatPerVByte: uint64(rate.FeePerVByte())}, walletError(err)
}

// maxOutputs is how many addresses one transaction pays.
const maxOutputs = 1000

// outputs are in the order of their addresses, so that a request always makes the same.
func (n *Node) outputs(to map[string]btcutil.Amount) ([]*wire.TxOut, error) {
	if len(to) == 0 || len(to) > maxOutputs {
		return nil, fmt.Errorf("%w: %d addresses to pay, 1 to %d may be", ErrInvalid, len(to), maxOutputs)
	}
	var outs []*wire.TxOut
	for _, addr := range slices.Sorted(maps.Keys(to)) {
		script, err := n.script(addr)
		if err != nil {
			return nil, err
		}
		if to[addr] <= 0 || to[addr] > btcutil.MaxSatoshi {
			return nil, fmt.Errorf("%w: amount of %d sat for %s", ErrInvalid, int64(to[addr]), addr)
		}
		outs = append(outs, wire.NewTxOut(int64(to[addr]), script))
	}
	return outs, nil
}

// walletError names the cause in this package's terms.
func walletError(err error) error {
	switch {
	case errors.Is(err, wallet.ErrInsufficientFunds), errors.Is(err, wallet.ErrReserve):
		return fmt.Errorf("%w: %w", ErrInsufficientFunds, err)
	case errors.Is(err, wallet.ErrDust), errors.Is(err, wallet.ErrFeeRate), errors.Is(err, wallet.ErrNothingToBump),
		errors.Is(err, wallet.ErrBudget), errors.Is(err, wallet.ErrNoCoin), errors.Is(err, wallet.ErrLeased),
		errors.Is(err, wallet.ErrRejected):
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	case errors.Is(err, wallet.ErrNoTransaction):
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	case errors.Is(err, wallet.ErrLabelled):
		return fmt.Errorf("%w: %w", ErrDuplicate, err)
	case errors.Is(err, wallet.ErrOffline):
		return fmt.Errorf("%w: %w", ErrNotReady, err)
	}
	return err
}

func confirmations(minConfs int32, unconfirmed bool) int32 {
	if unconfirmed {
		return 0
	}
	return max(minConfs, 1)
}

// script is what pays an address of this network.
func (n *Node) script(address string) ([]byte, error) {
	addr, err := btcutil.DecodeAddress(address, n.cfg.Network)
	if err != nil || !addr.IsForNet(n.cfg.Network) {
		return nil, fmt.Errorf("%w: %q is not an address of %s", ErrInvalid, address, n.cfg.Network.Name)
	}
	return txscript.PayToAddrScript(addr)
}

// feeRate is the rate asked for, or the estimate for the target asked for.
func (n *Node) feeRate(ctx context.Context, fee FeeRate) (wallet.SatPerKWeight, error) {
	const most = 10_000 // sat/vbyte; more is a mistake
	switch {
	case fee.SatPerVByte > 0 && fee.ConfTarget > 0:
		return 0, fmt.Errorf("%w: both a fee rate and a confirmation target are given", ErrInvalid)
	case fee.SatPerVByte > most:
		return 0, fmt.Errorf("%w: %d sat/vbyte is over %d", ErrInvalid, fee.SatPerVByte, most)
	case fee.SatPerVByte > 0:
		return wallet.SatPerKWeight(fee.SatPerVByte * kwPerVByte), nil
	}
	target := fee.ConfTarget
	if target == 0 {
		target = defaultConfTarget
	}
	return n.chain.EstimateFee(ctx, target)
}
