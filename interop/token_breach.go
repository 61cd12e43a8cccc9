package main

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// tokenBreach is a channel in a token whose one end posts a state that it has revoked, out of an honest but old copy of
// its files, while the other end is down.
type tokenBreach struct {
	*tokenCourt
	cheater, victim *daemon.Node
}

// cheating is how far a cheater goes before its victim is up again.
type cheating int

const (
	posted        cheating = iota // its revoked state is in a block
	staged                        // and so are the claims of all preimages that it has
	stagedAndGone                 // and buried; then it ends, so that the victim can't tell it that its files are old
)

// tokensBreach has one node cheat with a state that is so many states old. Something may happen before each block once
// its victim is up again.
func tokensBreach(symbol string, cheater, states int, how cheating, disturb tokenDisturbance) func(context.Context, *world) error {
	return func(ctx context.Context, w *world) error {
		c, err := w.openTokenCourt(ctx, symbol)
		if err != nil {
			return err
		}
		b := &tokenBreach{tokenCourt: c, cheater: w.nodes[cheater], victim: w.nodes[1-cheater]}
		if err := b.fly(ctx, breachHTLCs, everyOther); err != nil {
			return err
		}
		if err := b.copy(ctx); err != nil {
			return err
		}
		if err := b.goOn(ctx, states); err != nil {
			return err
		}
		if err := b.ready(ctx, disturb); err != nil {
			return err
		}
		if err := b.cheat(ctx, how); err != nil {
			return err
		}
		if err := b.victim.Start(ctx); err != nil {
			return err
		}
		b.disturb = disturb
		all := map[*daemon.Node]*big.Int{b.cheater: new(big.Int), b.victim: b.base(tokenCapacity * 1000)}
		if err := b.take(ctx, false, b.punished); err != nil {
			return err
		}
		if err := b.net.StartAll(ctx); err != nil {
			return err
		}
		if err := b.take(ctx, true, b.closed); err != nil {
			return err
		}
		return b.judge(ctx, all)
	}
}

// copy copies the cheater's files while it is down, with the HTLCs in them.
func (b *tokenBreach) copy(ctx context.Context) error {
	if err := b.cheater.Stop(ctx); err != nil {
		return err
	}
	if err := b.cheater.CopyData(); err != nil {
		return err
	}
	if err := b.cheater.Start(ctx); err != nil {
		return err
	}
	if err := b.usable(ctx); err != nil {
		return err
	}
	return b.pending(ctx, 2*breachHTLCs)
}

// goOn resolves the HTLCs and then pays until the state that was copied is so many states old.
func (b *tokenBreach) goOn(ctx context.Context, states int) error {
	before, err := b.cheater.TokenChannel(ctx, b.id)
	if err != nil {
		return err
	}
	for _, f := range b.flights {
		if f.settle {
			err = f.to.SettleTokenHold(ctx, f.preimage)
		} else {
			err = f.to.CancelTokenHold(ctx, f.hash)
		}
		if err != nil {
			return err
		}
	}
	if err := b.ended(ctx); err != nil {
		return err
	}
	for i := 0; ; i++ {
		now, err := b.cheater.TokenChannel(ctx, b.id)
		if err != nil {
			return err
		}
		if now.NumUpdates >= before.NumUpdates+uint64(states) && len(now.Htlcs) == 0 {
			return nil
		}
		inv, err := b.nodes[1-i%2].TokenInvoice(ctx, b.token.Symbol, 1_000_000)
		if err != nil {
			return err
		}
		if _, err := b.nodes[i%2].PayToken(ctx, inv.PaymentRequest, 0); err != nil {
			return err
		}
	}
}

// cheat stops both, and has the cheater post what the copy takes for its newest state.
func (b *tokenBreach) cheat(ctx context.Context, how cheating) error {
	for _, n := range b.nodes {
		if err := n.Stop(ctx); err != nil {
			return err
		}
	}
	if err := b.cheater.RestoreData(); err != nil {
		return err
	}
	if err := b.cheater.Start(ctx); err != nil {
		return err
	}
	short, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	if _, err := b.cheater.EVMAccounts(short); err != nil {
		return err
	}
	if err := b.force(ctx, b.cheater); err != nil || how == posted {
		return err
	}
	if err := b.stage(ctx); err != nil || how == staged {
		return err
	}
	// Without the revoked state on chain the victim would post its own, and have what that gives it.
	return errors.Join(b.mine(ctx, deepest), b.cheater.Stop(ctx))
}

// stage mines until the cheater has taken the HTLCs whose preimages it has.
func (b *tokenBreach) stage(ctx context.Context) error {
	left := len(b.flights)
	for _, f := range b.flights {
		if f.to == b.cheater && f.settle {
			left--
			if err := b.cheater.SettleTokenHold(ctx, f.preimage); err != nil {
				return err
			}
		}
	}
	return b.take(ctx, false, func(ctx context.Context) error {
		ch, err := b.cheater.TokenChannel(ctx, b.id)
		if err == nil && int(ch.UndecidedHtlcs) > left {
			err = fmt.Errorf("%d HTLCs are undecided, the cheater can take all but %d", ch.UndecidedHtlcs, left)
		}
		return err
	})
}

// punished says whether the victim has all that was in the channel, by the chain's own word.
func (b *tokenBreach) punished(ctx context.Context) error {
	want := b.base(tokenFunds * 1000)
	if b.victim == b.to {
		want.Add(want, b.base(tokenCapacity*1000))
	}
	have, err := b.evm.BalanceOf(ctx, b.token, b.accounts[b.victim][0])
	if err == nil && have.Cmp(want) != 0 {
		err = fmt.Errorf("%s has %v base units on chain, all of the channel would make it %v", b.victim.Name, have, want)
	}
	return err
}
