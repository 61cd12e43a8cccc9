package model_test

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// The rules of the design that no saving of gas may break, each by its number, in the EVM.

func TestRule01AnEndedChannelStaysEnded(t *testing.T) {
	l := lock(1, evm.SideA, 100, 10)
	for name, end := range map[string]func(*table){
		"coop": func(x *table) { x.ok(x.coop(900, 600)) },
		"settle": func(x *table) {
			x.ok(x.close(agreed(evm.SideA, 900, 600)))
			x.at(delay)
			x.ok(evm.PackSettle(x.p))
		},
		"settlePartial": func(x *table) {
			x.ok(x.close(agreed(evm.SideA, 900, 600)))
			x.at(delay)
			x.ok(evm.PackSettlePartial(x.p, nil))
		},
		"punish": func(x *table) {
			x.ok(x.close(agreed(evm.SideA, 800, 600), l))
			x.ok(x.punish(nobody, 0))
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := open(t, coin, keys[2].address)
			end(x)
			require.Equal(t, evm.Channel{Phase: evm.PhaseEnded}, x.channel())
			ended := evm.ErrWrongPhase(evm.PhaseEnded)
			x.fails(ended, evm.PackDeposit(x.p, evm.SideA, num(depositA)), num(depositA))
			x.fails(ended, x.withdraw(1, 1))
			x.fails(ended, x.close(agreed(evm.SideA, 900, 600)))
			x.fails(ended, x.coop(900, 600))
			x.fails(ended, evm.PackResolve(x.p, evm.PackLocks([]evm.Lock{l}), nil))
			x.fails(ended, evm.PackSettle(x.p))
			x.fails(ended, evm.PackSettlePartial(x.p, nil))
			x.fails(ended, x.punish(nobody, 0))
		})
	}
}

func TestRule02LocksHashStaysWhileClosing(t *testing.T) {
	for _, n := range []int{4, 30, 31, 300, 966} {
		x := open(t, coin, keys[2].address)
		locks := []evm.Lock{
			lock(1, evm.SideA, 10, 500), lock(2, evm.SideB, 20, 500), lock(3, evm.SideA, 30, 100),
			lock(4, evm.SideB, 40, 2*delay),
		}
		for len(locks) < n {
			locks = append(locks, lock(9, evm.SideB, 0, 2*delay))
		}
		packed := evm.PackLocks(locks)
		x.ok(x.close(agreed(evm.SideA, 880, 520), locks...))
		hash := x.channel().LocksHash
		for _, step := range []struct { // each was made ready for the same array: none invalidates another
			at   uint64
			data []byte
		}{
			{0, evm.PackResolve(x.p, packed, []evm.Claim{claim(0, 1)})},
			{0, evm.PackResolve(x.p, packed, []evm.Claim{claim(0, 1), claim(1, 2)})},
			{100, evm.PackResolve(x.p, packed, nil)},
			{delay, evm.PackSettlePartial(x.p, packed)},
			{2 * delay, evm.PackResolve(x.p, packed, nil)},
		} {
			x.at(step.at)
			x.ok(step.data)
			require.Equal(t, hash, x.channel().LocksHash)
		}
		x.ok(evm.PackSettle(x.p))
		require.EqualValues(t, 880+10+40, x.has(keys[2].address), "%d locks", n)
		require.EqualValues(t, 520+20+30, x.has(nobody))
	}
}

func TestRule03NobodyMintsUnits(t *testing.T) {
	all := *new(evm.Amount).Sub(new(evm.Amount).Lsh(uint256.NewInt(1), 128), uint256.NewInt(1))
	for name, v := range map[string]struct {
		spoil func(*evm.Commitment)
		locks []evm.Lock
		want  error
	}{
		"one more":             {func(c *evm.Commitment) { c.ToA = num(901) }, nil, evm.ErrNotConserved},
		"one less":             {func(c *evm.Commitment) { c.ToA = num(899) }, nil, evm.ErrNotConserved},
		"locks besides":        {func(*evm.Commitment) {}, []evm.Lock{lock(1, 0, 1, 9)}, evm.ErrNotConserved},
		"a sum that wraps":     {func(c *evm.Commitment) { c.ToA, c.ToB = all, num(depositA+depositB+1) }, nil, evm.ErrNotConserved},
		"more than was put in": {func(c *evm.Commitment) { c.ToA, c.AccA = num(901), num(depositA+1) }, nil, evm.ErrDepositsMissing},
		"all there can be":     {func(c *evm.Commitment) { c.ToA, c.ToB, c.AccA, c.AccB = all, num(0), all, num(0) }, nil, evm.ErrDepositsMissing},
	} {
		x := open(t, coin, keys[2].address)
		c := agreed(evm.SideA, 900, 600)
		v.spoil(&c)
		x.fails(v.want, x.close(c, v.locks...))
		require.Equal(t, evm.PhaseOpen, x.channel().Phase, name)
	}
	x := open(t, coin, keys[2].address)
	x.fails(evm.ErrTooMuch, x.withdraw(depositA, depositB+1))
	brim := *new(evm.Amount).Lsh(uint256.NewInt(1), 120)
	brim.Sub(&brim, uint256.NewInt(depositA+depositB))
	for side := range uint8(2) {
		x.fails(evm.ErrTooMuch, evm.PackDeposit(x.p, side, brim), brim)
	}
	brim.Sub(&brim, uint256.NewInt(1))
	x.ok(evm.PackDeposit(x.p, evm.SideB, brim), brim)
	x.fails(evm.ErrTooMuch, evm.PackDeposit(x.p, evm.SideA, num(1)), num(1))
	c := x.channel()
	require.Equal(t, num(depositA), c.DepA)
	require.Equal(t, add(num(depositB), brim), c.DepB)
	x.fails(evm.ErrTooMuch, x.withdrawAll(all))
}

