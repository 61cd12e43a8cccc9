package node

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/internal/onion"
)

// alarms are timers that a test lets go off.
type alarms struct {
	mu sync.Mutex
	m  map[int]alarm
	n  int
}

type alarm struct {
	in time.Duration
	f  func()
}

func (a *alarms) after(in time.Duration, f func()) func() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.m == nil {
		a.m = make(map[int]alarm)
	}
	id := a.n
	a.n++
	a.m[id] = alarm{in, f}
	return func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		_, there := a.m[id]
		delete(a.m, id)
		return there
	}
}

// fire lets the timers of invoices go off, and says how many.
func (a *alarms) fire() int { return a.fireAt(mppTimeout) }

// fireAt lets those of a duration go off.
func (a *alarms) fireAt(in time.Duration) int {
	a.mu.Lock()
	var due []func()
	for id, it := range a.m {
		if it.in == in {
			due = append(due, it.f)
			delete(a.m, id)
		}
	}
	a.mu.Unlock()
	for _, f := range due {
		f()
	}
	return len(due)
}

// strands is alice and carol with three channels between them, of a million satoshi each of
// which alice has nine tenths.
func strands(t *testing.T, adjust ...func(*Config)) (n *testNet, alice, carol *testNode) {
	n = newTestNet(t)
	alice, carol = n.node("alice", adjust...), n.node("carol", adjust...)
	for range 3 {
		n.open(alice, carol, 1_000_000, 100_000)
	}
	n.known(3, alice, carol)
	return n, alice, carol
}

// payWith makes a payment and returns how it ended.
func (n *testNode) payWith(req SendPayment) Payment {
	n.net.t.Helper()
	ctx, cancel := context.WithTimeout(n.net.t.Context(), patience)
	defer cancel()
	var last Payment
	for p, err := range n.SendPayment(ctx, req) {
		require.NoError(n.net.t, err)
		last = p
	}
	return last
}

func succeeded(p Payment) (parts int) {
	for _, a := range p.Attempts {
		if a.Status == AttemptSucceeded {
			parts++
		}
	}
	return parts
}

func TestPaymentLargerThanAnyChannelIsSplit(t *testing.T) {
	n, alice, carol := strands(t)
	a, c := alice.balance(), carol.balance()
	inv := carol.invoice(2_100_000 * sat)
	p := alice.pay(inv.PaymentRequest)
	require.Equal(t, PaymentSucceeded, p.Status, "%+v", p)
	require.Equal(t, inv.Preimage, p.Preimage)
	n.settled(alice, carol)
	require.Equal(t, a-2_100_000*sat, alice.balance())
	require.Equal(t, c+2_100_000*sat, carol.balance())
	got, err := carol.LookupInvoice(t.Context(), inv.Hash)
	require.NoError(t, err)
	require.Equal(t, 2_100_000*sat, got.AmountPaid)
	require.Len(t, got.HTLCs, 3)
	last, err := alice.track(inv.Hash)
	require.NoError(t, err)
	require.Equal(t, 3, succeeded(last), "%+v", last)
	for _, err := range alice.SendPayment(t.Context(), SendPayment{PaymentRequest: inv.PaymentRequest}) {
		require.ErrorIs(t, err, ErrAlreadyPaid)
	}
}

// What can't be completed is failed by the receiver in the end, and only then by the payer.
func TestPartsAreNoMoreThanAllowedAndTimeOut(t *testing.T) {
	var clock alarms
	n, alice, carol := strands(t, func(c *Config) { c.after = clock.after })
	a, c := alice.balance(), carol.balance()
	inv := carol.invoice(2_100_000 * sat)
	result := make(chan Payment, 1)
	go func() { result <- alice.payWith(SendPayment{PaymentRequest: inv.PaymentRequest, MaxParts: 2}) }()
	n.eventually("the payment ended", func() bool { clock.fire(); return len(result) > 0 })
	p := <-result
	require.Equal(t, PaymentFailed, p.Status)
	require.Contains(t, []FailureReason{FailureNoRoute, FailureInsufficientBalance}, p.FailureReason)
	require.Len(t, p.Attempts, 1)
	require.Equal(t, AttemptFailed, p.Attempts[0].Status)
	require.IsType(t, &lnwire.FailMPPTimeout{}, p.Attempts[0].Failure.Message)
	n.settled(alice, carol)
	require.Equal(t, a, alice.balance())
	require.Equal(t, c, carol.balance())
	got, err := carol.LookupInvoice(t.Context(), inv.Hash)
	require.NoError(t, err)
	require.Equal(t, InvoiceOpen, got.State)

	p = alice.payWith(SendPayment{PaymentRequest: inv.PaymentRequest, MaxParts: 10, MaxShardSize: 300_000 * sat})
	require.Equal(t, PaymentSucceeded, p.Status)
	n.settled(alice, carol)
	for _, a := range p.Attempts {
		require.LessOrEqual(t, a.Route.TotalAmount, 300_000*sat)
	}
}

