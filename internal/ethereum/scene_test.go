package ethereum_test

import (
	"context"
	"encoding/binary"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/ethereum/ethtest"
)

const (
	chainID  = 1337
	patience = 5 * time.Minute // for what comes at once unless the machine is busy
)

var contract = common.Address{0xc0}

// scene is a chain, endpoints onto it and a Chain that follows them.
type scene struct {
	*testing.T
	chain *ethtest.Chain
	ends  []*ethtest.Endpoint
	cfg   ethereum.Config
	c     *ethereum.Chain
	stop  func()
	over  chan struct{}   // closed when Run has ended
	ended chan error      // how
	died  func(err error) // what to do then; nil: the test fails
	mu    sync.Mutex
	wall  time.Time // our clock; zero: the chain's
	sum   int       // blocks so far whose logs were emitted
}

func newScene(t *testing.T, endpoints int) *scene {
	return newSceneOf(t, endpoints, ethtest.Options{ChainID: chainID})
}

func newSceneOf(t *testing.T, endpoints int, opt ethtest.Options) *scene {
	s := &scene{T: t, chain: ethtest.New(t, opt)}
	for range endpoints {
		s.ends = append(s.ends, s.chain.Endpoint(t))
	}
	s.cfg = ethereum.Config{Name: "fake", ChainID: chainID, Profile: evm.Dev, Poll: 10 * time.Millisecond, Now: s.now}
	s.cfg.Profile.ByHand = false
	for _, e := range s.ends {
		s.cfg.Endpoints = append(s.cfg.Endpoints, e.URL)
	}
	if testing.Verbose() {
		s.cfg.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	return s
}

func (s *scene) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wall.IsZero() {
		return time.Unix(int64(s.chain.Head().Time), 0)
	}
	return s.wall
}

// at sets our clock, so many seconds after the chain's.
func (s *scene) at(seconds int) {
	head := s.chain.Head().Time
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wall = time.Unix(int64(head)+int64(seconds), 0)
}

// start follows until the test ends, or halt.
func (s *scene) start() {
	s.Helper()
	var err error
	s.c, err = ethereum.New(s.cfg)
	require.NoError(s, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	c := s.c
	s.ended = ended
	over := make(chan struct{})
	s.over = over
	go func() {
		defer close(over)
		ended <- c.Run(ctx)
	}()
	var once sync.Once
	s.stop = func() {
		once.Do(func() {
			cancel()
			<-over
		})
	}
	s.Cleanup(s.stop)
}

// until waits for something to be so after a round.
func (s *scene) until(what string, so func() bool) {
	s.Helper()
	give := time.After(patience)
	for !so() {
		select {
		case <-s.c.NextRound():
		case <-s.over:
			err := <-s.ended
			if s.died == nil {
				s.Fatalf("Run has ended before %s: %v", what, err)
			}
			s.died(err)
		case <-give:
			s.Fatalf("it never came about: %s (health: %v, head %v, final %v)", what, s.c.Health(), s.c.Head(), s.c.Final())
		}
	}
}

// synced waits until the head is the chain's.
func (s *scene) synced() {
	s.Helper()
	s.until("the chain's head", func() bool { return s.c.Head().Hash == s.chain.Head().Hash() })
}

// mine makes n blocks with a log in each, numbered.
func (s *scene) mine(n int) {
	for range n {
		s.sum++
		s.chain.Emit(contract, binary.BigEndian.AppendUint32(nil, uint32(s.sum)), common.Hash{1})
		s.chain.Mine(1)
	}
}

// heard is what a follower was told.
type heard struct {
	s       *scene
	updates <-chan ethereum.Update
	last    ethereum.Update
	final   uint64 // the highest that was told
	settled []types.Log
}

func (s *scene) listen(after uint64) *heard {
	ctx, cancel := context.WithCancel(context.Background())
	s.Cleanup(cancel)
	return &heard{s: s, updates: s.c.Follow(ctx, contract, after)}
}

// until takes updates until one is right, the last one perhaps.
func (h *heard) until(what string, so func(u ethereum.Update) bool) {
	h.s.Helper()
	if h.last.Head != (ethereum.Head{}) && so(h.last) {
		return
	}
	give := time.After(patience)
	for {
		select {
		case u := <-h.updates:
			h.take(u)
			if so(u) {
				return
			}
		case <-give:
			h.s.Fatalf("it was never told: %s (health: %v, last %+v)", what, h.s.c.Health(), h.last)
		}
	}
}

// take checks what holds for every Update.
func (h *heard) take(u ethereum.Update) {
	h.s.Helper()
	require.LessOrEqual(h.s, u.Final.Number, u.Head.Number)
	for _, l := range u.Settled {
		require.LessOrEqual(h.s, l.BlockNumber, u.Final.Number)
		require.False(h.s, l.Removed)
	}
	for i, l := range u.Pending {
		require.Greater(h.s, l.BlockNumber, u.Final.Number)
		require.LessOrEqual(h.s, l.BlockNumber, u.Head.Number)
		if i > 0 {
			require.LessOrEqual(h.s, u.Pending[i-1].BlockNumber, l.BlockNumber)
		}
	}
	h.settled = append(h.settled, u.Settled...)
	h.last, h.final = u, max(h.final, u.Final.Number)
}

// head waits for the chain's head, and what is final below it.
func (h *heard) head() {
	h.s.Helper()
	top := h.s.chain.Head()
	h.until("the chain's head", func(u ethereum.Update) bool {
		return u.Head.Hash == top.Hash() && u.Final.Number+evm.Dev.Finality.Depth == top.Number.Uint64()
	})
}

// numbers are those that mine wrote into logs.
func numbers(logs []types.Log) []int {
	all := make([]int, 0, len(logs))
	for _, l := range logs {
		all = append(all, int(binary.BigEndian.Uint32(l.Data)))
	}
	return all
}

func oneTo(n int) []int { return fromTo(1, n) }

func fromTo(from, to int) []int {
	all := make([]int, 0)
	for i := from; i <= to; i++ {
		all = append(all, i)
	}
	return all
}
