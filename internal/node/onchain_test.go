package node

import (
	"testing"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/bitcoin"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/chain/chaintest"
	"github.com/nichework/nwnd/internal/enforce"
	"github.com/nichework/nwnd/internal/signer"
)

// newStrictNet is a network on a chain that takes only what a real node would take.
func newStrictNet(t testing.TB) *testNet { return &testNet{t: t, chain: chaintest.NewStrict(t)} }

// betweenStrict is between, on a strict chain.
func betweenStrict(t *testing.T) (n *testNet, mallory, trudy *stranger, bob *testNode) {
	n = newStrictNet(t)
	bob = n.node("bob")
	mallory, trudy = n.stranger("mallory", bob), n.stranger("trudy", bob)
	mallory.open(10_000_000, 1_000_000)
	trudy.open(10_000_000, 5_000_000)
	return n, mallory, trudy, bob
}

// block mines one and waits until the nodes' courts have done their work at it.
func (n *testNet) block(nodes ...*testNode) {
	n.t.Helper()
	height := n.chain.Mine()
	for _, at := range nodes {
		n.eventually("the court is at the tip", func() bool { return at.court.Height() >= adjudicator.Height(height) })
	}
}

// blocksUntil mines until something is so, at most that many blocks.
func (n *testNet) blocksUntil(what string, most int, ok func() bool, nodes ...*testNode) {
	n.t.Helper()
	for range most {
		if ok() {
			return
		}
		n.block(nodes...)
	}
	n.eventually(what, ok)
}

// onChain is what the stranger knows of its channel, as of a state of it.
func (s *stranger) onChain(c *htlc.Channel) (*bitcoin.Channel, enforce.Signer) {
	s.t.Helper()
	secrets, err := s.wallet.ChannelKeys(c.Params().KeyIndex)
	require.NoError(s.t, err)
	sign, err := signer.New(secrets, signer.ECDSA, nil)
	require.NoError(s.t, err)
	data, err := bitcoin.ChannelOf(c, sign, func(uint64) ([]bitcoin.Record, error) { return nil, nil })
	require.NoError(s.t, err)
	return data, sign
}

// commits publishes the stranger's commitment of a state of its channel.
func (s *stranger) commits(c *htlc.Channel) *wire.MsgTx {
	s.t.Helper()
	data, sign := s.onChain(c)
	tx, err := bitcoin.Publish(data, sign)
	require.NoError(s.t, err)
	require.NoError(s.t, s.net.chain.Publish(s.t.Context(), tx))
	return tx
}

// claims makes what takes every claim of a path that the stranger has now on a commitment.
func (s *stranger) claims(c *htlc.Channel, tx *wire.MsgTx, at adjudicator.Height, path bitcoin.Path, known bitcoin.Preimages) []*wire.MsgTx {
	s.t.Helper()
	data, sign := s.onChain(c)
	spent, err := bitcoin.Classify(data, tx)
	require.NoError(s.t, err)
	claims, err := spent.Claims(at, known)
	require.NoError(s.t, err)
	var all []*wire.MsgTx
	for _, claim := range claims {
		if claim.Path != path || !claim.Ready(adjudicator.Height(s.net.heightNow())) {
			continue
		}
		coins, err := s.wallet.FeeCoins(claim.Out, 50_000, 1000, 1)
		require.NoError(s.t, err)
		made, err := bitcoin.Build(&bitcoin.Order{
			Claims: []*bitcoin.Claim{claim}, Fees: coins, Rate: 1000, Dest: append([]byte{0, 20}, make([]byte, 20)...),
			Tip: adjudicator.Height(s.net.heightNow()),
		}, sign)
		require.NoError(s.t, err)
		require.NoError(s.t, s.wallet.SignCoins(made.Tx, coins, nil))
		all = append(all, made.Tx)
	}
	return all
}

// takes publishes such claims.
func (s *stranger) takes(c *htlc.Channel, tx *wire.MsgTx, at adjudicator.Height, path bitcoin.Path, known bitcoin.Preimages) []*wire.MsgTx {
	s.t.Helper()
	all := s.claims(c, tx, at, path, known)
	for _, tx := range all {
		require.NoError(s.t, s.net.chain.Publish(s.t.Context(), tx))
	}
	return all
}

func preimages(all ...lntypes.Preimage) bitcoin.Preimages {
	return func(hash [32]byte) (htlc.Preimage, bool) {
		for _, p := range all {
			if p.Hash() == hash {
				return htlc.Preimage(p), true
			}
		}
		return htlc.Preimage{}, false
	}
}

