package node

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

// routeTo is a way from one node to another as QueryRoutes gives it.
func (n *testNode) routeTo(to *testNode, amount lnwire.MilliSatoshi) Route {
	found, err := n.QueryRoutes(n.net.t.Context(), QueryRoutes{Destination: to.self, Amount: amount, FeeLimit: 1000 * sat, FinalCLTVDelta: 83})
	require.NoError(n.net.t, err)
	return found[0].Route
}

// sendTo sends an HTLC of a payment of an invoice, which names a total.
func (n *testNode) sendTo(inv Invoice, route Route, total lnwire.MilliSatoshi, skip bool) (Attempt, error) {
	last := &route.Hops[len(route.Hops)-1]
	last.PaymentAddr, last.TotalAmount = &inv.PaymentAddr, total
	ctx, cancel := context.WithTimeout(n.net.t.Context(), patience)
	defer cancel()
	return n.SendToRoute(ctx, SendToRoute{Hash: inv.Hash, Route: route, SkipTempErr: skip})
}

func TestSendToRoutePaysOnce(t *testing.T) {
	n, alice, bob, carol := line(t)
	a, c := alice.balance(), carol.balance()
	inv := carol.invoice(10_000 * sat)
	route := alice.routeTo(carol, 10_000*sat)
	got, err := alice.sendTo(inv, route, 10_000*sat, false)
	require.NoError(t, err)
	require.Equal(t, AttemptSucceeded, got.Status)
	require.Equal(t, inv.Preimage, got.Preimage)
	n.settled(alice, bob, carol)
	require.Equal(t, a-route.TotalAmount, alice.balance())
	require.Equal(t, c+10_000*sat, carol.balance())
	_, err = alice.sendTo(inv, route, 10_000*sat, false)
	require.ErrorIs(t, err, ErrAlreadyPaid)

	check := func() {
		p, err := alice.track(inv.Hash)
		require.NoError(t, err)
		require.Equal(t, PaymentSucceeded, p.Status)
		require.Equal(t, 10_000*sat, p.Amount)
		require.Equal(t, route.TotalFees, p.Fee)
		require.Len(t, p.Attempts, 1)
		last := p.Attempts[0].Route.Hops[1]
		require.Equal(t, inv.PaymentAddr, *last.PaymentAddr)
		require.Equal(t, 10_000*sat, last.TotalAmount)
	}
	check()
	all, err := alice.MissionControl(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 2, "it taught what any payment does")
	alice.restart()
	n.eventually("alice is back", alice.started)
	check()
}

// Parts of a caller's make up one payment, over as many channels as he likes.
func TestSendToRouteInParts(t *testing.T) {
	n, alice, carol := strands(t)
	c := carol.balance()
	inv := carol.invoice(1_500_000 * sat)
	type result struct {
		a   Attempt
		err error
	}
	results := make(chan result, 2)
	for _, d := range alice.sw.channels()[:2] {
		route := Route{TotalAmount: 750_000 * sat, TotalTimeLock: n.heightNow() + 90,
			Hops: []Hop{{SCID: d.channel().SCID(), AmountToForward: 750_000 * sat, Expiry: n.heightNow() + 90}}}
		go func() {
			a, err := alice.sendTo(inv, route, 1_500_000*sat, true)
			results <- result{a, err}
		}()
	}
	for range 2 {
		r := <-results
		require.NoError(t, r.err)
		require.Equal(t, AttemptSucceeded, r.a.Status, "%+v", r.a.Failure)
		require.Equal(t, PubKey(carol.self), r.a.Route.Hops[0].Node, "found in the graph")
	}
	n.settled(alice, carol)
	require.Equal(t, c+1_500_000*sat, carol.balance())
	p, err := alice.track(inv.Hash)
	require.NoError(t, err)
	require.Equal(t, PaymentSucceeded, p.Status)
	require.Equal(t, 2, succeeded(p))
	require.Equal(t, 1_500_000*sat, p.Amount)
}

