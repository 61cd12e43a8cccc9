package contract

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
)

// eachEnding runs an ordeal for each ending and each of its steps: one in four, beginning at a random
// one, or all with NWND_LONG=1. NWND_SEED repeats a choice.
func eachEnding(t *testing.T, each func(t *testing.T, o *ordeal, at int)) {
	first, stride := sample(t)
	for _, ending := range ordealEndings {
		t.Run(ending.String(), func(t *testing.T) {
			for at := first; ; at += stride {
				o := newOrdeal(t, ending)
				each(t, o, at)
				if o.steps <= at || t.Failed() {
					return
				}
			}
		})
	}
}

func sample(t *testing.T) (first, stride int) {
	t.Helper()
	if os.Getenv("NWND_LONG") != "" {
		return 0, 1
	}
	seed := rand.Uint64()
	if s := os.Getenv("NWND_SEED"); s != "" {
		var err error
		seed, err = strconv.ParseUint(s, 10, 64)
		require.NoError(t, err)
	}
	test, _, _ := strings.Cut(t.Name(), "/")
	t.Logf("one step in 4; again: NWND_SEED=%d go test ./internal/enforce/contract -run '^%s$'", seed, test)
	return int(seed % 4), 4
}

// Whatever a reorganisation undoes, of the close, the claims, the punishment, is done again.
func TestReorganisationsAtEveryStepLoseNothing(t *testing.T) {
	for depth := 1; depth <= finalDepth; depth++ {
		for _, keeps := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d deep/keeps=%v", depth, keeps), func(t *testing.T) {
				eachEnding(t, func(_ *testing.T, o *ordeal, at int) {
					o.more = !keeps
					o.run(func(step int) {
						if step == at {
							o.chain.reorg(depth, keeps)
							o.pump()
						}
					})
				})
			})
		}
	}
}

// A block's worth of transactions is undone again and again.
func TestAttack48AReorganisationAtEachBlockLosesNothing(t *testing.T) {
	for _, ending := range ordealEndings {
		t.Run(ending.String(), func(t *testing.T) {
			o := newOrdeal(t, ending)
			o.run(func(step int) {
				o.chain.reorg(1, step%3 == 0)
				o.pump()
			})
		})
	}
}

// The node dies at each of its writes in turn, before it or just after it, and goes on.
func TestDyingAtEveryWriteLosesNothing(t *testing.T) {
	for _, ending := range ordealEndings {
		for _, kept := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v/kept=%v", ending, kept), func(t *testing.T) {
				for at := 0; ; at++ {
					o := newOrdeal(t, ending)
					first := o.bob.disk.writes
					o.bob.disk.failAt, o.bob.disk.kept = first+at, kept
					o.run(nil)
					if o.bob.disk.writes <= first+at {
						t.Logf("%d writes", at)
						return
					}
				}
			})
		}
	}
}

// The node is killed at each step, and at each step again.
func TestKilledAtEveryStepLosesNothing(t *testing.T) {
	eachEnding(t, func(_ *testing.T, o *ordeal, at int) {
		o.run(func(step int) {
			if step >= at {
				o.bob.start()
				o.bob.pump()
			}
		})
	})
}

// The node is killed, and a reorganisation undoes what it did while it is away.
func TestAReorganisationWhileTheNodeIsAwayLosesNothing(t *testing.T) {
	eachEnding(t, func(_ *testing.T, o *ordeal, at int) {
		o.more = true
		o.run(func(step int) {
			if step == at {
				o.bob.stop()
				o.chain.reorg(2, false)
				o.bob.start()
				o.pump()
			}
		})
	})
}

// No endpoint answers for some blocks; the chain goes on.
func TestEndpointsThatGoAwayLoseNothing(t *testing.T) {
	eachEnding(t, func(_ *testing.T, o *ordeal, at int) {
		o.run(func(step int) {
			switch step {
			case at:
				o.chain.away = true
			case at + 4:
				o.chain.away = false
				o.chain.tell()
				o.pump()
			}
		})
	})
}

// What is sent gets into no block for as long as the chain's profile allows, at any step.
func TestCensorshipUpToTheProfilesBoundLosesNothing(t *testing.T) {
	blocks := int(testProfile.Outage+testProfile.Inclusion) / blockTime
	eachEnding(t, func(_ *testing.T, o *ordeal, at int) {
		if at > soon/blockTime-blocks-2 && at < soon/blockTime && o.outcomesWant(4) {
			o.steps = at + 1 // nobody claimed in time what they could have
			return
		}
		o.run(func(step int) { o.bob.sender.stuck = step >= at && step < at+blocks })
	})
}

// Gas costs fifty times as much from some step on: what is worth it is done nevertheless.
func TestGasThatRisesFiftyfoldLosesNothing(t *testing.T) {
	eachEnding(t, func(_ *testing.T, o *ordeal, at int) {
		o.run(func(step int) {
			if step == at {
				o.chain.price *= 50
			}
		})
		require.Zero(t, o.bob.sender.unpaid)
	})
}

// Coins that are worth less than the gas that fetches them are left until gas is cheaper.
func TestClaimsCostNoMoreThanTheyBring(t *testing.T) {
	o := newOrdeal(t, adjudicator.Local)
	bound := units(20_000 * unit)
	o.run(func(step int) {
		switch step {
		case 2:
			require.Equal(t, evm.PhaseClosing, o.bob.court.all[o.bob.ch.ID()].now.Phase)
		case 0:
			o.chain.price = int64(bound.Uint64() / 30_000) // more for a claim than the claim
		case 4:
			require.NotZero(t, o.bob.sender.unpaid)
			o.chain.price = 1
		}
	})
}
