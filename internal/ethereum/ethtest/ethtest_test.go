package ethtest_test

import (
	"context"
	"crypto/ecdsa"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/ethereum/ethtest"
)

// counter counts calls, and refuses those that begin with 0xff.
type counter struct{ n byte }

func (c *counter) Exec(_ ethtest.Env, m ethtest.Message) (ethtest.Result, error) {
	if len(m.Data) > 0 && m.Data[0] == 0xff {
		return ethtest.Result{}, ethtest.Revert{Data: []byte{1, 2, 3, 4}}
	}
	c.n++
	return ethtest.Result{Return: []byte{c.n}, Gas: 5000, Logs: []types.Log{{Topics: []common.Hash{{7}}, Data: []byte{c.n}}}}, nil
}

func (c *counter) Clone() ethtest.Contract { return &counter{c.n} }

var at = common.Address{0xaa}

func key(t *testing.T) (*ecdsa.PrivateKey, common.Address) {
	k, err := crypto.HexToECDSA("0202020202020202020202020202020202020202020202020202020202020202")
	require.NoError(t, err)
	return k, crypto.PubkeyToAddress(k.PublicKey)
}

func send(t *testing.T, end *ethclient.Client, nonce uint64, feeCap int64, data ...byte) (common.Hash, error) {
	k, _ := key(t)
	tx, err := types.SignNewTx(k, types.LatestSignerForChainID(big.NewInt(1337)), &types.DynamicFeeTx{
		ChainID: big.NewInt(1337), Nonce: nonce, GasTipCap: big.NewInt(feeCap / 2), GasFeeCap: big.NewInt(feeCap), Gas: 100_000, To: &at, Data: data,
	})
	require.NoError(t, err)
	return tx.Hash(), end.SendTransaction(context.Background(), tx)
}

// The node's own client reads all of it, over http, WebSockets and a socket.
func TestEthclientReadsAFakeChain(t *testing.T) {
	chain := ethtest.New(t, ethtest.Options{})
	chain.Deploy(at, &counter{})
	_, who := key(t)
	chain.Fund(who, ethtest.Ether(1))
	fake := chain.Endpoint(t)
	for nonce, url := range []string{fake.URL, fake.WS, fake.IPC(t)} {
		ctx := context.Background()
		end, err := ethclient.Dial(url)
		require.NoError(t, err)
		defer end.Close()
		heads := make(chan *types.Header, 4)
		if end.Client().SupportsSubscriptions() {
			sub, err := end.SubscribeNewHead(ctx, heads)
			require.NoError(t, err)
			defer sub.Unsubscribe()
		}
		tx, err := send(t, end, uint64(nonce), 4e9)
		require.NoError(t, err)
		chain.Mine(1)
		block, err := end.BlockByNumber(ctx, nil)
		require.NoError(t, err)
		require.Len(t, block.Transactions(), 1)
		require.Equal(t, chain.Head().Hash(), block.Hash())
		if end.Client().SupportsSubscriptions() {
			require.Equal(t, block.Hash(), (<-heads).Hash())
		}
		r, err := end.TransactionReceipt(ctx, tx)
		require.NoError(t, err)
		require.Equal(t, uint64(1), r.Status)
		require.Equal(t, uint64(26_000), r.GasUsed)
		logs, err := end.FilterLogs(ctx, ethereum.FilterQuery{FromBlock: block.Number(), ToBlock: block.Number(), Addresses: []common.Address{at}})
		require.NoError(t, err)
		require.Equal(t, block.Hash(), logs[0].BlockHash)
		require.Equal(t, tx, logs[0].TxHash)
		_, pending, err := end.TransactionByHash(ctx, tx)
		require.NoError(t, err)
		require.False(t, pending)
		out, err := end.CallContractAtHash(ctx, ethereum.CallMsg{To: &at}, block.Hash())
		require.NoError(t, err)
		require.Equal(t, []byte{byte(nonce + 2)}, out, "a call changes nothing")
		_, err = end.EstimateGas(ctx, ethereum.CallMsg{To: &at, Data: []byte{0xff}})
		require.ErrorContains(t, err, "execution reverted")
	}
}

// A reorganisation takes the contract's state back, and the transactions wait again.
func TestReorgTakesContractsBack(t *testing.T) {
	chain := ethtest.New(t, ethtest.Options{})
	chain.Deploy(at, &counter{})
	_, who := key(t)
	chain.Fund(who, ethtest.Ether(1))
	end, err := ethclient.Dial(chain.Endpoint(t).URL)
	require.NoError(t, err)
	defer end.Close()
	chain.Mine(3)
	tx, err := send(t, end, 0, 4e9)
	require.NoError(t, err)
	chain.Mine(2)
	require.NotNil(t, chain.Receipt(tx))
	chain.Reorg(2, 3)
	require.Nil(t, chain.Receipt(tx))
	require.Zero(t, chain.Nonce(who))
	require.Equal(t, uint64(6), chain.Head().Number.Uint64())
	require.Len(t, chain.Pool(), 1)
	chain.Mine(1)
	require.Equal(t, byte(1), chain.Receipt(tx).Logs[0].Data[0])
}

// The pool replaces a transaction for a tenth more in both fees, and no block takes one below the base fee.
func TestPoolWantsATenthMore(t *testing.T) {
	chain := ethtest.New(t, ethtest.Options{})
	_, who := key(t)
	chain.Fund(who, ethtest.Ether(1))
	end, err := ethclient.Dial(chain.Endpoint(t).URL)
	require.NoError(t, err)
	defer end.Close()
	_, err = send(t, end, 0, 4e9)
	require.NoError(t, err)
	_, err = send(t, end, 0, 4.3e9)
	require.ErrorContains(t, err, "underpriced")
	last, err := send(t, end, 0, 4.4e9)
	require.NoError(t, err)
	chain.SetBaseFee(ethtest.Gwei(50))
	chain.Mine(1)
	require.Nil(t, chain.Receipt(last))
	chain.SetBaseFee(ethtest.Gwei(1))
	chain.Mine(1)
	require.NotNil(t, chain.Receipt(last))
}