// closedAs is the node's record of a channel that is closed.
func (n *testNode) closedAs(point wire.OutPoint) (ClosedChannel, bool) {
	all, err := n.ClosedChannels(n.net.t.Context())
	require.NoError(n.net.t, err)
	for _, v := range all {
		if v.ChannelPoint == point {
			return v, true
		}
	}
	return ClosedChannel{}, false
}

// forced is the node's view of a channel on chain.
func (n *testNode) forced(point wire.OutPoint) (ForceClose, bool) {
	p, err := n.PendingChannels(n.net.t.Context())
	require.NoError(n.net.t, err)
	for _, v := range p.Forced {
		if v.ChannelPoint == point {
			return v, true
		}
	}
	return ForceClose{}, false
}

// force closes a channel by force and returns the commitment that waits for a block.
func (n *testNode) force(point wire.OutPoint) *wire.MsgTx {
	n.net.t.Helper()
	for u, err := range n.CloseChannel(n.net.t.Context(), CloseChannel{ChannelPoint: point, Force: true}) {
		require.NoError(n.net.t, err)
		for _, tx := range n.net.chain.Published() {
			if tx.TxHash() == u.Txid {
				return tx
			}
		}
		n.net.t.Fatalf("commitment %v is not published", u.Txid)
	}
	return nil
}

// takenOf is what a node's wallet got of a closed channel, anchors aside, before fees.
func (n *testNode) takenOf(v ClosedChannel) (sum btcutil.Amount) {
	for _, r := range v.Resolutions {
		if r.State == CoinTaken && r.Path != bitcoin.StageTimeout && r.Path != bitcoin.StageSuccess &&
			r.Path != bitcoin.Anchor && r.Path != bitcoin.OtherAnchor {
			sum += r.Amount
		}
	}
	return sum
}

func TestForceCloseGivesOurBalanceBackAfterTheDelay(t *testing.T) {
	n, _, trudy, bob := betweenStrict(t)
	point := trudy.c.Params().Outpoint
	trudy.disconnect()
	tx := bob.force(point)
	n.block(bob)
	n.eventually("bob sees it in a block", func() bool { v, _ := bob.forced(point); return v.Height == n.heightNow() })
	v, ok := bob.forced(point)
	require.True(t, ok)
	require.Equal(t, adjudicator.Local, v.Ending)
	require.Equal(t, tx.TxHash(), v.Txid)
	require.Equal(t, n.heightNow(), v.Height)
	require.NotZero(t, v.Limbo)
	require.Zero(t, v.Recovered)
	require.Equal(t, v.Height+144, v.Matures)
	balance := v.Limbo
	for n.heightNow()+2 < v.Matures {
		n.block(bob)
		require.Empty(t, n.chain.Published(), "it is locked until %d, now %d", v.Matures, n.heightNow())
	}
	n.blocksUntil("bob's balance is taken", 20, func() bool { v, _ := bob.forced(point); return v.Recovered == balance }, bob)
	n.blocksUntil("the channel is closed", 20, func() bool { _, ok := bob.closedAs(point); return ok }, bob)
	closed, _ := bob.closedAs(point)
	require.Equal(t, ClosedByUs, closed.Kind)
	require.Equal(t, balance, closed.Settled)
	_, ok = bob.forced(point)
	require.False(t, ok)
}

// forwarded has mallory's HTLC lie with trudy, and gives bob's outgoing one.
func forwarded(t *testing.T, n *testNet, mallory, trudy *stranger, preimage lntypes.Preimage, amount lnwire.MilliSatoshi) *htlc.HTLC {
	t.Helper()
	have := len(trudy.locked())
	mallory.step(mallory.through(trudy, amount, preimage.Hash()))
	trudy.pump("trudy has it", func() bool { mallory.drain(); return len(trudy.locked()) == have+1 })
	return trudy.locked()[have]
}

// A preimage that only the chain shows is used upstream (eclair up to 0.11 looked at its own
// commitment's HTLCs only: attack 16).
func TestAttack16PreimageIsReadOffThePeersCommitment(t *testing.T) {
	n, mallory, trudy, bob := betweenStrict(t)
	preimage := lntypes.Preimage{1}
	forwarded(t, n, mallory, trudy, preimage, 20_000*sat)
	trudy.disconnect()
	tx := trudy.commits(trudy.c)
	n.block(bob)
	at := adjudicator.Height(n.heightNow())
	n.block(bob)
	require.Len(t, trudy.takes(trudy.c, tx, at, bitcoin.StageSuccess, preimages(preimage)), 1)
	mallory.pump("mallory has the preimage", func() bool { return len(mallory.resolvedTo()) == 1 || mined(n, bob) })
	require.True(t, mallory.resolvedTo()[0])
}

