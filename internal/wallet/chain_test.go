package wallet_test

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/btcd"
	"github.com/nichework/nwnd/internal/btcd/btcdtest"
	"github.com/nichework/nwnd/internal/chain/neutrino"
	"github.com/nichework/nwnd/internal/wallet"
)

const (
	btc  = btcutil.Amount(btcutil.SatoshiPerBitcoin)
	rate = wallet.SatPerKWeight(2500)
)

// eventually waits for a condition that another process brings about.
func eventually(t *testing.T, is func() bool, what string, args ...any) {
	t.Helper()
	require.Eventuallyf(t, is, 2*time.Minute, 20*time.Millisecond, what, args...)
}

type rig struct {
	t    *testing.T
	btcd *btcd.Node
	cfg  wallet.Config
	w    *wallet.Wallet
	kind kind
}

// kind is what a wallet learns of the chain from.
type kind string

const (
	overBtcd     kind = "btcd"
	overNeutrino kind = "neutrino"
)

// each runs a test with either backend.
func each(t *testing.T, test func(t *testing.T, r *rig)) {
	for _, k := range []kind{overBtcd, overNeutrino} {
		t.Run(string(k), func(t *testing.T) { test(t, newRigOver(t, k)) })
	}
}

// newRig is a btcd and a synced wallet with a new seed.
func newRig(t *testing.T) *rig { return newRigOver(t, overBtcd) }

func newRigOver(t *testing.T, k kind) *rig {
	r := &rig{t: t, btcd: btcdtest.Start(t, btcd.Config{}), cfg: config(t), kind: k}
	r.cfg.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	r.w = create(t, r.cfg, newSeed(t))
	r.start(r.w)
	return r
}

func (r *rig) backend(w *wallet.Wallet) wallet.Backend {
	r.t.Helper()
	if r.kind == overNeutrino {
		return wallet.NewNeutrino(r.light(w).ChainService(), r.btcd.Params())
	}
	b, err := wallet.NewBtcd(r.btcd.RPC(), r.btcd.Params())
	require.NoError(r.t, err)
	return b
}

// light is a light client of the btcd, with a directory of its own. It ends after the wallet.
func (r *rig) light(w *wallet.Wallet) *neutrino.Service {
	r.t.Helper()
	light, err := neutrino.Open(neutrino.Config{
		Dir: r.t.TempDir(), Params: r.btcd.Params(), Connect: []string{r.btcd.RPC().P2P}, Log: r.cfg.Log,
	})
	require.NoError(r.t, err)
	r.t.Cleanup(func() {
		require.NoError(r.t, w.Close())
		require.NoError(r.t, light.Close())
	})
	return light
}

func (r *rig) start(w *wallet.Wallet) {
	r.t.Helper()
	require.NoError(r.t, w.Start(context.WithoutCancel(r.t.Context()), r.backend(w)))
	r.synced(w)
}

// synced waits until the wallet has btcd's height.
func (r *rig) synced(w *wallet.Wallet) {
	r.t.Helper()
	height, _, err := r.btcd.Best()
	require.NoError(r.t, err)
	eventually(r.t, func() bool {
		synced, at := w.Synced()
		return synced && at >= height
	}, "the wallet never synced to height %d", height)
}

func (r *rig) mine(n int) []chainhash.Hash {
	r.t.Helper()
	hashes, err := r.btcd.Mine(n)
	require.NoError(r.t, err)
	return hashes
}

func (r *rig) address(kind wallet.AddressKind) string {
	r.t.Helper()
	addr, err := r.w.NewAddress(r.t.Context(), kind)
	require.NoError(r.t, err)
	return addr.EncodeAddress()
}

// balance waits for a balance.
func (r *rig) balance(want wallet.Balance) {
	r.t.Helper()
	var got wallet.Balance
	ok := func() bool {
		var err error
		got, err = r.w.Balance(1)
		require.NoError(r.t, err)
		return got == want
	}
	for deadline := time.After(2 * time.Minute); !ok(); {
		select {
		case <-time.After(20 * time.Millisecond):
		case <-deadline:
			require.Equal(r.t, want, got)
		}
	}
}

// fill gives the wallet some confirmed coins.
func (r *rig) fill(coins ...btcutil.Amount) {
	r.t.Helper()
	var total btcutil.Amount
	for i, amount := range coins {
		_, err := r.btcd.Pay(amount, r.address(wallet.AddressKind(i%2)))
		require.NoError(r.t, err)
		total += amount
	}
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: total})
}

// channelScript is some p2wsh script.
func channelScript(t *testing.T, seed byte) []byte {
	t.Helper()
	hash := chainhash.HashB([]byte{seed})
	script, err := txscript.NewScriptBuilder().AddOp(txscript.OP_0).AddData(hash).Script()
	require.NoError(t, err)
	return script
}

