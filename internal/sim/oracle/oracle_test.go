package oracle

import (
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"
)

var (
	updates = flag.Int("updates", 0, "updates to make in each test; 0 is 3,000, or 100,000 if NWND_LONG=1")
	seed    = flag.Uint64("seed", 1, "first seed")
)

func target() int {
	switch {
	case *updates > 0:
		return *updates
	case os.Getenv("NWND_LONG") == "1":
		return 100_000
	}
	return 3000
}

// perWorld is how many updates one channel lives through before the next seed.
const perWorld = 1500

var bitcoinProfiles = []profile{
	{name: "balanced", opener: A, capacity: 10_000_000, pushed: 5_000_000_000, rate: 1000, burst: 4, most: 12},
	{name: "opened by B", opener: B, capacity: 10_000_000, pushed: 5_000_000_000, rate: 1000, burst: 4, most: 12},
	{name: "one-sided", opener: A, capacity: 1_000_000, pushed: 0, rate: 500, burst: 3, most: 6},
	{name: "one-sided by B", opener: B, capacity: 1_000_000, pushed: 0, rate: 500, burst: 3, most: 6},
	{name: "tight", opener: A, capacity: 100_000, pushed: 40_000_000, rate: 253, burst: 3, most: 20},
	{name: "tight by B", opener: B, capacity: 100_000, pushed: 40_000_000, rate: 253, burst: 3, most: 20},
}

// against runs a profile for each seed until enough updates were made, several seeds at a
// time.
func against(t *testing.T, profiles []profile, lnd [2]bool, evm bool) {
	t.Helper()
	total := &stats{}
	var mu sync.Mutex
	t.Run("seeds", func(t *testing.T) {
		for i := range (target() + perWorld - 1) / perWorld {
			s := *seed + uint64(i)
			pr := profiles[s%uint64(len(profiles))]
			pr.lnd, pr.evm = lnd, evm
			t.Run(fmt.Sprint(s), func(t *testing.T) {
				t.Parallel()
				st, err := pr.live(t, s, min(target(), perWorld))
				if err != nil {
					t.Fatalf("%v: %v\nreplay: go test ./internal/sim/oracle -run '^%v$' -seed %d -updates %d",
						pr.name, err, t.Name(), *seed, target())
				}
				mu.Lock()
				defer mu.Unlock()
				total.add(st)
			})
		}
	})
	fmt.Printf("oracle %v from seed %d: %v\n", t.Name(), *seed, total)
}

// live makes one channel live through so many updates.
func (pr profile) live(t testing.TB, seed uint64, updates int) (*stats, error) {
	w, err := newWorld(t, pr, seed)
	if err != nil {
		return nil, err
	}
	return w.stats, w.run(updates)
}

func TestSchedulesAgainstLnd(t *testing.T) { against(t, bitcoinProfiles, [2]bool{false, true}, false) }

func TestSchedulesOnBitcoin(t *testing.T) { against(t, bitcoinProfiles, [2]bool{}, false) }

func TestSchedulesOnEVM(t *testing.T) { against(t, bitcoinProfiles, [2]bool{}, true) }

// crowded fills a channel with as many HTLCs as two sides may have, and empties it again.
var crowded = profile{
	name: "crowded", opener: A, capacity: 1_000_000_000, pushed: 500_000_000_000, rate: 253, burst: 60, most: 400, fill: 450,
}

// A set of more than 400 HTLCs, cut off in mid-dance too.
func TestSchedulesCrowdedAgainstLnd(t *testing.T) { crowd(t, [2]bool{false, true}, false) }

func TestSchedulesCrowdedOnEVM(t *testing.T) { crowd(t, [2]bool{}, true) }

func crowd(t *testing.T, lnd [2]bool, evm bool) {
	pr := crowded
	pr.lnd, pr.evm = lnd, evm
	st, err := pr.live(t, *seed, 1500)
	if err != nil {
		t.Fatalf("%v\nreplay: go test ./internal/sim/oracle -run '^%v$' -seed %d", err, t.Name(), *seed)
	}
	if st.largest < 400 {
		t.Errorf("largest set has %d HTLCs, want at least 400", st.largest)
	}
	fmt.Printf("oracle %v from seed %d: %v\n", t.Name(), *seed, st)
}
