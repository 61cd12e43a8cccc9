package node

import (
	"context"
	"math/big"
	"testing"

	"github.com/btcsuite/btcd/wire"
	evmchain "github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/internal/ethereum"
)

// blind is a node whose endpoints can't try tokens.
func blind(c *Config) { c.EVM[0].Reader = withoutOverrides{c.EVM[0].Reader} }

// during makes blocks until something has ended.
func (n *oddNet) during(what string, f func(ctx context.Context) error) error {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), tokenTests)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- f(ctx) }()
	var err error
	n.mining(what, func() bool {
		select {
		case err = <-done:
			return true
		default:
			return false
		}
	})
	return err
}

// opens has a node open a channel in the token, until it is open or fails.
func (n *oddNet) opens(a, b *testNode, capacity uint64) error {
	n.t.Helper()
	n.connect(a, b)
	return n.during("the opening has ended", func(ctx context.Context) (last error) {
		for _, err := range a.OpenTokenChannel(ctx, OpenTokenChannel{Peer: b.key(), Symbol: "ODD", Capacity: capacity}) {
			last = err
		}
		return last
	})
}

// keeps checks what a node's account has of the token, some blocks long.
func (n *oddNet) keeps(x *testNode, amount int64) {
	n.t.Helper()
	t, err := x.tokens.named("ODD")
	require.NoError(n.t, err)
	for range 6 {
		require.NoError(n.t, n.evm.Mine(1))
		n.sees(x)
		held, err := t.held(n.t.Context())
		require.NoError(n.t, err)
		require.Equal(n.t, amount, held.Int64())
	}
}

// alarmed waits for the alert about the token.
func (n *oddNet) alarmed(x *testNode) {
	n.t.Helper()
	n.mining("an alert tells of the token", func() bool {
		all, err := x.Alerts(n.t.Context())
		require.NoError(n.t, err)
		for _, a := range all {
			if a.Kind == AlertToken {
				require.Contains(n.t, a.Text, "of 10000 base units deposited")
				require.Contains(n.t, a.Text, "9900 arrived")
				require.Contains(n.t, a.Text, "--allow-unusual")
				return true
			}
		}
		return false
	})
}

// robbed is a network in which the first deposit lost its hundredth to a fee that nobody knew of.
func robbed(t *testing.T) (n *oddNet, alice, bob *testNode) {
	n = newOddNet(t, "alice", "bob")
	alice, bob = n.tokenNode("alice", blind), n.tokenNode("bob", blind)
	n.adds(alice, false)
	n.adds(bob, false)
	n.tells(oddToken.PackSetFee(big.NewInt(10)))
	n.sees(alice, bob)
	require.ErrorIs(t, n.opens(alice, bob, 10_000), ErrUnusual)
	return n, alice, bob
}

// A token that begins to take a fee is noticed by the first deposit, on both sides, and nothing is sent after it,
// over restarts.
func TestFeeIsNoticedByTheFirstDeposit(t *testing.T) {
	n, alice, bob := robbed(t)
	n.alarmed(alice)
	n.alarmed(bob)
	n.keeps(alice, milesEach-10_000)
	require.ErrorIs(t, n.opens(alice, bob, 10), ErrUnusual)
	require.ErrorIs(t, n.opens(bob, alice, 10), ErrUnusual)
	_, err := bob.openings.answerInToken(&opening{token: bob.tokens.byHash(bob.assetOf("ODD"))}, nil)
	require.ErrorIs(t, err, ErrNotReady, "nor is a channel in it accepted")
	d := alice.sw.tokens()[0]
	_, err = alice.DepositToChannel(t.Context(), d.channel().Params().Outpoint, 10)
	require.Error(t, err)

	alice.restart()
	n.alarmed(alice)
	n.keeps(alice, milesEach-10_000)

	// It died before it had noticed: what was deposited before the start is looked at too.
	id := alice.assetOf("ODD")
	require.NoError(t, alice.db.Append(channeldb.Batch{Puts: []channeldb.KV{{Bucket: bucketUnusual, Key: id[:]}}}))
	alice.restart()
	n.alarmed(alice)
	n.keeps(alice, milesEach-10_000)
}

