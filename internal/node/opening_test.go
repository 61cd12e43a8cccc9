package node

import (
	"fmt"
	"sync"
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/chain"
)

// What confirms must be what was agreed, or the channel never begins.
func TestAttack01CVE201912998FundingMustBeWhatWasAgreed(t *testing.T) {
	for name, change := range map[string]func(*wire.MsgTx){
		"amount":        func(tx *wire.MsgTx) { tx.TxOut[0].Value-- },
		"script":        func(tx *wire.MsgTx) { tx.TxOut[0].PkScript[5] ^= 1 },
		"fewer outputs": func(tx *wire.MsgTx) { tx.TxOut = nil },
	} {
		t.Run(name, func(t *testing.T) {
			n := newTestNet(t)
			bob := n.node("bob")
			mallory := n.stranger("mallory", bob)
			o, out := mallory.propose(mallory.terms(100_000))
			tx := mallory.wallet.pay([]*wire.TxOut{wire.NewTxOut(int64(out.Amount), out.Script)})
			change(tx)
			c, _, err := mallory.fund(o, tx).Signed(expect[*lnwire.FundingSigned](mallory))
			require.NoError(t, err)
			mallory.c = c

			height := n.chain.Mine(tx)
			n.eventually("channel is halted or open", func() bool { return mallory.driver().channel().State() != htlc.Funding })

			require.Contains(t, mallory.driver().channel().Halted(), "agreed")
			require.Contains(t, mallory.refused(), "agreed")
			require.Nil(t, bob.sw.channelBySCID(lnwire.ShortChannelID{BlockHeight: uint32(height), TxIndex: 1}))
			require.NoError(t, bob.stopped())
		})
	}
}

// A peer that opens channels and never funds them is bounded, and so are all peers together.
func TestAttack02FakeChannelsAreBoundedPerPeerAndInAll(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob", func(c *Config) { c.MaxPending, c.MaxPendingTotal = 3, 5 })
	mallory, trudy := n.stranger("mallory", bob), n.stranger("trudy", bob)
	for range 3 {
		mallory.pending(100_000)
	}
	mallory.tryOpen()
	require.Contains(t, mallory.refused(), "at most 3")
	trudy.pending(100_000)
	trudy.pending(100_000)
	trudy.tryOpen()
	require.Contains(t, trudy.refused(), "at most 5")

	// A restart doesn't make room, nor does a channel's end before it was funded.
	bob.restart()
	n.eventually("channels are loaded", func() bool { return len(bob.sw.channels()) == 5 })
	mallory.connectAnew()
	mallory.tryOpen()
	require.Contains(t, mallory.refused(), "at most 3")
}

func (s *stranger) tryOpen() {
	_, msg, err := htlc.Propose(s.terms(100_000))
	require.NoError(s.t, err)
	s.send(msg)
}

// connectAnew connects to a node that restarted.
func (s *stranger) connectAnew() {
	s.net.eventually("the old connection is gone", func() bool { return len(s.m.Peers()) == 0 })
	for len(s.in) > 0 {
		<-s.in
	}
	s.connect()
}

// However many open channels at the same time, the limit holds.
func TestAttack02FloodByManyPeersAtOnceIsBounded(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob", func(c *Config) { c.MaxPending, c.MaxPendingTotal = 2, 5 })
	flood := make([]*stranger, 12)
	for i := range flood {
		flood[i] = n.stranger(fmt.Sprint("stranger ", i), bob)
	}
	var wg sync.WaitGroup
	for _, s := range flood {
		wg.Go(func() {
			for range 4 {
				s.attempt()
			}
		})
	}
	wg.Wait()
	require.Len(t, bob.sw.channels(), 5)
	n.eventually("openings are gone", func() bool { return bob.openings.count() == 0 })
}

// attempt opens a channel as far as it is let.
func (s *stranger) attempt() {
	o, msg, err := htlc.Propose(s.terms(100_000))
	if !assert.NoError(s.t, err) || !assert.NoError(s.t, s.p.Send(msg)) {
		return
	}
	for m := range s.in {
		switch m := m.(type) {
		case *lnwire.AcceptChannel:
			next, out, err := o.Accepted(m)
			if !assert.NoError(s.t, err) {
				return
			}
			tx := s.wallet.pay([]*wire.TxOut{wire.NewTxOut(int64(out.Amount), out.Script)})
			_, created, err := next.Fund(wire.OutPoint{Hash: tx.TxHash()}, nil)
			if !assert.NoError(s.t, err) || !assert.NoError(s.t, s.p.Send(created)) {
				return
			}
		case *lnwire.FundingSigned, *lnwire.Error:
			return
		}
	}
}

