package ethereum_test

import (
	"errors"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/ethereum/ethtest"
)

// Attack 48: a reorganisation takes open, deposit or close away. Nothing of it was called final, what
// replaced it is told, and what is final was told once, at every depth within the profile's promise.
func TestAttack48WhatAReorganisationTakesAwayWasNotFinal(t *testing.T) {
	for _, endpoints := range []int{1, 2, 3} {
		s := newScene(t, endpoints)
		s.mine(10)
		s.start()
		h := s.listen(0)
		h.head()
		for depth := 1; depth <= 2; depth++ {
			for more := range 2 {
				s.mine(3)
				h.head()
				lost := s.sum
				s.chain.Reorg(depth, depth+more) // the logs of the newest blocks are gone
				s.mine(1)
				h.head()
				for _, n := range fromTo(lost-depth+1, lost) {
					require.NotContains(t, numbers(h.settled), n, "%d deep", depth)
					require.NotContains(t, numbers(h.last.Pending), n, "%d deep", depth)
				}
			}
		}
		s.mine(3)
		h.head()
		seen := make(map[int]bool)
		for _, n := range numbers(h.settled) {
			require.False(t, seen[n], "log %d was told twice", n)
			seen[n] = true
		}
		require.NoError(t, s.c.Health())
	}
}

// Attack 48: also when the new chain is not longer than the old one.
func TestAttack48AReorganisationToTheSameHeightIsTold(t *testing.T) {
	s := newScene(t, 2)
	s.mine(10)
	s.start()
	h := s.listen(0)
	h.head()
	require.Equal(t, []int{9, 10}, numbers(h.last.Pending))
	s.chain.Reorg(1, 1)
	h.until("the other block 10", func(u ethereum.Update) bool { return u.Head.Hash == s.chain.Head().Hash() })
	require.Equal(t, []int{9}, numbers(h.last.Pending))
}

// Attack 48: a reorganisation deeper than the chain's rule is told of, and the logs of the new blocks too: nothing is
// silently lost.
func TestAttack48AFinalBlockThatIsUndoneRaisesAnAlarm(t *testing.T) {
	for _, endpoints := range []int{1, 2} {
		for _, depth := range []int{3, 8, 19} {
			s := newScene(t, endpoints)
			s.mine(20)
			s.start()
			h := s.listen(0)
			h.head()
			require.Equal(t, oneTo(18), numbers(h.settled))
			s.chain.Reorg(depth, 0)
			s.mine(depth + 3)
			h.until("the new chain", func(u ethereum.Update) bool {
				return u.Head.Hash == s.chain.Head().Hash() && u.Final.Number == u.Head.Number-2
			})
			require.Subset(t, numbers(h.settled), fromTo(21, 20+depth+1), "%d deep", depth)
			require.ErrorIs(t, s.c.Health(), ethereum.ErrUndone)
		}
	}
}

// Attack 50: a provider answers without some logs. Another one has them, and people are told.
func TestAttack50LogsThatOneEndpointLeavesOutAreTakenFromTheOther(t *testing.T) {
	for liar := range 2 {
		s := newScene(t, 2)
		s.ends[liar].Set(func(f *ethtest.Faults) {
			f.DropLog = func(l types.Log) bool { return l.BlockNumber%3 == 0 }
		})
		s.mine(20)
		s.start()
		h := s.listen(0)
		h.head()
		s.mine(5)
		h.head()
		require.Equal(t, oneTo(23), numbers(h.settled), "liar %d", liar)
		require.Equal(t, []int{24, 25}, numbers(h.last.Pending))
		require.ErrorIs(t, s.c.Health(), ethereum.ErrDisagree)
	}
}

// Attack 50: of one endpoint only, the blocks' own bloom filters show the gap, and the receipts fill it.
func TestAttack50AnEmptyAnswerIsCheckedAgainstTheBloomFilter(t *testing.T) {
	s := newScene(t, 1)
	s.start()
	h := s.listen(0)
	s.synced()
	s.ends[0].Set(func(f *ethtest.Faults) { f.DropLog = func(types.Log) bool { return true } })
	for range 6 {
		s.mine(2)
		h.head()
	}
	require.Equal(t, oneTo(10), numbers(h.settled))
	require.Equal(t, []int{11, 12}, numbers(h.last.Pending))
	require.ErrorIs(t, s.c.Health(), ethereum.ErrDisagree)
}

// Attack 50: a filter that speaks of the contract by chance is no gap, and an endpoint without receipts no obstacle.
func TestAttack50WithoutReceiptsTheBlockIsAskedForAgain(t *testing.T) {
	s := newScene(t, 1)
	s.ends[0].Set(func(f *ethtest.Faults) {
		f.NoReceipts = true
		f.Edit = func(method string, result any) (any, error) {
			if fields, ok := result.(map[string]any); ok && method == "eth_getBlockByNumber" {
				var all types.Bloom
				for i := range all {
					all[i] = 0xff
				}
				fields["logsBloom"] = all
			}
			return result, nil
		}
	})
	s.start()
	h := s.listen(0)
	s.mine(3)
	s.chain.Mine(3)
	s.mine(3)
	h.head()
	require.Equal(t, oneTo(4), numbers(h.settled))
	require.NoError(t, s.c.Health())
}

// Attack 50: providers limit ranges and results, each in its own words. What they refuse is asked for in parts.
func TestAttack50LimitsOfProvidersLeaveNoGap(t *testing.T) {
	for _, fault := range []func(f *ethtest.Faults){
		func(f *ethtest.Faults) { f.MaxRange = 5 },
		func(f *ethtest.Faults) { f.MaxRange = 1 },
		func(f *ethtest.Faults) { f.MaxResults = 3 },
		func(f *ethtest.Faults) { f.MaxResults, f.MaxRange = 1, 7 },
	} {
		s := newScene(t, 2)
		s.ends[0].Set(fault)
		s.ends[1].Set(fault)
		s.mine(30)
		s.start()
		h := s.listen(0)
		h.head()
		require.Equal(t, oneTo(28), numbers(h.settled))
		require.NoError(t, s.c.Health())
	}
}