// Once the operator allows it, the rest of a deposit is sent with what the fee takes of it, and no more than that: of a deposit
// counts what arrived.
func TestDepositsOfATokenWithAFeeComeToAnEnd(t *testing.T) {
	n, alice, bob := robbed(t)
	n.alarmed(alice)
	n.alarmed(bob)
	for _, x := range []*testNode{alice, bob} {
		req := n.terms()
		req.AllowUnusual = true
		a, err := x.AddAsset(t.Context(), req)
		require.NoError(t, err)
		require.True(t, a.Allowed)
		require.Contains(t, a.Unusual, "9900 arrived")
		all, err := x.Alerts(t.Context())
		require.NoError(t, err)
		require.Empty(t, all)
	}
	n.connect(alice, bob)
	var at wire.OutPoint
	n.mining("the channel opens", func() bool {
		all, err := alice.TokenChannels(t.Context())
		require.NoError(t, err)
		at = all[0].ChannelPoint
		return all[0].State == TokenOpen && all[0].Active
	})
	n.keeps(alice, milesEach-10_000-102)
	require.NoError(t, n.during("the deposit counts", func(ctx context.Context) error {
		_, err := alice.DepositToChannel(ctx, at, 5000)
		return err
	}))
	n.keeps(alice, milesEach-10_000-102-5000-51)
}

// The rest is sent by the share that was lost, then by the amount, a few times, and not at all if most is lost.
func TestRestOfADepositIsSentAFewTimes(t *testing.T) {
	n := func(v int64) *big.Int { return big.NewInt(v) }
	m := &moves{}
	require.Equal(t, n(1000), m.toSend(n(1000)))
	m.fellShort(n(1000), n(990)) // it takes 10 of whatever is sent
	require.Equal(t, n(11), m.toSend(n(10)))
	m.fellShort(n(11), n(1))
	require.Equal(t, n(19), m.toSend(n(9)))
	require.False(t, m.gaveUp())
	m.complete()
	require.Equal(t, n(7), m.toSend(n(7)))
	for range maxShortfalls {
		m.fellShort(n(10), n(9))
		require.NotNil(t, m.toSend(n(1)))
	}
	m.fellShort(n(10), n(9))
	require.Nil(t, m.toSend(n(1)))
	require.True(t, m.gaveUp())

	robber := &moves{}
	robber.fellShort(n(1000), n(499))
	require.Nil(t, robber.toSend(n(501)))
}

// muteChain answers no calls.
type muteChain struct {
	ethereum.Reader
	asked int
}

func (c *muteChain) Call(context.Context, common.Address, []byte, common.Hash) ([]byte, error) {
	c.asked++
	return nil, ethereum.ErrNoEndpoint
}

func (c *muteChain) Transaction(context.Context, common.Hash) (*types.Transaction, error) {
	c.asked++
	return nil, ethereum.ErrNoEndpoint
}

// Endpoints that answer no calls must not hold up the contract's deadlines at a start for each channel; all of what may have been
// credited meanwhile is looked at instead.
func TestNoChannelIsAskedForAfterOneThatNobodyAnswersFor(t *testing.T) {
	n := newTokenNet(t, "alice", "bob")
	alice, bob := n.tokenNode("alice"), n.tokenNode("bob")
	n.connect(alice, bob)
	n.openMiles(alice, bob, 1000, 0)
	n.openMiles(alice, bob, 1000, 0)
	require.NoError(t, alice.stop())
	all := alice.sw.tokens()
	require.Len(t, all, 2)
	for _, d := range all {
		d.onChain.Store(nil) // as at a start
	}
	b := all[0].bench.Load()
	mute := &muteChain{Reader: b.chain.cfg.Reader}
	b.chain.cfg.Reader = mute
	since := alice.creditedSince(b, ethereum.Head{Number: 1 << 40})
	require.Equal(t, 1, mute.asked)
	require.EqualValues(t, min(all[0].hint, all[1].hint), since)

	// Nor is one deposit asked for after another, and what wasn't read is looked at again.
	logs, err := n.evm.Client().FilterLogs(t.Context(), evmchain.FilterQuery{Addresses: []common.Address{b.contract}})
	require.NoError(t, err)
	credits := credits{n: alice.Node, b: b}
	for range 2 {
		mute.asked = 0
		credits.take(ethereum.Update{Settled: logs})
		require.Equal(t, 1, mute.asked)
		require.Len(t, credits.left, 2)
		require.Contains(t, credits.unsure, all[0].token)
		logs = nil
	}
}