// mined mines a block, and is false: for a pump that needs blocks.
func mined(n *testNet, nodes ...*testNode) bool {
	n.block(nodes...)
	return false
}

// An HTLC that times out on chain is failed back when that is final, not before.
func TestHTLCThatTimedOutOnChainIsFailedBackWhenThatIsFinal(t *testing.T) {
	for name, by := range map[string]func(n *testNet, trudy *stranger, bob *testNode){
		"ours":      func(_ *testNet, trudy *stranger, bob *testNode) { bob.force(trudy.c.Params().Outpoint) },
		"the peers": func(_ *testNet, trudy *stranger, _ *testNode) { trudy.commits(trudy.c) },
	} {
		t.Run(name, func(t *testing.T) {
			n, mallory, trudy, bob := betweenStrict(t)
			h := forwarded(t, n, mallory, trudy, lntypes.Preimage{1}, 20_000*sat)
			point := trudy.c.Params().Outpoint
			trudy.disconnect()
			by(n, trudy, bob)
			var taken uint32 // the block of what took it
			for n.heightNow() < h.Expiry+30 {
				n.block(bob)
				mallory.drain()
				v, _ := bob.forced(point)
				for _, c := range v.Coins {
					if c.HTLC && c.Stage == 1 && c.SpentAt > 0 {
						require.Equal(t, CoinTaken, c.State)
						taken = c.SpentAt
					}
				}
				if taken == 0 || n.heightNow() < taken+closeDepth-1 {
					require.Empty(t, mallory.resolvedTo(), "at %d, taken at %d", n.heightNow(), taken)
				} else {
					break
				}
			}
			require.Greater(t, taken, h.Expiry)
			require.Less(t, taken, h.Expiry+3)
			mallory.pump("mallory is told", func() bool { return len(mallory.resolvedTo()) == 1 })
			require.False(t, mallory.resolvedTo()[0])
			require.Equal(t, htlc.Open, mallory.driver().channel().State())
		})
	}
}

// A revoked commitment costs its owner everything, HTLCs included.
func TestRevokedCommitmentIsTakenWhole(t *testing.T) {
	n, mallory, trudy, bob := betweenStrict(t)
	forwarded(t, n, mallory, trudy, lntypes.Preimage{1}, 20_000*sat)
	forwarded(t, n, mallory, trudy, lntypes.Preimage{2}, 30_000*sat)
	old := trudy.c
	for _, h := range trudy.locked() {
		trudy.step(htlc.Fail{ID: h.ID, Reason: make([]byte, 292)})
	}
	mallory.pump("both are failed", func() bool { trudy.drain(); return len(mallory.resolvedTo()) == 2 })
	point := trudy.c.Params().Outpoint
	trudy.pump("at rest", func() bool { n, _ := trudy.driver().channel().InFlight(); return n == 0 })
	trudy.disconnect()
	tx := trudy.commits(old)
	n.block(bob)
	n.eventually("bob sees the breach", func() bool { v, ok := bob.forced(point); return ok && v.Ending == adjudicator.Revoked })
	n.blocksUntil("closed", 30, func() bool { _, ok := bob.closedAs(point); return ok }, bob)
	closed, _ := bob.closedAs(point)
	require.Equal(t, ClosedByBreach, closed.Kind)
	var all btcutil.Amount
	for _, out := range tx.TxOut {
		if out.Value != 330 {
			all += btcutil.Amount(out.Value)
		}
	}
	require.Equal(t, all, bob.takenOf(closed))
}

// Replacement cycling (CVE-2023-40231): the preimage is in a transaction that never gets into a
// block, since something replaces it.
func TestAttack22PreimageIsReadOffTheMempool(t *testing.T) {
	n, mallory, trudy, bob := betweenStrict(t)
	preimage := lntypes.Preimage{1}
	forwarded(t, n, mallory, trudy, preimage, 20_000*sat)
	trudy.disconnect()
	tx := bob.force(trudy.c.Params().Outpoint)
	n.block(bob)
	at := adjudicator.Height(n.heightNow())
	n.block(bob)
	require.Len(t, trudy.takes(trudy.c, tx, at, bitcoin.PreimageHTLC, preimages(preimage)), 1)
	mallory.pump("mallory has the preimage", func() bool { return len(mallory.resolvedTo()) == 1 })
	require.True(t, mallory.resolvedTo()[0])
	require.Len(t, n.chain.Published(), 1, "it is in no block")
}

