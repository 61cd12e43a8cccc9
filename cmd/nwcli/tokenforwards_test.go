package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/lnrpc/nwnrpc"
)

func TestForwardsInAnAssetAreInItsAmounts(t *testing.T) {
	b, f := startWithAssets(t)
	code, out, errs := b.run(t, "", "forwards", "--asset=miles", "--max=2")
	require.Zero(t, code, errs)
	in := f.got.(*nwnrpc.AssetForwardsRequest)
	require.Equal(t, []any{"MILES", uint32(2)}, []any{in.Symbol, in.NumMaxEvents})
	require.Regexp(t, `16400007x312x9 alice +16400007x312x10 bob +12.5 MILES +12.4 MILES +0.1 MILES\n`, out)
	require.Regexp(t, `1.005 sat +12.4 MILES +in the exchange\n`, out)
	require.Contains(t, errs, "--asset=MILES --offset 9")

	code, _, errs = b.run(t, "", "forwards", "--asset=MILES", "--failed")
	require.NotZero(t, code)
	require.Contains(t, errs, "asset")
}
