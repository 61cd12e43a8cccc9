package wallet_test

import (
	"testing"

	"github.com/btcsuite/btcd/blockchain"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/internal/wallet"
)

var anyoneCan = []byte{txscript.OP_TRUE} // a witness script

// foreign is a confirmed output that isn't the wallet's, and that anybody can spend.
func (r *rig) foreign(amount btcutil.Amount) (wire.OutPoint, *wire.TxOut) {
	r.t.Helper()
	hash := chainhash.HashB(anyoneCan)
	script, err := txscript.NewScriptBuilder().AddOp(txscript.OP_0).AddData(hash).Script()
	require.NoError(r.t, err)
	tx, err := r.w.Send(r.t.Context(), []*wire.TxOut{wire.NewTxOut(int64(amount), script)}, rate, 1, "")
	require.NoError(r.t, err)
	r.mine(1)
	r.synced(r.w)
	at := wire.OutPoint{Hash: tx.TxHash()}
	for btcutil.Amount(tx.TxOut[at.Index].Value) != amount {
		at.Index++
	}
	return at, tx.TxOut[at.Index]
}

// claim spends a foreign output together with fee coins, and pays a fee out of both.
func (r *rig) claim(at wire.OutPoint, out *wire.TxOut, coins []bitcoin.FeeInput, fee btcutil.Amount) *wire.MsgTx {
	r.t.Helper()
	tx := wire.NewMsgTx(2)
	total := out.Value
	tx.AddTxIn(wire.NewTxIn(&at, nil, wire.TxWitness{anyoneCan}))
	for _, c := range coins {
		tx.AddTxIn(wire.NewTxIn(&c.Out, nil, nil))
		total += int64(c.Value)
	}
	for _, in := range tx.TxIn {
		in.Sequence = wire.MaxTxInSequenceNum - 2
	}
	script, err := r.w.SweepScript(r.t.Context())
	require.NoError(r.t, err)
	tx.AddTxOut(wire.NewTxOut(total-int64(fee), script))
	require.NoError(r.t, r.w.SignCoins(tx, coins, map[wire.OutPoint]*wire.TxOut{at: out}))
	return tx
}

func outs(coins []bitcoin.FeeInput) (all []wire.OutPoint) {
	for _, c := range coins {
		all = append(all, c.Out)
	}
	return all
}

func TestFeeCoinsStayTheSameUntilABlockSpendsThem(t *testing.T) {
	r := newRig(t)
	r.fill(btc, btc, btc/10, btc/10, btc/100)
	at, out := r.foreign(20_000)
	coins, err := r.w.FeeCoins(at, btc/20, rate, 2)
	require.NoError(t, err)
	require.Len(t, coins, 1, "the smallest that does it")
	require.EqualValues(t, btc/10, coins[0].Value)
	first := r.claim(at, out, coins, 2000)
	require.NoError(t, r.w.Publish(t.Context(), first, "claim"))

	again, err := r.w.FeeCoins(at, btc/20, 2*rate, 2)
	require.NoError(t, err)
	require.Equal(t, coins, again)
	more, err := r.w.FeeCoins(at, btc/10+btc/20, rate, 2)
	require.NoError(t, err)
	require.Len(t, more, 2, "another joins it")
	require.Equal(t, coins[0], more[0])
	second := r.claim(at, out, more, 20_000)
	require.NoError(t, r.w.Publish(t.Context(), second, "claim"))
	_, err = r.w.Transaction(first.TxHash())
	require.ErrorIs(t, err, wallet.ErrNoTransaction, "it is replaced")

	r.mine(1)
	r.synced(r.w)
	require.EqualValues(t, 1, r.sent(second.TxHash()).Confirmations)
	other, err := r.w.FeeCoins(at, btc/20, rate, 2)
	require.NoError(t, err)
	require.Len(t, other, 1)
	require.NotContains(t, outs(more), other[0].Out)
}

