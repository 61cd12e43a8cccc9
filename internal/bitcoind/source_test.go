package bitcoind

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/btcsuite/btcd/btcjson"
	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/bitcoind/bitcoindtest"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/wallet"
)

func TestTheSourceAnswersAsAChainSourceDoes(t *testing.T) {
	fake := bitcoindtest.Start(t)
	source := newSource(t, config(fake))
	ctx := t.Context()
	height, hash, err := fake.Btcd.Best()
	require.NoError(t, err)

	t.Run("blocks", func(t *testing.T) {
		got, at, err := source.Tip(ctx)
		require.NoError(t, err)
		require.Equal(t, hash, got)
		require.Equal(t, height, at)
		got, err = source.HashAt(ctx, height)
		require.NoError(t, err)
		require.Equal(t, hash, got)
		for _, unknown := range []int32{height + 1, 1 << 30} {
			_, err = source.HashAt(ctx, unknown)
			require.ErrorIs(t, err, chain.ErrUnknownBlock)
		}
		block, err := source.Block(ctx, hash)
		require.NoError(t, err)
		ids, err := source.TxIDs(ctx, hash)
		require.NoError(t, err)
		require.Equal(t, []chainhash.Hash{block.Transactions[0].TxHash()}, ids)
		_, err = source.Block(ctx, chainhash.Hash{1})
		require.ErrorIs(t, err, chain.ErrUnknownBlock)
		_, err = source.TxIDs(ctx, chainhash.Hash{1})
		require.ErrorIs(t, err, chain.ErrUnknownBlock)
	})

	t.Run("mempool", func(t *testing.T) {
		addr, err := btcutil.NewAddressWitnessPubKeyHash(make([]byte, 20), fake.Btcd.Params())
		require.NoError(t, err)
		txid, err := fake.Btcd.Pay(100_000, addr.EncodeAddress())
		require.NoError(t, err)
		tx, err := source.Waiting(ctx, txid)
		require.NoError(t, err)
		require.Equal(t, txid, tx.TxHash())
		in := tx.TxIn[0].PreviousOutPoint
		spenders, err := source.Spenders(ctx, []wire.OutPoint{{Index: 3}, in})
		require.NoError(t, err)
		require.Equal(t, map[wire.OutPoint]chainhash.Hash{in: txid}, spenders)
		_, err = source.Waiting(ctx, chainhash.Hash{1})
		require.ErrorIs(t, err, chain.ErrNoSuchTx)
	})

	t.Run("outputs", func(t *testing.T) {
		block, err := source.Block(ctx, hash)
		require.NoError(t, err)
		at := wire.OutPoint{Hash: block.Transactions[0].TxHash()}
		out, err := source.Unspent(ctx, at, hash)
		require.NoError(t, err)
		require.Equal(t, block.Transactions[0].TxOut[0], out)
		out, err = source.Unspent(ctx, wire.OutPoint{Hash: at.Hash, Index: 7}, hash)
		require.NoError(t, err)
		require.Nil(t, out)
	})

	t.Run("fees", func(t *testing.T) {
		for says, want := range map[float64]chain.SatPerKWeight{0: 0, 0.00001: 250, 0.0002: 5000} {
			fake.Set(bitcoindtest.Mood{Fee: says})
			got, err := source.EstimateFee(ctx, 6)
			require.NoError(t, err)
			require.Equal(t, want, got, "0 is unknown")
		}
	})

	t.Run("a password that is wrong", func(t *testing.T) {
		fake.SetPass("another")
		defer fake.SetPass(bitcoindtest.Pass)
		_, _, err := source.Tip(ctx)
		require.ErrorIs(t, err, chain.ErrUnavailable)
		require.ErrorContains(t, err, "refuses user and password")
		require.NotContains(t, err.Error(), bitcoindtest.Pass)
		_, err = NewBackend(source).Dial(ctx, today())
		require.ErrorContains(t, err, "refuses user and password")
	})

	t.Run("one that starts", func(t *testing.T) {
		fake.Set(bitcoindtest.Mood{Starting: true})
		defer fake.Set(bitcoindtest.Mood{})
		_, _, err := source.Tip(ctx)
		require.ErrorIs(t, err, chain.ErrUnavailable)
		require.ErrorContains(t, err, "Loading block index")
		_, err = source.Block(ctx, hash)
		require.ErrorIs(t, err, chain.ErrUnavailable)
		_, err = source.EstimateFee(ctx, 6)
		require.ErrorIs(t, err, chain.ErrUnavailable)
		err = source.Publish(ctx, wire.NewMsgTx(2))
		require.ErrorIs(t, err, chain.ErrUnavailable)
		require.NotErrorIs(t, err, chain.ErrRejected, "it said nothing of the transaction")
	})

	t.Run("one that is away", func(t *testing.T) {
		fake.Stop()
		defer fake.Resume()
		_, _, err := source.Tip(ctx)
		require.ErrorIs(t, err, chain.ErrUnavailable)
		require.ErrorIs(t, source.Publish(ctx, wire.NewMsgTx(2)), chain.ErrUnavailable)
	})
}

