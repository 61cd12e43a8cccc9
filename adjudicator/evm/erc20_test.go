package evm_test

import (
	"encoding/hex"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// The selectors are EIP-20's.
func TestCallsOfATokenAreEIP20s(t *testing.T) {
	a, b := common.Address{1}, common.Address{2}
	for want, call := range map[string][]byte{
		"70a08231": evm.PackBalanceOf(a), "dd62ed3e": evm.PackAllowance(a, b), "095ea7b3": evm.PackApprove(a, big.NewInt(5)),
		"a9059cbb": evm.PackTransfer(a, big.NewInt(5)), "95d89b41": evm.PackSymbol, "06fdde03": evm.PackName, "313ce567": evm.PackDecimals,
	} {
		require.Equal(t, want, hex.EncodeToString(call[:4]))
		require.Zero(t, (len(call)-4)%32)
	}
	call := evm.PackTransfer(a, big.NewInt(0x0102))
	require.Equal(t, a[:], call[4+12:4+32])
	require.Equal(t, []byte{1, 2}, call[4+62:])
}

func TestTextsOfATokenAreCutAndMadePrintable(t *testing.T) {
	text := func(s string) []byte {
		out := append(make([]byte, 31), 32)
		out = append(out, append(make([]byte, 31), byte(len(s)))...)
		return append(out, common.RightPadBytes([]byte(s), (len(s)+31)/32*32)...)
	}
	for in, want := range map[string]string{
		"MILES": "MILES", "": "", "a\x1b[31mb\x00": "a[31mb", "caf\u00e9": "caf\u00e9", "\xff\xfe!": "!",
	} {
		got, err := evm.UnpackText(text(in))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	got, err := evm.UnpackText(common.RightPadBytes([]byte("MKR"), 32))
	require.NoError(t, err)
	require.Equal(t, "MKR", got)
	long := text(string(make([]byte, 200)))
	for i := range 200 {
		long[64+i] = 'x'
	}
	got, err = evm.UnpackText(long)
	require.NoError(t, err)
	require.Len(t, got, 64)
	for _, bad := range [][]byte{nil, make([]byte, 31), make([]byte, 63), make([]byte, 96), text("MILES")[:66]} {
		_, err := evm.UnpackText(bad)
		require.ErrorIs(t, err, evm.ErrAnswer, "%x", bad)
	}
	_, err = evm.UnpackDecimals(common.LeftPadBytes([]byte{1, 0}, 32))
	require.ErrorIs(t, err, evm.ErrAnswer)
	_, err = evm.UnpackUint(make([]byte, 31))
	require.ErrorIs(t, err, evm.ErrAnswer)
}