// lnd up to 0.18.5 failed an HTLC upstream that its own commitment lacked when that confirmed,
// though it had the preimage (attack 15): a known preimage is never followed by a failure, over
// restarts too.
func TestAttack15ExcessiveFailbackWithOurOwnCommitment(t *testing.T) {
	n, mallory, trudy, bob := betweenStrict(t)
	preimage := lntypes.Preimage{1}
	forwarded(t, n, mallory, trudy, preimage, 300*sat) // no output, so it is gone
	mallory.disconnect()
	trudy.send(&lnwire.UpdateFulfillHTLC{ChanID: trudy.c.ID(), ID: 0, PaymentPreimage: preimage})
	n.eventually("bob has the preimage", func() bool { return fulfilled(mallory.driver()) })
	trudy.disconnect()
	bob.force(trudy.c.Params().Outpoint)
	for range closeDepth + 2 {
		n.block(bob)
	}
	bob.restart()
	n.eventually("bob is back", func() bool { return trudy.driver() != nil && bob.court.Height() > 0 })
	n.block(bob)
	mallory.reconnected()
	mallory.pump("mallory is told", func() bool { return len(mallory.resolvedTo()) == 1 })
	require.True(t, mallory.resolvedTo()[0])
}

// A dust HTLC has no output; it is failed back when the commitment is final, and then at once.
func TestDustHTLCIsFailedBackWhenTheCommitmentIsFinal(t *testing.T) {
	n, mallory, trudy, bob := betweenStrict(t)
	forwarded(t, n, mallory, trudy, lntypes.Preimage{1}, 300*sat)
	trudy.disconnect()
	bob.force(trudy.c.Params().Outpoint)
	for range closeDepth - 1 {
		n.block(bob)
		mallory.drain()
		require.Empty(t, mallory.resolvedTo())
	}
	n.block(bob)
	mallory.pump("mallory is told", func() bool { return len(mallory.resolvedTo()) == 1 })
	require.False(t, mallory.resolvedTo()[0])
}

func TestFinalityGrowsWithTheAmountAndIsNeverBelowSix(t *testing.T) {
	for _, c := range []struct {
		confs, perBTC uint32
		amount        btcutil.Amount
		want          uint32
	}{
		{0, 0, 1, 6}, {1, 0, 1e8, 6}, {6, 0, 50e8, 6}, {10, 0, 1, 10},
		{6, 3, 1e8 - 1, 6}, {6, 3, 1e8, 9}, {6, 3, 25e7, 12}, {6, 3, 21e14, 100}, {100, 100, 21e14, 100},
	} {
		cfg := Config{FinalConfs: c.confs, FinalConfsPerBTC: c.perBTC}
		require.Equal(t, c.want, cfg.finalDepth(c.amount), "%+v", c)
	}
}

// Pinning (CVE-2021-31876) and fees that rose since it was signed: a commitment that no block
// takes is paid for by its anchor, ours or, if nodes have that, the peer's commitment's.
func TestAttack24PinningTheAnchorPaysForACommitmentThatNoBlockTakes(t *testing.T) {
	for name, publish := range map[string]func(trudy *stranger, bob *testNode) *wire.MsgTx{
		"ours": func(trudy *stranger, bob *testNode) *wire.MsgTx { return bob.force(trudy.c.Params().Outpoint) },
		"the peers": func(trudy *stranger, bob *testNode) *wire.MsgTx {
			tx := trudy.commits(trudy.c)
			_, err := bob.beginForced(t.Context(), trudy.driver())
			require.NoError(t, err)
			return tx
		},
	} {
		t.Run(name, func(t *testing.T) {
			n, mallory, trudy, bob := betweenStrict(t)
			forwarded(t, n, mallory, trudy, lntypes.Preimage{1}, 20_000*sat)
			trudy.disconnect()
			tx := publish(trudy, bob)
			n.chain.SetFee(20_000)
			var child *wire.MsgTx
			paid := func() bool {
				for _, p := range n.chain.Published() {
					for _, in := range p.TxIn {
						if in.PreviousOutPoint.Hash == tx.TxHash() {
							child = p
						}
					}
				}
				return child != nil
			}
			for range 6 {
				height := n.chain.MineWithout(func(p *wire.MsgTx) bool { return p.TxHash() == tx.TxHash() })
				n.eventually("the court is at the tip", func() bool { return bob.court.Height() >= adjudicator.Height(height) })
			}
			n.eventually("a child pays for it", paid)
			require.EqualValues(t, 330, tx.TxOut[child.TxIn[0].PreviousOutPoint.Index].Value)
			require.Greater(t, len(child.TxIn), 1, "the wallet's coins pay")
		})
	}
}