func TestPaymentOfMoreThanAllChannelsHaveIsNotBegun(t *testing.T) {
	n, alice, carol := strands(t)
	p := alice.pay(carol.invoice(2_900_000 * sat).PaymentRequest)
	require.Equal(t, FailureInsufficientBalance, p.FailureReason)
	require.Empty(t, p.Attempts)
	n.settled(alice, carol)
}

// setOf is an invoice of a node with a maker of parts for it.
func setOf(t *testing.T, s *Invoices, amount lnwire.MilliSatoshi) (Invoice, func(id uint64, amount, total lnwire.MilliSatoshi, expiry uint32) verdict) {
	v, err := s.Add(t.Context(), AddInvoice{Amount: amount})
	require.NoError(t, err)
	height := s.height()
	d := &driver{id: lnwire.ChannelID{1}, log: s.log, inbox: newInbox()}
	return v, func(id uint64, amount, total lnwire.MilliSatoshi, expiry uint32) verdict {
		pay := &onion.Payload{Amount: amount, Expiry: height + expiry,
			PaymentData: &onion.PaymentData{Secret: v.PaymentAddr, Total: total}}
		return s.judge(&part{d: d, f: finalHop{Payload: pay}, times: blockTimes(s.height()),
			h: &htlc.HTLC{ID: id, Hash: v.Hash, Amount: amount, Expiry: height + expiry}})
	}
}

func TestSetsOfParts(t *testing.T) {
	var clock alarms
	n := newTestNet(t)
	s := n.node("carol", func(c *Config) { c.after = clock.after }).invoices

	t.Run("complete with the last part", func(t *testing.T) {
		_, pay := setOf(t, s, 100*sat)
		require.Equal(t, verdict{}, pay(1, 40*sat, 100*sat, 90))
		require.Equal(t, verdict{}, pay(1, 40*sat, 100*sat, 90), "the same again counts once")
		require.Equal(t, verdict{}, pay(2, 59*sat, 100*sat, 90))
		v := pay(3, sat, 100*sat, 90)
		require.NotNil(t, v.set)
		require.Len(t, v.set.parts, 3)
		require.NotNil(t, pay(4, sat, 100*sat, 90).failure, "decided")
	})
	t.Run("of different totals", func(t *testing.T) {
		_, pay := setOf(t, s, 100*sat)
		require.Equal(t, verdict{}, pay(1, 40*sat, 100*sat, 90))
		v := pay(2, 60*sat, 101*sat, 90)
		require.NotNil(t, v.failure)
		require.Len(t, v.set.parts, 1, "the first is failed too")
	})
	t.Run("of too little in all", func(t *testing.T) {
		_, pay := setOf(t, s, 100*sat)
		require.NotNil(t, pay(1, 40*sat, 99*sat, 90).failure)
	})
	t.Run("of far too much", func(t *testing.T) {
		_, pay := setOf(t, s, 100*sat)
		require.Equal(t, verdict{}, pay(1, 90*sat, 200*sat, 90))
		require.NotNil(t, pay(2, 111*sat, 200*sat, 90).failure)
	})
	t.Run("too many", func(t *testing.T) {
		_, pay := setOf(t, s, 5000*sat)
		for id := range uint64(maxInvoiceHTLCs) {
			require.Equal(t, verdict{}, pay(id, sat, 5000*sat, 90))
		}
		require.NotNil(t, pay(maxInvoiceHTLCs, sat, 5000*sat, 90).failure)
	})
	t.Run("with a part that expires soon when the last comes", func(t *testing.T) {
		_, pay := setOf(t, s, 100*sat)
		require.Equal(t, verdict{}, pay(1, 40*sat, 100*sat, defaultFinalDelta))
		before := s.height()
		n.chain.MineN(defaultFinalDelta - revealMargin)
		n.eventually("the node saw the blocks", func() bool { return s.height() == before+defaultFinalDelta-revealMargin })
		v := pay(2, 60*sat, 100*sat, 200)
		require.NotNil(t, v.failure)
		require.Len(t, v.set.parts, 1)
	})
}

