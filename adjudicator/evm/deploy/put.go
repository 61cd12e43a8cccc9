package deploy

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/nichework/nwnd/adjudicator/evm/binding"
)

// ErrMissing says that a contract is not on the chain.
var ErrMissing = errors.New("deploy: the contract is not on the chain")

// Put deploys what isn't on the chain yet and returns when all of it is. What is
// there is left as it is. The proxy is put first where it is missing, if the chain lets it.
func (a *Account) Put(ctx context.Context, contracts ...Contract) error {
	if err := a.putProxy(ctx); err != nil {
		return err
	}
	if err := a.Send(ctx, contracts...); err != nil {
		return err
	}
	for _, c := range contracts {
		if err := await(ctx, a.chain, c.Address); err != nil {
			return err
		}
	}
	return nil
}

// Send is Put on a chain that has the proxy, without waiting for blocks.
func (a *Account) Send(ctx context.Context, contracts ...Contract) error {
	for _, c := range contracts {
		there, err := Present(ctx, a.chain, c.Address)
		if err != nil {
			return err
		}
		if there {
			continue
		}
		if _, err := a.Transact(ctx, binding.Proxy, nil, c.Data); err != nil {
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
func (a *Account) putProxy(ctx context.Context) error {
	there, err := Present(ctx, a.chain, binding.Proxy)
	if err != nil || there {
		return err
	}
	has, err := a.chain.BalanceAt(ctx, binding.ProxyDeployer, nil)
	if err != nil {
		return fmt.Errorf("deploy: %w", err)
	}
	if missing := new(big.Int).Sub(big.NewInt(binding.ProxyCost), has); missing.Sign() > 0 {
		tx, err := a.Transact(ctx, binding.ProxyDeployer, missing, nil)
		if err != nil {
			return err
		}
		if err := a.Mined(ctx, tx); err != nil {
			return err
		}
	}
	tx := new(types.Transaction)
	if err := tx.UnmarshalBinary(binding.ProxyTransaction); err != nil {
		return fmt.Errorf("deploy: the proxy's transaction: %w", err)
	}
	if err := a.chain.SendTransaction(ctx, tx); err != nil {
		return fmt.Errorf("deploy: the chain doesn't take the deployment proxy's transaction: %w", err)
	}
	return await(ctx, a.chain, binding.Proxy)
}

// poll is how often the chain is asked whether a block brought what is waited for.
const poll = 200 * time.Millisecond

// await waits until there is a contract at an address.
func await(ctx context.Context, chain Chain, at common.Address) error {
	return until(ctx, func() (bool, error) { return Present(ctx, chain, at) }, fmt.Errorf("%w: %v", ErrMissing, at))
}

// Mined waits until a transaction is in a block, and is an error if it failed there.
func (a *Account) Mined(ctx context.Context, tx *types.Transaction) error {
	return until(ctx, func() (bool, error) {
		r, err := a.chain.TransactionReceipt(ctx, tx.Hash())
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
