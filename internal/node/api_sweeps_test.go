package node

import (
	"context"
	"testing"
	"time"

	"github.com/btcsuite/btcd/btcutil"
	"github.com/btcsuite/btcd/wire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/wallet"
)

func someTx(lock uint32, height int32) wallet.Transaction {
	tx := wire.NewMsgTx(2)
	tx.LockTime = lock
	return wallet.Transaction{Tx: tx, Height: height}
}

func TestBumpsAreListedWithTheirBlock(t *testing.T) {
	alice := newTestNet(t).node("alice")
	pending, mined := someTx(1, 0), someTx(2, 7)
	alice.wallet.txs = []wallet.Transaction{pending, mined}
	alice.wallet.bumps = []wallet.Bump{
		{Tx: mined.Tx.TxHash(), Fee: 1}, {Tx: pending.Tx.TxHash(), Fee: 2}, {Fee: 3}, // of which nothing is left
	}
	all, err := alice.Bumps(t.Context())
	require.NoError(t, err)
	require.Equal(t, []BumpState{{alice.wallet.bumps[0], 7}, {alice.wallet.bumps[1], 0}}, all)
}

func TestABumpIsCheckedBeforeTheWalletIsAsked(t *testing.T) {
	alice := newTestNet(t).node("alice")
	_, err := alice.BumpFee(t.Context(), BumpFee{Fee: FeeRate{SatPerVByte: 20}, Budget: -1})
	require.ErrorIs(t, err, ErrInvalid)
	_, err = alice.BumpFee(t.Context(), BumpFee{Fee: FeeRate{SatPerVByte: 20, ConfTarget: 3}})
	require.ErrorIs(t, err, ErrInvalid)
	require.Zero(t, alice.wallet.bumped)
	_, err = alice.BumpFee(t.Context(), BumpFee{Fee: FeeRate{SatPerVByte: 20}, Budget: 9})
	require.NoError(t, err)
	require.Equal(t, wallet.BumpRequest{Rate: 5000, Budget: 9}, alice.wallet.bumped)
}

func TestWhatTheWalletRefusesHasAName(t *testing.T) {
	alice := newTestNet(t).node("alice")
	for from, to := range map[error]error{
		wallet.ErrNothingToBump: ErrInvalid, wallet.ErrBudget: ErrInvalid, wallet.ErrNoCoin: ErrInvalid,
		wallet.ErrLeased: ErrInvalid, wallet.ErrRejected: ErrInvalid, wallet.ErrNoTransaction: ErrNotFound,
		wallet.ErrLabelled: ErrDuplicate, wallet.ErrOffline: ErrNotReady, wallet.ErrInsufficientFunds: ErrInsufficientFunds,
	} {
		alice.wallet.err = from
		require.ErrorIs(t, alice.ReleaseCoin(t.Context(), [32]byte{}, wire.OutPoint{}), to)
	}
}

func TestManyAddressesArePaidInOneTransaction(t *testing.T) {
	alice := newTestNet(t).node("alice")
	a, err := alice.NewAddress(t.Context(), WitnessPubKeyHash)
	require.NoError(t, err)
	b, err := alice.NewAddress(t.Context(), WitnessPubKeyHash)
	require.NoError(t, err)
	ask := SendMany{Outputs: map[string]btcutil.Amount{a.String(): 1000, b.String(): 2000}, Fee: FeeRate{SatPerVByte: 2}}
	e, err := alice.EstimateSend(t.Context(), ask)
	require.NoError(t, err)
	require.Equal(t, SendEstimate{Fee: 123, SatPerVByte: 2}, e)
	require.Len(t, alice.wallet.paid, 2)
	_, err = alice.SendMany(t.Context(), ask)
	require.NoError(t, err)
	for _, bad := range []map[string]btcutil.Amount{
		nil, {a.String(): 0}, {a.String(): btcutil.MaxSatoshi + 1}, {"bc1qnowhere": 1000},
	} {
		_, err = alice.SendMany(t.Context(), SendMany{Outputs: bad, Fee: FeeRate{SatPerVByte: 2}})
		require.ErrorIs(t, err, ErrInvalid, "%v", bad)
	}
	coins := []wire.OutPoint{{Index: 4}}
	_, err = alice.SendCoins(t.Context(), SendCoins{Address: a.String(), Amount: 700, Coins: coins, Fee: FeeRate{SatPerVByte: 2}})
	require.NoError(t, err)
	require.Equal(t, coins, alice.wallet.chosen)
	require.EqualValues(t, 700, alice.wallet.paid[0].Value)
	alice.wallet.chosen = nil
	_, err = alice.SendCoins(t.Context(), SendCoins{Address: a.String(), All: true, Coins: coins, Fee: FeeRate{SatPerVByte: 2}})
	require.NoError(t, err)
	require.Equal(t, coins, alice.wallet.chosen)
}

func TestLeasedCoinsCountAsLocked(t *testing.T) {
	alice := newTestNet(t).node("alice")
	alice.wallet.leases = []wallet.Lease{{Amount: 5}, {Amount: 6}}
	b, err := alice.WalletBalance(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, WalletBalance{Locked: 11}, b)
	ends, err := alice.LeaseCoin(t.Context(), [32]byte{1}, wire.OutPoint{}, time.Minute)
	require.NoError(t, err)
	require.EqualValues(t, 60, ends.Unix())
}

func TestOneWhoReadsTransactionsTooSlowlyIsCutOff(t *testing.T) {
	alice := newTestNet(t).node("alice")
	alice.wallet.watched = make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var seen int
	var ended error
	go func() {
		<-alice.wallet.watched
		for i := range uint32(maxQueued + 10) {
			alice.wallet.tell(someTx(i, 0)) // never waits
		}
		cancel()
	}()
	for tx, err := range alice.SubscribeTransactions(t.Context()) {
		if err != nil {
			ended = err
			break
		}
		require.EqualValues(t, seen, tx.Tx.LockTime)
		if seen == 0 {
			<-ctx.Done() // all of them came meanwhile
		}
		seen++
	}
	require.ErrorIs(t, ended, ErrBusy)
	require.LessOrEqual(t, seen, maxQueued+1)
}