// Attack 50: an answer that fails, now and then or for a while, is asked for again.
func TestAttack50WhatFailedIsAskedForAgain(t *testing.T) {
	s := newScene(t, 1)
	failures := 0
	s.ends[0].Set(func(f *ethtest.Faults) {
		f.MaxRange = 4
		f.Edit = func(method string, result any) (any, error) {
			if method == "eth_getLogs" && failures < 40 {
				if failures++; failures%3 != 0 {
					return nil, errors.New("internal error")
				}
			}
			return result, nil
		}
	})
	s.mine(40)
	s.start()
	h := s.listen(0)
	h.head()
	require.Equal(t, oneTo(38), numbers(h.settled))
}

// One that invents, of another contract, of blocks that weren't asked for, or "removed", is not believed; of two
// the other one's answer counts.
func TestInventedLogsAreRefused(t *testing.T) {
	other := types.Log{Address: common.Address{1}, BlockNumber: 3, BlockHash: common.Hash{1}, TxHash: common.Hash{2}}
	far, removed, elsewhere := other, other, other
	far.Address, far.BlockNumber = contract, 1<<60
	removed.Address, removed.Removed = contract, true
	elsewhere.Address = contract // in a block that isn't at that height
	for name, l := range map[string]types.Log{"another's": other, "far": far, "removed": removed, "elsewhere": elsewhere} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, 2)
			s.ends[0].Set(func(f *ethtest.Faults) { f.ExtraLogs = []types.Log{l} })
			s.mine(10)
			s.start()
			h := s.listen(0)
			h.head()
			require.Equal(t, oneTo(8), numbers(h.settled))
		})
	}
}

// A log that one of two invents in a true block is dropped if the block's bloom filter excludes it, and told of.
func TestALogThatTheBloomFilterExcludesIsDropped(t *testing.T) {
	s := newScene(t, 2)
	s.start()
	s.synced()
	h := s.listen(0)
	s.mine(3)
	h.head()
	s.chain.Mine(1)
	top := s.chain.Head()
	s.ends[0].Set(func(f *ethtest.Faults) {
		f.Edit = func(method string, result any) (any, error) {
			if logs, ok := result.([]types.Log); ok {
				return append(logs, types.Log{Address: contract, BlockNumber: 4, BlockHash: top.Hash(), TxHash: common.Hash{2}, Index: 99, Topics: []common.Hash{{8}}, Data: []byte{0, 0, 0, 77}}), nil
			}
			return result, nil
		}
	})
	s.mine(3)
	h.head()
	require.NotContains(t, append(numbers(h.settled), numbers(h.last.Pending)...), 77)
}

// Of two endpoints on different forks neither is believed: nothing gets final, and people are told. Of
// three the one that is alone is left out, and listened to again when it agrees.
func TestEndpointsOnDifferentForks(t *testing.T) {
	s := newScene(t, 2)
	s.mine(5)
	s.start()
	h := s.listen(0)
	h.head()
	fork := s.chain.Fork()
	fork.Mine(5)
	s.ends[1].Set(func(f *ethtest.Faults) { f.On = fork })
	s.mine(5)
	s.until("the disagreement", func() bool { return errors.Is(s.c.Health(), ethereum.ErrDisagree) })
	require.LessOrEqual(t, s.c.Final().Number, uint64(5))
	s.ends[1].Set(func(f *ethtest.Faults) { f.On = nil })
	s.until("agreement", func() bool { return s.c.Health() == nil && s.c.Final().Number == 8 })

	for liar := range 3 {
		s := newScene(t, 3)
		s.mine(5)
		s.start()
		h := s.listen(0)
		h.head()
		fork := s.chain.Fork()
		fork.Mine(40) // it is ahead
		s.ends[liar].Set(func(f *ethtest.Faults) { f.On = fork })
		s.mine(5)
		h.until("what two of three say", func(u ethereum.Update) bool {
			return u.Final.Number == 8 && u.Head.Hash == s.chain.Head().Hash()
		})
		require.Equal(t, oneTo(8), numbers(h.settled))
		h.blocksUntil("that one lies", func() bool { return s.outvoted(liar) && s.c.Health() == nil })
		s.mine(3)
		h.head()
		require.True(t, s.outvoted(liar), "it lies still")
		s.ends[liar].Set(func(f *ethtest.Faults) { f.On = nil })
		s.mine(3)
		h.head()
		require.Equal(t, oneTo(s.sum-2), numbers(h.settled))
		h.blocksUntil("that it is listened to again", func() bool { return s.pardoned(liar) })
		require.NoError(t, s.c.Health())
	}
}

// A call at a block that one of two endpoints doesn't have, since it has another one, is no answer.
func TestACallAtADisputedBlockIsNotAnswered(t *testing.T) {
	s := newScene(t, 2)
	s.mine(5)
	s.start()
	h := s.listen(0)
	h.head()
	fork := s.chain.Fork()
	fork.Mine(1)
	s.mine(1)
	h.head()
	_, err := s.c.Call(t.Context(), contract, nil, s.c.Head().Hash)
	require.NoError(t, err)
	s.ends[1].Set(func(f *ethtest.Faults) { f.On = fork })
	s.until("that one of them denies the block", func() bool { // once both are heard
		_, err = s.c.Call(t.Context(), contract, nil, s.c.Head().Hash) // either may be followed
		return errors.Is(err, ethereum.ErrDisagree)
	})
}
