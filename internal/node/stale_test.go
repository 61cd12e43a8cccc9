package node

import (
	"sync"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/chain"
	"github.com/nichework/nwnd/internal/chain/chaintest"
	"github.com/nichework/nwnd/internal/onion"
)

// handClock is a clock that a test sets.
type handClock struct {
	mu sync.Mutex
	at time.Time
}

func (h *handClock) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *handClock) set(at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = at
}

func (h *handClock) pass(d time.Duration) { h.set(h.now().Add(d)) }

// newTimedNet is a network on a chain that tells time by a clock of the test.
func newTimedNet(t *testing.T) (*testNet, *handClock) {
	clock := &handClock{at: time.Now()}
	return &testNet{t: t, chain: chaintest.NewWith(t, chain.Config{Now: clock.now})}, clock
}

// Time dilation and eclipse: who is cut off from the chain would take HTLCs that have expired for
// everybody else. Nothing comes in then, and nothing is closed for it.
func TestAttack26AStaleChainStopsWhatWouldComeIn(t *testing.T) {
	n, clock := newTimedNet(t)
	never := func(c *Config) { c.ChainPatience = -1 }
	alice, bob, carol := n.node("alice", never), n.node("bob"), n.node("carol", never)
	n.open(alice, bob, 1_000_000, 100_000)
	n.open(bob, carol, 1_000_000, 0)
	n.known(2, alice, bob, carol)
	mallory := n.stranger("mallory", bob)
	refuses := func(inv Invoice) {
		t.Helper()
		p := alice.pay(inv.PaymentRequest)
		require.Equal(t, PaymentFailed, p.Status)
		require.EqualValues(t, 1, p.Attempts[0].Failure.SourceIndex)
		require.IsType(t, &lnwire.FailTemporaryNodeFailure{}, p.Attempts[0].Failure.Message)
		require.NoError(t, alice.ResetMissionControl(t.Context()))
	}

	n.chain.SetAway(true)
	clock.pass(chainPatience - time.Second)
	bob.checkChain()
	require.NoError(t, bob.stale.err())
	clock.pass(time.Second)
	bob.checkChain()
	refuses(carol.invoice(10_000 * sat))
	refuses(bob.invoice(10_000 * sat))
	_, err := bob.try(SendPayment{PaymentRequest: alice.invoice(10_000 * sat).PaymentRequest})
	require.ErrorIs(t, err, ErrNotReady)
	require.ErrorContains(t, err, "the chain backend has not answered for 5m0s")
	for _, err := range bob.OpenChannel(t.Context(), OpenChannel{Peer: carol.key(), Capacity: 100_000}) {
		require.ErrorIs(t, err, ErrNotReady)
	}
	mallory.tryOpen()
	require.Contains(t, mallory.refused(), "not synced")
	info, err := bob.Info(t.Context())
	require.NoError(t, err)
	require.False(t, info.SyncedToChain)
	all, err := bob.Alerts(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, AlertChainStale, all[0].Kind)
	counts, err := bob.AlertCounts(t.Context())
	require.NoError(t, err)
	require.Equal(t, AlertCount{Kind: AlertChainStale, Raised: 1, Now: 1}, counts[AlertChainStale])
	require.Equal(t, AlertCount{Kind: AlertBreach}, counts[AlertBreach])
	for _, d := range bob.sw.channels() {
		require.Equal(t, htlc.Open, d.channel().State())
	}

	n.chain.SetAway(false)
	bob.checkChain()
	require.Equal(t, PaymentSucceeded, alice.pay(carol.invoice(10_000*sat).PaymentRequest).Status)
	require.Equal(t, PaymentSucceeded, alice.pay(bob.invoice(10_000*sat).PaymentRequest).Status)
	info, err = bob.Info(t.Context())
	require.NoError(t, err)
	require.True(t, info.SyncedToChain)
	all, err = bob.Alerts(t.Context())
	require.NoError(t, err)
	require.Empty(t, all)
}

