package main

import "context"

// disturbance is what befalls a court before each block.
type disturbance func(context.Context, *court) error

// deepest is the deepest reorganisation here, in blocks.
const deepest = 30

// reorg replaces the last so many blocks by one more, at each step: whenever as many outputs of either stage are
// left as never before. btcd starts anew in between: its mempool would keep
// transactions whose locks have become unfinished, with which it can't mine. So all have to be sent again, for which
// wallets need the connection that they get back seconds later: a reorganisation at each block would let none of it be mined.
func reorg(blocks int) disturbance {
	return func(ctx context.Context, c *court) error {
		if again, err := c.stepSeen(ctx); again || err != nil {
			return err
		}
		height, _, err := c.net.Chain.Best()
		if err != nil {
			return err
		}
		first, err := c.net.BlockHash(int64(height) - int64(blocks) + 1)
		if err != nil {
			return err
		}
		if err := c.net.Chain.Invalidate(first); err != nil {
			return err
		}
		if err := c.net.Chain.Restart(context.WithoutCancel(ctx)); err != nil {
			return err
		}
		return c.net.Mine(ctx, blocks+1)
	}
}

// stepSeen tells whether as many outputs of each stage were left before.
func (c *court) stepSeen(ctx context.Context) (bool, error) {
	left, err := c.net.Untaken(ctx, c.Point)
	if err != nil {
		return false, err
	}
	var step [2]int
	for _, o := range left {
		if o.Staged {
			step[1]++
		} else {
			step[0]++
		}
	}
	again := c.steps[step]
	if c.steps == nil {
		c.steps = make(map[[2]int]bool)
	}
	c.steps[step] = true
	return again, nil
}

// kill ends both nodes by SIGKILL as soon as a block was mined, while they look at it.
func kill(ctx context.Context, c *court) error {
	if _, err := c.net.Chain.Mine(1); err != nil {
		return err
	}
	for _, n := range c.nodes {
		if err := n.Kill(); err != nil {
			return err
		}
	}
	return c.net.StartAll(ctx)
}

// backendAway restarts btcd under the nodes before every fourth block: its mempool is lost, and the nodes need
// some blocks without that to get anything into one. Other scenarios need btcd after this one.
func backendAway(ctx context.Context, c *court) error {
	if c.blocks++; c.blocks%4 != 1 {
		return nil
	}
	return c.net.Chain.Restart(context.WithoutCancel(ctx))
}

// feesRise raises what transactions cost, once, and gives the nodes the time to hear of it.
func feesRise(ctx context.Context, c *court) error {
	if c.dear {
		return nil
	}
	c.dear = true
	return c.fees.SetAndTell(ctx, feeRise*calm, len(c.nodes))
}

// dearly has the HTLCs of a scenario be worth taking after that.
func dearly(run func(context.Context, *world) error) func(context.Context, *world) error {
	return func(ctx context.Context, w *world) error {
		w.held = 90_000
		return run(ctx, w)
	}
}

// feeRise is the factor.
const feeRise = 50
