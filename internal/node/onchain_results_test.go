package node

import (
	"testing"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
)

// stoppedBehind is mallory - bob - trudy with an HTLC of mallory's that trudy holds, in a channel
// that has stopped.
func stoppedBehind(t *testing.T, preimage lntypes.Preimage) (n *testNet, mallory *stranger, bob *testNode, out *driver) {
	n, mallory, trudy, bob := between(t)
	mallory.step(mallory.through(trudy, 10_000*sat, preimage.Hash()))
	trudy.pump("trudy has it", func() bool { mallory.drain(); return len(trudy.locked()) == 1 })
	out = trudy.driver()
	out.post(job{in: htlc.Halt{Reason: "test"}})
	n.eventually("halted", func() bool { return out.channel().State() == htlc.Halted })
	return n, mallory, bob, out
}

// forgotten reports whether a channel was told that the outcome of its first HTLC is used.
func forgotten(d *driver) bool {
	all := d.channel().HTLCs()
	return len(all) == 0 || all[0].Forgotten
}

// What the chain gave back is failed upstream by this node, since nobody behind it did.
func TestForwardThatTimedOutOnChainIsFailedUpstream(t *testing.T) {
	n, mallory, bob, out := stoppedBehind(t, lntypes.Preimage{7})
	out.post(job{in: htlc.TimedOut{ID: 0}})
	mallory.pump("mallory is told", func() bool { return len(mallory.failures()) == 1 })
	got := mallory.told(mallory.failures()[0], mallory.secret)
	require.Equal(t, lnwire.CodePermanentChannelFailure, got.code)
	require.Zero(t, got.hop)
	n.eventually("it is forgotten", func() bool { return forgotten(out) && bob.sw.circuits.len() == 0 })
	failed, err := bob.FailedForwards(t.Context(), ListFailedForwards{})
	require.NoError(t, err)
	require.Equal(t, lnwire.CodePermanentChannelFailure, failed[0].Failure)
	require.False(t, failed[0].Behind)
	require.Contains(t, failed[0].Why, "timed out on chain")

	bob.restart()
	mallory.heard = nil
	mallory.reconnected()
	require.Empty(t, mallory.failures(), "once")
}

// A preimage seen on chain is worth the HTLC that came in, also if the one that went out was
// given up before.
func TestAttack14PreimageFromTheChainIsUsedUpstream(t *testing.T) {
	preimage := lntypes.Preimage{7}
	n, mallory, bob, out := stoppedBehind(t, preimage)
	out.post(job{in: htlc.Learned{ID: 0, Preimage: htlc.Preimage(preimage)}}, job{in: htlc.TimedOut{ID: 0}})
	mallory.pump("mallory is told", func() bool { return len(mallory.resolvedTo()) == 1 })
	require.True(t, mallory.resolvedTo()[0])
	n.eventually("it is forgotten", func() bool { return forgotten(out) && bob.sw.circuits.len() == 0 })
	require.Empty(t, mallory.failures())
}

// A payment whose HTLC comes back on chain goes on without that channel.
func TestPaymentThatTimedOutOnChainTriesAnotherChannel(t *testing.T) {
	n, alice, carol := strands(t)
	preimage := lntypes.Preimage{1}
	hash := preimage.Hash()
	inv, err := carol.AddInvoice(t.Context(), AddInvoice{Amount: 500_000 * sat, Hash: &hash})
	require.NoError(t, err)
	result := make(chan Payment, 1)
	payer := alice.Node
	go func() { result <- payWhileDying(t.Context(), payer, inv.PaymentRequest) }()
	n.eventually("carol holds it", func() bool { return carol.stands(hash) == InvoiceAccepted })
	var out *driver
	for _, d := range alice.sw.channels() {
		if len(d.channel().HTLCs()) > 0 {
			out = d
		}
	}
	out.post(job{in: htlc.Halt{Reason: "test"}}, job{in: htlc.TimedOut{ID: 0}})
	n.eventually("it is forgotten", func() bool { return forgotten(out) })

	var p Payment
	n.eventually("another channel is tried", func() bool {
		known, err := alice.payments.find(hash)
		require.NoError(t, err)
		p = alice.payments.copy(known)
		return len(p.Attempts) > 1
	})
	first, second := p.Attempts[0], p.Attempts[1]
	require.Equal(t, AttemptFailed, first.Status)
	require.Zero(t, first.Failure.SourceIndex, "alice herself says so")
	require.NotNil(t, first.Failure.Message)
	require.Equal(t, lnwire.CodePermanentChannelFailure, first.Failure.Message.Code())
	require.NotEqual(t, first.Route.Hops[0].SCID, second.Route.Hops[0].SCID)
	require.NoError(t, carol.CancelInvoice(t.Context(), hash))
	require.Equal(t, PaymentFailed, (<-result).Status)
}