// A failure on the way ends the payment, or with SkipTempErr leaves it open for another part; what
// the recipient refuses ends it either way.
func TestSendToRouteFailsAsTheCallerWants(t *testing.T) {
	var clock alarms
	n := newTestNet(t)
	alice, bob, carol := n.node("alice", func(c *Config) { c.after = clock.after }), n.node("bob"), n.node("carol")
	n.open(alice, bob, 1_000_000, 0)
	n.open(bob, carol, 1_000_000, 0)
	n.known(2, alice, bob, carol)
	inv := carol.invoice(10_000 * sat)
	short := alice.routeTo(carol, 10_000*sat)
	short.TotalAmount-- // the fee is a unit too small
	fails := func(skip bool) {
		t.Helper()
		got, err := alice.sendTo(inv, short, 10_000*sat, skip)
		require.NoError(t, err)
		require.Equal(t, AttemptFailed, got.Status)
		require.EqualValues(t, 1, got.Failure.SourceIndex)
		require.IsType(t, &lnwire.FailFeeInsufficient{}, got.Failure.Message)
	}
	fails(false)
	p, err := alice.track(inv.Hash)
	require.NoError(t, err)
	require.Equal(t, PaymentFailed, p.Status, "it is over when the call returns")
	require.Equal(t, FailureError, p.FailureReason)

	fails(true) // the hash may be paid again
	open, err := alice.payments.find(inv.Hash)
	require.NoError(t, err)
	require.Equal(t, PaymentInFlight, open.Status)
	require.NotEqual(t, p.Index, open.Index)
	_, err = alice.SendToRoute(t.Context(), SendToRoute{Hash: inv.Hash, Route: alice.routeTo(carol, 10_000*sat)})
	require.ErrorIs(t, err, ErrInTransition, "no part of it")
	_, err = alice.try(SendPayment{PaymentRequest: inv.PaymentRequest})
	require.ErrorIs(t, err, ErrInTransition)
	_, err = alice.sendTo(inv, short, 11_000*sat, true)
	require.ErrorContains(t, err, "total")
	_, err = alice.sendTo(Invoice{Hash: inv.Hash}, short, 10_000*sat, true)
	require.ErrorContains(t, err, "payment address")
	fails(true)
	got, err := alice.sendTo(inv, alice.routeTo(carol, 10_000*sat), 10_000*sat, true)
	require.NoError(t, err)
	require.Equal(t, AttemptSucceeded, got.Status)
	n.settled(alice, bob, carol)
	last, err := alice.track(inv.Hash)
	require.NoError(t, err)
	require.Len(t, last.Attempts, 3)

	// One that nobody goes on with fails in the end.
	inv = carol.invoice(10_000 * sat)
	fails(true)
	n.eventually("it waits no longer", func() bool { return clock.fireAt(routePatience) > 0 })
	p, err = alice.track(inv.Hash)
	require.NoError(t, err)
	require.Equal(t, FailureTimeout, p.FailureReason)

	// The recipient's refusal is final.
	inv = carol.invoice(10_000 * sat)
	inv.PaymentAddr[0] ^= 1
	got, err = alice.sendTo(inv, alice.routeTo(carol, 10_000*sat), 10_000*sat, true)
	require.NoError(t, err)
	require.IsType(t, &lnwire.FailIncorrectDetails{}, got.Failure.Message)
	p, err = alice.track(inv.Hash)
	require.NoError(t, err)
	require.Equal(t, FailureIncorrectDetails, p.FailureReason)
	require.Equal(t, carol.balance(), 10_000*sat)
}

// The payer dies while a part is out: its end is known after the restart, and to those who ask again.
func TestSendToRouteSurvivesARestart(t *testing.T) {
	for _, pays := range []bool{true, false} {
		n, alice, bob, carol := line(t)
		preimage := lntypes.Preimage{1}
		hash := preimage.Hash()
		inv, err := carol.AddInvoice(t.Context(), AddInvoice{Amount: 10_000 * sat, Hash: &hash})
		require.NoError(t, err)
		route := alice.routeTo(carol, 10_000*sat)
		left := make(chan error, 1)
		payer, secret := alice.Node, inv.PaymentAddr
		go func() {
			r := route
			r.Hops = append([]Hop(nil), r.Hops...)
			r.Hops[1].PaymentAddr, r.Hops[1].TotalAmount = &secret, 10_000*sat
			_, err := payer.SendToRoute(context.Background(), SendToRoute{Hash: hash, Route: r, SkipTempErr: true})
			left <- err
		}()
		n.eventually("it is held", func() bool { return carol.stands(hash) == InvoiceAccepted })
		alice.crash()
		require.Error(t, <-left)
		alice.start()
		n.eventually("channels are back", func() bool { return alice.usable() && bob.usable() && carol.usable() })
		_, err = alice.sendTo(inv, route, 10_000*sat, false)
		require.ErrorContains(t, err, "more than the 0", "all of it is out")
		want := PaymentFailed
		if pays {
			want = PaymentSucceeded
			require.NoError(t, carol.SettleInvoice(t.Context(), preimage))
		} else {
			require.NoError(t, carol.CancelInvoice(t.Context(), hash))
		}
		p, err := alice.track(hash)
		require.NoError(t, err)
		require.Equal(t, want, p.Status)
		require.Equal(t, inv.PaymentAddr, *p.Attempts[0].Route.Hops[1].PaymentAddr)
		n.settled(alice, bob, carol)
	}
}

