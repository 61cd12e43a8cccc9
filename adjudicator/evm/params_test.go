package evm_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
)

func randomAddress(r *rand.Rand) (a common.Address) {
	for i := range a {
		a[i] = byte(r.Uint32())
	}
	return a
}

func randomParams(r *rand.Rand) evm.Params {
	return evm.Params{
		A: randomAddress(r), B: randomAddress(r), PayA: randomAddress(r), PayB: randomAddress(r),
		Token: randomAddress(r), Delay: r.Uint32(), Nonce: r.Uint64(),
	}
}

// abiEncode packs values of the named types with go-ethereum's codec, independently of ours.
func abiEncode(t *testing.T, types []string, values ...any) []byte {
	t.Helper()
	var args abi.Arguments
	for _, name := range types {
		typ, err := abi.NewType(name, "", nil)
		require.NoError(t, err)
		args = append(args, abi.Argument{Type: typ})
	}
	packed, err := args.Pack(values...)
	require.NoError(t, err)
	return packed
}

func TestChannelIDIsTheHashOfTheEncodedParameters(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 0))
	for range 200 {
		p, chain, adjudicator := randomParams(r), r.Uint64(), randomAddress(r)
		want := crypto.Keccak256Hash(abiEncode(t,
			[]string{"uint256", "address", "address", "address", "address", "address", "address", "uint32", "uint64"},
			new(big.Int).SetUint64(chain), adjudicator, p.A, p.B, p.PayA, p.PayB, p.Token, p.Delay, p.Nonce))
		require.Equal(t, [32]byte(want), p.ID(chain, adjudicator))
	}
}