func TestFeeCoinsAreNobodyElses(t *testing.T) {
	r := newRig(t)
	r.fill(btc, btc)
	one, two, three := wire.OutPoint{Index: 1}, wire.OutPoint{Index: 2}, wire.OutPoint{Index: 3}
	a, err := r.w.FeeCoins(one, 10_000, rate, 1)
	require.NoError(t, err)
	b, err := r.w.FeeCoins(two, 10_000, rate, 1)
	require.NoError(t, err)
	require.NotEqual(t, a[0].Out, b[0].Out)
	_, err = r.w.FeeCoins(three, 10_000, rate, 1)
	require.ErrorIs(t, err, wallet.ErrInsufficientFunds)
	_, err = r.w.Fund(channelScript(t, 1), btc/2, rate, 1)
	require.ErrorIs(t, err, wallet.ErrInsufficientFunds)
	_, err = r.w.SendFrom(t.Context(), outs(a), []*wire.TxOut{wire.NewTxOut(5000, channelScript(t, 1))}, rate, 1, "")
	require.ErrorIs(t, err, wallet.ErrNoCoin)
	r.balance(wallet.Balance{Locked: 2 * btc})
	r.w.ReleaseFeeCoins(one)
	r.w.ReleaseFeeCoins(three)
	r.balance(wallet.Balance{Confirmed: btc, Locked: btc})
	_, err = r.w.FeeCoins(three, btc, rate, 1)
	require.ErrorIs(t, err, wallet.ErrInsufficientFunds, "a coin isn't worth its amount")
	_, err = r.w.FeeCoins(two, btc+btc/2, rate, 1)
	require.ErrorIs(t, err, wallet.ErrInsufficientFunds, "two coins would do it, one may be")
	grown, err := r.w.FeeCoins(two, btc+btc/2, rate, 2)
	require.NoError(t, err)
	require.Equal(t, []wire.OutPoint{b[0].Out, a[0].Out}, outs(grown))
}

// A locked coin is in memory only; which coins a transaction of ours spends already is on disk.
func TestFeeCoinsOfAnUnconfirmedTransactionComeBackAfterARestart(t *testing.T) {
	r := newRig(t)
	r.fill(btc, btc/10, btc/10)
	at, out := r.foreign(20_000)
	coins, err := r.w.FeeCoins(at, btc/20, rate, 2)
	require.NoError(t, err)
	require.NoError(t, r.w.Publish(t.Context(), r.claim(at, out, coins, 2000), "claim"))
	require.NoError(t, r.w.Close())

	r.w, err = wallet.Open(r.cfg, password)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.w.Close()) })
	r.start(r.w)
	again, err := r.w.FeeCoins(at, btc/20, rate, 2)
	require.NoError(t, err)
	require.Equal(t, coins, again)
	require.NoError(t, r.w.Publish(t.Context(), r.claim(at, out, again, 20_000), "claim"))
}

func TestFeeCoinsOfEitherKindAreSignedForAll(t *testing.T) {
	r := newRig(t)
	r.fill(btc, btc/2) // one of either kind
	at, out := wire.OutPoint{Index: 7}, wire.NewTxOut(20_000, channelScript(t, 1))
	coins, err := r.w.FeeCoins(at, btc+btc/4, rate, 2)
	require.NoError(t, err)
	require.Len(t, coins, 2)
	tx := r.claim(at, out, coins, 2000)
	prev := map[wire.OutPoint]*wire.TxOut{at: out}
	for i, c := range coins {
		prev[c.Out] = wire.NewTxOut(int64(c.Value), c.PkScript)
		w := tx.TxIn[i+1].Witness
		require.EqualValues(t, txscript.SigHashAll, w[0][len(w[0])-1])
		require.LessOrEqual(t, int64(w.SerializeSize()), c.Witness)
		require.GreaterOrEqual(t, int64(w.SerializeSize()), c.Witness-4, "signatures of ECDSA vary")
	}
	fetch := txscript.NewMultiPrevOutFetcher(prev)
	for i, c := range coins {
		vm, err := txscript.NewEngine(c.PkScript, tx, i+1, txscript.StandardVerifyFlags, nil,
			txscript.NewTxSigHashes(tx, fetch), int64(c.Value), fetch)
		require.NoError(t, err)
		require.NoError(t, vm.Execute())
	}
	require.NoError(t, blockchain.CheckTransactionSanity(btcutil.NewTx(tx)))

	require.ErrorContains(t, r.w.SignCoins(tx, coins, nil), "nobody says what input 0 spends")
	require.ErrorIs(t, r.w.SignCoins(wire.NewMsgTx(2), coins, prev), wallet.ErrNoCoin)
}

