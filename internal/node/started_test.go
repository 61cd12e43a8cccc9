package node

import (
	"testing"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/stretchr/testify/require"
)

// A payer that died asks again, before the new process has read what it had in flight.
func TestNoPaymentIsBegunAgainWhileTheNodeStarts(t *testing.T) {
	var clock alarms
	n, alice, carol := strands(t, func(c *Config) { c.after = clock.after })
	before := alice.balance()
	preimage := lntypes.Preimage{1}
	inv, _ := holding(t, n, alice, carol, preimage)
	alice.crash()

	cfg := alice.cfg
	cfg.DB, cfg.Listen = alice.disk.Open(), nil
	early, err := New(cfg)
	require.NoError(t, err)
	select {
	case <-early.Started():
		t.Fatal("a node that nobody runs has started")
	default:
	}
	for _, err := range early.SendPayment(t.Context(), SendPayment{PaymentRequest: inv.PaymentRequest}) {
		require.ErrorIs(t, err, ErrInTransition)
	}
	early.Close()
	require.NoError(t, cfg.DB.Close())

	alice.restart()
	<-alice.Started()
	require.NoError(t, carol.SettleInvoice(t.Context(), preimage))
	p, err := alice.track(inv.Hash)
	require.NoError(t, err)
	require.Equal(t, PaymentSucceeded, p.Status)
	n.settled(alice, carol)
	require.Equal(t, before-inv.Amount, alice.balance(), "paid once")
}
