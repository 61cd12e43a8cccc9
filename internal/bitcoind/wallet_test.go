package bitcoind

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/bitcoind/bitcoindtest"
	"github.com/nichework/nwnd/internal/wallet"
)

func byZMQ(*Config) {}

func byPolling(c *Config) {
	c.ZMQBlock, c.ZMQTx, c.Polling = "", "", true
	c.BlockPoll, c.TxPoll = 50*time.Millisecond, 50*time.Millisecond
}

func TestReceiveSendAndReorganise(t *testing.T) {
	for name, by := range map[string]func(*Config){"zmq": byZMQ, "polling": byPolling} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, by, today())
			r.pay(btc, wallet.P2WKH, wallet.P2TR)
			r.balance(wallet.Balance{Unconfirmed: 2 * btc})
			r.mine(1)
			r.balance(wallet.Balance{Confirmed: 2 * btc})
			r.synced()

			tx, err := r.w.Send(t.Context(), []*wire.TxOut{wire.NewTxOut(int64(btc)/2, elsewhere(t))}, rate, 1, "rent")
			require.NoError(t, err)
			confirmed, err := r.chain.WatchConfirmed(t.Context(), tx.TxHash(), tx.TxOut[0].PkScript, 1, r.chain.Best().Height)
			require.NoError(t, err)
			height, _, err := r.fake.Btcd.Best()
			require.NoError(t, err)
			mined, err := r.fake.Btcd.Mine(2)
			require.NoError(t, err)
			event := <-confirmed
			require.True(t, event.Confirmed)
			require.Equal(t, height+1, event.Height)
			r.synced()
			before, err := r.w.Balance(1)
			require.NoError(t, err)
			require.Zero(t, before.Unconfirmed)

			require.NoError(t, r.fake.Btcd.Invalidate(mined[0]))
			require.False(t, (<-confirmed).Confirmed)
			r.mine(4)
			require.True(t, (<-confirmed).Confirmed)
			r.synced()
			r.balance(before)
		})
	}
}

func TestABitcoindThatRestartsIsFollowedOn(t *testing.T) {
	r := newRig(t, byZMQ, today())
	r.fake.Stop()
	eventually(t, func() bool { synced, _ := r.w.Synced(); return !synced }, "the wallet believes a dead bitcoind")
	_, err := r.w.Send(t.Context(), []*wire.TxOut{wire.NewTxOut(int64(btc), elsewhere(t))}, rate, 1, "")
	require.ErrorIs(t, err, wallet.ErrOffline)
	r.pay(btc, wallet.P2WKH) // to an address that is made while nobody can watch it
	r.mine(3)
	r.fake.Resume()
	r.balance(wallet.Balance{Confirmed: btc})
	r.synced()
	r.pay(btc, wallet.P2TR)
	r.balance(wallet.Balance{Confirmed: btc, Unconfirmed: btc})
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: 2 * btc})
}

func TestAShortSilenceKeepsTheConnection(t *testing.T) {
	r := newRig(t, byZMQ, today())
	require.NoError(t, r.w.Close())
	r.timing.away, r.timing.stall = time.Hour, time.Hour
	r.w = r.open(0)
	r.synced()
	connections := r.fake.Calls("getnetworkinfo") // asked once by each
	r.fake.Fail("getblockchaininfo", -28, "Loading block index…")
	calls := r.fake.Calls("getblockchaininfo")
	eventually(t, func() bool { return r.fake.Calls("getblockchaininfo") > calls+5 }, "nobody asked")
	r.fake.Fail("getblockchaininfo", 0, "")
	r.pay(btc, wallet.P2WKH)
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: btc})
	r.synced()
	require.Equal(t, connections, r.fake.Calls("getnetworkinfo"))
}

func TestACookieThatChangesIsReadAgain(t *testing.T) {
	cookie := filepath.Join(t.TempDir(), ".cookie")
	write := func(pass string) {
		require.NoError(t, os.WriteFile(cookie, []byte(bitcoindtest.User+":"+pass), 0o600))
	}
	write(bitcoindtest.Pass)
	r := newRig(t, func(c *Config) { c.User, c.Pass, c.Cookie = "", "", cookie }, today())
	write("battery staple") // nothing is asked in between, so nobody sees it away
	r.fake.SetPass("battery staple")
	r.pay(btc, wallet.P2WKH)
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: btc})
	r.synced()
}

func TestALostZMQMessageIsMadeUpFor(t *testing.T) {
	r := newRig(t, byZMQ, today())
	r.fake.Set(bitcoindtest.Mood{Mute: true})
	r.pay(btc, wallet.P2WKH)
	r.mine(2)
	r.balance(wallet.Balance{Confirmed: btc})
	r.synced()
}

func TestARescanThatFailsIsDoneAgain(t *testing.T) {
	r := newRig(t, byZMQ, today())
	r.fake.Stop()
	r.pay(btc, wallet.P2WKH)
	r.mine(3)
	r.fake.Fail("getblock", -32603, "I/O error")
	r.fake.Resume()
	calls := r.fake.Calls("getblock")
	eventually(t, func() bool { return r.fake.Calls("getblock") > calls+3 }, "nobody asked for a block")
	r.fake.Fail("getblock", 0, "")
	r.balance(wallet.Balance{Confirmed: btc})
	r.synced()
}

func TestARestoredWalletFindsItsCoins(t *testing.T) {
	r := newRig(t, byZMQ, today())
	for range 3 {
		r.pay(btc, wallet.P2WKH, wallet.P2TR)
		r.mine(1)
	}
	r.balance(wallet.Balance{Confirmed: 6 * btc})
	r.w = r.open(20)
	r.balance(wallet.Balance{Confirmed: 6 * btc})
	r.synced()
}

func TestAWalletOnAPrunedBitcoindGetsOldBlocksFromItsPeers(t *testing.T) {
	fake := bitcoindtest.Start(t)
	fake.Set(bitcoindtest.Mood{PrunedBelow: 430})
	r := newRigOn(t, fake, byZMQ, today())
	r.synced()
	require.Greater(t, fake.Refused(), 100, "the wallet looked through pruned blocks")
	r.pay(btc, wallet.P2WKH)
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: btc})
}