func TestReceiveAndSend(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		_, err := r.btcd.Pay(btc, r.address(wallet.P2WKH), r.address(wallet.P2TR))
		require.NoError(t, err)
		if r.kind == overBtcd { // a light client sees no mempool
			r.balance(wallet.Balance{Unconfirmed: 2 * btc})
		}
		r.mine(1)
		r.balance(wallet.Balance{Confirmed: 2 * btc})

		script := channelScript(t, 1)
		tx, err := r.w.Send(t.Context(), []*wire.TxOut{wire.NewTxOut(int64(btc)/2, script)}, rate, 1, "rent")
		require.NoError(t, err)
		var out int64
		for _, o := range tx.TxOut {
			out += o.Value
		}
		fee := btc - btcutil.Amount(out)
		require.InDelta(t, 10, float64(fee)/float64(vsize(tx)), 1.2, "sat per vbyte")
		r.balance(wallet.Balance{Confirmed: btc, Unconfirmed: btc/2 - fee})
		r.mine(1)
		r.balance(wallet.Balance{Confirmed: btc + btc/2 - fee})

		height, _, err := r.btcd.Best()
		require.NoError(t, err)
		list, err := r.w.Transactions(0, height, true)
		require.NoError(t, err)
		require.Len(t, list, 2)
		require.Equal(t, 2*btc, list[0].Amount)
		require.Equal(t, -btc/2-fee, list[1].Amount)
		require.Equal(t, fee, list[1].Fee)
		require.Equal(t, "rent", list[1].Label)
		require.Equal(t, height, list[1].Height)
		require.EqualValues(t, 2, list[0].Confirmations)
	})
}

func vsize(tx *wire.MsgTx) int {
	return (3*tx.SerializeSizeStripped() + tx.SerializeSize() + 3) / 4
}

func TestSendAllLeavesNothing(t *testing.T) {
	r := newRig(t)
	r.fill(btc, 2*btc, btc/100, btc/100)
	tx, err := r.w.SendAll(t.Context(), channelScript(t, 1), rate, 1, "")
	require.NoError(t, err)
	require.Len(t, tx.TxIn, 4)
	fee := 3*btc + btc/50 - btcutil.Amount(tx.TxOut[0].Value)
	require.InDelta(t, 10, float64(fee)/float64(vsize(tx)), 0.5, "sat per vbyte")
	r.mine(1)
	r.balance(wallet.Balance{})
	_, err = r.w.SendAll(t.Context(), channelScript(t, 1), rate, 1, "")
	require.ErrorIs(t, err, wallet.ErrInsufficientFunds)
}

func TestSendRefusals(t *testing.T) {
	r := newRig(t)
	r.fill(btc)
	script := channelScript(t, 1)
	_, err := r.w.Send(t.Context(), []*wire.TxOut{wire.NewTxOut(int64(btc), script)}, rate, 1, "")
	require.ErrorIs(t, err, wallet.ErrInsufficientFunds, "the fee isn't there")
	_, err = r.w.Send(t.Context(), []*wire.TxOut{wire.NewTxOut(int64(btc)/2, script)}, rate, 2, "")
	require.ErrorIs(t, err, wallet.ErrInsufficientFunds, "one confirmation, two asked for")
	_, err = r.w.Send(t.Context(), []*wire.TxOut{wire.NewTxOut(100, script)}, rate, 1, "")
	require.ErrorIs(t, err, wallet.ErrDust)
	_, err = r.w.Send(t.Context(), nil, rate, 1, "")
	require.ErrorIs(t, err, wallet.ErrDust)
	_, err = r.w.Send(t.Context(), []*wire.TxOut{wire.NewTxOut(int64(btc)/2, script)}, 1, 1, "")
	require.ErrorIs(t, err, wallet.ErrFeeRate)
	r.balance(wallet.Balance{Confirmed: btc})
}

func TestFundLocksUntilReleased(t *testing.T) {
	r := newRig(t)
	r.fill(btc, btc)
	script := channelScript(t, 1)

	first, err := r.w.Fund(script, btc/2, rate, 1)
	require.NoError(t, err)
	second, err := r.w.Fund(script, btc/2, rate, 1)
	require.NoError(t, err)
	require.NotEqual(t, first.Tx.TxIn[0].PreviousOutPoint, second.Tx.TxIn[0].PreviousOutPoint)
	r.balance(wallet.Balance{Locked: 2 * btc})
	_, err = r.w.Fund(script, btc/2, rate, 1)
	require.ErrorIs(t, err, wallet.ErrInsufficientFunds)

	for _, f := range []*wallet.Funding{first, second} {
		require.Equal(t, script, f.Tx.TxOut[f.Output].PkScript)
		require.EqualValues(t, btc/2, f.Tx.TxOut[f.Output].Value)
		require.Equal(t, f.Tx.TxHash(), f.Outpoint().Hash)
		for _, in := range f.Tx.TxIn {
			require.Empty(t, in.SignatureScript, "an input that isn't segwit could change the id")
			require.NotEmpty(t, in.Witness)
		}
	}
	first.Release()
	first.Release()
	r.balance(wallet.Balance{Confirmed: btc, Locked: btc})
	require.ErrorIs(t, first.Publish(t.Context()), wallet.ErrReleased)

	require.NoError(t, second.Publish(t.Context()))
	require.NoError(t, second.Publish(t.Context()), "publishing again is no error")
	second.Release()
	r.balance(wallet.Balance{Confirmed: btc, Unconfirmed: btc/2 - second.Fee})
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: btc + btc/2 - second.Fee})
	require.NoError(t, second.Publish(t.Context()), "nor when it is in a block")
	r.balance(wallet.Balance{Confirmed: btc + btc/2 - second.Fee})
}

