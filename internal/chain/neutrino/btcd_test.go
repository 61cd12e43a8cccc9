package neutrino_test

import (
	"context"
	"log/slog"
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
	"github.com/nichework/nwnd/internal/chain/neutrino"
)

const (
	btc  = int64(btcutil.SatoshiPerBitcoin)
	wait = 2 * time.Minute
)

// rig is a btcd, a light client of it, a follower of that, and a key whose coins the test spends.
type rig struct {
	t      *testing.T
	btcd   *btcd.Node
	cfg    neutrino.Config
	light  *neutrino.Service
	chain  *chain.Follower
	key    *btcec.PrivateKey
	addr   string
	script []byte
}

func newRig(t *testing.T) *rig {
	r := &rig{t: t, btcd: btcdtest.Start(t, btcd.Config{})}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	r.cfg = neutrino.Config{
		Dir: t.TempDir(), Params: r.btcd.Params(), Connect: []string{r.btcd.RPC().P2P}, Log: log,
	}
	r.key, _ = btcec.PrivKeyFromBytes([]byte{1})
	addr, err := btcutil.NewAddressWitnessPubKeyHash(
		btcutil.Hash160(r.key.PubKey().SerializeCompressed()), r.btcd.Params())
	require.NoError(t, err)
	r.addr = addr.EncodeAddress()
	r.script, err = txscript.PayToAddrScript(addr)
	require.NoError(t, err)
	r.open()
	return r
}

// open starts the light client and its follower, and waits until they have btcd's chain.
func (r *rig) open() {
	r.t.Helper()
	var err error
	r.light, err = neutrino.Open(r.cfg)
	require.NoError(r.t, err)
	r.t.Cleanup(func() { require.NoError(r.t, r.light.Close()) })
	r.chain, err = chain.Start(context.WithoutCancel(r.t.Context()), r.light, chain.Config{
		Poll: 20 * time.Millisecond, Filters: r.light, Log: r.cfg.Log,
	})
	require.NoError(r.t, err)
	r.t.Cleanup(r.chain.Close)
	r.synced()
}

