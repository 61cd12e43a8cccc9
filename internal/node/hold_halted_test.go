package node

import (
	"testing"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/htlc"
)

// withHaltedPart is an accepted hold invoice of three parts, one of which is in a channel that carol
// has stopped; she was restarted since.
func withHaltedPart(t *testing.T, preimage lntypes.Preimage) (n *testNet, alice, carol *testNode, inv Invoice, stopped *driver) {
	n, alice, carol = strands(t)
	inv, _ = holding(t, n, alice, carol, preimage)
	got, err := carol.LookupInvoice(t.Context(), inv.Hash)
	require.NoError(t, err)
	require.Len(t, got.HTLCs, 3)
	id := got.HTLCs[1].Channel
	carol.sw.channelByID(id).post(job{in: htlc.Halt{Reason: "test"}})
	n.eventually("the channel is halted", func() bool { return carol.sw.channelByID(id).channel().State() == htlc.Halted })
	carol.restart()
	n.eventually("carol is back", func() bool {
		up := 0
		for _, d := range carol.sw.channels() {
			if d.channel().Connected() && d.channel().State() == htlc.Open {
				up++
			}
		}
		return up == 2
	})
	return n, alice, carol, inv, carol.sw.channelByID(id)
}

// fulfilled reports whether a channel has the preimage of an HTLC that came in, durably.
func fulfilled(d *driver) bool {
	for _, h := range d.channel().HTLCs() {
		if h.Offerer == htlc.Remote && h.Fulfilled {
			return true
		}
	}
	return false
}

// A part whose channel has stopped doesn't keep a hold invoice from being settled: the others are paid,
// and its preimage stays with the channel, to claim it on chain.
func TestHoldInvoiceIsSettledThoughAChannelHasStopped(t *testing.T) {
	preimage := lntypes.Preimage{1}
	n, alice, carol, inv, stopped := withHaltedPart(t, preimage)
	require.NoError(t, carol.SettleInvoice(t.Context(), preimage))
	require.Equal(t, InvoiceSettled, carol.stands(inv.Hash))
	n.eventually("the channel has the preimage", func() bool { return fulfilled(stopped) })
	n.eventually("alice has paid the other two", func() bool {
		p, err := alice.payments.find(inv.Hash)
		return err == nil && succeeded(alice.payments.copy(p)) == 2
	})
	carol.crash()
	carol.start()
	n.eventually("carol is back", func() bool { return carol.sw.channelByID(stopped.id) != nil })
	require.True(t, fulfilled(carol.sw.channelByID(stopped.id)), "it is durable")
}

// copy is a payment's state.
func (s *Payments) copy(p *payment) Payment {
	v, _ := s.watch(p)
	return v
}

func TestHoldInvoiceIsCanceledThoughAChannelHasStopped(t *testing.T) {
	n, alice, carol, inv, stopped := withHaltedPart(t, lntypes.Preimage{1})
	require.NoError(t, carol.CancelInvoice(t.Context(), inv.Hash))
	n.eventually("alice has two back", func() bool {
		p, err := alice.payments.find(inv.Hash)
		if err != nil {
			return false
		}
		failed := 0
		for _, a := range alice.payments.copy(p).Attempts {
			if a.Status == AttemptFailed {
				failed++
			}
		}
		return failed == 2
	})
	require.False(t, fulfilled(stopped))
}

// The receiver dies between the invoice's settlement and its part in the stopped channel: that gets its
// preimage after the restart.
func TestStoppedChannelGetsThePreimageOfASettledInvoice(t *testing.T) {
	preimage := lntypes.Preimage{1}
	n, _, carol, inv, stopped := withHaltedPart(t, preimage)
	carol.disk.FailAt(1, dbtest.Lost) // the settlement is kept, what follows is not
	_ = carol.SettleInvoice(t.Context(), preimage)
	n.eventually("carol is dead", func() bool { return carol.db.Err() != nil })
	carol.restart()
	n.eventually("carol is back", func() bool { return carol.sw.channelByID(stopped.id) != nil })
	require.Equal(t, InvoiceSettled, carol.stands(inv.Hash))
	d := carol.sw.channelByID(stopped.id)
	n.eventually("the channel has the preimage", func() bool { return fulfilled(d) })
}

// While the channels are still being read it is too soon to say that an HTLC is gone; afterwards the error
// has the numbers.
func TestHoldInvoiceIsNotGivenUpWhileTheNodeStarts(t *testing.T) {
	preimage := lntypes.Preimage{1}
	n, alice, carol := strands(t)
	inv, _ := holding(t, n, alice, carol, preimage)
	carol.invoices.mu.Lock()
	set := carol.invoices.sets[inv.Hash]
	delete(carol.invoices.sets, inv.Hash)
	carol.invoices.restoring = true
	carol.invoices.mu.Unlock()
	require.ErrorIs(t, carol.SettleInvoice(t.Context(), preimage), ErrNotReady)
	carol.invoices.restored()
	require.ErrorContains(t, carol.SettleInvoice(t.Context(), preimage), "3 of 3 HTLCs")
	carol.invoices.mu.Lock()
	carol.invoices.sets[inv.Hash] = set
	carol.invoices.mu.Unlock()
	require.NoError(t, carol.SettleInvoice(t.Context(), preimage))
	n.settled(alice, carol)
}
