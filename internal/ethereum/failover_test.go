package ethereum_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/ethereum/ethtest"
)

// faults is what an endpoint may do wrong without saying that another block is there.
var faults = map[string]func(f *ethtest.Faults){
	"gone":        func(f *ethtest.Faults) { f.Down = true },
	"garbage":     func(f *ethtest.Faults) { f.Garbage = []byte(`{"jsonrpc":"2.0","id":{`) },
	"not JSON":    func(f *ethtest.Faults) { f.Garbage = []byte("<html>\x1b[31mBad gateway") },
	"null":        func(f *ethtest.Faults) { f.Garbage = []byte("null") },
	"empty batch": func(f *ethtest.Faults) { f.Garbage = []byte("[]") },
	"null batch":  func(f *ethtest.Faults) { f.Garbage = []byte("[null,null,null]") },
	"huge":        func(f *ethtest.Faults) { f.Huge = 2 << 20 },
	"deep":        func(f *ethtest.Faults) { f.Garbage = bytes.Repeat([]byte("["), 1<<20) },
	"other chain": func(f *ethtest.Faults) { f.ChainID = 1 },
	"no such call": func(f *ethtest.Faults) {
		f.Edit = func(m string, _ any) (any, error) { return nil, errors.New("no " + m) }
	},
	"negative":     edited("number", "-0x5"),
	"far future":   edited("timestamp", "0xffffffffffffffff"),
	"far ahead":    edited("number", "0xffffffffffffffff"),
	"no hash":      edited("hash", nil),
	"zero hash":    edited("hash", "0x0000000000000000000000000000000000000000000000000000000000000000"),
	"short bloom":  edited("logsBloom", "0x00"),
	"huge fee":     edited("baseFeePerGas", (&big.Int{}).Exp(big.NewInt(2), big.NewInt(300), nil).Text(16)),
	"wrong parent": edited("parentHash", "0x1100000000000000000000000000000000000000000000000000000000000011"),
	"a string":     func(f *ethtest.Faults) { f.Edit = func(string, any) (any, error) { return "0x1", nil } },
	"objects":      func(f *ethtest.Faults) { f.Edit = func(string, any) (any, error) { return map[string]int{}, nil } },
	"nulls": func(f *ethtest.Faults) {
		f.Edit = func(string, any) (any, error) { return json.RawMessage("null"), nil }
	},
}

// edited changes one field of all blocks.
func edited(field string, to any) func(f *ethtest.Faults) {
	return func(f *ethtest.Faults) {
		f.Edit = func(method string, result any) (any, error) {
			if fields, ok := result.(map[string]any); ok && method == "eth_getBlockByNumber" {
				fields[field] = to
			}
			return result, nil
		}
	}
}

// Whatever one of two endpoints does, the other one's blocks are told; and the first is used again when it is well.
func TestAnEndpointThatFailsOrLiesHoldsNobodyUp(t *testing.T) {
	for name, fault := range faults {
		for bad := range 2 {
			t.Run(fmt.Sprintf("%s %d", name, bad), func(t *testing.T) {
				t.Parallel()
				s := newScene(t, 2)
				s.cfg.MaxBody = 1 << 20
				s.mine(5)
				s.start()
				h := s.listen(0)
				h.head()
				s.ends[bad].Set(fault)
				s.mine(5)
				h.until("the head", func(u ethereum.Update) bool { return u.Head.Hash == s.chain.Head().Hash() })
				s.ends[bad].Set(func(f *ethtest.Faults) { *f = ethtest.Faults{} })
				s.ends[1-bad].Set(func(f *ethtest.Faults) { f.Down = true })
				s.mine(3)
				h.head()
				require.Equal(t, oneTo(11), numbers(h.settled))
			})
		}
	}
}

// An endpoint that doesn't answer costs no more than its time.
func TestAnEndpointThatHangsHoldsNobodyUp(t *testing.T) {
	for bad := range 2 {
		s := newScene(t, 2)
		s.cfg.Timeout = 2 * time.Second
		s.mine(5)
		s.start()
		h := s.listen(0)
		h.head()
		s.ends[bad].Set(func(f *ethtest.Faults) { f.Hang = true })
		s.mine(5)
		h.head()
		require.Equal(t, oneTo(8), numbers(h.settled))
	}
}

