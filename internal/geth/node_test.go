package geth

import (
	"context"
	"crypto/ecdsa"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/stretchr/testify/require"
)

// chain starts a node that one new account has coins on.
func chain(t *testing.T, cfg Config) (*Node, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := crypto.GenerateKey()
	require.NoError(t, err)
	cfg.Alloc = Coins(100, sender(key))
	n, err := Start(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, n.Close()) })
	return n, key
}

// send has a node's pool take a payment of one wei.
func send(t *testing.T, n *Node, key *ecdsa.PrivateKey, nonce uint64) common.Hash {
	t.Helper()
	tx, err := types.SignNewTx(key, types.LatestSignerForChainID(big.NewInt(int64(n.ChainID()))), &types.DynamicFeeTx{
		ChainID: big.NewInt(int64(n.ChainID())), Nonce: nonce, To: &common.Address{1}, Value: big.NewInt(1),
		Gas: 21000, GasFeeCap: big.NewInt(2e9), GasTipCap: big.NewInt(1e9),
	})
	require.NoError(t, err)
	require.NoError(t, n.Client().SendTransaction(context.Background(), tx))
	return tx.Hash()
}

// mined says in which block a transaction is, 0 in none.
func mined(t *testing.T, n *Node, tx common.Hash) uint64 {
	t.Helper()
	r, err := n.Client().TransactionReceipt(context.Background(), tx)
	if err != nil {
		require.ErrorContains(t, err, "not found")
		return 0
	}
	return r.BlockNumber.Uint64()
}

func TestEveryEndpointServesTheChain(t *testing.T) {
	dir, err := os.MkdirTemp("", "geth") // t.TempDir's paths are too long for a socket
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	n, _ := chain(t, Config{ChainID: 4242, IPC: filepath.Join(dir, "geth.ipc")})
	require.NoError(t, n.Mine(3))
	for _, at := range []string{n.URL(), n.WebSocket(), n.IPC()} {
		c, err := ethclient.Dial(at)
		require.NoError(t, err)
		id, err := c.ChainID(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, 4242, id.Int64(), at)
		head, err := c.HeaderByNumber(t.Context(), nil)
		require.NoError(t, err)
		require.Equal(t, n.Head().Hash(), head.Hash(), at)
		c.Close()
	}
}

func TestAWebSocketIsToldOfEachBlock(t *testing.T) {
	n, _ := chain(t, Config{})
	c, err := ethclient.Dial(n.WebSocket())
	require.NoError(t, err)
	defer c.Close()
	heads := make(chan *types.Header, 8)
	sub, err := c.SubscribeNewHead(t.Context(), heads)
	require.NoError(t, err)
	defer sub.Unsubscribe()
	for range 3 {
		require.NoError(t, n.Mine(1))
		require.Equal(t, n.Head().Hash(), (<-heads).Hash())
	}
}

func TestAPortStaysTheSameIfGiven(t *testing.T) {
	for range 10 { // another program may take the port in between
		n, _ := chain(t, Config{})
		u, err := url.Parse(n.URL())
		require.NoError(t, err)
		port, err := strconv.Atoi(u.Port())
		require.NoError(t, err)
		require.NoError(t, n.Close())
		again, err := Start(Config{Port: port})
		if err != nil {
			continue
		}
		require.Equal(t, n.URL(), again.URL())
		require.NoError(t, again.Close())
		return
	}
	t.Fatal("ten ports were taken")
}

func TestBlocksComeEveryPeriodUntilStopped(t *testing.T) {
	n, key := chain(t, Config{Period: 10 * time.Millisecond})
	tx := send(t, n, key, 0)
	heads := make(chan *types.Header, 1)
	sub, err := n.Client().SubscribeNewHead(t.Context(), heads)
	require.NoError(t, err)
	defer sub.Unsubscribe()
	for mined(t, n, tx) == 0 {
		<-heads
	}
	n.Every(0)
	head := n.Head().Number.Uint64()
	n.Every(0) // twice is no harm
	require.Equal(t, head, n.Head().Number.Uint64())
	require.NoError(t, n.Mine(1))
	require.Equal(t, head+1, n.Head().Number.Uint64())
}

func TestUnprotectedTransactionsAreTaken(t *testing.T) {
	n, key := chain(t, Config{})
	tx, err := types.SignNewTx(key, types.HomesteadSigner{}, &types.LegacyTx{
		GasPrice: big.NewInt(2e9), Gas: 21000, To: &common.Address{1}, Value: big.NewInt(1),
	})
	require.NoError(t, err)
	c, err := ethclient.Dial(n.URL())
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, c.SendTransaction(t.Context(), tx))
	require.NoError(t, n.Mine(1))
	require.EqualValues(t, 2, mined(t, n, tx.Hash()))
}

// Calls are sent with limits of gas that were measured by mainnet's rules.
func TestGasIsThatOfMainnet(t *testing.T) {
	n, err := Start(Config{Alloc: types.GenesisAlloc{{7}: {Balance: new(big.Int), Code: common.FromHex("6001600055")}}})
	require.NoError(t, err)
	defer n.Close()
	gas, err := n.Client().EstimateGas(t.Context(), ethereum.CallMsg{To: &common.Address{7}})
	require.NoError(t, err)
	require.InEpsilon(t, 21000+2*3+22100, gas, 0.02, "two PUSH1 and an SSTORE to an empty slot")
}

func TestLogRangesAreLimitedIfAsked(t *testing.T) {
	n, _ := chain(t, Config{LogRange: 5})
	require.NoError(t, n.Mine(20))
	c, err := rpc.Dial(n.URL())
	require.NoError(t, err)
	defer c.Close()
	var logs []types.Log
	ask := func(from, to string) error {
		return c.CallContext(t.Context(), &logs, "eth_getLogs", map[string]string{"fromBlock": from, "toBlock": to})
	}
	require.NoError(t, ask("0x1", "0x5"))
	require.ErrorContains(t, ask("0x1", "0x14"), "range")
}

func TestAClosedNodeSaysSo(t *testing.T) {
	n, _ := chain(t, Config{Period: time.Hour})
	require.NoError(t, n.Close())
	require.NoError(t, n.Close())
	require.ErrorIs(t, n.Mine(1), ErrClosed)
	require.ErrorIs(t, n.Warp(time.Second), ErrClosed)
	require.ErrorIs(t, n.Reorg(1), ErrClosed)
	require.ErrorIs(t, n.Forget(), ErrClosed)
}

func TestFinalIsNotBeforeSafe(t *testing.T) {
	_, err := Start(Config{Safe: 8, Final: 4})
	require.ErrorContains(t, err, "final at depth 4")
}

func sender(key *ecdsa.PrivateKey) common.Address { return crypto.PubkeyToAddress(key.PublicKey) }
