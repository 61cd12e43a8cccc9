package chain_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/btcd"
	"github.com/nichework/nwnd/internal/btcd/btcdtest"
	"github.com/nichework/nwnd/internal/chain"
)

const (
	btc  = int64(btcutil.SatoshiPerBitcoin)
	wait = 2 * time.Minute
)

// rig is a btcd, a follower of it, and a key whose coins the test spends.
type rig struct {
	t      *testing.T
	btcd   *btcd.Node
	chain  *chain.Follower
	key    *btcec.PrivateKey
	addr   string
	script []byte
}

func newRig(t *testing.T) *rig { return newRigPolling(t, 20*time.Millisecond) }

func newRigPolling(t *testing.T, poll time.Duration) *rig {
	r := &rig{t: t, btcd: btcdtest.Start(t, btcd.Config{})}
	source, err := chain.NewBtcd(r.btcd.RPC())
	require.NoError(t, err)
	r.chain, err = chain.Start(context.WithoutCancel(t.Context()), source, chain.Config{
		Poll: poll, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	require.NoError(t, err)
	t.Cleanup(r.chain.Close)
	r.key, _ = btcec.PrivKeyFromBytes([]byte{1})
	addr, err := btcutil.NewAddressWitnessPubKeyHash(
		btcutil.Hash160(r.key.PubKey().SerializeCompressed()), r.btcd.Params())
	require.NoError(t, err)
	r.addr = addr.EncodeAddress()
	r.script, err = txscript.PayToAddrScript(addr)
	require.NoError(t, err)
	return r
}

// coin has the faucet pay the key 1 BTC, unconfirmed.
func (r *rig) coin() wire.OutPoint {
	r.t.Helper()
	id, err := r.btcd.Pay(btcutil.Amount(btc), r.addr)
	require.NoError(r.t, err)
	client, err := r.btcd.RPC().Client()
	require.NoError(r.t, err)
	defer client.Shutdown()
	tx, err := client.GetRawTransaction(&id)
	require.NoError(r.t, err)
	for i, out := range tx.MsgTx().TxOut {
		if string(out.PkScript) == string(r.script) {
			return wire.OutPoint{Hash: id, Index: uint32(i)}
		}
	}
	require.FailNow(r.t, "the faucet's payment has no output for us")
	return wire.OutPoint{}
}

// spend builds a transaction of a coin of 1 BTC back to the key, with a fee.
func (r *rig) spend(at wire.OutPoint, fee int64) *wire.MsgTx {
	r.t.Helper()
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(wire.NewTxIn(&at, nil, nil))
	tx.AddTxOut(wire.NewTxOut(btc-fee, r.script))
	prev := txscript.NewCannedPrevOutputFetcher(r.script, btc)
	witness, err := txscript.WitnessSignature(tx, txscript.NewTxSigHashes(tx, prev), 0, btc, r.script,
		txscript.SigHashAll, r.key, true)
	require.NoError(r.t, err)
	tx.TxIn[0].Witness = witness
	return tx
}

func (r *rig) mine(n int) int32 {
	r.t.Helper()
	_, err := r.btcd.Mine(n)
	require.NoError(r.t, err)
	return r.height()
}

func (r *rig) height() int32 {
	r.t.Helper()
	height, _, err := r.btcd.Best()
	require.NoError(r.t, err)
	return height
}

func next[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case e, ok := <-c:
		require.True(t, ok, "closed")
		return e
	case <-time.After(wait):
		require.FailNow(t, "no event")
		panic("unreachable")
	}
}

func TestConfirmationsAndReorgsOnBtcd(t *testing.T) {
	for _, depth := range []int{1, 6, 100} {
		r := newRig(t)
		coin := r.coin()
		c, err := r.chain.WatchConfirmed(t.Context(), coin.Hash, r.script, uint32(depth), r.height())
		require.NoError(t, err)
		mined, err := r.btcd.Mine(depth)
		require.NoError(t, err)
		e := next(t, c)
		require.True(t, e.Confirmed)
		require.Equal(t, coin.Hash, e.Tx.TxHash())
		require.Equal(t, mined[0], e.BlockHash)
		require.Equal(t, r.height()-int32(depth)+1, e.Height)

		require.NoError(t, r.btcd.Invalidate(mined[0]))
		lost := next(t, c)
		require.False(t, lost.Confirmed)
		require.Equal(t, e.BlockHash, lost.BlockHash)

		// The transaction is in the mempool again, and is mined again.
		again, err := r.btcd.Mine(depth + 1)
		require.NoError(t, err)
		e = next(t, c)
		require.True(t, e.Confirmed)
		require.Contains(t, again, e.BlockHash)

		scid := lnwire.ShortChannelID{
			BlockHeight: uint32(e.Height), TxIndex: e.TxIndex, TxPosition: uint16(coin.Index)}
		at, out, err := r.chain.FundingOutput(t.Context(), scid)
		require.NoError(t, err)
		require.Equal(t, coin, at)
		require.Equal(t, wire.NewTxOut(btc, r.script), out)
	}
}

func TestSpendsOnBtcd(t *testing.T) {
	r := newRig(t)
	coin := r.coin()
	from := r.mine(1)
	live, err := r.chain.WatchSpent(t.Context(), coin, r.script, from)
	require.NoError(t, err)
	tx := r.spend(coin, 1000)
	require.NoError(t, r.chain.Publish(t.Context(), tx))
	mined, err := r.btcd.Mine(1)
	require.NoError(t, err)
	r.mine(5)
	e := next(t, live)
	require.Equal(t, tx.TxHash(), e.Tx.TxHash())
	require.Equal(t, mined[0], e.BlockHash)
	late, err := r.chain.WatchSpent(t.Context(), coin, r.script, from)
	require.NoError(t, err)
	require.Equal(t, e.BlockHash, next(t, late).BlockHash)

	require.NoError(t, r.btcd.Invalidate(mined[0]))
	require.False(t, next(t, live).Spent)
	require.False(t, next(t, late).Spent)
	r.mine(7)
	require.True(t, next(t, live).Spent)
	require.True(t, next(t, late).Spent)
}

func TestFundingOutputErrorsOnBtcd(t *testing.T) {
	r := newRig(t)
	coin := r.coin()
	at := uint32(r.mine(1))
	_, _, err := r.chain.FundingOutput(t.Context(), lnwire.ShortChannelID{BlockHeight: at + 1})
	require.ErrorIs(t, err, chain.ErrUnknownBlock)
	_, _, err = r.chain.FundingOutput(t.Context(), lnwire.ShortChannelID{BlockHeight: at, TxIndex: 2})
	require.ErrorIs(t, err, chain.ErrNoSuchTx)
	_, _, err = r.chain.FundingOutput(t.Context(),
		lnwire.ShortChannelID{BlockHeight: at, TxIndex: 1, TxPosition: 9})
	require.ErrorIs(t, err, chain.ErrNoSuchOutput)
	scid := lnwire.ShortChannelID{BlockHeight: at, TxIndex: 1, TxPosition: uint16(coin.Index)}
	require.NoError(t, r.chain.Publish(t.Context(), r.spend(coin, 1000)))
	_, _, err = r.chain.FundingOutput(t.Context(), scid)
	require.NoError(t, err, "a spend in the mempool is none yet")
	r.mine(1)
	_, _, err = r.chain.FundingOutput(t.Context(), scid)
	require.ErrorIs(t, err, chain.ErrSpent)
}

func TestPublishOnBtcd(t *testing.T) {
	r := newRig(t)
	coin := r.coin()
	r.mine(1)
	tx := r.spend(coin, 1000)
	require.NoError(t, r.chain.Publish(t.Context(), tx))
	require.NoError(t, r.chain.Publish(t.Context(), tx), "in the mempool")

	other := r.spend(coin, 1001)
	err := r.chain.Publish(t.Context(), other)
	require.ErrorIs(t, err, chain.ErrRejected)
	require.ErrorIs(t, err, chain.ErrConflict)

	r.mine(1)
	require.NoError(t, r.chain.Publish(t.Context(), tx), "in a block")
	err = r.chain.Publish(t.Context(), other)
	require.ErrorIs(t, err, chain.ErrRejected)
	require.ErrorIs(t, err, chain.ErrMissingInputs)

	// All outputs of the transaction are spent in turn: it is still a success.
	child := wire.NewMsgTx(2)
	child.AddTxIn(wire.NewTxIn(&wire.OutPoint{Hash: tx.TxHash()}, nil, nil))
	child.AddTxOut(wire.NewTxOut(btc-5000, r.script))
	prev := txscript.NewCannedPrevOutputFetcher(r.script, btc-1000)
	child.TxIn[0].Witness, err = txscript.WitnessSignature(child, txscript.NewTxSigHashes(child, prev), 0,
		btc-1000, r.script, txscript.SigHashAll, r.key, true)
	require.NoError(t, err)
	require.NoError(t, r.chain.Publish(t.Context(), child))
	r.mine(1)
	require.NoError(t, r.chain.Publish(t.Context(), tx), "in a block, and spent")

	bad := r.spend(r.coin(), 1000)
	bad.TxIn[0].Witness[0] = make([]byte, 70)
	err = r.chain.Publish(t.Context(), bad)
	require.ErrorIs(t, err, chain.ErrRejected)
	require.NotErrorIs(t, err, chain.ErrUnavailable)
}

func TestFeeEstimateOnBtcdFallsBack(t *testing.T) {
	r := newRig(t)
	got, err := r.chain.EstimateFee(t.Context(), 6)
	require.NoError(t, err)
	require.EqualValues(t, 1000, got)
}

func TestBtcdRestart(t *testing.T) {
	r := newRig(t)
	coin := r.coin()
	c, err := r.chain.WatchConfirmed(t.Context(), coin.Hash, r.script, 2, r.height())
	require.NoError(t, err)
	r.mine(1)
	require.NoError(t, r.btcd.Stop())
	require.ErrorIs(t, r.chain.Publish(t.Context(), r.spend(coin, 1000)), chain.ErrUnavailable)
	require.NoError(t, r.btcd.Restart(t.Context()))
	r.mine(1)
	require.True(t, next(t, c).Confirmed)
	require.NoError(t, r.chain.Publish(t.Context(), r.spend(coin, 1000)))
}

func TestStartWaitsForBtcd(t *testing.T) {
	r := newRig(t)
	require.NoError(t, r.btcd.Stop())
	source, err := chain.NewBtcd(r.btcd.RPC())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = chain.Start(ctx, source, chain.Config{Poll: 10 * time.Millisecond})
	require.ErrorIs(t, err, chain.ErrUnavailable)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestWrongCredentials(t *testing.T) {
	r := newRig(t)
	rpc := r.btcd.RPC()
	rpc.Pass = "wrong"
	source, err := chain.NewBtcd(rpc)
	require.NoError(t, err)
	_, _, err = source.Tip(t.Context())
	require.ErrorIs(t, err, chain.ErrUnavailable)
	require.ErrorContains(t, err, "password")
	require.NotContains(t, err.Error(), "wrong")

	rpc.CertPath = filepath.Join(t.TempDir(), "none")
	_, err = chain.NewBtcd(rpc)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(rpc.CertPath, []byte("no certificate"), 0o600))
	_, err = chain.NewBtcd(rpc)
	require.ErrorContains(t, err, "certificate")
}

func TestMempoolOnBtcd(t *testing.T) {
	r := newRig(t)
	coin := r.coin()
	w, err := r.chain.WatchMempool(t.Context())
	require.NoError(t, err)
	w.Add(wire.OutPoint{Index: 1}, nil)
	w.Add(coin, r.script)
	tx := r.spend(coin, 2000)
	require.NoError(t, r.chain.Publish(t.Context(), tx))
	seen := next(t, w.Seen())
	require.Equal(t, tx.TxHash(), seen.TxHash())
	require.Equal(t, tx.TxIn[0].Witness, seen.TxIn[0].Witness, "a preimage would be there")
}

// Replacement cycling (CVE-2023-40231): what is in the mempool for a moment only is seen, since btcd
// tells of it without being asked.
func TestAttack22ASpendIsSeenThoughItIsThereForAMomentOnly(t *testing.T) {
	r := newRigPolling(t, time.Hour) // nothing is asked for
	w, err := r.chain.WatchMempool(t.Context())
	require.NoError(t, err)
	coin := r.coin()
	w.Add(coin, r.script)
	tried := make(map[chainhash.Hash]*wire.MsgTx) // an earlier one may be told of late
	for deadline := time.Now().Add(2 * time.Minute); ; {
		later := r.coin() // for another try: btcd knows what is watched a moment after it is added
		w.Add(later, r.script)
		tx := r.spend(coin, 2000)
		require.NoError(t, r.chain.Publish(t.Context(), tx))
		tried[tx.TxHash()] = tx
		select {
		case seen := <-w.Seen():
			require.Contains(t, tried, seen.TxHash())
			require.Equal(t, tried[seen.TxHash()].TxIn[0].Witness, seen.TxIn[0].Witness, "a preimage would be there")
			return
		case <-time.After(2 * time.Second):
			require.True(t, time.Now().Before(deadline), "never seen")
		}
		coin = later
	}
}

func TestMempoolIsListenedToAgainWhenBtcdIsBack(t *testing.T) {
	r := newRig(t)
	w, err := r.chain.WatchMempool(t.Context())
	require.NoError(t, err)
	require.NoError(t, r.btcd.Stop())
	require.NoError(t, r.btcd.Restart(t.Context()))
	coin := r.coin()
	w.Add(coin, r.script)
	tx := r.spend(coin, 2000)
	require.NoError(t, r.chain.Publish(t.Context(), tx))
	require.Equal(t, tx.TxHash(), next(t, w.Seen()).TxHash())
}
