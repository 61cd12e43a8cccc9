package node

import (
	"context"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/router"
)

// A ring moves balance from one channel of ours to another, as who rebalances wants it.
func TestPaymentToOurselvesMovesBalance(t *testing.T) {
	n := newTestNet(t)
	alice, bob, carol := n.node("alice"), n.node("bob"), n.node("carol")
	n.open(alice, bob, 1_000_000, 0)
	n.open(bob, carol, 1_000_000, 0)
	n.open(carol, alice, 1_000_000, 0)
	n.known(3, alice, bob, carol)
	inv := alice.invoice(50_000 * sat)
	_, err := alice.try(SendPayment{PaymentRequest: inv.PaymentRequest, FeeLimit: 100 * sat})
	require.ErrorIs(t, err, ErrInvalid, "it must be asked for")

	before := alice.balance()
	last := PubKey(carol.self)
	p := alice.payWith(SendPayment{PaymentRequest: inv.PaymentRequest, FeeLimit: 100 * sat, AllowSelf: true,
		OutgoingChans: []lnwire.ShortChannelID{alice.to(bob).channel().SCID()}, LastHop: &last})
	require.Equal(t, PaymentSucceeded, p.Status, "%+v", p)
	require.Len(t, p.Attempts[0].Route.Hops, 3)
	n.settled(alice, bob, carol)
	require.Equal(t, before-p.Fee, alice.balance())
	require.Equal(t, 50_000*sat, alice.to(carol).channel().Balance(0), "it came back by the other channel")
	require.Equal(t, InvoiceSettled, alice.stands(inv.Hash))

	// The other way is refused: carol has nothing to send us by.
	inv = alice.invoice(500_000 * sat)
	last = PubKey(bob.self)
	p = alice.payWith(SendPayment{PaymentRequest: inv.PaymentRequest, FeeLimit: 100 * sat, AllowSelf: true, LastHop: &last,
		OutgoingChans: []lnwire.ShortChannelID{alice.to(carol).channel().SCID()}, MaxParts: 1})
	require.Equal(t, PaymentFailed, p.Status)
}

// The same by a route that the caller built.
func TestCallersRouteMayBeARing(t *testing.T) {
	n := newTestNet(t)
	alice, bob, carol := n.node("alice"), n.node("bob"), n.node("carol")
	n.open(alice, bob, 1_000_000, 0)
	n.open(bob, carol, 1_000_000, 0)
	n.open(carol, alice, 1_000_000, 0)
	n.known(3, alice, bob, carol)
	inv := alice.invoice(50_000 * sat)
	route, err := alice.BuildRoute(t.Context(), BuildRoute{Hops: []PubKey{bob.self, carol.self, alice.self}, Amount: 50_000 * sat,
		FinalCLTVDelta: uint32(inv.CLTVExpiry), PaymentAddr: &inv.PaymentAddr})
	require.NoError(t, err)
	got, err := alice.SendToRoute(t.Context(), SendToRoute{Hash: inv.Hash, Route: route})
	require.NoError(t, err)
	require.Equal(t, AttemptSucceeded, got.Status, "%+v", got.Failure)
	n.settled(alice, bob, carol)
	require.Equal(t, 50_000*sat, alice.to(carol).channel().Balance(0))
}

// Who prefers cheap gets the cheap way though it failed a while ago; who prefers sure the other one.
func TestTimePreferenceChoosesBetweenCheapAndSure(t *testing.T) {
	_, alice, bob, carol, dave := diamond(t)
	cheap, err := alice.BuildRoute(t.Context(), BuildRoute{Hops: []PubKey{bob.self, dave.self}, Amount: 50_000 * sat})
	require.NoError(t, err)
	first := func(pref float64) PubKey {
		found, err := alice.QueryRoutes(t.Context(), QueryRoutes{Destination: dave.self, Amount: 50_000 * sat, FeeLimit: 1000 * sat,
			UseMissionControl: true, TimePref: pref})
		require.NoError(t, err)
		return found[0].Route.Hops[0].Node
	}
	require.Equal(t, PubKey(bob.self), first(0))
	// bob - dave failed: half of that is forgotten after an hour.
	report(alice, &cheap, lnwire.CodeTemporaryChannelFailure)
	now := alice.now
	alice.routes.now = func() time.Time { return now().Add(time.Hour) }
	require.Equal(t, PubKey(carol.self), first(1))
	require.Equal(t, PubKey(bob.self), first(-1))
	require.Equal(t, PubKey(carol.self), first(0.9))
}

