package wallet_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/wallet"
)

const slow = wallet.SatPerKWeight(300) // a bit over 1 sat/vbyte

// pay sends to an address of our own, and gives the output that pays it.
func (r *rig) pay(kind wallet.AddressKind, amount btcutil.Amount, at wallet.SatPerKWeight, minConfs int32) (wire.OutPoint, *wire.MsgTx) {
	r.t.Helper()
	addr, err := r.w.NewAddress(r.t.Context(), kind)
	require.NoError(r.t, err)
	script, err := txscript.PayToAddrScript(addr)
	require.NoError(r.t, err)
	tx, err := r.w.Send(r.t.Context(), []*wire.TxOut{wire.NewTxOut(int64(amount), script)}, at, minConfs, "slow")
	require.NoError(r.t, err)
	for i, out := range tx.TxOut {
		if bytes.Equal(out.PkScript, script) {
			return wire.OutPoint{Hash: tx.TxHash(), Index: uint32(i)}, tx
		}
	}
	r.t.Fatal("the payment isn't in its transaction")
	return wire.OutPoint{}, nil
}

// sent finds a transaction of ours.
func (r *rig) sent(txid chainhash.Hash) wallet.Transaction {
	r.t.Helper()
	tx, err := r.w.Transaction(txid)
	require.NoError(r.t, err)
	return tx
}

// satPerVByte is what transactions pay together.
func (r *rig) satPerVByte(txs ...chainhash.Hash) float64 {
	var fee, size float64
	for _, id := range txs {
		tx := r.sent(id)
		fee += float64(tx.Fee)
		size += float64(vsize(tx.Tx))
	}
	return fee / size
}

func TestABumpPaysForWhatItDescendsFrom(t *testing.T) {
	r := newRig(t)
	r.fill(btc, btc)
	first, _ := r.pay(wallet.P2WKH, btc/2, slow, 1)
	second, _ := r.pay(wallet.P2TR, btc*3/2-btc/10, slow, 0) // spends the first too
	b, err := r.w.BumpFee(t.Context(), wallet.BumpRequest{Coin: second, Rate: 5000})
	require.NoError(t, err)
	require.InDelta(t, 20, r.satPerVByte(first.Hash, second.Hash, b.Tx), 0.5, "sat per vbyte of the three")
	require.EqualValues(t, 1, b.Attempts)
	require.Equal(t, r.sent(b.Tx).Fee, b.Fee)

	again, err := r.w.BumpFee(t.Context(), wallet.BumpRequest{Coin: second, Rate: 10000})
	require.NoError(t, err)
	require.InDelta(t, 40, r.satPerVByte(first.Hash, second.Hash, again.Tx), 1)
	require.EqualValues(t, 2, again.Attempts)
	_, err = r.w.Transaction(b.Tx)
	require.ErrorIs(t, err, wallet.ErrNoTransaction, "the first child is replaced")
	all, err := r.w.Bumps()
	require.NoError(t, err)
	require.Equal(t, []wallet.Bump{again}, all)

	fees := r.sent(first.Hash).Fee + r.sent(second.Hash).Fee + again.Fee
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: 2*btc - fees})
	_, err = r.w.BumpFee(t.Context(), wallet.BumpRequest{Coin: second, Rate: 20000})
	require.ErrorIs(t, err, wallet.ErrNothingToBump, "it is in a block")
}

func TestABumpOfWhatOthersPaid(t *testing.T) {
	r := newRig(t)
	txid, err := r.btcd.Pay(btc, r.address(wallet.P2WKH))
	require.NoError(t, err)
	r.balance(wallet.Balance{Unconfirmed: btc})
	coins, err := r.w.ListUnspent(0, 0)
	require.NoError(t, err)
	require.Equal(t, txid, coins[0].Outpoint.Hash)
	b, err := r.w.BumpFee(t.Context(), wallet.BumpRequest{Coin: coins[0].Outpoint, Rate: 5000})
	require.NoError(t, err)
	child := r.sent(b.Tx)
	parent := r.sent(txid)
	relayed := btcutil.Amount(vsize(parent.Tx))
	require.GreaterOrEqual(t, float64(b.Fee+relayed)/float64(vsize(child.Tx)+vsize(parent.Tx)), 19.9)
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: btc - b.Fee})
}

