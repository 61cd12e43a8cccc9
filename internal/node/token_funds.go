package node

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// base is an amount of units in base units of the token.
func (t *token) base(units uint64) *big.Int {
	v := new(big.Int).SetUint64(units)
	return v.Mul(v, t.scale())
}

// scale is what one unit is worth in base units.
func (t *token) scale() *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(t.UnitExponent())), nil)
}

// held is what our account has of a token, in base units.
func (t *token) held(ctx context.Context) (*big.Int, error) {
	account := t.chain.cfg.Sender.Account()
	if t.Token == (common.Address{}) {
		return t.chain.cfg.Reader.Balance(ctx, account)
	}
	return t.chain.tokenBalance(ctx, t.Token, account)
}

func (c *evmChain) tokenBalance(ctx context.Context, token, who common.Address) (*big.Int, error) {
	out, err := c.cfg.Reader.Call(ctx, token, evm.PackBalanceOf(who), common.Hash{})
	if err != nil {
		return nil, fmt.Errorf("node: balance of token %v on %s can't be read: %w", token, c.cfg.Name, err)
	}
	return evm.UnpackUint(out)
}

// canFund refuses a deposit that our account can't make, or a channel for whose end there is no gas.
func (n *Node) canFund(ctx context.Context, t *token, units uint64) error {
	if v := t.times(); v.stale != "" {
		return fmt.Errorf("%w: %s", ErrNotReady, v.stale)
	}
	have, err := t.held(ctx)
	if err != nil {
		return err
	}
	promised := n.promised(t)
	if need := t.base(units); have.Cmp(new(big.Int).Add(need, promised)) < 0 {
		return fmt.Errorf("%w: the account %v has %v base units of %s, needs %v, and %v for deposits that are on their way",
			ErrInsufficientFunds, t.chain.cfg.Sender.Account(), have, t.Symbol, need, promised)
	}
	if err := n.tryDeposit(ctx, t, t.base(units)); err != nil {
		return err
	}
	return n.gasFor(t, 1)
}
