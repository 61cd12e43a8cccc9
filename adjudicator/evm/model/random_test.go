package model_test

import (
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// one in n.
func (s *scene) oneIn(n int) bool { return s.r.IntN(n) == 0 }

func pick[T any](s *scene, of ...T) T { return of[s.r.IntN(len(of))] }

func num(n uint64) evm.Amount { return *uint256.NewInt(n) }

func add(a, b evm.Amount) evm.Amount { return *a.Add(&a, &b) }
func sub(a, b evm.Amount) evm.Amount { return *a.Sub(&a, &b) }

// below is a random amount below a bound, often close to either end.
func (s *scene) below(bound evm.Amount) (a evm.Amount) {
	if bound.IsZero() {
		return a
	}
	switch s.r.IntN(6) {
	case 0:
		return a
	case 1:
		return sub(bound, num(1))
	}
	for i := range 2 {
		a[i] = s.r.Uint64()
	}
	return *a.Mod(&a, &bound)
}

// upTo is a random amount of at most a bound.
func (s *scene) upTo(bound evm.Amount) evm.Amount { return s.below(add(bound, num(1))) }

// some is an amount of any magnitude, below 2^119.
func (s *scene) some() (a evm.Amount) {
	a[0], a[1] = s.r.Uint64(), s.r.Uint64()
	return *a.Rsh(&a, uint(pick(s, 9, 11, 40, 64, 64, 100, 120, 127)))
}

func (s *scene) newPair() *pair {
	p := &pair{sides: [2]*key{pick(s, keys...), pick(s, keys...)}, secret: pick(s, secrets...)}
	p.p = evm.Params{
		A: p.sides[0].address, B: p.sides[1].address, PayA: pick(s, s.people...), PayB: pick(s, s.people...),
		Token: pick(s, coin, coin, honest, silent, hostile, hostile, hostile, codeless),
		Delay: pick[uint32](s, 0, 100, 1000, 100_000), Nonce: s.r.Uint64(),
	}
	if p.p.Token == codeless && !s.oneIn(4) {
		p.p.Token = coin
	}
	p.id = s.w.ChannelID(p.p)
	return p
}

// next is a random call. What it does not spoil is well formed and signed.
func (s *scene) next() *call {
	s.wait()
	s.changeMoods()
	c := s.choose()
	if c.sender == (common.Address{}) {
		c.sender = pick(s, rich, rich, keys[0].address, poor)
	}
	if s.oneIn(60) {
		s.garble(c)
	}
	if s.oneIn(3) {
		s.token.strike, s.coins.strike = s.choose(), s.choose()
		if !s.token.strike.value.IsZero() {
			s.token.strike = nil
		}
		if !s.coins.strike.value.IsZero() {
			s.coins.strike = nil
		}
	}
	return c
}

// garble makes of calldata what the contract's decoder must refuse, or another call.
func (s *scene) garble(c *call) {
	c.told += ", garbled"
	switch s.r.IntN(4) {
	case 0:
		c.data = c.data[:s.r.IntN(len(c.data))]
	case 1:
		c.data = append(slices.Clone(c.data[:len(c.data)-1]), byte(s.r.Uint32()))
	case 2:
		c.data = append([]byte{byte(s.r.Uint32())}, c.data[1:]...)
	case 3:
		c.value, c.sender = num(1+s.r.Uint64N(5)), rich
	}
}

// wait lets time pass, in both worlds.
func (s *scene) wait() {
	switch s.r.IntN(10) {
	case 0, 1, 2, 3, 4:
		return
	case 5:
		s.until(s.w.Time + s.r.Uint64N(2000))
	default:
		s.until(s.w.Time + s.r.Uint64N(60))
	}
}

func (s *scene) until(time uint64) {
	s.w.Time = max(s.w.Time, time)
	s.m.vm.Context.Time = s.w.Time
}

func (s *scene) changeMoods() {
	s.token, s.coins = mood{answer: answers[0]}, mood{answer: coinAnswers[0]}
	if s.oneIn(2) {
		s.token = mood{answer: pick(s, answers...), still: s.oneIn(8), fee: s.oneIn(6)}
		if s.oneIn(10) {
			s.token.balance = s.r.IntN(balances)
		}
	}
	if s.oneIn(2) {
		s.coins.answer = pick(s, coinAnswers...)
	}
}

// choose picks a channel and what its phase allows, or anything.
func (s *scene) choose() *call {
	if len(s.past) > 0 && s.oneIn(40) {
		again := *pick(s, s.past...) // the same signatures once more
		return &again
	}
	if s.oneIn(8) {
		return s.claimOwed()
	}
	i := s.r.IntN(len(s.pairs))
	p := s.pairs[i]
	phase := s.w.Channel(p.id).Phase
	if phase == evm.PhaseEnded && !s.oneIn(5) {
		s.pairs[i] = s.newPair()
		p, phase = s.pairs[i], evm.PhaseNone
	}
	fit := map[evm.Phase][]func(*pair) *call{
		evm.PhaseNone:    {s.deposit},
		evm.PhaseOpen:    {s.deposit, s.deposit, s.withdraw, s.withdraw, s.close, s.close, s.close, s.coop},
		evm.PhaseClosing: {s.resolve, s.resolve, s.resolve, s.resolve, s.settle, s.settlePartial, s.punish},
	}[phase]
	if len(fit) == 0 || s.oneIn(14) {
		fit = []func(*pair) *call{
			s.deposit, s.withdraw, s.close, s.coop, s.resolve, s.settle, s.settlePartial, s.punish,
		}
	}
	c := pick(s, fit...)(p)
	c.pair, c.token = p, p.p.Token
	c.parties = append(c.parties, p.p.PayA, p.p.PayB)
	return c
}

// spoilt is what an attacker makes of a signature.
func (s *scene) spoilt(sig evm.Sig, digest [32]byte) evm.Sig {
	switch s.r.IntN(6) {
	case 0:
		return evm.Sig{}
	case 1:
		sig[s.r.IntN(64)] ^= 1 << s.r.IntN(8)
	case 2:
		sig[32] ^= 0x80
	case 3:
		return newKey("stranger", 0).sign(digest)
	case 4: // the other s of the same signature
		var high evm.Amount
		high.SetBytes(sig[32:])
		high.And(&high, new(evm.Amount).Sub(new(evm.Amount).Lsh(uint256.NewInt(1), 255), uint256.NewInt(1)))
		high.Sub(uint256.MustFromBig(crypto.S256().Params().N), &high)
		word := high.Bytes32()
		copy(sig[32:], word[:])
	case 5:
		copy(sig[:32], sig[32:])
	}
	return sig
}

// signatures are both sides', one of them spoilt now and then.
func (s *scene) signatures(p *pair, digest [32]byte) (a, b evm.Sig) {
	a, b = p.sides[0].sign(digest), p.sides[1].sign(digest)
	switch s.r.IntN(30) {
	case 0:
		a = s.spoilt(a, digest)
	case 1:
		b = s.spoilt(b, digest)
	case 2:
		a, b = b, a
	}
	return a, b
}
