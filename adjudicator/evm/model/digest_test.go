package model_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
	"github.com/lightningnetwork/lnd/lnwire"
	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/eip712"
)

// signed is a channel of the core, open in the EVM: what htlc/eip712 hashes, the contract must too.
type signed struct {
	t      *testing.T
	r      *rand.Rand
	m      *machine
	format eip712.Format
	core   *htlc.Params
	p      evm.Params
	keys   [2]*key // of A, of B

	deposited, withdrawn [2]htlc.Sat // by htlc.Side
}

func toPublic(k *key) *btcec.PublicKey {
	_, public := btcec.PrivKeyFromBytes(crypto.FromECDSA(k.private))
	return public
}

func openSigned(t *testing.T, r *rand.Rand, m *machine, chainID uint64) *signed {
	s := &signed{t: t, r: r, m: m, format: eip712.Format{
		ChainID: chainID, Contract: m.contract, Token: honest, Decimals: uint8(r.IntN(eip712.MaxDecimals + 1)),
	}}
	s.keys[0], s.keys[1] = keys[r.IntN(2)], keys[2+r.IntN(2)]
	s.core = &htlc.Params{
		Opener: htlc.Side(r.IntN(2)), Capacity: htlc.Sat(1_000 + r.Int64N(9_000_000_000_000_000)), Nonce: r.Uint64(),
	}
	for i, side := range []htlc.Side{s.core.Opener, s.core.Opener.Other()} {
		terms := &s.core.Terms[side]
		terms.Funding = toPublic(s.keys[i])
		terms.ToSelfDelay = uint16(r.Uint32())
		terms.CloseScript = append([]byte{0, 20}, s.keys[1-i].address[:]...)
	}
	on, err := s.format.Channel(s.core)
	require.NoError(t, err)
	s.p = evm.Params{
		A: on.A, B: on.B, PayA: on.PayA, PayB: on.PayB, Token: on.Token, Delay: on.Delay, Nonce: on.Nonce,
	}
	s.core.ID = lnwire.ChannelID(s.format.ID(on))
	require.Equal(t, s.p.ID(chainID, m.contract), [32]byte(s.core.ID))
	require.Equal(t, s.core.ID[:], m.view(t, contract.PackChannelId(evmParams(s.p))), "the contract's channelId")
	opener, other := s.core.Opener, s.core.Opener.Other()
	s.deposited[opener] = s.core.Capacity
	if r.IntN(2) == 0 {
		s.deposited[other] = htlc.Sat(1 + r.Int64N(100_000))
	}
	for side, amount := range s.bySide(s.deposited) {
		if !amount.IsZero() {
			s.succeeds(rich, evm.PackDeposit(s.p, uint8(side), amount))
		}
	}
	if r.IntN(2) == 0 {
		s.withdraw()
	}
	return s
}

// bySide are whole units, by htlc.Side, as A's and B's base units.
func (s *signed) bySide(of [2]htlc.Sat) [2]evm.Amount {
	a, b := s.core.Opener, s.core.Opener.Other()
	return [2]evm.Amount{s.units(htlc.MilliSat(of[a]) * 1000), s.units(htlc.MilliSat(of[b]) * 1000)}
}

// left is what was put in and not taken out.
func (s *signed) left() htlc.MilliSat {
	return htlc.MilliSat(s.deposited[0]+s.deposited[1]-s.withdrawn[0]-s.withdrawn[1]) * 1000
}

// withdraw takes money out by the signatures of both over htlc/eip712's digest.
func (s *signed) withdraw() {
	for side := range s.withdrawn {
		s.withdrawn[side] = htlc.Sat(s.r.Int64N(int64(s.core.Capacity) / 3))
	}
	digest, err := s.format.WithdrawDigest(s.core, s.withdrawn)
	require.NoError(s.t, err)
	totals := s.bySide(s.withdrawn)
	require.Equal(s.t, evm.Withdrawn{ID: [32]byte(s.core.ID), TotalA: totals[0], TotalB: totals[1]},
		s.succeeds(rich, evm.PackWithdraw(s.p, totals[0], totals[1],
			s.keys[0].sign(digest.Hash), s.keys[1].sign(digest.Hash)))[0])
}

