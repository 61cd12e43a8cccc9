package node

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/lightningnetwork/lnd/lntypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb/dbtest"
)

// holding has alice pay a hold invoice of carol's in three parts, and waits until it is
// accepted.
func holding(t *testing.T, n *testNet, alice, carol *testNode, preimage lntypes.Preimage) (Invoice, chan Payment) {
	hash := preimage.Hash()
	inv, err := carol.AddInvoice(t.Context(), AddInvoice{Amount: 2_100_000 * sat, Hash: &hash})
	require.NoError(t, err)
	require.Equal(t, lntypes.Preimage{}, inv.Preimage)
	require.ErrorIs(t, carol.SettleInvoice(t.Context(), preimage), ErrInvalid, "nothing is held")
	result := make(chan Payment, 1)
	payer := alice.Node
	go func() { result <- payWhileDying(t.Context(), payer, inv.PaymentRequest) }()
	n.eventually("the invoice is accepted", func() bool { return carol.stands(hash) == InvoiceAccepted })
	require.Empty(t, result)
	return inv, result
}

func (n *testNode) stands(hash lntypes.Hash) InvoiceState {
	v, err := n.LookupInvoice(n.net.t.Context(), hash)
	require.NoError(n.net.t, err)
	return v.State
}

func TestHoldInvoiceIsSettledAfterRestartsOfBoth(t *testing.T) {
	var clock alarms
	n, alice, carol := strands(t, func(c *Config) { c.after = clock.after })
	a, c := alice.balance(), carol.balance()
	preimage := lntypes.Preimage{1}
	inv, _ := holding(t, n, alice, carol, preimage)
	require.Zero(t, clock.fire(), "an accepted set doesn't time out")
	carol.restart()
	alice.restart()
	n.eventually("channels are back", func() bool { return alice.usable() && carol.usable() })
	require.Equal(t, InvoiceAccepted, carol.stands(inv.Hash))
	require.Zero(t, clock.fire())
	require.Equal(t, c, carol.balance())

	require.NoError(t, carol.SettleInvoice(t.Context(), preimage))
	p, err := alice.track(inv.Hash)
	require.NoError(t, err)
	require.Equal(t, PaymentSucceeded, p.Status)
	require.Equal(t, preimage, p.Preimage)
	n.settled(alice, carol)
	require.Equal(t, a-2_100_000*sat, alice.balance())
	require.Equal(t, c+2_100_000*sat, carol.balance())
	got, err := carol.LookupInvoice(t.Context(), inv.Hash)
	require.NoError(t, err)
	require.Equal(t, preimage, got.Preimage)
	require.Equal(t, InvoiceSettled, got.State)
	require.Len(t, got.HTLCs, 3)
	require.NoError(t, carol.SettleInvoice(t.Context(), preimage), "again")
	require.ErrorIs(t, carol.CancelInvoice(t.Context(), inv.Hash), ErrInvalid)
}

func TestHoldInvoiceIsCanceled(t *testing.T) {
	n, alice, carol := strands(t)
	a, c := alice.balance(), carol.balance()
	preimage := lntypes.Preimage{1}
	inv, result := holding(t, n, alice, carol, preimage)
	require.NoError(t, carol.CancelInvoice(t.Context(), inv.Hash))
	p := <-result
	require.Equal(t, PaymentFailed, p.Status)
	require.Equal(t, FailureIncorrectDetails, p.FailureReason)
	n.settled(alice, carol)
	require.Equal(t, a, alice.balance())
	require.Equal(t, c, carol.balance())
	require.Equal(t, InvoiceCanceled, carol.stands(inv.Hash))
	require.NoError(t, carol.CancelInvoice(t.Context(), inv.Hash), "again")
	require.ErrorIs(t, carol.SettleInvoice(t.Context(), preimage), ErrInvalid)
	carol.restart()
	n.eventually("it is back", alice.usable)
	require.Equal(t, InvoiceCanceled, carol.stands(inv.Hash))
}

// An accepted invoice that nobody settles is canceled before its channels would have to go
// on chain.
func TestHoldInvoiceIsCanceledBeforeItsHTLCsExpire(t *testing.T) {
	n, alice, carol := strands(t)
	inv, result := holding(t, n, alice, carol, lntypes.Preimage{1})
	got, err := carol.LookupInvoice(t.Context(), inv.Hash)
	require.NoError(t, err)
	last := int(got.HTLCs[0].Expiry-revealMargin) - int(carol.height())
	n.chain.MineN(last - 1)
	n.eventually("the node saw the blocks", func() bool { return carol.height()+revealMargin+1 == got.HTLCs[0].Expiry })
	require.Equal(t, InvoiceAccepted, carol.stands(inv.Hash))
	n.chain.MineN(1)
	p := <-result
	require.Equal(t, PaymentFailed, p.Status)
	n.settled(alice, carol)
	require.Equal(t, InvoiceCanceled, carol.stands(inv.Hash))
	require.True(t, alice.usable() && carol.usable(), "no channel was halted")
}

func TestHoldInvoiceNeedsAHashWhosePreimageIsSecret(t *testing.T) {
	n := newTestNet(t)
	carol := n.node("carol")
	known := (&lntypes.Preimage{}).Hash()
	_, err := carol.AddInvoice(t.Context(), AddInvoice{Hash: &known})
	require.ErrorIs(t, err, ErrInvalid)
	preimage := lntypes.Preimage{1}
	hash := preimage.Hash()
	_, err = carol.AddInvoice(t.Context(), AddInvoice{Hash: &hash, Preimage: &preimage})
	require.ErrorIs(t, err, ErrInvalid)
	require.ErrorIs(t, carol.SettleInvoice(t.Context(), preimage), ErrNotFound)
	require.ErrorIs(t, carol.CancelInvoice(t.Context(), hash), ErrNotFound)
}

