package node

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
)

// diamond is alice with two ways to dave: by bob, cheap, and by carol, dear.
func diamond(t *testing.T) (n *testNet, alice, bob, carol, dave *testNode) {
	n = newTestNet(t)
	dear := func(c *Config) { c.Policy = DefaultPolicy; c.Policy.BaseFee = 20 * sat }
	alice, bob, carol, dave = n.node("alice"), n.node("bob"), n.node("carol", dear), n.node("dave")
	n.open(alice, bob, 1_000_000, 0)
	n.open(alice, carol, 1_000_000, 0)
	n.open(bob, dave, 1_000_000, 0)
	n.open(carol, dave, 1_000_000, 0)
	n.known(4, alice, bob, carol, dave)
	return n, alice, bob, carol, dave
}

// try pays with more of a request than an invoice.
func (n *testNode) try(req SendPayment) (Payment, error) {
	n.net.t.Helper()
	ctx, cancel := context.WithTimeout(n.net.t.Context(), patience)
	defer cancel()
	var last Payment
	for p, err := range n.SendPayment(ctx, req) {
		if err != nil {
			return last, err
		}
		last = p
	}
	return last, nil
}

func TestPaymentTakesAnotherRouteWhenOneFails(t *testing.T) {
	n, alice, bob, carol, dave := diamond(t)
	// bob can't forward any more, and the graph doesn't say so.
	for u, err := range bob.SendPayment(t.Context(), SendPayment{
		PaymentRequest: dave.invoice(985_000 * sat).PaymentRequest, FeeLimit: 100 * sat}) {
		require.NoError(t, err)
		require.NotEqual(t, PaymentFailed, u.Status)
	}
	n.settled(bob, dave)
	carols := carol.balance()

	p := alice.pay(dave.invoice(50_000 * sat).PaymentRequest)

	require.Equal(t, PaymentSucceeded, p.Status)
	last := p.Attempts[len(p.Attempts)-1]
	require.Equal(t, AttemptSucceeded, last.Status)
	require.Equal(t, PubKey(carol.self), last.Route.Hops[0].Node)
	require.Equal(t, AttemptFailed, p.Attempts[0].Status)
	require.EqualValues(t, 1, p.Attempts[0].Failure.SourceIndex)
	require.IsType(t, &lnwire.FailTemporaryChannelFailure{}, p.Attempts[0].Failure.Message)
	n.settled(alice, carol, dave)
	require.Equal(t, carols+p.Fee, carol.balance())
}

// What ends a payment is told, and nothing of it stays anywhere.
func TestPaymentEndsForTheReasonThatHolds(t *testing.T) {
	n, alice, bob, carol, dave := diamond(t)
	before := alice.balance()
	fee := DefaultPolicy.Fee(50_000 * sat)
	direct := alice.to(bob).channel().SCID()
	for _, c := range []struct {
		name   string
		change func(*SendPayment)
		want   FailureReason
	}{
		{"fee a unit over the limit", func(r *SendPayment) { r.FeeLimit = fee - 1 }, FailureNoRoute},
		{"no fee allowed", func(r *SendPayment) { r.FeeLimit = 0 }, FailureNoRoute},
		{"lock longer than the limit", func(r *SendPayment) { r.CLTVLimit = 80 + 80 - 1 }, FailureNoRoute},
		{"more than the balance", func(r *SendPayment) {
			r.PaymentRequest = dave.invoice(5_000_000 * sat).PaymentRequest
		}, FailureInsufficientBalance},
		{"outgoing channel that is none of ours", func(r *SendPayment) {
			r.OutgoingChans = []lnwire.ShortChannelID{bob.to(dave).channel().SCID()}
		}, FailureInsufficientBalance},
		{"last hop that leads nowhere", func(r *SendPayment) { k := PubKey{2, 1}; r.LastHop = &k }, FailureNoRoute},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := SendPayment{PaymentRequest: dave.invoice(50_000 * sat).PaymentRequest, FeeLimit: 1000 * sat}
			c.change(&req)
			p, err := alice.try(req)
			require.NoError(t, err)
			require.Equal(t, PaymentFailed, p.Status)
			require.Equal(t, c.want, p.FailureReason)
			require.Empty(t, p.Attempts)
		})
	}
	t.Run("exactly at the limits", func(t *testing.T) {
		p, err := alice.try(SendPayment{PaymentRequest: dave.invoice(50_000 * sat).PaymentRequest, FeeLimit: fee,
			CLTVLimit: 80 + 80 + blockPadding, OutgoingChans: []lnwire.ShortChannelID{direct}})
		require.NoError(t, err)
		require.Equal(t, PaymentSucceeded, p.Status)
		require.Equal(t, fee, p.Fee)
	})
	n.settled(alice, bob, carol, dave)
	require.Equal(t, before-50_000*sat-fee, alice.balance())
}

