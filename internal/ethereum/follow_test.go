package ethereum_test

import (
	"context"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/ethereum/ethtest"
)

// Each log is told once as settled, in order, and before that as pending, however the endpoint is reached.
func TestLogsAreToldOnceSettledAndBeforeThatPending(t *testing.T) {
	for _, by := range []string{"http", "ws", "ipc"} {
		t.Run(by, func(t *testing.T) {
			s := newScene(t, 1)
			switch by {
			case "ws":
				s.cfg.Endpoints = []string{s.ends[0].WS}
			case "ipc":
				s.cfg.Endpoints = []string{s.ends[0].IPC(t)}
			}
			s.mine(5)
			s.start()
			h := s.listen(0)
			h.head()
			require.Equal(t, oneTo(3), numbers(h.settled))
			require.Equal(t, []int{4, 5}, numbers(h.last.Pending))
			for range 5 {
				s.mine(3)
				h.head()
			}
			require.Equal(t, oneTo(18), numbers(h.settled))
			require.Equal(t, []int{19, 20}, numbers(h.last.Pending))
			require.NoError(t, s.c.Health())
			require.Equal(t, uint64(chainID), s.c.ChainID())
		})
	}
}

// A subscription is a sign to look at once: a block is seen though polling would take an hour.
func TestASubscriptionSparesThePolling(t *testing.T) {
	s := newScene(t, 1)
	s.cfg.Endpoints, s.cfg.Poll = []string{s.ends[0].WS}, patience*10
	s.start()
	s.synced()
	h := s.listen(0)
	h.until("the first head", func(u ethereum.Update) bool { return u.Head.Number == 0 })
	s.mine(4)
	h.until("the newest head", func(u ethereum.Update) bool { return u.Head.Hash == s.chain.Head().Hash() })
}

// A follower that takes nothing for a long time misses no settled log, and is told of the newest pending ones only.
func TestASlowFollowerMissesNothingSettled(t *testing.T) {
	s := newScene(t, 1)
	s.start()
	h := s.listen(0)
	for range 10 {
		s.mine(4)
		s.synced()
	}
	h.head()
	require.Equal(t, oneTo(38), numbers(h.settled))
	require.Equal(t, []int{39, 40}, numbers(h.last.Pending))
}

// What a follower has seen is not told again to who starts behind it.
func TestFollowingStartsAfterABlock(t *testing.T) {
	s := newScene(t, 1)
	s.mine(20)
	s.start()
	h := s.listen(12)
	h.head()
	require.Equal(t, fromTo(13, 18), numbers(h.settled))
}

// The past comes in pieces, each as the chain was then.
func TestThePastComesInPieces(t *testing.T) {
	defer ethereum.SetPiece(7)()
	s := newScene(t, 2)
	s.mine(100)
	s.start()
	s.synced()
	h := s.listen(0)
	whole := true
	h.until("the head", func(u ethereum.Update) bool {
		if u.Head.Number < 100 {
			require.Equal(t, u.Head, u.Final)
			require.Empty(t, u.Pending)
			whole = false
		}
		return u.Head.Number == 100 && u.Final.Number == 98
	})
	require.False(t, whole)
	require.Equal(t, oneTo(98), numbers(h.settled))
}

// What is final is by the profile: so many blocks, or the chain's own word for it.
func TestFinalityIsTheProfiles(t *testing.T) {
	for tag, want := range map[string]uint64{"": 15, "safe": 17, "finalized": 10} {
		s := newScene(t, 2)
		s.cfg.Profile.Finality = evm.Finality{Tag: tag, Depth: 5}
		s.chain.SetFinal(3, 10)
		s.mine(20)
		s.start()
		s.until("finality by "+tag, func() bool { return s.c.Final().Number == want })
		require.Equal(t, uint64(20), s.c.Head().Number)
	}
}