func TestPaymentIsTriedNoMoreWhenItsCallerCancels(t *testing.T) {
	n, alice, bob, carol := line(t)
	preimage := lntypes.Preimage{1}
	hash := preimage.Hash()
	inv, err := carol.AddInvoice(t.Context(), AddInvoice{Amount: 10_000 * sat, Hash: &hash})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		var last error
		for _, err := range alice.SendPayment(ctx, SendPayment{PaymentRequest: inv.PaymentRequest, FeeLimit: 100 * sat, Cancelable: true}) {
			last = err
		}
		left <- last
	}()
	n.eventually("it is held", func() bool { return carol.stands(hash) == InvoiceAccepted })
	cancel()
	require.ErrorIs(t, <-left, context.Canceled)
	p, err := alice.payments.find(hash)
	require.NoError(t, err)
	n.eventually("nothing more is tried", func() bool { return alice.payments.canceled(p) })
	// The part that is out fails for a reason that would allow another.
	carol.invoices.mu.Lock()
	set := carol.invoices.sets[hash]
	carol.invoices.mu.Unlock()
	carol.invoices.failParts(set, &lnwire.FailMPPTimeout{}, DetailMPPTimeout)
	got, err := alice.track(hash)
	require.NoError(t, err)
	require.Equal(t, FailureCanceled, got.FailureReason)
	require.Len(t, got.Attempts, 1)
	n.settled(alice, bob, carol)
}

// lateToTell is a context that has yet to tell of its end when its users have seen it.
type lateToTell struct{ context.Context }

func (lateToTell) Value(any) any                       { return nil } // so that it is asked, not the one in it
func (lateToTell) AfterFunc(func()) (stop func() bool) { return func() bool { return true } }

func TestPaymentIsTriedNoMoreThoughItsCallerLeavesAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, p, done := new(Payments), new(payment), new(payment)
	s.cancelWith(lateToTell{ctx}, done)() // its caller leaves when all is done
	left := s.cancelWith(lateToTell{ctx}, p)
	cancel()
	left()
	require.True(t, s.canceled(p))
	require.False(t, s.canceled(done))
}

// Who follows all payments sees those in flight, each change, and each end once.
func TestAllPaymentsAreFollowed(t *testing.T) {
	n, alice, bob, carol := line(t)
	preimage := lntypes.Preimage{1}
	hash := preimage.Hash()
	held, err := carol.AddInvoice(t.Context(), AddInvoice{Amount: 10_000 * sat, Hash: &hash})
	require.NoError(t, err)
	go alice.pay(held.PaymentRequest)
	n.eventually("it is held", func() bool { return carol.stands(hash) == InvoiceAccepted })
	updates := make(chan Payment, 100)
	ended := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for p, err := range alice.TrackPayments(ctx) {
			if err != nil {
				ended <- err
				return
			}
			updates <- p
		}
	}()
	first := <-updates
	require.Equal(t, hash, first.Hash)
	require.Equal(t, PaymentInFlight, first.Status)
	require.Equal(t, PaymentSucceeded, alice.pay(carol.invoice(sat).PaymentRequest).Status)
	unpaid := carol.invoice(sat)
	require.NoError(t, carol.CancelInvoice(t.Context(), unpaid.Hash))
	require.Equal(t, PaymentFailed, alice.pay(unpaid.PaymentRequest).Status)
	require.NoError(t, carol.SettleInvoice(t.Context(), preimage))
	n.settled(alice, bob, carol)
	ends := map[uint64][]PaymentStatus{}
	for len(ends) < 3 {
		if p := <-updates; p.Status != PaymentInFlight {
			ends[p.Index] = append(ends[p.Index], p.Status)
		}
	}
	require.Equal(t, map[uint64][]PaymentStatus{1: {PaymentSucceeded}, 2: {PaymentSucceeded}, 3: {PaymentFailed}}, ends)
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	require.Empty(t, updates, "no end is told twice")
}

// A request whose limits can't be kept is refused before anything is sent.
func TestSplittingLimitsThatCantBeKeptAreRefused(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	key, secret := PubKey(bob.self), [32]byte{1}
	mpp := lnwire.NewRawFeatureVector(lnwire.TLVOnionPayloadRequired, lnwire.PaymentAddrRequired, lnwire.MPPOptional)
	req := SendPayment{Destination: &key, Hash: lntypes.Hash{1}, PaymentAddr: &secret, Amount: 100 * sat, Features: mpp,
		MaxParts: 3, MaxShardSize: 33 * sat}
	_, _, err := alice.order(req)
	require.ErrorIs(t, err, ErrInvalid)
	req.MaxShardSize = 34 * sat
	_, o, err := alice.order(req)
	require.NoError(t, err)
	require.EqualValues(t, 3, o.maxParts)
	req.MaxShardSize = 1 << 63
	_, _, err = alice.order(req)
	require.NoError(t, err)
	preimage := lntypes.Preimage{4}
	req.Hash, req.CustomRecords = preimage.Hash(), map[uint64][]byte{KeysendRecord: preimage[:]}
	_, _, err = alice.order(req)
	require.ErrorContains(t, err, "keysend")
	req.CustomRecords = nil
	req.Features = lnwire.NewRawFeatureVector(lnwire.FeatureBit(900))
	_, _, err = alice.order(req)
	require.ErrorContains(t, err, "unknown features")
}

// report tells a node's memory that a route failed at its first hop.
func report(n *testNode, route *Route, code lnwire.FailCode) {
	n.routes.history.Report(router.Attempt{
		Route: asRouterRoute(n.self, n.chainHash(), route), FailedAt: 1, Code: code, Now: n.now(),
	})
}
