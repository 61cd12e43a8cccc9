package main

import (
	"context"
	"fmt"

	"github.com/nichework/nwnd/internal/devnet/proc"
)

// tokenScenarios are channels in tokens that go on chain, between nwnds. They need no lnd.
var tokenScenarios = []scenario{
	{"tokens-force-20", false, []string{"N1", "N2"}, tokensForce("USDX", 0, 20, nil), onDev},
	{"tokens-force-killed", true, []string{"N1", "N2"}, tokensForce("MILES", 1, 4, killAtWrites), onDev},
	{"tokens-force-reorg-1", false, []string{"N1", "N2"}, tokensForce("GOLD", 1, 4, tokenReorg(1, true)), onDev},
	{"tokens-force-reorg-6", false, []string{"N1", "N2"}, tokensForce("USDX", 0, 4, tokenReorg(6, true)), onEthereum},
	{"tokens-force-reorg-30", false, []string{"N1", "N2"}, tokensForce("MILES", 1, 4, tokenReorg(30, true)), onEthereum},
	{"tokens-force-endpoint-away", false, []string{"N1", "N2"}, tokensForce("GOLD", 0, 4, endpointAway), onDev},
	{"tokens-force-lying-endpoint", false, []string{"N1", "N2"}, tokensForce("USDX", 1, 4, endpointLies), onDevBy3},
	{"tokens-force-gas-rises", false, []string{"N1", "N2"}, tokensForce("GOLD", 1, 4, gasRises), onDev},
	{"tokens-force-outage", false, []string{"N1", "N2"}, tokensOutage("USDX", 1, 4), onDev},
	{"tokens-breach-10", false, []string{"N1", "N2"}, tokensBreach("USDX", 1, 10, posted, nil), onDev},
	{"tokens-breach-killed", false, []string{"N1", "N2"}, tokensBreach("GOLD", 0, 10, staged, killAtWrites), onDev},
	{"tokens-breach-reorg-6", false, []string{"N1", "N2"}, tokensBreach("MILES", 1, 10, stagedAndGone, tokenReorg(6, false)), onEthereum},
}

// tokensForce closes a channel in a token from one side alone, with HTLCs in flight each way. Those to be settled are
// settled when the commitment is in a block, the others expire. Something may happen before each block from then on.
func tokensForce(symbol string, closer, count int, disturb tokenDisturbance) func(context.Context, *world) error {
	return func(ctx context.Context, w *world) error {
		c, err := w.openTokenCourt(ctx, symbol)
		if err != nil {
			return err
		}
		if err := c.fly(ctx, count, everyOther); err != nil {
			return err
		}
		if err := c.ready(ctx, disturb); err != nil {
			return err
		}
		if err := c.force(ctx, w.nodes[closer]); err != nil {
			return err
		}
		c.disturb = disturb
		if err := c.settle(ctx); err != nil {
			return err
		}
		if err := c.take(ctx, true, c.closed); err != nil {
			return err
		}
		if err := c.ended(ctx); err != nil {
			return err
		}
		return c.judge(ctx, c.shares())
	}
}

// ready buries what reorganisations must not undo, if something is to happen.
func (c *tokenCourt) ready(ctx context.Context, disturb tokenDisturbance) error {
	if disturb == nil {
		return nil
	}
	return c.mine(ctx, int(c.depth()))
}

// tokensOutage closes a channel from one side alone, gives the preimages when it is nearly too late, and has the chain
// make no block from then on for as long as its profile wants nodes to survive.
func tokensOutage(symbol string, closer, count int) func(context.Context, *world) error {
	return func(ctx context.Context, w *world) error {
		c, err := w.openTokenCourt(ctx, symbol)
		if err != nil {
			return err
		}
		if err := c.fly(ctx, count, everyOther); err != nil {
			return err
		}
		if err := c.force(ctx, w.nodes[closer]); err != nil {
			return err
		}
		if err := c.revealLate(ctx); err != nil {
			return err
		}
		if err := c.take(ctx, true, c.closed); err != nil {
			return err
		}
		if err := c.ended(ctx); err != nil {
			return err
		}
		return c.judge(ctx, c.shares())
	}
}

// lateSeconds is how long before it is too late preimages are given.
const lateSeconds = 5

// revealLate gives the preimages as late as they are taken, and makes the next block an outage later.
func (c *tokenCourt) revealLate(ctx context.Context) error {
	first := c.flights[0].expiry
	for _, f := range c.flights {
		first = min(first, f.expiry)
	}
	p := &c.profile
	if err := c.warp(ctx, first-int64(p.Margin()+p.Polling)-lateSeconds); err != nil {
		return err
	}
	if err := c.reveal(ctx); err != nil {
		return err
	}
	if err := c.bothWait(ctx); err != nil {
		return err
	}
	if err := c.warp(ctx, int64(c.evm.Head().Time)+int64(p.Outage)); err != nil {
		return err
	}
	return c.take(ctx, false, c.settled)
}

// bothWait waits until each end has claims that wait for a block.
func (c *tokenCourt) bothWait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	return proc.Await(ctx, "claims of both ends", func(ctx context.Context) error {
		for _, n := range c.nodes {
			waiting := uint64(0)
			for _, a := range c.accounts[n] {
				mined, err := c.evm.Client().NonceAt(ctx, a, nil)
				if err != nil {
					return err
				}
				sent, err := c.evm.Client().PendingNonceAt(ctx, a)
				if err != nil {
					return err
				}
				waiting += sent - mined
			}
			if waiting == 0 {
				return fmt.Errorf("%s has sent nothing", n.Name)
			}
		}
		return nil
	})
}
