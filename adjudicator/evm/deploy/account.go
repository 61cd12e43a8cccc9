package deploy

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"math/big"
	"sync"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
)

// Chain is what an account takes of a client, such as ethclient.Client.
type Chain interface {
	ethereum.ChainIDReader
	ethereum.ChainReader
	ethereum.ChainStateReader
	ethereum.GasEstimator
	ethereum.GasPricer1559
	ethereum.PendingStateReader
	ethereum.TransactionSender
	ethereum.TransactionReader
}

// Account sends transactions of a key that nobody else uses meanwhile. It is for tools: nothing
// that gets stuck is replaced. It is safe for concurrent use.
type Account struct {
	chain Chain
	key   *ecdsa.PrivateKey

	mu   sync.Mutex
	next uint64 // nonce; a node counts what it was just sent a moment later
}

// NewAccount is the account of a key on a chain.
func NewAccount(chain Chain, key *ecdsa.PrivateKey) *Account { return &Account{chain: chain, key: key} }

// Address is whose coins it spends.
func (a *Account) Address() common.Address { return crypto.PubkeyToAddress(a.key.PublicKey) }

// Transact sends a transaction whose fee may be twice the newest block's, and doesn't wait for it. A call that
// would revert now is an error.
func (a *Account) Transact(ctx context.Context, to common.Address, value *big.Int, data []byte) (*types.Transaction, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	tx, err := a.fill(ctx, to, value, data)
	if err == nil {
		err = a.chain.SendTransaction(ctx, tx)
	}
	if err != nil {
		return nil, fmt.Errorf("deploy: transaction of %v to %v: %w", a.Address(), to, err)
	}
	a.next = tx.Nonce() + 1
	return tx, nil
}

// fill makes and signs a transaction.
func (a *Account) fill(ctx context.Context, to common.Address, value *big.Int, data []byte) (*types.Transaction, error) {
	id, err := a.chain.ChainID(ctx)
	if err != nil {
		return nil, err
	}
	nonce, err := a.chain.PendingNonceAt(ctx, a.Address())
	if err != nil {
		return nil, err
	}
	head, err := a.chain.HeaderByNumber(ctx, nil)
	if err != nil {
		return nil, err
	}
	tip, err := a.chain.SuggestGasTipCap(ctx)
	if err != nil {
		return nil, err
	}
	gas, err := a.chain.EstimateGas(ctx, ethereum.CallMsg{From: a.Address(), To: &to, Value: value, Data: data})
	if err != nil {
		return nil, err
	}
	most := new(big.Int).Set(tip)
	if head.BaseFee != nil {
		most.Add(most, new(big.Int).Lsh(head.BaseFee, 1))
	}
	return types.SignNewTx(a.key, types.LatestSignerForChainID(id), &types.DynamicFeeTx{
		ChainID: id, Nonce: max(nonce, a.next), To: &to, Value: value, Data: data,
		Gas: gas + gas/5, GasTipCap: tip, GasFeeCap: most,
	})
}
