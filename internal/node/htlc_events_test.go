package node

import (
	"context"
	"testing"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
)

// follows follows a node's HTLCs until the test ends.
func (n *testNode) follows() <-chan HTLCEvent {
	n.net.t.Helper()
	ch := make(chan HTLCEvent, maxQueued)
	ctx := n.net.t.(*testing.T).Context()
	node := n.Node
	go func() {
		for e, err := range node.HTLCEvents(ctx) {
			if err != nil {
				close(ch)
				return
			}
			ch <- e
		}
	}()
	first := <-ch
	require.Equal(n.net.t, HTLCSubscribed, first.Kind)
	return ch
}

// take is the next events of a stream, without their times.
func take(t *testing.T, n *testNet, ch <-chan HTLCEvent, count int) (all []HTLCEvent) {
	t.Helper()
	n.eventually("events came", func() bool { return len(ch) >= count })
	for range count {
		e := <-ch
		require.False(t, e.Time.IsZero())
		e.Time = e.Time.Truncate(0)
		all = append(all, e)
	}
	return all
}

// What happens to an HTLC is told by each node that it passes, in order, by the same names.
func TestEachNodeTellsWhatHappensToAnHTLC(t *testing.T) {
	n, alice, bob, carol := line(t)
	in, out := alice.to(bob).channel().SCID(), bob.to(carol).channel().SCID()
	a, b, c := alice.follows(), bob.follows(), carol.follows()
	inv := carol.invoice(10_000 * sat)
	p := alice.pay(inv.PaymentRequest)
	require.Equal(t, PaymentSucceeded, p.Status)
	n.settled(alice, bob, carol)
	route := p.Attempts[0].Route

	sent := take(t, n, a, 2)
	require.Equal(t, HTLCEvent{Kind: HTLCForwarded, Role: HTLCSend, Time: sent[0].Time, Out: in,
		AmtOut: route.TotalAmount, ExpiryOut: route.TotalTimeLock}, sent[0])
	require.Equal(t, HTLCEvent{Kind: HTLCSettled, Role: HTLCSend, Time: sent[1].Time, Out: in, Preimage: inv.Preimage}, sent[1])

	passed := take(t, n, b, 3)
	require.Equal(t, HTLCEvent{Kind: HTLCForwarded, Role: HTLCForward, Time: passed[0].Time, In: in, Out: out,
		AmtIn: route.TotalAmount, ExpiryIn: route.TotalTimeLock, AmtOut: 10_000 * sat, ExpiryOut: route.Hops[0].Expiry}, passed[0])
	require.Equal(t, HTLCEvent{Kind: HTLCSettled, Role: HTLCForward, Time: passed[1].Time, In: in, Out: out, Preimage: inv.Preimage}, passed[1])
	require.Equal(t, HTLCEvent{Kind: HTLCFinal, Time: passed[2].Time, In: in, Settled: true}, passed[2])

	got := take(t, n, c, 2)
	require.Equal(t, HTLCEvent{Kind: HTLCSettled, Role: HTLCReceive, Time: got[0].Time, In: out, AmtIn: 10_000 * sat,
		ExpiryIn: route.Hops[1].Expiry, Preimage: inv.Preimage}, got[0])
	require.Equal(t, HTLCEvent{Kind: HTLCFinal, Time: got[1].Time, In: out, Settled: true}, got[1])

	// The same, refused at the end.
	require.NoError(t, carol.CancelInvoice(t.Context(), carol.invoice(sat).Hash))
	unpaid := carol.invoice(10_000 * sat)
	require.NoError(t, carol.CancelInvoice(t.Context(), unpaid.Hash))
	require.Equal(t, FailureIncorrectDetails, alice.pay(unpaid.PaymentRequest).FailureReason)
	n.settled(alice, bob, carol)
	require.Equal(t, []HTLCEventKind{HTLCForwarded, HTLCForwardFailed}, kinds(take(t, n, a, 2)))
	require.Equal(t, []HTLCEventKind{HTLCForwarded, HTLCForwardFailed, HTLCFinal}, kinds(take(t, n, b, 3)))
	refused := take(t, n, c, 2)
	require.Equal(t, []HTLCEventKind{HTLCLinkFailed, HTLCFinal}, kinds(refused))
	require.Equal(t, HTLCReceive, refused[0].Role)
	require.Equal(t, DetailInvoiceCanceled, refused[0].Detail)
	require.Equal(t, lnwire.CodeIncorrectOrUnknownPaymentDetails, refused[0].Failure)
	require.EqualValues(t, 1, refused[0].InID)
	require.False(t, refused[1].Settled)

	failed, err := bob.FailedForwards(t.Context(), ListFailedForwards{})
	require.NoError(t, err)
	require.Len(t, failed, 1)
	require.True(t, failed[0].Behind)
	require.Equal(t, in, failed[0].In)
	require.Equal(t, out, failed[0].Out)
	require.EqualValues(t, 1, failed[0].OutID)
	require.Equal(t, 10_000*sat, failed[0].AmtOut)
}

