package evm_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
)

func TestTheCallOfDepositTellsItsAmount(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 0))
	p := evm.Params{A: randomAddress(r), B: randomAddress(r), PayA: randomAddress(r), Token: randomAddress(r), Delay: 600, Nonce: 7}
	amount := randomAmount(r)
	data := evm.PackDeposit(p, evm.SideB, amount)
	c, err := evm.UnpackDeposit(data)
	require.NoError(t, err)
	require.Equal(t, evm.DepositCall{Params: p, Side: evm.SideB, Amount: amount.ToBig()}, c)
	for _, bad := range [][]byte{nil, data[:len(data)-1], evm.PackSettle(p)} {
		_, err := evm.UnpackDeposit(bad)
		require.ErrorIs(t, err, evm.ErrCall)
	}
}

func TestAnAnswerThatIsNoProbesIsRefused(t *testing.T) {
	require.NotEmpty(t, evm.ProbeCode())
	require.NotEmpty(t, evm.PackProbe(common.Address{1}, common.Address{2}, big.NewInt(3), true))
	whole := make([]byte, 6*32)
	whole[31], whole[63], whole[95] = 1, 10, 9
	deposit, payout, err := evm.UnpackProbe(whole)
	require.NoError(t, err)
	require.Equal(t, evm.Moved{Done: true, Taken: big.NewInt(10), Arrived: big.NewInt(9)}, deposit)
	require.False(t, payout.Done)
	for _, bad := range [][]byte{nil, whole[:5*32]} {
		_, _, err := evm.UnpackProbe(bad)
		require.ErrorIs(t, err, evm.ErrAnswer)
	}
}
