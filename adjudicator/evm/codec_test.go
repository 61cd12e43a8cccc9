package evm_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/adjudicator/evm/binding"
)

func randomWord(r *rand.Rand) (w [32]byte) {
	for i := range w {
		w[i] = byte(r.Uint32())
	}
	return w
}

func randomAmount(r *rand.Rand) (a evm.Amount) {
	w := randomWord(r)
	a.SetBytes(w[32-r.IntN(17):])
	return a
}

func randomSig(r *rand.Rand) (s evm.Sig) {
	for i := range s {
		s[i] = byte(r.Uint32())
	}
	return s
}

func randomCommitment(r *rand.Rand) evm.Commitment {
	return evm.Commitment{
		Holder: uint8(r.IntN(2)), N: r.Uint64(), ToA: randomAmount(r), ToB: randomAmount(r),
		AccA: randomAmount(r), AccB: randomAmount(r), OutA: randomAmount(r), OutB: randomAmount(r),
		Rev: randomAddress(r),
	}
}

func randomLocks(r *rand.Rand, n int) (locks []evm.Lock) {
	for range n {
		locks = append(locks, evm.Lock{
			Hash: randomWord(r), Amount: randomAmount(r), Expiry: r.Uint64N(1 << 48), Side: uint8(r.IntN(2)),
		})
	}
	return locks
}

func randomClaims(r *rand.Rand, n int) (claims []evm.Claim) {
	for range n {
		claims = append(claims, evm.Claim{Index: uint16(r.Uint32()), Preimage: randomWord(r)})
	}
	return claims
}

// randomEvents has one of each.
func randomEvents(r *rand.Rand) []evm.Event {
	return []evm.Event{
		evm.Deposited{ID: randomWord(r), Side: 1, Amount: randomAmount(r)},
		evm.Withdrawn{ID: randomWord(r), TotalA: randomAmount(r), TotalB: randomAmount(r)},
		evm.Closing{
			ID: randomWord(r), Holder: 1, N: r.Uint64(), Rev: randomAddress(r), Deadline: r.Uint64(),
			ToA: randomAmount(r), ToB: randomAmount(r),
		},
		evm.Resolved{ID: randomWord(r), Claims: randomClaims(r, r.IntN(3)), Refunds: []uint16{1, 0xffff}},
		evm.Settled{ID: randomWord(r), PaidA: randomAmount(r), PaidB: randomAmount(r), Ended: r.IntN(2) == 0},
		evm.Punished{ID: randomWord(r), Tower: randomAddress(r), Bounty: randomAmount(r), Paid: randomAmount(r)},
		evm.Cooperated{ID: randomWord(r), PaidA: randomAmount(r), PaidB: randomAmount(r)},
		evm.Owed{Token: randomAddress(r), Who: randomAddress(r), Amount: randomAmount(r)},
		evm.OwedClaimed{Token: randomAddress(r), Who: randomAddress(r), To: randomAddress(r), Amount: randomAmount(r)},
	}
}

func TestEveryEventIsReadAsItWasWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 0))
	at := randomAddress(r)
	for range 50 {
		events := randomEvents(r)
		require.Len(t, binding.NewAdjudicator().GetABI().Events, len(events)+1, "ours, and EIP-5267's")
		for _, want := range events {
			log := evm.PackEvent(at, want)
			require.Equal(t, at, log.Address)
			got, err := evm.UnpackEvent(&log)
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	}
}

func TestLogsThatAreNoEventsAreRefused(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 0))
	for name, log := range map[string]types.Log{
		"no topic":      {},
		"unknown topic": {Topics: []common.Hash{{1}}},
		"not ours":      {Topics: []common.Hash{binding.NewAdjudicator().GetABI().Events["EIP712DomainChanged"].ID}},
	} {
		_, err := evm.UnpackEvent(&log)
		require.ErrorIs(t, err, evm.ErrLog, name)
	}
	for _, e := range randomEvents(r) {
		for name, spoil := range map[string]func(*types.Log){
			"no data":         func(l *types.Log) { l.Data = nil },
			"data cut":        func(l *types.Log) { l.Data = l.Data[:len(l.Data)-32] },
			"topic missing":   func(l *types.Log) { l.Topics = l.Topics[:len(l.Topics)-1] },
			"topic too many":  func(l *types.Log) { l.Topics = append(l.Topics, common.Hash{}) },
			"offset too high": func(l *types.Log) { l.Data = append([]byte{0xff}, l.Data[1:]...) },
		} {
			log := evm.PackEvent(common.Address{}, e)
			spoil(&log)
			got, err := evm.UnpackEvent(&log)
			if name == "offset too high" && err == nil {
				continue // of a fixed-size field, it is another value
			}
			require.ErrorIs(t, err, evm.ErrLog, "%T, %s: %+v", e, name, got)
		}
	}
}