func kinds(all []HTLCEvent) (out []HTLCEventKind) {
	for _, e := range all {
		out = append(out, e.Kind)
	}
	return out
}

// A forward that this node refuses is told with the reason, and kept over a restart.
func TestRefusedForwardIsToldAndKept(t *testing.T) {
	n, mallory, bob, carol := chained(t)
	out := bob.to(carol)
	events := bob.follows()
	r := mallory.relay(carol.invoice(0), carol, 20_000*sat)
	r.add.Amount--
	require.Equal(t, lnwire.CodeFeeInsufficient, mallory.payVia(r, carol).code)
	e := take(t, n, events, 1)[0]
	require.Equal(t, HTLCLinkFailed, e.Kind)
	require.Equal(t, HTLCForward, e.Role)
	require.Equal(t, lnwire.CodeFeeInsufficient, e.Failure)
	require.Equal(t, DetailNone, e.Detail)
	require.Equal(t, out.channel().SCID(), e.Out)

	// The outgoing channel can't carry as much as its policy allows.
	all := out.channel().Spendable()
	policy := bob.policies.Policy(out)
	policy.MaxHTLC = 1_000_000 * sat
	bob.policies.set(out, policy)
	r = mallory.relay(carol.invoice(0), carol, all+sat)
	require.Equal(t, lnwire.CodeTemporaryChannelFailure, mallory.payVia(r, carol).code)
	n.eventually("it is told", func() bool { return len(events) > 1 })
	for e.Detail != DetailInsufficientBalance {
		e = take(t, n, events, 1)[0]
	}
	require.Contains(t, e.Why, "reserve")

	check := func() {
		failed, err := bob.FailedForwards(t.Context(), ListFailedForwards{})
		require.NoError(t, err)
		require.Len(t, failed, 2)
		require.Equal(t, DetailInsufficientBalance, failed[0].Detail)
		require.Contains(t, failed[0].Why, "reserve")
		require.Equal(t, lnwire.CodeFeeInsufficient, failed[1].Failure)
		require.Contains(t, failed[1].Why, "the fee is")
		require.Equal(t, r.add.Amount, failed[0].AmtIn)
		require.Equal(t, all+sat, failed[0].AmtOut)
		older, err := bob.FailedForwards(t.Context(), ListFailedForwards{Before: failed[0].Index})
		require.NoError(t, err)
		require.Equal(t, failed[1:], older)
	}
	check()
	bob.restart()
	n.eventually("bob is back", bob.started)
	check()
}

func TestFailedForwardsAreBounded(t *testing.T) {
	n := newTestNet(t)
	bob := n.node("bob")
	f, err := newFailedForwards(bob.db, bob.now)
	require.NoError(t, err)
	rows := map[string]bool{}
	for i := range uint64(3 * maxFailedForwards) {
		for _, row := range f.put(FailedForward{InID: i, Why: string(make([]byte, 10_000))}) {
			require.Less(t, len(row.Value), 400)
			if rows[string(row.Key)] = true; row.Value == nil {
				delete(rows, string(row.Key))
			}
		}
	}
	require.Len(t, rows, maxFailedForwards)
}

// Who doesn't read is cut off, and nobody waits for it.
func TestSlowFollowerOfHTLCsIsCutOff(t *testing.T) {
	_, alice, bob, carol := line(t)
	reading, seen, full := make(chan error, 1), make(chan struct{}), make(chan struct{})
	go func() {
		for e, err := range bob.HTLCEvents(t.Context()) {
			if err != nil {
				reading <- err
				return
			}
			if e.Kind == HTLCSubscribed {
				close(seen)
				<-full
			}
		}
	}()
	<-seen
	for range maxQueued + 1 {
		bob.htlcs.say(HTLCEvent{Kind: HTLCFinal})
	}
	close(full)
	require.ErrorIs(t, <-reading, ErrBusy)
	require.Equal(t, PaymentSucceeded, alice.pay(carol.invoice(sat).PaymentRequest).Status)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range bob.HTLCEvents(ctx) {
		if err != nil {
			require.ErrorIs(t, err, context.Canceled)
		}
	}
	require.False(t, bob.htlcs.anyone())
}

// An HTLC that no channel takes is told as failed by us.
func TestOwnHTLCThatIsRefusedIsTold(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	n.open(alice, bob, 1_000_000, 0)
	events := alice.follows()
	d := alice.to(bob)
	alice.sw.Handle(d, []htlc.Result{htlc.Dropped{HTLC: &htlc.HTLC{Amount: 5, Expiry: 6, Ref: htlc.Ref{ID: 7}}}})
	e := take(t, n, events, 1)[0]
	require.Equal(t, HTLCEvent{Kind: HTLCLinkFailed, Role: HTLCSend, Time: e.Time, Out: d.channel().SCID(), AmtOut: 5, ExpiryOut: 6,
		Failure: lnwire.CodeTemporaryChannelFailure, Detail: DetailIncompleteForward, Why: errDropped.Error()}, e)
	require.Equal(t, lntypes.Preimage{}, e.Preimage)
}
