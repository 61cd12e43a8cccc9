package model

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// maxLocks is twice BOLT 2's largest max_accepted_htlcs.
const maxLocks = 2 * 483

// Close starts the one contest period with a state, in its holder's name.
func (w *World) Close(p evm.Params, s evm.Commitment, packed []byte, peerSig, holderSig evm.Sig) ([]evm.Event, error) {
	return w.transact(func() error {
		id, c, err := w.channelIn(p, evm.PhaseOpen)
		if err != nil {
			return err
		}
		if s.Holder > evm.SideB {
			return evm.ErrWrongSide
		}
		locks, err := evm.UnpackLocks(packed)
		if err != nil || len(locks) > maxLocks {
			return evm.ErrWrongLocks
		}
		var locked Amount
		for _, l := range locks {
			locked = sum(locked, l.Amount)
		}
		surplusA, surplusB, err := c.account(sum(s.ToA, s.ToB, locked), s.AccA, s.AccB, s.OutA, s.OutB)
		if err != nil {
			return err
		}
		locksHash := crypto.Keccak256Hash(packed)
		digest := w.CommitmentDigest(id, s, locked, locksHash)
		holder, peer := p.A, p.B
		if s.Holder == evm.SideB {
			holder, peer = p.B, p.A
		}
		if !signed(digest, peerSig, peer) || !signed(digest, holderSig, holder) {
			return evm.ErrWrongSignature
		}
		toA, toB := sum(s.ToA, surplusA), sum(s.ToB, surplusB)
		closing := channel{locks: string(packed), Channel: evm.Channel{
			Phase: evm.PhaseClosing, Holder: s.Holder, Rev: s.Rev, Deadline: w.Time + uint64(p.Delay),
			ToHolder: toA, Left: sum(toA, toB, locked), LocksHash: locksHash, Undecided: uint16(len(locks)),
		}}
		if s.Holder == evm.SideB {
			closing.ToHolder = toB
		}
		closing.Cap = wholeShares(closing.ToHolder, closing.Left)
		w.channels[id] = closing
		w.emit(evm.Closing{
			ID: id, Holder: s.Holder, N: s.N, Rev: s.Rev, Deadline: closing.Deadline, ToA: toA, ToB: toB,
		})
		return nil
	})
}

// wholeShares is an amount rounded down to what the contract counts a bounty's cap in: 2^-49 of what is
// left, and a base unit.
func wholeShares(amount, left Amount) Amount {
	share := sum(*left.Rsh(&left, 49), *uint256.NewInt(1))
	var rest Amount
	rest.Mod(&amount, &share)
	return minus(amount, rest)
}

// decided is what a closing channel can pay now. All that is left and not in an undecided lock is the
// holder's or its peer's.
func (c *channel) decided() (toA, toB Amount) {
	var locked Amount
	locks, _ := evm.UnpackLocks([]byte(c.locks)) // Close took them
	for index, lock := range locks {
		if !c.IsDecided(index) {
			locked = sum(locked, lock.Amount)
		}
	}
	holders, peers := c.ToHolder, minus(c.Left, sum(c.ToHolder, locked))
	if c.Holder == evm.SideB {
		return peers, holders
	}
	return holders, peers
}

// Settle pays both sides when the contest period is over and every lock is decided.
func (w *World) Settle(p evm.Params) ([]evm.Event, error) {
	return w.transact(func() error {
		id, c, err := w.channelIn(p, evm.PhaseClosing)
		switch {
		case err != nil:
			return err
		case w.Time < c.Deadline:
			return evm.ErrTooEarly
		case c.Undecided != 0:
			return evm.ErrUndecided
		}
		toA, toB := c.decided()
		w.end(id)
		w.emit(evm.Settled{ID: id, PaidA: toA, PaidB: toB, Ended: true})
		w.push(p.Token, p.PayA, toA)
		w.push(p.Token, p.PayB, toB)
		return nil
	})
}

// SettlePartial pays what is decided when the contest period is over, and leaves undecided locks.
func (w *World) SettlePartial(p evm.Params, packed []byte) ([]evm.Event, error) {
	return w.transact(func() error {
		id, c, err := w.channelIn(p, evm.PhaseClosing)
		switch {
		case err != nil:
			return err
		case w.Time < c.Deadline:
			return evm.ErrTooEarly
		case string(packed) != c.locks:
			return evm.ErrLocksDiffer
		}
		toA, toB := c.decided()
		ended := c.Undecided == 0
		c.Left = minus(c.Left, sum(toA, toB))
		c.ToHolder, c.Cap, c.Partly = Amount{}, Amount{}, true
		w.channels[id] = c
		if ended {
			w.end(id)
		}
		w.emit(evm.Settled{ID: id, PaidA: toA, PaidB: toB, Ended: ended})
		w.push(p.Token, p.PayA, toA)
		w.push(p.Token, p.PayB, toB)
		return nil
	})
}

// Punish gives the victim of a revoked state all that is left, less the bounty of the tower that it
// granted one (rule 5).
func (w *World) Punish(p evm.Params, secret [32]byte, tower common.Address, bounty Amount, grant evm.Sig) ([]evm.Event, error) {
	return w.transact(func() error {
		id, c, err := w.channelIn(p, evm.PhaseClosing)
		if err != nil {
			return err
		}
		victim, pay := p.B, p.PayB
		if c.Holder == evm.SideB {
			victim, pay = p.A, p.PayA
		}
		if !opens(secret, c.Rev) {
			return evm.ErrWrongSecret
		}
		if !signed(w.GrantDigest(id, tower, bounty), grant, victim) {
			return evm.ErrWrongSignature
		}
		bounty = minimum(bounty, c.Cap)
		paid := minus(c.Left, bounty)
		w.end(id)
		w.emit(evm.Punished{ID: id, Tower: tower, Bounty: bounty, Paid: paid})
		w.push(p.Token, tower, bounty)
		w.push(p.Token, pay, paid)
		return nil
	})
}