// A part of a payment whose other parts were settled is settled though the chain is stale: what it
// would prevent has happened.
func TestAttack26WhatWasSettledBeforeIsSettled(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	n.open(alice, bob, 1_000_000, 0)
	inv := bob.invoice(10_000 * sat)
	require.Equal(t, PaymentSucceeded, alice.pay(inv.PaymentRequest).Status)
	inv, err := bob.LookupInvoice(t.Context(), inv.Hash)
	require.NoError(t, err)
	again := &part{d: bob.sw.channels()[0], h: &htlc.HTLC{
		ID: inv.HTLCs[0].Index, Hash: inv.Hash, Amount: inv.HTLCs[0].Amount, Expiry: inv.HTLCs[0].Expiry,
	}, f: finalHop{Payload: &onion.Payload{}}}
	why := "no block came"
	bob.stale.why.Store(&why)
	require.Equal(t, verdict{again: true, preimage: inv.Preimage}, bob.invoices.judge(again))
	again.h.ID++
	again.times = bob.invoices.times(again.d)
	require.IsType(t, &lnwire.FailTemporaryNodeFailure{}, bob.invoices.judge(again).failure)
}

func TestAttack26StaleIsSilenceOrNoBlockOrOldBlocks(t *testing.T) {
	n, clock := newTimedNet(t)
	bob := n.node("bob", func(c *Config) { c.BlockPatience, c.Now = 2*time.Hour, clock.now })
	<-bob.Started()
	require.Contains(t, bob.judgeChain(), "more than 2h0m0s old", "the chain of this test is of 2023")
	tip := func() time.Time { return n.chain.Best().Time }
	mined := func(at time.Duration) { // a block, that time after its own
		clock.set(tip().Add(10*time.Minute + at))
		n.chain.MineN(1)
	}
	mined(0)
	require.Empty(t, bob.judgeChain())
	mined(2*time.Hour - time.Second)
	require.Empty(t, bob.judgeChain())
	mined(2 * time.Hour)
	require.Contains(t, bob.judgeChain(), "keep blocks from it", "it is new to us alone")

	mined(-time.Hour) // its miner's clock is fast
	clock.pass(2*time.Hour - time.Second)
	n.chain.MineN(0)
	require.Empty(t, bob.judgeChain())
	clock.pass(time.Second)
	require.Contains(t, bob.judgeChain(), "no block came for 2h0m0s")

	mined(0)
	n.chain.SetAway(true)
	clock.pass(5*time.Minute - time.Second)
	require.Empty(t, bob.judgeChain())
	clock.pass(time.Second)
	require.Contains(t, bob.judgeChain(), "has not answered for 5m0s")
	n.chain.SetAway(false)
	require.Empty(t, bob.judgeChain())
}

func TestAttack26ABlockEndsTheAlert(t *testing.T) {
	n, clock := newTimedNet(t)
	clock.set(n.chain.Best().Time.Add(3 * time.Hour))
	bob := n.node("bob", func(c *Config) { c.BlockPatience, c.Now = 2*time.Hour, clock.now })
	<-bob.Started()
	require.Error(t, bob.stale.err(), "from the start")
	clock.set(n.chain.Best().Time.Add(10 * time.Minute))
	n.chain.MineN(1)
	n.eventually("the chain is believed", func() bool { return bob.stale.err() == nil })
}

func TestOnlyWhereBlocksAreMinedInTimeIsTheirAbsenceStale(t *testing.T) {
	for net, timed := range map[*chaincfg.Params]bool{
		&chaincfg.MainNetParams: true, &chaincfg.TestNet3Params: true, &chaincfg.TestNet4Params: true, &chaincfg.SigNetParams: true,
		&chaincfg.RegressionNetParams: false, &chaincfg.SimNetParams: false,
	} {
		c := Config{Network: net}
		c.complete()
		require.Equal(t, timed, c.BlockPatience == 2*time.Hour, net.Name)
		require.Equal(t, timed, c.BlockPatience != 0, net.Name)
		require.Equal(t, 5*time.Minute, c.ChainPatience)
	}
}