// units is the design's rule: floor(m * 10^max(0, decimals-6) / 1000).
func (s *signed) units(m htlc.MilliSat) evm.Amount {
	scale := new(evm.Amount).Exp(uint256.NewInt(10), uint256.NewInt(uint64(max(s.format.Decimals, 6)-6)))
	scale.Mul(scale, uint256.NewInt(uint64(m)))
	return *scale.Div(scale, uint256.NewInt(1000))
}

func (s *signed) succeeds(sender common.Address, data []byte) []evm.Event {
	s.t.Helper()
	o := s.m.call(sender, evm.Amount{}, data, gasLimit, true)
	require.NoError(s.t, o.err)
	var events []evm.Event
	for _, log := range o.logs {
		e, err := evm.UnpackEvent(log)
		require.NoError(s.t, err)
		events = append(events, e)
	}
	return events
}

// random is a state with n HTLCs, of which some are too small to be locks.
func (s *signed) random(n int) *htlc.Commitment {
	c := &htlc.Commitment{
		Holder: htlc.Side(s.r.IntN(2)), Number: s.r.Uint64N(1 << 48), Point: toPublic(newKey("secret", s.r.IntN(8))),
	}
	c.Deposited, c.Withdrawn = s.deposited, s.withdrawn
	left := s.left()
	for i := range n {
		h := &htlc.HTLC{
			Offerer: htlc.Side(s.r.IntN(2)), ID: uint64(i), Amount: htlc.MilliSat(s.r.Uint64N(uint64(left)/uint64(2*n) + 1)),
			Hash: sha256.Sum256([]byte(fmt.Sprint(i))), Expiry: 500_000_000 + s.r.Uint32N(3_000_000_000),
		}
		left -= h.Amount
		c.HTLCs = append(c.HTLCs, h)
	}
	s.r.Shuffle(n, func(i, j int) { c.HTLCs[i], c.HTLCs[j] = c.HTLCs[j], c.HTLCs[i] })
	c.Balance[0] = htlc.MilliSat(s.r.Uint64N(uint64(left) + 1))
	c.Balance[1] = left - c.Balance[0]
	return c
}

// close posts a state by the signatures of both over the one digest of htlc/eip712.
func (s *signed) close(c *htlc.Commitment) {
	digests, err := s.format.Digests(s.core, c)
	require.NoError(s.t, err)
	require.Len(s.t, digests, 1)
	words, err := s.format.State(s.core, c)
	require.NoError(s.t, err)
	state := fromWords(words)
	holder := s.keys[state.Holder]
	peer := s.keys[1-state.Holder]
	require.Equal(s.t, s.core.Opener == c.Holder, state.Holder == evm.SideA)
	events := s.succeeds(rich, evm.PackClose(s.p, state, s.format.Locks(s.core, c),
		peer.sign(digests[0].Hash), holder.sign(digests[0].Hash)))
	require.Equal(s.t, c.Number, events[0].(evm.Closing).N)
}

// fromWords reads what eip712.Format.State gives.
func fromWords(w []byte) (c evm.Commitment) {
	at := func(i int) (a evm.Amount) { return *a.SetBytes(w[32*i : 32*i+32]) }
	n := at(2)
	return evm.Commitment{
		Holder: w[63], N: n.Uint64(), ToA: at(3), ToB: at(4), AccA: at(5), AccB: at(6), OutA: at(7), OutB: at(8),
		Rev: common.BytesToAddress(w[9*32 : 10*32]),
	}
}

// The contract takes signatures over htlc/eip712's digests, so it hashes the same.
func TestDigestsOfTheCoreAreTheContracts(t *testing.T) {
	const seed, rounds = 1, 1500
	r := rand.New(rand.NewPCG(seed, 0))
	var m *machine
	for round := range rounds {
		if round%100 == 0 {
			m = calmMachine(t, 1+r.Uint64N(1<<40))
		}
		s := openSigned(t, r, m, m.vm.ChainConfig().ChainID.Uint64())
		n := []int{0, 1, 2, 5, 30, 31}[r.IntN(6)]
		if round%50 == 0 {
			n = []int{483, 966}[r.IntN(2)]
		}
		switch round % 3 {
		case 0, 1:
			c := s.random(n)
			s.close(c)
			if round%3 == 1 {
				s.punish(c)
			}
		case 2:
			s.coop()
		}
	}
}