func TestTheCallOfCloseTellsItsStateAndLocks(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 0))
	for n := range 40 {
		want := evm.CloseCall{
			Params: randomParams(r), Commitment: randomCommitment(r), Locks: evm.PackLocks(randomLocks(r, n)),
			PeerSig: randomSig(r), HolderSig: randomSig(r),
		}
		data := evm.PackClose(want.Params, want.Commitment, want.Locks, want.PeerSig, want.HolderSig)
		got, err := evm.UnpackClose(data)
		require.NoError(t, err)
		require.Equal(t, want, got)
		_, err = evm.UnpackClose(data[:len(data)-64])
		require.True(t, err != nil || n == 0 && len(want.Locks) == 0)
	}
	_, err := evm.UnpackClose(evm.PackSettle(randomParams(r)))
	require.ErrorIs(t, err, evm.ErrCall)
}

func TestLocksAndClaimsAreReadAsTheyWereWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 0))
	for n := range 40 {
		locks, claims := randomLocks(r, n), randomClaims(r, n)
		gotLocks, err := evm.UnpackLocks(evm.PackLocks(locks))
		require.NoError(t, err)
		require.Equal(t, locks, gotLocks)
		gotClaims, err := evm.UnpackClaims(evm.PackClaims(claims))
		require.NoError(t, err)
		require.Equal(t, claims, gotClaims)
	}
	_, err := evm.UnpackLocks(make([]byte, 63))
	require.ErrorIs(t, err, evm.ErrLocks)
	_, err = evm.UnpackClaims(make([]byte, 35))
	require.ErrorIs(t, err, evm.ErrClaims)
	for _, at := range []int{54, 55, 56, 63} { // side, kind, first and last of the zeros
		packed := evm.PackLocks(randomLocks(r, 2))
		packed[64+at] = 2
		_, err := evm.UnpackLocks(packed)
		require.ErrorIs(t, err, evm.ErrLocks, "byte %d", at)
	}
}

func TestEveryReasonToRevertIsRead(t *testing.T) {
	definition := binding.NewAdjudicator().GetABI()
	named := map[string]bool{}
	for _, want := range append(allReverts(), evm.ErrWrongPhase(evm.PhaseEnded), evm.ErrWrongPreimage(965)) {
		reason, ok := definition.Errors[want.Name]
		require.True(t, ok, want)
		named[want.Name] = true
		data := append([]byte(nil), reason.ID[:4]...)
		if len(reason.Inputs) > 0 {
			data = append(data, common.BigToHash(new(big.Int).SetUint64(want.Arg)).Bytes()...)
		}
		got, err := evm.UnpackRevert(data)
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Contains(t, got.Error(), want.Name)
	}
	for name := range definition.Errors {
		if !named[name] {
			require.Contains(t, []string{"InvalidShortString", "StringTooLong"}, name, "an error without a value of Revert")
		}
	}
	for _, data := range [][]byte{nil, {1, 2, 3}, {1, 2, 3, 4}, definition.Errors["WrongPreimage"].ID.Bytes()[:4]} {
		_, err := evm.UnpackRevert(data)
		require.ErrorIs(t, err, evm.ErrView)
	}
}

func allReverts() []evm.Revert {
	return []evm.Revert{
		evm.ErrNothingArrived, evm.ErrUnexpectedValue, evm.ErrWrongSide, evm.ErrTooMuch, evm.ErrWrongSignature,
		evm.ErrWrongLocks, evm.ErrLocksDiffer, evm.ErrNotConserved, evm.ErrDepositsMissing,
		evm.ErrWithdrawalsMissing, evm.ErrLower, evm.ErrWrongClaims, evm.ErrTooEarly, evm.ErrUndecided,
		evm.ErrWrongSecret, evm.ErrNothingOwed, evm.ErrReentered, evm.ErrGasTooLow, evm.ErrTransferFailed,
	}
}

func randomChannel(r *rand.Rand) evm.Channel {
	return evm.Channel{
		Phase: evm.PhaseClosing, DepA: randomAmount(r), DepB: randomAmount(r),
		WithdrawnA: randomAmount(r), WithdrawnB: randomAmount(r),
		Holder: 1, Partly: true, Rev: randomAddress(r), Deadline: r.Uint64(),
		ToHolder: randomAmount(r), Left: randomAmount(r), Cap: randomAmount(r),
		Undecided: uint16(r.Uint32()), LocksHash: randomWord(r),
		Decided: [4]evm.Amount{randomAmount(r), randomAmount(r), randomAmount(r), randomAmount(r)},
	}
}