// While a keysend of a hash is being written, no invoice of it can be added.
func TestKeysendAndInvoiceOfOneHash(t *testing.T) {
	s := newTestNet(t).node("carol", func(c *Config) { c.AcceptKeysend = true }).invoices
	preimage := lntypes.Preimage{7}
	raw, height := [32]byte(preimage), s.height()
	p := &part{d: &driver{id: lnwire.ChannelID{1}, inbox: newInbox()}, times: blockTimes(height),
		f: finalHop{Payload: &onion.Payload{Amount: sat, Expiry: height + 40, Keysend: &raw}},
		h: &htlc.HTLC{Hash: preimage.Hash(), Amount: sat, Expiry: height + 40}}
	require.NotNil(t, s.judge(p).set)
	require.NotNil(t, s.judge(p).failure, "a second one")
	_, err := s.Add(t.Context(), AddInvoice{Preimage: &preimage})
	require.ErrorIs(t, err, ErrDuplicate)
}

func TestKeysend(t *testing.T) {
	for _, takes := range []bool{true, false} {
		n := newTestNet(t)
		alice := n.node("alice")
		carol := n.node("carol", func(c *Config) { c.AcceptKeysend = takes })
		n.open(alice, carol, 1_000_000, 0)
		n.known(1, alice, carol)
		preimage, dest := lntypes.Preimage{7}, PubKey(carol.self)
		p := alice.payWith(SendPayment{Destination: &dest, Hash: preimage.Hash(), Amount: 5_000 * sat,
			CustomRecords: map[uint64][]byte{KeysendRecord: preimage[:], 70_001: []byte("hello")}})
		n.settled(alice, carol)
		got, err := carol.LookupInvoice(t.Context(), preimage.Hash())
		if !takes {
			require.Equal(t, FailureIncorrectDetails, p.FailureReason)
			require.ErrorIs(t, err, ErrNotFound)
			require.Zero(t, carol.balance())
			continue
		}
		require.Equal(t, PaymentSucceeded, p.Status, "%+v", p)
		require.NoError(t, err)
		require.Equal(t, 5_000*sat, carol.balance())
		require.True(t, got.Keysend)
		require.Equal(t, map[uint64][]byte{KeysendRecord: preimage[:], 70_001: []byte("hello")}, got.HTLCs[0].CustomRecords)
		require.Equal(t, InvoiceSettled, got.State)
		require.Equal(t, 5_000*sat, got.AmountPaid)
		carol.restart()
		n.eventually("it is back", alice.usable)
		again, err := carol.LookupInvoice(t.Context(), preimage.Hash())
		require.NoError(t, err)
		require.True(t, again.Keysend)
		for _, err := range alice.SendPayment(t.Context(), SendPayment{Destination: &dest, Hash: lntypes.Hash{1}, Amount: 1,
			CustomRecords: map[uint64][]byte{KeysendRecord: preimage[:]}}) {
			require.ErrorIs(t, err, ErrInvalid, "not the preimage")
		}
	}
}

// A part that a forwarder can't carry is sent another way, in smaller ones if need be.
func TestPartsThatFailOnTheWayAreSentAnew(t *testing.T) {
	n := newTestNet(t)
	alice, bob, carol, dave := n.node("alice"), n.node("bob"), n.node("carol"), n.node("dave")
	n.open(alice, bob, 1_000_000, 0)
	n.open(alice, carol, 1_000_000, 0)
	n.open(bob, dave, 1_000_000, 500_000) // half of it can be forwarded
	n.open(carol, dave, 1_000_000, 0)
	n.known(4, alice, bob, carol, dave)
	a, d := alice.balance(), dave.balance()
	inv := dave.invoice(1_200_000 * sat)
	p := alice.payWith(SendPayment{PaymentRequest: inv.PaymentRequest, FeeLimit: 10_000 * sat})
	require.Equal(t, PaymentSucceeded, p.Status, "%+v", p)
	n.settled(alice, bob, carol, dave)
	n.eventually("all parts are cleared up", alice.idle)
	last, err := alice.track(inv.Hash)
	require.NoError(t, err)
	require.GreaterOrEqual(t, succeeded(last), 2)
	require.Equal(t, p.Fee, last.Fee, "what was told with the first preimage")
	require.Equal(t, a-1_200_000*sat-last.Fee, alice.balance())
	require.Equal(t, d+1_200_000*sat, dave.balance())
	t.Logf("%d attempts, %d parts", len(last.Attempts), succeeded(last))
}
