package node

import (
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/stretchr/testify/require"
)

func callOf(to common.Address, data []byte) ethereum.CallMsg {
	return ethereum.CallMsg{To: &to, Data: data}
}

// Two nodes open a channel in points, pay both ways and close it; everyone has what is his.
func TestTokenChannelOpensPaysAndCloses(t *testing.T) {
	n := newTokenNet(t, "alice", "bob")
	alice, bob := n.tokenNode("alice"), n.tokenNode("bob")
	at := n.openMiles(alice, bob, 100_000, 20_000)
	require.EqualValues(t, milesEach-100_000, n.milesOf("alice"))
	require.Equal(t, PaymentSucceeded, n.payMiles(alice, bob, 5_000_000).Status)
	require.Equal(t, PaymentSucceeded, n.payMiles(bob, alice, 1_000_000).Status)

	// lnd's API shows nothing of it.
	channels, err := alice.ListChannels(t.Context())
	require.NoError(t, err)
	require.Empty(t, channels)
	balance, err := alice.ChannelBalance(t.Context())
	require.NoError(t, err)
	require.Zero(t, balance)
	payments, err := alice.ListPayments(t.Context(), ListPayments{IncludeIncomplete: true})
	require.NoError(t, err)
	require.Empty(t, payments.Payments)
	invoices, err := bob.ListInvoices(t.Context(), ListInvoices{})
	require.NoError(t, err)
	require.Empty(t, invoices.Invoices)

	n.has(alice, at, 76_000_000)
	n.has(bob, at, 24_000_000)

	closed := make(chan error, 1)
	go func() {
		var last error
		for _, err := range alice.CloseTokenChannel(t.Context(), CloseTokenChannel{Channel: at}) {
			last = err
		}
		closed <- last
	}()
	n.mining("the close is final", func() bool {
		select {
		case err := <-closed:
			require.NoError(t, err)
			return true
		default:
			return false
		}
	})
	require.EqualValues(t, milesEach-24_000, n.milesOf("alice"))
	require.EqualValues(t, milesEach+24_000, n.milesOf("bob"))
}