// packChannel is what the view returns, by go-ethereum's encoder.
func packChannel(t testing.TB, c evm.Channel) []byte {
	t.Helper()
	v := binding.IAdjudicatorChannel{
		Phase: uint8(c.Phase), DepA: c.DepA.ToBig(), DepB: c.DepB.ToBig(),
		WithdrawnA: c.WithdrawnA.ToBig(), WithdrawnB: c.WithdrawnB.ToBig(),
		Holder: c.Holder, Partly: c.Partly, Rev: c.Rev, Deadline: c.Deadline,
		ToHolder: c.ToHolder.ToBig(), Left: c.Left.ToBig(), Cap: c.Cap.ToBig(),
		Undecided: c.Undecided, LocksHash: c.LocksHash,
	}
	for i, word := range c.Decided {
		v.Decided[i] = word.ToBig()
	}
	packed, err := binding.NewAdjudicator().GetABI().Methods["channel"].Outputs.Pack(v)
	require.NoError(t, err)
	return packed
}

func TestTheViewOfAChannelIsRead(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 0))
	for range 50 {
		want := randomChannel(r)
		packed := packChannel(t, want)
		got, err := evm.UnpackChannel(packed)
		require.NoError(t, err)
		require.Equal(t, want, got)
		_, err = evm.UnpackChannel(packed[:len(packed)-1])
		require.ErrorIs(t, err, evm.ErrView)
	}
	var c evm.Channel
	c.Decided[3][1] = 1 << 5
	for _, index := range []int{-1, 0, 3*256 + 64 + 4, 1024, 1 << 40} {
		require.False(t, c.IsDecided(index), index)
	}
	require.True(t, c.IsDecided(3*256+64+5))
}

func TestWhatIsOwedIsRead(t *testing.T) {
	want := evm.Amount{7, 8}
	word := want.Bytes32()
	got, err := evm.UnpackOwed(word[:])
	require.NoError(t, err)
	require.Equal(t, want, got)
	_, err = evm.UnpackOwedNonce(word[:])
	require.ErrorIs(t, err, evm.ErrView, "beyond 2^64")
	_, err = evm.UnpackOwed(word[:31])
	require.ErrorIs(t, err, evm.ErrView)
	word = [32]byte{31: 9}
	nonce, err := evm.UnpackOwedNonce(word[:])
	require.NoError(t, err)
	require.EqualValues(t, 9, nonce)
}

// Each call has the selector and the values of the ABI's function of that name.
func TestCallsAreThoseOfTheABI(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 0))
	p, x, y := randomParams(r), randomSig(r), randomSig(r)
	c := evm.Cooperation{
		A: evm.Amount{1}, B: evm.Amount{2}, AccA: evm.Amount{3}, AccB: evm.Amount{4},
		OutA: evm.Amount{5}, OutB: evm.Amount{6},
	}
	words := func(s evm.Sig) string { return fmt.Sprintf("{%v %v}", [32]byte(s[:32]), [32]byte(s[32:])) }
	params := fmt.Sprintf("{%v %v %v %v %v %d %d}", p.A, p.B, p.PayA, p.PayB, p.Token, p.Delay, p.Nonce)
	claims := randomClaims(r, 2)
	a, b, d := randomAddress(r), randomAddress(r), randomAddress(r)
	for name, call := range map[string]struct {
		data []byte
		want []any
	}{
		"deposit":       {evm.PackDeposit(p, 1, evm.Amount{7}), []any{params, 1, 7}},
		"withdraw":      {evm.PackWithdraw(p, evm.Amount{7}, evm.Amount{8}, x, y), []any{params, 7, 8, words(x), words(y)}},
		"resolve":       {evm.PackResolve(p, []byte{9}, claims), []any{params, []byte{9}, evm.PackClaims(claims)}},
		"settle":        {evm.PackSettle(p), []any{params}},
		"settlePartial": {evm.PackSettlePartial(p, []byte{9}), []any{params, []byte{9}}},
		"punish":        {evm.PackPunish(p, [32]byte(x[:32]), a, evm.Amount{7}, y), []any{params, [32]byte(x[:32]), a, 7, words(y)}},
		"coop":          {evm.PackCoop(p, c, x, y), []any{params, 1, 2, 3, 4, 5, 6, words(x), words(y)}},
		"claimOwed":     {evm.PackClaimOwed(a, b, d, x), []any{a, b, d, words(x)}},
		"channel":       {evm.PackChannel([32]byte(x[:32])), []any{[32]byte(x[:32])}},
		"owed":          {evm.PackOwed(a, b), []any{a, b}},
		"owedNonce":     {evm.PackOwedNonce(a), []any{a}},
	} {
		method := binding.NewAdjudicator().GetABI().Methods[name]
		require.Equal(t, method.ID, call.data[:4], name)
		got, err := method.Inputs.Unpack(call.data[4:])
		require.NoError(t, err, name)
		require.Equal(t, fmt.Sprintf("%v", call.want), fmt.Sprintf("%v", got), name)
	}
}