func TestPaymentRequestsThatMakeNoSenseAreRefused(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	key, secret := PubKey(bob.self), [32]byte{1}
	good := SendPayment{Destination: &key, Hash: lntypes.Hash{1}, PaymentAddr: &secret, Amount: sat}
	many := make([]lnwire.ShortChannelID, maxHintHops+1)
	for name, change := range map[string]func(*SendPayment){
		"nothing to pay":           func(r *SendPayment) { *r = SendPayment{} },
		"no amount":                func(r *SendPayment) { r.Amount = 0 },
		"more than all bitcoin":    func(r *SendPayment) { r.Amount = maxInvoiceAmount + 1 },
		"nonsense":                 func(r *SendPayment) { r.PaymentRequest = "lnbcrt1nonsense" },
		"another amount":           func(r *SendPayment) { r.PaymentRequest = bob.invoice(2 * sat).PaymentRequest },
		"to itself":                func(r *SendPayment) { k := PubKey(alice.self); r.Destination = &k },
		"delta over limit":         func(r *SendPayment) { r.FinalCLTVDelta, r.CLTVLimit = 100, 99 },
		"channels without end":     func(r *SendPayment) { r.OutgoingChans = many },
		"hints without end":        func(r *SendPayment) { r.RouteHints = make([][]HopHint, maxHintHops+1) },
		"a hint of too many hops":  func(r *SendPayment) { r.RouteHints = [][]HopHint{make([]HopHint, maxHintHops+1)} },
		"an amount for no invoice": func(r *SendPayment) { r.PaymentRequest = bob.invoice(0).PaymentRequest; r.Amount = 0 },
	} {
		req := good
		change(&req)
		_, err := alice.try(req)
		require.ErrorIs(t, err, ErrInvalid, name)
	}
	// The most that is taken can be read again.
	good.OutgoingChans, good.RouteHints = many[:maxHintHops], make([][]HopHint, maxHintHops)
	p, err := alice.try(good)
	require.NoError(t, err)
	require.Equal(t, PaymentFailed, p.Status)
	alice.restart()
	n.eventually("alice is back", func() bool { _, err := alice.track(good.Hash); return err == nil })
}

// Whatever many callers do at once, an invoice is paid once.
func TestConcurrentPaymentsOfOneInvoicePayOnce(t *testing.T) {
	n, alice, bob, carol, dave := diamond(t)
	before := alice.balance()
	for range 5 {
		inv := dave.invoice(1_000 * sat)
		const callers = 8
		results := make(chan error, callers)
		for range callers {
			go func() {
				p, err := alice.try(SendPayment{PaymentRequest: inv.PaymentRequest, FeeLimit: 100 * sat})
				if err == nil && p.Status != PaymentSucceeded {
					err = errors.New("failed")
				}
				results <- err
			}()
		}
		paid := 0
		for range callers {
			switch err := <-results; {
			case err == nil:
				paid++
			case !errors.Is(err, ErrInTransition) && !errors.Is(err, ErrAlreadyPaid):
				t.Errorf("unexpected: %v", err)
			}
		}
		require.Equal(t, 1, paid)
	}
	n.settled(alice, bob, carol, dave)
	require.Equal(t, before-5*(1_000*sat+DefaultPolicy.Fee(1_000*sat)), alice.balance())
	page, err := alice.ListPayments(t.Context(), ListPayments{})
	require.NoError(t, err)
	require.Len(t, page.Payments, 5)
}