func TestABitcoindOfAnotherNetworkIsRefused(t *testing.T) {
	fake := bitcoindtest.Start(t)
	for _, other := range []string{"main", "test", "testnet4", "signet", "moon"} {
		fake.Set(bitcoindtest.Mood{Chain: other})
		source := newSource(t, config(fake))
		_, err := chain.Start(t.Context(), source, chain.Config{})
		require.ErrorIs(t, err, chain.ErrWrongNetwork)
		require.ErrorContains(t, err, `is on "`+other+`", expected "regtest"`)
		_, err = NewBackend(source).Dial(t.Context(), today())
		require.ErrorIs(t, err, chain.ErrWrongNetwork)
	}
}

func TestADownloadOfTheChainIsWaitedForOnce(t *testing.T) {
	var log bytes.Buffer
	source := newSource(t, Config{
		Host: "localhost:1", User: "u", Pass: "p", Polling: true, Params: &chaincfg.SigNetParams,
		Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	half := chainInfo{Blocks: 500, Headers: 1000, Progress: 0.412, Downloading: true}
	for range 3 {
		err := source.judge(half)
		require.ErrorIs(t, err, chain.ErrUnavailable)
		require.ErrorContains(t, err, "block 500 of 1000, 41.2%")
	}
	require.Equal(t, 1, bytes.Count(log.Bytes(), []byte("downloading")), "a word a minute: %s", &log)
	require.NoError(t, source.judge(chainInfo{Blocks: 1000, Headers: 1000, Progress: 1}))
	require.NoError(t, source.judge(half), "from then on blocks are taken as they come")

	source.cfg.Params = &chaincfg.RegressionNetParams
	source.synced = false
	require.NoError(t, source.judge(half), "blocks of regtest come on demand")
}

func TestAPrunedBlockComesFromAPeerOfBitcoind(t *testing.T) {
	fake := bitcoindtest.Start(t)
	var log bytes.Buffer
	cfg := config(fake)
	cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	source := newSource(t, cfg)
	ctx := t.Context()
	fake.Set(bitcoindtest.Mood{PrunedBelow: 300})
	for range 2 {
		_, _, err := source.Tip(ctx)
		require.NoError(t, err)
	}
	require.Equal(t, 1, bytes.Count(log.Bytes(), []byte("pruned")))
	for height, ask := range map[int32]func(chainhash.Hash) error{
		298: func(h chainhash.Hash) error { _, err := source.Block(ctx, h); return err },
		299: func(h chainhash.Hash) error { _, err := source.TxIDs(ctx, h); return err },
	} {
		hash, err := source.HashAt(ctx, height)
		require.NoError(t, err)
		err = ask(hash)
		require.ErrorIs(t, err, chain.ErrUnavailable)
		require.ErrorContains(t, err, "peer 7 is asked")
		require.NoError(t, ask(hash))
	}
	hash, err := source.HashAt(ctx, 300)
	require.NoError(t, err)
	_, err = source.Block(ctx, hash)
	require.NoError(t, err)
	hash, err = source.HashAt(ctx, 10)
	require.NoError(t, err)
	fake.Fail("getblockfrompeer", btcjson.ErrRPCMisc, "Peer does not exist")
	_, err = source.Block(ctx, hash)
	require.ErrorIs(t, err, chain.ErrUnavailable)
	require.ErrorContains(t, err, "Peer does not exist")
}

func TestRefusalsAreToldFromSuccessAndFromNoAnswer(t *testing.T) {
	id := chainhash.Hash{1}
	for _, c := range []struct {
		code    btcjson.RPCErrorCode
		message string
		want    error // nil: success
		kind    error
	}{
		{-27, "Transaction outputs already in utxo set", nil, nil},
		{-27, "transaction already in block chain", nil, nil},
		{-26, "txn-already-in-mempool", nil, nil},
		{-26, "txn-already-known", nil, nil},
		{-26, "txn-same-nonwitness-data-in-mempool", nil, nil},
		{-25, "bad-txns-inputs-missingorspent", chain.ErrRejected, chain.ErrMissingInputs},
		{-25, "Missing inputs", chain.ErrRejected, chain.ErrMissingInputs},
		{-25, "Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)", chain.ErrRejected, nil},
		{-26, "min relay fee not met, 0 < 141", chain.ErrRejected, chain.ErrFeeTooLow},
		{-26, "mempool min fee not met, 200 < 400", chain.ErrRejected, chain.ErrFeeTooLow},
		{-26, "mempool full", chain.ErrRejected, chain.ErrFeeTooLow},
		{-26, "txn-mempool-conflict", chain.ErrRejected, chain.ErrConflict},
		{-26, "insufficient fee, rejecting replacement", chain.ErrRejected, chain.ErrConflict},
		{-26, "dust", chain.ErrRejected, nil},
		{-26, "mandatory-script-verify-flag-failed (Signature must be zero)", chain.ErrRejected, nil},
		{-22, "TX decode failed", chain.ErrRejected, nil},
		{-28, "Loading block index…", chain.ErrUnavailable, nil},
		{-32603, "internal", chain.ErrUnavailable, nil},
		{-4, "P2P functionality is disabled", chain.ErrUnavailable, nil},
	} {
		err := refusal(id, btcjson.NewRPCError(c.code, c.message))
		if c.want == nil {
			require.NoError(t, err, c.message)
			continue
		}
		require.ErrorIs(t, err, c.want, c.message)
		require.ErrorContains(t, err, c.message)
		require.Equal(t, c.want == chain.ErrRejected, errors.Is(err, chain.ErrRejected), c.message)
		for _, kind := range []error{chain.ErrMissingInputs, chain.ErrFeeTooLow, chain.ErrConflict} {
			require.Equal(t, c.kind == kind, errors.Is(err, kind), c.message)
		}
	}
	require.ErrorIs(t, refusal(id, context.DeadlineExceeded), chain.ErrUnavailable)
}

func TestPublishingATransactionOfTheChainIsASuccess(t *testing.T) {
	r := newRig(t, byZMQ, today())
	r.pay(btc, wallet.P2WKH)
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: btc})
	tx, err := r.w.Send(t.Context(), []*wire.TxOut{wire.NewTxOut(int64(btc)/2, elsewhere(t))}, rate, 1, "")
	require.NoError(t, err)
	require.NoError(t, r.chain.Publish(t.Context(), tx), "it waits already")
	r.mine(1)
	require.NoError(t, r.chain.Publish(t.Context(), tx), "it is in a block")

	invented := tx.Copy()
	invented.TxIn[0].PreviousOutPoint.Hash[0] ^= 1
	require.ErrorIs(t, r.chain.Publish(t.Context(), invented), chain.ErrMissingInputs)

	r.fake.Fail("sendrawtransaction", -26, "some new rule")
	_, err = r.w.Send(t.Context(), []*wire.TxOut{wire.NewTxOut(10_000, elsewhere(t))}, rate, 0, "")
	require.ErrorIs(t, err, wallet.ErrRejected)
	require.ErrorContains(t, err, "some new rule")
	r.fake.Fail("sendrawtransaction", -28, "Loading block index…")
	_, err = r.w.Send(t.Context(), []*wire.TxOut{wire.NewTxOut(10_000, elsewhere(t))}, rate, 0, "")
	require.Error(t, err)
	require.NotErrorIs(t, err, wallet.ErrRejected, "nobody has judged it")
}

func TestANetworkThatBitcoindLacksIsRefused(t *testing.T) {
	_, err := New(Config{Host: "localhost:1", User: "u", Pass: "p", Params: &chaincfg.SimNetParams, Polling: true})
	require.ErrorIs(t, err, ErrNetwork)
	_, err = New(Config{})
	require.ErrorIs(t, err, ErrNetwork)
}

func TestACookieFileThatIsNoneIsAnErrorWithoutItsText(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".cookie")
	cfg := Config{Cookie: path}
	_, _, err := cfg.login()
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "is bitcoind running?")
	require.NoError(t, os.WriteFile(path, []byte("secret"), 0o600))
	_, _, err = cfg.login()
	require.ErrorContains(t, err, "user:password")
	require.NotContains(t, err.Error(), "secret")
	require.NoError(t, os.WriteFile(path, []byte("__cookie__:abc\n"), 0o600))
	user, pass, err := cfg.login()
	require.NoError(t, err)
	require.Equal(t, "__cookie__ abc", user+" "+pass)
}
