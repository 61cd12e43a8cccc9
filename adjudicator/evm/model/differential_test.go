package model_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"
)

// callsPerScene is how long a chain lives.
const callsPerScene = 250

// Random calls come to the same in the model and in the bytecode.
func TestRandomCallsComeToTheSameInTheModelAndInTheEVM(t *testing.T) {
	scenes := 80
	if os.Getenv("NWND_LONG") != "" {
		scenes = 1_000_000 / callsPerScene
	}
	first := uint64(1)
	if text := os.Getenv("NWND_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("NWND_SEED: %v", err)
		}
		first, scenes = seed, 1
	} else if os.Getenv("NWND_LONG") != "" {
		first = uint64(time.Now().UnixNano())
	}
	t.Logf("seeds %d to %d, %d calls of each", first, first+uint64(scenes)-1, callsPerScene)
	counts := newCounts()
	workers := runtime.GOMAXPROCS(0)
	t.Run("scenes", func(t *testing.T) {
		for worker := range workers {
			t.Run(strconv.Itoa(worker), func(t *testing.T) {
				t.Parallel()
				for i := worker; i < scenes; i += workers {
					seed := first + uint64(i)
					if err := play(t, seed, counts); err != nil {
						t.Fatalf("seed %d: %v\nreplay: NWND_SEED=%d go test ./adjudicator/evm/model -run '^TestRandomCalls'",
							seed, err, seed)
					}
				}
			})
		}
	})
	t.Logf("%d calls without a difference\n%v", counts.total(), counts)
	if scenes > 1 && !t.Failed() {
		counts.check(t)
	}
}

func play(t testing.TB, seed uint64, c *counts) error {
	s := newScene(t, rand.New(rand.NewPCG(seed, 0)), c)
	for i := range callsPerScene {
		next := s.next()
		if err := s.do(next); err != nil {
			return fmt.Errorf("call %d: %w\n  %v\nafter\n%s", i, err, next, s.story())
		}
		if i%32 == 31 {
			if err := s.compareAll(); err != nil {
				return fmt.Errorf("after call %d: %w\n%s", i, err, s.story())
			}
		}
		if s.oneIn(2 * callsPerScene) {
			s.split()
		}
	}
	return s.compareAll()
}

// split gives the chain another id, as a fork that goes its own way does (rule 8).
func (s *scene) split() {
	s.w.ChainID++
	s.m.on(s.w.ChainID, s.w.Time)
}