// Strangers who fill the places for channels opened to us don't keep us from opening.
func TestAttack02FakeChannelsDontKeepTheNodeFromOpening(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob", func(c *Config) { c.MaxPending, c.MaxPendingTotal = 1, 1 })
	mallory := n.stranger("mallory", bob)
	mallory.pending(100_000)
	result := bob.openTo(mallory, 100_000)
	mallory.answer(3)
	require.NoError(t, (<-result).err)
	_, err := bob.openings.propose(t.Context(), OpenChannel{Peer: mallory.key(), Capacity: 100_000})
	require.ErrorIs(t, err, ErrBusy, "our own have a limit too")
}

// Whoever halts or closes the channels that he never funded gets no room for more by it.
func TestAttack02AnUnfundedChannelStaysPendingWhateverItsPeerSays(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob", func(c *Config) { c.MaxPending, c.MaxPendingTotal = 2, 2 })
	mallory := n.stranger("mallory", bob)
	mallory.pending(100_000)
	mallory.send(&lnwire.Error{ChanID: mallory.c.ID(), Data: []byte("no")})
	n.eventually("channel is halted", func() bool { return mallory.driver().channel().State() == htlc.Halted })
	mallory.pending(100_000)
	script := append([]byte{0, 20}, make([]byte, 20)...)
	mallory.send(&lnwire.Shutdown{ChannelID: mallory.c.ID(), Address: script})
	n.eventually("channel closes", func() bool { return mallory.driver().channel().State() > htlc.Open })
	mallory.tryOpen()
	require.Contains(t, mallory.refused(), "at most 2")
}

// LDK 0.1.6 #4081: what was never funded is forgotten after 2016 blocks, in every state, and
// the node starts afterwards.
func TestAttack03NeverFundedChannelsAreForgotten(t *testing.T) {
	n := newTestNet(t)
	n.chain.SetPublishError(chain.ErrMissingInputs) // of a commitment that spends what isn't there
	bob := n.node("bob")
	mallory := n.stranger("mallory", bob)
	mallory.pending(100_000)
	mallory.pending(100_000)
	mallory.send(&lnwire.Error{ChanID: mallory.c.ID(), Data: []byte("no")})
	n.eventually("channel is halted", func() bool { return mallory.driver().channel().State() == htlc.Halted })
	drivers := bob.sw.channels()

	n.chain.MineN(fundingPatience)
	n.eventually("both are there at the limit", func() bool { return len(bob.sw.channels()) == 2 })
	n.chain.Mine()
	n.eventually("channels are forgotten", func() bool { return len(bob.sw.channels()) == 0 })
	for _, d := range drivers {
		n.eventually("its goroutine has ended", func() bool { return !d.post(job{}) })
	}
	streams, err := bob.db.Streams()
	require.NoError(t, err)
	require.Empty(t, streams)
	bob.restart()
	require.Empty(t, bob.sw.channels())
}

// A message that comes while the channel is being forgotten writes nothing behind its end:
// the node could not start any more.
func TestNothingIsWrittenBehindTheEndOfAChannelsLog(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	mallory := n.stranger("mallory", bob)
	mallory.pending(100_000)
	d := mallory.driver()
	mallory.disconnect()
	ready := &lnwire.ChannelReady{ChanID: d.id, NextPerCommitmentPoint: mallory.key()}
	d.post(job{after: func() {
		bob.drop(d)
		// What the peer said meanwhile waits in the inbox.
		d.inbox.receive(job{in: htlc.Connected{}})
		d.inbox.receive(job{in: htlc.Recv{Msg: ready}})
		d.post(job{in: htlc.Halt{Reason: "test"}})
		require.NoError(t, d.halt("test"))
	}})
	n.eventually("its goroutine has ended", func() bool { return !d.post(job{}) })
	bob.restart()
	n.eventually("bob is back", func() bool { return bob.Node != nil })
	require.NoError(t, bob.stop())
}

