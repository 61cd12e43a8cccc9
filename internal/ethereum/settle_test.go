package ethereum_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/ethereum/ethtest"
)

// outvoted tells whether an endpoint is left out, and named as such.
func (s *scene) outvoted(end int) bool {
	err := s.c.Outvoted()
	return errors.Is(err, ethereum.ErrDisagree) && containsAll(err.Error(), fmt.Sprintf("endpoint %d (%s) is not listened to", end+1, s.ends[end].URL))
}

// pardoned tells whether it is listened to again, and still told of.
func (s *scene) pardoned(end int) bool {
	err := s.c.Outvoted()
	return err != nil && !s.outvoted(end) && containsAll(err.Error(), fmt.Sprintf("endpoint %d (%s) agrees again", end+1, s.ends[end].URL))
}

// blocksUntil makes blocks until something is so: whom to listen to is decided at each final one.
func (h *heard) blocksUntil(what string, so func() bool) {
	h.s.Helper()
	for give := time.Now().Add(patience); !so(); {
		require.True(h.s, time.Now().Before(give), "it never came about: %s (health: %v, outvoted: %v)", what, h.s.c.Health(), h.s.c.Outvoted())
		h.s.mine(1)
		for range 10 { // not until all have heard of it: the liar may be the one that is followed
			<-h.s.c.NextRound()
		}
	}
	h.head()
}

// always answers a method so, whatever the chain says.
func always(method string, result any) func(f *ethtest.Faults) {
	return func(f *ethtest.Faults) {
		f.Edit = func(m string, truth any) (any, error) {
			if m == method {
				return result, nil
			}
			return truth, nil
		}
	}
}

func honest(f *ethtest.Faults) { *f = ethtest.Faults{} }

// Of three endpoints, one that leaves logs out or tells what it wasn't asked for is left out when the two others contradict
// it: the chain is well, people are told which one it is, and it is asked again only once it tells what the others do.
func TestEndpointThatLiesAboutLogsIsLeftOutByTheMajority(t *testing.T) {
	for name, fault := range map[string]func(f *ethtest.Faults){
		"leaves out": func(f *ethtest.Faults) { f.DropLog = func(types.Log) bool { return true } },
		"false": func(f *ethtest.Faults) {
			f.ExtraLogs = []types.Log{{Address: common.Address{1}, BlockNumber: 3, BlockHash: common.Hash{1}, TxHash: common.Hash{2}, Topics: []common.Hash{{8}}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			const liar = 0 // it is among the two that are asked first, whichever is followed
			s := newScene(t, 3)
			s.mine(5)
			s.start()
			h := s.listen(0)
			h.head()
			s.ends[liar].Set(fault)
			h.blocksUntil("that it is left out", func() bool { return s.outvoted(liar) })
			require.NoError(t, s.c.Health())
			s.mine(3)
			h.head()
			require.True(t, s.outvoted(liar), "its blocks are right, its logs aren't")
			s.ends[liar].Set(honest)
			h.blocksUntil("that it is listened to again", func() bool { return s.pardoned(liar) })
			require.NoError(t, s.c.Health())
			require.Equal(t, oneTo(s.sum-2), numbers(h.settled))
		})
	}
}

// The same of calls: the majority's answer is given.
func TestEndpointThatLiesAboutCallsIsLeftOutByTheMajority(t *testing.T) {
	const liar = 0
	s := newScene(t, 3)
	s.mine(5)
	s.start()
	h := s.listen(0)
	h.head()
	s.ends[liar].Set(always("eth_call", "0x0102"))
	s.until("that it is left out", func() bool {
		out, err := s.c.Call(t.Context(), contract, nil, s.c.Head().Hash)
		return err == nil && len(out) == 0 && s.outvoted(liar)
	})
	require.NoError(t, s.c.Health(), "what was unclear before all were heard is explained")
	s.mine(3)
	h.head()
	require.True(t, s.outvoted(liar), "its blocks are right, its answers aren't")
	s.ends[liar].Set(honest)
	h.blocksUntil("that it is listened to again", func() bool { return s.pardoned(liar) })
}

// The same of an account's nonce.
func TestEndpointThatLiesAboutNoncesIsLeftOutByTheMajority(t *testing.T) {
	const liar = 0
	s := newShop(t, 1, ethtest.Options{})
	third := s.chain.Endpoint(t)
	third.Set(func(f *ethtest.Faults) { f.OnTx = s.watch })
	s.ends, s.cfg.Endpoints = append(s.ends, third), append(s.cfg.Endpoints, third.URL)
	s.ends[liar].Set(always("eth_getTransactionCount", "0x3039"))
	s.open()
	s.want("channel", call(1))
	for give := time.Now().Add(patience); !s.outvoted(liar) || len(s.calls()) == 0; {
		require.True(t, time.Now().Before(give), "it is never left out: %v", s.c.Health())
		s.block()
	}
	require.NoError(t, s.c.Health())
	require.Equal(t, []string{"01"}, s.calls()[:1])
}

// What one says against one is nobody's victory, also when a third one was outvoted before: the chain is unwell.
func TestNoMajorityIsNoHealth(t *testing.T) {
	s := newScene(t, 3)
	s.mine(5)
	s.start()
	h := s.listen(0)
	h.head()
	fork := s.chain.Fork()
	fork.Mine(40)
	s.ends[2].Set(func(f *ethtest.Faults) { f.On = fork })
	h.blocksUntil("that one lies", func() bool { return s.outvoted(2) && s.c.Health() == nil })
	s.ends[1].Set(func(f *ethtest.Faults) { f.Down = true })
	s.until("that nobody knows", func() bool { return errors.Is(s.c.Health(), ethereum.ErrDisagree) })
	s.ends[1].Set(honest)
	s.until("that two know", func() bool { return s.c.Health() == nil })
}
