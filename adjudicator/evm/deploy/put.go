package deploy

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/nichework/nwnd/adjudicator/evm/binding"
)

// Chain is what deploying takes of a client, such as ethclient.Client.
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

// ErrMissing says that a contract is not on the chain.
var ErrMissing = errors.New("deploy: the contract is not on the chain")

// Put deploys what isn't on the chain yet, paid for by a key's account, and returns when all of it is. What is
// there is left as it is. The proxy is put first where it is missing, if the chain lets it.
func Put(ctx context.Context, chain Chain, key *ecdsa.PrivateKey, contracts ...Contract) error {
	if err := putProxy(ctx, chain, key); err != nil {
		return err
	}
	if err := Send(ctx, chain, key, contracts...); err != nil {
		return err
	}
	for _, c := range contracts {
		if err := await(ctx, chain, c.Address); err != nil {
			return err
		}
	}
	return nil
}

// Send is Put on a chain that has the proxy, without waiting for blocks.
func Send(ctx context.Context, chain Chain, key *ecdsa.PrivateKey, contracts ...Contract) error {
	for _, c := range contracts {
		if there, err := Present(ctx, chain, c.Address); err != nil || there {
			if err != nil {
				return err
			}
			continue
		}
		if _, err := Transact(ctx, chain, key, binding.Proxy, nil, c.Data); err != nil {
			return err
		}
	}
	return nil
}

// Present says whether there is a contract at an address.
func Present(ctx context.Context, chain Chain, at common.Address) (bool, error) {
	code, err := chain.CodeAt(ctx, at, nil)
	if err != nil {
		return false, fmt.Errorf("deploy: code at %v: %w", at, err)
	}
	return len(code) > 0, nil
}

// putProxy sends the coins that the proxy's transaction costs, and that.
func putProxy(ctx context.Context, chain Chain, key *ecdsa.PrivateKey) error {
	there, err := Present(ctx, chain, binding.Proxy)
	if err != nil || there {
		return err
	}
	has, err := chain.BalanceAt(ctx, binding.ProxyDeployer, nil)
	if err != nil {
		return fmt.Errorf("deploy: %w", err)
	}
	if missing := new(big.Int).Sub(big.NewInt(binding.ProxyCost), has); missing.Sign() > 0 {
		tx, err := Transact(ctx, chain, key, binding.ProxyDeployer, missing, nil)
		if err != nil {
			return err
		}
		if err := Mined(ctx, chain, tx); err != nil {
			return err
		}
	}
	tx := new(types.Transaction)
	if err := tx.UnmarshalBinary(binding.ProxyTransaction); err != nil {
		return fmt.Errorf("deploy: the proxy's transaction: %w", err)
	}
	if err := chain.SendTransaction(ctx, tx); err != nil {
		return fmt.Errorf("deploy: the chain doesn't take the deployment proxy's transaction: %w", err)
	}
	return await(ctx, chain, binding.Proxy)
}

// Transact sends a transaction whose fee may be twice the newest block's.
func Transact(ctx context.Context, chain Chain, key *ecdsa.PrivateKey, to common.Address, value *big.Int, data []byte) (*types.Transaction, error) {
	from := crypto.PubkeyToAddress(key.PublicKey)
	fail := func(err error) (*types.Transaction, error) {
		return nil, fmt.Errorf("deploy: transaction of %v to %v: %w", from, to, err)
	}
	id, err := chain.ChainID(ctx)
	if err != nil {
		return fail(err)
	}
	nonce, err := chain.PendingNonceAt(ctx, from)
	if err != nil {
		return fail(err)
	}
	head, err := chain.HeaderByNumber(ctx, nil)
	if err != nil {
		return fail(err)
	}
	tip, err := chain.SuggestGasTipCap(ctx)
	if err != nil {
		return fail(err)
	}
	gas, err := chain.EstimateGas(ctx, ethereum.CallMsg{From: from, To: &to, Value: value, Data: data})
	if err != nil {
		return fail(err)
	}
	most := new(big.Int).Add(tip, new(big.Int).Lsh(head.BaseFee, 1))
	tx, err := types.SignNewTx(key, types.LatestSignerForChainID(id), &types.DynamicFeeTx{
		ChainID: id, Nonce: nonce, To: &to, Value: value, Data: data,
		Gas: gas + gas/5, GasTipCap: tip, GasFeeCap: most,
	})
	if err != nil {
		return fail(err)
	}
	if err := chain.SendTransaction(ctx, tx); err != nil {
		return fail(err)
	}
	return tx, nil
}

// poll is how often the chain is asked whether a block brought what is waited for.
const poll = 200 * time.Millisecond

// await waits until there is a contract at an address.
func await(ctx context.Context, chain Chain, at common.Address) error {
	return until(ctx, func() (bool, error) { return Present(ctx, chain, at) }, fmt.Errorf("%w: %v", ErrMissing, at))
}

// Mined waits until a transaction is in a block, and is an error if it failed there.
func Mined(ctx context.Context, chain Chain, tx *types.Transaction) error {
	return until(ctx, func() (bool, error) {
		r, err := chain.TransactionReceipt(ctx, tx.Hash())
		if err == nil && r.Status != types.ReceiptStatusSuccessful {
			return false, fmt.Errorf("deploy: transaction %v failed", tx.Hash())
		}
		return err == nil, nil
	}, fmt.Errorf("deploy: transaction %v is in no block", tx.Hash()))
}

// until asks again and again until the answer is yes, or the context ends: then missing is why.
func until(ctx context.Context, ok func() (bool, error), missing error) error {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		if done, err := ok(); err != nil || done {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", missing, ctx.Err())
		case <-tick.C:
		}
	}
}
