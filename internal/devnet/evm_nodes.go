package devnet

import (
	"context"
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// What every node's first account on the EVM chain starts with; the others get the ether only.
const (
	etherEach  = 10
	tokensEach = 10_000
)

// FundEVM gives nodes ether on the EVM chain, and waits until they see it.
func (n *Net) FundEVM(ctx context.Context, nodes ...*daemon.Node) error {
	for _, node := range nodes {
		accounts, err := node.EVMAccounts(ctx)
		if err != nil {
			return err
		}
		if err := n.EVM.Fund(ctx, etherEach, accounts...); err != nil {
			return err
		}
	}
	return nil
}

// GiveTokens makes the chain's coin and the first tokens known to nodes and gives them some of each token.
func (n *Net) GiveTokens(ctx context.Context, nodes ...*daemon.Node) error {
	var holders []common.Address
	for _, node := range nodes {
		accounts, err := node.EVMAccounts(ctx)
		if err != nil {
			return err
		}
		holders = append(holders, accounts[0])
		for _, t := range append([]Token{{}}, n.EVM.Tokens...) {
			if _, err := node.AddAsset(ctx, EVMName, n.EVM.Adjudicator, t.Address); err != nil {
				return err
			}
		}
	}
	for _, t := range n.EVM.Tokens {
		if err := n.EVM.Issue(ctx, t, t.Whole(tokensEach), holders...); err != nil {
			return err
		}
	}
	return nil
}

// Whole is so many tokens in base units.
func (t Token) Whole(tokens int64) *big.Int {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(t.Decimals)), nil)
	return scale.Mul(scale, big.NewInt(tokens))
}
