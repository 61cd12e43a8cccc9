package model_test

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// randomLocks are of a random part of an amount, and the preimages that open them.
func (s *scene) randomLocks(total evm.Amount) (locks []evm.Lock, preimages [][32]byte, locked evm.Amount) {
	n := pick(s, 0, 0, 1, 1, 2, 3, 5, 30, 31)
	if s.oneIn(100) {
		n = pick(s, 100, 256, 257, 966, 967)
	}
	for range n {
		var preimage [32]byte
		if !s.oneIn(8) {
			binary.BigEndian.PutUint64(preimage[:], s.r.Uint64())
		}
		l := evm.Lock{
			Hash: sha256.Sum256(preimage[:]), Side: uint8(s.r.IntN(2)),
			Expiry: s.w.Time - 50 + s.r.Uint64N(2000),
			Amount: s.upTo(*new(evm.Amount).Rsh(&total, uint(s.r.IntN(5)))),
		}
		if s.oneIn(20) {
			l.Expiry = pick(s, 0, s.w.Time, s.w.Time+1, 1<<48-1)
		}
		total, locked = sub(total, l.Amount), add(locked, l.Amount)
		locks, preimages = append(locks, l), append(preimages, preimage)
	}
	return locks, preimages, locked
}

// spoilLocks makes of packed locks what the contract must not take.
func (s *scene) spoilLocks(packed []byte) []byte {
	n := len(packed) / 64
	switch {
	case n == 0 || s.oneIn(3):
		return append(packed, make([]byte, 1+s.r.IntN(63))...)
	case s.oneIn(2):
		packed[64*s.r.IntN(n)+54] = uint8(2 + s.r.IntN(254))
	default:
		packed[64*s.r.IntN(n)+55+s.r.IntN(9)] |= 1 << s.r.IntN(8)
	}
	return packed
}

func (s *scene) close(p *pair) *call {
	x := evm.Commitment{Holder: uint8(s.r.IntN(2)), N: s.r.Uint64N(1 << 48), Rev: p.secret.rev}
	if s.oneIn(40) {
		x.Rev = common.Address{}
	}
	var total evm.Amount
	x.AccA, x.AccB, x.OutA, x.OutB, total = s.accounted(p)
	locks, preimages, locked := s.randomLocks(total)
	packed := evm.PackLocks(locks)
	total = sub(total, locked)
	x.ToA = s.upTo(total)
	x.ToB = sub(total, x.ToA)
	s.collude(p, &x.ToA, &x.ToB, &x.AccA, &x.AccB, &x.OutA, &x.OutB)
	if s.oneIn(25) {
		packed = s.spoilLocks(packed)
	}
	if s.oneIn(30) {
		x.Holder = uint8(2 + s.r.IntN(254))
	}
	digest := s.w.CommitmentDigest(p.id, x, locked, crypto.Keccak256Hash(packed))
	a, b := s.signatures(p, digest)
	switch s.r.IntN(40) {
	case 0:
		x.N++
	case 1:
		x.Holder ^= 1
	}
	peerSig, holderSig := b, a
	if x.Holder == evm.SideB {
		peerSig, holderSig = a, b
	}
	c := closeCall(p.p, x, packed, peerSig, holderSig)
	c.done = func() { p.packed, p.locks, p.preimages = packed, locks, preimages }
	return c
}

func (s *scene) resolve(p *pair) *call {
	c := s.w.Channel(p.id)
	var claims []evm.Claim
	for i, l := range p.locks {
		undecided := !c.IsDecided(i) && s.w.Time < l.Expiry
		if undecided && s.oneIn(2) || s.oneIn(60) {
			claims = append(claims, evm.Claim{Index: uint16(i), Preimage: p.preimages[i]})
		}
	}
	switch n := len(claims); {
	case s.oneIn(20):
		claims = append(claims, evm.Claim{Index: uint16(len(p.locks) + s.r.IntN(3))})
	case n > 0 && s.oneIn(20):
		claims[s.r.IntN(n)].Preimage[31]++
	case n > 1 && s.oneIn(20):
		claims[0], claims[n-1] = claims[n-1], claims[0]
	case n > 0 && s.oneIn(20):
		claims = append(claims, claims[n-1])
	}
	packed, packedClaims := p.packed, evm.PackClaims(claims)
	if s.oneIn(25) {
		packedClaims = append(packedClaims, make([]byte, 1+s.r.IntN(33))...)
	}
	return resolveCall(p.p, s.differing(packed), packedClaims)
}

// differing are locks that are not those of the posted state, now and then.
func (s *scene) differing(packed []byte) []byte {
	if !s.oneIn(15) {
		return packed
	}
	out := append([]byte(nil), packed...)
	if len(out) == 0 || s.oneIn(3) {
		return append(out, make([]byte, 64)...)
	}
	if s.oneIn(3) {
		return out[:max(0, len(out)-64)]
	}
	out[s.r.IntN(len(out))] ^= 1
	return out
}

// over lets the contest period of a channel end, most often.
func (s *scene) over(p *pair) {
	if deadline := s.w.Channel(p.id).Deadline; !s.oneIn(4) && deadline > 0 {
		s.until(deadline)
	}
}

func (s *scene) settle(p *pair) *call {
	s.over(p)
	return settleCall(p.p)
}

func (s *scene) settlePartial(p *pair) *call {
	s.over(p)
	return settlePartialCall(p.p, s.differing(p.packed))
}

func (s *scene) punish(p *pair) *call {
	value, tower, bounty := p.secret.value, pick(s, s.people...), s.some()
	switch s.r.IntN(10) {
	case 0:
		value = pick(s, secrets...).value
	case 1:
		value = [32]byte{}
	case 2: // another that is the same modulo the curve's order: too large for 32 bytes, or not
		var n evm.Amount
		n.SetBytes(value[:])
		n.Add(&n, uint256.MustFromBig(crypto.S256().Params().N))
		value = n.Bytes32()
	case 3:
		bounty = evm.Amount{}
	case 4, 5, 6: // all that can be had
		bounty = sub(*new(evm.Amount).Lsh(uint256.NewInt(1), 128), num(1))
	}
	victim := p.sides[1-s.w.Channel(p.id).Holder&1]
	digest := s.w.GrantDigest(p.id, tower, bounty)
	grant := victim.sign(digest)
	switch s.r.IntN(16) {
	case 0:
		grant = s.spoilt(grant, digest)
	case 1:
		grant = p.sides[s.w.Channel(p.id).Holder&1].sign(digest) // the cheater's own
	case 2:
		bounty = add(bounty, num(1))
	}
	c := punishCall(p.p, value, tower, bounty, grant)
	c.parties = []common.Address{tower}
	return c
}