// calmMachine has a token that does as it should, and money.
func calmMachine(t testing.TB, chainID uint64) *machine {
	calm := &mood{answer: answers[0]}
	h := [2]*half{{}, {}}
	m, _ := newWorlds(t, chainID, [3]*mood{calm, calm, calm}, calm, h)
	return m
}

func (s *signed) coop() {
	c := &htlc.Close{Balance: s.random(0).Balance, Deposited: s.deposited, Withdrawn: s.withdrawn}
	digest, err := s.format.CloseDigest(s.core, c)
	require.NoError(s.t, err)
	acc, out := s.bySide(s.deposited), s.bySide(s.withdrawn)
	total, paidB := s.units(s.left()), s.units(c.Balance[s.core.Opener.Other()])
	x := evm.Cooperation{
		A: sub(total, paidB), B: paidB, AccA: acc[0], AccB: acc[1], OutA: out[0], OutB: out[1],
	}
	a, b := s.keys[0].sign(digest.Hash), s.keys[1].sign(digest.Hash)
	require.Equal(s.t, []evm.Event{evm.Cooperated{ID: [32]byte(s.core.ID), PaidA: x.A, PaidB: x.B}},
		s.succeeds(rich, evm.PackCoop(s.p, x, a, b)))
}

// punish takes all, less what the grant of htlc/eip712 gives the tower.
func (s *signed) punish(c *htlc.Commitment) {
	posted, err := evm.UnpackChannel(s.m.view(s.t, evm.PackChannel([32]byte(s.core.ID))))
	require.NoError(s.t, err)
	bounty := evm.Amount{s.r.Uint64(), s.r.Uint64() >> 20}
	word := bounty.Bytes32()
	core := *s.core
	core.Terms[htlc.Local] = s.core.Terms[c.Holder.Other()] // as the victim sees it
	digest := s.format.GrantDigest(&core, nobody, [16]byte(word[16:]))
	grant := s.keys[1-posted.Holder].sign(digest.Hash)
	for _, known := range secrets {
		if known.rev != posted.Rev {
			continue
		}
		events := s.succeeds(poor, evm.PackPunish(s.p, known.value, nobody, bounty, grant))
		bounty = minimum(bounty, posted.Cap)
		require.Equal(s.t, evm.Punished{
			ID: [32]byte(s.core.ID), Tower: nobody, Bounty: bounty, Paid: sub(posted.Left, bounty),
		}, events[0])
		return
	}
	s.t.Fatalf("nobody knows the secret of %v", posted.Rev)
}

// A claim of what is owed is signed over htlc/eip712's digest too.
func TestOwedClaimsOfTheCoreAreTheContracts(t *testing.T) {
	const seed = 2
	r := rand.New(rand.NewPCG(seed, 0))
	refusing, quiet := &mood{}, &mood{}
	m, w := newWorlds(t, 77, [3]*mood{quiet, quiet, refusing}, quiet, [2]*half{{}, {}})
	format := eip712.Format{ChainID: 77, Contract: m.contract}
	for nonce := range uint64(50) {
		refusing.answer = answers[0]
		p := evm.Params{A: keys[0].address, B: keys[1].address, PayA: keys[2].address, Token: hostile, Nonce: nonce}
		id := p.ID(77, m.contract)
		amount := evm.Amount{1 + r.Uint64()>>1}
		require.NoError(t, m.call(rich, evm.Amount{}, evm.PackDeposit(p, evm.SideA, amount), gasLimit, true).err)
		x := evm.Cooperation{A: amount, AccA: amount}
		digest := w.CoopDigest(id, x)
		refusing.answer = answer{fails: true}
		require.NoError(t, m.call(rich, evm.Amount{}, evm.PackCoop(p, x, keys[0].sign(digest), keys[1].sign(digest)), gasLimit, true).err)
		refusing.answer = answers[0]
		claim := format.OwedClaimDigest(hostile, keys[2].address, nobody, nonce)
		o := m.call(poor, evm.Amount{}, evm.PackClaimOwed(hostile, keys[2].address, nobody, keys[2].sign(claim)), gasLimit, true)
		require.NoError(t, o.err, "nonce %d", nonce)
	}
}