func TestASmallCoinIsBumpedWithTheHelpOfOthers(t *testing.T) {
	r := newRig(t)
	r.fill(btc, btc)
	coin, _ := r.pay(wallet.P2TR, 1000, slow, 1)
	ask := wallet.BumpRequest{Coin: coin, Rate: 5000}
	_, err := r.w.BumpFee(t.Context(), ask)
	require.ErrorIs(t, err, wallet.ErrBudget, "half of the coin")
	require.ErrorContains(t, err, "its budget is 0.00000500 BTC")
	ask.Budget = 20_000
	b, err := r.w.BumpFee(t.Context(), ask)
	require.NoError(t, err)
	require.Len(t, r.sent(b.Tx).Tx.TxIn, 2)
	require.InDelta(t, 20, r.satPerVByte(coin.Hash, b.Tx), 0.5)
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: 2*btc - r.sent(coin.Hash).Fee - b.Fee})
}

func TestWhatCannotBeBumped(t *testing.T) {
	r := newRig(t)
	r.fill(btc)
	coin, tx := r.pay(wallet.P2TR, 1000, slow, 1)
	foreign, err := r.w.Send(t.Context(), []*wire.TxOut{wire.NewTxOut(5000, channelScript(t, 1))}, slow, 0, "")
	require.NoError(t, err)
	theirs := wire.OutPoint{Hash: foreign.TxHash()}
	for foreign.TxOut[theirs.Index].Value != 5000 {
		theirs.Index++
	}
	for name, c := range map[string]struct {
		ask wallet.BumpRequest
		err error
	}{
		"unknown":       {wallet.BumpRequest{Coin: wire.OutPoint{Index: 1}, Rate: 5000}, wallet.ErrNoTransaction},
		"no such one":   {wallet.BumpRequest{Coin: wire.OutPoint{Hash: coin.Hash, Index: 99}, Rate: 5000}, wallet.ErrNothingToBump},
		"not ours":      {wallet.BumpRequest{Coin: theirs, Rate: 5000}, wallet.ErrNothingToBump},
		"spent by us":   {wallet.BumpRequest{Coin: wire.OutPoint{Hash: coin.Hash, Index: 1 - coin.Index}, Rate: 5000}, wallet.ErrNothingToBump},
		"not relayed":   {wallet.BumpRequest{Coin: coin, Rate: 1}, wallet.ErrFeeRate},
		"no funds":      {wallet.BumpRequest{Coin: coin, Rate: 5000, Budget: btc}, wallet.ErrInsufficientFunds},
		"over a budget": {wallet.BumpRequest{Coin: coin, Rate: 5000, Budget: 100}, wallet.ErrBudget},
	} {
		_, err := r.w.BumpFee(t.Context(), c.ask)
		require.ErrorIs(t, err, c.err, name)
	}
	require.Len(t, tx.TxOut, 2)
	all, err := r.w.Bumps()
	require.NoError(t, err)
	require.Empty(t, all)
}

func TestABumpWhoseChangeIsSpentStays(t *testing.T) {
	r := newRig(t)
	r.fill(btc)
	coin, _ := r.pay(wallet.P2WKH, btc/2, slow, 1)
	b, err := r.w.BumpFee(t.Context(), wallet.BumpRequest{Coin: coin, Rate: 5000})
	require.NoError(t, err)
	out := []*wire.TxOut{wire.NewTxOut(5000, channelScript(t, 1))}
	paid, err := r.w.SendFrom(t.Context(), []wire.OutPoint{{Hash: b.Tx}}, out, slow, 0, "")
	require.NoError(t, err)
	_, err = r.w.BumpFee(t.Context(), wallet.BumpRequest{Coin: coin, Rate: 20000})
	require.ErrorIs(t, err, wallet.ErrNothingToBump)
	require.ErrorContains(t, err, "output 0 of "+b.Tx.String())
	r.sent(paid.TxHash())
}

func TestACoinThatIsSpentSinceItsBumpWasRefusedStaysSpent(t *testing.T) {
	r := newRig(t)
	r.fill(btc)
	coin, _ := r.pay(wallet.P2WKH, btc/2, slow, 1)
	b, err := r.w.BumpFee(t.Context(), wallet.BumpRequest{Coin: coin, Rate: 5000})
	require.NoError(t, err)
	r.again(func(txid chainhash.Hash) error {
		if txid == b.Tx {
			return errors.New("TX rejected: not today")
		}
		return nil
	})
	eventually(t, func() bool {
		_, err := r.w.Transaction(b.Tx)
		return errors.Is(err, wallet.ErrNoTransaction)
	}, "the child is not forgotten")
	r.sent(coin.Hash)
	out := []*wire.TxOut{wire.NewTxOut(5000, channelScript(t, 1))}
	paid, err := r.w.SendFrom(t.Context(), []wire.OutPoint{coin}, out, 20000, 0, "")
	require.NoError(t, err)
	_, err = r.w.BumpFee(t.Context(), wallet.BumpRequest{Coin: coin, Rate: 60000})
	require.ErrorIs(t, err, wallet.ErrNothingToBump)
	r.sent(paid.TxHash())
}

