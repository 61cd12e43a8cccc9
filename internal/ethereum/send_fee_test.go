package ethereum_test

import (
	"crypto/ecdsa"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb"
	"github.com/nichework/nwnd/channeldb/dbtest"
	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/ethereum/ethtest"
)

// The base fee rises 50-fold: what waits is replaced, for a tenth more at least, and is in a block before its deadline.
func TestABaseFeeThatRisesFiftyfoldIsMet(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.open()
	c := call(1)
	c.Deadline = s.chain.Head().Time + 60
	s.want("channel", c)
	s.waiting(1)
	s.chain.SetBaseFee(ethtest.Gwei(50))
	for len(s.calls()) == 0 {
		s.until("the sender's answer to the head", s.seen)
		s.chain.Warp(4)
		s.block()
		require.Less(t, s.chain.Head().Time, c.Deadline)
	}
}

// seen tells whether what waits was sent, or sent again, at the newest head.
func (s *shop) seen() bool {
	for _, st := range s.c.Status() {
		if st.State == ethereum.SendSent && st.At != s.chain.Head().Hash() {
			return false
		}
	}
	return len(s.c.Status()) > 0
}

// With nobody to take it, what has a deadline pays more and more, and all that it is worth at the end; what has none stays
// as it is, and nothing pays more than it is worth.
func TestTheFeeClimbsToTheDeadline(t *testing.T) {
	s := newShop(t, 2, ethtest.Options{})
	s.open()
	urgent, calm := call(1), call(2)
	urgent.Deadline = s.chain.Head().Time + 300
	worth := ethtest.Gwei(200 * 60_000)
	urgent.Worth, urgent.Gas = worth, 60_000
	s.want("a", urgent)
	s.want("b", calm)
	s.waiting(2)
	s.until("both sent", s.seen)
	fees := func(what string) (tip, feeCap uint64) {
		for _, st := range s.c.Status() {
			if st.What == what {
				return st.Tip, st.FeeCap
			}
		}
		t.Fatalf("nothing of %s", what)
		return 0, 0
	}
	firstTip, firstCap := fees("call 02")
	startTip, _ := fees("call 01")
	last := startTip
	for s.chain.Head().Time+1 < urgent.Deadline {
		s.chain.Warp(9)
		s.empty()
		s.until("both sent again", s.seen)
		tip, feeCap := fees("call 01")
		require.GreaterOrEqual(t, tip, last)
		require.LessOrEqual(t, feeCap, uint64(200e9), "no more than it is worth")
		last = tip
	}
	require.Greater(t, last, uint64(150e9), "nearly all that it is worth, from %d on", startTip)
	tip, feeCap := fees("call 02")
	require.Equal(t, []uint64{firstTip, firstCap}, []uint64{tip, feeCap}, "no hurry")
}

// A call with a lower nonce is as urgent as the one behind it.
func TestWhatStandsInTheWayOfAnUrgentCallIsRaisedToo(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.open()
	s.want("a", call(1))
	s.waiting(1)
	s.until("it is sent", s.seen)
	urgent := call(2)
	urgent.Deadline = s.chain.Head().Time + 60
	s.want("b", urgent)
	s.waiting(2)
	s.chain.SetBaseFee(ethtest.Gwei(40))
	for len(s.calls()) < 2 {
		s.until("the sender's answer to the head", s.seen)
		s.chain.Warp(4)
		s.block()
		require.Less(t, s.chain.Head().Time, urgent.Deadline)
	}
}

// An urgent call doesn't queue behind a stuck one: it goes by another account.
func TestAnUrgentCallGoesByAnotherAccount(t *testing.T) {
	s := newShop(t, 2, ethtest.Options{})
	s.open()
	stuck := call(1)
	stuck.Worth = ethtest.Gwei(100_000) // nothing
	s.chain.SetBaseFee(ethtest.Gwei(20))
	s.empty()
	s.want("a", stuck)
	s.waiting(1)
	urgent := call(2)
	urgent.Deadline = s.chain.Head().Time + 60
	s.want("b", urgent)
	s.waiting(2)
	s.block()
	require.Equal(t, []string{"02"}, s.calls())
	s.until("the note", func() bool {
		for _, st := range s.c.Status() {
			if st.What == "call 01" && st.Note != "" {
				return true
			}
		}
		return false
	})
}