// Nothing is final before all endpoints say so, of two; more than half of them, of three.
func TestNothingIsFinalBeforeMostSaySo(t *testing.T) {
	s := newScene(t, 3)
	s.cfg.Profile.Finality = evm.Finality{Tag: "finalized"}
	s.chain.SetFinal(1, 2)
	s.mine(20)
	s.ends[1].Set(func(f *ethtest.Faults) { f.Final = 5 })
	s.ends[2].Set(func(f *ethtest.Faults) { f.Final = 7 })
	s.start()
	s.until("the second of three", func() bool { return s.c.Final().Number == 7 })
	s.mine(1)
	s.synced()
	require.Equal(t, uint64(7), s.c.Final().Number)
}

// A chain is not believed to be another one, at connection or later.
func TestAnotherChainIsNotFollowed(t *testing.T) {
	s := newScene(t, 1)
	s.ends[0].Set(func(f *ethtest.Faults) { f.ChainID = 5 })
	s.start()
	s.until("that it is another chain", func() bool {
		err := s.c.Health()
		return err != nil && containsAll(err.Error(), "on chain 5, want 1337")
	})
	require.ErrorIs(t, s.c.Health(), ethereum.ErrNoEndpoint)
	require.Zero(t, s.c.Head())
	s.ends[0].Set(func(f *ethtest.Faults) { f.ChainID = 0 })
	s.synced()
	s.ends[0].Set(func(f *ethtest.Faults) { f.ChainID = 5 })
	s.mine(1)
	s.until("that it has become another chain", func() bool { return s.c.Health() != nil })
	require.Less(t, s.c.Head().Number, uint64(1))
}

// Call, Balance and Transaction ask about what is there.
func TestAChainIsAsked(t *testing.T) {
	s := newScene(t, 2)
	s.chain.Deploy(contract, ethtest.Func(func(env ethtest.Env, m ethtest.Message) (ethtest.Result, error) {
		if len(m.Data) == 0 {
			return ethtest.Result{}, ethtest.Revert{Data: []byte{1, 2, 3, 4}}
		}
		return ethtest.Result{Return: append([]byte{byte(env.Number)}, m.Data...)}, nil
	}))
	who := common.Address{9}
	s.chain.Fund(who, ethtest.Ether(3))
	s.cfg.Reason = func(data []byte) string { return "Sorry" }
	s.mine(2)
	s.start()
	s.synced()
	ctx := context.Background()
	out, err := s.c.Call(ctx, contract, []byte{7}, s.c.Head().Hash)
	require.NoError(t, err)
	require.Equal(t, []byte{2, 7}, out)
	_, err = s.c.Call(ctx, contract, nil, s.c.Head().Hash)
	var revert *ethereum.Revert
	require.ErrorAs(t, err, &revert)
	require.Equal(t, "Sorry", revert.Reason)
	require.Equal(t, []byte{1, 2, 3, 4}, revert.Data)
	wei, err := s.c.Balance(ctx, who)
	require.NoError(t, err)
	require.Equal(t, ethtest.Ether(3), wei)
	_, err = s.c.Transaction(ctx, common.Hash{3})
	require.ErrorIs(t, err, ethereum.ErrUnknown)

	s.ends[1].Set(func(f *ethtest.Faults) {
		f.Edit = func(method string, result any) (any, error) {
			if method == "eth_call" {
				return "0x0102", nil
			}
			return result, nil
		}
	})
	s.until("that they are at odds", func() bool { // once both are heard
		_, err = s.c.Call(ctx, contract, []byte{7}, s.c.Head().Hash)
		return errors.Is(err, ethereum.ErrDisagree)
	})
	require.ErrorIs(t, s.c.Health(), ethereum.ErrDisagree)
}

// More logs than are read at once, in blocks that aren't final, are read in parts: whoever starts while anybody fills blocks
// with calls of the contract isn't blind.
func TestManyLogsThatAreNotFinalAreReadInParts(t *testing.T) {
	t.Cleanup(ethereum.SetMaxLogs(8))
	s := newScene(t, 2)
	for range 3 {
		for range 4 {
			s.sum++
			s.chain.Emit(contract, binary.BigEndian.AppendUint32(nil, uint32(s.sum)), common.Hash{1})
		}
		s.mine(1)
	}
	s.start()
	h := s.listen(0)
	h.head()
	require.Equal(t, oneTo(15), append(numbers(h.settled), numbers(h.last.Pending)...))
}
