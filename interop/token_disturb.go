package main

import (
	"context"
	"fmt"
	"io/fs"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// tokenDisturbance is what befalls a court of tokens before each block.
type tokenDisturbance func(context.Context, *tokenCourt) error

// state is how far the ends are, as far as somebody who wants to disturb them cares.
func (c *tokenCourt) state(ctx context.Context) (string, error) {
	s := ""
	for _, end := range c.nodes {
		if !end.Running() {
			continue
		}
		ch, err := end.TokenChannel(ctx, c.id)
		if err != nil {
			return "", err
		}
		s += fmt.Sprint(ch.State, ch.Ending, ch.UndecidedHtlcs, ch.Deadline != 0, ch.RecoveredMilli, "; ")
	}
	return s, nil
}

// fresh tells whether the ends are further than they ever were.
func (c *tokenCourt) fresh(ctx context.Context) (bool, error) {
	s, err := c.state(ctx)
	if err != nil || c.seen[s] {
		return false, err
	}
	c.seen[s] = true
	return true, nil
}

// tokenReorg replaces the last so many blocks by one more without transactions, once each time that something has
// happened in them. What was in them waits for another block, or is lost, if so asked, so that all has to be sent again.
func tokenReorg(blocks int, lose bool) tokenDisturbance {
	return func(ctx context.Context, c *tokenCourt) error {
		if fresh, err := c.fresh(ctx); err != nil || !fresh {
			return err
		}
		if err := c.evm.Reorg(blocks); err != nil {
			return err
		}
		if lose {
			if err := c.evm.Forget(); err != nil {
				return err
			}
		}
		return c.read(ctx)
	}
}

// endpointAway shuts the only way to the chain, once each time that something has happened. Two blocks are made
// meanwhile, of which nodes hear later.
func endpointAway(ctx context.Context, c *tokenCourt) error {
	if fresh, err := c.fresh(ctx); err != nil || !fresh {
		return err
	}
	c.doors[0].shut(true)
	err := c.evm.Mine(2)
	c.doors[0].shut(false)
	if err != nil {
		return err
	}
	return c.read(ctx)
}

// endpointLies has the way that nodes prefer lie, once and for good.
func endpointLies(_ context.Context, c *tokenCourt) error {
	c.doors[0].lie()
	return nil
}

// gasRise is the factor.
const gasRise = 50

// gasRises makes gas dear and keeps it so.
func gasRises(ctx context.Context, c *tokenCourt) error {
	if c.dear == nil {
		calm, err := c.evm.GasPrice(ctx)
		if err != nil {
			return err
		}
		c.dear = calm.Mul(calm, big.NewInt(gasRise))
		fmt.Fprintf(c.out, "     gas rises to %v wei\n", c.dear)
	}
	if err := c.evm.Crowd(ctx, c.dear); err != nil {
		return err
	}
	return c.read(ctx)
}

const (
	mostWrites  = 6                      // of a node behind a block, of which one is the last
	writeSoon   = 400 * time.Millisecond // so long for each of them
	mostMicros  = 3000                   // between a write and death
	storeFile   = "nwnd.db"
	writePoll   = 200 * time.Microsecond
	seedOfKills = "NWND_SEED"
)

// killAtWrites makes a block and ends both nodes by SIGKILL while they work on it: each a moment after the first to
// sixth write of its database, or soon if there are fewer. Which is random; the seed is printed, and NWND_SEED sets it.
func killAtWrites(ctx context.Context, c *tokenCourt) error {
	if c.chance == nil {
		seed, err := strconv.ParseUint(os.Getenv(seedOfKills), 10, 64)
		if err != nil {
			seed = rand.Uint64()
		}
		fmt.Fprintf(c.out, "     kills: %s=%d\n", seedOfKills, seed)
		c.chance = rand.New(rand.NewPCG(seed, 0))
	}
	var ends []func() error
	for _, n := range c.nodes {
		store, err := storeOf(n)
		if err != nil {
			return err
		}
		count, rest := 1+c.chance.IntN(mostWrites), time.Duration(c.chance.IntN(mostMicros))*time.Microsecond
		written := watch(store)
		ends = append(ends, func() error {
			for range count {
				written(ctx)
			}
			time.Sleep(rest)
			return n.Kill()
		})
	}
	if err := c.evm.Mine(1); err != nil {
		return err
	}
	if err := inParallel(ends...); err != nil {
		return err
	}
	if err := c.net.StartAll(ctx); err != nil {
		return err
	}
	return c.read(ctx)
}

// storeOf finds a node's database.
func storeOf(n *daemon.Node) (path string, err error) {
	err = filepath.WalkDir(n.DataDir(), func(p string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Base(p) == storeFile {
			path = p
			return fs.SkipAll
		}
		return err
	})
	if err == nil && path == "" {
		err = fmt.Errorf("%s keeps no %s below %s", n.Name, storeFile, n.DataDir())
	}
	return path, err
}

// watch gives a function that waits until a file is written to again, or for long enough.
func watch(path string) func(context.Context) {
	last := written(path)
	return func(ctx context.Context) {
		for began := time.Now(); time.Since(began) < writeSoon && ctx.Err() == nil; time.Sleep(writePoll) {
			if at := written(path); !at.Equal(last) {
				last = at
				return
			}
		}
	}
}

func written(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}
