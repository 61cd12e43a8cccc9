package node

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/internal/ethereum"
)

// ErrUnusual is why a token isn't taken that takes a fee of each transfer, or whose balances change by themselves: a
// channel could not pay out what it says. It is an ErrInvalid.
var ErrUnusual = fmt.Errorf("%w: an unusual token", ErrInvalid)

// refusal is the error of a token of which something unusual was seen.
func (a *Asset) refusal(seen string) error {
	return fmt.Errorf("%w: %v on %s: %s; allow it with nwcli assets add %s %v %v --allow-unusual",
		ErrUnusual, a.Token, a.Chain, seen, a.Chain, a.Token, a.Adjudicator)
}

// tryToken refuses an unusual token that isn't known yet. One that nobody is known to hold, or that no endpoint can
// try, is tried again before anything is deposited in it (canFund).
func (n *Node) tryToken(ctx context.Context, c *evmChain, a *Asset) error {
	if a.Token == (common.Address{}) {
		return nil
	}
	seen, err := c.rebasing(ctx, a.Token)
	if err == nil && seen == "" {
		seen, err = c.tryHeld(ctx, a)
	}
	if seen != "" {
		return a.refusal(seen)
	}
	return n.untried(a, err)
}

// untried passes over an error that says nothing about a token.
func (n *Node) untried(a *Asset, err error) error {
	if errors.Is(err, ethereum.ErrNoOverrides) {
		n.log.Warn("whether the token takes a fee can't be tried: an endpoint is needed that takes state overrides in eth_call",
			"token", a.Token, "chain", a.Chain, "err", err)
		return nil
	}
	return err
}

// rebasing tells the family of a token whose balances change by themselves.
func (c *evmChain) rebasing(ctx context.Context, token common.Address) (string, error) {
	answers := func(call []byte) bool {
		out, err := c.cfg.Reader.Call(ctx, token, call, common.Hash{})
		return err == nil && len(out) == 32
	}
	if answers(evm.PackNonsense) {
		return "", ctx.Err() // whatever it is asked
	}
	for _, f := range evm.RebasingFamilies() {
		if answers(f.Call) {
			return "its balances change by themselves, like those of " + f.Family, nil
		}
	}
	return "", ctx.Err()
}

// tryHeld tries a token with what our account or the adjudicator has of it; "" also if neither has any.
func (c *evmChain) tryHeld(ctx context.Context, a *Asset) (string, error) {
	ours, err := c.tokenBalance(ctx, a.Token, c.cfg.Sender.Account())
	if err != nil {
		return "", err
	}
	kept, err := c.tokenBalance(ctx, a.Token, a.Adjudicator)
	if err != nil {
		return "", err
	}
	amount, held := ours, kept.Cmp(ours) > 0 // a share of little may be nothing
	if held {
		amount = kept
	}
	seen, moved, err := c.try(ctx, a, amount, held)
	if err == nil && !moved { // some tokens bound what a transfer may move
		seen, _, err = c.try(ctx, a, new(big.Int).Div(amount, big.NewInt(1000)), held)
	}
	return seen, err
}

// try has base units moved into the adjudicator and out again, in a call that nothing is left of, and tells what is
// unusual; moved is false if the token refused.
func (c *evmChain) try(ctx context.Context, a *Asset, amount *big.Int, held bool) (seen string, moved bool, err error) {
	account := c.cfg.Sender.Account()
	if amount.Sign() <= 0 || account == (common.Address{}) {
		return "", true, nil
	}
	ctx, cancel := context.WithTimeout(ctx, gasPatience)
	defer cancel()
	code := map[common.Address][]byte{account: evm.ProbeCode(), a.Adjudicator: evm.ProbeCode()}
	out, err := c.cfg.Reader.CallWith(ctx, a.Adjudicator, evm.PackProbe(a.Token, account, amount, held), code)
	var revert *ethereum.Revert
	if errors.As(err, &revert) { // it takes more gas than a call may have, say
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	deposit, payout, err := evm.UnpackProbe(out)
	if err != nil {
		return "", false, err
	}
	if held {
		return oddMoves(amount, payout, deposit), payout.Done, nil
	}
	return oddMoves(amount, deposit, payout), deposit.Done, nil
}

// oddMoves tells what is unusual about a move of so much and one of what arrived by it, "" if nothing is.
func oddMoves(amount *big.Int, first, second evm.Moved) string {
	if !first.Done {
		return "" // its transfers are stopped, or bounded: that says nothing
	}
	if seen := oddMove(amount, first); seen != "" || !second.Done {
		return seen
	}
	return oddMove(first.Arrived, second)
}

func oddMove(amount *big.Int, m evm.Moved) string {
	switch {
	case m.Arrived.Cmp(amount) != 0:
		return fmt.Sprintf("it takes a fee or changes balances: sent %v base units, %v arrived", amount, m.Arrived)
	case m.Taken.Cmp(amount) != 0:
		return fmt.Sprintf("it takes a fee or changes balances: sent %v base units, it took %v", amount, m.Taken)
	}
	return ""
}

// tryDeposit refuses to deposit so much of a token that the adjudicator wouldn't be given all of.
func (n *Node) tryDeposit(ctx context.Context, t *token, amount *big.Int) error {
	if err := t.barred(); err != nil {
		return err
	}
	if t.Token == (common.Address{}) || t.oddity().allowed {
		return nil
	}
	seen, _, err := t.chain.try(ctx, &t.Asset, amount, false)
	if seen != "" {
		return t.refusal(seen)
	}
	return n.untried(&t.Asset, err)
}