// The connection ends after each message of an opening, in both roles: nothing of it stays,
// the opener's coins are free, and the next opening works.
func TestAttack04OpenAndReconnectRace(t *testing.T) {
	t.Run("accepter", func(t *testing.T) {
		n := newTestNet(t)
		bob := n.node("bob")
		mallory := n.stranger("mallory", bob)
		mallory.tryOpen()
		mallory.disconnect() // perhaps before the answer
		mallory.connect()
		mallory.propose(mallory.terms(100_000)) // accept_channel came
		mallory.disconnect()
		n.eventually("openings are gone", func() bool { return bob.openings.count() == 0 })
		require.Empty(t, bob.sw.channels())
		mallory.connect()
		o, out := mallory.propose(mallory.terms(100_000))
		tx := mallory.wallet.pay([]*wire.TxOut{wire.NewTxOut(int64(out.Amount), out.Script)})
		mallory.fund(o, tx)
		mallory.disconnect() // funding_created was sent: the channel may be there, whole
		n.eventually("openings are gone", func() bool { return bob.openings.count() == 0 })
		mallory.connect()
		mallory.open(100_000, 0)
		require.LessOrEqual(t, bob.keyIndices(), uint64(2), "openings that came to nothing leave their keys to the next")
	})
	for stage, name := range []string{"open_channel", "accept_channel", "funding_created", "funding_signed"} {
		t.Run("opener after "+name, func(t *testing.T) {
			n := newTestNet(t)
			alice := n.node("alice")
			bob := n.stranger("bob", alice)
			result := alice.openTo(bob, 100_000)
			o := bob.answer(stage)
			bob.disconnect()
			if stage < 3 {
				require.Error(t, (<-result).err)
				require.Empty(t, alice.sw.channels())
				require.Zero(t, alice.wallet.held(), "coins are free again")
				require.Empty(t, n.chain.Published())
			} else {
				require.Equal(t, o, (<-result).point)
				require.Equal(t, 1, alice.wallet.held())
				require.Len(t, n.chain.Published(), 1)
			}
			bob.connectAnew()
			again := alice.openTo(bob, 100_000)
			bob.answer(3)
			require.NoError(t, (<-again).err)
		})
	}
}

type openedTo struct {
	point wire.OutPoint
	err   error
}

// openTo opens a channel up to its first update.
func (n *testNode) openTo(s *stranger, capacity btcutil.Amount) chan openedTo {
	result := make(chan openedTo, 1)
	n.net.eventually("peer is up", func() bool { return n.peers.Peer(s.id()) != nil })
	go func() {
		for u, err := range n.OpenChannel(n.net.t.Context(), OpenChannel{Peer: s.key(), Capacity: capacity}) {
			result <- openedTo{u.ChannelPoint, err}
			return
		}
	}()
	return result
}

// answer plays the accepting side up to a stage: 0 hears open_channel, 1 sends accept_channel,
// 2 hears funding_created, 3 signs it.
func (s *stranger) answer(stage int) wire.OutPoint {
	s.t.Helper()
	m := expect[*lnwire.OpenChannel](s)
	if stage == 0 {
		return wire.OutPoint{}
	}
	o, accept, err := htlc.Answer(s.terms(m.FundingAmount), m)
	require.NoError(s.t, err)
	s.send(accept)
	if stage == 1 {
		return wire.OutPoint{}
	}
	created := expect[*lnwire.FundingCreated](s)
	if stage == 2 {
		return created.FundingPoint
	}
	c, eff, err := o.Created(created)
	require.NoError(s.t, err)
	s.c = c
	s.send(eff.Send...)
	s.net.eventually("channel is begun", func() bool { return s.driver() != nil })
	s.net.eventually("funding is published", func() bool { return len(s.net.chain.Published()) > 0 })
	return created.FundingPoint
}

// held is for how many fundings coins are set aside.
func (w *fakeWallet) held() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.funded - w.released
}

// keyIndices is how many key indices a node has given out.
func (n *testNode) keyIndices() uint64 {
	raw, err := n.db.Get(bucketKeys, []byte("next"))
	require.NoError(n.net.t, err)
	return beUint64(raw)
}

// Core Lightning hit an assertion: peer data that can't be is refused, never assumed away.
func TestAttack05AllZeroFundingTxidIsRefused(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	mallory := n.stranger("mallory", bob)
	cfg := mallory.terms(100_000)
	mallory.propose(cfg)
	sig, err := lnwire.NewSigFromWireECDSA(make([]byte, 64))
	require.NoError(t, err)
	mallory.send(&lnwire.FundingCreated{PendingChannelID: cfg.PendingID, CommitSig: sig})
	mallory.refused()
	require.Empty(t, bob.sw.channels())
	n.eventually("openings are gone", func() bool { return bob.openings.count() == 0 })
	mallory.open(100_000, 0)
}

// LDK 0.0.120 unwrapped a channel_type that wasn't there.
func TestAttack06MissingChannelTypeIsRefused(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	mallory := n.stranger("mallory", bob)
	_, msg, err := htlc.Propose(mallory.terms(100_000))
	require.NoError(t, err)
	msg.ChannelType = nil
	mallory.send(msg)
	require.Contains(t, mallory.refused(), "channel_type")
	n.eventually("openings are gone", func() bool { return bob.openings.count() == 0 })

	// The accepter's is as necessary.
	result := bob.openTo(mallory, 100_000)
	open := expect[*lnwire.OpenChannel](mallory)
	_, accept, err := htlc.Answer(mallory.terms(open.FundingAmount), open)
	require.NoError(t, err)
	accept.ChannelType = nil
	mallory.send(accept)
	mallory.refused()
	require.ErrorContains(t, (<-result).err, "channel_type")
}

