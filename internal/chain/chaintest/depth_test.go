package chaintest_test

import (
	"testing"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/chain/chaintest"
)

// A block that a reorganisation undid has no depth, whatever its height.
func TestDepthIsThatOfBlocksInTheChain(t *testing.T) {
	f := chaintest.New(t)
	f.MineN(5)
	at := f.Best()
	require.EqualValues(t, 1, f.Depth(at.Height, at.Hash))
	f.MineN(3)
	require.EqualValues(t, 4, f.Depth(at.Height, at.Hash))
	require.Zero(t, f.Depth(at.Height, chainhash.Hash{1}), "another block")
	require.Zero(t, f.Depth(f.Best().Height+1, at.Hash), "above the tip")
	require.Zero(t, f.Depth(-1, at.Hash))
	f.Reorg(5)
	require.Zero(t, f.Depth(at.Height, at.Hash), "it is undone")
	tip := f.Best()
	require.EqualValues(t, 1, f.Depth(tip.Height, tip.Hash))
}
