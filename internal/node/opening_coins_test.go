package node

import (
	"testing"

	"github.com/btcsuite/btcd/wire"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
)

// The wallet learns of a funding transaction when it is published, and may forget it when the network
// refuses it; its coins are never free meanwhile, or the next payment would take the channel's.
func TestCoinsOfAFundingAreReservedUntilItConfirms(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	n.connect(alice, bob)
	var at wire.OutPoint
	for u, err := range alice.OpenChannel(t.Context(), OpenChannel{Peer: bob.key(), Capacity: 100_000}) {
		require.NoError(t, err)
		at = u.ChannelPoint
		break
	}
	d := alice.sw.channelByID(lnwire.NewChanIDFromOutPoint(at))
	tx, err := readTx(d.channel().Params().FundingTx)
	require.NoError(t, err)
	want := map[wire.OutPoint]bool{tx.TxIn[0].PreviousOutPoint: true}
	require.Equal(t, want, alice.wallet.forget())
	alice.restart()
	<-alice.Started()
	require.Equal(t, want, alice.wallet.forget())
	n.chain.MineN(announceDepth)
	n.eventually("the channel is open", func() bool {
		d := alice.sw.channelByID(lnwire.NewChanIDFromOutPoint(at))
		return d != nil && d.channel().State() == htlc.Open
	})
	alice.restart()
	<-alice.Started()
	require.Empty(t, alice.wallet.forget(), "it has confirmed")
}

// A channel that ends before its funding transaction confirmed is published no more, so its coins are
// free again at once; whoever would reserve them behind its end is told.
func TestCoinsOfAFundingThatIsGivenUpAreFreeAgain(t *testing.T) {
	for name, giveUp := range map[string]func(*testNode, *driver) job{
		"halted":    func(*testNode, *driver) job { return job{in: htlc.Halt{Reason: "the peer wants it no more"}} },
		"forgotten": func(n *testNode, d *driver) job { return job{after: func() { n.drop(d) }} },
	} {
		t.Run(name, func(t *testing.T) {
			n := newTestNet(t)
			alice, bob := n.node("alice"), n.node("bob")
			n.connect(alice, bob)
			for _, err := range alice.OpenChannel(t.Context(), OpenChannel{Peer: bob.key(), Capacity: 100_000}) {
				require.NoError(t, err)
				break
			}
			require.Equal(t, 1, alice.wallet.kept())
			d := alice.sw.channels()[0]
			require.True(t, d.post(giveUp(alice, d)))
			n.eventually("its coins are free", func() bool { return alice.wallet.kept() == 0 })
			if name == "halted" {
				require.False(t, alice.reserveFunding(d))
				require.Zero(t, alice.wallet.kept())
			}
		})
	}
}
