package bitcoind

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/chaincfg"
	"github.com/btcsuite/btcd/txscript"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/bitcoind/bitcoindtest"
	"github.com/nichework/nwnd/internal/chain"
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

// config reaches a fake, by ZMQ.
func config(f *bitcoindtest.Fake) Config {
	cfg := Config{
		Host: f.Host(), User: bitcoindtest.User, Pass: bitcoindtest.Pass, Params: &chaincfg.RegressionNetParams,
	}
	cfg.ZMQBlock, cfg.ZMQTx = f.ZMQ()
	return cfg
}

func newSource(t *testing.T, cfg Config) *Source {
	t.Helper()
	source, err := New(cfg)
	require.NoError(t, err)
	return source
}

// rig is a fake, and a wallet and a follower on it.
type rig struct {
	t      *testing.T
	fake   *bitcoindtest.Fake
	source *Source
	chain  *chain.Follower
	words  wallet.Mnemonic
	timing timing
	w      *wallet.Wallet
}

func newRig(t *testing.T, change func(*Config), birth time.Time) *rig {
	t.Helper()
	r := newRigOn(t, bitcoindtest.Start(t), change, birth)
	r.synced()
	return r
}

// newRigOn doesn't wait until the wallet is synced.
func newRigOn(t *testing.T, fake *bitcoindtest.Fake, change func(*Config), birth time.Time) *rig {
	t.Helper()
	r := &rig{t: t, fake: fake}
	cfg := config(r.fake)
	cfg.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	change(&cfg)
	source := newSource(t, cfg)
	var err error
	r.chain, err = chain.Start(t.Context(), source, chain.Config{Poll: 50 * time.Millisecond, Log: cfg.Log})
	require.NoError(t, err)
	t.Cleanup(r.chain.Close)

	words, err := wallet.GenSeed(nil, birth)
	require.NoError(t, err)
	r.words, r.source = words, source
	r.timing = timing{check: 50 * time.Millisecond, away: 100 * time.Millisecond, stall: time.Second}
	r.w = r.open(0)
	return r
}

// open makes a wallet of the rig's words, which looks for coins if window isn't 0.
func (r *rig) open(window uint32) *wallet.Wallet {
	r.t.Helper()
	w, err := wallet.Create(wallet.Config{
		Dir: r.t.TempDir(), Params: r.source.cfg.Params, FastScrypt: true, Log: r.source.cfg.Log, RecoveryWindow: window,
	}, []byte("correct horse"), r.words, nil)
	require.NoError(r.t, err)
	r.t.Cleanup(func() { require.NoError(r.t, w.Close()) })
	backend := NewBackend(r.source)
	backend.timing = r.timing
	require.NoError(r.t, w.Start(context.WithoutCancel(r.t.Context()), backend))
	return w
}

// synced waits until wallet and follower have the fake's height.
func (r *rig) synced() {
	r.t.Helper()
	height, hash, err := r.fake.Btcd.Best()
	require.NoError(r.t, err)
	eventually(r.t, func() bool {
		synced, at := r.w.Synced()
		return synced && at >= height && r.chain.Best().Hash == hash
	}, "wallet and follower never had block %d", height)
}

func (r *rig) mine(n int) {
	r.t.Helper()
	_, err := r.fake.Btcd.Mine(n)
	require.NoError(r.t, err)
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

func (r *rig) pay(amount btcutil.Amount, kinds ...wallet.AddressKind) {
	r.t.Helper()
	var addrs []string
	for _, kind := range kinds {
		addr, err := r.w.NewAddress(r.t.Context(), kind)
		require.NoError(r.t, err)
		addrs = append(addrs, addr.EncodeAddress())
	}
	_, err := r.fake.Btcd.Pay(amount, addrs...)
	require.NoError(r.t, err)
}

// elsewhere is some script that isn't the wallet's.
func elsewhere(t *testing.T) []byte {
	t.Helper()
	script, err := txscript.NewScriptBuilder().AddOp(txscript.OP_0).AddData(make([]byte, 20)).Script()
	require.NoError(t, err)
	return script
}

// today is the birthday of a wallet that was never used.
func today() time.Time { return time.Now() }
