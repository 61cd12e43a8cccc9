package geth

import (
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/rpc"
	"github.com/stretchr/testify/require"
)

func TestWaitingTransactionsAreInTheNextBlock(t *testing.T) {
	n, key := chain(t, Config{})
	a, b := send(t, n, key, 0), send(t, n, key, 1)
	require.NoError(t, n.Skip(1))
	require.Zero(t, mined(t, n, a))
	require.NoError(t, n.Mine(2))
	require.EqualValues(t, 3, mined(t, n, a))
	require.EqualValues(t, 3, mined(t, n, b))
	require.EqualValues(t, 4, n.Head().Number.Uint64())
}

// Users count on the next block: a pool that hears of a block while it sorts in a transaction must not forget it.
func TestTransactionsOfOneAccountAreAllInTheNextBlock(t *testing.T) {
	n, key := chain(t, Config{})
	for nonce := uint64(0); nonce < 600; nonce += 3 {
		require.NoError(t, n.Skip(1))
		first, second, third := send(t, n, key, nonce), send(t, n, key, nonce+1), send(t, n, key, nonce+2)
		require.NoError(t, n.Mine(1))
		require.NotZero(t, mined(t, n, first), "transaction %d", nonce)
		require.NotZero(t, mined(t, n, second), "transaction %d", nonce+1)
		require.NotZero(t, mined(t, n, third), "transaction %d", nonce+2)
	}
}

func TestEachBlockIsLaterThanTheOneBefore(t *testing.T) {
	n, _ := chain(t, Config{})
	last := n.Head().Time
	for range 20 {
		require.NoError(t, n.Mine(1))
		require.Greater(t, n.Head().Time, last)
		last = n.Head().Time
	}
}

// A devnet moves days ahead; deadlines of blocks after that must go on from there.
func TestTheClockStaysWhereItWasWarpedTo(t *testing.T) {
	n, key := chain(t, Config{})
	require.NoError(t, n.Mine(30)) // the blocks' times run ahead
	before := n.Head().Time
	tx := send(t, n, key, 0)
	require.NoError(t, n.Warp(24*time.Hour))
	require.EqualValues(t, 32, mined(t, n, tx), "transactions that wait are no obstacle")
	warped := n.Head().Time
	require.GreaterOrEqual(t, warped, before+24*3600)
	require.NoError(t, n.Mine(1))
	require.Greater(t, n.Head().Time, warped)
	require.GreaterOrEqual(t, n.Now().Unix(), int64(before+24*3600))
	require.ErrorContains(t, n.Warp(-time.Second), "can't go back")
}

func TestAChainsClockMayBeBehindOrAhead(t *testing.T) {
	for _, offset := range []time.Duration{-time.Hour, time.Hour} {
		n, _ := chain(t, Config{Offset: offset})
		require.NoError(t, n.Mine(1))
		off := time.Until(time.Unix(int64(n.Head().Time), 0)) - offset
		require.Less(t, off, time.Minute)
		require.Greater(t, off, -10*time.Minute)
	}
}

func TestAReorganisationUndoesTransactionsUntilTheNextBlock(t *testing.T) {
	n, key := chain(t, Config{})
	require.NoError(t, n.Mine(4))
	first := send(t, n, key, 0)
	require.NoError(t, n.Mine(2))
	second := send(t, n, key, 1)
	require.NoError(t, n.Mine(1))
	lost, fork := n.Head(), n.chain().GetHeaderByNumber(7)
	require.NoError(t, n.Reorg(1))
	require.EqualValues(t, 9, n.Head().Number.Uint64())
	require.Equal(t, fork.Hash(), n.chain().GetHeaderByNumber(7).Hash())
	require.NotEqual(t, lost.Hash(), n.chain().GetCanonicalHash(8))
	require.EqualValues(t, 6, mined(t, n, first))
	require.Zero(t, mined(t, n, second))
	require.NoError(t, n.Reorg(4))
	require.Zero(t, mined(t, n, first))
	require.NoError(t, n.Mine(1))
	require.EqualValues(t, 11, mined(t, n, first))
	require.EqualValues(t, 11, mined(t, n, second))
}

func TestForgottenTransactionsDontComeBack(t *testing.T) {
	n, key := chain(t, Config{})
	tx := send(t, n, key, 0)
	require.NoError(t, n.Mine(1))
	require.NoError(t, n.Reorg(1))
	require.NoError(t, n.Forget())
	require.NoError(t, n.Mine(3))
	require.Zero(t, mined(t, n, tx))
	nonce, err := n.Client().PendingNonceAt(t.Context(), sender(key))
	require.NoError(t, err)
	require.Zero(t, nonce)
}

func TestAReorganisationMayBeLongerThanTheStatesInMemory(t *testing.T) {
	n, key := chain(t, Config{Safe: 500, Final: 500})
	tx := send(t, n, key, 0)
	require.NoError(t, n.Mine(200))
	require.NoError(t, n.Reorg(200))
	require.Zero(t, mined(t, n, tx))
	require.EqualValues(t, 202, n.Head().Number.Uint64())
	require.NoError(t, n.Mine(4))
	b, err := n.Client().BalanceAt(t.Context(), sender(key), nil)
	require.NoError(t, err)
	require.Equal(t, new(big.Int).Mul(big.NewInt(100), big.NewInt(1e18)), b)
}

// number is the block that a tag names.
func number(t *testing.T, n *Node, tag rpc.BlockNumber) uint64 {
	t.Helper()
	h, err := n.Client().HeaderByNumber(t.Context(), big.NewInt(int64(tag)))
	require.NoError(t, err)
	return h.Number.Uint64()
}

func TestBlocksAreSafeAndFinalAtTheirDepths(t *testing.T) {
	n, _ := chain(t, Config{Safe: 3, Final: 6})
	require.NoError(t, n.Mine(9))
	require.EqualValues(t, 7, number(t, n, rpc.SafeBlockNumber))
	require.EqualValues(t, 4, number(t, n, rpc.FinalizedBlockNumber))
	require.NoError(t, n.Reorg(6))
	require.EqualValues(t, 8, number(t, n, rpc.SafeBlockNumber))
	require.EqualValues(t, 5, number(t, n, rpc.FinalizedBlockNumber))
}

func TestWhatIsFinalIsNotUndone(t *testing.T) {
	n, _ := chain(t, Config{Safe: 3, Final: 6})
	require.NoError(t, n.Mine(9))
	head := n.Head().Hash()
	require.ErrorContains(t, n.Reorg(7), "which is final")
	require.ErrorContains(t, n.Reorg(11), "want 1 to 10")
	require.ErrorContains(t, n.Reorg(0), "want 1 to 10")
	require.Equal(t, head, n.Head().Hash())
}