// A payment that is in flight when the payer dies is followed after its restart, and is in no
// other's way: the hash can't be paid again meanwhile.
func TestPaymentInFlightIsTrackedAcrossARestart(t *testing.T) {
	for name, paid := range map[string]bool{"paid": true, "failed": false} {
		t.Run(name, func(t *testing.T) {
			n := newTestNet(t)
			alice := n.node("alice")
			bob := n.stranger("bob", alice)
			bob.open(1_000_000, 500_000)
			before := alice.balance()
			preimage := lntypes.Preimage{3}
			key, secret := PubKey(bob.id()), [32]byte{1}
			req := SendPayment{Destination: &key, Hash: preimage.Hash(), PaymentAddr: &secret, Amount: 10_000 * sat,
				FinalCLTVDelta: 80, Timeout: time.Minute}
			go func() { _, _ = alice.try(req) }()
			bob.pump("HTLC has come", func() bool { return len(bob.locked()) == 1 })
			first := alice.Node
			_, err := alice.try(req)
			require.ErrorIs(t, err, ErrInTransition)

			alice.restart()
			bob.reconnected()
			require.NotSame(t, first, alice.Node)
			_, err = alice.try(req)
			require.ErrorIs(t, err, ErrInTransition)
			page, err := alice.ListPayments(t.Context(), ListPayments{IncludeIncomplete: true})
			require.NoError(t, err)
			require.Len(t, page.Payments, 1)
			require.Equal(t, PaymentInFlight, page.Payments[0].Status)
			require.Len(t, page.Payments[0].Attempts, 1)

			if paid {
				bob.step(htlc.Fulfill{ID: 0, Preimage: htlc.Preimage(preimage)})
			} else {
				bob.step(htlc.FailMalformed{ID: 0, Code: uint16(lnwire.CodeInvalidOnionHmac)})
			}
			result := make(chan Payment, 1)
			go func() {
				p, _ := alice.track(req.Hash)
				result <- p
			}()
			bob.pump("payment has ended", func() bool { return len(result) == 1 })
			p := <-result
			bob.pump("all is quiet", func() bool { return n.quiet(alice) })
			if paid {
				require.Equal(t, PaymentSucceeded, p.Status)
				require.Equal(t, preimage, p.Preimage)
				require.Equal(t, before-10_000*sat, alice.balance())
				_, err = alice.try(req)
				require.ErrorIs(t, err, ErrAlreadyPaid)
				return
			}
			require.Equal(t, PaymentFailed, p.Status)
			require.Equal(t, before, alice.balance())
		})
	}
}

func TestListPaymentsPagesBothWays(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	n.open(alice, bob, 1_000_000, 0)
	for i := range 7 { // the third and the sixth fail
		amount := sat
		if i%3 == 2 {
			amount = lnwire.NewMSatFromSatoshis(btcutil.SatoshiPerBitcoin)
		}
		alice.pay(bob.invoice(amount).PaymentRequest)
	}
	page := func(req ListPayments) (got []uint64) {
		p, err := alice.ListPayments(t.Context(), req)
		require.NoError(t, err)
		for _, v := range p.Payments {
			got = append(got, v.Index)
		}
		if len(got) > 0 {
			require.Equal(t, got[0], p.FirstOffset)
			require.Equal(t, got[len(got)-1], p.LastOffset)
		}
		return got
	}
	all := func(req ListPayments) []uint64 { req.IncludeIncomplete = true; return page(req) }
	require.Equal(t, []uint64{1, 2, 4, 5, 7}, page(ListPayments{}))
	require.Equal(t, []uint64{1, 2, 3, 4, 5, 6, 7}, all(ListPayments{}))
	require.Equal(t, []uint64{4, 5}, page(ListPayments{Max: 2, Offset: 2}))
	require.Equal(t, []uint64{4, 5}, page(ListPayments{Max: 2, Offset: 3}))
	require.Equal(t, []uint64{3, 4}, all(ListPayments{Max: 2, Offset: 2}))
	require.Equal(t, []uint64{6, 7}, all(ListPayments{Max: 2, Reversed: true}))
	require.Equal(t, []uint64{3, 4}, all(ListPayments{Max: 2, Reversed: true, Offset: 5}))
	require.Equal(t, []uint64{2, 4}, page(ListPayments{Max: 2, Reversed: true, Offset: 5}))
	require.Empty(t, all(ListPayments{Reversed: true, Offset: 1}))
	require.Empty(t, all(ListPayments{Offset: 7}))
	require.Empty(t, all(ListPayments{Offset: math.MaxUint64}))
	whole, err := alice.ListPayments(t.Context(), ListPayments{IncludeIncomplete: true})
	require.NoError(t, err)
	third, fifth := whole.Payments[2].Created, whole.Payments[4].Created
	require.Equal(t, []uint64{3, 4, 5, 6, 7}, all(ListPayments{After: third}))
	require.Equal(t, []uint64{4, 5}, page(ListPayments{After: third, Before: fifth}))
	require.Equal(t, []uint64{4, 5}, all(ListPayments{After: third, Before: fifth, Reversed: true, Max: 2}))
	require.Len(t, all(ListPayments{Max: 1 << 63}), 7)
	p, err := alice.ListPayments(t.Context(), ListPayments{CountTotal: true, Max: 1})
	require.NoError(t, err)
	require.EqualValues(t, 7, p.Total)
}

// Payments that nobody waits for go on; a node that stops takes no new ones.
func TestPaymentAfterTheNodeStoppedIsRefused(t *testing.T) {
	n := newTestNet(t)
	alice, bob := n.node("alice"), n.node("bob")
	n.open(alice, bob, 1_000_000, 0)
	request := bob.invoice(sat).PaymentRequest
	require.NoError(t, alice.stop())
	_, err := alice.try(SendPayment{PaymentRequest: request})
	require.Error(t, err)
}