// synced waits until the follower has btcd's tip.
func (r *rig) synced() {
	r.t.Helper()
	_, hash, err := r.btcd.Best()
	require.NoError(r.t, err)
	for deadline := time.After(wait); ; {
		for tip := range r.chain.Blocks(r.t.Context()) {
			if tip.Hash == hash {
				return
			}
			select {
			case <-deadline:
				require.Equal(r.t, hash, tip.Hash, "not synced")
			default:
			}
		}
	}
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

func (r *rig) height() int32 {
	r.t.Helper()
	height, _, err := r.btcd.Best()
	require.NoError(r.t, err)
	return height
}

// mine mines n blocks and waits for them.
func (r *rig) mine(n int) []chainhash.Hash {
	r.t.Helper()
	hashes, err := r.btcd.Mine(n)
	require.NoError(r.t, err)
	r.synced()
	return hashes
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

func TestConfirmationsAndReorgsOnNeutrino(t *testing.T) {
	r := newRig(t)
	for _, depth := range []int{1, 6} {
		coin := r.coin()
		c, err := r.chain.WatchConfirmed(t.Context(), coin.Hash, r.script, uint32(depth), r.height())
		require.NoError(t, err)
		mined := r.mine(depth)
		e := next(t, c)
		require.True(t, e.Confirmed)
		require.Equal(t, coin.Hash, e.Tx.TxHash())
		require.Equal(t, mined[0], e.BlockHash)
		require.Equal(t, r.height()-int32(depth)+1, e.Height)

		// The transaction is in the mempool again, and is mined again.
		require.NoError(t, r.btcd.Invalidate(mined[0]))
		again := r.mine(depth + 1)
		lost := next(t, c)
		require.False(t, lost.Confirmed)
		require.Equal(t, e.BlockHash, lost.BlockHash)
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

func TestSpendsOnNeutrino(t *testing.T) {
	r := newRig(t)
	coin := r.coin()
	r.mine(1)
	from := r.height()
	live, err := r.chain.WatchSpent(t.Context(), coin, r.script, from)
	require.NoError(t, err)
	tx := r.spend(coin, 1000)
	require.NoError(t, r.chain.Publish(t.Context(), tx))
	mined := r.mine(6)
	e := next(t, live)
	require.Equal(t, tx.TxHash(), e.Tx.TxHash())
	require.Equal(t, mined[0], e.BlockHash)
	late, err := r.chain.WatchSpent(t.Context(), coin, r.script, from)
	require.NoError(t, err)
	require.Equal(t, e.BlockHash, next(t, late).BlockHash)

	require.NoError(t, r.btcd.Invalidate(mined[0]))
	r.mine(7)
	for _, c := range []<-chan chain.SpendEvent{live, late} {
		require.False(t, next(t, c).Spent)
		require.True(t, next(t, c).Spent)
	}
}

func TestFundingOutputOnNeutrino(t *testing.T) {
	r := newRig(t)
	coin := r.coin()
	r.mine(1)
	at := uint32(r.height())
	scid := lnwire.ShortChannelID{BlockHeight: at, TxIndex: 1, TxPosition: uint16(coin.Index)}
	for _, tc := range []struct {
		scid lnwire.ShortChannelID
		want error
	}{
		{lnwire.ShortChannelID{BlockHeight: at + 1}, chain.ErrUnknownBlock},
		{lnwire.ShortChannelID{BlockHeight: at, TxIndex: 2}, chain.ErrNoSuchTx},
		{lnwire.ShortChannelID{BlockHeight: at, TxIndex: 1, TxPosition: 9}, chain.ErrNoSuchOutput},
	} {
		_, _, err := r.chain.FundingOutput(t.Context(), tc.scid)
		require.ErrorIs(t, err, tc.want)
	}
	require.NoError(t, r.chain.Publish(t.Context(), r.spend(coin, 1000)))
	_, _, err := r.chain.FundingOutput(t.Context(), scid)
	require.NoError(t, err, "a spend in the mempool is none yet")
	r.mine(1)
	_, _, err = r.chain.FundingOutput(t.Context(), scid)
	require.ErrorIs(t, err, chain.ErrSpent)

	_, err = r.light.Unspent(t.Context(), coin, chainhash.Hash{})
	require.ErrorIs(t, err, chain.ErrUnknownBlock, "the block is needed")
}

func TestPublishOnNeutrino(t *testing.T) {
	r := newRig(t)
	coin := r.coin()
	r.mine(1)
	tx := r.spend(coin, 1000)
	require.NoError(t, r.chain.Publish(t.Context(), tx))
	require.NoError(t, r.chain.Publish(t.Context(), tx), "in the mempool")

	err := r.chain.Publish(t.Context(), r.spend(coin, 1001))
	require.ErrorIs(t, err, chain.ErrRejected)
	require.ErrorIs(t, err, chain.ErrConflict)
	r.mine(1)
	require.NoError(t, r.chain.Publish(t.Context(), tx), "in a block")

	bad := r.spend(r.coin(), 1000)
	bad.TxIn[0].Witness[0] = make([]byte, 70)
	err = r.chain.Publish(t.Context(), bad)
	require.ErrorIs(t, err, chain.ErrRejected)
	require.NotErrorIs(t, err, chain.ErrUnavailable)

	require.NoError(t, r.btcd.Stop())
	require.Eventually(t, func() bool {
		p, err := r.light.Progress()
		return err == nil && p.Peers == 0
	}, wait, 10*time.Millisecond)
	require.ErrorIs(t, r.chain.Publish(t.Context(), r.spend(coin, 1000)), chain.ErrUnavailable, "there is no peer")
}

func TestPeerGoesAndComesBack(t *testing.T) {
	r := newRig(t)
	coin := r.coin()
	c, err := r.chain.WatchConfirmed(t.Context(), coin.Hash, r.script, 2, r.height())
	require.NoError(t, err)
	r.mine(1)
	require.NoError(t, r.btcd.Stop())
	require.NoError(t, r.btcd.Restart(t.Context()))
	r.mine(1)
	require.True(t, next(t, c).Confirmed)
}

func TestServiceStartsWhereItEnded(t *testing.T) {
	r := newRig(t)
	_, err := neutrino.Open(r.cfg)
	require.ErrorIs(t, err, neutrino.ErrInUse)
	r.chain.Close()
	require.NoError(t, r.light.Close())
	require.NoError(t, r.light.Close(), "a second time")
	_, _, err = r.light.Tip(t.Context())
	require.ErrorIs(t, err, chain.ErrUnavailable)

	mined, err := r.btcd.Mine(3)
	require.NoError(t, err)
	require.NoError(t, r.btcd.Stop())
	r.light, err = neutrino.Open(r.cfg)
	require.NoError(t, err)
	_, height, err := r.light.Tip(t.Context())
	require.NoError(t, err)
	require.NotZero(t, height, "what was known is known without a peer")
	require.NoError(t, r.light.Close())

	require.NoError(t, r.btcd.Restart(t.Context()))
	r.open()
	require.Equal(t, mined[2], r.chain.Best().Hash)
	p, err := r.light.Progress()
	require.NoError(t, err)
	require.Equal(t, neutrino.Progress{
		Headers: r.height(), Filters: r.height(), Target: r.height(), Peers: 1, Synced: true}, p)
	_, err = r.light.Block(t.Context(), chainhash.Hash{1})
	require.ErrorIs(t, err, chain.ErrUnknownBlock)
	rate, err := r.light.EstimateFee(t.Context(), 6)
	require.NoError(t, err)
	require.Zero(t, rate, "peers know no fees")
}
