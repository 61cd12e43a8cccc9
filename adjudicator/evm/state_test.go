package evm_test

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
)

var channel = [32]byte{7}

func place(block, index uint64) evm.Place {
	return evm.Place{Block: block, Index: index, Time: 10 * block, Tx: common.Hash{byte(block)}}
}

// life is all that may happen to a channel that is closed by a state of B's.
func life() []evm.Event {
	n := func(u uint64) (a evm.Amount) { a.SetUint64(u); return a }
	return []evm.Event{
		evm.Deposited{ID: channel, Side: evm.SideA, Amount: n(100)},
		evm.Deposited{ID: channel, Side: evm.SideB, Amount: n(50)},
		evm.Deposited{ID: channel, Side: evm.SideA, Amount: n(1)},
		evm.Withdrawn{ID: channel, TotalA: n(5), TotalB: n(6)},
		evm.Closing{ID: channel, Holder: evm.SideB, N: 9, Rev: common.Address{3}, Deadline: 700, ToA: n(40), ToB: n(30)},
		evm.Resolved{ID: channel, Claims: []evm.Claim{{Index: 2, Preimage: [32]byte{4}}}},
		evm.Resolved{ID: channel, Refunds: []uint16{0, 900}},
		evm.Settled{ID: channel, PaidA: n(41), PaidB: n(30)},
		evm.Settled{ID: channel, PaidA: n(1), PaidB: n(2), Ended: true},
	}
}

func TestAStateIsTheFoldOfItsEvents(t *testing.T) {
	var s evm.State
	for i, e := range life() {
		s = s.Fold(channel, e, place(uint64(i+1), 0))
	}
	require.Equal(t, evm.PhaseEnded, s.Phase)
	require.Equal(t, evm.BySettle, s.How)
	require.Equal(t, []uint64{101, 50, 5, 6}, []uint64{
		s.Deposits[0].Uint64(), s.Deposits[1].Uint64(), s.Withdrawn[0].Uint64(), s.Withdrawn[1].Uint64(),
	})
	require.Equal(t, []uint64{42, 32}, []uint64{s.Paid[0].Uint64(), s.Paid[1].Uint64()})
	require.True(t, s.Decided(2) && s.Decided(0) && s.Decided(900))
	require.False(t, s.Decided(1))
	require.Equal(t, place(1, 0), s.Opened)
	require.Equal(t, place(5, 0), s.Closed)
	require.Equal(t, place(9, 0), s.End)
}

// Events of other channels, and those that were told already, pass a state by.
func TestEventsCountOnceAndForTheirChannel(t *testing.T) {
	events := life()
	var s evm.State
	for i, e := range events[:3] {
		s = s.Fold(channel, e, place(1, uint64(i)))
	}
	before := s
	s = s.Fold([32]byte{8}, events[3], place(2, 0))
	for i, e := range events[:3] {
		s = s.Fold(channel, e, place(1, uint64(i)))
	}
	s = s.Fold(channel, evm.Owed{}, place(3, 0))
	require.Equal(t, before, s)
}

// A state is a value: what a reorganisation undoes never was in the one before.
func TestFoldingLeavesTheStateBefore(t *testing.T) {
	events := life()
	var s evm.State
	for i, e := range events[:6] {
		s = s.Fold(channel, e, place(uint64(i+1), 0))
	}
	stored := s.Append(nil)
	other := s.Fold(channel, evm.Resolved{ID: channel, Claims: []evm.Claim{{Index: 3}}, Refunds: []uint16{4}}, place(7, 0))
	require.True(t, other.Decided(3))
	require.Equal(t, stored, s.Append(nil))
	require.False(t, s.Decided(3))
}

func TestStatesAreStoredWhole(t *testing.T) {
	var s evm.State
	for i, e := range append([]evm.Event{evm.Owed{}}, life()...) {
		s = s.Fold(channel, e, place(uint64(i+1), 0))
		b := s.Append(nil)
		have, err := evm.ReadState(b)
		require.NoError(t, err)
		require.Equal(t, s, have)
		for n := range b {
			_, err := evm.ReadState(b[:n])
			require.ErrorIs(t, err, evm.ErrState)
		}
		_, err = evm.ReadState(append(b, 0))
		require.ErrorIs(t, err, evm.ErrState)
	}
	punished := evm.State{Holder: evm.SideA}.Fold(channel, evm.Punished{ID: channel}, place(1, 0))
	require.Equal(t, evm.ByPunish, punished.How)
}

func FuzzReadState(f *testing.F) {
	var s evm.State
	for i, e := range life() {
		s = s.Fold(channel, e, place(uint64(i+1), 0))
		f.Add(s.Append(nil))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := evm.ReadState(b)
		if err != nil {
			return
		}
		again, err := evm.ReadState(s.Append(nil))
		require.NoError(t, err)
		require.Equal(t, s, again)
	})
}
