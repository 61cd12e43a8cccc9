package node

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
)

// What is locked in on a channel that has stopped can't be claimed by an update any more, so
// no money of ours goes out for it, and no preimage.
func TestNothingIsForwardedOrSettledForAHaltedChannel(t *testing.T) {
	n, alice, bob, carol := line(t)
	d := bob.sw.channelByID(alice.sw.channels()[0].id)
	forwarded := incoming(t, alice, carol.invoice(5_000*sat))
	inv := bob.invoice(5_000 * sat)
	received := incoming(t, alice, inv)
	d.post(job{in: htlc.Halt{Reason: "test"}})
	n.eventually("the channel is halted", func() bool { return d.channel().State() == htlc.Halted })

	bob.sw.lockedIn(d, []htlc.LockedIn{{HTLC: forwarded}, {HTLC: received}})

	require.Zero(t, bob.sw.circuits.len(), "it was forwarded")
	require.Empty(t, bob.invoices.settling, "it was settled")
	got, err := bob.LookupInvoice(t.Context(), inv.Hash)
	require.NoError(t, err)
	require.Equal(t, InvoiceOpen, got.State)
}

// incoming is the HTLC that paying an invoice would bring to the payer's peer.
func incoming(t *testing.T, payer *testNode, inv Invoice) *htlc.HTLC {
	hash, o, err := payer.order(SendPayment{PaymentRequest: inv.PaymentRequest, FeeLimit: 100 * sat})
	require.NoError(t, err)
	p := &payment{order: o}
	p.Hash = hash
	_, _, add, err := payer.routes.prepare(p, shard{amount: o.amount, left: o.amount, maxFee: lnwire.MilliSatoshi(100_000)}, newIgnored())
	require.NoError(t, err)
	return &htlc.HTLC{Offerer: htlc.Remote, Amount: add.Amount, Hash: add.Hash, Expiry: add.Expiry, Onion: add.Onion}
}
