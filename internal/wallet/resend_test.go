package wallet_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/wallet"
)

// mute is a backend that nobody hears what is published to, as long as it is deaf.
type mute struct {
	wallet.Backend
	says func(txid chainhash.Hash) error // while it is deaf, of what isn't passed on
	deaf atomic.Bool
	took atomic.Int32        // what it didn't fail to hear
	sent chan chainhash.Hash // more than there are attempts in a minute
}

func (m *mute) Dial(ctx context.Context, birthday time.Time) (wallet.Client, error) {
	client, err := m.Backend.Dial(ctx, birthday)
	return &muteClient{client, m}, err
}

type muteClient struct {
	wallet.Client
	m *mute
}

func (c *muteClient) SendRawTransaction(tx *wire.MsgTx, high bool) (*chainhash.Hash, error) {
	id := tx.TxHash()
	err := c.m.says(id)
	if err == nil || !c.m.deaf.Load() {
		_, err = c.Client.SendRawTransaction(tx, high)
		c.m.took.Add(1)
	}
	c.m.sent <- id
	return &id, err
}

// attempts waits until all of these were published once, and one of them another time: by then
// btcwallet has done what it does when one fails.
func (m *mute) attempts(t *testing.T, known []chainhash.Hash) {
	t.Helper()
	seen := map[chainhash.Hash]int{}
	for again := false; len(seen) < len(known) || !again; {
		select {
		case id := <-m.sent:
			require.Contains(t, known, id)
			seen[id]++
			again = again || seen[id] > 1
		case <-time.After(time.Minute):
			require.FailNow(t, "not published", "%v of %v", seen, known)
		}
	}
}

// again opens the wallet anew, over a backend that says this of whatever is published.
func (r *rig) again(says func(chainhash.Hash) error) *mute {
	r.t.Helper()
	require.NoError(r.t, r.w.Close())
	w, err := wallet.Open(r.cfg, password)
	require.NoError(r.t, err)
	r.t.Cleanup(func() { require.NoError(r.t, w.Close()) })
	r.w = w
	m := &mute{Backend: r.backend(w), says: says, sent: make(chan chainhash.Hash, 1000)}
	m.deaf.Store(true)
	require.NoError(r.t, w.Start(context.WithoutCancel(r.t.Context()), m))
	return m
}

// What is in no block is published again at every start. btcwallet forgets it if that fails, be it for
// want of a peer, and would spend its coins a second time.
func TestWhatIsInNoBlockOutlivesAStartWithoutPeers(t *testing.T) {
	r := newRig(t)
	r.fill(btc, btc, btc)
	var known []*wire.MsgTx
	var ids []chainhash.Hash
	for range 2 {
		_, tx := r.pay(wallet.P2WKH, btc/2, rate, 1)
		known, ids = append(known, tx), append(ids, tx.TxHash())
	}
	m := r.again(func(chainhash.Hash) error { return errors.New("nobody is there") })
	m.attempts(t, ids)
	r.synced(r.w)
	left := wallet.Balance{Confirmed: btc, Unconfirmed: 2*btc - r.sent(ids[0]).Fee - r.sent(ids[1]).Fee}
	require.Equal(t, left, r.balanceNow())

	// Who asks for it is told that it failed, and the wallet keeps it all the same.
	require.ErrorContains(t, r.w.Publish(t.Context(), known[0], ""), "nobody is there")
	require.Equal(t, left, r.balanceNow())

	// What the wallet has never had it forgets, so that it can be tried again with the same coins.
	out := []*wire.TxOut{wire.NewTxOut(5000, channelScript(t, 1))}
	_, err := r.w.Send(t.Context(), out, rate, 1, "")
	require.ErrorContains(t, err, "nobody is there")
	require.Equal(t, left, r.balanceNow())

	m.deaf.Store(false)
	eventually(t, func() bool { return m.took.Load() >= 2 }, "what was owed is not published")
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: left.Confirmed + left.Unconfirmed})
}

func (r *rig) balanceNow() wallet.Balance {
	r.t.Helper()
	b, err := r.w.Balance(1)
	require.NoError(r.t, err)
	return b
}