func (x *table) withdrawAll(total evm.Amount) []byte {
	digest := x.w.WithdrawDigest(x.id, total, total)
	return evm.PackWithdraw(x.p, total, total, keys[0].sign(digest), keys[1].sign(digest))
}

func TestRule04ThePeerCannotCloseInTheHoldersName(t *testing.T) {
	x := open(t, coin, keys[2].address)
	c := agreed(evm.SideA, 900, 600)
	own := keys[1].sign(x.digest(c, nil)) // B signed A's state; and A another one
	other := c
	other.N++
	for _, holders := range []evm.Sig{own, {}, keys[0].sign(x.digest(other, nil)), keys[2].sign(x.digest(c, nil))} {
		x.fails(evm.ErrWrongSignature, evm.PackClose(x.p, c, nil, own, holders))
	}
	x.ok(x.close(c))
}

func TestRule05OnlyTheVictimsGrantPunishesForABountyOfTheCheatersOwn(t *testing.T) {
	x := open(t, coin, keys[2].address)
	locks := []evm.Lock{lock(1, evm.SideA, 300, 1000)}
	x.ok(x.close(agreed(evm.SideA, 15, 1185), locks...)) // A, the cheater, has its reserve of 15
	x.ok(evm.PackResolve(x.p, evm.PackLocks(locks), []evm.Claim{claim(0, 1)}))
	digest := x.w.GrantDigest(x.id, nobody, num(500))
	secret := secrets[0].value
	for _, grant := range []evm.Sig{{}, keys[0].sign(digest), keys[2].sign(digest)} {
		x.fails(evm.ErrWrongSignature, evm.PackPunish(x.p, secret, nobody, num(500), grant))
	}
	grant := keys[1].sign(digest)
	x.fails(evm.ErrWrongSignature, evm.PackPunish(x.p, secret, rich, num(500), grant))
	x.fails(evm.ErrWrongSignature, evm.PackPunish(x.p, secret, nobody, num(501), grant))
	for _, wrong := range [][32]byte{{}, secrets[1].value} {
		x.fails(evm.ErrWrongSecret, evm.PackPunish(x.p, wrong, nobody, num(500), grant))
	}
	cap := x.channel().Cap
	require.False(t, cap.Gt(uint256.NewInt(15)), "what the lock gave isn't the tower's: %v", &cap)
	events := x.ok(evm.PackPunish(x.p, secret, nobody, num(500), grant))
	require.Equal(t, evm.Punished{
		ID: x.id, Tower: nobody, Bounty: cap, Paid: sub(num(depositA+depositB), cap),
	}, events[0])
}

func TestRule06NoFunctionRunsInsideAnother(t *testing.T) {
	for _, token := range []common.Address{coin, hostile} {
		x := open(t, token, receiver)
		inside := map[string][]byte{
			"deposit": evm.PackDeposit(x.p, evm.SideA, num(0)), "withdraw": x.withdraw(2, 2),
			"close": x.close(agreed(evm.SideA, 900, 600)), "coop": x.coop(900, 600),
			"resolve": evm.PackResolve(x.p, nil, nil), "settle": evm.PackSettle(x.p),
			"settlePartial": evm.PackSettlePartial(x.p, nil), "punish": x.punish(nobody, 0),
			"claimOwed": evm.PackClaimOwed(token, receiver, rich, evm.Sig{}),
		}
		total := uint64(0)
		for name, data := range inside {
			x.token.strike, x.coins.strike = &call{data: data}, &call{data: data}
			total++
			before := x.channel()
			x.ok(x.withdraw(total, 0)) // pushes
			require.Equal(t, []error{evm.ErrReentered}, x.inEVM.struck, name)
			before.WithdrawnA = num(total)
			require.Equal(t, before, x.channel(), name)
			if token != coin {
				x.ok(evm.PackDeposit(x.p, evm.SideB, num(1))) // pulls
				require.Equal(t, []error{evm.ErrReentered}, x.inEVM.struck, name)
				before.DepB = add(before.DepB, num(1))
				require.Equal(t, before, x.channel(), name)
			}
		}
	}
}

func TestRule07AStrangersUnitBlocksNothing(t *testing.T) {
	for name, end := range map[string]func(*table){
		"coop": func(x *table) { x.ok(x.coop(900, 600)) },
		"close": func(x *table) {
			x.ok(x.close(agreed(evm.SideB, 900, 600)))
			x.at(delay)
			x.ok(evm.PackSettle(x.p))
		},
	} {
		x := open(t, coin, keys[2].address)
		x.ok(evm.PackDeposit(x.p, evm.SideA, num(1)), num(1))
		x.ok(evm.PackDeposit(x.p, evm.SideB, num(2)), num(2))
		end(x)
		require.EqualValues(t, 901, x.has(keys[2].address), name)
		require.EqualValues(t, 602, x.has(nobody), name)
	}
}
