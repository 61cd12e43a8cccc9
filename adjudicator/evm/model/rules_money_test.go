package model_test

import (
	"encoding/binary"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
)

func TestRule08ASignatureIsGoodOnceAndHereOnly(t *testing.T) {
	x := open(t, coin, keys[2].address)
	c := agreed(evm.SideA, 900, 600)
	digest := x.digest(c, nil)
	good := keys[1].sign(digest)
	flipped, high := good, good
	flipped[32] ^= 0x80
	var s evm.Amount
	flat := good
	flat[32] &= 0x7f
	s.SetBytes(flat[32:])
	s.Sub(uint256.MustFromBig(crypto.S256().Params().N), &s)
	word := s.Bytes32()
	copy(high[32:], word[:])
	holders := keys[0].sign(digest)
	for name, sig := range map[string]evm.Sig{"zero": {}, "parity": flipped, "high s": high} {
		x.fails(evm.ErrWrongSignature, evm.PackClose(x.p, c, nil, sig, holders))
		require.Equal(t, evm.PhaseOpen, x.channel().Phase, name)
	}

	// Of another channel of the same two, and of another contract.
	q := x.p
	q.Nonce++
	x.ok(evm.PackDeposit(q, evm.SideA, num(depositA)), num(depositA))
	x.ok(evm.PackDeposit(q, evm.SideB, num(depositB)), num(depositB))
	x.fails(evm.ErrWrongSignature, evm.PackClose(q, c, nil, good, holders))
	other := *x.w
	other.Address[0] ^= 1
	elsewhere := other.CommitmentDigest(x.id, c, evm.Amount{}, crypto.Keccak256Hash())
	x.fails(evm.ErrWrongSignature, evm.PackClose(x.p, c, nil, keys[1].sign(elsewhere), keys[0].sign(elsewhere)))

	// Nobody is the zero address that a failed recovery gives.
	q = evm.Params{Delay: 1}
	x.ok(evm.PackDeposit(q, evm.SideA, num(1)), num(1))
	x.fails(evm.ErrWrongSignature, evm.PackWithdraw(q, num(0), num(0), evm.Sig{}, evm.Sig{}))
	x.fails(evm.ErrWrongSignature, evm.PackClaimOwed(coin, common.Address{}, rich, evm.Sig{}))
}

func TestRule08TheDomainFollowsTheChainsId(t *testing.T) {
	x := open(t, coin, keys[2].address)
	before := x.close(agreed(evm.SideA, 900, 600))
	x.w.ChainID++
	x.m.on(x.w.ChainID, start)
	domain := x.w.DomainSeparator()
	require.Equal(t, domain[:], x.m.view(t, evm.PackDomainSeparator()))
	require.Equal(t, x.id[:], x.m.view(t, contract.PackChannelId(evmParams(x.p))), "ids stay")
	x.fails(evm.ErrWrongSignature, before)
	x.ok(x.close(agreed(evm.SideA, 900, 600)))
}

// closes end a channel and push to A at the receiver and to B.
func closes() map[string]func(*table) []byte {
	posted := func(x *table) {
		x.ok(x.close(agreed(evm.SideA, 900, 600)))
		x.at(delay)
	}
	return map[string]func(*table) []byte{
		"coop":          func(x *table) []byte { return x.coop(900, 600) },
		"settle":        func(x *table) []byte { posted(x); return evm.PackSettle(x.p) },
		"settlePartial": func(x *table) []byte { posted(x); return evm.PackSettlePartial(x.p, nil) },
		"withdraw":      func(x *table) []byte { return x.withdraw(900, 600) },
		"punish":        func(x *table) []byte { posted(x); return x.punish(receiver, 900) },
	}
}

func TestRule09APaymentThatIsRefusedIsOwedAndStopsNothing(t *testing.T) {
	for name, last := range closes() {
		for _, how := range coinAnswers {
			x := open(t, coin, receiver)
			*x.coins = mood{answer: how}
			x.ok(last(x))
			paid, owed := x.has(receiver), x.owed(receiver)
			require.EqualValues(t, 900, paid+owed, "%s, the receiver does: %s", name, how.name)
			require.Equal(t, how.fails, owed > 0, "%s, the receiver does: %s", name, how.name)
			require.EqualValues(t, 600, x.has(nobody))
			if owed == 0 {
				continue
			}
			claim := x.m.call(receiver, evm.Amount{}, evm.PackClaimOwed(coin, receiver, rich, evm.Sig{}), gasLimit, true)
			require.NoError(t, claim.err)
			require.Zero(t, x.owed(receiver))
		}
		for _, how := range answers {
			x := open(t, hostile, keys[2].address)
			data := last(x)
			done := how.name == "true" || how.name == "nothing" || how.name == "true and more" ||
				how.name == "a megabyte that begins with true" || how.name == "true, just in time"
			*x.token = mood{answer: how, still: !done} // an honest refusal moves nothing
			events := x.ok(data)
			owed := 0
			for _, e := range events {
				if _, is := e.(evm.Owed); is {
					owed++
				}
			}
			require.Equal(t, map[bool]int{true: 0, false: 2}[done], owed, "%s, the token answers: %s", name, how.name)
		}
	}
}

