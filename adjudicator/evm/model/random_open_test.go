package model_test

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/nichework/nwnd/adjudicator/evm"
)

func (s *scene) deposit(p *pair) *call {
	amount, side := s.some(), uint8(s.r.IntN(2))
	switch s.r.IntN(20) {
	case 0:
		amount = num(s.r.Uint64N(2))
	case 1:
		side = uint8(2 + s.r.IntN(254))
	case 2:
		amount.Lsh(uint256.NewInt(1), 120)
	case 3: // to the brim
		c := s.w.Channel(p.id)
		amount = sub(sub(*new(evm.Amount).Lsh(uint256.NewInt(1), 120), add(c.DepA, c.DepB)), num(s.r.Uint64N(2)))
	}
	value := evm.Amount{}
	if p.p.Token == coin {
		value = amount
	}
	if s.oneIn(25) {
		value = add(value, num(s.r.Uint64N(3)))
	}
	c := depositCall(p.p, side, amount, value)
	c.sender = pick(s, withMoney...)
	if value.IsZero() && s.oneIn(20) {
		c.sender = poor
	}
	return c
}

func (s *scene) withdraw(p *pair) *call {
	c := s.w.Channel(p.id)
	all := add(c.DepA, c.DepB)
	free := evm.Amount{}
	if c.Phase == evm.PhaseOpen {
		free = sub(sub(all, c.WithdrawnA), c.WithdrawnB)
	}
	if !s.oneIn(3) {
		free.Rsh(&free, 3)
	}
	moreA := s.upTo(free)
	totalA, totalB := add(c.WithdrawnA, moreA), add(c.WithdrawnB, s.upTo(sub(free, moreA)))
	switch s.r.IntN(14) {
	case 0:
		totalA = s.below(add(c.WithdrawnA, num(1)))
	case 1:
		totalB = s.below(add(c.WithdrawnB, num(1)))
	case 2:
		totalA = add(sub(add(all, num(1)), minimum(all, totalB)), s.some())
	case 3:
		totalB = sub(*new(evm.Amount).Lsh(uint256.NewInt(1), 128), num(1))
	}
	a, b := s.signatures(p, s.w.WithdrawDigest(p.id, totalA, totalB))
	return withdrawCall(p.p, totalA, totalB, a, b)
}

func minimum(a, b evm.Amount) evm.Amount {
	if a.Lt(&b) {
		return a
	}
	return b
}

// accounted is what a state of a channel accounts for: most often all that there is.
func (s *scene) accounted(p *pair) (accA, accB, outA, outB, total evm.Amount) {
	c := s.w.Channel(p.id)
	accA, accB, outA, outB = c.DepA, c.DepB, c.WithdrawnA, c.WithdrawnB
	if s.oneIn(3) {
		accA, accB = s.upTo(accA), s.upTo(accB)
	}
	if s.oneIn(3) {
		outA = add(outA, s.upTo(*new(evm.Amount).Rsh(&accA, 2)))
		outB = add(outB, s.upTo(*new(evm.Amount).Rsh(&accB, 2)))
	}
	in, out := add(accA, accB), add(outA, outB)
	if in.Lt(&out) {
		accA, accB, outA, outB = c.DepA, c.DepB, c.WithdrawnA, c.WithdrawnB
		in, out = add(accA, accB), add(outA, outB)
	}
	return accA, accB, outA, outB, sub(in, out)
}

// collude makes of a state what two cheaters may sign together to get at others' money.
func (s *scene) collude(p *pair, toA, toB, accA, accB, outA, outB *evm.Amount) {
	c := s.w.Channel(p.id)
	x := add(s.some(), num(1))
	switch s.r.IntN(24) {
	case 0:
		*toA = add(*toA, num(1))
	case 1:
		*toB = add(*toB, x)
	case 2:
		*accA, *toA = add(c.DepA, x), add(*toA, add(sub(c.DepA, minimum(*accA, c.DepA)), x))
	case 3:
		*accB, *toB = add(c.DepB, x), add(*toB, add(sub(c.DepB, minimum(*accB, c.DepB)), x))
	case 4: // forgets a withdrawal
		*toA, *outA = add(*toA, *outA), evm.Amount{}
	case 5:
		*toB, *outB = add(*toB, *outB), evm.Amount{}
	case 6: // sums that wrap
		*toA = sub(*new(evm.Amount).Lsh(uint256.NewInt(1), 128), num(1))
		*accA = *toA
	}
}

func (s *scene) coop(p *pair) *call {
	var x evm.Cooperation
	var total evm.Amount
	x.AccA, x.AccB, x.OutA, x.OutB, total = s.accounted(p)
	x.A = s.upTo(total)
	x.B = sub(total, x.A)
	s.collude(p, &x.A, &x.B, &x.AccA, &x.AccB, &x.OutA, &x.OutB)
	a, b := s.signatures(p, s.w.CoopDigest(p.id, x))
	return coopCall(p.p, x, a, b)
}

func (s *scene) claimOwed() *call {
	tokens := []common.Address{coin, hostile}
	token, who, to := pick(s, tokens...), pick(s, s.people...), pick(s, s.people...)
	var owing []common.Address
	for _, p := range s.people {
		if owed := s.w.Owed(token, p); !owed.IsZero() {
			owing = append(owing, p)
		}
	}
	if len(owing) > 0 && !s.oneIn(8) {
		who = pick(s, owing...)
	}
	var sig evm.Sig
	sender := who
	for _, k := range keys {
		if k.address != who || s.oneIn(3) {
			continue
		}
		nonce := s.w.OwedNonce(who)
		if s.oneIn(8) {
			nonce--
		}
		digest := s.w.OwedDigest(token, who, to, nonce)
		sig, sender = k.sign(digest), pick(s, rich, poor, to)
		if s.oneIn(8) {
			sig = s.spoilt(sig, digest)
		}
	}
	if s.oneIn(12) {
		sender = nobody
	}
	c := claimOwedCall(token, who, to, sig)
	c.sender, c.token, c.parties = sender, token, []common.Address{who, to, sender}
	return c
}