func TestALeasedCoinIsNotSpent(t *testing.T) {
	r := newRig(t)
	r.fill(btc)
	coins, err := r.w.ListUnspent(1, 10)
	require.NoError(t, err)
	at := coins[0].Outpoint
	mine, other := [32]byte{1}, [32]byte{2}
	ends, err := r.w.Lease(mine, at, time.Hour)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(time.Hour), ends, time.Minute)
	r.balance(wallet.Balance{})
	_, err = r.w.Fund(channelScript(t, 1), btc/2, rate, 1)
	require.ErrorIs(t, err, wallet.ErrInsufficientFunds)
	_, err = r.w.Lease(other, at, time.Hour)
	require.ErrorIs(t, err, wallet.ErrLeased)
	require.ErrorIs(t, r.w.Release(other, at), wallet.ErrLeased)
	_, err = r.w.Lease(mine, at, 2*time.Hour)
	require.NoError(t, err, "prolonged")
	_, err = r.w.Lease(mine, wire.OutPoint{}, time.Hour)
	require.ErrorIs(t, err, wallet.ErrNoCoin)
	all, err := r.w.Leases()
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, at, all[0].Coin)
	require.Equal(t, btc, all[0].Amount)
	require.NoError(t, r.w.Release(mine, at))
	require.ErrorIs(t, r.w.Release(mine, at), wallet.ErrNoCoin)
	r.balance(wallet.Balance{Confirmed: btc})
}

func TestOnlyTheCoinsThatWereNamedAreSpent(t *testing.T) {
	r := newRig(t)
	r.fill(btc, 2*btc, 3*btc)
	coins, err := r.w.ListUnspent(1, 10)
	require.NoError(t, err)
	small := coins[2].Outpoint
	out := []*wire.TxOut{wire.NewTxOut(int64(btc)/2, channelScript(t, 1))}
	fee, spent, err := r.w.Estimate([]wire.OutPoint{small}, out, rate, 1)
	require.NoError(t, err)
	require.Equal(t, []wire.OutPoint{small}, spent)
	tx, err := r.w.SendFrom(t.Context(), []wire.OutPoint{small}, out, rate, 1, "")
	require.NoError(t, err)
	require.Equal(t, fee, r.sent(tx.TxHash()).Fee, "as estimated")
	require.Equal(t, small, tx.TxIn[0].PreviousOutPoint)
	_, err = r.w.SendFrom(t.Context(), []wire.OutPoint{small}, out, rate, 1, "")
	require.ErrorIs(t, err, wallet.ErrNoCoin, "spent")

	pair := []wire.OutPoint{coins[0].Outpoint, coins[1].Outpoint}
	_, err = r.w.SendAllFrom(t.Context(), append(pair, pair[0]), channelScript(t, 1), rate, 1, "")
	require.ErrorIs(t, err, wallet.ErrNoCoin, "named twice")
	_, _, err = r.w.Estimate(make([]wire.OutPoint, 501), out, rate, 1)
	require.ErrorIs(t, err, wallet.ErrNoCoin, "too many")
	tx, err = r.w.SendAllFrom(t.Context(), pair, channelScript(t, 1), rate, 1, "")
	require.NoError(t, err)
	require.Len(t, tx.TxOut, 1)
	require.Len(t, tx.TxIn, 2)
}

func TestLabels(t *testing.T) {
	r := newRig(t)
	r.fill(btc)
	coin, _ := r.pay(wallet.P2WKH, 5000, rate, 1)
	require.Equal(t, "slow", r.sent(coin.Hash).Label)
	require.ErrorIs(t, r.w.Label(coin.Hash, "rent", false), wallet.ErrLabelled)
	require.NoError(t, r.w.Label(coin.Hash, "rent", true))
	require.Equal(t, "rent", r.sent(coin.Hash).Label)
	require.ErrorIs(t, r.w.Label(chainhash.Hash{}, "rent", true), wallet.ErrNoTransaction)
}