// A service that takes one request at a time is asked so.
func TestAnEndpointWithoutBatchesIsAskedOneByOne(t *testing.T) {
	s := newScene(t, 1)
	s.ends[0].Set(func(f *ethtest.Faults) { f.NoBatch = true })
	s.mine(5)
	s.start()
	h := s.listen(0)
	h.head()
	s.mine(5)
	h.head()
	require.Equal(t, oneTo(8), numbers(h.settled))
	require.NoError(t, s.c.Health())
}

// One that stays behind is left for one that doesn't; and told of by nobody else's silence.
func TestAnEndpointThatLagsIsLeft(t *testing.T) {
	s := newScene(t, 2)
	s.mine(5)
	s.start()
	h := s.listen(0)
	h.head()
	s.ends[0].Set(func(f *ethtest.Faults) { f.Until = 5 })
	s.chain.Warp(60)
	s.mine(5)
	h.until("the head", func(u ethereum.Update) bool { return u.Head.Number == 10 })
	require.LessOrEqual(t, s.c.Final().Number, uint64(5), "the other one hasn't seen more")
	s.chain.Warp(3600)
	s.mine(5)
	h.until("what is final without the one that is left behind", func(u ethereum.Update) bool { return u.Final.Number == 13 })
}

// Health says that no endpoint is there, and how long there was no block.
func TestHealthTellsOfAChainThatStandsStill(t *testing.T) {
	s := newScene(t, 1)
	s.mine(5)
	s.start()
	s.synced()
	require.NoError(t, s.c.Health())
	s.at(int(s.cfg.Profile.Outage) + 5)
	require.ErrorIs(t, s.c.Health(), ethereum.ErrStale)
	s.mine(1)
	s.synced()
	require.NoError(t, s.c.Health())
	s.at(int(s.cfg.Profile.Outage+s.cfg.Profile.Behind) + 5)
	s.mine(1)
	s.synced()
	require.ErrorIs(t, s.c.Health(), ethereum.ErrStale, "there are blocks, but their time is long past")
	s.at(-1000)
	require.ErrorIs(t, s.c.Health(), ethereum.ErrStale, "the chain runs ahead")
	s.at(0)
	require.NoError(t, s.c.Health())
	s.ends[0].Set(func(f *ethtest.Faults) { f.Down = true })
	s.until("that nobody answers", func() bool { return errors.Is(s.c.Health(), ethereum.ErrNoEndpoint) })
	s.ends[0].Set(func(f *ethtest.Faults) { f.Down = false })
	s.until("that somebody answers", func() bool { return s.c.Health() == nil })
}

// A devnet is moved days ahead, and goes on to be used.
func TestAClockThatIsMovedByHandIsNoTrouble(t *testing.T) {
	s := newScene(t, 1)
	s.cfg.Profile.ByHand = true
	s.mine(5)
	s.start()
	s.synced()
	s.at(-100_000)
	require.NoError(t, s.c.Health())
	s.at(100_000)
	s.mine(1)
	s.synced()
	require.NoError(t, s.c.Health())
}

// A chain whose clock jumps or runs ahead is followed all the same.
func TestAClockThatJumpsIsFollowed(t *testing.T) {
	s := newScene(t, 2)
	s.at(0)
	s.start()
	h := s.listen(0)
	for range 5 {
		s.chain.Warp(100_000)
		s.mine(4)
		h.head()
	}
	require.Equal(t, oneTo(18), numbers(h.settled))
}

// What is in a URL beyond its host is in no error.
func TestKeysInURLsAreNotTold(t *testing.T) {
	s := newScene(t, 1)
	const secret = "5ecre7"
	s.cfg.Endpoints = []string{
		s.ends[0].URL + "/v3/" + secret, "http://user:" + secret + "@127.0.0.1:1/?key=" + secret, "ws://127.0.0.1:1/" + secret, "gopher://x/" + secret, "http://%zz" + secret,
	}
	s.ends[0].Set(func(f *ethtest.Faults) { f.Down = true })
	s.start()
	s.until("all have failed", func() bool {
		err := s.c.Health()
		return err != nil && !bytes.Contains([]byte(err.Error()), []byte("not answered yet"))
	})
	require.NotContains(t, s.c.Health().Error(), secret)
}

// When the context ends so does everything that was started.
func TestNothingGoesOnAfterTheEnd(t *testing.T) {
	s := newScene(t, 2)
	s.cfg.Endpoints[0] = s.ends[0].WS
	before := runtime.NumGoroutine()
	s.mine(3)
	s.start()
	h := s.listen(0)
	h.head()
	s.stop()
	give := time.After(patience)
	for runtime.NumGoroutine() > before+20 {
		select {
		case <-give:
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		default:
			runtime.Gosched()
		}
	}
}
