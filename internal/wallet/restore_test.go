package wallet_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/btcsuite/btcwallet/chain"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/btcd"
	"github.com/nichework/nwnd/internal/btcd/btcdtest"
	"github.com/nichework/nwnd/internal/wallet"
)

// history gives r.w coins on addresses with gaps, of which it spends some, with change, and
// returns what is left.
func (r *rig) history() btcutil.Amount {
	r.t.Helper()
	for i := range 6 {
		addr := r.address(wallet.AddressKind(i % 2))
		if i == 2 {
			continue // a gap
		}
		_, err := r.btcd.Pay(btc/10, addr)
		require.NoError(r.t, err)
	}
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: 5 * btc / 10})
	for i := range 2 {
		_, err := r.w.Send(r.t.Context(), []*wire.TxOut{wire.NewTxOut(int64(btc/100), channelScript(r.t, byte(i)))},
			rate, 1, "")
		require.NoError(r.t, err)
		r.mine(1)
		r.synced(r.w)
	}
	b, err := r.w.Balance(1)
	require.NoError(r.t, err)
	require.Zero(r.t, b.Unconfirmed)
	require.Less(r.t, b.Confirmed, 5*btc/10-2*btc/100)
	return b.Confirmed
}

// used creates r.w of a new seed, and starts it.
func (r *rig) used() wallet.Mnemonic {
	r.t.Helper()
	words := newSeed(r.t)
	r.w = create(r.t, config(r.t), words)
	r.start(r.w)
	return words
}

func TestRestoreFindsEveryCoin(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		words := r.used()
		left := r.history()
		old := r.w

		cfg := config(t)
		cfg.RecoveryWindow, cfg.Log = 20, slog.New(slog.NewTextHandler(t.Output(), nil))
		r.w = create(t, cfg, words)
		require.True(t, old.Keys().NodeKey().IsEqual(r.w.Keys().NodeKey()))
		p, err := r.w.Recovery()
		require.NoError(t, err)
		require.Equal(t, wallet.Recovery{Wanted: true}, p)
		r.start(r.w)
		r.balance(wallet.Balance{Confirmed: left})
		was, err := old.ListUnspent(1, 1<<20)
		require.NoError(t, err)
		is, err := r.w.ListUnspent(1, 1<<20)
		require.NoError(t, err)
		require.Equal(t, was, is)

		addr, err := r.w.NewAddress(t.Context(), wallet.P2WKH)
		require.NoError(t, err)
		ours, err := old.IsOurs(addr)
		require.NoError(t, err)
		require.False(t, ours, "an address that was paid is not given out again")
		r.finished()

		// It is not looked for again.
		require.NoError(t, r.w.Close())
		cfg.RecoveryWindow = 0
		again, err := wallet.Open(cfg, password)
		require.NoError(t, err)
		defer again.Close()
		p, err = again.Recovery()
		require.NoError(t, err)
		require.Equal(t, wallet.Recovery{}, p)
	})
}

// finished waits for the end of the recovery.
func (r *rig) finished() {
	r.t.Helper()
	eventually(r.t, func() bool {
		p, err := r.w.Recovery()
		require.NoError(r.t, err)
		return p.Finished && p.Progress == 1
	}, "the recovery doesn't end")
}

// brittle is a backend that fails when a recovery has got to a height.
type brittle struct {
	wallet.Backend
	height int32
	once   sync.Once
	hit    chan struct{}
}

func (b *brittle) Dial(ctx context.Context, birthday time.Time) (wallet.Client, error) {
	client, err := b.Backend.Dial(ctx, birthday)
	return &brittleClient{client, b}, err
}

type brittleClient struct {
	wallet.Client
	b *brittle
}

func (c *brittleClient) FilterBlocks(req *chain.FilterBlocksRequest) (*chain.FilterBlocksResponse, error) {
	if req.Blocks[0].Height >= c.b.height {
		c.b.once.Do(func() { close(c.b.hit) })
		return nil, errors.New("a crash")
	}
	return c.Client.FilterBlocks(req)
}

func TestRecoveryGoesOnAfterACrash(t *testing.T) {
	// btcwallet notes on disk what it found in 2,000 blocks at a time. The coins are in the first.
	r := &rig{t: t, btcd: btcdtest.Start(t, btcd.Config{}), kind: overBtcd}
	words := r.used()
	left := r.history()
	require.NoError(t, r.w.Close())
	for range 4 {
		r.mine(500)
	}

	cfg := config(t)
	cfg.RecoveryWindow, cfg.Log = 20, slog.New(slog.NewTextHandler(t.Output(), nil))
	r.w = create(t, cfg, words)
	b := &brittle{Backend: r.backend(r.w), height: 2100, hit: make(chan struct{})}
	require.NoError(t, r.w.Start(context.WithoutCancel(t.Context()), b))
	select {
	case <-b.hit:
	case <-time.After(time.Minute):
		require.FailNow(t, "there was no crash")
	}
	p, err := r.w.Recovery()
	require.NoError(t, err)
	require.True(t, p.Wanted)
	require.False(t, p.Finished)
	require.NoError(t, r.w.Close())

	cfg.RecoveryWindow = 0 // it remembers
	r.w, err = wallet.Open(cfg, password)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.w.Close()) })
	p, err = r.w.Recovery()
	require.NoError(t, err)
	require.True(t, p.Wanted)
	require.False(t, p.Finished)
	require.GreaterOrEqual(t, p.Height, int32(2000), "it doesn't begin anew")
	r.start(r.w)
	r.balance(wallet.Balance{Confirmed: left})
	r.finished()
}