// LDK 0.0.117 #1924: a coinbase can't be spent for 100 blocks, so a channel that it funds
// can't be closed before.
func TestAttack06CoinbaseFundedChannelWaitsForMaturity(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	mallory := n.stranger("mallory", bob)
	o, out := mallory.propose(mallory.terms(100_000))
	tx := wire.NewMsgTx(2)
	tx.AddTxIn(wire.NewTxIn(&wire.OutPoint{Index: wire.MaxPrevOutIndex}, []byte{1, 2, 3}, nil))
	tx.AddTxOut(wire.NewTxOut(int64(out.Amount), out.Script))
	c, _, err := mallory.fund(o, tx).Signed(expect[*lnwire.FundingSigned](mallory))
	require.NoError(t, err)
	mallory.c = c
	n.chain.Mine(tx)
	n.chain.MineN(coinbaseMaturity - 2)
	n.deep(tx, coinbaseMaturity-1)
	bob.sync(mallory.driver())
	require.Zero(t, mallory.driver().channel().SCID(), "99 deep")
	n.chain.Mine()
	expect[*lnwire.ChannelReady](mallory)
	require.NotZero(t, mallory.driver().channel().SCID())
}

// A peer that knows where our channel will be funded can't take the place from under it.
func TestFundingOutputOfOurOwnIsNotTakenByItsPeer(t *testing.T) {
	for _, other := range []bool{false, true} {
		n := newTestNet(t)
		alice := n.node("alice")
		mallory := n.stranger("mallory", alice)
		result := alice.openTo(mallory, 100_000)
		open := expect[*lnwire.OpenChannel](mallory)
		o, accept, err := htlc.Answer(mallory.terms(open.FundingAmount), open)
		require.NoError(t, err)
		mallory.send(accept)
		ours := expect[*lnwire.FundingCreated](mallory)

		thief := mallory // himself, or somebody whom he told
		if other {
			thief = n.stranger("trudy", alice)
		}
		p, _ := thief.propose(thief.terms(50_000))
		_, created, err := p.Fund(ours.FundingPoint, nil)
		require.NoError(t, err)
		thief.send(created)
		require.Contains(t, thief.refused(), "belongs to a channel already")

		c, eff, err := o.Created(ours)
		require.NoError(t, err)
		mallory.send(eff.Send...)
		require.NoError(t, (<-result).err)
		require.Equal(t, htlc.Local, alice.sw.channelByID(c.ID()).channel().Params().Opener)
		alice.restart()
		n.eventually("alice is back", func() bool { return alice.sw.channelByID(c.ID()) != nil })
	}
}

// What was asked for at opening is still so after a restart.
func TestFeesAskedForAtOpeningLast(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	n.connect(alice, bob)
	base, ppm := 7*sat, uint32(77)
	for u, err := range alice.OpenChannel(t.Context(), OpenChannel{Peer: bob.key(), Capacity: 100_000,
		BaseFee: &base, FeePPM: &ppm}) {
		require.NoError(t, err)
		if !u.Open {
			break
		}
	}
	alice.restart()
	n.eventually("alice is back", func() bool { return len(alice.sw.channels()) == 1 })
	p := alice.policies.Policy(alice.sw.channels()[0])
	require.Equal(t, base, p.BaseFee)
	require.Equal(t, ppm, p.FeePPM)
}

// Nobody can use up a node's keys and wallet addresses by proposing channels.
func TestFloodOfOpenChannelUsesUpNoKeys(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	mallory := n.stranger("mallory", bob)
	before := bob.wallet.next()
	for range 50 {
		_, msg, err := htlc.Propose(mallory.terms(100_000))
		require.NoError(t, err)
		msg.MaxAcceptedHTLCs = 500
		mallory.send(msg)
		mallory.refused()
	}
	for range 5 { // more than fit at once, each given up
		cfg := mallory.terms(100_000)
		mallory.propose(cfg)
		mallory.send(&lnwire.Error{ChanID: cfg.PendingID, Data: []byte("no")})
	}
	require.LessOrEqual(t, bob.keyIndices(), uint64(5))
	require.LessOrEqual(t, bob.wallet.next()-before, uint32(6))
	bob.openings.mu.Lock()
	defer bob.openings.mu.Unlock()
	require.LessOrEqual(t, len(bob.openings.spares), 5)
}
