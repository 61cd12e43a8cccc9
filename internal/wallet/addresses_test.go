package wallet_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/wallet"
)

func TestAddressesAreListedWithWhatTheyHold(t *testing.T) {
	r := newRig(t)
	first, second := r.address(wallet.P2WKH), r.address(wallet.P2TR)
	_, err := r.btcd.Pay(btc, second)
	require.NoError(t, err)
	r.mine(1)
	r.balance(wallet.Balance{Confirmed: btc})
	all, err := r.w.Addresses()
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, first, all[0].Address)
	require.Zero(t, all[0].Balance)
	require.Equal(t, second, all[1].Address)
	require.Equal(t, btc, all[1].Balance)
	require.Equal(t, wallet.P2TR, all[1].Kind)
	require.Regexp(t, `^m/86'/[01]'/0'/0/0$`, all[1].Path)
	require.Len(t, all[1].Key, 33)

	r.pay(wallet.P2WKH, btc/2, rate, 1)
	all, err = r.w.Addresses()
	require.NoError(t, err)
	var change int
	for _, a := range all {
		if a.Internal {
			change++
			require.Equal(t, "1", a.Path[len(a.Path)-3:len(a.Path)-2], "the branch of change")
		}
	}
	require.Equal(t, 1, change)
}

func TestTransactionsAreToldOfTwice(t *testing.T) {
	r := newRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	news := make(chan wallet.Transaction, 100)
	done := r.w.Watch(ctx, func(tx wallet.Transaction) { news <- tx })
	txid, err := r.btcd.Pay(btc, r.address(wallet.P2WKH))
	require.NoError(t, err)
	seen := <-news
	require.Equal(t, txid, seen.Tx.TxHash())
	require.Equal(t, btc, seen.Amount)
	require.Zero(t, seen.Height)
	r.mine(1)
	mined := <-news
	for mined.Height == 0 {
		mined = <-news // it may be told of again before
	}
	require.Equal(t, txid, mined.Tx.TxHash())
	require.EqualValues(t, 1, mined.Confirmations)
	cancel()
	<-done
	r.mine(1) // nobody is in the way
	r.synced(r.w)
}
