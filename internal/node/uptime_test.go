package node

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
	"github.com/nichework/nwnd/internal/peer"
)

func TestAttendanceCountsTimeOnlineAndFlaps(t *testing.T) {
	var a attendance
	at := func(seconds int) time.Time { return time.Unix(int64(1000+seconds), 0) }
	id := peer.ID{1}
	require.Zero(t, a.total(id, at(0)))
	a.up(id, at(0))
	require.Equal(t, 5*time.Second, a.total(id, at(5)))
	a.down(id, at(10), true)
	require.Equal(t, 10*time.Second, a.total(id, at(50)), "it is away")
	a.up(id, at(60))
	require.Equal(t, 15*time.Second, a.total(id, at(65)))
	v := Peer{Key: PubKey(id)}
	a.describe(&v)
	require.Equal(t, 3, v.Flaps)
	require.Equal(t, at(60), v.LastFlap)
	a.down(id, at(70), false)
	require.Empty(t, a.m, "of one without a channel nothing is kept")
}

func TestComplaintsOfAPeerAreBounded(t *testing.T) {
	var a attendance
	id := peer.ID{1}
	a.said(id, time.Unix(1, 0), "it isn't there")
	require.Empty(t, a.m)
	a.up(id, time.Unix(1, 0))
	for i := range maxPeerErrors + 5 {
		a.said(id, time.Unix(int64(i), 0), fmt.Sprint(i)+strings.Repeat("x", 2*maxPeerText))
	}
	v := Peer{Key: PubKey(id)}
	a.describe(&v)
	require.Len(t, v.Errors, maxPeerErrors)
	require.EqualValues(t, 5, v.Errors[0].When.Unix(), "the oldest go")
	require.Len(t, v.Errors[0].Text, maxPeerText)
}

func TestPeersAreToldOfAsTheyComeAndGo(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	events := make(chan PeerEvent, 10)
	begun := make(chan struct{})
	go func() {
		close(begun)
		for e, err := range alice.SubscribePeers(t.Context()) {
			if err != nil {
				return
			}
			events <- e
		}
	}()
	<-begun
	n.eventually("alice is followed", func() bool { return alice.events.peers.news.anyone() })
	n.open(alice, bob, 100_000, 0)
	require.Equal(t, PeerEvent{Key: PubKey(bob.self), Online: true}, <-events)
	require.NoError(t, bob.stop())
	require.Equal(t, PeerEvent{Key: PubKey(bob.self)}, <-events)
}

func TestWhatAPeerSaidIsListed(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	mallory := n.stranger("mallory", bob)
	mallory.send(&lnwire.Warning{Data: []byte("mind\x07 the gap")})
	n.eventually("bob heard it", func() bool {
		all, err := bob.ListPeers(t.Context())
		return err == nil && len(all) == 1 && len(all[0].Errors) == 1 && all[0].Flaps == 1
	})
	all, err := bob.ListPeers(t.Context())
	require.NoError(t, err)
	require.Equal(t, printable([]byte("mind\x07 the gap")), all[0].Errors[0].Text)
}

// The memo is there while the channel is pending, and after a restart.
func TestAMemoLasts(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob", func(c *Config) { c.MinConfs = 3 })
	n.connect(alice, bob)
	for u, err := range alice.OpenChannel(t.Context(), OpenChannel{Peer: bob.key(), Capacity: 100_000, Memo: "rent"}) {
		require.NoError(t, err)
		if !u.Open {
			break
		}
	}
	pending, err := alice.PendingChannels(t.Context())
	require.NoError(t, err)
	require.Equal(t, "rent", pending.Opening[0].Memo)
	alice.restart()
	n.eventually("alice is back", func() bool { return len(alice.sw.channels()) == 1 })
	require.Equal(t, "rent", alice.sw.channels()[0].memo)
	for _, err := range alice.OpenChannel(t.Context(), OpenChannel{
		Peer: bob.key(), Capacity: 100_000, Memo: strings.Repeat("x", maxNote+1)}) {
		require.Error(t, err)
	}
}

func TestAPendingChannelTellsHowManyBlocksItLacks(t *testing.T) {
	n := newTestNet(t)
	alice := n.node("alice")
	bob := n.node("bob", func(c *Config) { c.MinConfs = 3 })
	n.connect(alice, bob)
	for u, err := range alice.OpenChannel(t.Context(), OpenChannel{Peer: bob.key(), Capacity: 100_000}) {
		require.NoError(t, err)
		if !u.Open {
			break
		}
	}
	lacks := func() (v PendingOpen) {
		all, err := alice.PendingChannels(t.Context())
		require.NoError(t, err)
		require.Len(t, all.Opening, 1)
		return all.Opening[0]
	}
	first := lacks()
	require.EqualValues(t, 3, first.ConfirmationsLeft)
	require.Zero(t, first.ConfirmationHeight)
	require.LessOrEqual(t, first.FundingExpiryBlocks, int32(fundingPatience))
	n.chain.MineN(1)
	n.eventually("one block is seen", func() bool { v := lacks(); return v.ConfirmationsLeft == 2 && v.ConfirmationHeight > 0 })
	n.chain.MineN(1)
	n.eventually("two blocks are seen", func() bool { return lacks().ConfirmationsLeft == 1 })
	n.chain.MineN(1)
	n.eventually("it is open", func() bool { return alice.usable() })
	d := alice.sw.channels()[0]
	monitored, up := alice.age(d)
	require.LessOrEqual(t, up, monitored)
	require.Positive(t, monitored)
}

// What isn't in an output of the commitment is its fee, and the weight is that of the
// transaction with its witness.
func TestCommitFeeIsWhatIsInNoOutput(t *testing.T) {
	n := newTestNet(t)
	for _, push := range []btcutil.Amount{0, 200, 50_000} {
		alice, bob := n.node(fmt.Sprint("alice", push)), n.node(fmt.Sprint("bob", push))
		n.open(alice, bob, 100_000, push)
		for _, who := range []*testNode{alice, bob} {
			c := who.sw.channels()[0].channel()
			com, _, err := c.LocalCommitment()
			require.NoError(t, err)
			tx, err := bolt3.Build(c.Params(), com)
			require.NoError(t, err)
			want := c.Params().Capacity
			for _, out := range tx.MsgTx.TxOut {
				want -= btcutil.Amount(out.Value)
			}
			fee, weight := who.commitment(c)
			require.Equal(t, want, fee, "push of %v, %v opened", push, c.Params().Opener)
			const witness = 224 // BOLT 3, "Expected Weight of the Commitment Transaction"
			require.EqualValues(t, tx.MsgTx.SerializeSizeStripped()*4+witness, weight, "push of %v", push)
			require.NotEqual(t, htlc.Halted, c.State())
		}
	}
}