func TestSendToRouteByKeysend(t *testing.T) {
	n, alice, bob, carol := line(t)
	carol.adjust = func(c *Config) { c.AcceptKeysend = true }
	carol.restart()
	n.eventually("carol is back", func() bool { return bob.usable() && carol.usable() })
	preimage := lntypes.Preimage{5}
	route := alice.routeTo(carol, 7_000*sat)
	last := &route.Hops[1]
	last.CustomRecords = map[uint64][]byte{KeysendRecord: preimage[:], 7629169: []byte("hello")}
	got, err := alice.SendToRoute(t.Context(), SendToRoute{Hash: preimage.Hash(), Route: route})
	require.NoError(t, err)
	require.Equal(t, AttemptSucceeded, got.Status, "%+v", got.Failure)
	n.settled(alice, bob, carol)
	require.Equal(t, InvoiceSettled, carol.stands(preimage.Hash()))
	alice.restart()
	n.eventually("alice is back", alice.started)
	p, err := alice.track(preimage.Hash())
	require.NoError(t, err)
	require.Equal(t, last.CustomRecords, p.Attempts[0].Route.Hops[1].CustomRecords, "kept over a restart")
}

func TestRoutesThatMakeNoSenseAreRefused(t *testing.T) {
	n, alice, bob, carol := line(t)
	inv := carol.invoice(10_000 * sat)
	for name, c := range map[string]struct {
		change func(*Route)
		want   error
		text   string
	}{
		"no hops":                 {func(r *Route) { r.Hops = nil }, ErrInvalid, "0 hops"},
		"too many hops":           {func(r *Route) { r.Hops = make([]Hop, 21) }, ErrInvalid, "21 hops"},
		"another's channel":       {func(r *Route) { r.Hops[0].SCID = r.Hops[1].SCID }, ErrInvalid, "isn't ours"},
		"first hop leads away":    {func(r *Route) { r.Hops[0].Node = carol.self }, ErrInvalid, "leads to"},
		"hops don't connect":      {func(r *Route) { r.Hops[1].SCID = r.Hops[0].SCID }, ErrInvalid, "leads to"},
		"unknown channel":         {func(r *Route) { r.Hops[1].SCID.TxIndex++; r.Hops[1].Node = PubKey{} }, ErrInvalid, "isn't known"},
		"no key":                  {func(r *Route) { r.Hops[1].SCID.TxIndex++; r.Hops[1].Node = PubKey{2, 1} }, ErrInvalid, "hop 2"},
		"amount grows":            {func(r *Route) { r.Hops[1].AmountToForward += 5 }, ErrInvalid, "shall forward"},
		"first amount too small":  {func(r *Route) { r.TotalAmount = sat }, ErrInvalid, "hop 1 gets"},
		"nothing":                 {func(r *Route) { r.Hops[1].AmountToForward = 0 }, ErrInvalid, "delivers"},
		"all there ever was":      {func(r *Route) { r.TotalAmount = 1 << 63 }, ErrInvalid, "sends"},
		"total below the part":    {func(r *Route) { r.Hops[1].TotalAmount = sat }, ErrInvalid, "of a total"},
		"expiry grows":            {func(r *Route) { r.Hops[1].Expiry = r.TotalTimeLock + 1 }, ErrInvalid, "hop 2"},
		"expired":                 {func(r *Route) { r.Hops[1].Expiry = n.heightNow() }, ErrInvalid, "height"},
		"expires too far":         {func(r *Route) { r.TotalTimeLock = n.heightNow() + maxExpiryAhead + 1 }, ErrInvalid, "ahead"},
		"MPP record on the way":   {func(r *Route) { r.Hops[0].PaymentAddr = &[32]byte{} }, ErrInvalid, "MPP record"},
		"record of a taken type":  {func(r *Route) { r.Hops[0].CustomRecords = map[uint64][]byte{9: {}} }, ErrInvalid, "first free"},
		"huge record":             {func(r *Route) { r.Hops[0].CustomRecords = map[uint64][]byte{65536: make([]byte, 1300)} }, ErrInvalid, "at most"},
		"wrong preimage":          {func(r *Route) { r.Hops[1].CustomRecords = map[uint64][]byte{KeysendRecord: make([]byte, 32)} }, ErrInvalid, "preimage"},
		"more than there is":      {func(r *Route) { r.TotalAmount = 999_000 * sat }, ErrInsufficientFunds, "can send"},
		"skipping without a part": {func(r *Route) { r.Hops[1].PaymentAddr = nil }, ErrInvalid, "non-MPP"},
	} {
		route := alice.routeTo(carol, 10_000*sat)
		last := &route.Hops[1]
		last.PaymentAddr, last.TotalAmount = &inv.PaymentAddr, 10_000*sat
		c.change(&route)
		_, err := alice.SendToRoute(t.Context(), SendToRoute{Hash: inv.Hash, Route: route, SkipTempErr: true})
		require.ErrorIs(t, err, c.want, name)
		require.ErrorContains(t, err, c.text, name)
	}
	records := alice.routeTo(carol, 10_000*sat) // each hop's fit, all together don't
	for i := range records.Hops {
		records.Hops[i].CustomRecords = map[uint64][]byte{65536: make([]byte, 900)}
	}
	_, err := alice.SendToRoute(t.Context(), SendToRoute{Hash: inv.Hash, Route: records})
	require.ErrorIs(t, err, ErrInvalid)
	route := alice.routeTo(carol, 10_000*sat)
	require.NoError(t, bob.stop())
	n.eventually("alice knows", func() bool { return !alice.to(bob).channel().Connected() })
	_, err = alice.SendToRoute(t.Context(), SendToRoute{Hash: inv.Hash, Route: route})
	require.True(t, errors.Is(err, ErrPeerOffline) || errors.Is(err, ErrInsufficientFunds), "%v", err)
	all, err := alice.ListPayments(t.Context(), ListPayments{IncludeIncomplete: true})
	require.NoError(t, err)
	require.Empty(t, all.Payments, "none was begun")
}