func TestLocksOverARestart(t *testing.T) {
	r := newRig(t)
	r.fill(btc)
	saved, err := r.w.Fund(channelScript(t, 1), btc/2, rate, 1)
	require.NoError(t, err)
	require.NoError(t, r.w.Close())

	r.w, err = wallet.Open(r.cfg, password)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.w.Close()) })
	r.start(r.w)
	r.balance(wallet.Balance{Confirmed: btc})

	release := r.w.Reserve(saved.Tx)
	r.balance(wallet.Balance{Locked: btc})
	release()
	r.balance(wallet.Balance{Confirmed: btc})

	require.NoError(t, r.w.Publish(t.Context(), saved.Tx, "channel funding"))
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: btc/2 - saved.Fee})
}

func TestReorgTakesCoinsBack(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		_, err := r.btcd.Pay(btc, r.address(wallet.P2WKH))
		require.NoError(t, err)
		mined := r.mine(6)
		r.balance(wallet.Balance{Confirmed: btc})
		require.NoError(t, r.btcd.Invalidate(mined[0]))
		if r.kind == overBtcd { // a light client follows only to a longer chain
			r.balance(wallet.Balance{Unconfirmed: btc})
		}
		r.mine(7)
		r.synced(r.w)
		r.balance(wallet.Balance{Confirmed: btc})
	})
}

func TestBtcdGoesAndComesBack(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.fill(btc)
		require.NoError(t, r.btcd.Stop())
		eventually(t, func() bool { synced, _ := r.w.Synced(); return !synced }, "the loss is not noticed")

		_, err := r.w.Fund(channelScript(t, 1), btc/2, rate, 1)
		require.ErrorIs(t, err, wallet.ErrOffline)
		addr := r.address(wallet.P2TR) // needs no connection
		r.balance(wallet.Balance{Confirmed: btc})

		require.NoError(t, r.btcd.Restart(t.Context()))
		_, err = r.btcd.Pay(btc, addr)
		require.NoError(t, err)
		r.mine(2)
		r.synced(r.w)
		r.balance(wallet.Balance{Confirmed: 2 * btc})
		_, err = r.w.Fund(channelScript(t, 1), btc/2, rate, 1)
		require.NoError(t, err)
	})
}

func TestStartBeforeBtcd(t *testing.T) {
	r := newRig(t)
	require.NoError(t, r.btcd.Stop())
	late := create(t, config(t), newSeed(t))
	require.NoError(t, late.Start(context.WithoutCancel(t.Context()), r.backend(late)))
	_, err := late.Send(t.Context(), []*wire.TxOut{wire.NewTxOut(1e6, channelScript(t, 1))}, rate, 1, "")
	require.ErrorIs(t, err, wallet.ErrOffline)
	require.Error(t, late.Start(t.Context(), r.backend(late)), "a wallet is started once")
	require.NoError(t, r.btcd.Restart(t.Context()))
	r.synced(late)
}

func TestConcurrentFundingsShareNoCoin(t *testing.T) {
	r := newRig(t)
	r.fill(btc, btc, btc, btc)
	type result struct {
		f   *wallet.Funding
		err error
	}
	results := make(chan result)
	for range 8 {
		go func() {
			f, err := r.w.Fund(channelScript(t, 1), btc/2, rate, 1)
			results <- result{f, err}
		}()
	}
	used := map[wire.OutPoint]bool{}
	short := 0
	for range 8 {
		res := <-results
		if errors.Is(res.err, wallet.ErrInsufficientFunds) {
			short++
			continue
		}
		require.NoError(t, res.err)
		for _, in := range res.f.Tx.TxIn {
			require.False(t, used[in.PreviousOutPoint])
			used[in.PreviousOutPoint] = true
		}
	}
	require.Equal(t, 4, short)
}

func TestRejectedTransactionFreesItsCoins(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.fill(btc)
		f, err := r.w.Fund(channelScript(t, 1), btc/2, rate, 1)
		require.NoError(t, err)
		f.Tx.TxIn[0].Witness[0] = make([]byte, 64)
		require.ErrorIs(t, f.Publish(t.Context()), wallet.ErrRejected)
		f.Release()
		r.balance(wallet.Balance{Confirmed: btc})
		coins, err := r.w.ListUnspent(1, math.MaxInt32)
		require.NoError(t, err)
		require.Len(t, coins, 1)
	})
}
