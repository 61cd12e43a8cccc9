package node

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/internal/chain"
)

// sampled tells which of many cases to run: one in so many, beginning at a random one, or all
// with NWND_LONG=1. NWND_SEED repeats a choice.
func sampled(t *testing.T, oneIn int) func(i int) bool {
	if os.Getenv("NWND_LONG") != "" {
		return func(int) bool { return true }
	}
	seed := rand.Uint64()
	if s := os.Getenv("NWND_SEED"); s != "" {
		var err error
		seed, err = strconv.ParseUint(s, 10, 64)
		require.NoError(t, err)
	}
	t.Logf("one case in %d; again: NWND_SEED=%d go test ./internal/node -run '^%s$'", oneIn, seed, t.Name())
	first := int(seed % uint64(oneIn))
	return func(i int) bool { return i%oneIn == first }
}

// ordealSteps is how many blocks an ordeal takes, about.
const ordealSteps = 50

// Whatever a reorganisation undoes, of the commitment, the claims, the punishment, is done again
// (attack 21: LDK took a reorganisation to another commitment for something else, and panicked).
func TestReorganisationsAtEveryStepLoseNothing(t *testing.T) {
	run, i := sampled(t, 60), -1
	for _, e := range ordealEndings {
		for _, depth := range []int{1, 6, 30} {
			for _, keeps := range []bool{true, false} {
				for at := range ordealSteps {
					if i++; !run(i) {
						continue
					}
					t.Run(fmt.Sprintf("%s/%d deep/keeps=%v/after block %d", e.name, depth, keeps, at), func(t *testing.T) {
						reorganised(t, e.ending, depth, at, keeps)
					})
				}
			}
		}
	}
}

func reorganised(t *testing.T, ending adjudicator.Ending, depth, at int, keeps bool) {
	o := beginOrdeal(t, ending)
	o.least = at + 1 // after its end too
	o.run(func(step int) {
		if step != at {
			return
		}
		if keeps {
			o.n.chain.ReorgKeeping(depth)
		} else {
			o.n.chain.Reorg(depth)
		}
		height := adjudicator.Height(o.n.heightNow())
		o.n.eventually("the court is at the tip", func() bool { return o.bob.court.Height() >= height })
	})
}

// The node dies at each of its commits in turn, before it or just after it, and goes on.
func TestDyingAtEveryCommitOnChainLosesNothing(t *testing.T) {
	run, i := sampled(t, 20), -1
	for _, e := range ordealEndings {
		for _, outcome := range []dbtest.Outcome{dbtest.Lost, dbtest.Kept} {
			hit := true
			for at := 0; hit; at++ {
				if i++; !run(i) {
					hit = at < 100 // more than there are
					continue
				}
				t.Run(fmt.Sprintf("%s/outcome=%d/commit %d", e.name, outcome, at), func(t *testing.T) {
					hit = dyingOnChain(t, e.ending, at, outcome)
				})
			}
		}
	}
}

// dyingOnChain is false if the node had no such commit.
func dyingOnChain(t *testing.T, ending adjudicator.Ending, at int, outcome dbtest.Outcome) (hit bool) {
	o := beginOrdeal(t, ending)
	o.mallory.lossy = true
	o.bob.disk.FailAt(at, outcome)
	o.dies = func() bool { return o.bob.db.Err() != nil && !hit }
	o.raised = func() {
		hit = true
		o.bob.restart()
		o.n.eventually("bob knows his channels", func() bool { return o.trudy.driver() != nil && o.mallory.driver() != nil })
		o.mallory.reconnected()
	}
	o.run(nil)
	o.bob.disk.FailAt(-1_000_000, outcome)
	return hit
}

// The chain's backend is away at a step, for some blocks.
func TestBackendThatGoesAwayLosesNothing(t *testing.T) {
	run, i := sampled(t, 10), -1
	for _, e := range ordealEndings {
		for at := range ordealSteps {
			if i++; !run(i) {
				continue
			}
			t.Run(fmt.Sprintf("%s/after block %d", e.name, at), func(t *testing.T) {
				o := beginOrdeal(t, e.ending)
				o.run(func(step int) {
					switch step {
					case at:
						o.n.chain.SetAway(true)
						o.away = true
					case at + 4:
						o.n.chain.SetAway(false)
						o.away = false
						o.n.chain.Mine()
					}
				})
			})
		}
	}
}

// Fees rise fifty-fold while claims wait: everything that is worth it is taken nevertheless.
func TestFeesThatRiseFiftyfoldLoseNothing(t *testing.T) {
	for _, e := range ordealEndings {
		for _, at := range []int{0, 1, 5, 20, ordealDelay, ordealExpiry, 30} {
			t.Run(fmt.Sprintf("%s/after block %d", e.name, at), func(t *testing.T) {
				o := beginOrdeal(t, e.ending)
				o.run(func(step int) {
					if step == at {
						o.n.chain.SetFee(50 * chain.SatPerKWeight(1000))
					}
				})
			})
		}
	}
}

// What a reorganisation drops for good, nobody else publishes again: our commitment, our claims,
// our punishment.
func TestAttack21WhatAReorganisationDropsIsPublishedAgain(t *testing.T) {
	for _, c := range []struct {
		name   string
		ending adjudicator.Ending
		after  int
	}{
		{"our commitment", adjudicator.Local, 3},
		{"our claims", adjudicator.Local, ordealExpiry + 3},
		{"claims on the peer's", adjudicator.Remote, ordealExpiry + 3},
		{"punishment", adjudicator.Revoked, 4},
		{"all of it", adjudicator.Revoked, 12},
	} {
		t.Run(c.name, func(t *testing.T) { reorganised(t, c.ending, 6, c.after, false) })
	}
}
