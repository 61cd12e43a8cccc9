package node

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm/binding"
	"github.com/nichework/nwnd/adjudicator/evm/deploy"
	"github.com/nichework/nwnd/internal/ethereum"
)

var points = binding.NewLoyaltyPoints()

// CreatePoints deploys a token of this node's account as issuer, through the deterministic deployment
// proxy, and adds it as an asset. With a membership list the adjudicator and the account are on it.
func (n *Node) CreatePoints(ctx context.Context, req CreatePoints) (Asset, error) {
	c, err := n.evmChain(req.Chain)
	if err != nil {
		return Asset{}, err
	}
	if err := checkSymbol(req.Symbol); err != nil {
		return Asset{}, err
	}
	if _, err := n.tokens.named(req.Symbol); err == nil {
		return Asset{}, fmt.Errorf("%w: an asset with symbol %s is known already", ErrDuplicate, req.Symbol)
	}
	var salt [32]byte
	if _, err := rand.Read(salt[:]); err != nil {
		return Asset{}, err
	}
	issuer := c.cfg.Sender.Account()
	made, err := deploy.Points(deploy.Terms{
		Name: req.Name, Symbol: req.Symbol, Decimals: req.Decimals, Issuer: issuer, MembersOnly: req.MembersOnly,
	}, salt)
	if err != nil {
		return Asset{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if _, err := c.do(ctx, ethereum.Call{To: binding.Proxy, Data: made.Data, What: "create points " + req.Symbol}); err != nil {
		return Asset{}, err
	}
	if req.MembersOnly {
		call := ethereum.Call{
			To: made.Address, Own: true, Data: points.PackSetMembers([]common.Address{req.Adjudicator, issuer}, true),
			What: "admit the adjudicator to " + req.Symbol,
		}
		if _, err := c.do(ctx, call); err != nil {
			return Asset{}, err
		}
	}
	return n.AddAsset(ctx, AddAsset{Symbol: req.Symbol, Chain: req.Chain, Adjudicator: req.Adjudicator, Token: made.Address})
}

// IssuePoints makes new points, with a reference of the issuer's own system.
func (n *Node) IssuePoints(ctx context.Context, symbol string, to common.Address, amount *big.Int, reference [32]byte) (common.Hash, error) {
	return n.callPoints(ctx, symbol, amount, fmt.Sprintf("issue %v base units of %s to %v", amount, symbol, to),
		func() []byte { return points.PackIssue(to, amount, reference) })
}

// RedeemPoints burns points of our account, with a reference that the issuer's own system picks up.
func (n *Node) RedeemPoints(ctx context.Context, symbol string, amount *big.Int, reference [32]byte) (common.Hash, error) {
	return n.callPoints(ctx, symbol, amount, fmt.Sprintf("redeem %v base units of %s", amount, symbol),
		func() []byte { return points.PackRedeem(amount, reference) })
}

// SetMember admits somebody to the points, or takes him off the list.
func (n *Node) SetMember(ctx context.Context, symbol string, who common.Address, member bool) (common.Hash, error) {
	return n.callPoints(ctx, symbol, big.NewInt(1), fmt.Sprintf("membership of %v in %s: %v", who, symbol, member),
		func() []byte { return points.PackSetMember(who, member) })
}

func (n *Node) callPoints(ctx context.Context, symbol string, amount *big.Int, what string, data func() []byte) (common.Hash, error) {
	t, err := n.tokens.named(symbol)
	if err != nil {
		return common.Hash{}, err
	}
	if amount == nil || amount.Sign() <= 0 || amount.BitLen() > 128 || t.Token == (common.Address{}) {
		return common.Hash{}, fmt.Errorf("%w: %v base units of %s", ErrInvalid, amount, symbol)
	}
	return t.chain.do(ctx, ethereum.Call{To: t.Token, Own: true, Data: data(), What: what})
}