// Attempts of one payment are bounded, all and at once.
func TestPartsOfACallersRoutesAreBounded(t *testing.T) {
	p := &payment{order: order{byRoute: true, secret: &[32]byte{1}, amount: 1 << 40, maxParts: maxAttempts}}
	one := func() *attempt {
		return &attempt{Attempt: Attempt{Route: Route{TotalAmount: 1, Hops: []Hop{{PaymentAddr: &[32]byte{1}, TotalAmount: 1 << 40}}}}}
	}
	for range maxAttempts {
		require.NoError(t, p.admits(one()))
		p.attempts = append(p.attempts, one())
	}
	require.ErrorIs(t, p.admits(one()), ErrBusy)
	for len(p.attempts) < maxRouteAttempts {
		p.attempts = append(p.attempts, one())
	}
	for _, a := range p.attempts {
		a.Status, a.learnt = AttemptFailed, true
	}
	require.ErrorIs(t, p.admits(one()), ErrBusy)
}

// A record of an attempt is read as it was written, in both versions.
func TestAttemptsAreReadAsTheyWereWritten(t *testing.T) {
	addr := [32]byte{3}
	a := &attempt{session: [32]byte{7}, Attempt: Attempt{ID: 9, Sent: time.Unix(5, 6), Route: Route{TotalAmount: 10, TotalFees: 1, TotalTimeLock: 30,
		Hops: []Hop{{Node: PubKey{2, 1}, SCID: lnwire.NewShortChanIDFromInt(4), Capacity: btcutil.Amount(5), AmountToForward: 9, Fee: 1, Expiry: 20}}}}}
	got, err := decodeAttempt(9, encodeAttempt(a))
	require.NoError(t, err)
	require.Equal(t, a, got)
	require.EqualValues(t, attemptVersion, encodeAttempt(a)[0], "as earlier versions wrote it")
	a.own = true
	h := &a.Route.Hops[0]
	h.PaymentAddr, h.TotalAmount, h.Metadata = &addr, 77, []byte{1, 2}
	h.CustomRecords = map[uint64][]byte{65536: {1}, 65539: {2, 3}}
	got, err = decodeAttempt(9, encodeAttempt(a))
	require.NoError(t, err)
	require.Equal(t, a, got)
}
