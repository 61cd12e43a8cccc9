package ethereum_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/ethereum/ethtest"
)

var seedFlag = flag.Uint64("seed", 0, "run one random schedule only")

// schedules runs a few seeds, or many with NWND_LONG=1.
func schedules(t *testing.T, run func(t *testing.T, rng *rand.Rand)) {
	first, n := rand.Uint64()>>1, 2
	if os.Getenv("NWND_LONG") != "" {
		n = 150
	}
	if *seedFlag != 0 {
		first, n = *seedFlag, 1
	}
	for i := range uint64(n) {
		t.Run(fmt.Sprint(first+i), func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("again: go test ./internal/ethereum -run '%s' -seed %d", t.Name(), first+i)
				}
			}()
			run(t, rand.New(rand.NewPCG(first+i, 0)))
		})
	}
}

// trouble is what may be wrong with one of two endpoints for a while, without anything being lost.
var trouble = []func(s *scene, f *ethtest.Faults){
	func(_ *scene, f *ethtest.Faults) { f.Down = true },
	func(s *scene, f *ethtest.Faults) { f.Until = s.chain.Head().Number.Uint64() },
	func(_ *scene, f *ethtest.Faults) { f.MaxRange = 2 },
	func(_ *scene, f *ethtest.Faults) { f.MaxResults = 1 },
	func(_ *scene, f *ethtest.Faults) { f.DropLog = func(l types.Log) bool { return l.Index%2 == 0 } },
	func(_ *scene, f *ethtest.Faults) { f.Garbage = []byte("{}") },
	func(_ *scene, f *ethtest.Faults) { f.Swallow = true },
	func(_ *scene, f *ethtest.Faults) { f.ChainID = 4 },
}

// change puts one endpoint right, and perhaps another one wrong.
func (s *scene) change(rng *rand.Rand, keep func(f *ethtest.Faults)) {
	for _, e := range s.ends {
		e.Set(func(f *ethtest.Faults) {
			*f = ethtest.Faults{}
			if keep != nil {
				keep(f)
			}
		})
	}
	if rng.IntN(3) > 0 {
		fault := trouble[rng.IntN(len(trouble))]
		s.ends[rng.IntN(len(s.ends))].Set(func(f *ethtest.Faults) { fault(s, f) })
	}
}

// Blocks, reorganisations up to what the profile allows, endpoints in trouble and restarts in random order: each log of
// the chain that remains is told once as settled, in order.
func TestSchedulesOfAFollower(t *testing.T) {
	schedules(t, func(t *testing.T, rng *rand.Rand) {
		s := newScene(t, 2)
		s.mine(5)
		s.start()
		h := s.listen(0)
		for range 30 {
			switch rng.IntN(6) {
			case 0, 1:
				s.mine(1 + rng.IntN(4))
			case 2:
				s.chain.Mine(1 + rng.IntN(3))
			case 3:
				depth := 1 + rng.IntN(2)
				s.chain.Reorg(depth, depth+rng.IntN(3))
			case 4:
				s.change(rng, nil)
			case 5:
				s.synced()
				before := h
				s.stop()
				s.start()
				h = s.listen(before.final) // with one endpoint behind, less may be final at first
				h.settled, h.last, h.final = before.settled, before.last, before.final
			}
			if rng.IntN(2) == 0 {
				top := s.chain.Head().Hash()
				h.until("the head", func(u ethereum.Update) bool { return u.Head.Hash == top })
			}
		}
		for _, e := range s.ends {
			e.Set(func(f *ethtest.Faults) { *f = ethtest.Faults{} })
		}
		s.mine(3)
		h.head()
		var want []types.Log
		for n := uint64(0); n <= s.c.Final().Number; n++ {
			want = append(want, s.chain.Logs(n)...)
		}
		require.Equal(t, numbers(want), numbers(h.settled))
	})
}

// Owners that stop wanting what they see done; base fees that rise and fall, blocks without transactions, pools that forget,
// reorganisations, endpoints in trouble and restarts: each call is made once, whatever happens.
func TestSchedulesOfASender(t *testing.T) {
	schedules(t, func(t *testing.T, rng *rand.Rand) {
		s := newShop(t, 2, ethtest.Options{})
		watched := func(f *ethtest.Faults) { f.OnTx = s.watch }
		s.open()
		owners, next := []string{"a", "b", "c"}, byte(0)
		all := make(map[string][]ethereum.Call)
		say := func() {
			done := s.calls()
			for _, o := range owners {
				s.want(o, slices.DeleteFunc(slices.Clone(all[o]), func(c ethereum.Call) bool {
					return slices.Contains(done, fmt.Sprintf("%x", c.Data))
				})...)
			}
		}
		for range 40 {
			switch rng.IntN(9) {
			case 0, 1:
				next++
				c := call(next)
				if rng.IntN(2) == 0 {
					c.Deadline = s.chain.Head().Time + uint64(rng.IntN(200))
				}
				o := owners[rng.IntN(len(owners))]
				all[o] = append(all[o], c)
			case 2, 3:
				s.chain.Mine(1)
			case 4:
				s.chain.MineEmpty(1 + rng.IntN(2))
			case 5:
				s.chain.SetBaseFee(ethtest.Gwei(1 + rng.Int64N(30)))
			case 6:
				depth := 1 + rng.IntN(2)
				s.chain.Reorg(depth, depth+rng.IntN(2))
			case 7:
				s.chain.Forget()
				s.change(rng, watched)
			case 8:
				s.restart()
			}
			s.synced()
			say()
		}
		for _, e := range s.ends {
			e.Set(func(f *ethtest.Faults) { *f = ethtest.Faults{OnTx: s.watch} })
		}
		s.chain.SetBaseFee(ethtest.Gwei(1))
		s.synced()
		for range 60 {
			s.until("the sender's answer to the head", func() bool { return s.seen() || len(s.c.Status()) == 0 })
			s.block()
			say()
		}
		done := s.calls()
		for n := byte(1); n <= next; n++ {
			text := fmt.Sprintf("%02x", n)
			require.Contains(t, done, text, "%+v", s.c.Status())
			require.Equal(t, 1, len(slices.DeleteFunc(slices.Clone(done), func(c string) bool { return c != text })), "call %s", text)
		}
		s.until("that all is final", func() bool { return len(s.c.Status()) == 0 })
	})
}