func TestFeeCoinsMayTakeTheReserve(t *testing.T) {
	r := newRig(t)
	r.fill(btc)
	r.w.Keep(func() btcutil.Amount { return btc })
	_, err := r.w.FeeCoins(wire.OutPoint{}, btc/2, rate, 1)
	require.NoError(t, err)
}

const reserved = 30_000

// LDK issue 4592: reserves for closing channels with anchors were counted too low.
func TestAttack11TheAnchorReserveStaysInTheWallet(t *testing.T) {
	r := newRig(t)
	r.fill(btc)
	r.w.Keep(func() btcutil.Amount { return reserved })
	script := channelScript(t, 1)
	coins, err := r.w.ListUnspent(1, 100)
	require.NoError(t, err)
	at := []wire.OutPoint{coins[0].Outpoint}
	before, err := r.w.Accounts()
	require.NoError(t, err)

	much := []*wire.TxOut{wire.NewTxOut(int64(btc-reserved), script)} // the fee is the reserve's
	_, err = r.w.Send(t.Context(), much, rate, 1, "")
	require.ErrorIs(t, err, wallet.ErrReserve)
	require.ErrorContains(t, err, "reserved wallet balance invalidated")
	_, err = r.w.SendFrom(t.Context(), at, much, rate, 1, "")
	require.ErrorIs(t, err, wallet.ErrReserve)
	_, err = r.w.Fund(script, btc-reserved, rate, 1)
	require.ErrorIs(t, err, wallet.ErrReserve)
	after, err := r.w.Accounts()
	require.NoError(t, err)
	require.Equal(t, before, after, "no address is used up")
	r.balance(wallet.Balance{Confirmed: btc})

	tx, err := r.w.SendAll(t.Context(), script, rate, 1, "")
	require.NoError(t, err)
	require.Len(t, tx.TxOut, 2)
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: reserved})
	_, err = r.w.SendAll(t.Context(), script, rate, 1, "")
	require.ErrorIs(t, err, wallet.ErrReserve)
	_, err = r.w.SendAllFrom(t.Context(), []wire.OutPoint{{Hash: tx.TxHash()}}, script, rate, 1, "")
	require.ErrorIs(t, err, wallet.ErrReserve)
	r.w.Keep(func() btcutil.Amount { return 0 })
	_, err = r.w.SendAll(t.Context(), script, rate, 1, "")
	require.NoError(t, err)
}

// Coins that others hold are the reserve, whatever is sent of the rest.
func TestTheReserveMayBeInOtherCoins(t *testing.T) {
	r := newRig(t)
	r.fill(btc, 2*reserved)
	r.w.Keep(func() btcutil.Amount { return reserved })
	coins, err := r.w.ListUnspent(1, 100)
	require.NoError(t, err)
	tx, err := r.w.SendAllFrom(t.Context(), []wire.OutPoint{coins[0].Outpoint}, channelScript(t, 1), rate, 1, "")
	require.NoError(t, err)
	require.Len(t, tx.TxOut, 1)
	_, err = r.w.Fund(channelScript(t, 1), reserved, rate, 0)
	require.ErrorIs(t, err, wallet.ErrReserve)
}
