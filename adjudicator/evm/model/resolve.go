package model

import (
	"crypto/sha256"
	"slices"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// Resolve decides locks: those claimed by their preimage before they expire, and refunds those past
// their expiry.
func (w *World) Resolve(p evm.Params, packed, packedClaims []byte) ([]evm.Event, error) {
	return w.transact(func() error {
		id, c, err := w.channelIn(p, evm.PhaseClosing)
		if err != nil {
			return err
		}
		if string(packed) != c.locks {
			return evm.ErrLocksDiffer
		}
		locks, _ := evm.UnpackLocks(packed) // Close took them
		claims, err := evm.UnpackClaims(packedClaims)
		if err != nil {
			return evm.ErrWrongClaims
		}
		taken, err := w.claim(&c, locks, claims)
		if err != nil {
			return err
		}
		refunds := w.refund(&c, locks, claims)
		w.channels[id] = c
		w.emit(evm.Resolved{ID: id, Claims: taken, Refunds: refunds})
		return nil
	})
}

// claim decides locks by preimage. One that is decided already or claimed too late is passed by.
func (w *World) claim(c *channel, locks []evm.Lock, claims []evm.Claim) (taken []evm.Claim, err error) {
	for i, claim := range claims {
		index := int(claim.Index)
		if index >= len(locks) || i > 0 && claim.Index <= claims[i-1].Index {
			return nil, evm.ErrWrongClaims
		}
		lock := locks[index]
		if sha256.Sum256(claim.Preimage[:]) != lock.Hash {
			return nil, evm.ErrWrongPreimage(uint64(index))
		}
		if c.IsDecided(index) || w.Time >= lock.Expiry {
			continue
		}
		c.decide(index, lock, lock.Side)
		taken = append(taken, claim)
	}
	return taken, nil
}

// refund decides every lock that is past its expiry, but for those that this call claims.
func (w *World) refund(c *channel, locks []evm.Lock, claims []evm.Claim) (refunds []uint16) {
	for index, lock := range locks {
		named := slices.ContainsFunc(claims, func(claim evm.Claim) bool { return int(claim.Index) == index })
		if named || c.IsDecided(index) || w.Time < lock.Expiry {
			continue
		}
		c.decide(index, lock, 1-lock.Side)
		refunds = append(refunds, uint16(index))
	}
	return refunds
}

// decide gives a lock's amount to a side, once and for all.
func (c *channel) decide(index int, lock evm.Lock, to uint8) {
	c.Decided[index/256][index%256/64] |= 1 << (index % 64)
	c.Undecided--
	if to == c.Holder {
		c.ToHolder = sum(c.ToHolder, lock.Amount)
	}
}
