package devnet

import (
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/stretchr/testify/require"
)

func startEVM(t *testing.T) *EVM {
	t.Helper()
	e, err := StartEVM(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	return e
}

func TestTheEVMChainHasTokensAndABankThatIssuesThem(t *testing.T) {
	e := startEVM(t)
	ctx := t.Context()
	a, b := common.Address{1, 1}, common.Address{2, 2}
	require.NoError(t, e.Fund(ctx, 3, a, b))
	ether, err := e.BalanceOf(ctx, Token{}, b)
	require.NoError(t, err)
	require.Equal(t, big.NewInt(3e18), ether)
	for _, symbol := range []string{"MILES", "USDX", "GOLD"} {
		token, err := e.Token(symbol)
		require.NoError(t, err)
		require.NoError(t, e.Asset(token).Check())
		require.NoError(t, e.Issue(ctx, token, big.NewInt(500), a, b))
		has, err := e.BalanceOf(ctx, token, b)
		require.NoError(t, err)
		require.EqualValues(t, 500, has.Int64())
		supply, err := e.Supply(ctx, token)
		require.NoError(t, err)
		require.EqualValues(t, 1000, supply.Int64())
	}
	_, err = e.Token("COWRIES")
	require.ErrorContains(t, err, "no token COWRIES")
}

func TestFullBlocksMakeGasDear(t *testing.T) {
	e := startEVM(t)
	dear := new(big.Int).Mul(e.Head().BaseFee, big.NewInt(5))
	require.NoError(t, e.Crowd(t.Context(), dear))
	require.GreaterOrEqual(t, e.Head().BaseFee.Cmp(dear), 0)
	require.NoError(t, e.Fund(t.Context(), 1, common.Address{3, 3}), "there is room for who pays")
	got, err := e.BalanceOf(t.Context(), Token{}, common.Address{3, 3})
	require.NoError(t, err)
	require.Positive(t, got.Sign())
}