// What must come from the first account does, stuck or not; what has no coins pays nothing.
func TestCallsThatMoveTheAccountsOwnGoByIt(t *testing.T) {
	s := newShop(t, 2, ethtest.Options{})
	s.open()
	for i := range 3 {
		c := call(byte(i))
		c.Own = true
		s.want(fmt.Sprint(i), c)
	}
	s.waiting(3)
	for _, st := range s.c.Status() {
		require.Equal(t, s.c.Account(), st.Account)
	}

	poor := newShop(t, 2, ethtest.Options{})
	for _, a := range poor.keys.Addresses() {
		poor.chain.Fund(a, new(big.Int).Sub(big.NewInt(1000), poor.chain.Balance(a)))
	}
	poor.open()
	poor.want("a", call(1))
	poor.until("that there are no coins", func() bool {
		st := poor.c.Status()
		return len(st) == 1 && st[0].State == ethereum.SendWaits && containsAll(st[0].Note, "1000 wei left")
	})
	poor.chain.Fund(poor.keys.Addresses()[1], ethtest.Ether(1))
	poor.empty()
	poor.waiting(1)
}

// A nonce whose call nobody wants any more is taken by the next call, or used up for nothing when others wait behind it, or when
// it stays.
func TestAStuckNonceIsUsedUp(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.open()
	s.want("a", call(1))
	s.waiting(1)
	s.want("a")
	s.want("b", call(2))
	s.until("the other call in its place", func() bool { return s.state("call 02") == ethereum.SendSent })
	require.Len(t, s.c.Status(), 1)

	s.want("c", call(3))
	s.waiting(2)
	s.want("b")
	s.until("nothing in its place", func() bool { return s.state("call 02") == ethereum.SendFilled })
	s.block()
	require.Equal(t, []string{"03"}, s.calls())

	s.want("c")
	s.want("d", call(4))
	s.waiting(1)
	s.want("d")
	for s.state("call 04") != ethereum.SendFilled {
		s.empty()
		s.until("the sender's answer to the head", s.seen)
	}
	s.block()
	require.Equal(t, []string{"03"}, s.calls())
}

// Somebody else with the same key uses a nonce: the call gets another one.
func TestANonceThatWasTakenIsNotWaitedFor(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.open()
	s.want("a", call(1))
	s.waiting(1)
	s.until("it is sent", s.seen)
	theirs, err := types.SignNewTx((*ecdsa.PrivateKey)(s.keys[0]), types.LatestSignerForChainID(big.NewInt(chainID)), &types.DynamicFeeTx{
		ChainID: big.NewInt(chainID), GasFeeCap: ethtest.Gwei(900), GasTipCap: ethtest.Gwei(800), Gas: 21_000, To: &s.keys.Addresses()[0],
	})
	require.NoError(t, err)
	require.NoError(t, s.chain.Send(theirs))
	s.block()
	for len(s.calls()) == 0 {
		s.block()
	}
	require.Equal(t, []string{"01"}, s.calls())
}

// The process dies at each write in turn, and what it wrote then is on disk or isn't: what is wanted is called once, nothing
// is sent that isn't durable, no fee falls.
func TestACrashAtEveryWriteLosesNothing(t *testing.T) {
	writes := 0
	for _, outcome := range []dbtest.Outcome{dbtest.Lost, dbtest.Kept} {
		for n := 0; ; n++ {
			crashed := false
			t.Run(fmt.Sprintf("outcome=%d/write=%d", outcome, n), func(t *testing.T) { crashed = crash(t, n, outcome) })
			if !crashed {
				break
			}
			writes++
		}
	}
	require.Greater(t, writes, 2)
}

// crash runs a story whose n-th write fails, and tells whether there was one.
func crash(t *testing.T, n int, outcome dbtest.Outcome) bool {
	s := newShop(t, 2, ethtest.Options{})
	s.open()
	s.disk.FailAt(n, outcome)
	crashed := false
	wants := map[string][]ethereum.Call{"a": {call(1), call(2)}, "b": {call(3)}}
	say := func() {
		done := s.calls()
		for owner, calls := range wants {
			s.want(owner, slices.DeleteFunc(slices.Clone(calls), func(c ethereum.Call) bool {
				return slices.Contains(done, hex.EncodeToString(c.Data))
			})...)
		}
	}
	s.died = func(err error) {
		require.ErrorIs(t, err, channeldb.ErrStopped)
		require.False(t, crashed)
		crashed = true
		s.open()
		say()
	}
	say()
	for round := range 40 {
		switch {
		case round == 3:
			s.chain.SetBaseFee(ethtest.Gwei(30)) // a replacement for each
		case round > 6:
			s.chain.SetBaseFee(ethtest.Gwei(1))
		}
		s.until("the sender's answer", func() bool { return s.seen() || len(s.c.Status()) == 0 })
		done := make(map[string]bool)
		for _, c := range s.calls() {
			require.False(t, done[c], "%s was called twice", c)
			done[c] = true
		}
		say()
		if len(done) == 3 && len(s.c.Status()) == 0 {
			return crashed
		}
		if round < 2 {
			s.chain.MineEmpty(1)
		} else {
			s.chain.Mine(1)
		}
		s.synced()
	}
	t.Fatalf("it did not end: %v, %+v", s.calls(), s.c.Status())
	return crashed
}