func TestFollowersOfAnInvoiceSeeEachState(t *testing.T) {
	n, alice, carol := strands(t)
	preimage := lntypes.Preimage{1}
	hash := preimage.Hash()
	inv, err := carol.AddInvoice(t.Context(), AddInvoice{Amount: 1_000 * sat, Hash: &hash})
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var seen []InvoiceState
	for v, err := range carol.SubscribeInvoice(ctx, hash) {
		if err != nil {
			require.ErrorIs(t, err, context.Canceled)
			break
		}
		switch seen = append(seen, v.State); v.State {
		case InvoiceOpen:
			go alice.pay(inv.PaymentRequest)
		case InvoiceAccepted:
			require.NoError(t, carol.SettleInvoice(t.Context(), preimage))
		case InvoiceSettled:
			cancel()
		}
	}
	require.Equal(t, []InvoiceState{InvoiceOpen, InvoiceAccepted, InvoiceSettled}, seen)
	require.Empty(t, carol.invoices.watchers)
	for _, err := range carol.SubscribeInvoice(t.Context(), lntypes.Hash{9}) {
		require.ErrorIs(t, err, ErrNotFound)
	}
	n.settled(alice, carol)
}

// The receiver dies at each of its commits while it settles a hold invoice of three parts.
func TestHoldInvoiceDyingAtEveryCommitOfItsSettlement(t *testing.T) {
	for _, outcome := range []dbtest.Outcome{dbtest.Lost, dbtest.Kept} {
		t.Run(fmt.Sprintf("outcome=%d", outcome), func(t *testing.T) {
			n, alice, carol := strands(t)
			for at := 0; ; at++ {
				a, c := alice.balance(), carol.balance()
				alice.forgetRoutes()
				preimage := lntypes.Preimage{1, byte(at)}
				inv, result := holding(t, n, alice, carol, preimage)
				carol.disk.FailAt(at, outcome)
				err := carol.SettleInvoice(t.Context(), preimage)
				n.eventually("all is quiet, or the victim dead", func() bool {
					return carol.db.Err() != nil || n.quiet(alice, carol)
				})
				died := carol.db.Err() != nil
				if died {
					carol.restart()
					n.eventually("channels are back", func() bool { return alice.usable() && carol.usable() })
					if err == nil {
						require.Equal(t, InvoiceSettled, carol.stands(inv.Hash), "commit %d: it was said to be settled", at)
					}
					require.NoError(t, carol.SettleInvoice(t.Context(), preimage))
				} else {
					carol.disk.FailAt(-1_000_000, outcome)
				}
				require.Equal(t, PaymentSucceeded, (<-result).Status)
				n.settled(alice, carol)
				require.Equal(t, a-2_100_000*sat, alice.balance(), "commit %d", at)
				require.Equal(t, c+2_100_000*sat, carol.balance(), "commit %d", at)
				require.Equal(t, InvoiceSettled, carol.stands(inv.Hash))
				giveBack(t, n, alice, carol)
				if !died {
					require.Greater(t, at, 1)
					return
				}
			}
		})
	}
}

// What earlier versions wrote is read.
func TestRecordsOfVersionOneAreRead(t *testing.T) {
	v := &Invoice{Preimage: lntypes.Preimage{3}, Hash: (&lntypes.Preimage{3}).Hash(), Amount: 5, AddIndex: 7,
		Created: time.Unix(5, 0), Expiry: time.Hour, CLTVExpiry: 80, PaymentRequest: "ln"}
	said := encodeInvoice(v)
	said = said[:len(said)-1]
	said[0] = 1
	got, err := decodeInvoice(7, said)
	require.NoError(t, err)
	require.Equal(t, v.PaymentRequest, got.PaymentRequest)

	w := newRecord(1).u8(uint8(InvoiceSettled)).time(time.Unix(6, 0)).u64(2).u64(5).u32(1)
	w.u64(99).u64(4).u64(5).u32(100).time(time.Unix(6, 0)).time(time.Unix(6, 0)).u32(180).u8(1).u64(5)
	require.NoError(t, decodeInvoiceState(got, w.b))
	require.Equal(t, v.Preimage, got.Preimage)
	require.Equal(t, InvoiceSettled, got.State)
	require.EqualValues(t, 4, got.HTLCs[0].Index)

	two := &Invoice{AddIndex: 7}
	w = newRecord(2).u8(uint8(InvoiceSettled)).time(time.Unix(6, 0)).u64(2).u64(5).raw(v.Preimage[:]).u32(1)
	w.raw(make([]byte, 32)).u64(99).u64(4).u64(5).u32(100).time(time.Unix(6, 0)).time(time.Unix(6, 0)).u32(180).u8(1).u64(5)
	require.NoError(t, decodeInvoiceState(two, w.b))
	require.EqualValues(t, 4, two.HTLCs[0].Index)
	require.Nil(t, two.HTLCs[0].CustomRecords)

	p := &payment{order: order{amount: 5, cltvLimit: 9, maxParts: 16, metadata: []byte{1}}}
	p.Created = time.Unix(1, 0)
	old := encodePayment(p)
	old = old[:len(old)-8-1]
	old[0] = 2
	q, err := decodePayment(1, old)
	require.NoError(t, err)
	require.Equal(t, p.order, q.order)
	old = old[:len(old)-4-8-1-4]
	old[0] = 1
	q, err = decodePayment(1, old)
	require.NoError(t, err)
	require.EqualValues(t, 1, q.order.maxParts, "what was not split is not split now")
	require.Equal(t, lnwire.MilliSatoshi(5), q.Amount)
	said[0] = 4
	_, err = decodeInvoice(7, said)
	require.ErrorContains(t, err, "version 4")
}
