package node

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/chain/chaintest"
	"github.com/nichework/nwnd/router"
)

// dear is a chain that counts how often others' channels are looked up on it.
type dear struct {
	*chaintest.Fake
	asked atomic.Int32
}

func (d *dear) FundingOutput(ctx context.Context, scid lnwire.ShortChannelID) (wire.OutPoint, *wire.TxOut, error) {
	d.asked.Add(1)
	return d.Fake.FundingOutput(ctx, scid)
}

func (d *dear) BlockAt(ctx context.Context, height int32) (*wire.MsgBlock, chainhash.Hash, error) {
	d.asked.Add(1)
	return d.Fake.BlockAt(ctx, height)
}

func TestTrustedGraphAsksTheChainNothing(t *testing.T) {
	n := newTestNet(t)
	chain := &dear{Fake: n.chain}
	alice := n.node("alice", func(c *Config) { c.Chain, c.TrustGraph = chain, true })
	bob, carol := n.node("bob"), n.node("carol")
	n.open(alice, bob, 1_000_000, 0)
	n.open(bob, carol, 1_000_000, 0)
	n.known(2, alice, bob, carol)
	n.eventually("alice reaches carol", func() bool { return alice.reaches(carol) })
	p := alice.pay(carol.invoice(10_000 * sat).PaymentRequest)
	require.Equal(t, PaymentSucceeded, p.Status)
	require.Zero(t, chain.asked.Load())

	// A channel of a block that isn't there yet waits for it.
	err := alice.gossip.believe(&router.FundingCheck{SCID: lnwire.ShortChannelID{BlockHeight: alice.reachable() + 1000}})
	require.ErrorContains(t, err, "there can be")
	early := &Node{chain: n.chain, now: func() time.Time { return n.chain.Best().Time.Add(-time.Hour) }}
	require.EqualValues(t, n.chain.Best().Height, early.reachable(), "clocks differ")
}
