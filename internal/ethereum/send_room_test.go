package ethereum_test

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/internal/ethereum"
	"github.com/nichework/nwnd/internal/ethereum/ethtest"
)

// A peer can have us want any number of calls that aren't worth their gas, with deadlines or without. They take no
// nonce from one that is: it has the place of one of them when every account has as many under way as pools take.
func TestCallsThatAreNotWorthTheirGasKeepNoUrgentOneOut(t *testing.T) {
	for name, hurry := range map[string]uint64{"calm": 0, "urgent": 3000} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, 2, ethtest.Options{})
			s.open()
			for i := range 40 {
				dust := call(0, byte(i))
				dust.Worth = ethtest.Gwei(400_000) // some 7 gwei a unit of gas
				if hurry > 0 {
					dust.Deadline = s.chain.Head().Time + hurry
				}
				s.want(fmt.Sprint("dust", i), dust)
			}
			s.waiting(32)
			s.chain.SetBaseFee(ethtest.Gwei(20))
			s.empty()
			urgent := call(1)
			urgent.Deadline = s.chain.Head().Time + 60
			s.want("urgent", urgent)
			s.until("the urgent one", func() bool { return s.state("call 01") == ethereum.SendSent })
			s.block()
			require.Contains(t, s.calls(), "01")
		})
	}
}

// What has a deadline doesn't wait for what has none.
func TestManyCallsWithoutADeadlineKeepNoUrgentOneOut(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	s.open()
	for i := range 20 {
		s.want(fmt.Sprint("calm", i), call(0, byte(i)))
	}
	s.waiting(16)
	urgent := call(1)
	urgent.Deadline = s.chain.Head().Time + 60
	s.want("urgent", urgent)
	s.until("the urgent one", func() bool { return s.state("call 01") == ethereum.SendSent })
	for range 4 {
		s.block()
		s.until("the sender's answer to the head", s.seen)
	}
	require.Contains(t, s.calls(), "01")
	for i := range 20 { // the one that gave way comes later, once
		require.Contains(t, s.calls(), hex.EncodeToString([]byte{0, byte(i)}))
	}
	require.Len(t, s.calls(), 21)
}

// A replacement that the account can't pay is none: the network refuses it, and has forgotten what it took before.
func TestAFeeIsNotRaisedBeyondWhatTheAccountHas(t *testing.T) {
	s := newShop(t, 1, ethtest.Options{})
	who := s.keys.Addresses()[0]
	s.chain.Fund(who, new(big.Int).Sub(ethtest.Gwei(40*60_000), s.chain.Balance(who))) // 40 gwei a unit
	s.open()
	urgent := call(1)
	urgent.Gas, urgent.Deadline = 60_000, s.chain.Head().Time+300
	s.want("channel", urgent)
	s.waiting(1)
	for s.chain.Head().Time+40 < urgent.Deadline {
		s.chain.Warp(9)
		s.empty()
		s.until("the sender's answer to the head", s.seen)
	}
	for _, st := range s.c.Status() {
		require.Greater(t, st.FeeCap, uint64(20e9), "it is raised as far as it goes")
		require.LessOrEqual(t, st.FeeCap, uint64(40e9))
	}
	s.chain.Forget()
	s.empty()
	s.waiting(1)
	s.block()
	require.Equal(t, []string{"01"}, s.calls())
}
