package node

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/wallet"
)

// fakeFees is the part of a fakeWallet that pays for force closes: a coin of its own for each owner,
// as large as it is asked for. If funds are set, no channel is funded that would take the reserve.
type fakeFees struct {
	funds btcutil.Amount

	feeMu    sync.Mutex
	fees     map[wire.OutPoint][]bitcoin.FeeInput
	required func() btcutil.Amount
}

func (f *fakeFees) Keep(required func() btcutil.Amount) { f.required = required }

// pays takes an amount from the funds, if they are counted.
func (f *fakeFees) pays(amount btcutil.Amount) error {
	f.feeMu.Lock()
	defer f.feeMu.Unlock()
	if f.funds == 0 {
		return nil
	}
	if must := f.required(); f.funds-amount < must {
		return fmt.Errorf("%w: %v of %v, %v stay", wallet.ErrReserve, amount, f.funds, must)
	}
	f.funds -= amount
	return nil
}

func (f *fakeFees) FeeCoins(owner wire.OutPoint, amount btcutil.Amount, _ wallet.SatPerKWeight, _ int) ([]bitcoin.FeeInput, error) {
	f.feeMu.Lock()
	defer f.feeMu.Unlock()
	if held := f.fees[owner]; len(held) > 0 && held[0].Value >= htlc.Sat(amount) {
		return held, nil
	}
	if f.fees == nil {
		f.fees = make(map[wire.OutPoint][]bitcoin.FeeInput)
	}
	coin := bitcoin.FeeInput{Value: htlc.Sat(2*amount + 10_000), PkScript: append([]byte{0, 20}, make([]byte, 20)...), Witness: 108}
	coin.Out.Hash = sha256.Sum256(fmt.Append(nil, owner, coin.Value))
	f.fees[owner] = []bitcoin.FeeInput{coin}
	return f.fees[owner], nil
}

func (f *fakeFees) ReleaseFeeCoins(owner wire.OutPoint) {
	f.feeMu.Lock()
	defer f.feeMu.Unlock()
	delete(f.fees, owner)
}

func (f *fakeFees) SignCoins(tx *wire.MsgTx, coins []bitcoin.FeeInput, _ map[wire.OutPoint]*wire.TxOut) error {
	for _, in := range tx.TxIn {
		for _, c := range coins {
			if c.Out == in.PreviousOutPoint {
				in.Witness = wire.TxWitness{make([]byte, 72), make([]byte, 33)}
			}
		}
	}
	return nil
}

func (w *fakeWallet) SweepScript(ctx context.Context) ([]byte, error) {
	addr, err := w.NewAddress(ctx, wallet.P2TR)
	if err != nil {
		return nil, err
	}
	return append([]byte{0, 20}, addr.ScriptAddress()...), nil
}
