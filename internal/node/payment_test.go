package node

import (
	"testing"

	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"
)

const sat = lnwire.MilliSatoshi(1000)

// line is alice - bob - carol, a million satoshi each.
func line(t *testing.T) (n *testNet, alice, bob, carol *testNode) {
	n = newTestNet(t)
	alice, bob, carol = n.node("alice"), n.node("bob"), n.node("carol")
	n.open(alice, bob, 1_000_000, 0)
	n.open(bob, carol, 1_000_000, 0)
	n.known(2, alice, bob, carol)
	return n, alice, bob, carol
}

func TestPaymentOverTwoHopsPaysTheForwardersFee(t *testing.T) {
	n, alice, bob, carol := line(t)
	a, b, c := alice.balance(), bob.balance(), carol.balance()
	inv := carol.invoice(10_000 * sat)

	p := alice.pay(inv.PaymentRequest)

	require.Equal(t, PaymentSucceeded, p.Status)
	require.Equal(t, inv.Preimage, p.Preimage)
	fee := DefaultPolicy.Fee(10_000 * sat)
	require.Equal(t, fee, p.Fee)
	n.settled(alice, bob, carol)
	require.Equal(t, a-10_000*sat-fee, alice.balance())
	require.Equal(t, b+fee, bob.balance())
	require.Equal(t, c+10_000*sat, carol.balance())
	got, err := carol.LookupInvoice(t.Context(), inv.Hash)
	require.NoError(t, err)
	require.Equal(t, InvoiceSettled, got.State)
	require.Equal(t, 10_000*sat, got.AmountPaid)
}

func TestInvoiceIsPaidOnce(t *testing.T) {
	n, alice, _, carol := line(t)
	inv := carol.invoice(5_000 * sat)
	require.Equal(t, PaymentSucceeded, alice.pay(inv.PaymentRequest).Status)
	n.settled(alice, carol)
	for _, err := range alice.SendPayment(t.Context(), SendPayment{PaymentRequest: inv.PaymentRequest}) {
		require.ErrorIs(t, err, ErrAlreadyPaid)
	}
	require.Equal(t, 5_000*sat, carol.balance())
}

func TestPaymentOfUnknownInvoiceFailsAtItsEnd(t *testing.T) {
	n, alice, bob, carol := line(t)
	before := alice.balance()
	inv := carol.invoice(5_000 * sat)
	ctx := t.Context()
	wrong := inv.Hash
	wrong[0] ^= 1
	key, secret := PubKey(carol.self), inv.PaymentAddr
	var last Payment
	for p, err := range alice.SendPayment(ctx, SendPayment{Destination: &key, Hash: wrong, PaymentAddr: &secret,
		Amount: 5_000 * sat, FinalCLTVDelta: 80, FeeLimit: 100 * sat}) {
		require.NoError(t, err)
		last = p
	}
	require.Equal(t, PaymentFailed, last.Status)
	require.Equal(t, FailureIncorrectDetails, last.FailureReason)
	require.Len(t, last.Attempts, 1)
	require.EqualValues(t, 2, last.Attempts[0].Failure.SourceIndex)
	n.settled(alice, bob, carol)
	require.Equal(t, before, alice.balance())
}

func TestAttack13PaymentWithoutThePaymentSecretIsRefused(t *testing.T) {
	n, alice, bob, carol := line(t)
	inv := carol.invoice(5_000 * sat)
	key, secret := PubKey(carol.self), [32]byte{1}
	var last Payment
	for p, err := range alice.SendPayment(t.Context(), SendPayment{Destination: &key, Hash: inv.Hash, PaymentAddr: &secret,
		Amount: 5_000 * sat, FinalCLTVDelta: 80, FeeLimit: 100 * sat}) {
		require.NoError(t, err)
		last = p
	}
	require.Equal(t, FailureIncorrectDetails, last.FailureReason)
	n.settled(alice, bob, carol)
	require.Zero(t, carol.balance())
}

// CVE-2020-26896: the preimage of an invoice must not be given for an HTLC that is to be
// forwarded, though its hash is the invoice's.
func TestAttack13PreimageIsNotGivenToAForwardedHTLC(t *testing.T) {
	n, alice, bob, carol := line(t)
	// bob has an invoice; alice routes an HTLC of that hash through bob to carol.
	inv := bob.invoice(5_000 * sat)
	key, secret := PubKey(carol.self), inv.PaymentAddr
	var last Payment
	for p, err := range alice.SendPayment(t.Context(), SendPayment{Destination: &key, Hash: inv.Hash, PaymentAddr: &secret,
		Amount: 5_000 * sat, FinalCLTVDelta: 80, FeeLimit: 100 * sat}) {
		require.NoError(t, err)
		last = p
	}
	require.Equal(t, PaymentFailed, last.Status)
	n.settled(alice, bob, carol)
	got, err := bob.LookupInvoice(t.Context(), inv.Hash)
	require.NoError(t, err)
	require.Equal(t, InvoiceOpen, got.State)
}

func TestManyPaymentsBothWays(t *testing.T) {
	n, alice, bob, carol := line(t)
	require.Equal(t, PaymentSucceeded, alice.pay(carol.invoice(400_000*sat).PaymentRequest).Status)
	n.settled(alice, bob, carol)
	total := alice.balance() + bob.balance() + carol.balance()
	const each = 40
	results := make(chan Payment)
	for range each {
		there, back := carol.invoice(1_000*sat).PaymentRequest, alice.invoice(2_000*sat).PaymentRequest
		go func() { results <- alice.pay(there) }()
		go func() { results <- carol.pay(back) }()
	}
	var fees lnwire.MilliSatoshi
	for range 2 * each {
		p := <-results
		require.Equal(t, PaymentSucceeded, p.Status, "%+v", p)
		fees += p.Fee
	}
	n.settled(alice, bob, carol)
	require.Equal(t, total, alice.balance()+bob.balance()+carol.balance())
	require.NotZero(t, fees)
}
