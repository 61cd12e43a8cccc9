package model_test

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/model"
)

// forked is a world with a channel in a standard token, and two calls that exclude each other.
func forked(t testing.TB) (w *model.World, p evm.Params, coop, withdraw []byte) {
	t.Helper()
	w = model.New(5, common.Address{0xad}, start)
	w.Tokens[honest] = model.Standard{rich: num(2000)}
	p = evm.Params{
		A: keys[0].address, B: keys[1].address, PayA: keys[2].address, PayB: nobody, Token: honest, Delay: delay,
	}
	_, err := w.Call(rich, evm.Amount{}, evm.PackDeposit(p, evm.SideA, num(1500)))
	require.NoError(t, err)
	x := evm.Cooperation{A: num(900), B: num(600), AccA: num(1500)}
	id := w.ChannelID(p)
	digest := w.CoopDigest(id, x)
	coop = evm.PackCoop(p, x, keys[0].sign(digest), keys[1].sign(digest))
	digest = w.WithdrawDigest(id, num(100), num(0))
	return w, p, coop, evm.PackWithdraw(p, num(100), num(0), keys[0].sign(digest), keys[1].sign(digest))
}

// What happens to a clone doesn't happen to the world that it was made of: a fork is a clone.
func TestAClonedWorldGoesItsOwnWay(t *testing.T) {
	w, p, coop, withdraw := forked(t)
	id := w.ChannelID(p)
	other := w.Clone()
	events, err := other.Call(poor, evm.Amount{}, withdraw)
	require.NoError(t, err)
	require.Equal(t, []evm.Event{evm.Withdrawn{ID: id, TotalA: num(100)}}, events)
	events, err = w.Call(poor, evm.Amount{}, coop)
	require.NoError(t, err)
	require.Equal(t, []evm.Event{evm.Cooperated{ID: id, PaidA: num(900), PaidB: num(600)}}, events)

	require.Equal(t, evm.PhaseEnded, w.Channel(id).Phase)
	require.Equal(t, evm.PhaseOpen, other.Channel(id).Phase)
	for _, v := range []struct {
		w    *model.World
		who  common.Address
		want uint64
	}{{w, keys[2].address, 900}, {w, nobody, 600}, {other, keys[2].address, 100}, {other, nobody, 0}} {
		balance, ok := v.w.Tokens[honest].BalanceOf(v.w, v.who)
		require.True(t, ok)
		require.Equal(t, num(v.want), balance)
	}
	other.Time++
	require.EqualValues(t, start, w.Time)
}

// A call that fails leaves nothing behind.
func TestARevertedCallChangesNothing(t *testing.T) {
	w, p, coop, withdraw := forked(t)
	id := w.ChannelID(p)
	_, err := w.Call(rich, num(1), coop)
	require.ErrorIs(t, err, model.ErrCalldata, "coins for a call that takes none")
	w.ChainID++
	for range 2 {
		_, err = w.Call(rich, evm.Amount{}, withdraw)
		require.ErrorIs(t, err, evm.ErrWrongSignature)
	}
	_, err = w.Call(rich, evm.Amount{}, evm.PackDeposit(p, evm.SideB, num(501)))
	require.ErrorIs(t, err, evm.ErrTransferFailed, "more than it has")
	require.Equal(t, evm.Channel{Phase: evm.PhaseOpen, DepA: num(1500)}, w.Channel(id))
	w.ChainID--
	_, err = w.Call(rich, evm.Amount{}, coop)
	require.NoError(t, err)
}

// Whatever is sent to the contract, the model answers.
func FuzzCalldata(f *testing.F) {
	_, p, coop, withdraw := forked(f)
	for _, seed := range [][]byte{
		coop, withdraw, evm.PackDeposit(p, 0, num(1)), evm.PackSettle(p), evm.PackChannel([32]byte{}), nil,
		evm.PackClose(p, evm.Commitment{}, make([]byte, 64), evm.Sig{}, evm.Sig{}), evm.PackResolve(p, nil, nil),
	} {
		f.Add(uint64(0), seed)
	}
	f.Fuzz(func(t *testing.T, value uint64, data []byte) {
		w, _, _, _ := forked(t)
		before := w.Clone()
		if _, err := w.Call(rich, num(value), data); err != nil {
			require.Equal(t, before.Channel(w.ChannelID(p)), w.Channel(w.ChannelID(p)))
		}
		_, _ = w.View(data)
	})
}
