package eip712_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/signer/core/apitypes"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/htlc"
)

func goEthereums(t *testing.T, data apitypes.TypedData) []byte {
	t.Helper()
	want, _, err := apitypes.TypedDataAndHash(data)
	require.NoError(t, err)
	return want
}

func TestWithdrawDigestIsGoEthereums(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 0))
	for range 100 {
		f, p := randomFormat(r), randomParams(r)
		total := [2]htlc.Sat{htlc.Sat(r.Int64N(1 << 50)), htlc.Sat(r.Int64N(1 << 50))}
		d, err := f.WithdrawDigest(p, total)
		require.NoError(t, err)
		a, b := whole(f, total[p.Opener]), whole(f, total[1-p.Opener])
		require.Equal(t, goEthereums(t, typed(f, "Withdraw",
			fields("bytes32", "id", "uint128", "totalA", "uint128", "totalB"),
			apitypes.TypedDataMessage{"id": p.ID[:], "totalA": a, "totalB": b})), d.Hash[:])
		require.True(t, d.Pub.IsEqual(p.Terms[htlc.Remote].Funding))

		var sigs [2]lnwire.Sig
		for side := range sigs {
			raw := [64]byte{byte(side + 1)}
			sigs[side], err = lnwire.NewSigFromWireECDSA(raw[:])
			require.NoError(t, err)
		}
		call, err := f.WithdrawCall(p, htlc.WithdrawDone{Total: total, Sigs: sigs})
		require.NoError(t, err)
		require.Len(t, call, 3*32+2*64)
		require.Equal(t, a, new(big.Int).SetBytes(call[32:64]))
		require.Equal(t, byte(p.Opener)+1, call[96], "A's signature comes first")
	}
	f, p := randomFormat(r), randomParams(r)
	_, err := f.WithdrawDigest(p, [2]htlc.Sat{htlc.MaxCapacity, 1})
	require.ErrorContains(t, err, "out of range")
}

func TestGrantAndOwedDigestsAreGoEthereums(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 0))
	for range 100 {
		f, p := randomFormat(r), randomParams(r)
		var a [3]common.Address
		for i := range a {
			a[i] = common.Address{byte(r.Uint32()), 19: byte(r.Uint32())}
		}
		bounty := new(big.Int).Lsh(new(big.Int).SetUint64(r.Uint64()), uint(r.IntN(65)))
		d := f.GrantDigest(p, a[0], [16]byte(bounty.FillBytes(make([]byte, 16))))
		require.Equal(t, goEthereums(t, typed(f, "Grant",
			fields("bytes32", "id", "address", "tower", "uint128", "bounty"),
			apitypes.TypedDataMessage{"id": p.ID[:], "tower": a[0].Hex(), "bounty": bounty})), d.Hash[:])
		require.True(t, d.Pub.IsEqual(p.Terms[htlc.Local].Funding))
		nonce := r.Uint64()
		hash := f.OwedClaimDigest(a[0], a[1], a[2], nonce)
		require.Equal(t, goEthereums(t, typed(f, "OwedClaim",
			fields("address", "token", "address", "who", "address", "to", "uint256", "nonce"),
			apitypes.TypedDataMessage{
				"token": a[0].Hex(), "who": a[1].Hex(), "to": a[2].Hex(), "nonce": new(big.Int).SetUint64(nonce),
			})), hash[:])
	}
}