// choosy is the code of a receiver or token that refuses when it has less gas than it may count on, and
// says true otherwise. Unlike one that runs out it leaves its caller gas to go on with:
// PUSH4 least, GAS, LT, PUSH1 18, JUMPI, return of a word 1, JUMPDEST, revert.
func choosy(least uint32) []byte {
	code := binary.BigEndian.AppendUint32([]byte{0x63}, least)
	return append(code, 0x5a, 0x10, 0x60, 18, 0x57, 0x60, 1, 0x5f, 0x52, 0x60, 32, 0x5f, 0xf3, 0x5b, 0x5f, 0x5f, 0xfd)
}

func TestRule09NoCallerStarvesAPayment(t *testing.T) {
	ends := closes()
	ends["withdraw of one side"] = func(x *table) []byte { return x.withdraw(900, 0) } // no later push needs gas
	for name, last := range ends {
		for _, v := range []struct {
			token, picky common.Address
			least        uint32
		}{{coin, receiver, 32_200}, {hostile, hostile, 249_900}} { // with coins come 2,300 more
			x := open(t, v.token, receiver)
			data := last(x)
			delete(x.m.natives, v.picky)
			x.m.setNatives()
			x.m.state.SetCode(v.picky, choosy(v.least), tracing.CodeChangeUnspecified)
			full := x.m.call(rich, evm.Amount{}, data, gasLimit, false)
			require.NoError(t, full.err)
			for _, log := range full.logs {
				e, err := evm.UnpackEvent(log)
				require.NoError(t, err)
				_, owed := e.(evm.Owed)
				require.False(t, owed, "with all gas, %s pays", name)
			}
			tooLow, done := 0, 0
			for gas := uint64(21_000); gas < full.gas+300_000; gas += 509 {
				o := x.m.call(rich, evm.Amount{}, data, gas, false)
				switch o.err {
				case nil:
					done++
					require.True(t, sameLogs(full.logs, o.logs), "%s in %x with %d gas: a payment was starved", name, v.token, gas)
				case evm.ErrGasTooLow:
					tooLow++
				}
			}
			require.NotZero(t, tooLow, name)
			require.NotZero(t, done, name)
		}
	}
}

func TestRule10TokensThatAnswerNothingWork(t *testing.T) {
	x := open(t, silent, keys[2].address)
	x.ok(x.withdraw(100, 0))
	x.ok(x.close(withdrawn(100, 800, 600)))
	x.at(delay)
	x.ok(evm.PackSettle(x.p))
	require.EqualValues(t, 900, x.has(keys[2].address))
	require.EqualValues(t, 600, x.has(nobody))
}

// withdrawn is A's state after it withdrew.
func withdrawn(outA, toA, toB uint64) evm.Commitment {
	c := agreed(evm.SideA, toA, toB)
	c.OutA = num(outA)
	return c
}

func TestRule10CoinsForATokensChannelAreRefused(t *testing.T) {
	for _, token := range []common.Address{honest, silent, hostile} {
		x := open(t, token, keys[2].address)
		x.fails(evm.ErrUnexpectedValue, evm.PackDeposit(x.p, evm.SideA, num(1)), num(1))
	}
	x := open(t, coin, keys[2].address)
	x.fails(evm.ErrUnexpectedValue, evm.PackDeposit(x.p, evm.SideA, num(1)), num(2))
	x.fails(evm.ErrUnexpectedValue, evm.PackDeposit(x.p, evm.SideA, num(1)))
	_, err := x.try(nil, num(1))
	require.ErrorIs(t, err, errNoReason, "nor does it take them by themselves")
}

func TestRule11TimeIsTheBlocksTimestamp(t *testing.T) {
	locks := []evm.Lock{lock(1, evm.SideA, 100, 1000), lock(2, evm.SideB, 100, 1000)}
	packed := evm.PackLocks(locks)
	x := open(t, coin, keys[2].address)
	x.ok(x.close(agreed(evm.SideA, 800, 500), locks...))
	require.EqualValues(t, start+delay, x.channel().Deadline)
	x.m.vm.Context.BlockNumber = big.NewInt(1 << 40) // says nothing
	x.at(999)
	require.Equal(t, []evm.Event{evm.Resolved{ID: x.id, Claims: []evm.Claim{claim(0, 1)}}},
		x.ok(evm.PackResolve(x.p, packed, []evm.Claim{claim(0, 1)})), "strictly before its expiry")
	require.Equal(t, []evm.Event{evm.Resolved{ID: x.id}}, x.ok(evm.PackResolve(x.p, packed, nil)))
	x.at(1000)
	require.Equal(t, []evm.Event{evm.Resolved{ID: x.id}},
		x.ok(evm.PackResolve(x.p, packed, []evm.Claim{claim(1, 2)})), "late: neither taken nor, by this call, refunded")
	require.Equal(t, []evm.Event{evm.Resolved{ID: x.id, Refunds: []uint16{1}}}, x.ok(evm.PackResolve(x.p, packed, nil)))
	x.at(delay - 1)
	x.fails(evm.ErrTooEarly, evm.PackSettle(x.p))
	x.fails(evm.ErrTooEarly, evm.PackSettlePartial(x.p, packed))
	x.at(delay)
	x.ok(evm.PackSettle(x.p))
	require.EqualValues(t, 800+100+100, x.has(keys[2].address))
}
